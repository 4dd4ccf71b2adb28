package handbook

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/yuin/goldmark/ast"

	"rehearse/markdown"
)

// wordsPerMinute is how fast technical text is read, at the slow end of what Brysbaert found for English non-fiction
// (Journal of Memory and Language 109, 2019: 175 to 300 words a minute).
const wordsPerMinute = 180

// Heading is one section that a guide has.
type Heading struct {
	ID    string
	Title string
}

// The two sections that are not running text.
const (
	QuestionsID = "interview-questions" // made from the bank; the file may add a remark
	FAQID       = "faq"                 // its ### headings are the questions
)

// Skeleton returns the sections of every guide in order.
func Skeleton() []Heading {
	return []Heading{
		{"what-it-is", "What it is"},
		{"why-it-is-used", "Why it is used"},
		{"core-concepts", "Core concepts"},
		{"architecture", "Architecture"},
		{"use-cases", "Use cases"},
		{"advantages", "Advantages"},
		{"limitations", "Limitations"},
		{"best-practices", "Best practices"},
		{"common-mistakes", "Common mistakes"},
		{"seen-from", "Seen from backend, frontend, DevOps and AI"},
		{"system-design", "System design"},
		{QuestionsID, "Interview questions"},
		{"resume", "On a résumé"},
		{"projects", "Projects"},
		{"career", "Career"},
		{"resources", "Resources"},
		{FAQID, "FAQ"},
	}
}

// guideFile is a guide while it is read.
type guideFile struct {
	*file
	guide    Guide
	concepts map[string]int // places
}

func (f *file) readGuide() {
	g := &guideFile{file: f, concepts: map[string]int{}}
	f.readFront(map[string]setter{
		"category": func(m markdown.Mapping, field markdown.Field) { g.guide.Category = words(m, field) },
		"updated":  g.readUpdated,
		"lens":     func(m markdown.Mapping, field markdown.Field) { g.guide.Lens, _ = m.Subset(field, Lenses()) },
		"related":  g.readRelated,
		"topics":   g.readTopics,
		"concepts": g.readConcepts,
	}, "category", "updated", "concepts")
	g.readSections()
	g.guide.Minutes = readingTime(f.doc)
	g.guide.Page = f.page
	f.links = g.checkConcepts
	f.keep = func(b *Book) { b.Guides = append(b.Guides, f.withRelations(g.guide)) }
}

func (g *guideFile) readUpdated(m markdown.Mapping, field markdown.Field) {
	text, ok := m.Words(field)
	if !ok {
		return
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		m.Wrong(field, fmt.Sprintf("is %q; write a day such as 2026-11-21", text))
	}
	g.guide.Updated = day
}

func (g *guideFile) readRelated(m markdown.Mapping, field markdown.Field) {
	items, _ := m.List(field)
	for _, it := range items {
		g.wantGuide(it.Text, it.At)
		if it.Text == g.page.ID {
			m.Wrong(field, "names the guide itself; remove it")
		}
		g.relate(g.page.ID, it.Text)
	}
}

func (g *guideFile) readTopics(m markdown.Mapping, field markdown.Field) {
	items, _ := m.List(field)
	g.guide.Topics = textsOf(items)
	for _, it := range items {
		g.wantSubject(it.Text, it.At, "guide-concept")
	}
}

// readConcepts reads "id: meaning" lines.
func (g *guideFile) readConcepts(m markdown.Mapping, field markdown.Field) {
	nested, ok := m.Nested(field)
	if !ok {
		return
	}
	for _, c := range nested.Fields {
		g.guide.Concepts = append(g.guide.Concepts, Concept{ID: c.Key, Meaning: words(nested, c)})
		g.concepts[c.Key] = c.At
	}
}

// checkConcepts warns of concepts that nobody is asked about.
func (g *guideFile) checkConcepts() {
	for _, c := range g.guide.Concepts {
		alone := Guide{Topics: g.guide.Topics, Concepts: []Concept{c}}
		if !g.known.Unread && !slices.ContainsFunc(g.known.Questions, alone.Covers) {
			g.src.Warnf(g.concepts[c.ID], "guide-concept", "no question is about the concept %s; tag one with it, or use a tag that there is", c.ID)
		}
	}
}

// relate notes that two guides belong together.
func (r *reader) relate(a, b string) {
	if r.related == nil {
		r.related = map[string][]string{}
	}
	for _, pair := range [][2]string{{a, b}, {b, a}} {
		if pair[0] != pair[1] && !slices.Contains(r.related[pair[0]], pair[1]) {
			r.related[pair[0]] = append(r.related[pair[0]], pair[1])
		}
	}
}

