package markdown

import (
	"fmt"
	"html"
	"io/fs"
	"regexp"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// GuidePath is where guides are served. Like that of images, it is written without knowing where the site will be served.
const GuidePath = "/guides/"

// handbookDialect is the dialect with mentions of guides and without blanks. Questions do not have mentions: what stands
// in double brackets there may be code or mathematics.
var handbookDialect = goldmark.New(
	goldmark.WithExtensions(extension.GFM, extension.Footnote),
	goldmark.WithParserOptions(parser.WithInlineParsers(util.Prioritized(mentionParser{}, 150), util.Prioritized(claimParser{}, 151))),
)

// ParseHandbook reads the body like Parse, and [[id]] in it as a link to a guide that shows its title.
func (s *Source) ParseHandbook(files fs.FS, titles map[string]string) (*Document, bool) {
	d, ok := s.parse(files, handbookDialect)
	if d != nil {
		d.titles = titles
	}
	return d, ok
}

// Mention is [[id]] in running text.
type Mention struct {
	ast.BaseInline
	ID string
}

// KindMention is the kind of Mention nodes.
var KindMention = ast.NewNodeKind("Mention")

// Kind implements ast.Node.
func (*Mention) Kind() ast.NodeKind { return KindMention }

// Dump implements ast.Node.
func (m *Mention) Dump(source []byte, level int) {
	ast.DumpHelper(m, source, level, map[string]string{"ID": m.ID}, nil)
}

var mentionForm = regexp.MustCompile(`^\[\[([a-z0-9-]+)\]\]`)

// mentionParser is never called inside code.
type mentionParser struct{}

func (mentionParser) Trigger() []byte { return []byte{'['} }

func (mentionParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	m := mentionForm.FindSubmatch(line)
	if m == nil {
		return nil
	}
	mention := &Mention{ID: string(m[1])}
	mention.SetPos(segment.Start)
	block.Advance(len(m[0]))
	return mention
}

// Mentions returns the guides that the nodes mention, in the order of the text.
func (d *Document) Mentions(nodes []ast.Node) []*Mention {
	var found []*Mention
	walk(nodes, func(n ast.Node) {
		if m, ok := n.(*Mention); ok {
			found = append(found, m)
		}
	})
	return found
}

// mentioned returns the title of a guide, or its id when there is no such guide.
func (d *Document) mentioned(n ast.Node) string {
	id := n.(*Mention).ID
	if title := d.titles[id]; title != "" {
		return title
	}
	return id
}

func (r nodeRenderer) mention(n ast.Node) string {
	return fmt.Sprintf(`<a href="%s">%s</a>`, GuidePath+n.(*Mention).ID, html.EscapeString(r.d.mentioned(n)))
}
