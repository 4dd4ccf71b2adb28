package web

import (
	"cmp"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/a-h/templ"

	"rehearse/bank"
	"rehearse/locale"
	"rehearse/practice"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/srs"
	"rehearse/store"
	"rehearse/views"
)

func (s *site) toHome(c Ctx) error { return redirect(c, s.links.Home()) }

// home shows what waits today, or to a first visitor a question to answer at once.
func (s *site) home(c Ctx) error {
	u := s.user(c)
	return s.view(c, 200, "today", "", func(tx *store.Tx, p views.Page) (templ.Component, error) {
		if u.ID == 0 {
			p.Description = p.L.T("Practise backend interviews: quizzes, flashcards and progress, with the reasons behind every answer. No account needed.")
			return views.Start(p, s.startView(p.L, tx)), nil
		}
		p.Title = p.L.T("Today")
		v, err := s.todayView(p.L, tx, u)
		return views.Today(p, v), err
	})
}

func (s *site) startView(l *locale.Language, tx *store.Tx) views.StartView {
	catalog := s.catalog()
	v := views.StartView{Bank: catalog.Title, Questions: len(catalog.Questions), Empty: noContent(l), Topics: s.topicRows(l, nil, nil)}
	if e, err := firstQuestion(catalog); err == nil {
		v.Question, v.Form = s.oneQuestion(l, e, newToken(e.RevisionID, tx.Time()), nil, "")
		askConfidence(l, store.User{Confidence: true}, nil, &v.Form)
	} else if !errors.Is(err, store.ErrNotFound) { // the page does without
		s.Logger.Error("no question for the start page", "error", err)
	}
	return v
}

// firstQuestion draws a question that somebody who has just arrived can read at a glance and answer with one click.
func firstQuestion(c *store.Catalog) (*store.Entry, error) {
	var best []*store.Listed
	bestRank := 0
	for i := range c.Questions {
		e := &c.Questions[i]
		if !e.Serves(bank.UseQuiz) || e.Kind != bank.Single {
			continue
		}
		rank := firstRank(e.Head)
		if rank < bestRank || best == nil {
			best, bestRank = nil, rank
		}
		if rank == bestRank {
			best = append(best, e)
		}
	}
	if len(best) == 0 {
		return nil, store.ErrNotFound
	}
	return c.Whole(best[rand.IntN(len(best))])
}

// glance is about as many characters of question and choices as a phone shows below the few lines that say what the site is.
const glance = 240

// firstRank returns how much a question asks of somebody who has just arrived: less is better.
func firstRank(h *bank.Head) (rank int) {
	if h.Difficulty != "easy" {
		rank += 2
	}
	if h.Length > glance || h.Block {
		rank++
	}
	return rank
}

// quickQuiz is what one click starts.
const quickQuiz = 10

// quickText says what it holds; "" when there is no question for it.
func (s *site) quickText(l *locale.Language) string {
	n := min(s.countFacets().quick, quickQuiz)
	if n == 0 {
		return ""
	}
	return l.N(n, "%d question from all topics, with its verdict at once.", "%d questions from all topics, each with its verdict at once.")
}

func (s *site) todayView(l *locale.Language, tx *store.Tx, u store.User) (views.TodayView, error) {
	cal, err := s.Practice.Calendar(u)
	if err != nil {
		return views.TodayView{}, err
	}
	today, err := s.Practice.Today(tx, u, practice.Selection{})
	if err != nil {
		return views.TodayView{}, err
	}
	pace, err := s.Practice.Pace(tx, u)
	if err != nil {
		return views.TodayView{}, err
	}
	running, err := tx.RunningAttempts(u.ID, tx.Now(), 3)
	if err != nil {
		return views.TodayView{}, err
	}
	counts, err := tx.TopicProgress(u.ID)
	if err != nil {
		return views.TodayView{}, err
	}
	day := cal.Day(tx.Time())
	days, err := tx.Days(u.ID, day-weeksShown*7-streakDays)
	if err != nil {
		return views.TodayView{}, err
	}
	v := views.TodayView{
		Date:     l.Date(dayDate(day), locale.Full),
		DateTime: dayDate(day).Format(time.DateOnly),
		Due:      today.Left.Learning + today.Left.Review,
		Minutes:  pace.Minutes(today.Left.Total()),
		NewCards: today.Left.New,
		Weak:     s.weakTopics(l, counts),
		Five:     s.planFive(today, pace).text(l),
		Quick:    s.quickText(l),
		Activity: heatMap(l, days, day, weeksShown, lastWeeks),
		Streak:   streakText(l, days, day),
	}
	if v.News, err = s.newsView(l, tx, u); err != nil {
		return views.TodayView{}, err
	}
	if v.Interview, err = s.interviewView(l, tx, u); err != nil {
		return views.TodayView{}, err
	}
	if v.Answers, err = s.answersView(l, tx, u); err != nil {
		return views.TodayView{}, err
	}
	if today.Left.Total() == 0 {
		v.Tomorrow = nextText(l, today, tx.Time(), cal)
	}
	for _, a := range running {
		v.Continue = append(v.Continue, openAttempt(l, a, tx.Time()))
	}
	arrange(l, &v, u.Hidden)
	return v, nil
}

func openAttempt(l *locale.Language, a store.AttemptLine, now time.Time) views.OpenAttempt {
	v := views.OpenAttempt{Attempt: a.Slug, Title: l.T(a.Title), Done: a.Answered, Total: a.Items, Mode: modeLabel(l, a.Mode)}
	if a.Deadline > 0 {
		v.Left = timeLeft(a.Deadline - now.UnixMilli())
	}
	return v
}

func modeLabel(l *locale.Language, m quiz.Mode) string {
	switch m {
	case quiz.Exam:
		return l.T("Exam")
	case quiz.Check:
		return l.T("Skill check")
	}
	return l.T("Practice")
}

// weakTopics returns the topics in which least was right, with the reason; a topic with fewer than three answered
// questions says nothing yet.
func (s *site) weakTopics(l *locale.Language, counts map[int64]progress.TopicCounts) []views.WeakTopic {
	type weak struct {
		views.WeakTopic
		share float64
	}
	var found []weak
	for _, t := range s.catalog().Topics {
		n := counts[t.ID]
		if n.Answered < 3 || n.Correct*10 > n.Answered*7 {
			continue
		}
		found = append(found, weak{
			WeakTopic: views.WeakTopic{ID: t.Slug, Title: t.Title, Reason: l.F("%d of %d answered questions right", n.Correct, n.Answered)},
			share:     float64(n.Correct) / float64(n.Answered),
		})
	}
	slices.SortStableFunc(found, func(a, b weak) int { return cmp.Compare(a.share, b.share) })
	var out []views.WeakTopic
	for _, w := range found[:min(3, len(found))] {
		out = append(out, w.WeakTopic)
	}
	return out
}

// nextText says when the next card comes when none is due.
func nextText(l *locale.Language, today practice.Today, now time.Time, cal srs.Calendar) string {
	if today.NextAt == 0 {
		return ""
	}
	return l.F("The next card is due %s.", dueText(l, time.UnixMilli(today.NextAt), now, cal))
}
