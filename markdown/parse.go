package markdown

import (
	"io/fs"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// dialect parses Markdown. It is never given WithUnsafe or WithAttribute.
var dialect = goldmark.New(
	goldmark.WithExtensions(extension.GFM, extension.Footnote),
	goldmark.WithParserOptions(parser.WithInlineParsers(util.Prioritized(blankParser{}, 150), util.Prioritized(claimParser{}, 151))),
)

// Document is a parsed source. It is not safe for use by several goroutines at once.
type Document struct {
	*Source
	Blocks []ast.Node // the top level, without link definitions and footnotes

	text     []byte // what the tree's offsets point into
	root     ast.Node
	files    fs.FS
	notes    map[int]ast.Node // footnotes by goldmark's index
	renderer renderer.Renderer
	shown    []int             // indexes of the footnotes used in the piece being rendered
	quoted   map[int]bool      // indexes of the footnotes used in the text being made
	titles   map[string]string // of the guides that may be mentioned
	bare     bool              // there is no folder around the text: it shows no image, and links lead to the web alone

	lexers map[string]chroma.Lexer // by language; nil when there is none
	wasted time.Duration           // by lexers that did not end

	// Hurried says that code was left without colours because a lexer took too long: the document may look otherwise
	// another time.
	Hurried bool
}

// Parse reads the body. Relative links and images are looked up in files, the content root.
// When it returns false the file is over a cap and was not parsed.
func (s *Source) Parse(files fs.FS) (*Document, bool) { return s.parse(files, dialect) }

func (s *Source) parse(files fs.FS, dialect goldmark.Markdown) (*Document, bool) {
	masked := s.masked()
	if !s.withinLimits() {
		return nil, false
	}
	d := &Document{
		Source: s, text: masked, files: files, notes: map[int]ast.Node{}, quoted: map[int]bool{},
		lexers: map[string]chroma.Lexer{},
	}
	d.root = dialect.Parser().Parse(text.NewReader(masked))
	d.renderer = d.newRenderer()
	for n := d.root.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.LinkReferenceDefinition:
		case *extast.FootnoteList:
			for c := n.FirstChild(); c != nil; c = c.NextSibling() {
				d.notes[c.(*extast.Footnote).Index] = c
			}
		default:
			d.Blocks = append(d.Blocks, n)
		}
	}
	return d, d.checkNesting()
}

// At returns the offset of a node in the file.
func (d *Document) At(n ast.Node) int {
	if h, ok := n.(*ast.Heading); ok && h.Lines().Len() > 0 {
		// An underlined heading stands at its underline; its text comes first.
		return min(n.Pos(), h.Lines().At(0).Start)
	}
	for ; n != nil; n = n.Parent() {
		if at := n.Pos(); at >= 0 {
			return at
		}
		if c := n.FirstChild(); c != nil && c.Pos() >= 0 {
			return c.Pos()
		}
	}
	return 0
}

// Children returns the children of a node.
func Children(n ast.Node) []ast.Node {
	var nodes []ast.Node
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		nodes = append(nodes, c)
	}
	return nodes
}
