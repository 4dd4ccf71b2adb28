package web

import (
	"net/url"
	"slices"
	"strconv"

	"rehearse/bank"
	"rehearse/locale"
	"rehearse/quiz"
	"rehearse/store"
	"rehearse/views"
)

// questionView shows a question as it is arranged for one place of an attempt. Typed is what a refused form held. It
// reads nothing that decides right or wrong.
func (s *site) questionView(l *locale.Language, e *store.Entry, layout quiz.Layout, typed url.Values) views.Question {
	q := &e.Question
	v := views.Question{
		ID:     q.ID,
		Kind:   string(q.Kind),
		Title:  s.html(q.Title),
		Stem:   s.html(q.Stem),
		Lang:   s.lang(l, e),
		Labels: s.labels(e.Topic, e.Kind, &e.Labels),
		Text:   typed.Get("text"),
	}
	for _, h := range q.Hints {
		v.Hints = append(v.Hints, s.html(h))
	}
	switch q.Kind {
	case bank.Single, bank.Multiple:
		v.Choices = make([]views.Choice, 0, len(layout.Options))
		for _, o := range layout.Options {
			v.Choices = append(v.Choices, views.Choice{ID: o.ID, HTML: s.phrase(o.Text), Checked: slices.Contains(typed["choice"], o.ID)})
		}
	case bank.Number:
		v.Unit = unitOf(*q)
	case bank.Order:
		v.Items = s.items(layout.Options, "order-", typed)
		if typed == nil { // the order shown, which is never the right one, is what one starts from
			for i := range v.Items {
				v.Items[i].Pick = strconv.Itoa(i + 1)
			}
		}
	case bank.Match:
		v.LeftHead, v.RightHead = s.captions(*q)
		v.Lefts = s.items(layout.Options, "pair-", typed)
		v.Rights = s.items(layout.Right, "", nil)
	case bank.Cloze:
		v.Stem = ""
		v.Pieces = s.pieces(*q, typed)
	case bank.SQL:
		v.Exercise = s.exercise(*q)
	case bank.Card:
		v.OpenWord = l.T("Compare with the answer")
	}
	return v
}

func (s *site) items(options []quiz.Option, field string, typed url.Values) []views.Item {
	items := make([]views.Item, len(options))
	for i, o := range options {
		items[i] = views.Item{ID: o.ID, HTML: s.html(o.Text), Pick: typed.Get(field + o.ID)}
	}
	return items
}

// captions returns the headings of the two columns of a match question.
func (s *site) captions(q bank.Question) (left, right string) {
	if len(q.Captions) != 2 {
		return "", ""
	}
	return s.html(q.Captions[0]), s.html(q.Captions[1])
}

func (s *site) pieces(q bank.Question, typed url.Values) []views.Piece {
	var pieces []views.Piece
	for _, p := range q.ClozeParts() {
		if p.Blank < 0 {
			pieces = append(pieces, views.Piece{HTML: s.html(bank.Rich{HTML: p.HTML})})
			continue
		}
		pieces = append(pieces, views.Piece{
			Blank: true,
			Index: p.Blank,
			Hint:  q.Blanks[p.Blank].Hint,
			Value: typed.Get("blank-" + strconv.Itoa(p.Blank+1)),
		})
	}
	return pieces
}

// unitOf returns the unit of a number question, which its prompt names too.
func unitOf(q bank.Question) string {
	for _, entry := range q.Accept {
		if entry.Range != nil {
			return entry.Range.Unit
		}
	}
	return ""
}

// lang returns the language of a question, "" when it is the page's.
func (s *site) lang(l *locale.Language, e *store.Entry) string {
	t, err := s.catalog().Topic(e.Topic)
	if err != nil || t.Lang == l.Tag {
		return ""
	}
	return t.Lang
}

// labels says what a question is about.
func (s *site) labels(topic string, kind bank.Kind, of *bank.Labels) views.Labels {
	l := views.Labels{TopicID: topic, Topic: topic, Kind: string(kind), Level: string(of.Level), Difficulty: string(of.Difficulty)}
	if t, err := s.catalog().Topic(topic); err == nil {
		l.Topic = t.Title
	} else { // retired: there is no page to lead to
		l.TopicID = ""
	}
	return l
}

// questionRows lists questions with the outcome of the candidate's latest response to each.
func (s *site) questionRows(entries []store.Listed, last map[int64]int64) []views.QuestionRow {
	rows := make([]views.QuestionRow, len(entries))
	for i := range entries {
		rows[i] = s.questionRow(&entries[i], last)
	}
	return rows
}

func (s *site) questionRow(e *store.Listed, last map[int64]int64) views.QuestionRow {
	row := views.QuestionRow{
		ID: e.Head.ID, Title: s.html(e.Title), Kind: string(e.Kind), Level: string(e.Level), Difficulty: string(e.Difficulty),
	}
	if score, met := last[e.ID]; met {
		row.Outcome = outcomeOf(score)
	}
	return row
}

// outcomeOf puts a score in micro-points, or progress.NotJudged, into one of the words of package views.
func outcomeOf(score int64) string {
	switch {
	case score < 0:
		return "open"
	case score == quiz.Full:
		return "right"
	case score > 0:
		return "partial"
	default:
		return "wrong"
	}
}
