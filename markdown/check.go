package markdown

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/net/html"
)

// Check reports what is wrong with running text, code, links and images wherever they stand. Nodes for which skip
// returns true are taken for granted; it may be nil.
func (d *Document) Check(skip func(ast.Node) bool) {
	c := checker{Document: d, badTags: map[string]bool{}}
	_ = ast.Walk(d.root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering && (skip == nil || !skip(n)) {
			c.node(n)
		}
		return ast.WalkContinue, nil
	})
	c.invisible()
}

// checker carries what one walk over a document has seen.
type checker struct {
	*Document
	badTags map[string]bool // tags that were reported when they opened
	code    [][2]int        // ranges of the file that are code
}

func (c *checker) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		c.placeholder(n)
	case *Blank:
		c.blank(n)
	case *Claim:
		c.claim(n)
	case *ast.CodeSpan:
		if last, ok := n.LastChild().(*ast.Text); ok {
			c.code = append(c.code, [2]int{n.FirstChild().Pos(), last.Segment.Stop})
		}
	case *ast.CodeBlock:
		c.codeLines(n)
	case *ast.FencedCodeBlock:
		c.codeLines(n)
		c.fence(n)
	case *ast.Link:
		c.checkLink(c.At(n), unescape(n.Destination))
	case *ast.AutoLink:
		c.checkLink(c.At(n), autoDestination(n, c.text))
	case *ast.Image:
		c.checkImage(c.At(n), unescape(n.Destination), strings.Join(c.inlineLines(Children(n)), " "))
	case *ast.HTMLBlock:
		if c.IsOpenComment(n) {
			c.Errorf(c.At(n), "comment-open", "the comment is never closed and hides the rest of the file; end it with -->")
		}
	}
	if n.HasChildren() {
		c.tagsIn(Children(n))
	}
}

func (c *checker) codeLines(n ast.Node) {
	if lines := n.Lines(); lines.Len() > 0 {
		c.code = append(c.code, [2]int{lines.At(0).Start, lines.At(lines.Len() - 1).Stop})
	}
}

var placeholders = regexp.MustCompile(`(?i:lorem ipsum)|\b(?:TODO|TBD|FIXME)\b|\$\{[^}]*\}|\$[A-Za-z_]\w*`)

// placeholder looks at the run of text that begins with the node: the parser cuts text at every special character.
func (c *checker) placeholder(n *ast.Text) {
	if n.Parent().Kind() == ast.KindCodeSpan || follows(n.PreviousSibling(), n) {
		return
	}
	stop := n.Segment.Stop
	for last := n; follows(last, last.NextSibling()); stop = last.Segment.Stop {
		last = last.NextSibling().(*ast.Text)
	}
	value := c.text[n.Segment.Start:stop]
	if !maybePlaceholder(value) { // a sixth of reading a bank was the expression, which hardly any text fits
		return
	}
	for _, m := range placeholders.FindAllIndex(value, -1) {
		c.Errorf(n.Pos()+m[0], "text-placeholder", "%q looks like text to be filled in; write the text, or put it in backticks if it is code",
			value[m[0]:m[1]])
	}
}

// maybePlaceholder reports whether a text has what every placeholder has.
func maybePlaceholder(text []byte) bool {
	for _, sign := range []string{"$", "TODO", "TBD", "FIXME"} {
		if bytes.Contains(text, []byte(sign)) {
			return true
		}
	}
	const lorem = "lorem"
	for i := range max(0, len(text)-len(lorem)) {
		if text[i]|0x20 == 'l' && bytes.EqualFold(text[i:i+len(lorem)], []byte(lorem)) {
			return true
		}
	}
	return false
}

// follows reports whether two nodes are pieces of one run of text.
func follows(a, b ast.Node) bool {
	before, ok := a.(*ast.Text)
	after, both := b.(*ast.Text)
	return ok && both && before.Segment.Stop == after.Segment.Start
}

