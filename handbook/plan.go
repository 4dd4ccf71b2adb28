package handbook

import (
	"fmt"
	"regexp"
	"strconv"

	"rehearse/markdown"
)

func (f *file) readPlan() {
	var p Plan
	f.readFront(map[string]setter{
		"weeks": func(m markdown.Mapping, field markdown.Field) { p.Blocks = f.readBlocks(m, field) },
	}, "weeks")
	p.Page, p.Intro = f.page, f.body()
	if len(p.Blocks) > 0 {
		p.Weeks = p.Blocks[len(p.Blocks)-1].Last
	}
	f.keep = func(b *Book) { b.Plans = append(b.Plans, p) }
}

// readBlocks reads the weeks of a plan, which follow each other without a gap.
func (f *file) readBlocks(m markdown.Mapping, field markdown.Field) []Block {
	entries, _ := m.NestedList(field)
	var blocks []Block
	next := 1
	for _, entry := range entries {
		b := f.readBlock(entry)
		if b.First != next || b.Last < b.First {
			f.src.Errorf(entry.At(), "plan-weeks", "the block begins in week %d and ends in week %d; the next week of the plan is %d", b.First, b.Last, next)
			return blocks
		}
		if b.Title == "" || len(b.Topics) == 0 {
			f.src.Errorf(entry.At(), "fm-value", "the block has no title or no topics; add title: and topics:")
		}
		next = b.Last + 1
		blocks = append(blocks, b)
	}
	if len(blocks) == 0 {
		m.Wrong(field, "has no block; write \"- weeks: 1-2\" with a title and topics")
	}
	return blocks
}

var weeksForm = regexp.MustCompile(`^([1-9][0-9]?)(?:-([1-9][0-9]?))?$`)

func (f *file) readBlock(entry markdown.Mapping) Block {
	var b Block
	readKeys(entry, map[string]setter{
		"weeks": func(m markdown.Mapping, field markdown.Field) {
			text, _ := m.Words(field)
			w := weeksForm.FindStringSubmatch(text)
			if w == nil {
				m.Wrong(field, fmt.Sprintf("is %q; write 3 or 3-4", text))
				return
			}
			b.First, _ = strconv.Atoi(w[1])
			if b.Last = b.First; w[2] != "" {
				b.Last, _ = strconv.Atoi(w[2])
			}
		},
		"title":  func(m markdown.Mapping, field markdown.Field) { b.Title = words(m, field) },
		"topics": func(m markdown.Mapping, field markdown.Field) { b.Topics = f.subjects(m, field, "plan-topic") },
		"guides": func(m markdown.Mapping, field markdown.Field) { b.Guides = f.guides(m, field) },
		"mock": func(m markdown.Mapping, field markdown.Field) {
			b.Mock = words(m, field)
			f.want("interviews", b.Mock, field.ValueAt, "plan-mock", "interview")
		},
	})
	return b
}

// subjects reads a list of topics and tags.
func (f *file) subjects(m markdown.Mapping, field markdown.Field, code string) []string {
	items, _ := m.List(field)
	for _, it := range items {
		f.wantSubject(it.Text, it.At, code)
	}
	return textsOf(items)
}

func (f *file) guides(m markdown.Mapping, field markdown.Field) []string {
	items, _ := m.List(field)
	for _, it := range items {
		f.wantGuide(it.Text, it.At)
	}
	return textsOf(items)
}
