package bank

import (
	"regexp"

	"github.com/yuin/goldmark/ast"
)

var (
	questionInCode = regexp.MustCompile(`(?m)^ {0,3}##[ \t]+\S.*\n\s*<!--\s*id:`)
	sectionInCode  = regexp.MustCompile(`(?m)^ {0,3}###[ \t]+(.*?)[ \t]*#*[ \t]*$`)
	idInCode       = regexp.MustCompile(`<!--\s*id:[ \t]*"?([a-z0-9-]+)`)
)

// swallows reports a fence whose end is missing, so that the closing line of a later one ends it. The headings of
// the questions in between show it, unless the code is Markdown.
func (f *file) swallows(n ast.Node) bool {
	found := false
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		fence, ok := n.(*ast.FencedCodeBlock)
		if ok && entering && !f.showsMarkdown(fence) && !f.doc.IsOpenFence(fence) {
			found = f.swallowsHeading(fence) || found
		}
		return ast.WalkContinue, nil
	})
	return found
}

func (f *file) showsMarkdown(fence *ast.FencedCodeBlock) bool {
	language := f.doc.Language(fence)
	return language == "markdown" || language == "md"
}

func (f *file) swallowsHeading(fence *ast.FencedCodeBlock) bool {
	if fence.Lines().Len() == 0 {
		return false
	}
	from, to := fence.Lines().At(0).Start, fence.Lines().At(fence.Lines().Len()-1).Stop
	code := f.src.Data[from:to]
	at := headingInCode(code)
	if at < 0 {
		return false
	}
	line, _ := f.src.Position(from + at)
	f.errorf(fence, "fence-open", "the code block is not closed before the heading in line %d and swallows it; end it with the same fence, or name its language markdown if it shows Markdown", line)
	f.noteIDs(from, code)
	return true
}

// headingInCode returns the offset of the first line that looks like the heading of a question or of a section, or -1.
func headingInCode(code []byte) int {
	first := -1
	if m := questionInCode.FindIndex(code); m != nil {
		first = m[0]
	}
	for _, m := range sectionInCode.FindAllSubmatchIndex(code, -1) {
		if sectionReaders[sectionKey(string(code[m[2]:m[3]]))] == nil {
			continue
		}
		if first < 0 || m[0] < first {
			first = m[0]
		}
		break
	}
	return first
}

// noteIDs takes the ids in a text as given away, so that a mention elsewhere is not reported as well.
func (f *file) noteIDs(base int, text []byte) {
	for _, m := range idInCode.FindAllSubmatchIndex(text, -1) {
		f.ids = append(f.ids, use{string(text[m[2]:m[3]]), base + m[2]})
	}
}
