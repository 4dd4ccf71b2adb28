package bank

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/text/unicode/norm"

	"rehearse/markdown"
)

// underHeading returns the insertion of a line right under a heading.
func (f *file) underHeading(h ast.Node, text string) markdown.Edit {
	line, _ := f.src.Position(f.doc.At(h))
	at := f.src.LineStart(line + 1)
	if at == len(f.src.Data) && !bytes.HasSuffix(f.src.Data, []byte("\n")) {
		return markdown.Edit{From: at, To: at, Text: "\n" + text}
	}
	return markdown.Edit{From: at, To: at, Text: text + "\n"}
}

// mendID proposes an id for a question that has none.
func (b *builder) mendID() {
	switch {
	case b.part.idLate:
		b.mendIDLate()
	case b.part.meta == nil && !b.part.misplaced && !b.bareKeys:
		at := b.doc.At(b.part.heading)
		b.src.Mend(at, "id-missing", false, b.underHeading(b.part.heading, "<!-- id: "+b.freeID()+" -->"))
	}
}

// mendIDLate puts the id before the other keys.
func (b *builder) mendIDLate() {
	c, oneLine := b.part.meta, !strings.Contains(strings.TrimSpace(b.part.meta.text), "\n")
	at := b.doc.At(c.node)
	start := c.at + len(c.text) - len(strings.TrimLeft(c.text, " \t\n"))
	switch {
	case !b.set.meta.Has("id") && oneLine:
		b.src.Mend(at, "meta-first", true, markdown.Edit{From: start, To: start, Text: "id: " + b.freeID() + ", "})
	case oneLine:
		if edit, ok := b.metaInOrder(); ok {
			b.src.Mend(at, "meta-first", true, edit)
		}
	}
}

// freeID returns the first of the question's proposed ids that no other question has.
func (b *builder) freeID() string {
	first := proposedID(b.q, 0)
	p := b.proposals
	if p == nil {
		return first
	}
	for n := p.copies[first]; ; n++ {
		if id := proposedID(b.q, n); !p.taken[id] {
			p.copies[first] = n + 1
			return id
		}
	}
}

var idAlphabet = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

const (
	idWords  = 5  // words of the title in an id
	idLetter = 48 // longest text made of them, in bytes
	idDigits = 4  // characters of the hash
	idBare   = 8  // characters of the hash without words
)

// proposedID returns an id made of the title and a hash of what is asked, which tells apart questions whose titles are
// alike. The same question gives the same id; n above 0 is for a question that stands in a bank several times.
func proposedID(q Question, n int) string {
	var choices []string
	for _, c := range q.Choices {
		choices = append(choices, c.Text.Text)
	}
	slices.Sort(choices)
	parts := []any{q.Topic, q.Title.Text, q.Stem.Text, choices}
	if n > 0 {
		parts = append(parts, n)
	}
	text, _ := json.Marshal(parts) // strings and numbers only
	sum := sha256.Sum256(text)
	hash := idAlphabet.EncodeToString(sum[:])
	words := titleWords(q.Title.Text)
	if words == "" {
		return "q-" + hash[:idBare]
	}
	return words + "-" + hash[:idDigits]
}

// titleWords returns the first words of a title as they may stand in an id.
func titleWords(title string) string {
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(strings.NewReplacer("'", "", "’", "").Replace(title)))
	words := strings.Split(slug(plain), "-")
	text := words[0]
	for _, w := range words[1:min(idWords, len(words))] {
		if len(text)+len(w) < idLetter {
			text += "-" + w
		}
	}
	return strings.Trim(text[:min(idLetter, len(text))], "-")
}

// mendMeta moves the meta comment right under its heading.
func (f *file) mendMeta(c *comment, h ast.Node) {
	first, _ := f.src.Position(f.doc.At(c.node))
	last, _ := f.src.Position(c.at + len(c.text))
	from, to := f.src.LineStart(first), f.src.LineStart(last+1)
	text := string(bytes.TrimSpace(f.src.Data[from:to]))
	if len(bytes.TrimSpace(f.src.LineText(first-1))) == 0 && len(f.src.LineText(last+1)) == 0 && to < len(f.src.Data) {
		to = f.src.LineStart(last + 2) // one of two empty lines
	}
	f.src.Mend(f.doc.At(c.node), "meta-place", true, f.underHeading(h, text), markdown.Edit{From: from, To: to})
}

// mendHeadingMeta moves the meta comment out of its heading.
func (f *file) mendHeadingMeta(raw *ast.RawHTML, h ast.Node) {
	at := f.doc.At(raw)
	text := raw.Segments.Value(f.src.Data)
	from := len(bytes.TrimRight(f.src.Data[:at], " \t"))
	f.src.Mend(at, "meta-place", true, markdown.Edit{From: from, To: at + len(text)}, f.underHeading(h, string(text)))
}

