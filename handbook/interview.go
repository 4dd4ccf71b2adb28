package handbook

import "rehearse/markdown"

func (f *file) readInterview() {
	var i Interview
	f.readFront(map[string]setter{
		"stage":    func(m markdown.Mapping, field markdown.Field) { i.Stage, _ = m.OneOf(field, Stages()) },
		"minutes":  func(m markdown.Mapping, field markdown.Field) { i.Minutes, _ = m.Whole(field, 1, 600) },
		"level":    func(m markdown.Mapping, field markdown.Field) { i.Level, _ = m.OneOf(field, Levels()) },
		"sections": func(m markdown.Mapping, field markdown.Field) { i.Sections = f.readStretches(m, field) },
	}, "stage", "minutes", "level", "sections")
	i.Page, i.Opening = f.page, f.body()
	f.keep = func(b *Book) { b.Interviews = append(b.Interviews, i) }
}

func (f *file) readStretches(m markdown.Mapping, field markdown.Field) []Stretch {
	entries, _ := m.NestedList(field)
	var out []Stretch
	for _, entry := range entries {
		var s Stretch
		readKeys(entry, map[string]setter{
			"title":   func(m markdown.Mapping, field markdown.Field) { s.Title = words(m, field) },
			"minutes": func(m markdown.Mapping, field markdown.Field) { s.Minutes, _ = m.Whole(field, 1, 600) },
			"kinds":   func(m markdown.Mapping, field markdown.Field) { s.Kinds = texts(m, field) },
			"tags":    func(m markdown.Mapping, field markdown.Field) { s.Tags = f.subjects(m, field, "interview-tag") },
			"count":   func(m markdown.Mapping, field markdown.Field) { s.Count, _ = m.Whole(field, 1, 50) },
		})
		out = append(out, s)
	}
	return out
}
