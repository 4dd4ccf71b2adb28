package web

import (
	"html"
	"strings"

	"rehearse/bank"
	"rehearse/locale"
	"rehearse/practice"
	"rehearse/quiz"
	"rehearse/srs"
	"rehearse/views"
)

// cardFace shows the prompt of a card.
func (s *site) cardFace(l *locale.Language, t practice.Turn, today practice.Today, set string) views.CardFace {
	q := t.Entry.Question
	f := views.CardFace{
		Key:    cardKey(keyOf(t)),
		Set:    set,
		Labels: s.labels(t.Entry.Topic, t.Entry.Kind, &t.Entry.Labels),
		Lang:   s.lang(l, t.Entry),
		State:  stateLabel(l, t),
		Left:   cardsLeft(set, today),
		Title:  s.html(q.Title),
		Stem:   s.html(q.Stem),
		Undo:   undoName(today),
		Queue:  stages(l, today.Left),
	}
	// The arrangement changes from review to review, so that a place is not learnt instead of an answer.
	layout := quiz.NewLayout(q, uint64(t.Entry.ID), t.Card.Reviews)
	switch q.Kind {
	case bank.Single, bank.Multiple, bank.Order:
		for _, o := range layout.Options {
			f.Choices = append(f.Choices, s.html(o.Text))
		}
	case bank.Match:
		for _, o := range append(layout.Options, layout.Right...) {
			f.Choices = append(f.Choices, s.html(o.Text))
		}
	case bank.SQL:
		f.Stem += s.html(q.Setups[0])
	case bank.Cloze:
		f.Stem = ""
		f.Pieces = s.cardPieces(q, t.Part)
	}
	return f
}

// stages counts what is left in the queue by stage; a stage with nothing left is not worth a word.
func stages(l *locale.Language, left srs.Counts) (out []views.Count) {
	for _, c := range []views.Count{
		{Label: l.T("learning"), N: left.Learning}, {Label: l.T("to review"), N: left.Review}, {Label: l.T("new"), N: left.New},
	} {
		if c.N > 0 {
			out = append(out, c)
		}
	}
	return out
}

// cardPieces shows a cloze text with one of its numbers left out.
func (s *site) cardPieces(q bank.Question, part int) []views.CardPiece {
	var pieces []views.CardPiece
	for _, p := range q.ClozeParts() {
		if p.Blank < 0 {
			pieces = append(pieces, views.CardPiece{HTML: s.html(bank.Rich{HTML: p.HTML})})
			continue
		}
		b := q.Blanks[p.Blank]
		pieces = append(pieces, views.CardPiece{Blank: true, Asked: b.Card == part, Hint: b.Hint, Text: b.Answer})
	}
	return pieces
}

// stateLabel names the stage of a card. One whose question has a new key says so.
func stateLabel(l *locale.Language, t practice.Turn) string {
	switch {
	case t.Card.Changed:
		return l.T("Changed since you last saw it")
	case t.Card.State == srs.New:
		return l.T("New")
	case t.Card.State == srs.Review:
		return l.T("Review")
	default:
		return l.T("Learning")
	}
}

// cardAnswer shows what the back of a card adds to its front.
func (s *site) cardAnswer(t practice.Turn) views.CardBackView {
	q := t.Entry.Question
	v := views.CardBackView{Explanation: s.html(q.Explanation), References: s.html(q.References)}
	switch q.Kind {
	case bank.Single, bank.Multiple:
		for _, c := range q.Choices {
			if c.Right {
				v.Answers = append(v.Answers, s.html(c.Text))
			}
		}
	case bank.Text, bank.Number:
		if a := accepted(q); len(a) > 0 {
			v.Answers = []string{"<code>" + html.EscapeString(a[0]) + "</code>"}
		}
	case bank.Output:
		v.Answers = []string{`<div class="Code"><pre tabindex="0"><code>` + html.EscapeString(q.Output) + "</code></pre></div>"}
	case bank.SQL:
		v.Answer = s.html(q.Query)
	case bank.Order:
		v.Ordered = true
		for _, item := range q.Order {
			v.Answers = append(v.Answers, s.html(item.Text))
		}
	case bank.Match:
		for _, pair := range q.Pairs {
			v.Answers = append(v.Answers, s.html(pair.Left.Text)+" → "+s.html(pair.Right.Text))
		}
	case bank.Cloze:
		var filled []string
		for _, b := range q.Blanks {
			if b.Card == t.Part {
				filled = append(filled, html.EscapeString(b.Answer))
			}
		}
		v.Answers = []string{strings.Join(filled, ", ")}
	case bank.Interview:
		v.Answer = s.html(q.StrongAnswer)
		for _, c := range q.Rubric {
			v.Rubric = append(v.Rubric, views.Criterion{Points: c.Points, HTML: s.html(c.Text)})
		}
	case bank.Card:
		v.Answer = s.html(q.Answer)
	}
	return v
}
