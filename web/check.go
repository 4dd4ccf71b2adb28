package web

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"rehearse/locale"
	"rehearse/practice"
	"rehearse/quiz"
	"rehearse/store"
	"rehearse/views"
)

// startCheck starts a skill check.
func (s *site) startCheck(c Ctx) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	l := s.language(c)
	a, ok := s.assessment(l, form.Get("check"))
	if !ok {
		return errForm
	}
	limit, problem := readLimit(l, form)
	if problem.Text != "" {
		return s.showAssess(c, http.StatusUnprocessableEntity, form, problem.Text)
	}
	n := practice.NewCheck{Name: a.ID, Title: a.Title, Blueprint: blueprintOf(a), Roles: s.rolesOf(a), Limit: limit, Retake: a.Retake}
	var slug string
	err = s.act(c, func(actor practice.Actor) (user store.User, err error) {
		slug, user, err = s.Practice.StartCheck(c.Request().Context(), actor, n)
		return user, err
	})
	var soon *practice.TooSoonError
	if errors.As(err, &soon) || errors.Is(err, practice.ErrNothingNew) {
		return s.showAssess(c, http.StatusConflict, form, "")
	}
	if err != nil {
		return err
	}
	return redirect(c, s.links.Check(slug))
}

// skillCheck reads a skill check in a snapshot of its own.
func (s *site) skillCheck(c Ctx) (at *store.Attempt, check store.SkillCheck, now time.Time, err error) {
	err = s.Store.View(c.Request().Context(), func(tx *store.Tx) error {
		now = tx.Time()
		at, check, err = s.Practice.SkillCheck(tx, s.user(c).ID, c.Param("attempt"))
		return err
	})
	return at, check, now, err
}

// resumeCheck leads to the question that waits, or to the result.
func (s *site) resumeCheck(c Ctx) error {
	at, _, now, err := s.skillCheck(c)
	if err != nil {
		return err
	}
	return redirect(c, s.checkPlace(at, now))
}

// checkPlace is where a skill check stands.
func (s *site) checkPlace(at *store.Attempt, now time.Time) string {
	if at.Finished(now) {
		return s.links.CheckResult(at.Slug)
	}
	return s.links.CheckItem(at.Slug, len(at.Items))
}

func (s *site) checkItem(c Ctx) error { return s.showCheckItem(c, http.StatusOK, nil, "", nil) }

// showCheckItem shows the question that waits, with what was typed and what is wrong with it. Other positions lead there.
func (s *site) showCheckItem(c Ctx, status int, typed url.Values, problem string, tried *views.TryView) error {
	place, err := position(c)
	if err != nil {
		return err
	}
	return s.view(c, status, "assess", "", func(tx *store.Tx, p views.Page) (templ.Component, error) {
		at, sc, err := s.Practice.SkillCheck(tx, s.user(c).ID, c.Param("attempt"))
		if err != nil {
			return nil, err
		}
		if _, err := at.At(place); err != nil {
			return nil, err
		}
		now := tx.Time()
		if place != len(at.Items)-1 || at.Finished(now) {
			return nil, redirect(c, s.checkPlace(at, now))
		}
		p.Title = p.L.F("Question %d: %s", place+1, at.Items[place].Question.Title.Text)
		p.NoIndex = true
		v := s.checkItemView(p.L, at, sc, now, typed, problem, tried)
		v.Unseen = s.user(c).Timers == store.TimersHidden
		return views.CheckItem(p, v), nil
	})
}

