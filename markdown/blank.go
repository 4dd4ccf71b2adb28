package markdown

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// BlankHTML is how a blank is rendered where nothing can be typed into it.
const BlankHTML = `<span class="Blank">____</span>`

const blankText = "____"

// maxBlank is how far the end of a blank is looked for, in bytes and lines.
const (
	maxBlank      = 1000
	maxBlankLines = 20
)

// Blank is {{…}} in running text.
type Blank struct {
	ast.BaseInline
	Inner string // what stands between the braces, white space folded
	Open  bool   // the closing braces are missing
}

// KindBlank is the kind of Blank nodes.
var KindBlank = ast.NewNodeKind("Blank")

// Kind implements ast.Node.
func (*Blank) Kind() ast.NodeKind { return KindBlank }

// Dump implements ast.Node.
func (b *Blank) Dump(source []byte, level int) {
	ast.DumpHelper(b, source, level, map[string]string{"Inner": b.Inner}, nil)
}

// blankParser is never called inside code, nor at a brace behind a backslash.
type blankParser struct{}

func (blankParser) Trigger() []byte { return []byte{'{'} }

func (blankParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	if !bytes.HasPrefix(line, []byte("{{")) {
		return nil
	}
	blank := &Blank{}
	blank.SetPos(segment.Start)
	block.Advance(2)
	number, position := block.Position()
	var inner bytes.Buffer
	for range maxBlankLines {
		line, _ := block.PeekLine()
		if line == nil || inner.Len() > maxBlank {
			break
		}
		line = line[:min(len(line), maxBlank)]
		if end := bytes.Index(line, []byte("}}")); end >= 0 {
			inner.Write(line[:end])
			block.Advance(end + 2)
			blank.Inner = Fold(inner.String())
			return blank
		}
		inner.Write(line)
		block.AdvanceLine()
	}
	block.SetPosition(number, position)
	blank.Open = true
	return blank
}

// Gap is a blank with its place in the file, from running text or from a block of code marked as cloze.
type Gap struct {
	Inner string
	At    int
	Open  bool
}

var codeBlank = regexp.MustCompile(`\{\{(.*?)\}\}`)

// Gaps returns the blanks of the nodes in the order of the text. Code counts only in fences with the word cloze.
func (d *Document) Gaps(nodes []ast.Node) []Gap {
	var gaps []Gap
	walk(nodes, func(n ast.Node) {
		switch n := n.(type) {
		case *Blank:
			gaps = append(gaps, Gap{Inner: n.Inner, At: d.At(n), Open: n.Open})
		case *ast.FencedCodeBlock:
			if d.IsCloze(n) {
				gaps = append(gaps, d.codeGaps(n)...)
			}
		}
	})
	return gaps
}

func (d *Document) codeGaps(n *ast.FencedCodeBlock) []Gap {
	var gaps []Gap
	for i := range n.Lines().Len() {
		segment := n.Lines().At(i)
		line := d.text[segment.Start:segment.Stop]
		for _, m := range codeBlank.FindAllSubmatchIndex(line, -1) {
			gaps = append(gaps, Gap{Inner: Fold(string(line[m[2]:m[3]])), At: segment.Start + m[0]})
		}
	}
	return gaps
}

// IsCloze reports whether blanks are read inside the fence.
func (d *Document) IsCloze(n *ast.FencedCodeBlock) bool {
	return n.Info != nil && slices.Contains(strings.Fields(string(n.Info.Value(d.text))), "cloze")
}

// walk calls visit for the nodes and all below them, in the order of the text.
func walk(nodes []ast.Node, visit func(ast.Node)) {
	for _, n := range nodes {
		visit(n)
		walk(Children(n), visit)
	}
}
