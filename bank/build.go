package bank

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"

	"rehearse/markdown"
)

// maxTitle is the longest title that is not warned of, in characters.
const maxTitle = 200

// builder reads one question.
type builder struct {
	*file
	part      *part
	set       settings
	q         Question
	prompt    []ast.Node
	list      *ast.List  // the choices, or nil
	items     []ast.Node // the items of q.Choices
	bareKeys  bool       // its keys stand in no comment: that it has no id is a consequence
	splitList bool       // there is a second list of choices
	bareBox   bool       // a choice has no bullet: how many there are is not known
	misnamed  bool       // a section has nearly the name of one that exists: what lacks may be in it
	unsure    bool       // not all choices could be read: single or multiple is a guess
	tail      []ast.Node
	seen      map[string]*section // by name in small letters
	gaps      []markdown.Gap
}

// readQuestion reads a question as far as its faults allow.
func (f *file) readQuestion(p *part) asked {
	b := &builder{file: f, part: p, set: f.inherited(), seen: map[string]*section{}}
	line, _ := f.src.Position(f.doc.At(p.heading))
	b.q = Question{Topic: f.topic.ID, File: f.src.Path, Line: line}
	b.readTitle()
	b.readLabels()
	b.split()
	if p.open {
		return b.asked() // a part is swallowed or cut off: anything more would be a consequence
	}
	b.readSections()
	b.readWay()
	b.q.Stem, b.q.Script.Programs = f.rich(b.prompt), f.programs(b.prompt)
	b.finish()
	return b.asked()
}

func (b *builder) asked() asked {
	a := asked{Question: b.q, draft: b.set.draft, at: b.doc.At(b.part.heading)}
	for _, item := range b.items {
		a.choices = append(a.choices, b.doc.At(item))
	}
	return a
}

func (b *builder) readTitle() {
	nodes := markdown.Children(b.part.heading)
	b.q.Title = b.rich(nodes)
	switch {
	case b.q.Title.Empty():
		b.errorf(b.part.heading, "title-empty", "the heading has no text; write the question there")
	case utf8.RuneCountInString(b.q.Title.Text) > maxTitle:
		b.warnf(b.part.heading, "title-long", "the heading is longer than %d characters; move the details below it", maxTitle)
	}
	for _, g := range b.doc.Gaps(nodes) {
		if !g.Open {
			b.src.Errorf(g.At, "cloze-place", "a blank cannot stand in a heading; move it into the text below")
		}
	}
	b.allowBlanks(nodes)
}

// readLabels reads the meta comment.
func (b *builder) readLabels() {
	before := b.set
	b.nearMeta()
	b.readBareKeys()
	if b.part.meta != nil {
		b.set.readMeta(b.part.meta)
	}
	if b.part.meta == nil && !b.part.misplaced && !b.bareKeys {
		b.errorf(b.part.heading, "id-missing", "the question has no id; add <!-- id: … --> under its heading")
	}
	if b.set.id.name != "" {
		b.ids = append(b.ids, b.set.id)
	}
	if b.set.Source != before.Source && b.set.License == "" {
		b.noLicense()
	}
	b.q.ID, b.q.Labels = b.set.id.name, b.set.Labels
	if b.proposals != nil {
		b.layMeta()
	}
}

// split tells prompt, choices and explanation apart.
func (b *builder) split() {
	b.bareBox = slices.ContainsFunc(b.part.blocks, b.isChoices) && b.checkBullets(b.part.blocks)
	var last *ast.List
	var between []ast.Node // since the last list of choices
	for _, n := range b.part.blocks {
		list, ok := n.(*ast.List)
		switch {
		case ok && b.isTaskList(list) && b.list == nil:
			b.list, last = list, list
		case ok && b.isTaskList(list):
			b.splitList = true
			if slices.ContainsFunc(between, b.isBareBox) {
				last, between = list, nil
				continue // one list, when the box between has its bullet
			}
			b.errorf(n, "choice-split", "a second list of choices begins here; use one kind of bullet, and indent code and text of a choice below it")
			if !b.bareBox {
				b.mendSplit(last, list, between)
			}
			last, between = list, nil
		case b.list == nil:
			b.prompt = append(b.prompt, n)
		default:
			b.tail, between = append(b.tail, n), append(between, n)
		}
	}
	b.gaps = b.doc.Gaps(b.prompt)
	b.allowBlanks(b.prompt)
	b.checkLevels()
}

