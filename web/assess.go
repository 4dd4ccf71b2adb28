package web

import (
	"cmp"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/a-h/templ"

	"rehearse/assess"
	"rehearse/bank"
	"rehearse/handbook"
	"rehearse/locale"
	"rehearse/practice"
	"rehearse/quiz"
	"rehearse/srs"
	"rehearse/store"
	"rehearse/views"
)

// everything is the id, in forms, of the skill check over all topics, which a bank has that describes none.
const everything = "all"

// assessments returns what can be measured here: what the handbook describes, else all topics alike.
func (s *site) assessments(l *locale.Language) []handbook.Assessment {
	var all []handbook.Assessment
	for _, a := range s.book().Assessments {
		a.Topics = slices.DeleteFunc(slices.Clone(a.Topics), func(t handbook.Share) bool { return !s.Practice.Measured(t.Topic) })
		if len(a.Topics) > 0 {
			all = append(all, a)
		}
	}
	if len(all) > 0 { // the widest first
		slices.SortStableFunc(all, func(a, b handbook.Assessment) int { return len(b.Topics) - len(a.Topics) })
		return all
	}
	a := handbook.Assessment{Retake: handbook.DefaultRetake, Page: handbook.Page{
		ID: everything, Title: l.T("All topics"), Summary: l.T("Every topic of this bank, each as much as the others."),
	}}
	for _, t := range s.catalog().Topics {
		if s.Practice.Measured(t.Slug) {
			a.Topics = append(a.Topics, handbook.Share{Topic: t.Slug, Weight: 1})
		}
	}
	return []handbook.Assessment{a}
}

// assessment returns the one with an id.
func (s *site) assessment(l *locale.Language, id string) (handbook.Assessment, bool) {
	all := s.assessments(l)
	i := slices.IndexFunc(all, func(a handbook.Assessment) bool { return a.ID == id })
	if i < 0 {
		return handbook.Assessment{}, false
	}
	return all[i], true
}

func blueprintOf(a handbook.Assessment) assess.Blueprint {
	total := 0
	for _, t := range a.Topics {
		total += t.Weight
	}
	var b assess.Blueprint
	for _, t := range a.Topics {
		b = append(b, assess.Share{Topic: t.Topic, Share: float64(t.Weight) / float64(total)})
	}
	return b
}

// levelCut is the ability, in logits, from which somebody is of a level. The lowest level begins nowhere; its cut lies as
// far below the next one as the others lie apart.
var levelCut = map[string]float64{"junior": -1.5, "mid": -0.5, "senior": 0.5, "staff": 1.5}

// rolesOf returns the roles of an assessment as the model knows them: a role weighs its topics alike, and is cut at the mean
// of the levels that it asks for. Skills that are tags are not measured apart.
func (s *site) rolesOf(a handbook.Assessment) []assess.Role {
	var roles []assess.Role
	for _, id := range a.Roles {
		role, ok := s.book().Role(id)
		if !ok {
			continue
		}
		r := assess.Role{ID: id}
		for _, skill := range role.Skills {
			if slices.ContainsFunc(a.Topics, func(t handbook.Share) bool { return t.Topic == skill.ID }) {
				r.Weights = append(r.Weights, assess.Share{Topic: skill.ID, Share: 1})
				r.Cut += levelCut[skill.Level]
			}
		}
		if len(r.Weights) > 0 {
			r.Cut /= float64(len(r.Weights))
			roles = append(roles, r)
		}
	}
	return roles
}

// assess shows what can be measured.
func (s *site) assess(c Ctx) error { return s.showAssess(c, http.StatusOK, nil, "") }

// showAssess shows it with what was chosen, and what is wrong with it.
func (s *site) showAssess(c Ctx, status int, form url.Values, problem string) error {
	u := s.user(c)
	return s.view(c, status, "assess", said("Skill check"), func(tx *store.Tx, p views.Page) (templ.Component, error) {
		p.Description = p.L.T("Each question is chosen by your answers so far. At the end stands how far you are, topic by topic, and how sure that is.")
		v := views.AssessView{Empty: noContent(p.L)}
		past, err := s.Practice.SkillChecks(tx, u.ID)
		if err != nil {
			return nil, err
		}
		cal, err := s.calendar(c)
		if err != nil {
			return nil, err
		}
		state := assess.Calibrated
		for _, a := range s.assessments(p.L) {
			pool, err := s.Practice.CheckPool(tx, u.ID, blueprintOf(a))
			if err != nil {
				return nil, err
			}
			if len(pool) == 0 {
				continue
			}
			state = lower(state, assess.StateOf(pool))
			offer := s.checkOffer(p.L, a, pool, past, tx.Time(), cal)
			limit := "none"
			if form.Get("check") == a.ID {
				offer.Problem, limit = problem, orDefault(form.Get("limit"), "none")
			}
			check(offer.Limits, limit)
			v.Checks = append(v.Checks, offer)
		}
		v.State, v.Meaning = stateWords(p.L, state)
		for _, line := range past {
			_, over := line.Ended(tx.Now())
			if over || !slices.ContainsFunc(v.Checks, func(o views.CheckOffer) bool { return o.Running == line.Slug }) {
				v.Past = append(v.Past, pastCheck(p.L, line, over, cal.Zone))
			}
		}
		return views.Assess(p, v), nil
	})
}

