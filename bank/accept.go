package bank

import (
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"rehearse/markdown"
)

const (
	listShape  = "the section must be one bullet list and nothing else; write one entry a line, beginning with \"- \""
	acceptForm = "the entry must be `text`, matches `pattern` or = number; write it so, with remarks in a quote below it"
)

// acceptKind follows from the first entry.
func acceptKind(entries []Entry) Kind {
	if len(entries) > 0 && entries[0].Range != nil {
		return Number
	}
	return Text
}

func (b *builder) readAccept(s *section) { b.q.Accept = b.readEntries(s, nil) }

func (b *builder) readReject(s *section) { b.q.Reject = b.readEntries(s, b.q.Accept) }

// readEntries reads a list of entries, none of which may stand there twice or be among the others.
func (b *builder) readEntries(s *section, others []Entry) []Entry {
	list := b.onlyList(s, false, listShape)
	if list == nil {
		return nil
	}
	var entries []Entry
	for _, item := range markdown.Children(list) {
		e, ok := b.readEntry(item)
		if !ok {
			continue
		}
		first := append(others[:len(others):len(others)], entries...)
		if len(first) > 0 && (first[0].Range != nil) != (e.Range != nil) {
			b.errorf(item, "accept-form", "the entry is not of the same kind as the first; write either numbers or texts")
			continue
		}
		for _, o := range others {
			if b.sameEntry(o, e) {
				b.errorf(item, "accept-clash", "the entry stands in ### Accept, too; remove it from one of the two")
			}
		}
		if slices.ContainsFunc(entries, func(have Entry) bool { return b.sameEntry(have, e) }) {
			b.errorf(item, "accept-clash", "the entry is there already; remove one of the two")
		}
		entries = append(entries, e)
	}
	return entries
}

func (b *builder) sameEntry(x, y Entry) bool {
	switch {
	case x.Range != nil && y.Range != nil:
		return x.Range.Low == y.Range.Low && x.Range.High == y.Range.High && x.Range.Unit == y.Range.Unit
	case x.Range != nil || y.Range != nil:
		return false
	}
	return x.Pattern == y.Pattern && Normal(x.Literal, b.set.cased) == Normal(y.Literal, b.set.cased)
}

// readEntry reads one item of Accept or Reject.
func (b *builder) readEntry(item ast.Node) (Entry, bool) {
	nodes := b.content(item)
	var e Entry
	if len(nodes) == 0 || !ast.IsParagraph(nodes[0]) && nodes[0].Kind() != ast.KindTextBlock {
		b.errorf(item, "accept-form", acceptForm)
		return e, false
	}
	for i, n := range nodes[1:] {
		quote, ok := n.(*ast.Blockquote)
		if !ok || i > 0 {
			b.errorf(n, "accept-form", acceptForm)
			return e, false
		}
		e.Feedback = b.rich(markdown.Children(quote))
	}
	return b.entryValue(item, e, markdown.Children(nodes[0]))
}

func (b *builder) entryValue(item ast.Node, e Entry, inline []ast.Node) (Entry, bool) {
	text := b.doc.Text(inline)
	code, isCode := inline[len(inline)-1].(*ast.CodeSpan)
	switch {
	case isCode && len(inline) == 1:
		e.Literal = markdown.Fold(b.doc.CodeSpan(code))
		if e.Literal == "" {
			b.errorf(item, "accept-form", acceptForm)
		}
		return e, e.Literal != ""
	case isCode && len(inline) == 2 && b.doc.Text(inline[:1]) == "matches":
		e.Pattern = b.doc.CodeSpan(code)
		return e, b.checkPattern(item, e.Pattern)
	case strings.HasPrefix(text, "="):
		r, fault := parseRange(strings.TrimSpace(text[1:]))
		if fault != "" {
			b.errorf(item, "accept-number", "%s", fault)
			return e, false
		}
		e.Range = &r
		return e, true
	}
	b.errorf(item, "accept-form", acceptForm)
	return e, false
}

func (b *builder) checkPattern(item ast.Node, pattern string) bool {
	if _, err := regexp.Compile(pattern); err != nil {
		b.errorf(item, "accept-regexp", "the pattern is not RE2 (%s); correct it, mind that RE2 has no lookaround", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		return false
	}
	return true
}
