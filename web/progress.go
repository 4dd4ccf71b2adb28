package web

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"rehearse/progress"
	"rehearse/store"
	"rehearse/views"
)

// attemptsShown is how many attempts a page of the history holds.
const attemptsShown = 20

// progress shows what a candidate knows.
func (s *site) progress(c Ctx) error {
	u := s.user(c)
	return s.view(c, http.StatusOK, "progress", "Progress", func(tx *store.Tx, p views.Page) (templ.Component, error) {
		counts, err := tx.TopicProgress(u.ID)
		if err != nil {
			return nil, err
		}
		attempts, err := tx.CountAttempts(u.ID)
		if err != nil {
			return nil, err
		}
		if len(counts) == 0 && attempts == 0 {
			return views.Progress(p, views.ProgressView{Empty: noProgress(s.links)}), nil
		}
		v, err := s.progressView(c, tx, u, counts)
		if err != nil {
			return nil, err
		}
		v.Attempts, v.Pager, err = s.attemptRows(c, tx, u, attempts)
		return views.Progress(p, v), err
	})
}

func noProgress(l views.Links) views.EmptyView {
	return views.EmptyView{
		Title:  "Nothing here yet",
		Text:   "After the first answers you will see here what you know of each topic, when you practised, and every quiz you took.",
		Action: views.Action{Label: "Start a quiz of 10 questions", URL: l.StartQuiz(), Post: true, Name: "quick", Value: "1"},
	}
}

func (s *site) progressView(c Ctx, tx *store.Tx, u store.User, counts map[int64]progress.TopicCounts) (views.ProgressView, error) {
	due, err := tx.DueByTopic(u.ID, tx.Now())
	if err != nil {
		return views.ProgressView{}, err
	}
	cal, err := s.calendar(c)
	if err != nil {
		return views.ProgressView{}, err
	}
	today := cal.Day(tx.Time())
	days, err := tx.Days(u.ID, today-streakDays)
	if err != nil {
		return views.ProgressView{}, err
	}
	v := views.ProgressView{
		MasteredMeans: fmt.Sprintf("Mastered means: your latest answer was right, and your memory of it is stable enough that recall should stay above 90 %% for %d days.", progress.MasteredStability),
		Streak:        streakText(days, today),
		Year:          heatMap(days, today, yearWeeks, "in the last year"),
	}
	for _, t := range s.Practice.Catalog().Topics {
		n := counts[t.ID]
		v.Topics = append(v.Topics, views.TopicProgress{
			ID: t.Slug, Title: t.Title, Total: len(t.Questions), Seen: n.Seen, Right: n.Correct, Mastered: n.Mastered, Due: due[t.ID],
		})
	}
	return v, nil
}

// attemptRows returns one page of the history of attempts.
func (s *site) attemptRows(c Ctx, tx *store.Tx, u store.User, total int) ([]views.AttemptRow, views.Pager, error) {
	pages := (total + attemptsShown - 1) / attemptsShown
	page, err := strconv.Atoi(c.QueryParam("page"))
	if err != nil || page < 1 || page > pages {
		page = 1
	}
	lines, err := tx.AttemptLines(u.ID, (page-1)*attemptsShown, attemptsShown)
	if err != nil {
		return nil, views.Pager{}, err
	}
	pager := views.Pager{Page: page, Pages: pages}
	if page > 1 {
		pager.Newer = s.links.ProgressPage(page - 1)
	}
	if page < pages {
		pager.Older = s.links.ProgressPage(page + 1)
	}
	cal, err := s.calendar(c)
	if err != nil {
		return nil, views.Pager{}, err
	}
	var rows []views.AttemptRow
	for _, l := range lines {
		rows = append(rows, attemptRow(l, cal.Zone, tx.Now()))
	}
	return rows, pager, nil
}

func attemptRow(l store.AttemptLine, zone *time.Location, now int64) views.AttemptRow {
	at := time.UnixMilli(l.StartedAt).In(zone)
	row := views.AttemptRow{
		Attempt: l.Slug, Date: at.Format(longDate), DateTime: at.Format(time.RFC3339), Title: l.Title, Mode: modeLabel(l.Mode),
		Finished: l.FinishedAt > 0 || l.Deadline > 0 && l.Deadline < now,
	}
	switch {
	case !row.Finished:
		row.Score = "not finished"
	case l.Gradable == 0:
		row.Score = "self-marked"
	default:
		row.Score = fmt.Sprintf("%d of %d", l.Right, l.Gradable)
	}
	return row
}
