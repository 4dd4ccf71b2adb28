package web

import (
	"html"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"rehearse/bank"
	"rehearse/locale"
	"rehearse/practice"
	"rehearse/quiz"
	"rehearse/store"
	"rehearse/views"
)

// maxPrinted is how many questions a sheet holds.
const maxPrinted = 100

// sheet shows the questions that an address looks for as they are printed. The answers are there for who asks for them, on
// a page of their own.
func (s *site) sheet(c Ctx) error {
	u, what, answers := s.user(c), s.readSearch(c.QueryParams()), c.QueryParam("answers") != ""
	return s.view(c, http.StatusOK, "questions", said("Questions to print"), func(tx *store.Tx, p views.Page) (templ.Component, error) {
		found, err := s.Practice.Search(tx, u, what)
		if err != nil {
			return nil, err
		}
		if len(found.Questions) == 0 {
			return nil, practice.ErrNoQuestions
		}
		p.NoIndex = true
		kept, err := inExam(tx, u)
		if err != nil {
			return nil, err
		}
		answers := answers && !kept
		shown := found.Questions[:min(maxPrinted, len(found.Questions))]
		v := views.SheetView{
			Title:   p.L.T(s.selectionTitle(what)),
			Note:    p.L.N(len(shown), "%d question", "%d questions"),
			Back:    views.Action{Label: p.L.T("Back to the list"), URL: s.links.QuestionsFor(searchValues(what))},
			Answers: answers,
		}
		values := searchValues(what)
		if answers {
			v.Note = p.L.N(len(shown), "%d question, with the answer on the last page.", "%d questions, with the answers on pages of their own.")
			v.Other = views.Action{Label: p.L.T("Without the answers"), URL: s.links.PrintFor(values)}
		} else if kept {
			v.Note += " · " + p.L.T("with the answers once your exam is over")
		} else {
			values.Set("answers", "1")
			v.Other = views.Action{Label: p.L.T("With the answers"), URL: s.links.PrintFor(values)}
		}
		group, last := s.groupOf(what), ""
		for _, e := range shown { // in the same order of choices whenever it is printed
			whole, err := s.catalog().Whole(e)
			if err != nil {
				return nil, err
			}
			it := s.sheetItem(p.L, whole, quiz.NewLayout(whole.Question, uint64(e.RevisionID), 0), answers)
			if title := group[e.Head.ID]; title != last {
				it.Group, last = title, title
			}
			v.Items = append(v.Items, it)
		}
		return views.Sheet(p, v), nil
	})
}

// groupOf returns the headings of a set by question, when the questions of one set stand in its order.
func (s *site) groupOf(what practice.Search) map[string]string {
	group := map[string]string{}
	if len(what.Sets) != 1 || what.Words != "" {
		return group
	}
	set, _ := s.book().Set(what.Sets[0])
	for _, g := range slices.Backward(set.Groups) { // a question stands where it is named first
		for _, id := range g.Questions {
			group[id] = g.Title
		}
	}
	return group
}

// inExam reports whether a candidate is in the middle of an exam or a skill check, which keep their keys to the end.
func inExam(tx *store.Tx, u store.User) (bool, error) {
	running, err := tx.RunningAttempts(u.ID, tx.Now(), 1000)
	return slices.ContainsFunc(running, func(a store.AttemptLine) bool { return a.Mode.Holds() }), err
}

// sheetItem shows a question with a place for its answer.
func (s *site) sheetItem(l *locale.Language, e *store.Entry, layout quiz.Layout, answers bool) views.SheetItem {
	it := views.SheetItem{Question: s.questionView(l, e, layout, nil)}
	it.Stem = s.html(e.Stem) // of a cloze question, with its gaps
	switch e.Kind {
	case bank.Single, bank.Multiple, bank.Order, bank.Cloze:
	case bank.Match:
		it.Items = it.Lefts
		for _, r := range it.Question.Rights {
			it.Rights = append(it.Rights, r.HTML)
		}
	case bank.Text, bank.Number:
		it.Lines = 1
	case bank.SQL:
		it.Stem += s.html(e.Setups[0])
		it.Lines = writingLines
	default:
		it.Lines = writingLines
	}
	if answers {
		s.answerSheet(&it, e, layout)
	}
	return it
}

// writingLines is how many lines there are for a longer answer: the same for all, or their number would tell of the key.
const writingLines = 6

// answerSheet adds what the page of the answers says.
func (s *site) answerSheet(it *views.SheetItem, e *store.Entry, layout quiz.Layout) {
	back := s.cardAnswer(practice.Turn{Entry: e})
	it.Answers, it.Answer, it.Explanation = back.Answers, back.Answer, s.html(e.Explanation)
	switch e.Kind {
	case bank.Single, bank.Multiple:
		it.Answers = s.letteredAnswers(e, layout)
	case bank.Match:
		it.Answers = s.letteredPairs(e, layout)
	case bank.Order:
		for i := range it.Answers {
			it.Answers[i] = strconv.Itoa(i+1) + ". " + it.Answers[i]
		}
	case bank.Cloze:
		var filled []string
		for _, b := range e.Blanks {
			filled = append(filled, html.EscapeString(b.Answer))
		}
		it.Answers = []string{strings.Join(filled, " · ")}
	}
}

// letteredAnswers returns the right choices with the letters that they have on the sheet.
func (s *site) letteredAnswers(e *store.Entry, layout quiz.Layout) []string {
	var out []string
	for i, o := range layout.Options {
		if slices.ContainsFunc(e.Choices, func(c bank.Choice) bool { return c.ID == o.BankID && c.Right }) {
			out = append(out, "<strong>"+views.Letter(i)+"</strong> "+s.phrase(o.Text))
		}
	}
	return out
}

// letteredPairs returns what belongs to each item of the left column, by its letter.
func (s *site) letteredPairs(e *store.Entry, layout quiz.Layout) []string {
	var out []string
	for _, left := range layout.Options {
		for _, pair := range e.Pairs {
			if pair.Left.ID != left.BankID {
				continue
			}
			at := slices.IndexFunc(layout.Right, func(o quiz.Option) bool { return o.BankID == pair.Right.ID })
			out = append(out, "<strong>"+views.Letter(at)+"</strong> "+s.phrase(left.Text)+" → "+s.phrase(pair.Right.Text))
		}
	}
	return out
}
