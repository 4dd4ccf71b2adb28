package web

import (
	"cmp"
	"math"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/a-h/templ"

	"rehearse/assess"
	"rehearse/handbook"
	"rehearse/locale"
	"rehearse/practice"
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
