package handbook

import "rehearse/markdown"

func (f *file) readSet() {
	var s Set
	f.readFront(map[string]setter{
		"questions": func(m markdown.Mapping, field markdown.Field) { s.Groups = f.readGroups(m, field) },
	}, "questions")
	s.Page, s.Intro = f.page, f.body()
	f.keep = func(b *Book) { b.Sets = append(b.Sets, s) }
}

// readGroups reads "heading: [ids]" lines. A question stands in a set once.
func (f *file) readGroups(m markdown.Mapping, field markdown.Field) []Group {
	nested, _ := m.Nested(field)
	seen := map[string]bool{}
	var groups []Group
	for _, heading := range nested.Fields {
		items, _ := nested.List(heading)
		g := Group{Title: markdown.Fold(heading.Key), Questions: textsOf(items)}
		for _, it := range items {
			f.wantQuestion(it.Text, it.At, "set-question")
			if seen[it.Text] {
				f.src.Errorf(it.At, "set-question", "%s is in the set twice; keep one", it.Text)
			}
			seen[it.Text] = true
		}
		groups = append(groups, g)
	}
	return groups
}