func (c *checker) blank(n *Blank) {
	if n.Open {
		c.Errorf(c.At(n), "cloze-open", "{{ is never closed; add }}, or write \\{{ or backticks if it is meant as text")
		return
	}
	c.Errorf(c.At(n), "text-placeholder", "{{%s}} is a blank only in the prompt of a question; write the text, or put it in backticks if it is code", n.Inner)
}

func (c *checker) claim(n *Claim) {
	if n.Month.IsZero() {
		c.Errorf(c.At(n), "claim-form", "{as-of …} wants a month; write it as in {as-of 2025-11}")
	}
}

// fence reports a fence that is never closed or whose language cannot be shown.
func (c *checker) fence(n *ast.FencedCodeBlock) {
	if c.IsOpenFence(n) {
		c.Errorf(c.At(n), "fence-open", fenceOpen)
		return
	}
	if c.IsCloze(n) {
		c.openBlanks(n)
	}
	switch language := c.language(n); {
	case language == "":
		c.Warnf(c.At(n), "fence-lang", "the code block names no language; write one behind the fence, or text")
	case !slices.Contains(plainLanguages, language) && c.lexer(language) == nil:
		c.Warnf(c.At(n), "fence-lang", "%q is not a known language; correct it, or write text", language)
	}
}

const fenceOpen = "the code block is never closed and swallows what follows; end it with the same fence"

// openBlanks reports blanks in code that do not end on their line.
func (c *checker) openBlanks(n *ast.FencedCodeBlock) {
	for i := range n.Lines().Len() {
		segment := n.Lines().At(i)
		rest := codeBlank.ReplaceAllFunc(c.text[segment.Start:segment.Stop], func(blank []byte) []byte {
			return bytes.Repeat([]byte{' '}, len(blank))
		})
		if at := bytes.Index(rest, []byte("{{")); at >= 0 {
			c.Errorf(segment.Start+at, "cloze-open", "{{ is never closed; add }} on the same line, or drop the word cloze behind the fence")
		}
	}
}

// IsOpenFence reports whether a fence has no closing line.
func (d *Document) IsOpenFence(n *ast.FencedCodeBlock) bool {
	opener := d.At(n)
	line, _ := d.Position(opener)
	if lines := n.Lines(); lines.Len() > 0 {
		last := lines.At(lines.Len() - 1)
		line, _ = d.Position(max(last.Start, last.Stop-1))
	}
	opener += max(0, bytes.IndexAny(d.text[opener:], "`~"))
	mark := d.text[opener]
	closer := bytes.TrimRight(bytes.TrimLeft(d.lineText(line+1), " \t>"), " \t")
	return len(closer) < 3 || len(bytes.Trim(closer, string(mark))) > 0
}

// IsOpenComment reports whether a block is a comment that is never closed.
func (d *Document) IsOpenComment(n ast.Node) bool {
	block, ok := n.(*ast.HTMLBlock)
	return ok && block.HTMLBlockType == ast.HTMLBlockType2 && !strings.Contains(d.htmlSource(n), "-->")
}

// tagsIn reports raw HTML among siblings: tags that are not allowed, and tags that do not pair up.
func (c *checker) tagsIn(siblings []ast.Node) {
	var open []openTag
	for _, n := range siblings {
		switch n.Kind() {
		case ast.KindRawHTML, ast.KindHTMLBlock:
			open = c.pair(n, open)
		case ast.KindHeading:
			if n.Parent() == c.root && n.(*ast.Heading).Level <= 3 {
				c.unclosed(open) // a tag may not reach over the end of a section
				open = nil
			}
		}
	}
	c.unclosed(open)
}

// openTag is a tag that waits for its end.
type openTag struct {
	name string
	at   int
}

func (c *checker) unclosed(open []openTag) {
	for _, t := range open {
		c.Errorf(t.at, "html-tag", "<%s> is not closed in the same block; add </%[1]s>", t.name)
	}
}

