package admin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"rehearse/bank"
	"rehearse/handbook"
	"rehearse/store"
)

// Unchanged returns the id of the bank whose live content is just what a load of the folder would make it, or "" when the
// folder has to be loaded. Program names the build, since another one may read the same files otherwise; "" is one that
// is not known. It is for the start, before any load.
func (d *Desk) Unchanged(ctx context.Context, program string) (id string, err error) {
	if program == "" {
		return "", nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.program = program
	if d.sum = sumOf(d.root, program); d.sum == "" {
		return "", nil
	}
	err = d.publisher.store.View(ctx, func(tx *store.Tx) error {
		id, err = tx.ContentWithSum(d.sum)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return id, err
}

// LeaveUnread puts the load of a folder without changes off until somebody asks for it. The questions are those that are
// live; only the handbook beside them is read.
func (d *Desk) LeaveUnread(questions []*store.Entry) {
	d.early = sync.OnceValue(func() *handbook.Book {
		var known handbook.Known
		for _, e := range questions {
			known.Questions = append(known.Questions, knownQuestion(e.Question))
		}
		book, _, err := handbook.Read(d.root, known)
		if err != nil { // it could be read when the sum was made; a load will say why
			return &handbook.Book{}
		}
		return &book
	})
	d.later.Store(true)
}

// remember notes what the folder was like from which everything that is live comes.
func (d *Desk) remember(ctx context.Context, l *Loading) error {
	sum := d.sum
	d.sum = "" // a later load is of another folder
	unsettled := slices.ContainsFunc(l.Bank.Topics, func(t bank.Topic) bool { return t.Sum == "" })
	if sum == "" || l.Refused != nil || l.Errors() > 0 || unsettled || sum != sumOf(d.root, d.program) {
		return nil
	}
	return d.publisher.remember(ctx, sum)
}

// sumOf returns a hash over a folder with all its files, but what is in hidden folders, and the program. It is "" when
// something cannot be read.
func sumOf(root fs.FS, program string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q\n", program)
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case entry.IsDir():
			return nil
		}
		data, err := fs.ReadFile(root, name)
		fmt.Fprintf(h, "%q %d\n", name, len(data))
		h.Write(data)
		return err
	})
	if err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}
