package bank

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"rehearse/markdown"
)

// outline is a file cut at its headings.
type outline struct {
	title     *ast.Heading // the # heading, or nil
	intro     []ast.Node
	questions []*part
	stray     bool // a section before the first question was reported
	lost      bool // a heading is missing or is none, so that it is unknown what the blocks up to the next ## belong to
}

// part is one question: its heading, its meta comment, its blocks and its sections.
type part struct {
	heading  *ast.Heading
	meta     *comment
	blocks   []ast.Node // prompt, choices and what follows them
	sections []*section
	open     bool // a fence or comment swallows what follows, or an underlined heading cuts it off

	misplaced bool       // the meta comment stands inside the heading
	near      []*comment // comments that look like meta, before any that is
	idLate    bool       // the meta comment does not begin with id:
}

// section is a ### heading with its blocks.
type section struct {
	heading *ast.Heading
	blocks  []ast.Node
}

// comment is an HTML comment with the place of its text.
type comment struct {
	node ast.Node
	text string
	at   int // offset of text
}

// outline cuts the file at its top-level headings. Comments and thematic breaks are left out.
func (f *file) outline(hasFront bool) outline {
	var out outline
	for i, n := range f.doc.Blocks {
		h, isHeading := n.(*ast.Heading)
		c, isComment := f.comment(n)
		isQuestion := isHeading && h.Level == 2
		switch {
		case isQuestion && f.isUnderlined(h):
			f.outlineUnderlined(&out, h, hasFront)
		case out.lost && !isQuestion:
			f.outlineLost(&out, n)
		case isHeading && h.Level <= 3:
			f.outlineHeading(&out, h, f.doc.Blocks[i+1:])
		case isComment:
			f.outlineComment(&out, c)
		default:
			f.outlineBlock(&out, n)
		}
	}
	return out
}

func (f *file) outlineBlock(out *outline, n ast.Node) {
	if n.Kind() != ast.KindThematicBreak {
		out.append(n)
	}
	out.lost = f.swallows(n)
	if q := out.question(); q != nil && (out.lost || f.neverClosed(n)) {
		q.open = true
	}
}

var numberSigns = regexp.MustCompile(`^ *#+(?:\s|$)`)

// isUnderlined reports whether a heading is a paragraph with a line of dashes under it.
func (f *file) isUnderlined(h *ast.Heading) bool {
	return !numberSigns.Match(f.src.Data[f.doc.At(h):])
}

// outlineUnderlined takes the heading as text of the question above. Whether what follows belongs to that question,
// too, or to a new one is unknown.
func (f *file) outlineUnderlined(out *outline, h *ast.Heading, hasFront bool) {
	if hasFront || out.question() != nil { // otherwise it may well be the front matter
		f.errorf(h, "heading-underlined", "the line of dashes makes the text above it a ## heading; put an empty line above ---, or write ## if it is a question")
	}
	f.allowBlanks([]ast.Node{h})
	if !out.lost {
		out.append(h)
	}
	out.lost = true
}

// outlineLost leaves out a block that may belong to a question whose heading is unknown.
func (f *file) outlineLost(out *outline, n ast.Node) {
	if c, ok := f.comment(n); ok {
		f.noteIDs(c.at-len("<!--"), []byte("<!--"+c.text))
		return
	}
	f.allowBlanks([]ast.Node{n})
	if q := out.question(); q != nil && n.Kind() != ast.KindThematicBreak {
		q.open = true
	}
}

// outlineHeading takes a heading for what its level says. Where what follows shows that another level was meant, that is
// the one finding, and the rest is read as it was meant.
func (f *file) outlineHeading(out *outline, h *ast.Heading, rest []ast.Node) {
	q := out.question()
	isSection := sectionReaders[f.headingKey(h)] != nil
	switch {
	case h.Level == 2:
		f.outlineQuestion(out, h)
	case h.Level == 1 && q != nil && isSection:
		f.errorf(h, "h1-late", "a # heading may not follow a question; write ### for the section")
		q.sections = append(q.sections, &section{heading: h})
	case h.Level == 1 && f.beginsQuestion(*out, h, rest):
		f.errorf(h, "h1-late", "a question begins with ##, not with #; write ##")
		f.outlineQuestion(out, h)
	case h.Level == 1 && q != nil:
		f.errorf(h, "h1-late", "a # heading may not follow a question; use ## for a question or #### inside one")
	case h.Level == 1 && out.title != nil:
		f.errorf(h, "h1-late", "the file has a second # heading; keep one")
	case h.Level == 1:
		out.title = h
	case q == nil && !isSection && f.beginsQuestion(*out, h, rest):
		f.errorf(h, "section-stray", "a question begins with ##, not with ###; write ##")
		f.outlineQuestion(out, h)
	case q == nil:
		if !out.stray { // the others are consequences of the heading that is missing
			f.errorf(h, "section-stray", "a ### section may only stand inside a question; use #### here, or put a ## question before it")
		}
		out.stray = true
	case !isSection && f.beginsQuestion(*out, h, rest):
		f.errorf(h, "section-unknown", "a question begins with ##, not with ###; write ##")
		f.outlineQuestion(out, h)
	default:
		q.sections = append(q.sections, &section{heading: h})
	}
}

func (f *file) outlineQuestion(out *outline, h *ast.Heading) {
	out.lost = false
	out.questions = append(out.questions, &part{heading: h, misplaced: f.hasMeta(h)})
}

