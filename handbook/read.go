package handbook

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/markdown"
)

// Known is what the bank beside the handbook has.
type Known struct {
	Questions []Question
	Unread    bool // some files of the bank are broken: what is not among Questions may be in them
}

// folders are where the files of each sort stand.
var folders = []string{"guides", "roles", "plans", "interviews", "sets", "assessments"}

// Read reads the handbook below a content root. Faults are findings, sorted by path, line and column. A content root
// without any of the folders gives an empty book. The error says that the root cannot be read at all.
func Read(fsys fs.FS, known Known) (Book, []markdown.Finding, error) {
	r := &reader{fsys: fsys, known: known, titles: map[string]string{}, ids: map[string][]string{}}
	for _, folder := range folders {
		if err := r.open(folder); err != nil {
			return Book{}, nil, fmt.Errorf("content folder: %w", err)
		}
	}
	for _, f := range r.files {
		f.read()
	}
	r.link()
	var findings []markdown.Finding
	r.book.Texts = map[string][]byte{}
	for _, f := range r.files {
		r.book.Texts[f.src.Path] = f.src.Data
		findings = append(findings, f.src.Findings()...)
		if f.src.Broken() {
			r.book.Broken = append(r.book.Broken, f.src.Path)
		} else if f.keep != nil {
			f.keep(&r.book)
		}
	}
	slices.SortStableFunc(r.book.Guides, func(a, b Guide) int {
		return cmp.Or(cmp.Compare(a.Category, b.Category), cmp.Compare(a.Title, b.Title))
	})
	markdown.Sort(findings)
	return r.book, findings, nil
}

// reader reads all files of a handbook.
type reader struct {
	fsys    fs.FS
	known   Known
	book    Book
	files   []*file
	titles  map[string]string   // of guides by id
	ids     map[string][]string // of the files of each folder
	related map[string][]string // guides by id, in both directions
}

// open opens the files of a folder and reads their front matter as YAML: what they may mention is known after that.
func (r *reader) open(folder string) error {
	entries, err := fs.ReadDir(r.fsys, folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || path.Ext(name) != ".md" || strings.HasPrefix(name, ".") || strings.EqualFold(name, "README.md") {
			continue
		}
		f := r.openFile(folder, name)
		r.files = append(r.files, f)
		r.ids[folder] = append(r.ids[folder], f.page.ID)
		if folder == "guides" {
			r.titles[f.page.ID] = f.page.Title
		}
	}
	return nil
}

var idForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,62}[a-z0-9]$`)

func (r *reader) openFile(folder, name string) *file {
	f := &file{reader: r, folder: folder}
	f.page = Page{ID: strings.TrimSuffix(name, ".md"), File: folder + "/" + name}
	data, err := fs.ReadFile(r.fsys, f.page.File)
	f.src, f.usable = markdown.Open(f.page.File, data)
	if err != nil {
		f.src.Errorf(0, "file-read", "the file cannot be read (%v); make it readable", err)
		f.usable = false
	}
	if !f.usable {
		return f
	}
	if !idForm.MatchString(f.page.ID) {
		f.src.Errorf(0, "file-name", "%q gives the page no address; use 3 to 64 small letters, digits and hyphens", name)
	}
	f.front, f.usable = f.src.Front()
	for _, field := range f.front.Fields {
		if field.Key == "title" {
			title, _ := f.front.Words(field)
			f.page.Title = markdown.Fold(title)
		}
	}
	return f
}
