package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"rehearse/practice"
	"rehearse/quiz"
	"rehearse/store"
	"rehearse/views"
)

// startQuiz starts the quiz of a submitted form, or the one that one click starts.
func (s *site) startQuiz(c Ctx) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	n, problems := s.readNewQuiz(s.language(c), form)
	if len(problems) == 0 && s.matching(n.Filter) == 0 {
		problems = append(problems, views.Problem{Field: "topic", Text: s.language(c).T("No question fits all of this. Take away a restriction.")})
	}
	if len(problems) > 0 {
		return s.showNewQuiz(c, http.StatusUnprocessableEntity, form, problems)
	}
	var slug string
	err = s.act(c, func(a practice.Actor) (user store.User, err error) {
		slug, user, err = s.Practice.StartQuiz(c.Request().Context(), a, n)
		return user, err
	})
	if err != nil {
		return err
	}
	return redirect(c, s.links.QuizItem(slug, 1))
}

// attempt reads an attempt of the candidate behind a request. Skill checks have pages of their own while they run.
func (s *site) attempt(c Ctx, tx *store.Tx) (*store.Attempt, error) {
	at, err := tx.Attempt(s.user(c).ID, c.Param("attempt"), s.catalog())
	return unlessItRuns(at, tx, err)
}

// attemptAt is attempt with the question of one position, see store.AttemptAt.
func (s *site) attemptAt(c Ctx, tx *store.Tx, place int) (*store.Attempt, error) {
	at, err := tx.AttemptAt(s.user(c).ID, c.Param("attempt"), s.catalog(), place)
	return unlessItRuns(at, tx, err)
}

func unlessItRuns(at *store.Attempt, tx *store.Tx, err error) (*store.Attempt, error) {
	if err == nil && at.Mode == quiz.Check && !at.Finished(tx.Time()) {
		return nil, errRunsElsewhere
	}
	return at, err
}

// viewAttempt reads an attempt in a snapshot of its own, see attemptAt.
func (s *site) viewAttempt(c Ctx, place int) (at *store.Attempt, now time.Time, err error) {
	err = s.Store.View(c.Request().Context(), func(tx *store.Tx) error {
		now = tx.Time()
		at, err = s.attemptAt(c, tx, place)
		return err
	})
	return at, now, err
}

// resumeQuiz leads to where an attempt was left.
func (s *site) resumeQuiz(c Ctx) error {
	at, now, err := s.viewAttempt(c, store.NoPosition)
	if errors.Is(err, errRunsElsewhere) {
		return redirect(c, s.links.Check(c.Param("attempt")))
	}
	if err != nil {
		return err
	}
	return redirect(c, s.onward(at, -1, now))
}

// onward returns the address of what comes after a position: the next question without a response, those that were
// skipped last, and in the end the result.
func (s *site) onward(at *store.Attempt, after int, now time.Time) string {
	if next, ok := nextOpen(at, after); ok && !at.Finished(now) {
		return s.links.QuizItem(at.Slug, next+1)
	}
	if at.Mode == quiz.Check {
		return s.links.CheckResult(at.Slug)
	}
	return s.links.QuizResult(at.Slug)
}

// nextOpen returns the next position without a response: first those after the given one, then those before it, and
// those that were skipped only when nothing else is left.
func nextOpen(at *store.Attempt, after int) (int, bool) {
	n := len(at.Items)
	for _, skipped := range []bool{false, true} {
		for i := range n {
			p := (after + 1 + i) % n
			if at.Items[p].Result == nil && at.Skipped[p] == skipped && p != after {
				return p, true
			}
		}
	}
	return 0, false
}

// quizItem shows a question of an attempt, or its verdict once there is one.
func (s *site) quizItem(c Ctx) error { return s.showItem(c, http.StatusOK, nil, "") }

// showItem shows a position of an attempt, with what was typed and what is wrong with it.
func (s *site) showItem(c Ctx, status int, typed url.Values, problem string) error {
	return s.showTried(c, status, typed, problem, nil)
}

// showTried is showItem with what a statement came to that was run without being marked.
func (s *site) showTried(c Ctx, status int, typed url.Values, problem string, tried *views.TryView) error {
	place, err := position(c)
	if err != nil {
		return err
	}
	return s.view(c, status, "quiz", "", func(tx *store.Tx, p views.Page) (templ.Component, error) {
		at, err := s.attemptAt(c, tx, place)
		if err != nil {
			return nil, err
		}
		item, err := at.At(place)
		if err != nil {
			return nil, err
		}
		if item.Question.Secret() {
			return nil, store.ErrNotFound
		}
		p.Title = p.L.F("Question %d: %s", place+1, item.Question.Title.Text)
		if len(at.Items) == 1 {
			p.Title = item.Question.Title.Text
		}
		now := tx.Time()
		frame := quizFrame(at, place, now)
		frame.Unseen = s.user(c).Timers == store.TimersHidden
		if item.Result != nil || at.Finished(now) {
			v, err := s.verdictView(p.L, tx, s.user(c), at, place, frame)
			if v.Self != nil {
				v.Self.Problem = problem
			}
			return views.Verdict(p, v), err
		}
		layout, err := at.Layout(place)
		if err != nil {
			return nil, err
		}
		here := s.links.QuizItem(at.Slug, place+1)
		v := views.QuizItemView{QuizFrame: frame, Question: s.questionView(p.L, at.Entries[place], layout, typed)}
		v.Form = views.AnswerForm{
			Action:     here,
			SkipAction: s.links.SkipItem(at.Slug, place+1),
			Problem:    problem,
			AskUnsure:  !item.Question.Kind.Open(),
			Unsure:     typed.Get("unsure") != "",
		}
		askConfidence(p.L, s.user(c), typed, &v.Form)
		if frame.Single {
			v.Form.SkipAction = ""
		}
		if e := v.Question.Exercise; e != nil {
			e.Run, e.Tried = s.links.RunItem(at.Slug, place+1), tried
		}
		if at.Mode == quiz.Exam && !item.Question.Kind.Open() {
			v.Form.Submit = p.L.T("Save answer")
		} else if at.Mode == quiz.Exam {
			v.Form.Submit = p.L.T("Save answer and go on")
		}
		v.Kept, err = s.markView(tx, s.user(c), at.Entries[place], here)
		return views.QuizItem(p, v), err
	})
}

