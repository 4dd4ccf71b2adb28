package admin

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

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
	d.bank = id
	return id, err
}

// LeaveUnread puts the reading of a folder without changes off until somebody looks, and its load until somebody asks for
// one. Its questions are those that are live; only the handbook beside them is read.
func (d *Desk) LeaveUnread(questions []*store.Listed) {
	d.early = sync.OnceValue(func() *handbook.Book {
		var known handbook.Known
		for _, e := range questions {
			known.Questions = append(known.Questions, handbook.Question{ID: e.Head.ID, Topic: e.Topic, Tags: e.Tags, Axes: e.Axes})
		}
		book, _, err := handbook.Read(d.root, known)
		if err != nil { // it could be read when the sum was made; a load will say why
			return &handbook.Book{}
		}
		return &book
	})
	d.sum = "" // by the time of a load it may be another folder
	d.since = time.Now()
	d.unread.Store(true)
	d.later.Store(true)
}

// look reads a folder that was left unread. Nothing is published, and the handbook that readers have stays.
func (d *Desk) look(ctx context.Context) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.unread.Load() {
		before := d.before(ctx)
		d.end(d.begin(before), before)
	}
}

// before returns the latest loading; for a folder that was left unread, one of what is live, which becomes what its files
// were like when they had no error.
func (d *Desk) before(ctx context.Context) *Loading {
	l := d.last.Load()
	if !d.unread.Load() {
		return l
	}
	var live *store.Catalog
	err := d.publisher.store.View(ctx, func(tx *store.Tx) (err error) { live, err = tx.Catalog(d.bank, nil); return err })
	if err != nil { // a load fails for the same reason, and says so
		return l
	}
	unread := *l
	unread.Bank = bank.Bank{Title: live.Title, License: live.License, Topics: topicsOf(live)}
	for _, t := range unread.Bank.Topics {
		unread.Topics = append(unread.Topics, DeskTopic{Topic: t})
		d.good[t.File] = goodTopic{t, d.since}
	}
	d.publisher.found(live)
	unread.body = d.publisher.body
	return &unread
}

// topicsOf returns the topics of a catalog with the heads of all their questions, in the order of their files.
func topicsOf(live *store.Catalog) (topics []bank.Topic) {
	listed := slices.SortedStableFunc(live.Everything(), func(a, b *store.Listed) int { return cmp.Compare(a.Sort, b.Sort) })
	heads := map[string][]*bank.Head{}
	for _, l := range listed {
		heads[l.Topic] = append(heads[l.Topic], l.Head)
	}
	for _, t := range live.Topics {
		topics = append(topics, bank.Topic{
			ID: t.Slug, Title: t.Title, Description: t.Description, Lang: t.Lang, License: t.License, Order: t.Sort,
			File: t.File, Intro: t.Intro, Heads: heads[t.Slug],
		})
	}
	return topics
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
	var names []string
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case !entry.IsDir():
			names = append(names, name)
		}
		return nil
	})
	sums, errs := make([][sha256.Size]byte, len(names)), make([]error, len(names))
	bank.Each(len(names), nil, func(i int, _ func()) {
		var data []byte
		data, errs[i] = fs.ReadFile(root, names[i])
		sums[i] = sha256.Sum256(data)
	})
	if errors.Join(append(errs, err)...) != nil {
		return ""
	}
	h := sha256.New()
	fmt.Fprintf(h, "%q\n", program)
	for i, name := range names {
		fmt.Fprintf(h, "%q %x\n", name, sums[i])
	}
	return hex.EncodeToString(h.Sum(nil))
}
