package web

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"rehearse/locale"
	"rehearse/practice"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/store"
	"rehearse/views"
)

// question shows one question to practise it now.
func (s *site) question(c Ctx) error {
	e, err := s.catalog().Question(c.Param("question"))
	if err != nil {
		return err
	}
	return s.showQuestion(c, http.StatusOK, e, newToken(e.RevisionID, time.Now()), nil, "")
}

// showQuestion shows a question outside an attempt, with what was typed and what is wrong with it.
func (s *site) showQuestion(c Ctx, status int, e *store.Entry, token formToken, typed url.Values, problem string) error {
	return s.showTriedQuestion(c, status, e, token, typed, problem, nil)
}

// showTriedQuestion is showQuestion with what a statement came to that was run without being marked.
func (s *site) showTriedQuestion(c Ctx, status int, e *store.Entry, token formToken, typed url.Values, problem string, tried *views.TryView) error {
	u := s.user(c)
	return s.view(c, status, "questions", e.Title.Text, func(tx *store.Tx, p views.Page) (templ.Component, error) {
		v := views.QuestionView{Tags: e.Tags, Next: s.nextOfTopic(e.ID, e.Topic)}
		v.Question, v.Form = s.oneQuestion(p.L, e, token, typed, problem)
		askConfidence(p.L, u, typed, &v.Form)
		if v.Question.Exercise != nil {
			v.Question.Exercise.Tried = tried
		}
		history, err := tx.History(u.ID, e.ID, 10)
		if err != nil {
			return nil, err
		}
		if v.Kept, err = s.keptView(p.L, tx, u, e, s.links.Question(e.Question.ID)); err != nil {
			return nil, err
		}
		v.Kept.Folded = true
		cal, err := s.calendar(c)
		if err != nil {
			return nil, err
		}
		for _, h := range history {
			v.History = append(v.History, s.historyRow(p.L, h, cal.Zone))
		}
		p.Description = p.L.F("An interview question on %s, with the reasons behind its answer.", s.labels(e.Topic, e.Kind, &e.Labels).Topic)
		return views.QuestionPage(p, v), nil
	})
}

// oneQuestion shows a question outside an attempt: arranged by its token, which its form brings back.
func (s *site) oneQuestion(l *locale.Language, e *store.Entry, token formToken, typed url.Values, problem string) (views.Question, views.AnswerForm) {
	q := s.questionView(l, e, quiz.NewLayout(e.Question, token.Seed, 0), typed)
	if q.Exercise != nil {
		q.Exercise.Run = s.links.RunQuestion(e.Question.ID)
	}
	return q, views.AnswerForm{
		Action:    s.links.AnswerQuestion(e.Question.ID),
		Token:     s.sign(token),
		Zone:      typed.Get("zone"),
		Problem:   problem,
		AskUnsure: !e.Kind.Open(),
		Unsure:    typed.Get("unsure") != "",
	}
}

func (s *site) nextOfTopic(question int64, topic string) string {
	t, err := s.catalog().Topic(topic)
	if err != nil {
		return ""
	}
	for i := range t.Questions {
		if t.Questions[i].ID == question && i+1 < len(t.Questions) {
			return t.Questions[i+1].Head.ID
		}
	}
	return ""
}

func (s *site) historyRow(l *locale.Language, h store.HistoryLine, zone *time.Location) views.HistoryRow {
	at := time.UnixMilli(h.At).In(zone)
	row := views.HistoryRow{Date: l.Date(at, locale.Long), DateTime: at.Format(time.RFC3339), Outcome: outcomeOf(h.Score), Where: l.T("Quiz")}
	if h.Kind == progress.Graded {
		row.Where = l.T("Cards")
	}
	if h.Attempt != "" {
		row.URL = s.links.QuizItem(h.Attempt, h.Position+1)
	}
	return row
}

// answerQuestion takes the response to a question shown outside an attempt.
func (s *site) answerQuestion(c Ctx) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	e, token, err := s.shown(c, form)
	if err != nil {
		return err
	}
	if time.Since(token.at) > tokenAge {
		fresh := newToken(e.RevisionID, time.Now())
		fresh.Seed = token.Seed // what was ticked stays ticked
		return s.showQuestion(c, http.StatusUnprocessableEntity, e, fresh, form, s.language(c).T("This page had been open for more than a day. Send your answer once more."))
	}
	response, problems := quiz.ResponseFromForm(form, e.Question, quiz.NewLayout(e.Question, token.Seed, 0))
	if len(problems) > 0 {
		return s.showQuestion(c, http.StatusUnprocessableEntity, e, token, form, sentence(s.language(c), problems))
	}
	if err := s.allowRun(c, e.Question); err != nil {
		return err
	}
	var slug string
	err = s.act(c, func(a practice.Actor) (user store.User, err error) {
		slug, user, err = s.Practice.AnswerOne(c.Request().Context(), a, token.OneQuestion, response)
		return user, err
	})
	if status, problem := notMarked(s.language(c), err); problem != "" {
		return s.showQuestion(c, status, e, token, form, problem)
	}
	if err != nil {
		return err
	}
	return redirect(c, s.links.QuizItem(slug, 1))
}

// shown returns the question that a form outside an attempt belongs to, and its token.
func (s *site) shown(c Ctx, form url.Values) (*store.Entry, formToken, error) {
	token, err := s.readToken(form.Get("token"))
	if err != nil {
		return nil, formToken{}, err
	}
	e, err := s.revision(c, token.Revision)
	if err == nil && e.Question.ID != c.Param("question") {
		err = errForm
	}
	return e, token, err
}

// revision returns a question as it was shown.
func (s *site) revision(c Ctx, id int64) (e *store.Entry, err error) {
	err = s.Store.View(c.Request().Context(), func(tx *store.Tx) error {
		e, err = tx.Shown(s.catalog(), id)
		return err
	})
	return e, err
}

// formOf returns the fields of a posted form.
func formOf(c Ctx) (url.Values, error) {
	if err := c.Request().ParseForm(); err != nil {
		return nil, fmt.Errorf("%w: %w", err, errForm) // one that is too large says so
	}
	return c.Request().PostForm, nil
}

// sentence joins what is wrong with the fields of a response, in a fixed order.
func sentence(l *locale.Language, problems map[string]quiz.Sentence) string {
	text := ""
	for _, field := range slices.Sorted(maps.Keys(problems)) {
		if text != "" {
			text += " "
		}
		text += l.F(problems[field].Format, problems[field].Args...)
	}
	return text
}

// position reads the place in an attempt from an address, where it counts from 1.
func position(c Ctx) (int, error) {
	n, err := strconv.Atoi(c.Param("position"))
	if err != nil {
		return 0, store.ErrNotFound
	}
	return n - 1, nil
}