// allowBlanks notes that the blanks of the nodes need no finding as stray ones.
func (f *file) allowBlanks(nodes []ast.Node) {
	for _, n := range nodes {
		_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if blank, ok := n.(*markdown.Blank); ok && !blank.Open {
				f.blanks[n] = true
			}
			return ast.WalkContinue, nil
		})
	}
}

// checkLevels reports #### headings that carry the name of a section.
func (b *builder) checkLevels() {
	for _, n := range b.part.blocks {
		h, ok := n.(*ast.Heading)
		if !ok || h.Level <= 3 { // an underlined one is reported already
			continue
		}
		if name := b.headingKey(h); sectionReaders[name] != nil {
			b.warnf(h, "level-order", "%q is read as a part of the text here; write ### to make it a section", b.doc.Text(markdown.Children(h)))
		}
	}
}

// headingKey returns the text of a heading as section names are compared.
func (f *file) headingKey(h *ast.Heading) string {
	return sectionKey(f.doc.Text(markdown.Children(h)))
}

func sectionKey(heading string) string {
	return strings.ToLower(strings.TrimSpace(strings.TrimSuffix(heading, ":")))
}

// finish settles what depends on the whole question.
func (b *builder) finish() {
	if len(b.q.Use) == 0 {
		b.q.Use = defaultUses(b.q.Kind)
	}
	if b.q.Kind == SQL {
		b.q.Runtimes = []string{"sqlite"}
	}
	if b.q.Kind == Output && len(b.q.Runtimes) == 0 {
		b.q.Runtimes = b.defaultRuntimes(b.prompt)
	}
	b.mendID()
	b.checkExplained()
	b.checkHTMLSize()
	b.q.KeyHash = keyHash(b.q.Body)
	b.q.BodyHash = bodyHash(b.q.Body)
}

func defaultUses(k Kind) []Use {
	switch {
	case k == Interview:
		return []Use{UseQuiz, UseCard, UseInterview}
	case k.Open():
		return []Use{UseQuiz, UseCard}
	}
	return []Use{UseQuiz, UseCard, UseAssessment}
}

// checkExplained warns of a machine-graded question from whose verdict nobody learns.
func (b *builder) checkExplained() {
	if b.misnamed || b.q.Kind == "" || b.q.Kind.Open() || !b.q.Explanation.Empty() || b.hasReason() {
		return
	}
	b.warnf(b.part.heading, "explanation-missing", "the question explains nothing; add text after the choices, or ### Explanation")
}

func (b *builder) hasReason() bool {
	for _, c := range b.q.Choices {
		if !c.Why.Empty() {
			return true
		}
	}
	return false
}

func (b *builder) checkHTMLSize() {
	size := 0
	b.q.eachRich(func(r Rich) { size += len(r.HTML) })
	if size > markdown.MaxHTML {
		b.errorf(b.part.heading, "question-size", "the question becomes more than %d KiB of HTML; shorten it", markdown.MaxHTML>>10)
	}
}

// eachRich calls visit for every piece of text that is shown.
func (b Body) eachRich(visit func(Rich)) {
	for _, r := range []Rich{b.Title, b.Stem, b.Explanation, b.Answer, b.WhyAsked, b.StrongAnswer, b.RedFlags, b.FollowUps, b.References} {
		visit(r)
	}
	for _, c := range b.Choices {
		visit(c.Text)
		visit(c.Why)
	}
	for _, e := range append(slices.Clone(b.Accept), b.Reject...) {
		visit(e.Feedback)
	}
	for _, it := range append(slices.Clone(b.Order), b.Decoys...) {
		visit(it.Text)
	}
	for _, p := range b.Pairs {
		visit(p.Left.Text)
		visit(p.Right.Text)
	}
	for _, r := range append(slices.Clone(b.Hints), b.Captions...) {
		visit(r)
	}
	for _, r := range append(slices.Clone(b.Setups), b.Query, b.Check) {
		visit(r)
	}
	for _, c := range b.Rubric {
		visit(c.Text)
	}
}
