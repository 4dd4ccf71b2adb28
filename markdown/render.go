package markdown

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// topHeading is the highest heading inside a piece: the page has the title as h1 and its own sections as h2 and h3.
const topHeading = 4

// HTML renders blocks, or running text, to safe HTML. Footnotes follow at the end of the piece, numbered from 1.
func (d *Document) HTML(nodes []ast.Node) string {
	var b bytes.Buffer
	d.shown = nil
	for _, n := range nodes {
		if n.Kind() == ast.KindTextBlock && len(nodes) > 1 {
			fmt.Fprintf(&b, "<p>%s</p>\n", strings.TrimSpace(d.render(n)))
			continue
		}
		b.WriteString(d.render(n))
	}
	d.renderNotes(&b)
	return strings.TrimSpace(sanitiser.Sanitize(b.String()))
}

// Phrase renders like HTML, but a single paragraph without its tags: a choice reads alike in tight and loose lists.
func (d *Document) Phrase(nodes []ast.Node) string {
	if len(nodes) == 1 && (ast.IsParagraph(nodes[0]) || nodes[0].Kind() == ast.KindTextBlock) {
		return d.HTML(Children(nodes[0]))
	}
	return d.HTML(nodes)
}

func (d *Document) render(n ast.Node) string {
	var b bytes.Buffer
	if err := d.renderer.Render(&b, d.text, n); err != nil {
		panic(fmt.Sprintf("markdown: rendering to memory failed: %v", err))
	}
	return b.String()
}

func (d *Document) renderNotes(b *bytes.Buffer) {
	if len(d.shown) == 0 {
		return
	}
	b.WriteString("<ol class=\"Footnotes\">\n")
	for i := 0; i < len(d.shown) && i < len(d.notes); i++ { // a footnote may refer to further ones
		b.WriteString("<li>")
		for c := d.notes[d.shown[i]].FirstChild(); c != nil; c = c.NextSibling() {
			b.WriteString(d.render(c))
		}
		b.WriteString("</li>\n")
	}
	b.WriteString("</ol>\n")
}

func (d *Document) newRenderer() renderer.Renderer {
	return renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(nodeRenderer{d}, 100),
		util.Prioritized(html.NewRenderer(), 1000),
	))
}

// nodeRenderer renders what this package shows otherwise than goldmark does.
type nodeRenderer struct{ d *Document }

// RegisterFuncs implements renderer.NodeRenderer.
func (r nodeRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(KindBlank, once(func(ast.Node) string { return BlankHTML }))
	reg.Register(KindClaim, once(func(n ast.Node) string { return `<small class="AsOf">` + n.(*Claim).words() + "</small>" }))
	reg.Register(KindMention, once(r.mention))
	reg.Register(ast.KindFencedCodeBlock, once(r.fence))
	reg.Register(ast.KindCodeBlock, once(func(n ast.Node) string { return r.d.codeHTML("", r.d.code(n)) }))
	reg.Register(ast.KindHTMLBlock, once(func(n ast.Node) string { return r.d.tags(r.d.htmlSource(n)) }))
	reg.Register(ast.KindRawHTML, once(func(n ast.Node) string { return r.d.tags(r.d.htmlSource(n)) }))
	reg.Register(ast.KindImage, once(r.image))
	reg.Register(ast.KindAutoLink, once(r.autoLink))
	reg.Register(ast.KindLink, around(r.openLink, r.closeLink))
	reg.Register(ast.KindHeading, around(
		func(n ast.Node) string { return fmt.Sprintf("<h%d>", headingLevel(n)) },
		func(n ast.Node) string { return fmt.Sprintf("</h%d>\n", headingLevel(n)) }))
	reg.Register(extast.KindStrikethrough, wrapped("<del>", "</del>"))
	reg.Register(extast.KindTaskCheckBox, once(taskBox))
	reg.Register(extast.KindTable, wrapped("<div class=\"Table\" tabindex=\"0\">\n<table>\n", "</table>\n</div>\n"))
	reg.Register(extast.KindTableHeader, around(openHead, closeHead))
	reg.Register(extast.KindTableRow, around(openRow, closeRow))
	reg.Register(extast.KindTableCell, around(openCell, closeCell))
	reg.Register(extast.KindFootnoteLink, once(r.noteMark))
	reg.Register(extast.KindFootnoteBacklink, once(func(ast.Node) string { return "" }))
}

type show = func(ast.Node) string

// once renders a node without its children.
func once(f show) renderer.NodeRendererFunc {
	return func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			_, _ = w.WriteString(f(n))
		}
		return ast.WalkSkipChildren, nil
	}
}

// around renders a node as its children between two texts.
func around(before, after show) renderer.NodeRendererFunc {
	return func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			_, _ = w.WriteString(before(n))
		} else {
			_, _ = w.WriteString(after(n))
		}
		return ast.WalkContinue, nil
	}
}

func wrapped(before, after string) renderer.NodeRendererFunc {
	return around(func(ast.Node) string { return before }, func(ast.Node) string { return after })
}

func headingLevel(n ast.Node) int { return max(n.(*ast.Heading).Level, topHeading) }

func taskBox(n ast.Node) string {
	if n.(*extast.TaskCheckBox).IsChecked {
		return "☑ "
	}
	return "☐ "
}

// noteMark numbers footnotes within the piece that is being rendered.
func (r nodeRenderer) noteMark(n ast.Node) string {
	index := n.(*extast.FootnoteLink).Index
	if r.d.notes[index] == nil {
		return ""
	}
	for i, have := range r.d.shown {
		if have == index {
			return fmt.Sprintf("<sup>%d</sup>", i+1)
		}
	}
	r.d.shown = append(r.d.shown, index)
	return fmt.Sprintf("<sup>%d</sup>", len(r.d.shown))
}

func openHead(ast.Node) string { return "<thead>\n<tr>\n" }

func closeHead(n ast.Node) string {
	if n.NextSibling() != nil {
		return "</tr>\n</thead>\n<tbody>\n"
	}
	return "</tr>\n</thead>\n"
}

func openRow(ast.Node) string { return "<tr>\n" }

func closeRow(n ast.Node) string {
	if n.NextSibling() == nil {
		return "</tr>\n</tbody>\n"
	}
	return "</tr>\n"
}

func openCell(n ast.Node) string {
	align := ""
	if a := n.(*extast.TableCell).Alignment; a == extast.AlignRight || a == extast.AlignCenter {
		align = fmt.Sprintf(" data-align=%q", a)
	}
	if n.Parent().Kind() == extast.KindTableHeader {
		return `<th scope="col"` + align + ">"
	}
	return "<td" + align + ">"
}

func closeCell(n ast.Node) string {
	if n.Parent().Kind() == extast.KindTableHeader {
		return "</th>\n"
	}
	return "</td>\n"
}
