package web

import (
	"html"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"rehearse/bank"
	"rehearse/locale"
	"rehearse/quiz"
	"rehearse/store"
	"rehearse/views"
)

// verdictView shows a position that takes no response any more: what was answered, and, once it may be known, what is
// right and why.
func (s *site) verdictView(l *locale.Language, tx *store.Tx, u store.User, at *store.Attempt, place int, frame views.QuizFrame) (views.VerdictView, error) {
	item, entry := at.Items[place], at.Entries[place]
	layout, err := at.Layout(place)
	if err != nil {
		return views.VerdictView{}, err
	}
	v := views.VerdictView{QuizFrame: frame, Question: s.questionView(l, entry, layout, nil), Outcome: "skipped"}
	v.Next = s.nextAfterVerdict(at, place, frame)
	if v.Kept, err = s.keptView(l, tx, u, entry, s.links.QuizItem(at.Slug, place+1)); err != nil {
		return views.VerdictView{}, err
	}
	if !at.Reveal(place, tx.Time()) {
		v.Outcome, v.Kept.Folded = "saved", true
		s.savedResponse(&v, item, layout)
		return v, nil
	}
	q := item.Key()
	v.Corrected = item.Corrected != nil
	response, result := quiz.Response{}, quiz.Score(q, quiz.Response{})
	if item.Result != nil {
		response, result = *item.Response, *item.Result
		v.Outcome = string(result.Verdict)
		v.Unsure = response.Unsure
		v.Surprise = item.Surprise()
	}
	v.Explanation, v.References, v.Executed = s.html(q.Explanation), s.html(q.References), s.executed(l, q)
	if q.Kind.Open() {
		v.Outcome = openOutcome(v.Outcome)
		v.Self = s.selfMarkView(l, q, response)
	} else {
		s.markedResponse(l, &v, q, layout, response, result)
	}
	if frame.Single && (v.Self == nil || v.Self.Marked != "") {
		v.Onward = s.afterOne(l, q)
	}
	v.CardNote, err = s.cardNote(l, tx, u, entry, item)
	return v, err
}

func openOutcome(outcome string) string {
	if outcome == "skipped" {
		return outcome
	}
	return "open"
}

// nextAfterVerdict returns the position, from 1, to which the page leads on; 0 when nothing is left. In a finished
// attempt one reads on in order, in a running one to what has no response yet.
func (s *site) nextAfterVerdict(at *store.Attempt, place int, frame views.QuizFrame) int {
	if frame.Finished {
		return frame.Next
	}
	if next, ok := nextOpen(at, place); ok {
		return next + 1
	}
	return 0
}

// afterOne offers what to do after a question on its own.
func (s *site) afterOne(l *locale.Language, q bank.Question) []views.Action {
	actions := []views.Action{{Label: l.T("Start a quiz"), URL: s.links.StartQuiz(), Post: true, Name: "quick", Value: "1", Focus: true}}
	if e, ok := s.catalog().Listed(q.ID); ok {
		if next := s.nextOfTopic(e.ID, e.Topic); next != "" {
			actions = append(actions, views.Action{Label: l.T("Another question"), URL: s.links.Question(next)})
		}
	}
	return append(actions, views.Action{Label: l.T("Review cards"), URL: s.links.Cards()})
}

// cardNote says when the question comes back as a card.
func (s *site) cardNote(l *locale.Language, tx *store.Tx, u store.User, e *store.Entry, item quiz.Item) (string, error) {
	if item.Result == nil {
		return "", nil
	}
	state, err := tx.State(u.ID, e.ID)
	if err != nil || len(state.Cards) == 0 {
		return "", err
	}
	cal, err := s.Practice.Calendar(u)
	if err != nil {
		return "", err
	}
	due := state.Cards[0].DueAt
	for _, c := range state.Cards {
		due = min(due, c.DueAt)
	}
	if at := time.UnixMilli(due); at.After(tx.Time()) {
		return l.F("Comes back as a card %s.", dueText(l, at, tx.Time(), cal)), nil
	}
	return l.T("Is due as a card now."), nil
}

