package bank

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"

	"rehearse/markdown"
)

const rubricShape = "the section must be one list and nothing else; write one criterion an item, beginning with \"- \""

// weightForm is a weight, or what looks like one: a single character, or anything that begins like a number.
var weightForm = regexp.MustCompile(`^\(([^\s()]|[-+.]?[0-9][^()]{0,20})\)\s*`)

const maxPoints = 100

// readRubric reads the criteria with their weights.
func (b *builder) readRubric(s *section) {
	list, ok := s.blocks[0].(*ast.List)
	switch {
	case !ok:
		b.errorf(s.blocks[0], "section-shape", rubricShape)
		return
	case len(s.blocks) > 1:
		b.errorf(s.blocks[1], "section-shape", rubricShape)
		return
	}
	for _, item := range markdown.Children(list) {
		points := b.takeWeight(item)
		text := b.phrase(b.content(item))
		if text.Empty() {
			b.errorf(item, "section-shape", "the criterion is empty; write its text or remove it")
			continue
		}
		b.q.Rubric = append(b.q.Rubric, Criterion{Points: points, Text: text})
	}
}

// takeWeight removes the weight from the start of an item and returns it; without one it is 1.
func (b *builder) takeWeight(item ast.Node) int {
	m := weightForm.FindSubmatch(b.itemText(item))
	if m == nil {
		return 1
	}
	points, err := strconv.Atoi(strings.TrimSpace(string(m[1])))
	if err != nil || points < 1 || points > maxPoints {
		b.errorf(item, "rubric-weight", "(%s) is not a weight; write a whole number from 1 to %d", m[1], maxPoints)
		return 1
	}
	cutText(item.FirstChild(), len(m[0]))
	return points
}

// cutText removes the first n bytes of a line of text.
func cutText(line ast.Node, n int) {
	end := line.Lines().At(0).Start + n
	for _, c := range markdown.Children(line) {
		text, ok := c.(*ast.Text)
		switch {
		case !ok || text.Segment.Start >= end:
			return
		case text.Segment.Stop <= end:
			line.RemoveChild(line, text)
		default:
			text.Segment = text.Segment.WithStart(end)
		}
	}
}
