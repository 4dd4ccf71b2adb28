package bank

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// bareKey is a line that would be a key if it stood in a comment.
var bareKey = regexp.MustCompile(`^(?i)([a-z][a-z-]*):[ \t]+(\S.*?)[ \t]*$`)

// sentenceEnd tells prose such as "source: where does it come from?" from a value.
var sentenceEnd = regexp.MustCompile(`[.?!:;,]$`)

// readBareKeys reports keys that stand under the heading without a comment around them: they are read as text, and the
// question as one without id. Their id counts as given away, so that a mention elsewhere is not reported as well.
func (b *builder) readBareKeys() {
	if len(b.part.blocks) == 0 || !ast.IsParagraph(b.part.blocks[0]) {
		return
	}
	lines, at := b.part.blocks[0].Lines(), b.doc.At(b.part.blocks[0])
	keys, known := 0, false
	for keys < lines.Len() {
		segment := lines.At(keys)
		m := bareKey.FindStringSubmatch(strings.TrimRight(string(segment.Value(b.src.Data)), "\n"))
		if m == nil {
			break
		}
		keys++
		known = known || isQuestionKey(strings.ToLower(m[1])) && !sentenceEnd.MatchString(m[2])
	}
	hasMeta := b.part.meta != nil || b.part.misplaced
	if !known || hasMeta && keys < max(2, lines.Len()) { // beside a comment, one such line may well be text
		return
	}
	b.bareKeys = true
	b.src.Errorf(at, "meta-bare", "keys without a comment around them are text that candidates read; put them into <!-- … --> right under the heading, id: first")
	for i := range keys {
		segment := lines.At(i)
		m := bareKey.FindStringSubmatch(strings.TrimRight(string(segment.Value(b.src.Data)), "\n"))
		if strings.EqualFold(m[1], "id") && idForm.MatchString(m[2]) {
			b.ids = append(b.ids, use{m[2], segment.Start + strings.Index(string(segment.Value(b.src.Data)), m[2])})
		}
	}
}