func (c *checker) pair(n ast.Node, open []openTag) []openTag {
	for _, t := range tokens(c.htmlSource(n)) {
		at := c.tagAt(n, t.offset)
		switch {
		case t.Type == html.TextToken:
		case t.Type == html.EndTagToken && c.allowed(t, at):
			if len(open) == 0 || open[len(open)-1].name != t.Data {
				c.Errorf(at, "html-tag", "</%s> closes nothing here; remove it, or open and close the tag in the same block", t.Data)
				continue
			}
			open = open[:len(open)-1]
		case t.Type != html.EndTagToken && c.allowed(t, at) && !slices.Contains(voidTags, t.Data):
			open = append(open, openTag{t.Data, at})
		}
	}
	return open
}

// allowed reports a tag or attribute that is not allowed; a closing tag only if its opening was not.
func (c *checker) allowed(t tag, at int) bool {
	attributes, ok := allowedTags[t.Data]
	switch {
	case t.Type != html.StartTagToken && t.Type != html.EndTagToken && t.Type != html.SelfClosingTagToken:
		c.Errorf(at, "html-tag", "this kind of HTML is not allowed; put it in backticks if it is meant as text")
		return false
	case !ok:
		if !c.badTags[t.Data] || t.Type != html.EndTagToken {
			c.Errorf(at, "html-tag", "<%s> is not an allowed tag and would vanish; write `<%[1]s>` in backticks if it is meant as text", t.Data)
		}
		c.badTags[t.Data] = true
		return false
	case t.Type == html.EndTagToken && slices.Contains(voidTags, t.Data):
		c.Errorf(at, "html-tag", "</%s> does not exist; write <%[1]s>", t.Data)
		return false
	}
	for _, a := range t.Attr {
		if !slices.Contains(attributes, a.Key) {
			c.Errorf(at, "html-tag", "<%s> may not have the attribute %s; remove it", t.Data, a.Key)
			return false
		}
	}
	if t.Data == "img" {
		c.checkImage(at, attribute(t, "src"), attribute(t, "alt"))
	}
	return true
}

// tagAt returns the offset in the file of an offset in a node's raw HTML.
func (d *Document) tagAt(n ast.Node, offset int) int {
	lines := n.Lines
	if raw, ok := n.(*ast.RawHTML); ok {
		return raw.Segments.At(0).Start + offset
	}
	for i := range lines().Len() {
		segment := lines().At(i)
		if size := segment.Len(); offset < size {
			return segment.Start + max(0, offset-segment.Padding)
		}
		offset -= segment.Len()
	}
	if block := n.(*ast.HTMLBlock); block.HasClosure() {
		return block.ClosureLine.Start + offset
	}
	return d.At(n)
}

// invisible reports characters that nobody sees, except in code.
func (c *checker) invisible() {
	slices.SortFunc(c.code, func(a, b [2]int) int { return a[0] - b[0] })
	code := c.code
	before := ' '
	for i := 0; i < len(c.Data); {
		r, size := utf8.DecodeRune(c.Data[i:])
		for len(code) > 0 && code[0][1] <= i {
			code = code[1:]
		}
		if isInvisible(r) && !joins(before, r) && (len(code) == 0 || i < code[0][0]) {
			c.Warnf(i, "file-invisible", "U+%04X cannot be seen; delete it", r)
			c.Mend(i, "file-invisible", true, Edit{From: i, To: i + size})
		}
		before = r
		i += size
	}
}

// joins reports a joiner where writing needs it: within an emoji, and in scripts other than Latin, Greek and Cyrillic.
func joins(before, r rune) bool {
	return (r == 0x200C || r == 0x200D) && before > 0x0530 && !unicode.IsPunct(before) && !unicode.IsSpace(before) && !isInvisible(before)
}

func isInvisible(r rune) bool {
	switch {
	case r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0xFEFF, r == 0xAD:
		return true
	}
	return false
}
