package bank

import (
	"regexp"

	"github.com/yuin/goldmark/ast"
)

// bareBox is the start of a line that is a choice but for its bullet.
var bareBox = regexp.MustCompile(`^[ \t>]*\[[ xX]?\][ \t]+\S`)

// checkBullets reports boxes without a bullet: they are read as text, or as a part of the choice above. One finding stands
// for all in a paragraph. It reports whether there are any.
func (b *builder) checkBullets(blocks []ast.Node) bool {
	found := false
	for _, block := range blocks {
		_ = ast.Walk(block, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if !entering || !ast.IsParagraph(n) && n.Kind() != ast.KindTextBlock {
				return ast.WalkContinue, nil
			}
			if at := b.bareBoxIn(n); at >= 0 {
				b.src.Errorf(at, "choice-bullet", "the box has no bullet before it, so the line is read as text; begin it with \"- [ ] \" or \"- [x] \"")
				found = true
			}
			return ast.WalkSkipChildren, nil
		})
	}
	return found
}

// indentedBox is a choice in a block of code.
var indentedBox = regexp.MustCompile(`(?m)^[ \t]*[-*+][ \t]+\[[ xX]?\][ \t]`)

// checkIndented reports choices that are code because of the blanks before them, and whether there are any.
func (b *builder) checkIndented() bool {
	for _, n := range b.prompt {
		if code, ok := n.(*ast.CodeBlock); ok && indentedBox.MatchString(b.doc.Code(code)) {
			b.errorf(n, "choice-indent", "the choices are indented by a tab or four blanks, which makes them code; begin their lines at the margin")
			return true
		}
	}
	return false
}

func (b *builder) isBareBox(n ast.Node) bool { return ast.IsParagraph(n) && b.bareBoxIn(n) >= 0 }

func (b *builder) isChoices(n ast.Node) bool {
	list, ok := n.(*ast.List)
	return ok && b.isTaskList(list)
}

// bareBoxIn returns the offset of the first line of a paragraph that begins with a box, or -1. The first line of an item
// is not looked at: there it is the choice itself.
func (b *builder) bareBoxIn(paragraph ast.Node) int {
	from := 0
	if paragraph.Parent().Kind() == ast.KindListItem && paragraph.PreviousSibling() == nil {
		from = 1
	}
	for i := from; i < paragraph.Lines().Len(); i++ {
		segment := paragraph.Lines().At(i)
		if bareBox.Match(segment.Value(b.src.Data)) {
			return segment.Start
		}
	}
	return -1
}