// quizFrame is what stands around a position of an attempt.
func quizFrame(at *store.Attempt, place int, now time.Time) views.QuizFrame {
	f := views.QuizFrame{
		Attempt:    at.Slug,
		Position:   place + 1,
		Total:      len(at.Items),
		Unanswered: len(at.Items) - at.Answered(),
		Exam:       at.Mode == quiz.Exam,
		Finished:   at.Finished(now),
		Single:     len(at.Items) == 1,
		Deadline:   at.Deadline,
		Now:        now.UnixMilli(),
	}
	if at.Deadline > 0 {
		f.Left = timeLeft(at.Deadline - now.UnixMilli())
	}
	f.Map = make([]views.MapDot, 0, len(at.Items))
	for i := range at.Items {
		if at.Listed[i].Secret() { // never shown again
			continue
		}
		switch {
		case i < place:
			f.Previous = i + 1
		case i > place && f.Next == 0:
			f.Next = i + 1
		}
		state := dotState(at, i, now)
		if state != "" {
			f.Done++
		}
		f.Map = append(f.Map, views.MapDot{Position: i + 1, State: state, Current: i == place})
	}
	return f
}

// dotState says of a position what may be known of it now.
func dotState(at *store.Attempt, i int, now time.Time) string {
	item := &at.Items[i]
	switch {
	case item.Result == nil && at.Skipped[i]:
		return "skipped"
	case item.Result == nil:
		return ""
	case !at.Reveal(i, now):
		return "answered"
	case item.Result.Verdict == quiz.Self:
		return "open"
	default:
		return string(item.Result.Verdict)
	}
}

// timeLeft writes a duration in ms as minutes and seconds.
func timeLeft(ms int64) string {
	seconds := max(0, ms) / 1000
	if seconds >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}

// answerItem takes the response to a position. In practice the verdict comes next, in an exam the next question.
func (s *site) answerItem(c Ctx) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	place, err := position(c)
	if err != nil {
		return err
	}
	at, now, err := s.viewAttempt(c, place)
	if err != nil {
		return err
	}
	item, err := at.At(place)
	if err != nil {
		return err
	}
	here := s.links.QuizItem(at.Slug, place+1)
	if item.Result != nil { // sent twice: what was recorded first stands
		return redirect(c, here)
	}
	layout, err := at.Layout(place)
	if err != nil {
		return err
	}
	response, problems := quiz.ResponseFromForm(form, *item.Question, layout)
	if len(problems) > 0 && !at.Finished(now) {
		return s.showItem(c, http.StatusUnprocessableEntity, form, sentence(s.language(c), problems))
	}
	if err := s.allowRun(c, *item.Question); err != nil {
		return err
	}
	err = s.Practice.Answer(c.Request().Context(), s.actor(c), at.Slug, place, response)
	if status, problem := notMarked(s.language(c), err); problem != "" {
		return s.showItem(c, status, form, problem)
	}
	if err != nil {
		return err
	}
	if at.Mode == quiz.Practice {
		return redirect(c, here)
	}
	item.Result = &quiz.Result{} // answered now: the way on leads elsewhere
	return redirect(c, s.onward(at, place, now))
}

// actor is the candidate behind a request for what only a candidate can do.
func (s *site) actor(c Ctx) practice.Actor { return practice.Actor{User: s.user(c), Once: onceOf(c)} }

// skipItem passes over a position; it comes back at the end.
func (s *site) skipItem(c Ctx) error {
	place, err := position(c)
	if err != nil {
		return err
	}
	if err := s.Practice.Skip(c.Request().Context(), s.actor(c), c.Param("attempt"), place); err != nil {
		return err
	}
	at, now, err := s.viewAttempt(c, store.NoPosition)
	if err != nil {
		return err
	}
	return redirect(c, s.onward(at, place, now))
}

// markItem takes how candidates mark their own open answer.
func (s *site) markItem(c Ctx) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	place, err := position(c)
	if err != nil {
		return err
	}
	at, _, err := s.viewAttempt(c, place)
	if err != nil {
		return err
	}
	item, err := at.At(place)
	if err != nil {
		return err
	}
	mark, problems := quiz.SelfMarkFromForm(form, *item.Question)
	if len(problems) > 0 {
		return s.showItem(c, http.StatusUnprocessableEntity, form, sentence(s.language(c), problems))
	}
	if err := s.Practice.Mark(c.Request().Context(), s.actor(c), at.Slug, place, mark); err != nil {
		return err
	}
	return redirect(c, s.links.QuizItem(at.Slug, place+1))
}

// finishQuiz ends an attempt.
func (s *site) finishQuiz(c Ctx) error {
	slug := c.Param("attempt")
	if err := s.Practice.Finish(c.Request().Context(), s.actor(c), slug); err != nil {
		return err
	}
	return redirect(c, s.links.QuizResult(slug))
}

// repeatMistakes starts a quiz with what was not right in this one.
func (s *site) repeatMistakes(c Ctx) error {
	slug, err := s.Practice.RepeatMistakes(c.Request().Context(), s.actor(c), c.Param("attempt"))
	if err != nil {
		return err
	}
	return redirect(c, s.links.QuizItem(slug, 1))
}
