package bank

import (
	"fmt"
	"io/fs"
)

// surroundings is the content root as one file sees it: it notes what links and images were looked up and what was there.
type surroundings struct {
	fsys fs.FS
	seen map[string]string // by path
}

// Open is not for reading: only Stat is asked.
func (a *surroundings) Open(name string) (fs.File, error) { return a.fsys.Open(name) }

// Stat describes a file and notes what came of it.
func (a *surroundings) Stat(name string) (fs.FileInfo, error) {
	info, err := fs.Stat(a.fsys, name)
	if a.seen == nil {
		a.seen = map[string]string{}
	}
	a.seen[name] = outcome(info, err)
	return info, err
}

// unchanged reports whether everything that was looked up is as it was; of a file that was never read, it is not.
func (a *surroundings) unchanged() bool {
	if a == nil {
		return false
	}
	for name, was := range a.seen {
		if outcome(fs.Stat(a.fsys, name)) != was {
			return false
		}
	}
	return true
}

// outcome is what findings can depend on.
func outcome(info fs.FileInfo, err error) string {
	if err != nil {
		return "missing"
	}
	return fmt.Sprint(info.Mode().IsRegular(), info.Size())
}