// lower returns the state that claims less.
func lower(a, b assess.State) assess.State {
	order := []assess.State{assess.Pilot, assess.Provisional, assess.Calibrated}
	return order[min(slices.Index(order, a), slices.Index(order, b))]
}

// stateWords says what the parameters of the questions rest on.
func stateWords(l *locale.Language, state assess.State) (word, meaning string) {
	switch state {
	case assess.Calibrated:
		return l.T("calibrated"), l.T("The difficulty of the questions was estimated from at least 100 first answers to each, and checked against them.")
	case assess.Provisional:
		return l.T("provisional"), l.T("The difficulty of the questions was estimated from at least 10 first answers to each; that is little.")
	default:
		return l.T("pilot"), l.T("The difficulty of the questions is what their authors think, not yet estimated from answers, so nothing is compared with others.")
	}
}

func (s *site) checkOffer(l *locale.Language, a handbook.Assessment, pool []assess.Item, past []store.CheckLine, now time.Time, cal srs.Calendar) views.CheckOffer {
	v := views.CheckOffer{
		ID: a.ID, Title: a.Title, Summary: a.Summary, Intro: s.prose(a.Intro),
		Limits: []views.Option{
			{Value: "none", Label: l.T("None")},
			{Value: "40", Label: l.F("%d min", 40)},
			{Value: "60", Label: l.F("%d min", 60)},
			{Value: "80", Label: l.F("%d min", 80)},
		},
	}
	for _, t := range blueprintOf(a) {
		v.Topics = append(v.Topics, views.CheckTopic{Title: s.topicTitle(t.Topic), Percent: int(math.Round(100 * t.Share))})
	}
	minutes, scored := 0.0, 0
	for _, it := range pool {
		if it.Scored() {
			minutes += cmp.Or(it.Minutes, 2)
			scored++
		}
	}
	const usual = 20 // questions of a session
	if v.Fresh = scored; scored > 0 {
		v.Minutes = max(5, 5*int(math.Round(minutes/float64(scored)*float64(min(usual, scored))/5)))
	}
	running, ended := practice.StandOf(past, a.ID, now.UnixMilli())
	v.Running = running
	if ended > 0 {
		v.Until = retakeDay(l, cal, ended, a.Retake, now)
	}
	return v
}

// retakeDay returns the day from which a skill check that ended may be taken again, "" when that is now.
func retakeDay(l *locale.Language, cal srs.Calendar, ended int64, days int, now time.Time) string {
	until := practice.RetakeFrom(cal, ended, days)
	if !until.After(now) {
		return ""
	}
	return l.Date(until.In(cal.Zone), locale.Long)
}

// topicTitle returns the title of a topic, or its id when it is gone.
func (s *site) topicTitle(id string) string {
	if t, err := s.catalog().Topic(id); err == nil {
		return t.Title
	}
	return id
}

func pastCheck(l *locale.Language, line store.CheckLine, over bool, zone *time.Location) views.PastCheck {
	at := time.UnixMilli(line.StartedAt).In(zone)
	v := views.PastCheck{Attempt: line.Slug, Title: l.T(line.Title), Date: l.Date(at, locale.Long), DateTime: at.Format(time.DateOnly), Score: l.T("not measured")}
	if !over {
		v.Score = l.T("not finished")
	} else if r := line.Log.Result; r != nil && r.Scored > 0 {
		v.Score, v.Level = l.F("%d ± %d", r.Score.Points, r.Score.Error), levelWords(l, r.Level)
	}
	return v
}

// levelWords writes what a session states of the level.
func levelWords(l *locale.Language, statement string) string {
	switch statement {
	case "junior", "mid", "senior":
		return views.Label(l, statement)
	case "between junior and mid":
		return l.T("between junior and mid")
	case "between mid and senior":
		return l.T("between mid and senior")
	case "between junior and senior":
		return l.T("anywhere between junior and senior")
	}
	return ""
}

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

// answerCheck takes the response to the question that waits.
func (s *site) answerCheck(c Ctx) error {
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
	if item.Result != nil || at.Finished(now) { // sent twice, or too late: what was recorded first stands
		return redirect(c, s.checkPlace(at, now))
	}
	layout, err := at.Layout(place)
	if err != nil {
		return err
	}
	response, problems := quiz.ResponseFromForm(form, *item.Question, layout)
	if len(problems) > 0 {
		return s.showCheckItem(c, http.StatusUnprocessableEntity, form, sentence(s.language(c), problems), nil)
	}
	if err := s.allowRun(c, *item.Question); err != nil {
		return err
	}
	err = s.Practice.AnswerCheck(c.Request().Context(), s.actor(c), at.Slug, place, response, false)
	if status, problem := notMarked(s.language(c), err); problem != "" {
		return s.showCheckItem(c, status, form, problem, nil)
	}
	return s.goOn(c, err)
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
	if err := s.allowRun(c, *item.Question); err != nil {
		return err
	}
	tried, status, problem, err := s.try(c.Request().Context(), s.language(c), *item.Question, form.Get("text"))
	if err != nil {
		return err
	}
	return s.showCheckItem(c, status, form, problem, tried)
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
		row := views.CheckRow{Position: i + 1, Topic: s.topicTitle(at.Entries[i].Topic), Outcome: "skipped"}
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
