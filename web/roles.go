package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"rehearse/assess"
	"rehearse/handbook"
	"rehearse/locale"
	"rehearse/store"
	"rehearse/views"
)

// roles lists the roles.
func (s *site) roles(c Ctx) error {
	u := s.user(c)
	return s.view(c, http.StatusOK, "learn", said("Roles"), func(tx *store.Tx, p views.Page) (templ.Component, error) {
		p.Description = p.L.T("What backend roles are trusted with, which skills they ask for, and what you have shown of them.")
		known, err := s.shownBy(tx, u)
		if err != nil {
			return nil, err
		}
		var rows []views.RoleRow
		for _, r := range s.book().Roles {
			row := views.RoleRow{ID: r.ID, Title: r.Title, Summary: r.Summary, Skills: len(r.Skills)}
			if !known.nothing() {
				row.Standing = standings(p.L, r.Show(known.in))
			}
			rows = append(rows, row)
		}
		return views.Roles(p, rows), nil
	})
}

// standings counts the gaps of a role in words.
func standings(l *locale.Language, shown []handbook.Shown) string {
	n := map[handbook.Standing]int{}
	for _, skill := range shown {
		n[skill.Standing]++
	}
	var parts []string
	if gaps := n[handbook.Lacking]; gaps > 0 {
		parts = append(parts, l.N(gaps, "%d gap", "%d gaps"))
	}
	if met := n[handbook.Met]; met > 0 {
		parts = append(parts, l.F("%d met", met))
	}
	if rest := n[handbook.Unknown] + n[handbook.Scant]; rest > 0 {
		parts = append(parts, l.F("%d not known yet", rest))
	}
	return strings.Join(parts, " · ")
}

// role shows one role, with what the candidate has shown of it.
func (s *site) role(c Ctx) error {
	r, ok := s.book().Role(c.Param("role"))
	if !ok {
		return store.ErrNotFound
	}
	u := s.user(c)
	return s.view(c, http.StatusOK, "learn", r.Title, func(tx *store.Tx, p views.Page) (templ.Component, error) {
		p.Description = r.Summary
		known, err := s.shownBy(tx, u)
		if err != nil {
			return nil, err
		}
		v := views.RoleView{
			ID: r.ID, Title: r.Title, Summary: r.Summary, Charter: s.prose(r.Charter), Lang: foreign(p.L),
			Scope: scopeLists(p.L, r), Nothing: known.nothing(), Ladder: rungs(p.L, r), Cut: r.Asks(), Others: len(s.book().Roles) > 1,
		}
		for _, skill := range r.Show(known.in) {
			v.Skills = append(v.Skills, s.skillRow(skill, known))
		}
		return views.Role(p, v), nil
	})
}

// foreign returns the language of the handbook where a page is in another one.
func foreign(l *locale.Language) string {
	if l.Tag == "en" {
		return ""
	}
	return "en"
}

func scopeLists(l *locale.Language, r handbook.Role) []views.ScopeList {
	var out []views.ScopeList
	for _, list := range []views.ScopeList{
		{Title: l.T("Owns"), Points: r.Owns},
		{Title: l.T("Shares"), Points: r.Shares},
		{Title: l.T("Hands over"), Points: r.HandsOver},
	} {
		if len(list.Points) > 0 {
			out = append(out, list)
		}
	}
	return out
}

func rungs(l *locale.Language, r handbook.Role) []views.Rung {
	var out []views.Rung
	for i, rung := range r.Ladder {
		v := views.Rung{Title: levelTitle(l, rung.Level), Points: rung.Expected}
		if i > 0 {
			v.Below = r.Ladder[i-1].Level
		}
		out = append(out, v)
	}
	return out
}

// levelTitle writes a level as a heading.
func levelTitle(l *locale.Language, level string) string {
	if level == "staff" {
		return l.T("Staff level")
	}
	return headline(l, level)
}

