package bank

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/maphash"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"rehearse/markdown"
)

// Read reads a bank from its content root: bank.yaml, and every Markdown file below questions/, or below the root
// itself when there is no such folder. Faults of the content are findings, sorted by path, line and column; a file
// with an error is in Bank.Broken instead of Bank.Topics. The error says that the root cannot be read at all.
func Read(fsys fs.FS) (Bank, []markdown.Finding, error) { return NewReader(fsys).Read() }

// Reader reads one content root again and again. A file that is as it was is not parsed again. A Reader is not safe for
// use by several goroutines at once; what it returns is.
type Reader struct {
	fsys     fs.FS
	files    map[string]*file // by path
	seed     maphash.Seed     // of marks, by which bytes are told from others
	executed uint64           // mark of verified.json

	// Begin is called by each goroutine that reads before it begins, and what it returns between two questions; nil: nobody has to be
	// let by. With it one processor is left alone.
	Begin func() (between func())
}

// NewReader returns a reader of a content root.
func NewReader(fsys fs.FS) *Reader {
	return &Reader{fsys: fsys, files: map[string]*file{}, seed: maphash.MakeSeed()}
}

// LetGo forgets what was read of the topics of the bank that was read last, but for their heads: those and names are a tenth of it, and
// all that is needed while a file is as it was. The bank has no more than the heads after that, and so have the files that are the
// same in the next one.
func (r *Reader) LetGo(b *Bank) {
	for i := range b.Topics {
		if t := &b.Topics[i]; t.Sum != "" && t.Questions != nil {
			t.Heads, t.Questions = t.AllHeads(), nil
			r.files[t.File].letGo(*t)
		}
	}
}

// Read reads the bank as the function Read does.
func (r *Reader) Read() (Bank, []markdown.Finding, error) {
	b, found, err := r.readBank()
	if err != nil {
		return b, nil, err
	}
	return b, found.findings(), nil
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

func (r *Reader) readBank() (Bank, reading, error) {
	info, err := fs.Stat(r.fsys, ".")
	if err != nil {
		return Bank{}, reading{}, fmt.Errorf("content folder: %w", err)
	}
	if !info.IsDir() {
		return Bank{}, reading{}, errors.New("content folder: not a folder")
	}
	names, err := topicFiles(r.fsys)
	if err != nil {
		return Bank{}, reading{}, fmt.Errorf("content folder: %w", err)
	}
	b, manifest := readManifest(r.fsys)
	files := r.read(names, b.License)
	checkNames(files)
	for _, f := range files {
		b.add(f)
	}
	others := b.readExecutions(r.fsys)
	slices.SortStableFunc(b.Topics, func(x, y Topic) int {
		return cmp.Or(cmp.Compare(x.Order, y.Order), cmp.Compare(x.ID, y.ID))
	})
	return b, reading{manifest, files, others}, nil
}

// read returns the files with these names, whose findings may be added to. Those to be parsed are, on every processor.
func (r *Reader) read(names []string, license string) []*file {
	have := r.files
	r.files = make(map[string]*file, len(names))
	files := make([]*file, len(names))
	verified, _ := fs.ReadFile(r.fsys, ExecutedName) // a fault is found where it is read
	executed := maphash.Bytes(r.seed, verified)
	Each(len(names), r.Begin, func(i int, between func()) {
		name := names[i]
		f := have[name]
		data, err := fs.ReadFile(r.fsys, name)
		mark := maphash.Bytes(r.seed, data)
		if f == nil || err != nil || f.license != license || f.mark != mark || f.hurried || !f.around.unchanged() || executed != r.executed && f.runs() {
			f = readFile(r.fsys, name, license, data, err, between)
			f.mark = mark
			if !f.hurried { // nobody takes it for what it will be the next time
				f.topic.Sum = sumOf(name, license, data)
			}
		}
		files[i] = f
	})
	r.executed = executed
	for i, f := range files {
		r.files[names[i]] = f
		own := *f
		own.src = f.src.Fork()
		files[i] = &own
	}
	return files
}

// Each calls do for the numbers up to n, on every processor. With begin it leaves one alone, and do gets what begin gave the
// goroutine, to be called now and then; else nil.
func Each(n int, begin func() func(), do func(i int, between func())) {
	var (
		next    atomic.Int64
		workers sync.WaitGroup
	)
	most := runtime.GOMAXPROCS(0)
	if begin != nil {
		most = max(1, most-1)
	}
	for range min(n, most) {
		workers.Go(func() {
			var between func()
			if begin != nil {
				between = begin()
			}
			for i := next.Add(1) - 1; int(i) < n; i = next.Add(1) - 1 {
				do(int(i), between)
			}
		})
	}
	workers.Wait()
}

// sumOf returns a hash over all that a topic is read from.
func sumOf(name, license string, data []byte) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q\n", name, license)
	h.Write(data)
	return hex.EncodeToString(h.Sum(nil))
}

// Texts returns all topic files as they were last read, with LF as their line ends, by path; nil for one that was let go of. They must
// not be changed.
func (r *Reader) Texts() map[string][]byte {
	texts := make(map[string][]byte, len(r.files))
	for name, f := range r.files {
		texts[name] = f.src.Data
	}
	return texts
}

// Sum returns a hash over all topic files as they were last read.
func (r *Reader) Sum() string {
	h := sha256.New()
	for _, name := range keysOf(r.files) {
		fmt.Fprintln(h, name, r.files[name].topic.Sum)
	}
	return hex.EncodeToString(h.Sum(nil))
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
var otherFolders = []string{"guides", "roles", "plans", "interviews", "sets", "assessments"}

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