// savedResponse repeats a response without a word about the key.
func (s *site) savedResponse(v *views.VerdictView, item quiz.Item, layout quiz.Layout) {
	r := item.Response
	v.Yours = r.Text
	chosen := map[string]bool{}
	for _, id := range r.Choices {
		chosen[id] = true
	}
	texts := optionTexts(layout)
	for _, o := range layout.Options {
		switch item.Question.Kind {
		case bank.Single, bank.Multiple:
			v.Choices = append(v.Choices, views.MarkedChoice{HTML: s.html(o.Text), Chosen: chosen[o.BankID]})
		case bank.Match:
			v.Rows = append(v.Rows, views.MarkedRow{Label: s.html(o.Text), Yours: s.html(texts[r.Pairs[o.BankID]])})
		}
	}
	if item.Question.Kind == bank.Order {
		for i, id := range r.Order {
			v.Rows = append(v.Rows, views.MarkedRow{Label: strconv.Itoa(i + 1), Yours: s.html(texts[id])})
		}
	}
	if item.Question.Kind == bank.Cloze {
		v.Pieces = s.markedPieces(*item.Question, func(i int, p *views.MarkedPiece) { p.Yours = r.Blanks[i] })
	}
}

// optionTexts returns what was shown, by the bank's ids.
func optionTexts(layout quiz.Layout) map[string]bank.Rich {
	texts := map[string]bank.Rich{}
	for _, o := range layout.Options {
		texts[o.BankID] = o.Text
	}
	for _, o := range layout.Right {
		texts[o.BankID] = o.Text
	}
	return texts
}

// markedResponse shows a response with what is right and why. Q may have another key than the question that was shown:
// the layout is of that.
func (s *site) markedResponse(l *locale.Language, v *views.VerdictView, q bank.Question, layout quiz.Layout, r quiz.Response, result quiz.Result) {
	texts := optionTexts(quiz.NewLayout(q, 0, 0))
	maps.Copy(texts, optionTexts(layout))
	switch q.Kind {
	case bank.Single, bank.Multiple:
		v.Choices = s.markedChoices(q, layout, r)
	case bank.Text, bank.Number:
		v.Yours, v.Accepted = r.Text, accepted(q)
		v.Feedback = html.EscapeString(l.F(result.Message.Format, result.Message.Args...))
		if result.Entry != nil && !result.Entry.Feedback.Empty() {
			v.Feedback = s.html(result.Entry.Feedback)
		}
	case bank.Output:
		v.Lines = linePairs(q.Output, r.Text, result)
		if result.Line != nil && v.Outcome == "wrong" {
			v.Remark = l.F("Line %d is the first that differs.", result.Line.Number)
		}
	case bank.SQL:
		v.SQL = s.sqlVerdict(l, q, r)
		v.Remark = sqlRemark(l, q, r, result)
	case bank.Order:
		for _, place := range result.Places {
			row := views.MarkedRow{Label: strconv.Itoa(place.Want), Right: s.html(texts[place.ID]), OK: place.Right}
			if place.Want <= len(r.Order) {
				row.Yours = s.html(texts[r.Order[place.Want-1]])
			}
			v.Rows = append(v.Rows, row)
		}
	case bank.Match:
		pairs := map[string]quiz.PairResult{}
		for _, pair := range result.Pairs {
			pairs[pair.Left] = pair
		}
		for _, left := range layout.Options { // as they were shown
			pair := pairs[left.BankID]
			v.Rows = append(v.Rows, views.MarkedRow{
				Label: s.html(left.Text), Yours: s.html(texts[pair.Got]), Right: s.html(texts[pair.Want]), OK: pair.Right,
			})
		}
	case bank.Cloze:
		v.Question.Pieces = nil
		v.Pieces = s.markedPieces(q, func(i int, p *views.MarkedPiece) {
			b := result.Blanks[i]
			p.Yours, p.Right, p.OK = b.Got, b.Want, b.Right
		})
	}
	if v.Outcome == "partial" {
		v.Remark = l.F("%d of %d parts right.", result.Right, result.Parts)
	}
}