func (s *site) skillRow(skill handbook.Shown, known shown) views.SkillRow {
	sub := s.subject(skill.ID)
	row := views.SkillRow{
		Title: sub.Title, URL: s.subjectPage(sub), Level: skill.Level, Standing: string(skill.Standing),
		Answered: skill.Answered, Right: skill.Right,
	}
	if len(s.on(sub, skill.Level)) > 0 {
		row.Practise = s.practiseOn(sub, skill.Level)
	}
	if m, ok := known.measured[skill.ID]; ok {
		row.Measured, row.From = true, assess.Ability{Theta: levelCut[skill.Level]}.Score().Points
		row.Low, row.High, row.Point = m.Low, m.High, m.Score().Points
	}
	return row
}

// shown is what a candidate has shown so far.
type shown struct {
	site     *site
	last     map[int64]int64
	measured map[string]assess.TopicAbility // by topic: the latest estimate
}

func (s *site) shownBy(tx *store.Tx, u store.User) (shown, error) {
	known := shown{site: s, measured: map[string]assess.TopicAbility{}}
	var err error
	if known.last, err = tx.LastScores(u.ID); err != nil {
		return known, err
	}
	past, err := s.Practice.SkillChecks(tx, u.ID)
	if err != nil {
		return known, err
	}
	for _, line := range slices.Backward(past) { // the newest has the last word
		if _, over := line.Ended(tx.Now()); !over || line.Log.Result == nil {
			continue
		}
		for _, t := range line.Log.Result.Topics {
			known.measured[t.Topic] = t
		}
	}
	return known, nil
}

// nothing reports whether there is no evidence of any kind.
func (k shown) nothing() bool { return len(k.last) == 0 && len(k.measured) == 0 }

// in returns the evidence in one skill. A skill check measures topics alone.
func (k shown) in(skill handbook.Skill) handbook.Evidence {
	var e handbook.Evidence
	e.Answered, e.Right = answered(k.site.on(k.site.subject(skill.ID), skill.Level), k.last)
	if m, ok := k.measured[skill.ID]; ok {
		e.Measured, e.Short = true, levelCut[skill.Level]-m.Theta
	}
	return e
}

// roleDescription hands a role out as a job description.
func (s *site) roleDescription(c Ctx) error {
	r, ok := s.book().Role(c.Param("role"))
	if !ok {
		return store.ErrNotFound
	}
	text := r.Description(func(skill string) string { return s.subject(skill).Title })
	c.Response().Header().Set("Content-Disposition", `attachment; filename="`+r.ID+`.md"`)
	return c.Blob(http.StatusOK, "text/markdown; charset=utf-8", []byte(text))
}

// compareRoles sets two roles side by side, or lets them be chosen.
func (s *site) compareRoles(c Ctx) error {
	a, b := c.QueryParam("a"), c.QueryParam("b")
	one, okA := s.book().Role(a)
	other, okB := s.book().Role(b)
	if a != "" && !okA || b != "" && !okB {
		return store.ErrNotFound
	}
	return s.view(c, http.StatusOK, "learn", said("Compare roles"), func(_ *store.Tx, p views.Page) (templ.Component, error) {
		v := views.CompareRolesView{Lang: foreign(p.L)}
		for _, r := range s.book().Roles {
			v.A = append(v.A, views.Option{Value: r.ID, Label: r.Title, Checked: r.ID == a})
			v.B = append(v.B, views.Option{Value: r.ID, Label: r.Title, Checked: r.ID == b})
		}
		switch {
		case !okA || !okB:
		case a == b:
			v.Problem = p.L.T("Choose two different roles.")
		default:
			p.Title = p.L.F("%s and %s", one.Title, other.Title)
			s.setSideBySide(p.L, &v, one, other)
		}
		return views.CompareRoles(p, v), nil
	})
}

func (s *site) setSideBySide(l *locale.Language, v *views.CompareRolesView, a, b handbook.Role) {
	v.First, v.Second = sideOf(l, a), sideOf(l, b)
	for _, c := range handbook.Compare(a, b) {
		sub := s.subject(c.ID)
		row := views.ContrastRow{Title: sub.Title, URL: s.subjectPage(sub), A: c.A, B: c.B}
		if c.A == c.B {
			v.Alike = append(v.Alike, row)
		} else {
			v.Different = append(v.Different, row)
		}
	}
}

func sideOf(l *locale.Language, r handbook.Role) views.RoleSide {
	return views.RoleSide{ID: r.ID, Title: r.Title, Summary: r.Summary, Scope: scopeLists(l, r)}
}