// beginsQuestion reports whether a heading of another level than ## was plainly meant to begin a question: the comment
// with its keys follows, or, where the heading could be nothing else that makes sense, a way to answer.
func (f *file) beginsQuestion(out outline, h *ast.Heading, rest []ast.Node) bool {
	q, text := out.question(), f.doc.Text(markdown.Children(h))
	if h.Level == 3 && q != nil && markdown.Nearest(strings.TrimSuffix(text, ":"), sectionNames) != "" {
		return false
	}
	if f.metaFollows(rest) {
		return h.Level == 1 || q == nil || q.meta != nil
	}
	switch {
	case h.Level == 1 && q == nil: // it may be the title
		return f.topic.Title != "" && text != f.topic.Title && f.answerFollows(rest)
	case h.Level == 3 && q != nil:
		return strings.HasSuffix(text, "?") && f.answerFollows(rest)
	}
	return f.answerFollows(rest)
}

// metaFollows reports whether the next block is the meta comment of a question.
func (f *file) metaFollows(rest []ast.Node) bool {
	for _, n := range rest {
		c, ok := f.comment(n)
		if !ok {
			return false
		}
		if strings.HasPrefix(strings.TrimSpace(c.text), "id:") {
			return true
		}
	}
	return false
}

// answerFollows reports whether choices or a section come before the next question.
func (f *file) answerFollows(rest []ast.Node) bool {
	b := builder{file: f}
	for _, n := range rest {
		h, isHeading := n.(*ast.Heading)
		list, isList := n.(*ast.List)
		switch {
		case isHeading && h.Level <= 3:
			return h.Level == 3 && sectionReaders[f.headingKey(h)] != nil
		case isList && b.isTaskList(list):
			return true
		}
	}
	return false
}

// hasMeta reports a meta comment inside a heading.
func (f *file) hasMeta(h *ast.Heading) bool {
	for c := h.FirstChild(); c != nil; c = c.NextSibling() {
		if raw, ok := c.(*ast.RawHTML); ok && metaInline.Match(raw.Segments.Value(f.src.Data)) {
			f.errorf(c, "meta-place", metaPlace)
			f.mendHeadingMeta(raw, h)
			return true
		}
	}
	return false
}

const metaPlace = "the meta comment must be the first block under its ## heading, once; move it there"

var (
	metaInline = regexp.MustCompile(`^<!--\s*id:`)
	metaKey    = regexp.MustCompile(`(?:^|[\n,])\s*([a-z]+):\s`)
)

// outlineComment takes a comment as the meta of its question or leaves it out as a note.
func (f *file) outlineComment(out *outline, c *comment) {
	q := out.question()
	first := q != nil && q.meta == nil && len(q.blocks) == 0 && len(q.sections) == 0
	isMeta := strings.HasPrefix(strings.TrimSpace(c.text), "id:")
	switch {
	case isMeta && first:
		q.meta = c
	case isMeta:
		f.errorf(c.node, "meta-place", metaPlace)
		if q != nil && q.meta == nil {
			q.meta = c // still its meta: one mistake, one finding
			f.mendMeta(c, q.heading)
		}
	case first && looksLikeMeta(c.text):
		q.near = append(q.near, c)
	}
}

func looksLikeMeta(text string) bool {
	return slices.ContainsFunc(metaKey.FindAllStringSubmatch(text, -1), func(m []string) bool {
		return isQuestionKey(m[1])
	})
}

// nearMeta settles comments that look like meta. Where there is no other, and all keys are known, it is the meta: the
// mistake is that id: does not come first, and not that there is none.
func (b *builder) nearMeta() {
	for _, c := range b.part.near {
		if b.part.meta == nil && isMeta(c) {
			b.part.meta, b.part.idLate = c, true
			b.errorf(c.node, "meta-first", "the keys do not begin with id:, which tells them from a note; put it first")
			continue
		}
		b.warnf(c.node, "meta-first", "the comment looks like meta but is read as a note; begin it with id:")
	}
}

// isMeta reports whether a comment is YAML with nothing but keys of a question.
func isMeta(c *comment) bool {
	scratch, _ := markdown.Open("", nil)
	text, _ := metaText(c)
	m, ok := scratch.Mapping("meta", text, 0)
	return ok && !slices.ContainsFunc(m.Fields, func(f markdown.Field) bool { return !isQuestionKey(f.Key) })
}

// comment returns a block that is a closed comment and nothing else.
func (f *file) comment(n ast.Node) (*comment, bool) {
	block, ok := n.(*ast.HTMLBlock)
	if !ok || block.HTMLBlockType != ast.HTMLBlockType2 {
		return nil, false
	}
	from := block.Lines().At(0).Start
	to := block.Lines().At(block.Lines().Len() - 1).Stop
	if block.HasClosure() {
		to = block.ClosureLine.Stop
	}
	source := f.src.Data[from:to]
	open, end := bytes.Index(source, []byte("<!--")), bytes.LastIndex(source, []byte("-->"))
	if open < 0 || end < open+4 || len(bytes.TrimSpace(source[end+3:])) > 0 {
		return nil, false
	}
	return &comment{node: n, text: string(source[open+4 : end]), at: from + open + 4}, true
}

// neverClosed reports whether the block holds a fence or comment without an end.
func (f *file) neverClosed(n ast.Node) bool {
	found := false
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		fence, ok := n.(*ast.FencedCodeBlock)
		found = found || ok && f.doc.IsOpenFence(fence) || f.doc.IsOpenComment(n)
		return ast.WalkContinue, nil
	})
	return found
}

func (out *outline) question() *part {
	if len(out.questions) == 0 {
		return nil
	}
	return out.questions[len(out.questions)-1]
}

func (out *outline) append(n ast.Node) {
	q := out.question()
	switch {
	case q == nil:
		out.intro = append(out.intro, n)
	case len(q.sections) == 0:
		q.blocks = append(q.blocks, n)
	default:
		s := q.sections[len(q.sections)-1]
		s.blocks = append(s.blocks, n)
	}
}
