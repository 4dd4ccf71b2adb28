package bank

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"sort"
	"strings"

	"rehearse/markdown"
)

// Formatted is a file as Format leaves it.
type Formatted struct {
	Path   string
	Before []byte
	After  []byte             // equal to Before when there was nothing to do, or Kept says why nothing was done
	Mended []markdown.Finding // the findings that are gone
	Kept   string             // why the file was left alone although there was something to do, or ""
}

// Changed reports whether the file is to be written.
func (f Formatted) Changed() bool { return string(f.Before) != string(f.After) }

// Format returns every file of questions with what is marked as fixable repaired and, if layout is set, with its layout
// put in order. Bytes change only where needed, and formatting the result changes nothing. A file that would not read
// the same afterwards, but for what the repairs are about, is left as it was. The error says that the root cannot be read.
func Format(fsys fs.FS, layout bool) ([]Formatted, error) {
	names, err := topicFiles(fsys)
	if err != nil {
		return nil, fmt.Errorf("content folder: %w", err)
	}
	b, _ := readManifest(fsys)
	ft := formatter{fsys: fsys, license: b.License, layout: layout, taken: map[string]bool{}}
	var done []Formatted
	var open []int // indexes of the files with something to do
	for i, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("content folder: %w", err)
		}
		done = append(done, Formatted{Path: name, Before: data, After: data})
		f := ft.read(name, data)
		ft.take(f)
		if len(ft.fixes(f, true)) > 0 {
			open = append(open, i)
		}
	}
	for _, i := range open { // new ids must know all that are in use
		ft.file(&done[i])
	}
	return done, nil
}

// formatter formats the files of one bank.
type formatter struct {
	fsys    fs.FS
	license string
	layout  bool
	taken   map[string]bool // ids and aliases in use
}

// proposals are the ids that a file that is being formatted may not give to a question without one.
type proposals struct {
	taken  map[string]bool
	copies map[string]int // ids that this reading has proposed for questions that are the same, by the first of them
}

func (ft *formatter) read(name string, data []byte) *file {
	f := newFile(name, ft.license, data)
	f.src.Plain = true
	f.proposals = &proposals{ft.taken, map[string]int{}}
	f.read(ft.fsys)
	return f
}

func (ft *formatter) take(f *file) {
	for _, u := range slices.Concat(f.ids, f.aliases) {
		ft.taken[u.name] = true
	}
}

// fixes returns the fixes to make; those of what was misread only if alter is set.
func (ft *formatter) fixes(f *file, alter bool) []markdown.Fix {
	return f.src.Fixes(func(x markdown.Fix) bool {
		return (alter || !x.Alters) && (ft.layout || x.Code != "")
	})
}

// file formats one file. When nothing comes of the repairs of what was misread, it is tried without them.
func (ft *formatter) file(result *Formatted) {
	before := ft.read(result.Path, result.Before)
	for _, alter := range []bool{true, false} {
		after, kept := ft.converge(before, alter)
		if kept == "" {
			ft.take(after)
			result.After, result.Kept, result.Mended = after.src.Apply(nil), "", gone(before, after)
			return
		}
		if result.Kept == "" {
			result.Kept = kept
		}
	}
}

// maxPasses bounds how often a file is read anew. Fixes that touch each other wait for the next pass: honest files need
// two or three.
const maxPasses = 20

// converge applies fixes until none is left, and says why the result cannot be used, if so.
func (ft *formatter) converge(before *file, alter bool) (after *file, kept string) {
	altered := map[int]bool{} // indexes of the questions that read otherwise now
	after = before
	for range maxPasses {
		fixes := ft.fixes(after, alter)
		if len(fixes) == 0 {
			return after, before.differs(after, altered)
		}
		for _, f := range fixes {
			if f.Alters {
				altered[after.questionAt(f.At)] = true
			}
		}
		after = ft.read(before.src.Path, after.src.Apply(fixes))
	}
	return nil, "the repairs do not come to an end"
}

// questionAt returns the index of the question that holds an offset; -1 is the text before the first one.
func (f *file) questionAt(at int) int {
	return sort.Search(len(f.asked), func(i int) bool { return f.asked[i].at > at }) - 1
}

// differs says how another reading of the file differs from this one, apart from the questions that were altered.
func (f *file) differs(other *file, altered map[int]bool) string {
	if len(f.asked) != len(other.asked) {
		return fmt.Sprintf("it would have %d questions instead of %d", len(other.asked), len(f.asked))
	}
	if !altered[-1] && topicForm(f.topic) != topicForm(other.topic) {
		return "its title or introduction would read differently"
	}
	for i, q := range f.asked {
		if !altered[i] && q.form(f.asked[i].ID) != other.asked[i].form(f.asked[i].ID) {
			line, _ := f.src.Position(q.at)
			return fmt.Sprintf("the question in line %d would read differently", line)
		}
	}
	return f.newFinding(other, altered)
}

// newFinding names a finding of another reading that this one has not, apart from the questions that were altered.
func (f *file) newFinding(other *file, altered map[int]bool) string {
	type kind struct {
		question int
		code     string
	}
	have := map[kind]int{}
	for _, x := range f.src.Findings() {
		have[kind{f.questionAt(f.src.LineStart(x.Line)), x.Code}]++
	}
	for _, x := range other.src.Findings() {
		k := kind{other.questionAt(other.src.LineStart(x.Line)), x.Code}
		if have[k]--; have[k] < 0 && !altered[k.question] {
			return "there would be a new finding: " + x.Message
		}
	}
	return ""
}

// topicForm returns all that is read of a file but its questions.
func topicForm(t Topic) string {
	t.Questions = nil
	text, _ := json.Marshal(t) // plain values
	return string(text)
}

// form returns all that is read of a question but its place. A missing id may have been written.
func (a asked) form(id string) string {
	q := a.Question
	q.Line = 0
	if id == "" {
		q.ID = ""
	}
	if !q.KeepOrder {
		q.Choices = slices.SortedFunc(slices.Values(q.Choices), func(x, y Choice) int { return strings.Compare(x.ID, y.ID) })
	}
	text, _ := json.Marshal(q) // plain values: ranges are finite
	return string(text)
}

// gone returns the findings whose code is found less often afterwards, one for each time.
func gone(before, after *file) []markdown.Finding {
	left := map[string]int{}
	for _, f := range after.src.Findings() {
		left[f.Code]++
	}
	var mended []markdown.Finding
	for _, f := range before.src.Findings() {
		if left[f.Code]--; left[f.Code] < 0 && f.Fixable {
			mended = append(mended, f)
		}
	}
	return mended
}
