package handbook

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"

	"rehearse/markdown"
)

// defaultDraw is how many questions a practise comment without count= draws.
const defaultDraw = 5

var (
	order = regexp.MustCompile(`^<!--\s*(practise|check):\s*(.*?)\s*-->\s*$`)
	pair  = regexp.MustCompile(`^([a-z]+)=(\[[^\]]*\]|\S+)\s*`)
)

// parts cuts the blocks of a section at its ### headings and at its comments with orders.
func (g *guideFile) parts(blocks []ast.Node) []Part {
	var parts []Part
	var text []ast.Node
	flush := func() {
		if html := g.doc.HTML(text); html != "" {
			parts = append(parts, Part{HTML: html})
		}
		text = nil
	}
	for _, n := range blocks {
		if h, ok := n.(*ast.Heading); ok && h.Level == 3 {
			flush()
			parts = append(parts, Part{Heading: g.doc.Text(markdown.Children(h))})
			continue
		}
		m := order.FindStringSubmatch(g.doc.Comment(n))
		if m == nil {
			text = append(text, n)
			continue
		}
		flush()
		if p, ok := g.order(m[1], m[2], g.doc.At(n)); ok {
			parts = append(parts, p)
		}
	}
	flush()
	return parts
}

// order reads a comment that stands for something.
func (g *guideFile) order(verb, rest string, at int) (Part, bool) {
	if verb == "check" {
		g.wantQuestion(rest, at, "guide-check")
		return Part{Check: rest}, true
	}
	p := &Practise{Topics: g.guide.Topics, Count: defaultDraw}
	for rest != "" {
		m := pair.FindStringSubmatch(rest)
		if m == nil || !p.set(m[1], m[2]) {
			g.src.Errorf(at, "guide-practise", "%q cannot be read; write practise: tags=[a, b] topics=[c] count=5", rest)
			return Part{}, false
		}
		rest = rest[len(m[0]):]
	}
	g.checkPractise(*p, at)
	return Part{Practise: p}, true
}

// set takes key=value over and reports whether it is understood.
func (p *Practise) set(key, value string) bool {
	switch key {
	case "tags":
		p.Tags = list(value)
	case "topics":
		p.Topics = list(value)
	case "count":
		n, err := strconv.Atoi(value)
		p.Count = n
		return err == nil && n >= 1 && n <= 50
	default:
		return false
	}
	return true
}

func list(value string) []string {
	var out []string
	for word := range strings.SplitSeq(strings.Trim(value, "[]"), ",") {
		if word = strings.TrimSpace(word); word != "" {
			out = append(out, word)
		}
	}
	return out
}

// Matches reports whether a question is among those to practise.
func (p Practise) Matches(q Question) bool {
	return (len(p.Topics) == 0 || anyOf(p.Topics, func(id string) bool { return q.Topic == id })) &&
		(len(p.Tags) == 0 || anyOf(p.Tags, q.About))
}

func anyOf(ids []string, is func(string) bool) bool {
	for _, id := range ids {
		if is(id) {
			return true
		}
	}
	return false
}

func (g *guideFile) checkPractise(p Practise, at int) {
	if g.known.Unread {
		return
	}
	for _, q := range g.known.Questions {
		if p.Matches(q) {
			return
		}
	}
	g.src.Errorf(at, "guide-practise", "no question matches; use tags and topics that questions have")
}
