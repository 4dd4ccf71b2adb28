package markdown

import (
	"bytes"
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"golang.org/x/text/width"
)

// LineStart returns the offset of the first byte of line n, counted from 1, or that of the end of the file.
func (s *Source) LineStart(n int) int {
	if n > len(s.lines) {
		return len(s.Data)
	}
	return s.lines[n-1]
}

// LineText returns line n, counted from 1, without its line end; nil behind the last line.
func (s *Source) LineText(n int) []byte { return s.lineText(n) }

// LastLine returns the number of the last line of a block.
func (d *Document) LastLine(n ast.Node) int {
	last, _ := d.Position(d.At(n))
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering || n.Type() != ast.TypeBlock {
			return ast.WalkSkipChildren, nil
		}
		last = max(last, d.ownLastLine(n))
		return ast.WalkContinue, nil
	})
	return last
}

// ownLastLine returns the last line of a block without its children.
func (d *Document) ownLastLine(n ast.Node) int {
	last, _ := d.Position(d.At(n))
	if lines := n.Lines(); lines != nil && lines.Len() > 0 {
		segment := lines.At(lines.Len() - 1)
		last, _ = d.Position(max(segment.Start, segment.Stop-1))
	}
	switch n := n.(type) {
	case *ast.FencedCodeBlock:
		if !d.IsOpenFence(n) {
			last++
		}
	case *ast.HTMLBlock:
		if n.HasClosure() {
			last, _ = d.Position(n.ClosureLine.Start)
		}
	}
	return last
}

// Tighten removes the empty lines of a list, where all of them can go and the list says the same.
func (d *Document) Tighten(list *ast.List) {
	var edits []Edit
	var previous ast.Node
	for _, item := range Children(list) {
		for i, block := range Children(item) {
			switch block.Kind() {
			case ast.KindParagraph, ast.KindTextBlock, ast.KindFencedCodeBlock, ast.KindBlockquote:
			default:
				return
			}
			if i > 0 && !separate(previous, block) {
				return
			}
			if previous != nil {
				edits = append(edits, d.emptyLines(d.LastLine(previous)+1, block)...)
			}
			previous = block
		}
	}
	if len(edits) > 0 {
		d.Lay(edits...)
	}
}

// separate reports whether two blocks stay apart without an empty line between them.
func separate(above, below ast.Node) bool {
	if below.Kind() == ast.KindFencedCodeBlock || above.Kind() == ast.KindFencedCodeBlock {
		return true
	}
	return below.Kind() == ast.KindBlockquote && above.Kind() != ast.KindBlockquote
}

// emptyLines returns the removal of the empty lines from the given one up to a block.
func (d *Document) emptyLines(from int, below ast.Node) []Edit {
	to, _ := d.Position(d.At(below))
	var edits []Edit
	for n := from; n < to; n++ {
		if len(bytes.TrimSpace(d.lineText(n))) == 0 {
			edits = append(edits, Edit{From: d.LineStart(n), To: d.LineStart(n + 1)})
		}
	}
	return edits
}

// AlignTable gives the columns of a table at the left margin one width each.
func (d *Document) AlignTable(table *extast.Table) {
	first, _ := d.Position(d.At(table.FirstChild().FirstChild())) // text may stand right above the table
	var rows [][]string
	for n := first; n <= first+len(Children(table)); n++ {
		cells := rowCells(string(d.lineText(n)))
		if len(cells) > len(table.Alignments) {
			return // what is too much is not shown: let the author see it
		}
		for len(cells) < len(table.Alignments) {
			cells = append(cells, "")
		}
		rows = append(rows, cells)
	}
	widths := columnWidths(rows, len(table.Alignments))
	var edits []Edit
	for i, cells := range rows {
		n := first + i
		if line := tableLine(cells, widths, table.Alignments, i == 1); line != string(d.lineText(n)) {
			edits = append(edits, Edit{From: d.LineStart(n), To: d.LineStart(n) + len(d.lineText(n)), Text: line})
		}
	}
	if len(edits) > 0 {
		d.Lay(edits...)
	}
}

// CellsWritten returns how many cells a row of a table has in the file. What is more than the head has is not shown.
func (d *Document) CellsWritten(row ast.Node) int {
	line, _ := d.Position(d.At(row))
	return len(rowCells(string(d.lineText(line))))
}

// rowCells cuts a line of a table at its bars. A bar behind a backslash belongs to a cell, also in code.
func rowCells(line string) []string {
	line = strings.TrimPrefix(strings.TrimSpace(line), "|")
	var cells []string
	from := 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '|':
			cells = append(cells, strings.TrimSpace(line[from:i]))
			from = i + 1
		}
	}
	if rest := strings.TrimSpace(line[min(from, len(line)):]); rest != "" || len(cells) == 0 {
		cells = append(cells, rest)
	}
	return cells
}

// columnWidths returns the widths of the columns, at least that of a rule of three dashes.
func columnWidths(rows [][]string, columns int) []int {
	widths := slices.Repeat([]int{3}, columns)
	for i, cells := range rows {
		for c, cell := range cells {
			if i != 1 {
				widths[c] = max(widths[c], displayWidth(cell))
			}
		}
	}
	return widths
}

func tableLine(cells []string, widths []int, alignments []extast.Alignment, rule bool) string {
	var b strings.Builder
	b.WriteString("|")
	for c, cell := range cells {
		text := dashes(widths[c], alignments[c])
		if !rule {
			text = padded(cell, widths[c]-displayWidth(cell), alignments[c])
		}
		b.WriteString(" " + text + " |")
	}
	return b.String()
}

func dashes(width int, a extast.Alignment) string {
	rule := []byte(strings.Repeat("-", width))
	if a == extast.AlignLeft || a == extast.AlignCenter {
		rule[0] = ':'
	}
	if a == extast.AlignRight || a == extast.AlignCenter {
		rule[width-1] = ':'
	}
	return string(rule)
}

func padded(cell string, space int, a extast.Alignment) string {
	left := 0
	switch a {
	case extast.AlignRight:
		left = space
	case extast.AlignCenter:
		left = space / 2
	}
	return strings.Repeat(" ", left) + cell + strings.Repeat(" ", space-left)
}

// displayWidth returns how many columns a text takes in an editor with letters of one width.
func displayWidth(text string) int {
	n := 0
	for _, r := range text {
		switch kind := width.LookupRune(r).Kind(); {
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		case kind == width.EastAsianWide || kind == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}
