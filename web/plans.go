package web

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"rehearse/handbook"
	"rehearse/locale"
	"rehearse/store"
	"rehearse/views"
)

// plans lists the plans.
func (s *site) plans(c Ctx) error {
	return s.view(c, http.StatusOK, "learn", said("Plans"), func(_ *store.Tx, p views.Page) (templ.Component, error) {
		p.Description = p.L.T("Weeks of preparation in an order that builds, laid out up to your interview, with what you have shown so far.")
		var rows []views.PlanRow
		for _, plan := range s.book().Plans {
			rows = append(rows, views.PlanRow{ID: plan.ID, Title: plan.Title, Summary: plan.Summary, Weeks: plan.Weeks, Blocks: len(plan.Blocks)})
		}
		return views.Plans(p, rows), nil
	})
}

// timing is when somebody goes through a plan, as an address says it.
type timing struct {
	date        string // as typed
	byInterview bool   // date is the day of the interview, else the first day
	weeks       int
	start       time.Time // UTC midnight; zero without a date
	problem     string
}

// readTiming reads when a plan is gone through.
func readTiming(c Ctx, l *locale.Language, plan handbook.Plan) (timing, error) {
	t := timing{date: c.QueryParam("date"), byInterview: c.QueryParam("by") == "interview", weeks: plan.Weeks}
	if weeks := c.QueryParam("weeks"); weeks != "" {
		t.weeks, _ = strconv.Atoi(weeks)
		if !slices.Contains(plan.Lengths(), t.weeks) {
			return t, errForm
		}
	}
	if t.date == "" {
		return t, nil
	}
	day, err := time.Parse(time.DateOnly, t.date)
	if err != nil || day.Year() < 2000 || day.Year() > 2200 {
		t.problem = l.T("Write the day like 2027-01-31.")
		return t, nil
	}
	return t.on(day), nil
}

// on lays a plan out from a first day, or up to the day of an interview.
func (t timing) on(day time.Time) timing {
	if t.start = day; t.byInterview {
		t.start = day.AddDate(0, 0, -7*t.weeks)
	}
	return t
}

// day returns how many days of a plan are over, today not included; false without a date.
func (t timing) day(today int) (int, bool) {
	if t.start.IsZero() {
		return 0, false
	}
	return int(dayDate(today).Sub(t.start) / (24 * time.Hour)), true
}

// plan shows one plan.
func (s *site) plan(c Ctx) error {
	plan, ok := s.book().Plan(c.Param("plan"))
	if !ok {
		return store.ErrNotFound
	}
	l, u, status := s.language(c), s.user(c), http.StatusOK
	cal, err := s.calendar(c)
	if err != nil {
		return err
	}
	when, err := readTiming(c, l, plan)
	if err != nil {
		return err
	}
	if when.problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return s.view(c, status, "learn", plan.Title, func(tx *store.Tx, p views.Page) (templ.Component, error) {
		last, err := tx.LastScores(u.ID)
		if err != nil {
			return nil, err
		}
		today := cal.Day(tx.Time())
		if ahead := u.Settings.Interview; !c.QueryParams().Has("date") && ahead > 0 && ahead >= today {
			when.byInterview, when.date = true, dayDate(ahead).Format(time.DateOnly)
			when = when.on(dayDate(ahead))
		}
		p.Description = plan.Summary
		return views.Plan(p, s.planView(p.L, plan, when, today, last)), nil
	})
}

