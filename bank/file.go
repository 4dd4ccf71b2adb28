package bank

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/yuin/goldmark/ast"

	"rehearse/markdown"
)

// file is one Markdown file while the bank is read.
type file struct {
	src    *markdown.Source
	doc    *markdown.Document
	topic  Topic
	draft  bool
	around *surroundings
	mark   uint64 // of its bytes, see Reader

	between func() // see Reader; nil once it is read
	hurried bool   // another reading may come to something else

	front   settings
	license string // of the bank
	ids     []use  // of all questions, drafts included
	aliases []use
	related []use
	claims  []claim
	blanks  map[ast.Node]bool // blanks that stand where blanks may stand
	asked   []asked           // all questions, drafts included, as far as they could be read

	proposals *proposals // nil unless the file is being formatted
}

// claim is a statement that ages, with its month.
type claim struct {
	at    int
	month time.Time
}

// asked is a question with the places of its parts in the file.
type asked struct {
	Question
	draft   bool
	at      int   // offset of the heading
	choices []int // offsets of the choices
}

// readFile reads one topic as far as its faults allow.
func readFile(fsys fs.FS, name, license string, data []byte, err error, between func()) *file {
	if err != nil {
		src, _ := markdown.Open(name, nil)
		src.Errorf(0, "file-read", "the file cannot be read (%v); make it readable", err)
		return &file{src: src, topic: Topic{File: name}}
	}
	f := newFile(name, license, data)
	f.between = between
	f.read(fsys)
	f.between = nil
	return f
}

func newFile(name, license string, data []byte) *file {
	src, _ := markdown.Open(name, data)
	return &file{src: src, topic: Topic{File: name}, license: license, blanks: map[ast.Node]bool{}}
}

// read reads the file. Links and images are looked up in the content root.
func (f *file) read(fsys fs.FS) {
	f.around = &surroundings{fsys: fsys}
	if f.src.Broken() {
		return
	}
	front, hasFront := f.src.Front()
	f.readFront(front, hasFront)
	if !hasFront && f.src.AllFront() {
		return
	}
	var ok bool
	if f.doc, ok = f.src.Parse(f.around); !ok {
		return
	}
	out := f.outline(hasFront)
	if f.proposals != nil {
		f.lay(out)
	}
	f.checkTitle(out.title, hasFront)
	f.topic.Intro = f.rich(out.intro)
	f.readQuestions(out)
	f.doc.Check(func(n ast.Node) bool { return f.blanks[n] })
	f.doc.Claims(func(at int, month time.Time) { f.claims = append(f.claims, claim{at, month}) })
	f.hurried = f.doc.Hurried
	f.doc, f.blanks = nil, nil // the tree takes more room than all that was read from it
}

// letGo leaves of the file what tells it apart, its names and findings, and a topic of heads.
func (f *file) letGo(t Topic) {
	f.topic, f.asked, f.claims, f.front = t, nil, nil, settings{}
	f.src.LetGo()
	same := make(map[string]string, len(t.Heads))
	for _, h := range t.Heads {
		same[h.ID] = h.ID
	}
	for i, u := range f.ids {
		if id, ok := same[u.name]; ok {
			f.ids[i].name = id // else each small text would keep a page of memory that was read into
		}
	}
	f.ids = slices.Clip(f.ids)
}

// runs reports whether the file was let go of with labels that say where its keys were run.
func (f *file) runs() bool {
	return slices.ContainsFunc(f.topic.Heads, func(h *Head) bool { return len(h.Runtimes) > 0 })
}

func (f *file) readQuestions(out outline) {
	if len(out.questions) == 0 && !out.lost {
		f.src.Warnf(0, "file-empty", "the file has no question; write one under a ## heading")
	}
	for _, part := range out.questions {
		if f.between != nil {
			f.between()
		}
		q := f.readQuestion(part)
		f.asked = append(f.asked, q)
		if !q.draft {
			f.topic.Questions = append(f.topic.Questions, q.Question)
		}
	}
}

var fileName = regexp.MustCompile(`^[a-z0-9-]+\.md$`)

// readFront takes the front matter over into the topic and the defaults of its questions.
func (f *file) readFront(m markdown.Mapping, readable bool) {
	f.front = newSettings(f)
	f.front.read(m, frontKeys)
	f.draft = f.front.draft
	base := path.Base(f.src.Path)
	if f.topic.ID == "" {
		f.topic.ID = slug(strings.TrimSuffix(base, ".md"))
	}
	switch {
	case f.topic.ID == "" && readable && !m.Has("id"):
		f.src.Errorf(0, "file-name", "%q gives the topic no id; add id: to the front matter, or use small letters, digits and hyphens", base)
	case !fileName.MatchString(base):
		f.src.Warnf(0, "file-name", "%q is not a plain file name; use small letters, digits and hyphens", base)
	}
	if f.topic.Lang == "" {
		f.topic.Lang = "en"
	}
	f.topic.License = f.front.License
	if f.topic.License == "" {
		f.topic.License = f.license
	}
	if f.front.Source != "" && f.front.License == "" {
		f.noLicense()
	}
}

func (f *file) noLicense() {
	f.src.Warnf(0, "license-missing", "a source is given but no license; add license: so that others know what they may do")
}

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

// slug turns a file name into a topic id.
func slug(name string) string {
	return strings.Trim(notSlug.ReplaceAllString(strings.ToLower(name), "-"), "-")
}

// checkTitle settles the title from the key and the heading, which must agree.
func (f *file) checkTitle(h1 *ast.Heading, hasFront bool) {
	heading := ""
	if h1 != nil {
		heading = f.doc.Text(markdown.Children(h1))
	}
	switch {
	case f.topic.Title == "" && heading == "":
		if hasFront { // without front matter that is the fault
			f.src.Errorf(0, "fm-title", "the topic has no title; add title: to the front matter")
		}
	case f.topic.Title == "":
		f.topic.Title = heading
	case heading != "" && heading != markdown.Fold(f.topic.Title):
		f.src.Errorf(f.doc.At(h1), "fm-title", "the heading and title: %q differ; make them equal or drop one", f.topic.Title)
	}
}

// rich renders blocks. Nothing to show gives the zero value.
func (f *file) rich(nodes []ast.Node) Rich {
	return f.piece(nodes, f.doc.HTML(nodes))
}

// phrase renders the content of a list item or a table cell.
func (f *file) phrase(nodes []ast.Node) Rich {
	return f.piece(nodes, f.doc.Phrase(nodes))
}

func (f *file) piece(nodes []ast.Node, html string) Rich {
	if html == "" {
		return Rich{}
	}
	return Rich{Text: f.doc.Text(nodes), HTML: html}
}

func (f *file) errorf(n ast.Node, code, format string, args ...any) {
	f.src.Errorf(f.doc.At(n), code, "%s", fmt.Sprintf(format, args...))
}

func (f *file) warnf(n ast.Node, code, format string, args ...any) {
	f.src.Warnf(f.doc.At(n), code, "%s", fmt.Sprintf(format, args...))
}