// markedChoices lists the choices in the order in which they were shown, then right ones that were not among them: the
// key was corrected since.
func (s *site) markedChoices(q bank.Question, layout quiz.Layout, r quiz.Response) []views.MarkedChoice {
	choices := map[string]bank.Choice{}
	for _, c := range q.Choices {
		choices[c.ID] = c
	}
	var out []views.MarkedChoice
	for _, o := range layout.Options {
		c := choices[o.BankID]
		out = append(out, views.MarkedChoice{HTML: s.html(o.Text), Why: s.html(c.Why), Chosen: slices.Contains(r.Choices, o.BankID), Right: c.Right})
		delete(choices, o.BankID)
	}
	for _, c := range q.Choices {
		if _, missing := choices[c.ID]; missing && c.Right {
			out = append(out, views.MarkedChoice{HTML: s.html(c.Text), Why: s.html(c.Why), Right: true})
		}
	}
	return out
}

func (s *site) markedPieces(q bank.Question, fill func(i int, p *views.MarkedPiece)) []views.MarkedPiece {
	var pieces []views.MarkedPiece
	for _, part := range q.ClozeParts() {
		p := views.MarkedPiece{HTML: s.html(bank.Rich{HTML: part.HTML})}
		if part.Blank >= 0 {
			p = views.MarkedPiece{Blank: true}
			fill(part.Blank, &p)
		}
		pieces = append(pieces, p)
	}
	return pieces
}

// accepted returns what would have been right, without the patterns: they are for the program.
func accepted(q bank.Question) []string {
	var out []string
	for _, e := range q.Accept {
		switch {
		case e.Literal != "":
			out = append(out, e.Literal)
		case e.Range != nil && len(out) == 0: // the others say the same in other units
			out = append(out, e.Range.Text)
		}
	}
	return out
}

// linePairs sets the printed lines beside those expected.
func linePairs(want, got string, result quiz.Result) []views.LinePair {
	wanted := strings.Split(want, "\n")
	var given []string
	if got = bank.NormalOutput(got); got != "" {
		given = strings.Split(got, "\n")
	}
	var pairs []views.LinePair
	for i := range max(len(wanted), len(given)) {
		p := views.LinePair{Missing: i >= len(given), Extra: i >= len(wanted)}
		if !p.Missing {
			p.Yours = given[i]
		}
		if !p.Extra {
			p.Expected = wanted[i]
		}
		p.Differs = p.Missing || p.Extra || p.Yours != p.Expected
		p.First = result.Line != nil && result.Line.Number == i+1
		pairs = append(pairs, p)
	}
	return pairs
}

// selfMarkView sets a candidate's own answer beside the author's.
func (s *site) selfMarkView(l *locale.Language, q bank.Question, r quiz.Response) *views.SelfMarkView {
	v := &views.SelfMarkView{
		Own:         r.Text,
		StrongTitle: l.T("A strong answer"),
		Strong:      s.html(q.StrongAnswer),
		WhyAsked:    s.html(q.WhyAsked),
		RedFlags:    s.html(q.RedFlags),
		FollowUps:   s.html(q.FollowUps),
	}
	if q.Kind == bank.Card {
		v.StrongTitle, v.Strong = l.T("The answer"), s.html(q.Answer)
	}
	met := map[int]bool{}
	for _, i := range r.Marks {
		met[i] = true
	}
	for i, c := range q.Rubric {
		v.Criteria = append(v.Criteria, views.Criterion{ID: strconv.Itoa(i + 1), Points: c.Points, HTML: s.html(c.Text), Met: met[i]})
	}
	if r.Rating != 0 {
		v.Marked = l.F("You marked yourself: %s.", l.T(ratingWords[r.Rating-1].word))
		if points, all := quiz.RubricPoints(q, r.SelfMark); all > 0 {
			v.Marked = l.F("You gave yourself %d of %d points: %s.", points, all, l.T(ratingWords[r.Rating-1].word))
		}
		return v
	}
	for i, w := range ratingWords {
		v.Ratings = append(v.Ratings, views.Option{Value: strconv.Itoa(i + 1), Label: l.T(w.label)})
	}
	return v
}

// ratingWords name how well an open question was answered, worst first.
var ratingWords = [...]struct{ label, word string }{
	{said("Missed it"), said("missed it")},
	{said("Shaky"), said("shaky")},
	{said("Solid"), said("solid")},
	{said("Could teach it"), said("could teach it")},
}
