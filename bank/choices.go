package bank

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"rehearse/markdown"
)

var (
	// nearBox is what authors write when they mean [ ] or [x].
	nearBox = regexp.MustCompile(`^\[(?:|×|х|Х|✓|✔|✗|\*|-|[vVoOyY]| ?[xX] ?| {2,3})\](?:[\s\p{L}]|$)`)
	lastOne = regexp.MustCompile(`(?i)^(?:all|none|both|neither)(?: of (?:the above|these)| (?:the )?above)\W*$`)
	letters = regexp.MustCompile(`(?:^|[\s(])[Bb]oth [A-H] and [A-H]\b|^[A-H](?:, [A-H])*,? (?:and|or|&) [A-H]\W*$|^(?:[Oo]nly|[Nn]either|[Ee]ither) [A-H](?: n?or [A-H])?\W*$`)
)

// isTaskList reports whether a list is meant as choices: some item has a box, or what its author took for one.
func (b *builder) isTaskList(list *ast.List) bool {
	return slices.ContainsFunc(markdown.Children(list), func(item ast.Node) bool {
		return boxOf(item) != nil || nearBox.Match(b.itemText(item))
	})
}

// boxOf returns the check box that begins an item, or nil.
func boxOf(item ast.Node) *extast.TaskCheckBox {
	if item.FirstChild() == nil || item.FirstChild().FirstChild() == nil {
		return nil
	}
	box, _ := item.FirstChild().FirstChild().(*extast.TaskCheckBox)
	return box
}

// itemText returns the first line of an item's text.
func (b *builder) itemText(item ast.Node) []byte {
	first := item.FirstChild()
	if first == nil || first.Type() == ast.TypeInline || first.Lines().Len() == 0 || first.IsRaw() {
		return nil
	}
	segment := first.Lines().At(0)
	return bytes.TrimRight(segment.Value(b.src.Data), "\n")
}

// readChoices reads the task list and sets the kind.
func (b *builder) readChoices() {
	items := markdown.Children(b.list)
	complete := !b.splitList && !b.bareBox
	for _, item := range items {
		complete = b.readChoice(item) && complete
	}
	b.unsure = !complete
	right := 0
	for _, c := range b.q.Choices {
		if c.Right {
			right++
		}
	}
	b.q.Kind = Single
	if right > 1 || b.set.kind == Multiple {
		b.q.Kind = Multiple
	}
	switch {
	case !complete: // how many there are and how many are right is not known
	case len(items) < 2:
		b.errorf(b.list, "choice-few", "there is only one choice; add at least one more")
	case right == 0:
		b.errorf(b.list, "choice-none", "no choice is marked as right; write [x] in its box")
	case right == len(b.q.Choices):
		b.warnf(b.list, "choice-all", "every choice is right; add a wrong one")
	}
	b.arrange()
	b.noClozeFences(b.choiceBlocks())
}

// readChoice reads one item and reports whether it is a choice.
func (b *builder) readChoice(item ast.Node) bool {
	box := boxOf(item)
	text := b.itemText(item)
	if box == nil || len(text) > 3 && text[3] != ' ' && text[3] != '\t' {
		b.errorf(item, "choice-box", "the choice has no proper box; begin it with \"- [ ] \" or, if it is right, \"- [x] \"")
		b.mendBox(item, text)
		return false
	}
	b.checkLazy(item)
	line := item.FirstChild()
	line.RemoveChild(line, box)
	c := Choice{Right: box.IsChecked}
	var content []ast.Node
	for _, n := range b.content(item) {
		quote, ok := n.(*ast.Blockquote)
		switch {
		case ok && !c.Why.Empty():
			b.errorf(quote, "choice-why", "the choice has a second reason; join the two quotes")
		case ok:
			c.Why = b.rich(markdown.Children(quote))
		case n != line || line.HasChildren():
			content = append(content, n)
		}
	}
	c.Text = b.phrase(content)
	if c.Text.Empty() {
		b.errorf(item, "choice-empty", "the choice is empty; write its text behind the box")
		return false
	}
	if len(bytes.TrimSpace(text)) <= 3 {
		b.warnf(item, "choice-bare", "nothing follows the box on its line, so other viewers show the brackets; put the first words there")
		b.mendBare(item)
	}
	return b.addChoice(item, c)
}

func (b *builder) addChoice(item ast.Node, c Choice) bool {
	if slices.ContainsFunc(b.q.Choices, func(have Choice) bool { return have.Text.Text == c.Text.Text }) {
		b.errorf(item, "choice-dup", "the choice is there already; change or remove it")
		return false
	}
	c.ID = b.newID(choiceSalt, c.Text.Text)
	c.Last = lastOne.MatchString(c.Text.Text)
	b.q.Choices, b.items = append(b.q.Choices, c), append(b.items, item)
	return true
}

// checkLazy warns of lines that belong to the choice only because nothing separates them.
func (b *builder) checkLazy(item ast.Node) {
	_, content := b.src.Position(b.doc.At(item.FirstChild()))
	_ = ast.Walk(item, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering || !ast.IsParagraph(n) && n.Kind() != ast.KindTextBlock {
			return ast.WalkContinue, nil
		}
		for i := 1; i < n.Lines().Len(); i++ {
			segment := n.Lines().At(i)
			at := segment.Start
			if bareBox.Match(segment.Value(b.src.Data)) {
				break // is reported, and so is what else it takes along
			}
			if _, col := b.src.Position(at); col < content {
				b.src.Warnf(at, "choice-lazy", "the line is read as a part of the choice above; indent it, or leave an empty line before it")
				b.mendLazy(item, at, content-col)
			}
		}
		return ast.WalkContinue, nil
	})
}

// arrange settles whether the choices may be shuffled and warns of those that then make no sense.
func (b *builder) arrange() {
	truth := b.isTruth()
	hasKey := slices.ContainsFunc(b.q.Choices, func(c Choice) bool { return c.Right }) // or which are wrong is unknown
	lettered := false
	for i, c := range b.q.Choices {
		if letters.MatchString(c.Text.Text) {
			lettered = true
			if b.set.shuffle != "false" {
				b.warnf(b.items[i], "choice-letter", "the choice names others by letter, which turns shuffling off; name them by their text, or set shuffle: false")
			}
		}
		if c.Last && slices.ContainsFunc(b.q.Choices[i:], func(later Choice) bool { return !later.Last }) {
			b.warnf(b.items[i], "choice-last", "%q is always shown last; move it to the end of the list", c.Text.Text)
			b.mendLast(b.items[i])
		}
		if !c.Right && hasKey && c.Why.Empty() && !truth && b.explains() {
			b.warnf(b.items[i], "why-missing", "the wrong choice has no reason; add a line \"  > why it is wrong\" below it")
		}
	}
	b.q.KeepOrder = b.set.shuffle == "false" || truth || lettered
}

// explains reports whether the question explains anything; if not, that alone is reported.
func (b *builder) explains() bool { return !b.q.Explanation.Empty() || b.hasReason() }

// isTruth reports whether the choices are True and False, or Yes and No.
func (b *builder) isTruth() bool {
	var words []string
	for _, c := range b.q.Choices {
		words = append(words, Normal(c.Text.Text, false))
	}
	slices.Sort(words)
	pair := strings.Join(words, " ")
	return pair == "false true" || pair == "no yes"
}

// choiceBlocks returns the blocks of all choices.
func (b *builder) choiceBlocks() []ast.Node {
	var blocks []ast.Node
	for _, item := range markdown.Children(b.list) {
		blocks = append(blocks, markdown.Children(item)...)
	}
	return blocks
}
