package markdown

import (
	"bytes"
	"time"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Claim is {as-of 2025-11} behind a statement that ages.
type Claim struct {
	ast.BaseInline
	Month time.Time // its first day in UTC; zero when no month is given
}

// KindClaim is the kind of Claim nodes.
var KindClaim = ast.NewNodeKind("Claim")

// Kind implements ast.Node.
func (*Claim) Kind() ast.NodeKind { return KindClaim }

// Dump implements ast.Node.
func (c *Claim) Dump(source []byte, level int) {
	ast.DumpHelper(c, source, level, map[string]string{"Month": c.Month.Format(monthForm)}, nil)
}

// words returns what a reader sees.
func (c *Claim) words() string {
	if c.Month.IsZero() {
		return ""
	}
	return "(as of " + c.Month.Format("January 2006") + ")"
}

const (
	monthForm = "2006-01"
	claimMark = "{as-of"
	maxClaim  = 40 // bytes up to the brace
)

// claimParser is never called inside code, nor at a brace behind a backslash.
type claimParser struct{}

func (claimParser) Trigger() []byte { return []byte{'{'} }

func (claimParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	end := bytes.IndexByte(line[:min(len(line), maxClaim)], '}')
	if !bytes.HasPrefix(line, []byte(claimMark)) || end < 0 || !bytes.ContainsRune([]byte(" }"), rune(line[len(claimMark)])) {
		return nil
	}
	claim := &Claim{}
	claim.SetPos(segment.Start)
	claim.Month, _ = time.Parse(monthForm, string(bytes.TrimSpace(line[len(claimMark):end])))
	block.Advance(end + 1)
	return claim
}

// Claims calls visit for every claim with a month, with its offset.
func (d *Document) Claims(visit func(at int, month time.Time)) {
	walk(Children(d.root), func(n ast.Node) {
		if c, ok := n.(*Claim); ok && !c.Month.IsZero() {
			visit(d.At(c), c.Month)
		}
	})
}