// mendBlank writes the number of a blank down.
func (b *builder) mendBlank(at, number int) {
	b.src.Mend(at, "cloze-number", false, markdown.Edit{From: at + 2, To: at + 2, Text: fmt.Sprintf("c%d::", number)})
}

var (
	rightBox = regexp.MustCompile(`^\[(?: ?[xX] ?|[хХ×✓✔])\]`)
	emptyBox = regexp.MustCompile(`^\[ *\]`)
)

// mendBox writes the box of a choice as it must be, where it is plain what was meant.
func (b *builder) mendBox(item ast.Node, text []byte) {
	at := b.doc.At(item)
	if len(text) == 0 {
		return
	}
	start := item.FirstChild().Lines().At(0).Start
	edit := markdown.Edit{From: start, To: start}
	switch {
	case rightBox.Match(text):
		edit.To, edit.Text = start+len(rightBox.Find(text)), "[x]"
	case emptyBox.Match(text):
		edit.To, edit.Text = start+len(emptyBox.Find(text)), "[ ]"
	case nearBox.Match(text) || !b.hasRightBox(item.Parent()):
		return // a mark of unknown meaning, or perhaps the right choice
	default:
		edit.Text = "[ ]"
	}
	if next := b.src.Data[edit.To]; next != ' ' && next != '\n' {
		edit.Text += " "
	}
	b.src.Mend(at, "choice-box", true, edit)
}

// hasRightBox reports whether an item of the list is marked as right.
func (b *builder) hasRightBox(list ast.Node) bool {
	return slices.ContainsFunc(markdown.Children(list), func(item ast.Node) bool {
		return rightBox.Match(b.itemText(item))
	})
}

// mendBare draws the first words of a choice up to its box.
func (b *builder) mendBare(item ast.Node) {
	lines := item.FirstChild().Lines()
	if lines.Len() > 1 {
		edit := markdown.Edit{From: lines.At(0).Start + len("[x]"), To: lines.At(1).Start, Text: " "}
		b.src.Mend(b.doc.At(item), "choice-bare", false, edit)
	}
}

// mendLazy indents a line that belongs to a choice. One at the margin below the last choice may be meant as the
// explanation: that is for the author to say.
func (b *builder) mendLazy(item ast.Node, at, indent int) {
	if _, col := b.src.Position(at); col > 1 || item.NextSibling() != nil {
		b.src.Mend(at, "choice-lazy", false, markdown.Edit{From: at, To: at, Text: strings.Repeat(" ", indent)})
	}
}

// mendLast moves a choice to the end of its list.
func (b *builder) mendLast(item ast.Node) {
	list := item.Parent().(*ast.List)
	if list.IsOrdered() || item.NextSibling() == nil || b.set.shuffle == "false" {
		return
	}
	first, _ := b.src.Position(b.doc.At(item))
	next, _ := b.src.Position(b.doc.At(item.NextSibling()))
	end := b.doc.LastLine(list)
	from, to := b.src.LineStart(first), b.src.LineStart(next)
	gap := "\n"
	if !list.IsTight {
		gap = "\n\n"
	}
	at := b.src.LineStart(end) + len(b.src.LineText(end))
	text := gap + strings.TrimRight(string(b.src.Data[from:to]), "\n ")
	b.src.Mend(b.doc.At(item), "choice-last", false, markdown.Edit{From: from, To: to}, markdown.Edit{From: at, To: at, Text: text})
}

// mendSplit joins two lists of choices: what stands between them is indented, and the bullets become alike.
func (b *builder) mendSplit(above, below *ast.List, between []ast.Node) {
	if above.IsOrdered() || below.IsOrdered() {
		return
	}
	_, content := b.src.Position(b.doc.At(above.LastChild().FirstChild()))
	var edits []markdown.Edit
	for _, n := range between {
		switch n.Kind() {
		case ast.KindParagraph, ast.KindFencedCodeBlock, ast.KindBlockquote:
			edits = append(edits, b.indented(n, content-1)...)
		default:
			return
		}
	}
	for _, item := range markdown.Children(below) {
		at := b.doc.At(item)
		if b.src.Data[at] != above.Marker {
			edits = append(edits, markdown.Edit{From: at, To: at + 1, Text: string(above.Marker)})
		}
	}
	if len(edits) > 0 {
		b.src.Mend(b.doc.At(below), "choice-split", true, edits...)
	}
}

// indented returns the insertion of blanks before every line of a block.
func (b *builder) indented(n ast.Node, by int) []markdown.Edit {
	first, _ := b.src.Position(b.doc.At(n))
	var edits []markdown.Edit
	for line := first; line <= b.doc.LastLine(n); line++ {
		if len(b.src.LineText(line)) > 0 {
			at := b.src.LineStart(line)
			edits = append(edits, markdown.Edit{From: at, To: at, Text: strings.Repeat(" ", by)})
		}
	}
	return edits
}
