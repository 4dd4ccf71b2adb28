package markdown

import (
	"bufio"
	"bytes"
	"fmt"
	"html"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/text/unicode/norm"
)

// Text returns the canonical plain text of the nodes. It depends on what is shown, never on how the source is
// laid out: line ends, wrapping, bullets, table widths and escapes leave no trace. White space outside code is
// folded, letters are in NFC. Emphasis has no mark and code spans no backticks; lists, quotes, headings, tables,
// code blocks, link targets and images are written as a plain mail would write them; a blank is ____.
func (d *Document) Text(nodes []ast.Node) string {
	d.quoted = map[int]bool{}
	var lines []string
	for i := 0; i < len(nodes); i++ {
		if nodes[i].Type() != ast.TypeInline {
			lines = append(lines, d.blockText(nodes[i])...)
			continue
		}
		end := i
		for end < len(nodes) && nodes[end].Type() == ast.TypeInline {
			end++
		}
		lines = append(lines, d.inlineLines(nodes[i:end])...)
		i = end - 1
	}
	return norm.NFC.String(strings.Join(lines, "\n"))
}

// blockText returns the lines of one block.
func (d *Document) blockText(n ast.Node) []string {
	switch n := n.(type) {
	case *ast.Heading:
		return prefixed(strings.Repeat("#", n.Level)+" ", "", d.inlineLines(Children(n)))
	case *ast.Blockquote:
		return prefixed("> ", "> ", d.blocksText(n))
	case *ast.List:
		return d.listText(n)
	case *ast.FencedCodeBlock:
		return codeText(d.language(n), d.code(n))
	case *ast.CodeBlock:
		return codeText("", d.code(n))
	case *ast.HTMLBlock:
		return foldedLines(tagText(d.htmlSource(n)))
	case *ast.ThematicBreak:
		return []string{"---"}
	case *extast.TableHeader, *extast.TableRow:
		return []string{d.rowText(n)}
	case *ast.Paragraph, *ast.TextBlock, *extast.TableCell:
		return d.inlineLines(Children(n))
	}
	return d.blocksText(n)
}

func (d *Document) blocksText(parent ast.Node) []string {
	var lines []string
	for _, n := range Children(parent) {
		if n.Type() == ast.TypeInline {
			return d.inlineLines(Children(parent))
		}
		lines = append(lines, d.blockText(n)...)
	}
	return lines
}

func (d *Document) listText(list *ast.List) []string {
	var lines []string
	number := list.Start
	for _, item := range Children(list) {
		bullet := "- "
		if list.IsOrdered() {
			bullet = strconv.Itoa(number) + ". "
			number++
		}
		lines = append(lines, prefixed(bullet, "  ", d.blocksText(item))...)
	}
	return lines
}

func (d *Document) rowText(row ast.Node) string {
	var cells []string
	for _, cell := range Children(row) {
		cells = append(cells, strings.Join(d.inlineLines(Children(cell)), " "))
	}
	return strings.Join(cells, " | ")
}

// codeText fences code, with a fence that is longer than any inside.
func codeText(language, code string) []string {
	fence := "```"
	for strings.Contains(code, fence) {
		fence += "`"
	}
	lines := append([]string{fence + language}, strings.Split(strings.TrimSuffix(code, "\n"), "\n")...)
	return append(lines, fence)
}

func prefixed(first, rest string, lines []string) []string {
	if len(lines) == 0 {
		return []string{strings.TrimRight(first, " ")}
	}
	for i := range lines {
		if i == 0 {
			lines[i] = first + lines[i]
		} else {
			lines[i] = rest + lines[i]
		}
	}
	return lines
}

// inlineLines returns running text, one line for every hard line break.
func (d *Document) inlineLines(nodes []ast.Node) []string {
	var b strings.Builder
	d.inlineText(&b, nodes)
	return foldedLines(b.String())
}

// Until white space has been folded, a hard line break is written as a form feed and a blank inside a code span as a
// vertical tab: no source contains either.
const (
	hardBreak = "\f"
	codeSpace = "\v"
)

func foldedLines(text string) []string {
	var lines []string
	for line := range strings.SplitSeq(text, hardBreak) {
		if line = Fold(line); line != "" {
			lines = append(lines, strings.ReplaceAll(line, codeSpace, " "))
		}
	}
	return lines
}

func (d *Document) inlineText(b *strings.Builder, nodes []ast.Node) {
	for _, n := range nodes {
		switch n := n.(type) {
		case *ast.Text:
			b.WriteString(d.plain(n))
		case *ast.String:
			b.Write(n.Value)
		case *Blank:
			b.WriteString(blankText)
		case *Claim:
			b.WriteString(n.words())
		case *Mention:
			b.WriteString(d.mentioned(n))
		case *ast.CodeSpan:
			b.WriteString(strings.ReplaceAll(d.codeSpan(n), " ", codeSpace))
		case *ast.AutoLink:
			b.Write(n.Label(d.text))
		case *ast.Link:
			d.inlineText(b, Children(n))
			fmt.Fprintf(b, " <%s>", n.Destination)
		case *ast.Image:
			b.WriteString("![")
			d.inlineText(b, Children(n))
			fmt.Fprintf(b, "](%s)", n.Destination)
		case *ast.RawHTML:
			b.WriteString(tagText(string(n.Segments.Value(d.text))))
		case *extast.FootnoteLink:
			b.WriteString(d.noteText(n.Index))
		case *extast.FootnoteBacklink, *extast.TaskCheckBox:
		default:
			d.inlineText(b, Children(n))
		}
	}
}

// noteText returns a footnote at its first mention: footnotes may mention each other.
func (d *Document) noteText(index int) string {
	note := d.notes[index]
	if note == nil || d.quoted[index] {
		return ""
	}
	d.quoted[index] = true
	return " [" + strings.Join(d.blocksText(note), " ") + "]"
}

// plain returns the text of a text node with escapes and entities resolved, as a browser would show it.
func (d *Document) plain(n *ast.Text) string {
	value := string(n.Value(d.text))
	if !n.IsRaw() && strings.ContainsAny(value, `\&`) {
		value = unescape(n.Value(d.text))
	}
	switch {
	case n.HardLineBreak():
		return value + hardBreak
	case n.SoftLineBreak():
		return value + " "
	}
	return value
}

func unescape(source []byte) string {
	var buf bytes.Buffer
	w := bufio.NewWriter(&buf)
	gmhtml.DefaultWriter.Write(w, source)
	_ = w.Flush() // a bytes.Buffer does not fail
	return html.UnescapeString(buf.String())
}

// codeSpan returns the content of a code span; a line end inside counts as a space.
func (d *Document) codeSpan(n *ast.CodeSpan) string {
	var b strings.Builder
	for _, c := range Children(n) {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Value(d.text))
		}
	}
	return strings.ReplaceAll(b.String(), "\n", " ")
}

// CodeSpan returns the content of a code span as it is shown.
func (d *Document) CodeSpan(n *ast.CodeSpan) string { return norm.NFC.String(d.codeSpan(n)) }

// Code returns the content of a code block.
func (d *Document) Code(n ast.Node) string { return d.code(n) }

// code returns the content of a code block, with blanks as ____ where they are read.
func (d *Document) code(n ast.Node) string {
	code := string(n.Lines().Value(d.text))
	if f, ok := n.(*ast.FencedCodeBlock); ok && d.IsCloze(f) {
		return codeBlank.ReplaceAllString(code, blankText)
	}
	return code
}

// Fold trims the text and replaces every run of blanks, tabs and line ends by one blank.
func Fold(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return r == ' ' || r == '\t' || r == '\n'
	}), " ")
}