func (s *site) checkItemView(l *locale.Language, at *store.Attempt, sc store.SkillCheck, now time.Time, typed url.Values, problem string, tried *views.TryView) views.CheckItemView {
	place := len(at.Items) - 1
	layout, _ := at.Layout(place) // the last position exists
	v := views.CheckItemView{
		Attempt:  at.Slug,
		Title:    l.T(at.Title),
		Position: place + 1,
		Most:     sc.Log.Rules.Max + sc.Log.Rules.Pilots,
		Topic:    s.topicTitle(at.Entries[place].Topic),
		Deadline: at.Deadline,
		Now:      now.UnixMilli(),
		Extend:   at.Deadline > 0 && sc.Extended < practice.MaxExtensions,
		Question: s.questionView(l, at.Entries[place], layout, typed),
		Form: views.AnswerForm{
			Action:     s.links.CheckItem(at.Slug, place+1),
			SkipAction: s.links.SkipCheckItem(at.Slug, place+1),
			Problem:    problem,
			Submit:     l.T("Save"),
			Skip:       l.T("I don’t know"),
		},
	}
	// Nothing tells how hard the question is taken to be, and nothing helps.
	v.Question.ID, v.Question.Labels, v.Question.Hints = "", views.Labels{}, nil
	if e := v.Question.Exercise; e != nil {
		e.Run, e.Tried = s.links.RunCheckItem(at.Slug, place+1), tried
	}
	if at.Deadline > 0 {
		v.Left = timeLeft(at.Deadline - now.UnixMilli())
	}
	return v
}

// toWaiting hands a form to what takes it for the question that waits, at a place. When it was sent twice, or too late, what
// was recorded first stands.
func (s *site) toWaiting(c Ctx, take func(form url.Values, at *store.Attempt, place int) error) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	place, err := position(c)
	if err != nil {
		return err
	}
	at, _, now, err := s.skillCheck(c)
	if err != nil {
		return err
	}
	item, err := at.At(place)
	if err != nil {
		return err
	}
	if item.Result != nil || at.Finished(now) {
		return redirect(c, s.checkPlace(at, now))
	}
	return take(form, at, place)
}

// answerCheck takes the response to the question that waits.
func (s *site) answerCheck(c Ctx) error {
	return s.toWaiting(c, func(form url.Values, at *store.Attempt, place int) error {
		layout, err := at.Layout(place)
		if err != nil {
			return err
		}
		question := *at.Items[place].Question
		response, problems := quiz.ResponseFromForm(form, question, layout)
		if len(problems) > 0 {
			return s.showCheckItem(c, http.StatusUnprocessableEntity, form, sentence(s.language(c), problems), nil)
		}
		if err := s.allowRun(c, question); err != nil {
			return err
		}
		err = s.Practice.AnswerCheck(c.Request().Context(), s.actor(c), at.Slug, place, response, false)
		if status, problem := notMarked(s.language(c), err); problem != "" {
			return s.showCheckItem(c, status, form, problem, nil)
		}
		return s.goOn(c, err)
	})
}

// goOn leads to what is next once something was done. When the skill check had ended before, that is the result.
func (s *site) goOn(c Ctx, err error) error {
	if err != nil && !errors.Is(err, quiz.ErrFinished) {
		return err
	}
	return s.resumeCheck(c)
}

// skipCheck takes "I don't know".
func (s *site) skipCheck(c Ctx) error {
	place, err := position(c)
	if err != nil {
		return err
	}
	return s.goOn(c, s.Practice.AnswerCheck(c.Request().Context(), s.actor(c), c.Param("attempt"), place, quiz.Response{}, true))
}

// runCheck runs a statement without marking it. It changes nothing, and so answers with the page itself.
func (s *site) runCheck(c Ctx) error {
	return s.toWaiting(c, func(form url.Values, at *store.Attempt, place int) error {
		question := *at.Items[place].Question
		if err := s.allowRun(c, question); err != nil {
			return err
		}
		tried, status, problem, err := s.try(c.Request().Context(), s.language(c), question, form.Get("text"))
		if err != nil {
			return err
		}
		return s.showCheckItem(c, status, form, problem, tried)
	})
}

// extendCheck gives more time.
func (s *site) extendCheck(c Ctx) error {
	return s.goOn(c, s.Practice.ExtendCheck(c.Request().Context(), s.actor(c), c.Param("attempt")))
}

// endCheck ends a skill check early.
func (s *site) endCheck(c Ctx) error {
	if _, _, _, err := s.skillCheck(c); err != nil {
		return err
	}
	slug := c.Param("attempt")
	if err := s.Practice.Finish(c.Request().Context(), s.actor(c), slug); err != nil {
		return err
	}
	return redirect(c, s.links.CheckResult(slug))
}
