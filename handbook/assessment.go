package handbook

import "rehearse/markdown"

// Assessment says what one of the skill checks measures.
type Assessment struct {
	Page
	Intro  string  // HTML
	Topics []Share // its blueprint
	Roles  []string
	Retake int // days from its end until it may be taken again
}

// DefaultRetake is how many days lie between two skill checks, if the author says nothing.
const DefaultRetake = 14

// Share is how much of a skill check one topic gets, or the questions with one tag.
type Share struct {
	Topic  string // its id, or the tag
	Weight int    // 1 to 10
}

// Assessment returns the assessment with this id.
func (b *Book) Assessment(id string) (Assessment, bool) {
	return find(b.Assessments, func(a Assessment) bool { return a.ID == id })
}

func (f *file) readAssessment() {
	a := Assessment{Retake: DefaultRetake}
	f.readFront(map[string]setter{
		"topics": func(m markdown.Mapping, field markdown.Field) { a.Topics = f.readShares(m, field) },
		"roles": func(m markdown.Mapping, field markdown.Field) {
			items, _ := m.List(field)
			for _, it := range items {
				f.want("roles", it.Text, it.At, "assessment-role", "role")
				a.Roles = append(a.Roles, it.Text)
			}
		},
		"retake": func(m markdown.Mapping, field markdown.Field) { a.Retake, _ = m.Whole(field, 0, 365) },
	}, "topics")
	a.Page, a.Intro = f.page, f.body()
	f.keep = func(b *Book) { b.Assessments = append(b.Assessments, a) }
}

// readShares reads "topic: weight" lines.
func (f *file) readShares(m markdown.Mapping, field markdown.Field) []Share {
	nested, _ := m.Nested(field)
	var shares []Share
	for _, t := range nested.Fields {
		weight, _ := nested.Whole(t, 1, 10)
		f.wantSubject(t.Key, t.At, "assessment-topic")
		shares = append(shares, Share{Topic: t.Key, Weight: weight})
	}
	return shares
}
