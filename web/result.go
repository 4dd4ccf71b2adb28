package web

import (
	"fmt"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"rehearse/locale"
	"rehearse/quiz"
	"rehearse/store"
	"rehearse/views"
)

// quizResult shows how an attempt went. While it runs it leads back to it: an exam keeps its verdicts to the end.
func (s *site) quizResult(c Ctx) error {
	return s.view(c, http.StatusOK, "quiz", said("Result"), func(tx *store.Tx, p views.Page) (templ.Component, error) {
		at, err := s.attempt(c, tx)
		if err != nil {
			return nil, err
		}
		now := tx.Time()
		if !at.Finished(now) || at.Mode == quiz.Check {
			return nil, redirect(c, s.onward(at, -1, now))
		}
		cal, err := s.calendar(c)
		if err != nil {
			return nil, err
		}
		return views.QuizResult(p, s.resultView(p.L, at, at.Summary(now), cal.Zone)), nil
	})
}

func (s *site) resultView(l *locale.Language, at *store.Attempt, sum quiz.Summary, zone *time.Location) views.ResultView {
	v := views.ResultView{
		Attempt:  at.Slug,
		Title:    l.T(at.Title),
		Mode:     modeLabel(l, at.Mode),
		Date:     l.Date(time.UnixMilli(at.StartedAt).In(zone), locale.Long),
		Right:    sum.Right,
		Total:    sum.Questions,
		TimeUsed: durationText(l, sum.Seconds),
		TimeUp:   at.Deadline > 0 && (at.FinishedAt == 0 || at.FinishedAt >= at.Deadline),
		Mistakes: len(at.Missed()),
	}
	if sum.Partial > 0 || sum.Max != int64(sum.Questions)*quiz.Full {
		v.Points = l.F("%s of %s points", points(l, sum.Score), points(l, sum.Max))
	}
	for _, t := range sum.Topics {
		if 2*len(sum.Topics) > sum.Questions { // the list of questions says the same
			break
		}
		bar := views.TopicBar{ID: t.Topic, Title: t.Topic, Right: t.Right, Total: t.Questions}
		if topic, err := s.catalog().Topic(t.Topic); err == nil {
			bar.Title = topic.Title
		}
		v.Topics = append(v.Topics, bar)
	}
	notes := map[int]string{}
	for _, o := range sum.Open {
		if o.Max > 0 && o.Rating > 0 {
			notes[o.Position] = l.F("%d of %d points", o.Points, o.Max)
		}
	}
	for i, item := range at.Items {
		row := views.ResultRow{
			Position: i + 1,
			Title:    s.html(item.Question.Title),
			Topic:    s.topicTitle(at.Listed[i].Topic),
			Outcome:  "skipped",
			Note:     notes[i],
		}
		if item.Result != nil {
			row.Outcome = string(item.Result.Verdict)
		}
		if item.Corrected != nil {
			row.Note = l.T("corrected")
			v.Corrected++
		}
		if item.Question.Kind.Open() {
			row.Outcome = openOutcome(row.Outcome)
			v.Open = append(v.Open, row)
		} else {
			v.Rows = append(v.Rows, row)
			if item.Surprise() {
				v.Sure = append(v.Sure, row)
			}
		}
	}
	return v
}

// points writes micro-points as points with at most one decimal.
func points(l *locale.Language, micro int64) string {
	tenths := (micro + 50_000) / 100_000
	if tenths%10 == 0 {
		return fmt.Sprint(tenths / 10)
	}
	return l.F("%d.%d", tenths/10, tenths%10)
}

// durationText writes seconds as they are read.
func durationText(l *locale.Language, seconds int64) string {
	switch {
	case seconds < 60:
		return l.F("%d s", seconds)
	case seconds < 3600:
		return l.F("%d min %d s", seconds/60, seconds%60)
	default:
		return l.F("%d h %d min", seconds/3600, seconds/60%60)
	}
}
