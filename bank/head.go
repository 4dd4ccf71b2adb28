package bank

import (
	"slices"
	"strings"
)

// Head is what listing questions and choosing among them needs to know of each: the labels, and of the body what fits a
// line. A server keeps the heads of all questions in memory, and reads the rest of one when it is asked for.
type Head struct {
	ID    string
	Topic string // topic id
	File  string // path below the content root
	Line  int    // line of its heading, from 1
	Labels
	Kind     Kind
	Title    Rich
	Choices  int   // how many it has
	Parts    []int // that are cards of their own
	Length   int   // bytes of text in the title, the stem and the choices
	Block    bool  // the stem has a block of code
	Strong   bool  // it has a strong answer
	BodyHash string
	KeyHash  string
}

// Head returns the head of a question.
func (q *Question) Head() *Head {
	h := &Head{
		ID: q.ID, Topic: q.Topic, File: q.File, Line: q.Line, Labels: q.Labels, Kind: q.Kind, Title: q.Title,
		Parts: q.Parts(), Choices: len(q.Choices), Length: len(q.Title.Text) + len(q.Stem.Text), Block: strings.Contains(q.Stem.HTML, "<pre"),
		Strong: !q.StrongAnswer.Empty(), BodyHash: q.BodyHash, KeyHash: q.KeyHash,
	}
	for _, c := range q.Choices {
		h.Length += len(c.Text.Text)
	}
	return h
}

// Parts returns the parts that are cards of their own: the numbers of a cloze question's blanks, lowest first, or 0.
func (b *Body) Parts() []int {
	if b.Kind != Cloze {
		return []int{0}
	}
	var parts []int
	for _, blank := range b.Blanks {
		parts = append(parts, blank.Card)
	}
	slices.Sort(parts)
	return slices.Compact(parts)
}
