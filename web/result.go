package web

import (
	"fmt"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"rehearse/quiz"
	"rehearse/store"
	"rehearse/views"
)

// quizResult shows how an attempt went. While it runs it leads back to it: an exam keeps its verdicts to the end.
func (s *site) quizResult(c Ctx) error {
	return s.view(c, http.StatusOK, "quiz", "Result", func(tx *store.Tx, p views.Page) (templ.Component, error) {
		at, err := s.attempt(c, tx)
		if err != nil {
			return nil, err
		}
		now := tx.Time()
		if !at.Finished(now) {
			return nil, redirect(c, s.onward(at, -1, now))
		}
		cal, err := s.calendar(c)
		if err != nil {
			return nil, err
		}
		return views.QuizResult(p, s.resultView(at, at.Summary(now), cal.Zone)), nil
	})
}

func (s *site) resultView(at *store.Attempt, sum quiz.Summary, zone *time.Location) views.ResultView {
	v := views.ResultView{
		Attempt:  at.Slug,
		Title:    at.Title,
		Mode:     modeLabel(at.Mode),
		Date:     time.UnixMilli(at.StartedAt).In(zone).Format(longDate),
		Right:    sum.Right,
		Total:    sum.Questions,
		TimeUsed: durationText(sum.Seconds),
		TimeUp:   at.Deadline > 0 && (at.FinishedAt == 0 || at.FinishedAt >= at.Deadline),
		Mistakes: len(at.Missed()),
	}
	if sum.Partial > 0 || sum.Max != int64(sum.Questions)*quiz.Full {
		v.Points = fmt.Sprintf("%s of %s points", points(sum.Score), points(sum.Max))
	}
	for _, t := range sum.Topics {
		bar := views.TopicBar{ID: t.Topic, Title: t.Topic, Right: t.Right, Total: t.Questions}
		if topic, err := s.Practice.Catalog().Topic(t.Topic); err == nil {
			bar.Title = topic.Title
		}
		v.Topics = append(v.Topics, bar)
	}
	notes := map[int]string{}
	for _, o := range sum.Open {
		if o.Max > 0 && o.Rating > 0 {
			notes[o.Position] = fmt.Sprintf("%d of %d points", o.Points, o.Max)
		}
	}
	for i, item := range at.Items {
		row := views.ResultRow{
			Position: i + 1,
			Title:    s.html(item.Question.Title),
			Topic:    s.labels(at.Entries[i]).Topic,
			Outcome:  "skipped",
			Note:     notes[i],
		}
		if item.Result != nil {
			row.Outcome = string(item.Result.Verdict)
		}
		if item.Corrected != nil {
			row.Note = "corrected"
			v.Corrected++
		}
		if item.Question.Kind.Open() {
			row.Outcome = openOutcome(row.Outcome)
			v.Open = append(v.Open, row)
		} else {
			v.Rows = append(v.Rows, row)
		}
	}
	return v
}

// points writes micro-points as points with at most one decimal.
func points(micro int64) string {
	tenths := (micro + 50_000) / 100_000
	if tenths%10 == 0 {
		return fmt.Sprint(tenths / 10)
	}
	return fmt.Sprintf("%d.%d", tenths/10, tenths%10)
}

// durationText writes seconds as they are read.
func durationText(seconds int64) string {
	switch {
	case seconds < 60:
		return fmt.Sprintf("%d s", seconds)
	case seconds < 3600:
		return fmt.Sprintf("%d min %d s", seconds/60, seconds%60)
	default:
		return fmt.Sprintf("%d h %d min", seconds/3600, seconds/60%60)
	}
}
