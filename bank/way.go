package bank

import (
	"slices"
	"strings"
)

// readWay settles the kind: there must be exactly one way to answer.
func (b *builder) readWay() {
	names := b.ways()
	switch {
	case len(names) == 0 && b.misnamed: // the way to answer is probably in the section that is not one
		return
	case len(names) == 0 && (b.checkBullets(b.prompt) || b.checkIndented()):
		return
	case len(names) == 0 && b.set.kind == Cloze:
		b.errorf(b.part.heading, "answer-none", "the question has no blank; write {{answer}} into the text below its heading")
		return
	case len(names) == 0:
		b.errorf(b.part.heading, "answer-none", "the question cannot be answered; add choices (- [ ]), ### Accept, ### Output, ### Order, ### Match, ### Query, {{blanks}}, ### Strong answer or ### Answer")
		return
	case len(names) > 1:
		b.errorf(b.part.heading, "answer-many", "%s; keep one way to answer", strings.Join(names, " and "))
		return
	}
	b.readKind()
	b.checkType()
	b.checkUnused()
}

// ways names every way to answer that the question offers.
func (b *builder) ways() []string {
	var names []string
	if b.list != nil {
		names = append(names, "a task list")
	}
	if len(b.gaps) > 0 {
		names = append(names, "{{blanks}}")
	}
	for _, name := range []string{"accept", "output", "order", "match", "query", "answer"} {
		if b.seen[name] != nil {
			names = append(names, titles([]string{name}))
		}
	}
	for _, name := range []string{"strong answer", "rubric"} {
		if b.seen[name] != nil {
			return append(names, titles([]string{name}))
		}
	}
	return names
}

// readKind reads the choices or blanks and sets the kind. Sections were read before.
func (b *builder) readKind() {
	switch {
	case b.list != nil:
		b.readChoices()
	case len(b.gaps) > 0:
		b.q.Kind = Cloze
		b.readBlanks()
	case b.seen["accept"] != nil:
		b.q.Kind = acceptKind(b.q.Accept)
	case b.seen["output"] != nil:
		b.q.Kind = Output
	case b.seen["order"] != nil:
		b.q.Kind = Order
	case b.seen["match"] != nil:
		b.q.Kind = Match
	case b.seen["query"] != nil:
		b.q.Kind = SQL
		b.finishSQL()
	case b.seen["answer"] != nil:
		b.q.Kind = Card
	default:
		b.q.Kind = Interview
	}
	b.q.Partial = b.set.partial && b.q.Kind == Multiple
	b.q.CaseMatters = b.set.cased && (b.q.Kind == Text || b.q.Kind == Number || b.q.Kind == Cloze)
}

// checkType compares type: with the kind that follows from the body.
func (b *builder) checkType() {
	if b.set.kind == "" || b.set.kind == b.q.Kind {
		return
	}
	b.src.Errorf(b.set.kindAt, "type-mismatch", "type: %s, but the question is of the kind %s; correct or remove the key", b.set.kind, b.q.Kind)
}

// keyKinds are the kinds on which a key of the meta comment may stand; keys that are not here may stand on all.
var keyKinds = map[string][]Kind{
	"shuffle":  {Single, Multiple},
	"partial":  {Multiple},
	"case":     {Text, Number, Cloze},
	"runtimes": {Output},
	"ordered":  {SQL},
	"plan":     {SQL},
	"writes":   {SQL},
}

// checkUnused warns of keys that do nothing for a question of its kind.
func (b *builder) checkUnused() {
	if b.unsure {
		return
	}
	for _, f := range b.set.meta.Fields {
		if kinds, limited := keyKinds[f.Key]; limited && !slices.Contains(kinds, b.q.Kind) {
			b.src.Warnf(f.At, "meta-unused", "%s has no effect on a question of the kind %s; remove it", f.Key, b.q.Kind)
		}
	}
}
