package handbook

import (
	"fmt"
	"hash/maphash"
	"io/fs"
	"path"
	"slices"
	"strings"

	"rehearse/markdown"
)

// Reader reads one handbook again and again. When nothing is different that it depends on, what was read last is still what
// it is. A Reader is not safe for use by several goroutines at once.
type Reader struct {
	fsys     fs.FS
	seed     maphash.Seed
	mark     uint64 // of all that the book was read from
	book     Book
	findings []markdown.Finding
	read     bool
}

// NewReader returns a reader of the handbook below a content root.
func NewReader(fsys fs.FS) *Reader { return &Reader{fsys: fsys, seed: maphash.MakeSeed()} }

// Read reads the handbook as the function Read does. Neither the book's parts nor the findings are to be changed.
func (r *Reader) Read(known Known) (Book, []markdown.Finding, error) {
	mark, err := r.look(known)
	if err == nil && r.read && mark == r.mark {
		return r.book, r.findings, nil
	}
	book, findings, readErr := Read(r.fsys, known)
	r.book, r.findings, r.mark, r.read = book, findings, mark, err == nil && readErr == nil
	return book, findings, readErr
}

// look returns a hash over all that a book is read from: its files, what they say of questions, and which other files there are for
// links and images.
func (r *Reader) look(known Known) (uint64, error) {
	var h maphash.Hash
	h.SetSeed(r.seed)
	fmt.Fprintln(&h, known.Unread)
	for _, q := range known.Questions {
		for _, texts := range [][]string{{q.ID, q.Topic}, q.Tags, q.Axes} {
			for _, text := range texts {
				_, _ = h.WriteString(text) // never fails
				_ = h.WriteByte(0)
			}
			_ = h.WriteByte(1)
		}
	}
	err := fs.WalkDir(r.fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case entry.IsDir():
			return nil
		case path.Ext(name) != ".md":
			info, err := fs.Stat(r.fsys, name)
			if err == nil && info.IsDir() {
				err = fmt.Errorf("%s: files behind a link to a folder are not looked at", name) // so all is read each time
			}
			if err != nil {
				return err
			}
			fmt.Fprintln(&h, name, info.Mode().IsRegular(), info.Size())
		case slices.Contains(folders, path.Dir(name)):
			data, err := fs.ReadFile(r.fsys, name)
			if err != nil {
				return err
			}
			fmt.Fprintln(&h, name, len(data))
			_, _ = h.Write(data) // never fails
		default:
			fmt.Fprintln(&h, name)
		}
		return nil
	})
	return h.Sum64(), err
}
