package handbook

import (
	"maps"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"rehearse/markdown"
)

// file is one file while the handbook is read.
type file struct {
	*reader
	folder string
	src    *markdown.Source
	front  markdown.Mapping
	doc    *markdown.Document
	page   Page
	usable bool
	keep   func(*Book) // files what was read
	links  func()      // checks what the file says of others, once all are read
}

// setter takes one key of the front matter over.
type setter func(m markdown.Mapping, field markdown.Field)

// read reads a file as far as its faults allow.
func (f *file) read() {
	if !f.usable {
		return
	}
	var ok bool
	if f.doc, ok = f.src.ParseHandbook(f.fsys, f.titles); !ok {
		return
	}
	map[string]func(){
		"guides": f.readGuide, "roles": f.readRole, "plans": f.readPlan, "interviews": f.readInterview, "sets": f.readSet,
		"assessments": f.readAssessment,
	}[f.folder]()
	f.doc.Check(nil)
	for _, m := range f.doc.Mentions(f.doc.Blocks) {
		f.wantGuide(m.ID, f.doc.At(m))
	}
}

// readFront reads the front matter. Every page has a title and a summary; required are further keys it must have.
func (f *file) readFront(keys map[string]setter, required ...string) {
	all := map[string]setter{
		"title":   func(markdown.Mapping, markdown.Field) {},
		"summary": func(m markdown.Mapping, field markdown.Field) { f.page.Summary = words(m, field) },
	}
	maps.Copy(all, keys)
	readKeys(f.front, all)
	for _, key := range append([]string{"title", "summary"}, required...) {
		if !f.front.Has(key) {
			f.src.Errorf(0, "fm-value", "%s is missing; add %s: to the front matter", key, key)
			return // the next one after this one: a place has one finding of a sort
		}
	}
}

// readKeys takes the keys of a mapping over.
func readKeys(m markdown.Mapping, keys map[string]setter) {
	for _, field := range m.Fields {
		switch set := keys[field.Key]; {
		case set != nil:
			set(m, field)
		case !strings.HasPrefix(field.Key, "x-"):
			m.Unknown(field, slices.Sorted(maps.Keys(keys)))
		}
	}
}

func words(m markdown.Mapping, field markdown.Field) string {
	text, _ := m.Words(field)
	return markdown.Fold(text)
}

func texts(m markdown.Mapping, field markdown.Field) []string {
	items, _ := m.List(field)
	return textsOf(items)
}

func textsOf(items []markdown.Item) []string {
	var out []string
	for _, it := range items {
		out = append(out, markdown.Fold(it.Text))
	}
	return out
}

// body renders the whole body.
func (f *file) body() string { return f.doc.HTML(visible(f.doc.Blocks)) }

// bodyText returns the body as plain text, with a blank line between its blocks.
func (f *file) bodyText() string {
	var blocks []string
	for _, n := range visible(f.doc.Blocks) {
		blocks = append(blocks, f.doc.Text([]ast.Node{n}))
	}
	return strings.Join(blocks, "\n\n")
}

// visible drops a # heading at the start, which repeats the title for those who read the file as it is.
func visible(blocks []ast.Node) []ast.Node {
	if len(blocks) > 0 {
		if h, ok := blocks[0].(*ast.Heading); ok && h.Level == 1 {
			return blocks[1:]
		}
	}
	return blocks
}

// wantGuide reports a mention of a guide that does not exist.
func (f *file) wantGuide(id string, at int) {
	f.want("guides", id, at, "link-guide", "guide")
}

func (f *file) want(folder, id string, at int, code, what string) {
	if slices.Contains(f.ids[folder], id) {
		return
	}
	f.src.Errorf(at, code, "no %s has the id %s; %s", what, id, remedy(id, f.ids[folder]))
}

// remedy proposes the nearest of the ids there are.
func remedy(id string, known []string) string {
	if near := markdown.Nearest(id, known); near != "" {
		return "did you mean " + near + "?"
	}
	return "correct or remove it"
}

// wantSubject reports something that is neither a topic nor a tag of any question.
func (f *file) wantSubject(id string, at int, code string) {
	if f.known.Unread || slices.ContainsFunc(f.known.Questions, func(q Question) bool { return q.About(id) }) {
		return
	}
	f.src.Errorf(at, code, "no question has the topic or tag %s; %s", id, remedy(id, f.known.subjects()))
}

// wantQuestion reports a question that does not exist.
func (f *file) wantQuestion(id string, at int, code string) {
	if f.known.Unread || slices.ContainsFunc(f.known.Questions, func(q Question) bool { return q.ID == id }) {
		return
	}
	var ids []string
	for _, q := range f.known.Questions {
		ids = append(ids, q.ID)
	}
	f.src.Errorf(at, code, "no question has the id %s; %s", id, remedy(id, ids))
}

// subjects returns all topics and tags, sorted.
func (k Known) subjects() []string {
	all := map[string]bool{}
	for _, q := range k.Questions {
		all[q.Topic] = true
		for _, tag := range q.Tags {
			all[tag] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// link makes relations between guides hold in both directions and checks what files say of each other.
func (r *reader) link() {
	for _, f := range r.files {
		if f.links != nil {
			f.links()
		}
	}
}
