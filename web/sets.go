package web

import (
	"net/http"

	"github.com/a-h/templ"

	"rehearse/practice"
	"rehearse/store"
	"rehearse/views"
)

// live returns the questions with these ids that there are.
func (s *site) live(ids []string) []store.Listed {
	var found []store.Listed
	for _, id := range ids {
		if e, ok := s.catalog().Listed(id); ok {
			found = append(found, *e)
		}
	}
	return found
}

// set shows a set of questions.
func (s *site) set(c Ctx) error {
	set, ok := s.book().Set(c.Param("set"))
	if !ok {
		return store.ErrNotFound
	}
	u := s.user(c)
	return s.view(c, http.StatusOK, "learn", set.Title, func(tx *store.Tx, p views.Page) (templ.Component, error) {
		last, err := tx.LastScores(u.ID)
		if err != nil {
			return nil, err
		}
		p.Description = set.Summary
		what := practice.Search{Sets: []string{set.ID}, InSets: set.Questions()}
		found, err := s.Practice.Search(tx, u, what)
		if err != nil {
			return nil, err
		}
		v := views.QuestionSetView{Title: set.Title, Summary: set.Summary, Intro: s.prose(set.Intro), Made: s.makeOf(p.L, what, found)}
		next := 1
		for _, g := range set.Groups {
			rows := s.questionRows(s.live(g.Questions), last)
			v.Groups = append(v.Groups, views.SetGroup{Title: g.Title, Start: next, Rows: rows})
			next += len(rows)
		}
		return views.Set(p, v), nil
	})
}
