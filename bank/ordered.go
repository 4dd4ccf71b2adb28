package bank

import (
	"bytes"
	"slices"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"rehearse/markdown"
)

const (
	minOrder = 3
	minPairs = 2

	outputShape = "the section must be one fenced block and nothing else; put what is printed between two lines of ```"
	orderShape  = "the section must be one numbered list and nothing else; write 1. 2. 3. before the items, in the right order"
	brokenTable = "the lines do not make a table; write below the first one a line of dashes with as many columns, | --- | --- |"
	matchShape  = "the section must be one table and nothing else; write two columns, left and right"
)

func (b *builder) readOutput(s *section) {
	fence, ok := s.blocks[0].(*ast.FencedCodeBlock)
	switch {
	case !ok:
		b.errorf(s.blocks[0], "section-shape", outputShape)
		return
	case len(s.blocks) > 1:
		b.errorf(s.blocks[1], "section-shape", outputShape)
		return
	}
	b.q.Output = NormalOutput(b.doc.Code(fence))
	b.q.Script.Key = b.codeAt(fence)
	if b.q.Output == "" {
		b.errorf(fence, "section-empty", "nothing is printed; write what the program prints, or ask otherwise")
	}
}

func (b *builder) readOrder(s *section) {
	list := b.onlyList(s, true, orderShape)
	if list == nil {
		return
	}
	items := markdown.Children(list)
	if len(items) < minOrder {
		b.errorf(list, "order-few", "there are fewer than %d items to put in order; add some", minOrder)
	}
	for _, item := range items {
		text := b.phrase(b.content(item))
		switch {
		case text.Empty():
			b.errorf(item, "section-shape", "the item is empty; write its text or remove it")
		case hasItem(b.q.Order, text):
			b.errorf(item, "order-dup", "the item is there already; change or remove it")
		default:
			b.q.Order = append(b.q.Order, Item{ID: b.newID(orderSalt, text.Text), Text: text})
		}
	}
	b.noClozeFences(s.blocks)
}

func hasItem(items []Item, text Rich) bool {
	return slices.ContainsFunc(items, func(it Item) bool { return it.Text.Text == text.Text })
}

func (b *builder) readMatch(s *section) {
	table, ok := s.blocks[0].(*extast.Table)
	switch {
	case !ok && bytes.HasPrefix(b.src.Data[b.doc.At(s.blocks[0]):], []byte("|")):
		b.errorf(s.blocks[0], "section-shape", brokenTable)
		return
	case !ok:
		b.wrongShape(s.blocks[0], matchShape)
		return
	case len(s.blocks) > 1:
		b.errorf(s.blocks[1], "section-shape", matchShape)
		return
	case len(table.Alignments) != 2:
		b.errorf(table, "match-columns", "the table has %d columns; write two, left and right", len(table.Alignments))
		return
	}
	rows := markdown.Children(table)
	for _, cell := range markdown.Children(rows[0]) {
		b.q.Captions = append(b.q.Captions, b.phrase(markdown.Children(cell)))
	}
	for _, row := range rows[1:] {
		if cells := b.doc.CellsWritten(row); cells > 2 {
			b.errorf(row, "match-columns", "the row has %d cells, of which two count; write two, and \\| for a bar in a cell", cells)
			continue
		}
		b.readPair(row)
	}
	if len(rows)-1-len(b.q.Decoys) < minPairs {
		b.errorf(table, "match-few", "there are fewer than %d pairs; add some", minPairs)
	}
}

// readPair reads a row: a pair, or a decoy when its left cell is empty.
func (b *builder) readPair(row ast.Node) {
	left := b.phrase(markdown.Children(row.FirstChild()))
	right := b.phrase(markdown.Children(row.LastChild()))
	switch {
	case right.Empty():
		b.errorf(row, "match-empty", "the right cell is empty; fill it (a decoy has an empty left cell)")
		return
	case !left.Empty() && b.hasLeft(left), b.hasRight(right):
		b.errorf(row, "match-dup", "a cell stands in an earlier row, too, so that the pairs are not unique; change one")
		return
	}
	item := Item{ID: b.newID(rightSalt, right.Text), Text: right}
	if left.Empty() {
		b.q.Decoys = append(b.q.Decoys, item)
		return
	}
	b.q.Pairs = append(b.q.Pairs, Pair{Left: Item{ID: b.newID(leftSalt, left.Text), Text: left}, Right: item})
}

func (b *builder) hasLeft(text Rich) bool {
	return slices.ContainsFunc(b.q.Pairs, func(p Pair) bool { return p.Left.Text.Text == text.Text })
}

func (b *builder) hasRight(text Rich) bool {
	return hasItem(b.q.Decoys, text) ||
		slices.ContainsFunc(b.q.Pairs, func(p Pair) bool { return p.Right.Text.Text == text.Text })
}
