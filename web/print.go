package web

import (
	"net/http"

	"github.com/a-h/templ"

	"rehearse/quiz"
	"rehearse/store"
	"rehearse/views"
)

// printQuiz shows the questions of a finished attempt as they were shown in it, to be printed. The answers, on a page of
// their own, are there for who asks for them.
func (s *site) printQuiz(c Ctx) error {
	answers := c.QueryParam("answers") != ""
	return s.view(c, http.StatusOK, "quiz", said("Questions to print"), func(tx *store.Tx, p views.Page) (templ.Component, error) {
		at, err := s.attempt(c, tx)
		if err != nil {
			return nil, err
		}
		if now := tx.Time(); !at.Finished(now) || at.Mode == quiz.Check { // what a skill check asks stays with it
			return nil, redirect(c, s.onward(at, -1, now))
		}
		v := views.SheetView{
			Title: p.L.T(at.Title),
			Note:  p.L.N(len(at.Items), "%d question", "%d questions"),
			Back:  views.Action{Label: p.L.T("Back to the result"), URL: s.links.QuizResult(at.Slug)},
			Other: views.Action{Label: p.L.T("With the answers"), URL: s.links.PrintQuiz(at.Slug) + "?answers=1"}, Answers: answers,
		}
		if answers {
			v.Note = p.L.N(len(at.Items), "%d question, with the answer on the last page.", "%d questions, with the answers on pages of their own.")
			v.Other = views.Action{Label: p.L.T("Without the answers"), URL: s.links.PrintQuiz(at.Slug)}
		}
		for place, item := range at.Items {
			layout, err := at.Layout(place)
			if err != nil {
				return nil, err
			}
			e := *at.Entries[place]
			e.Question = item.Key() // corrected since, perhaps
			v.Items = append(v.Items, s.sheetItem(p.L, &e, layout, answers))
		}
		return views.Sheet(p, v), nil
	})
}
