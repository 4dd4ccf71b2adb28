package handbook

import "rehearse/markdown"

func (f *file) readRole() {
	var r Role
	f.readFront(map[string]setter{
		"skills": func(m markdown.Mapping, field markdown.Field) { r.Skills = f.readSkills(m, field) },
		"scope": func(m markdown.Mapping, field markdown.Field) {
			if nested, ok := m.Nested(field); ok {
				readKeys(nested, map[string]setter{
					"owns":       func(m markdown.Mapping, field markdown.Field) { r.Owns = texts(m, field) },
					"shares":     func(m markdown.Mapping, field markdown.Field) { r.Shares = texts(m, field) },
					"hands-over": func(m markdown.Mapping, field markdown.Field) { r.HandsOver = texts(m, field) },
				})
			}
		},
		"axes":   func(m markdown.Mapping, field markdown.Field) { r.Axes = f.readAxes(m, field) },
		"cut":    func(m markdown.Mapping, field markdown.Field) { r.Cut, _ = m.Whole(field, 1, 100) },
		"ladder": func(m markdown.Mapping, field markdown.Field) { r.Ladder = readLadder(m, field) },
	}, "skills", "scope", "ladder")
	r.Page, r.Charter, r.CharterText = f.page, f.body(), f.bodyText()
	if r.Charter == "" {
		f.src.Warnf(0, "role-charter", "the role has no charter; write below the front matter what it is for")
	}
	f.keep = func(b *Book) { b.Roles = append(b.Roles, r) }
}

// readSkills reads "topic or tag: level" lines.
func (f *file) readSkills(m markdown.Mapping, field markdown.Field) []Skill {
	nested, _ := m.Nested(field)
	var skills []Skill
	for _, s := range nested.Fields {
		level, _ := nested.OneOf(s, Levels())
		f.wantSubject(s.Key, s.At, "role-skill")
		skills = append(skills, Skill{ID: s.Key, Level: level})
	}
	return skills
}

func (f *file) readAxes(m markdown.Mapping, field markdown.Field) []Weight {
	nested, _ := m.Nested(field)
	var axes []Weight
	for _, a := range nested.Fields {
		weight, _ := nested.Whole(a, 1, 10)
		axes = append(axes, Weight{Axis: a.Key, Weight: weight})
	}
	return axes
}

func readLadder(m markdown.Mapping, field markdown.Field) []Rung {
	nested, _ := m.Nested(field)
	keys := map[string]setter{}
	var ladder []Rung
	for _, level := range Levels() {
		keys[level] = func(m markdown.Mapping, field markdown.Field) {
			ladder = append(ladder, Rung{Level: level, Expected: texts(m, field)})
		}
	}
	readKeys(nested, keys)
	return ladder
}
