package bank

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"rehearse/markdown"
)

// sectionNames is the reserved headings as they are written.
var sectionNames = []string{
	"Hint", "Answer", "Accept", "Reject", "Output", "Order", "Match", "Setup", "Query", "Check", "Explanation",
	"Why asked", "Strong answer", "Rubric", "Red flags", "Follow-ups", "References",
}

// sectionReaders holds the reserved ### headings in small letters, with what reads their blocks.
var sectionReaders = map[string]func(*builder, *section){
	"hint":          func(b *builder, s *section) { b.q.Hints = append(b.q.Hints, b.rich(s.blocks)) },
	"answer":        prose(func(q *Question) *Rich { return &q.Answer }),
	"explanation":   prose(func(q *Question) *Rich { return &q.Explanation }),
	"why asked":     prose(func(q *Question) *Rich { return &q.WhyAsked }),
	"strong answer": prose(func(q *Question) *Rich { return &q.StrongAnswer }),
	"red flags":     prose(func(q *Question) *Rich { return &q.RedFlags }),
	"follow-ups":    prose(func(q *Question) *Rich { return &q.FollowUps }),
	"references":    (*builder).readReferences,
	"rubric":        (*builder).readRubric,
	"accept":        (*builder).readAccept,
	"reject":        (*builder).readReject,
	"output":        (*builder).readOutput,
	"order":         (*builder).readOrder,
	"match":         (*builder).readMatch,
	"setup":         (*builder).readSetup,
	"query":         (*builder).readQuery,
	"check":         (*builder).readCheck,
}

// prose reads a section that is any Markdown.
func prose(field func(*Question) *Rich) func(*builder, *section) {
	return func(b *builder, s *section) { *field(&b.q) = b.rich(s.blocks) }
}

// readSections reads all sections in the order of the file.
func (b *builder) readSections() {
	for _, s := range b.part.sections {
		name := b.headingKey(s.heading)
		read := sectionReaders[name]
		switch {
		case read == nil:
			b.unknownSection(s)
		case name != "hint" && b.seen[name] != nil:
			b.errorf(s.heading, "section-dup", "the question has this section already; keep one")
		case len(s.blocks) == 0:
			b.seen[name] = s
			b.errorf(s.heading, "section-empty", "the section is empty; fill it or remove its heading")
		default:
			b.seen[name] = s
			read(b, s)
		}
		b.noClozeFences(s.blocks)
	}
	b.noClozeFences(b.tail)
	b.readTail()
	b.checkLone()
}

func (b *builder) unknownSection(s *section) {
	name := strings.TrimSuffix(b.doc.Text(markdown.Children(s.heading)), ":")
	remedy := "use #### for a heading inside the text"
	near := markdown.Nearest(name, sectionNames)
	switch {
	case slices.ContainsFunc(s.blocks, b.isChoices):
		remedy = "choices stand right below the stem; remove the heading"
		b.misnamed = true
	case near != "":
		remedy = "did you mean " + near + "?"
		b.misnamed = true
	}
	b.errorf(s.heading, "section-unknown", "%q is not a section; %s", name, remedy)
}

// readTail takes the text after the choices as the explanation.
func (b *builder) readTail() {
	if len(b.tail) == 0 {
		return
	}
	if s := b.seen["explanation"]; s != nil {
		b.errorf(s.heading, "section-dup", "the text after the choices is the explanation already; keep one of the two")
		return
	}
	b.q.Explanation = b.rich(b.tail)
}

// companions are the sections that mean something only beside one of others.
var companions = []struct {
	name string
	with []string
}{
	{"reject", []string{"accept"}},
	{"setup", []string{"query"}},
	{"query", []string{"setup"}},
	{"check", []string{"query"}},
	{"why asked", []string{"strong answer", "rubric"}},
	{"red flags", []string{"strong answer", "rubric"}},
	{"follow-ups", []string{"strong answer", "rubric"}},
}

func (b *builder) checkLone() {
	for _, c := range companions {
		s := b.seen[c.name]
		if s == nil || b.anySeen(c.with...) {
			continue
		}
		b.errorf(s.heading, "section-lone", "the section has no meaning without %s; add that or remove it", titles(c.with))
	}
}

func (b *builder) anySeen(names ...string) bool {
	for _, name := range names {
		if b.seen[name] != nil {
			return true
		}
	}
	return false
}

// titles names sections as an author writes them.
func titles(names []string) string {
	var headings []string
	for _, n := range names {
		headings = append(headings, "### "+strings.ToUpper(n[:1])+n[1:])
	}
	return markdown.Either(headings)
}

// noClozeFences reports blocks of code whose blanks would not be read.
func (b *builder) noClozeFences(blocks []ast.Node) {
	for _, n := range blocks {
		if fence, ok := n.(*ast.FencedCodeBlock); ok && b.doc.IsCloze(fence) {
			b.errorf(n, "cloze-place", "blanks in code are read only in the prompt; move the block there or drop the word cloze")
		}
	}
}

// content returns the children of a node without comments.
func (f *file) content(n ast.Node) []ast.Node {
	var nodes []ast.Node
	for _, c := range markdown.Children(n) {
		if _, ok := f.comment(c); !ok {
			nodes = append(nodes, c)
		}
	}
	return nodes
}

// onlyList returns the one list that a section must be, or reports what else is there.
func (b *builder) onlyList(s *section, ordered bool, shape string) *ast.List {
	list, ok := s.blocks[0].(*ast.List)
	switch {
	case !ok || list.IsOrdered() != ordered:
		b.wrongShape(s.blocks[0], shape)
	case len(s.blocks) > 1:
		b.errorf(s.blocks[1], "section-shape", "%s", shape)
	default:
		return list
	}
	return nil
}

// wrongShape reports a block that a section cannot hold.
func (b *builder) wrongShape(n ast.Node, shape string) {
	if n.Kind() == ast.KindCodeBlock {
		shape = "the lines are indented by a tab or four blanks, which makes them code; begin them at the margin"
	}
	b.errorf(n, "section-shape", "%s", shape)
}

// readReferences reads a section that is any Markdown, and warns of entries that lead nowhere.
func (b *builder) readReferences(s *section) {
	b.q.References = b.rich(s.blocks)
	for _, n := range s.blocks {
		if list, ok := n.(*ast.List); ok {
			for _, item := range markdown.Children(list) {
				b.checkReference(item)
			}
		}
	}
}

func (b *builder) checkReference(item ast.Node) {
	found := strings.Contains(b.doc.Text(b.content(item)), "ISBN")
	_ = ast.Walk(item, func(n ast.Node, _ bool) (ast.WalkStatus, error) {
		found = found || n.Kind() == ast.KindLink || n.Kind() == ast.KindAutoLink
		return ast.WalkContinue, nil
	})
	if !found {
		b.warnf(item, "reference-bare", "the reference has no link; write [what it is](https://…), or the ISBN of a book")
	}
}
