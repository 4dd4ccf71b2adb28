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

// sheet shows the questions that an address looks for as they are printed: the answers are on a page of their own.
func (s *site) sheet(c Ctx) error {
	u, what := s.user(c), readSearch(c.QueryParams())
	return s.view(c, http.StatusOK, "questions", said("Questions to print"), func(tx *store.Tx, p views.Page) (templ.Component, error) {
		found, err := s.Practice.Select(tx, u, what)
		if err != nil {
			return nil, err
		}
		if len(found.Questions) == 0 {
			return nil, practice.ErrNoQuestions
		}
		p.NoIndex = true
		shown := found.Questions[:min(maxPrinted, len(found.Questions))]
		v := views.SheetView{
			Title: p.L.T(s.selectionTitle(what)),
			Note:  p.L.N(len(shown), "%d question, with the answer on the last page.", "%d questions, with the answers on pages of their own."),
			Back:  s.links.QuestionsFor(searchValues(what)),
		}
		for _, e := range shown {
			v.Items = append(v.Items, s.sheetItem(p.L, *e))
		}
		return views.Sheet(p, v), nil
	})
}

// sheetItem shows a question with a place for its answer. The order of choices is the same whenever it is printed.
func (s *site) sheetItem(l *locale.Language, e store.Entry) views.SheetItem {
	layout := quiz.NewLayout(e.Question, uint64(e.RevisionID), 0)
	it := views.SheetItem{Question: s.questionView(l, e, layout, nil), Explanation: s.html(e.Explanation)}
	it.Stem = s.html(e.Stem) // of a cloze question, with its gaps
	back := s.cardAnswer(practice.Turn{Entry: e})
	it.Answers, it.Answer = back.Answers, back.Answer
	switch e.Kind {
	case bank.Single, bank.Multiple:
		it.Answers = s.letteredAnswers(e, layout)
	case bank.Match:
		it.Items = it.Lefts
		for _, r := range it.Question.Rights {
			it.Rights = append(it.Rights, r.HTML)
		}
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
	case bank.Text, bank.Number:
		it.Lines = 1
	case bank.Output:
		it.Lines = strings.Count(e.Output, "\n") + 1
		it.Lines = max(4, it.Lines) // so that a short output is not told by its place
	default:
		it.Lines = 6
	}
	return it
}

// letteredAnswers returns the right choices with the letters that they have on the sheet.
func (s *site) letteredAnswers(e store.Entry, layout quiz.Layout) []string {
	var out []string
	for i, o := range layout.Options {
		if slices.ContainsFunc(e.Choices, func(c bank.Choice) bool { return c.ID == o.BankID && c.Right }) {
			out = append(out, "<strong>"+views.Letter(i)+"</strong> "+s.phrase(o.Text))
		}
	}
	return out
}

// letteredPairs returns what belongs to each item of the left column, by its letter.
func (s *site) letteredPairs(e store.Entry, layout quiz.Layout) []string {
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
