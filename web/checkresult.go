package web

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"

	"rehearse/assess"
	"rehearse/bank"
	"rehearse/locale"
	"rehearse/quiz"
	"rehearse/srs"
	"rehearse/store"
	"rehearse/views"
)

// checkLog hands out the log of a skill check that is over: with it anybody can work out the result anew.
func (s *site) checkLog(c Ctx) error {
	at, sc, now, err := s.skillCheck(c)
	if err != nil {
		return err
	}
	if !at.Finished(now) {
		return store.ErrNotFound
	}
	text, err := json.MarshalIndent(sc.Log, "", "\t")
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="skill-check-`+at.Slug+`.json"`)
	return c.Blob(http.StatusOK, "application/json", append(text, '\n'))
}

// checkResult shows what a skill check found.
func (s *site) checkResult(c Ctx) error {
	return s.view(c, http.StatusOK, "assess", said("Result of the skill check"), func(tx *store.Tx, p views.Page) (templ.Component, error) {
		at, sc, err := s.Practice.SkillCheck(tx, s.user(c).ID, c.Param("attempt"))
		if err != nil {
			return nil, err
		}
		now := tx.Time()
		if !at.Finished(now) {
			return nil, redirect(c, s.checkPlace(at, now))
		}
		cal, err := s.calendar(c)
		if err != nil {
			return nil, err
		}
		return views.CheckResult(p, s.checkResultView(p.L, at, sc, now, cal)), nil
	})
}

func (s *site) checkResultView(l *locale.Language, at *store.Attempt, sc store.SkillCheck, now time.Time, cal srs.Calendar) views.CheckResultView {
	r := sc.Log.Result
	v := views.CheckResultView{
		Attempt: at.Slug, Title: l.T(at.Title), Date: l.Date(time.UnixMilli(at.StartedAt).In(cal.Zone), locale.Long),
		Headline: l.T("Nothing was measured"), Points: r.Score.Points, Error: r.Score.Error, Scored: r.Scored,
		Stopped: stopWords(l, sc.Log.Stop),
	}
	v.State, v.Meaning = stateWords(l, r.State)
	if r.Scored > 0 {
		v.Headline = headline(l, r.Level)
	}
	if a, ok := s.assessment(l, sc.Name); ok {
		v.Retake = retakeDay(l, cal, cmp.Or(at.FinishedAt, at.Deadline), a.Retake, now)
	}
	for _, t := range r.Topics {
		bar := views.CheckBar{Title: s.topicTitle(t.Topic), Low: t.Low, High: t.High, Point: t.Ability.Score().Points, Asked: t.Asked, Right: t.Right, Level: levelWords(l, t.Level), More: t.More}
		if _, err := s.catalog().Topic(t.Topic); err == nil {
			bar.ID = t.Topic
		}
		v.Topics = append(v.Topics, bar)
	}
	slices.SortStableFunc(v.Topics, func(a, b views.CheckBar) int { return cmp.Compare(b.Point, a.Point) })
	for _, ready := range r.Roles {
		row := views.ReadyRow{ID: ready.Role, Title: ready.Role, Percent: ready.Percent, Hidden: ready.Hidden}
		if role, ok := s.book().Role(ready.Role); ok {
			row.Title = role.Title
			i := slices.IndexFunc(sc.Log.Roles, func(r assess.Role) bool { return r.ID == ready.Role })
			if i >= 0 && len(sc.Log.Roles[i].Weights) < len(role.Skills) {
				row.Part = l.F("%d of its %d skills are measured here", len(sc.Log.Roles[i].Weights), len(role.Skills))
			}
		}
		v.Roles = append(v.Roles, row)
	}
	s.checkRows(l, &v, at, sc.Log)
	v.Study = s.study(l, v.Topics)
	return v
}

// checkRows lists the questions of a skill check. Those that serve nothing else stay secret.
func (s *site) checkRows(l *locale.Language, v *views.CheckResultView, at *store.Attempt, log assess.Log) {
	for i, item := range at.Items {
		row := views.CheckRow{Position: i + 1, Topic: s.topicTitle(at.Listed[i].Topic), Outcome: "skipped"}
		if !item.Question.Secret() {
			row.Title = s.html(item.Question.Title)
		}
		if item.Result != nil {
			row.Outcome = string(item.Result.Verdict)
			if item.Result.Verdict != quiz.Right && !item.Question.Secret() {
				v.Mistakes++
				if item.Question.Serves(bank.UseCard) {
					v.Cards++
				}
			}
			if !log.Steps[i].Counts() {
				v.Unscored++
				row.Note = l.T("does not count")
			}
		}
		if item.Corrected != nil {
			v.Corrected++
			row.Note = l.T("corrected")
		}
		v.Rows = append(v.Rows, row)
	}
}

// study leads to the two topics in which least is known.
func (s *site) study(l *locale.Language, best []views.CheckBar) []views.Action {
	var out []views.Action
	for i := len(best) - 1; i >= 0 && len(out) < 2; i-- {
		if best[i].ID != "" && len(best) > 1 {
			out = append(out, views.Action{Label: l.F("Practise %s", best[i].Title), URL: s.links.Topic(best[i].ID)})
		}
	}
	return out
}

// headline says in words what is known of the level.
func headline(l *locale.Language, statement string) string {
	switch statement {
	case "junior":
		return l.T("Junior level")
	case "mid":
		return l.T("Mid level")
	case "senior":
		return l.T("Senior level")
	case "between junior and mid":
		return l.T("Between junior and mid")
	case "between mid and senior":
		return l.T("Between mid and senior")
	}
	return l.T("Somewhere between junior and senior")
}

// stopWords says why a skill check ended.
func stopWords(l *locale.Language, why assess.Stop) string {
	switch why {
	case assess.Precise:
		return l.T("It ended because the estimate was precise enough.")
	case assess.Length:
		return l.T("It ended after the greatest number of questions.")
	case assess.Exhausted:
		return l.T("It ended because no question was left that you had not seen.")
	case assess.TimeUp:
		return l.T("It ended because the time was up. What was sent later does not count.")
	}
	return l.T("You ended it early.")
}