// withRelations adds the related guides from both directions, without those that could not be read.
func (r *reader) withRelations(g Guide) Guide {
	for _, other := range r.related[g.ID] {
		broken := slices.ContainsFunc(r.files, func(f *file) bool {
			return f.folder == "guides" && f.page.ID == other && f.src.Broken()
		})
		if _, exists := r.titles[other]; exists && !broken {
			g.Related = append(g.Related, other)
		}
	}
	return g
}

// readSections cuts the body at its ## headings and holds it against the skeleton.
func (g *guideFile) readSections() {
	found := map[string]Section{}
	var order []string
	var current *Heading
	var blocks []ast.Node
	end := func() {
		switch {
		case current == nil:
			g.guide.Intro = g.parts(blocks)
		case current.ID == FAQID:
			g.guide.FAQ = g.readFAQ(blocks)
			if len(blocks) > 0 {
				found[FAQID] = Section{ID: FAQID, Title: current.Title}
			}
		default:
			found[current.ID] = Section{ID: current.ID, Title: current.Title, Parts: g.parts(blocks)}
		}
		blocks = nil
	}
	for _, n := range visible(g.doc.Blocks) {
		h, ok := n.(*ast.Heading)
		if !ok || h.Level != 2 {
			blocks = append(blocks, n)
			continue
		}
		end()
		current = g.heading(h, order)
		order = append(order, current.ID)
	}
	end()
	g.fill(found)
}

// heading returns the section that a ## heading begins.
func (g *guideFile) heading(h *ast.Heading, before []string) *Heading {
	title := g.doc.Text(markdown.Children(h))
	skeleton := Skeleton()
	i := slices.IndexFunc(skeleton, func(s Heading) bool { return strings.EqualFold(s.Title, title) })
	switch {
	case i < 0:
		g.src.Errorf(g.doc.At(h), "guide-section", "%q is not a section of a guide; its text would not be shown; use ### below one of these: %s", title, sectionNames())
		return &Heading{ID: "other-" + title, Title: title}
	case slices.Contains(before, skeleton[i].ID):
		g.src.Errorf(g.doc.At(h), "guide-section", "the section %q is there already; join the two", title)
	case slices.ContainsFunc(skeleton[i+1:], func(s Heading) bool { return slices.Contains(before, s.ID) }):
		g.src.Warnf(g.doc.At(h), "guide-section", "%q stands too late; keep to the order %s", title, sectionNames())
	}
	return &skeleton[i]
}

func sectionNames() string {
	var names []string
	for _, s := range Skeleton() {
		names = append(names, s.Title)
	}
	return strings.Join(names, ", ")
}

// fill takes the sections over in the order of the skeleton and names those that are missing or empty.
func (g *guideFile) fill(found map[string]Section) {
	var missing []string
	for _, h := range Skeleton() {
		s, ok := found[h.ID]
		switch {
		case h.ID == FAQID:
			if !ok {
				missing = append(missing, h.Title)
			}
			continue
		case h.ID == QuestionsID:
			s.ID, s.Title = h.ID, h.Title
		case !ok || len(s.Parts) == 0:
			missing = append(missing, h.Title)
			continue
		}
		g.guide.Sections = append(g.guide.Sections, s)
	}
	if len(missing) > 0 {
		g.src.Warnf(0, "guide-section", "the guide has no text for: %s; write the sections", strings.Join(missing, ", "))
	}
}

// readFAQ reads ### headings with their answers.
func (g *guideFile) readFAQ(blocks []ast.Node) []Answer {
	var answers []Answer
	for i := 0; i < len(blocks); {
		h, ok := blocks[i].(*ast.Heading)
		if !ok || h.Level != 3 {
			g.src.Errorf(g.doc.At(blocks[i]), "guide-section", "the FAQ is ### questions with answers below them; put the text under one")
			return answers
		}
		end := i + 1
		for end < len(blocks) && blocks[end].Kind() != ast.KindHeading {
			end++
		}
		a := Answer{Question: g.doc.Text(markdown.Children(h)), HTML: g.doc.HTML(blocks[i+1 : end]), Text: g.doc.Text(blocks[i+1 : end])}
		if a.HTML == "" {
			g.src.Errorf(g.doc.At(h), "guide-section", "the question has no answer; write it below")
		}
		answers, i = append(answers, a), end
	}
	return answers
}

// readingTime counts whole minutes. Code is read, too.
func readingTime(doc *markdown.Document) int {
	n := len(strings.Fields(doc.Text(doc.Blocks)))
	return max(1, int(math.Round(float64(n)/wordsPerMinute)))
}
