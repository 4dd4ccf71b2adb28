package bank

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"rehearse/markdown"
)

// Read reads a bank from its content root: bank.yaml, and every Markdown file below questions/, or below the root
// itself when there is no such folder. Faults of the content are findings, sorted by path, line and column; a file
// with an error is in Bank.Broken instead of Bank.Topics. The error says that the root cannot be read at all.
func Read(fsys fs.FS) (Bank, []markdown.Finding, error) {
	b, r, err := readBank(fsys)
	if err != nil {
		return b, nil, err
	}
	return b, r.findings(), nil
}

// reading is what was read, with the findings so far.
type reading struct {
	manifest *markdown.Source
	files    []*file
	others   []markdown.Finding // about other files
}

func (r reading) findings() []markdown.Finding {
	findings := append(r.manifest.Findings(), r.others...)
	for _, f := range r.files {
		findings = append(findings, f.src.Findings()...)
	}
	markdown.Sort(findings)
	return findings
}

func readBank(fsys fs.FS) (Bank, reading, error) {
	info, err := fs.Stat(fsys, ".")
	if err != nil {
		return Bank{}, reading{}, fmt.Errorf("content folder: %w", err)
	}
	if !info.IsDir() {
		return Bank{}, reading{}, errors.New("content folder: not a folder")
	}
	names, err := topicFiles(fsys)
	if err != nil {
		return Bank{}, reading{}, fmt.Errorf("content folder: %w", err)
	}
	b, manifest := readManifest(fsys)
	var files []*file
	for _, name := range names {
		files = append(files, readFile(fsys, name, b.License))
	}
	checkNames(files)
	for _, f := range files {
		b.add(f)
	}
	others := b.readExecutions(fsys)
	slices.SortStableFunc(b.Topics, func(x, y Topic) int {
		return cmp.Or(cmp.Compare(x.Order, y.Order), cmp.Compare(x.ID, y.ID))
	})
	return b, reading{manifest, files, others}, nil
}

// add files a topic under Topics or Broken. Drafts are under neither.
func (b *Bank) add(f *file) {
	switch {
	case f.src.Broken():
		broken := BrokenFile{File: f.src.Path, Topic: f.topic.ID}
		for _, u := range f.ids {
			broken.Questions = append(broken.Questions, u.name)
		}
		b.Broken = append(b.Broken, broken)
	case !f.draft:
		b.Topics = append(b.Topics, f.topic)
	}
}

// otherFolders hold content that is not questions.
var otherFolders = []string{"guides", "roles", "plans", "interviews", "sets"}

// topicFiles returns the paths of the Markdown files to read, sorted.
func topicFiles(fsys fs.FS) ([]string, error) {
	root := "."
	if info, err := fs.Stat(fsys, "questions"); err == nil && info.IsDir() {
		root = "questions"
	}
	var names []string
	err := fs.WalkDir(fsys, root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := name != "." && strings.HasPrefix(path.Base(name), ".")
		switch {
		case entry.IsDir() && (hidden || slices.Contains(otherFolders, name)):
			return fs.SkipDir
		case !entry.IsDir() && !hidden && path.Ext(name) == ".md" && !strings.EqualFold(path.Base(name), "README.md"):
			names = append(names, name)
		}
		return nil
	})
	return names, err
}
