package web

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/a-h/templ"

	"rehearse/bank"
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
			p.Description = "Practise backend interviews: quizzes, flashcards and progress, with the reasons behind every answer. No account needed."
			return views.Start(p, s.startView(tx)), nil
		}
		p.Title = "Today"
		v, err := s.todayView(tx, u)
		return views.Today(p, v), err
	})
}

func (s *site) startView(tx *store.Tx) views.StartView {
	catalog := s.Practice.Catalog()
	v := views.StartView{Bank: catalog.Title, Questions: len(catalog.Questions), Empty: noContent(), Topics: s.topicRows(nil, nil)}
	if e, ok := firstQuestion(catalog); ok {
		v.Question, v.Form = s.oneQuestion(e, newToken(e.RevisionID, tx.Time()), nil, "")
	}
	return v
}

// firstQuestion draws a question that somebody who has just arrived can answer with one click.
func firstQuestion(c *store.Catalog) (store.Entry, bool) {
	var easy, all []store.Entry
	for _, e := range c.Questions {
		if !e.Serves(bank.UseQuiz) || e.Kind != bank.Single {
			continue
		}
		all = append(all, e)
		if e.Difficulty == "easy" {
			easy = append(easy, e)
		}
	}
	if len(easy) == 0 {
		easy = all
	}
	if len(easy) == 0 {
		return store.Entry{}, false
	}
	return easy[rand.IntN(len(easy))], true
}

// quickQuiz is what one click starts.
const quickQuiz = 10

func (s *site) quickText() string {
	n := s.matching(quickFilter())
	return fmt.Sprintf("%s from all topics, each with its verdict at once.", counted(min(n, quickQuiz), "question", "questions"))
}

func (s *site) todayView(tx *store.Tx, u store.User) (views.TodayView, error) {
	cal, err := s.Practice.Calendar(u)
	if err != nil {
		return views.TodayView{}, err
	}
	today, err := s.Practice.Today(tx, u, 0)
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
		Date:     dayDate(day).Format(fullDate),
		Due:      today.Left.Learning + today.Left.Review,
		Minutes:  minutesFor(today.Left.Total(), days),
		NewCards: today.Left.New,
		Weak:     s.weakTopics(counts),
		Quick:    s.quickText(),
		Activity: heatMap(days, day, weeksShown, "in the last 12 weeks"),
		Streak:   streakText(days, day),
	}
	if v.News, err = s.newsView(tx, u); err != nil {
		return views.TodayView{}, err
	}
	if today.Left.Total() == 0 {
		v.Tomorrow = nextText(today, tx.Time(), cal)
	}
	for _, a := range running {
		v.Continue = append(v.Continue, openAttempt(a, tx.Time()))
	}
	return v, nil
}

func openAttempt(a store.AttemptLine, now time.Time) views.OpenAttempt {
	v := views.OpenAttempt{Attempt: a.Slug, Title: a.Title, Done: a.Answered, Total: a.Items, Mode: modeLabel(a.Mode)}
	if a.Deadline > 0 {
		v.Left = timeLeft(a.Deadline - now.UnixMilli())
	}
	return v
}

func modeLabel(m quiz.Mode) string {
	if m == quiz.Exam {
		return "Exam"
	}
	return "Practice"
}

// weakTopics returns the topics in which least was right, with the reason; a topic with fewer than three answered
// questions says nothing yet.
func (s *site) weakTopics(counts map[int64]progress.TopicCounts) []views.WeakTopic {
	type weak struct {
		views.WeakTopic
		share float64
	}
	var found []weak
	for _, t := range s.Practice.Catalog().Topics {
		n := counts[t.ID]
		if n.Answered < 3 || n.Correct*10 > n.Answered*7 {
			continue
		}
		found = append(found, weak{
			WeakTopic: views.WeakTopic{ID: t.Slug, Title: t.Title, Reason: fmt.Sprintf("%d of %d answered questions right", n.Correct, n.Answered)},
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

// minutesFor estimates how long cards take, from the candidate's own pace where there is one.
func minutesFor(cards int, days []progress.Activity) int {
	const usual = 12 * time.Second
	pace, reviews, spent := usual, 0, int64(0)
	for _, d := range days {
		reviews += d.Reviews + d.Answers
		spent += d.Duration
	}
	if reviews >= 20 {
		pace = time.Duration(spent/int64(reviews)) * time.Millisecond
	}
	return int((time.Duration(cards)*pace + time.Minute - 1) / time.Minute)
}

// nextText says when the next card comes when none is due.
func nextText(today practice.Today, now time.Time, cal srs.Calendar) string {
	if today.NextAt == 0 {
		return ""
	}
	return "The next card is due " + dueText(time.UnixMilli(today.NextAt), now, cal) + "."
}
