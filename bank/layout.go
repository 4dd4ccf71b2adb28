package bank

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"rehearse/markdown"
)

// tightSections are the sections whose items read alike in tight and in loose lists.
var tightSections = []string{"accept", "reject", "order", "rubric"}

// lay notes how the layout of the file differs from that which fmt gives. It must come before the questions are read,
// which takes boxes and weights out of the tree.
func (f *file) lay(out outline) {
	for _, n := range f.doc.Blocks {
		if table, ok := n.(*extast.Table); ok {
			f.doc.AlignTable(table)
		}
	}
	for _, p := range out.questions {
		b := &builder{file: f, part: p}
		if p.open {
			continue
		}
		for _, n := range p.blocks {
			if list, ok := n.(*ast.List); ok && b.isTaskList(list) {
				f.doc.Tighten(list)
				b.layBoxes(list)
			}
		}
		for _, s := range p.sections {
			if slices.Contains(tightSections, b.headingKey(s.heading)) {
				f.layLists(s.blocks)
			}
		}
	}
}

func (f *file) layLists(blocks []ast.Node) {
	for _, n := range blocks {
		if list, ok := n.(*ast.List); ok {
			f.doc.Tighten(list)
		}
	}
}

// layBoxes writes [x] with a small letter.
func (b *builder) layBoxes(list *ast.List) {
	for _, item := range markdown.Children(list) {
		if boxOf(item) != nil && bytes.HasPrefix(b.itemText(item), []byte("[X]")) {
			at := item.FirstChild().Lines().At(0).Start + 1
			b.src.Lay(markdown.Edit{From: at, To: at + 1, Text: "x"})
		}
	}
}

// metaOrder is the order of the keys in a meta comment on one line; others follow as they stand.
var metaOrder = []string{
	"id", "type", "level", "difficulty", "points", "minutes", "tags", "roles", "axes", "use", "runtimes", "case", "shuffle",
	"partial", "ordered", "plan", "writes", "related", "aliases", "version", "corrected", "source", "license", "author", "draft",
}

// layMeta puts the keys of a meta comment on one line in order.
func (b *builder) layMeta() {
	if edit, ok := b.metaInOrder(); ok && !b.part.idLate {
		b.src.Lay(edit)
	}
}

// metaInOrder returns the edit that puts the keys in order, if there is one.
func (b *builder) metaInOrder() (edit markdown.Edit, ok bool) {
	c, fields := b.part.meta, b.set.meta.Fields
	if c == nil || len(fields) < 2 || strings.Contains(c.text, "\n") {
		return edit, false
	}
	end := c.at + len(strings.TrimRight(c.text, " \t"))
	type entry struct{ key, text string }
	var entries []entry
	for i, f := range fields {
		to := end
		if i+1 < len(fields) {
			to = fields[i+1].At
		}
		entries = append(entries, entry{f.Key, strings.TrimRight(string(b.src.Data[f.At:to]), ", \t")})
	}
	before := slices.Clone(entries)
	slices.SortStableFunc(entries, func(x, y entry) int { return cmp.Compare(metaRank(x.key), metaRank(y.key)) })
	if slices.Equal(before, entries) {
		return edit, false
	}
	var texts []string
	for _, e := range entries {
		texts = append(texts, e.text)
	}
	return markdown.Edit{From: fields[0].At, To: end, Text: strings.Join(texts, ", ")}, true
}

func metaRank(key string) int {
	if i := slices.Index(metaOrder, key); i >= 0 {
		return i
	}
	return len(metaOrder)
}
