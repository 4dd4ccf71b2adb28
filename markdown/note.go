package markdown

import (
	"html"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/util"
)

// noteDialect is what candidates write for themselves: GitHub's dialect without HTML, so that a tag is text like any other,
// and without what only questions have.
var noteDialect = goldmark.New(
	goldmark.WithParser(parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewSetextHeadingParser(), 100),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewEmphasisParser(), 500),
		),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
	)),
	goldmark.WithExtensions(extension.GFM),
)

// NoteHTML renders what a candidate wrote to safe HTML: nothing in it loads anything, and links lead to the web alone. What
// cannot be read as Markdown, or is over a cap, is shown as it was typed.
func NoteHTML(text string) string {
	src, ok := Open("", []byte(text))
	if ok {
		src.Plain = true
		var d *Document
		if d, ok = src.parse(nil, noteDialect); ok {
			d.bare = true
			return d.HTML(d.Blocks)
		}
	}
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "�"), "\x00", "�")
	return "<pre tabindex=\"0\"><code>" + html.EscapeString(text) + "</code></pre>"
}