func (s *site) planView(l *locale.Language, plan handbook.Plan, when timing, today int, last map[int64]int64) views.PlanView {
	v := views.PlanView{
		ID: plan.ID, Title: plan.Title, Summary: plan.Summary, Intro: s.prose(plan.Intro), Lang: foreign(l),
		Date: when.date, Problem: when.problem,
		By: []views.Option{
			{Value: "start", Label: l.T("I begin"), Checked: !when.byInterview},
			{Value: "interview", Label: l.T("my interview is"), Checked: when.byInterview},
		},
	}
	for _, weeks := range plan.Lengths() {
		v.Weeks = append(v.Weeks, views.Option{Value: strconv.Itoa(weeks), Label: l.N(weeks, "%d week", "%d weeks"), Checked: weeks == when.weeks})
	}
	day, dated := when.day(today)
	if dated {
		v.Note = s.planNote(l, plan, when, day)
	}
	for _, turn := range plan.In(when.weeks) {
		block := s.planBlock(l, turn, last)
		if dated {
			first, end := turn.On(when.start)
			block.Dates = l.F("%s to %s", l.Date(first, locale.Short), l.Date(end, locale.Short))
			block.Now = turn.From <= day && day < turn.To
			v.Behind = append(v.Behind, s.behind(l, turn, day, last)...)
		}
		v.Blocks = append(v.Blocks, block)
	}
	return v
}

// planNote says where in the plan today is.
func (s *site) planNote(l *locale.Language, plan handbook.Plan, when timing, day int) string {
	end := 7 * when.weeks
	switch {
	case day < 0:
		return l.F("It begins on %s.", l.Date(when.start, locale.Full))
	case day >= end:
		return l.F("It ended on %s.", l.Date(when.start.AddDate(0, 0, end-1), locale.Full))
	}
	note := l.F("Today is day %d of %d.", day+1, end)
	if shorter := lengthFor(plan, end-day); when.byInterview && day > 0 && shorter > 0 && shorter < when.weeks {
		note += " " + l.F("A plan of %d weeks still fits before the interview.", shorter)
	}
	return note
}

// lengthFor returns the longest of the lengths of a plan that fits into some days, 0 when none does.
func lengthFor(plan handbook.Plan, days int) int {
	best := 0
	for _, weeks := range plan.Lengths() {
		if 7*weeks <= days {
			best = weeks
		}
	}
	return best
}

func (s *site) planBlock(l *locale.Language, turn handbook.Turn, last map[int64]int64) views.PlanBlock {
	block := views.PlanBlock{Title: turn.Title, When: turnWords(l, turn)}
	ids := slices.Clone(turn.Guides)
	for _, id := range turn.Topics {
		sub := s.subject(id)
		all := s.on(sub, "")
		_, right := answered(all, last)
		block.Subjects = append(block.Subjects, views.PlanSubject{Title: sub.Title, URL: s.subjectPage(sub), Right: right, Total: len(all)})
		block.Right, block.Total = block.Right+right, block.Total+len(all)
		if g, ok := s.guideOf(id); ok && !slices.Contains(ids, g.ID) {
			ids = append(ids, g.ID)
		}
	}
	for _, id := range ids {
		if g, ok := s.book().Guide(id); ok {
			block.Guides = append(block.Guides, views.GuideRow{ID: g.ID, Title: g.Title})
		}
	}
	return block
}

// turnWords says which weeks a turn takes, or which days where it does not take whole weeks.
func turnWords(l *locale.Language, t handbook.Turn) string {
	first, last, many, one := t.From+1, t.To, said("Days %d to %d"), said("Day %d")
	if t.From%7 == 0 && t.To%7 == 0 {
		first, last, many, one = t.From/7+1, t.To/7, said("Weeks %d to %d"), said("Week %d")
	}
	if first == last {
		return l.F(one, first)
	}
	return l.F(many, first, last)
}

// behind lists what of a turn is behind, and why.
func (s *site) behind(l *locale.Language, turn handbook.Turn, day int, last map[int64]int64) []views.BehindRow {
	var rows []views.BehindRow
	for _, id := range turn.Topics {
		sub := s.subject(id)
		all := s.on(sub, "")
		n, right := answered(all, last)
		row := views.BehindRow{Title: sub.Title, Block: turn.Title, Practise: s.practiseOn(sub, "")}
		switch lag := turn.Lag(len(all), n, right, day); {
		case lag.Wanted > 0:
			row.Why = l.F("%d answered, %d would be on time", n, lag.Wanted)
		case lag.Wrong:
			row.Why = l.F("%d of %d answered right, %d %% would do", right, n, handbook.WantedRight)
		default:
			continue
		}
		rows = append(rows, row)
	}
	return rows
}
