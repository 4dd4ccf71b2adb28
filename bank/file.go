package bank

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"

	"rehearse/markdown"
)

// file is one Markdown file while the bank is read.
type file struct {
	src   *markdown.Source
	doc   *markdown.Document
	topic Topic
	draft bool

	front   settings
	license string // of the bank
	ids     []use  // of all questions, drafts included
	aliases []use
	related []use
	blanks  map[ast.Node]bool // blanks that stand where blanks may stand
}

// readFile reads one topic as far as its faults allow.
func readFile(fsys fs.FS, name, license string) *file {
	f := &file{license: license, blanks: map[ast.Node]bool{}}
	f.topic.File = name
	data, err := fs.ReadFile(fsys, name)
	src, ok := markdown.Open(name, data)
	f.src = src
	if err != nil {
		src.Errorf(0, "file-read", "the file cannot be read (%v); make it readable", err)
	}
	if err != nil || !ok {
		return f
	}
	front, hasFront := src.Front()
	f.readFront(front, hasFront)
	if !hasFront && src.AllFront() {
		return f
	}
	if f.doc, ok = src.Parse(fsys); !ok {
		return f
	}
	out := f.outline(hasFront)
	f.checkTitle(out.title, hasFront)
	f.topic.Intro = f.rich(out.intro)
	f.readQuestions(out)
	f.doc.Check(func(n ast.Node) bool { return f.blanks[n] })
	return f
}

func (f *file) readQuestions(out outline) {
	if len(out.questions) == 0 && !out.lost {
		f.src.Warnf(0, "file-empty", "the file has no question; write one under a ## heading")
	}
	for _, part := range out.questions {
		if q, draft := f.readQuestion(part); !draft {
			f.topic.Questions = append(f.topic.Questions, q)
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
