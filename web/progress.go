package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"rehearse/locale"
	"rehearse/progress"
	"rehearse/store"
	"rehearse/views"
)

// attemptsShown is how many attempts a page of the history holds.
const attemptsShown = 20

// progress shows what a candidate knows.
func (s *site) progress(c Ctx) error {
	u := s.user(c)
	return s.view(c, http.StatusOK, "progress", said("Progress"), func(tx *store.Tx, p views.Page) (templ.Component, error) {
		counts, err := tx.TopicProgress(u.ID)
		if err != nil {
			return nil, err
		}
		attempts, err := tx.CountAttempts(u.ID)
		if err != nil {
			return nil, err
		}
		if len(counts) == 0 && attempts == 0 {
			p.Description = p.L.T("What you know of each topic, when you practised, and what to look at next.")
			return views.Progress(p, views.ProgressView{Empty: noProgress(p.L, s.links)}), nil
		}
		v, err := s.progressView(p.L, c, tx, u, counts)
		if err != nil {
			return nil, err
		}
		v.Attempts, v.Pager, err = s.attemptRows(p.L, c, tx, u, attempts)
		return views.Progress(p, v), err
	})
}

func noProgress(l *locale.Language, links views.Links) views.EmptyView {
	return views.EmptyView{
		Title:  l.T("Nothing here yet"),
		Text:   l.T("After the first answers you will see here what you know of each topic, when you practised, and every quiz you took."),
		Action: views.Action{Label: l.F("Start a quiz of %d questions", quickQuiz), URL: links.StartQuiz(), Post: true, Name: "quick", Value: "1"},
	}
}

func (s *site) progressView(l *locale.Language, c Ctx, tx *store.Tx, u store.User, counts map[int64]progress.TopicCounts) (views.ProgressView, error) {
	due, err := s.Practice.DueByTopic(tx, u)
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
	coming, err := s.Practice.Forecast(tx, u)
	if err != nil {
		return views.ProgressView{}, err
	}
	v := views.ProgressView{
		MasteredMeans: l.F("Mastered means: your latest answer was right, and your memory of it is stable enough that recall should stay above 90 %% for %d days.", progress.MasteredStability),
		Streak:        streakText(l, days, today),
		Year:          heatMap(l, days, today, yearWeeks, lastYear),
		Recall:        recallRows(l, days, today),
		Wanted:        retentionOf(u),
		Forecast:      forecast(l, u, coming, today),
		Calibration:   calibrationView(l, u, days),
	}
	for _, t := range s.catalog().Topics {
		n := counts[t.ID]
		v.Topics = append(v.Topics, views.TopicProgress{
			ID: t.Slug, Title: t.Title, Total: len(t.Questions), Seen: n.Seen, Right: n.Correct, Mastered: n.Mastered, Due: due[t.ID],
		})
	}
	return v, nil
}

// attemptRows returns one page of the history of attempts.
func (s *site) attemptRows(l *locale.Language, c Ctx, tx *store.Tx, u store.User, total int) ([]views.AttemptRow, views.Pager, error) {
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
	for _, line := range lines {
		rows = append(rows, attemptRow(l, line, cal.Zone, tx.Now()))
	}
	return rows, pager, nil
}

func attemptRow(l *locale.Language, a store.AttemptLine, zone *time.Location, now int64) views.AttemptRow {
	at := time.UnixMilli(a.StartedAt).In(zone)
	row := views.AttemptRow{
		Attempt: a.Slug, Date: l.Date(at, locale.Long), DateTime: at.Format(time.RFC3339), Title: l.T(a.Title), Mode: modeLabel(l, a.Mode),
		Finished: a.FinishedAt > 0 || a.Deadline > 0 && a.Deadline < now,
	}
	switch {
	case !row.Finished:
		row.Score = l.T("not finished")
	case a.Gradable == 0:
		row.Score = l.T("self-marked")
	default:
		row.Score = l.F("%d of %d", a.Right, a.Gradable)
	}
	return row
}
