package web

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"rehearse/locale"
	"rehearse/practice"
	"rehearse/progress"
	"rehearse/store"
	"rehearse/views"
)

const (
	errataShown = 200 // corrections on the page that lists them
	newsShown   = 100 // corrections that one notice tells of
)

// errata lists the corrections of keys.
func (s *site) errata(c Ctx) error {
	return s.view(c, http.StatusOK, "", said("Corrections"), func(tx *store.Tx, p views.Page) (templ.Component, error) {
		all, err := tx.Corrections(s.Practice.Bank(), errataShown)
		if err != nil {
			return nil, err
		}
		if len(all) == 0 {
			return views.Errata(p, views.ErrataView{Empty: views.EmptyView{
				Title: p.L.T("No corrections yet"),
				Text:  p.L.T("When the key of a question turns out to be wrong, every answer given to it is marked anew, and it is listed here."),
			}}), nil
		}
		var v views.ErrataView
		for _, correction := range all {
			v.Rows = append(v.Rows, s.erratum(p.L, correction))
		}
		return views.Errata(p, v), nil
	})
}

func (s *site) erratum(l *locale.Language, c store.Correction) views.Erratum {
	e := views.Erratum{Title: s.html(c.Title), Reason: c.Reason, Date: c.Date, DateTime: c.Date, Changed: c.Changed, Withdrawn: c.Reverted > 0}
	if date, err := time.Parse(time.DateOnly, c.Date); err == nil {
		e.Date = l.Date(date, locale.Long)
	}
	switch {
	case c.Secret: // the reason would tell the key
		e.Title, e.Reason = l.T("A question kept for skill checks"), l.T("Its key was wrong.")
	case c.Live:
		e.Question = c.Slug
	}
	return e
}

// readErrata notes that a candidate has read what was corrected.
func (s *site) readErrata(c Ctx) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	seq, err := strconv.ParseInt(form.Get("seq"), 10, 64)
	if err != nil {
		return errForm
	}
	if err := s.Practice.ReadNews(c.Request().Context(), practice.Actor{User: s.user(c)}, seq); err != nil {
		return err
	}
	return redirect(c, s.links.Home())
}

// newsView tells of the results that changed, the latest first. A response that was corrected more than once has changed
// from what it was before the first time to what it is now.
func (s *site) newsView(l *locale.Language, tx *store.Tx, u store.User) (views.NewsView, error) {
	unread, err := tx.Unread(u.ID, newsShown)
	if err != nil || len(unread) == 0 {
		return views.NewsView{}, err
	}
	v := views.NewsView{Seq: strconv.FormatInt(unread[0].Entry.Seq, 10)}
	var latest []store.News
	for _, n := range unread {
		i := slices.IndexFunc(latest, func(l store.News) bool { return l.Entry.Ref == n.Entry.Ref })
		if i < 0 {
			latest = append(latest, n)
		} else {
			latest[i].Cause.Was = n.Cause.Was
		}
	}
	for _, n := range latest {
		if n.Entry.Score == n.Cause.Was {
			continue
		}
		item := views.NewsItem{Title: s.html(n.Title), Change: changeText(l, n.Cause.Was, n.Entry.Score), Reason: n.Reason}
		if n.Reason == "" {
			item.Reason = l.T("An earlier correction was withdrawn.")
		}
		switch {
		case n.Secret:
			item.Title, item.URL = l.T("A question kept for skill checks"), s.links.CheckResult(n.Attempt)
			if n.Reason != "" {
				item.Reason = l.T("Its key was wrong.")
			}
		case n.Attempt != "":
			item.URL = s.links.QuizItem(n.Attempt, n.Entry.Position+1)
		}
		v.Items = append(v.Items, item)
	}
	return v, nil
}

// changeText says which way a score changed.
func changeText(l *locale.Language, was, is int64) string {
	word := func(score int64) string {
		switch score {
		case progress.AllRight:
			return l.T("right")
		case 0:
			return l.T("not right")
		}
		return l.T("partly right")
	}
	if word(was) == word(is) {
		if is > was {
			return l.T("Earns more points now.")
		}
		return l.T("Earns fewer points now.")
	}
	return l.F("Was %s, is %s now.", word(was), word(is))
}
