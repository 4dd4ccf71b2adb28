package practice

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"runtime"
	"slices"
	"sync"

	"rehearse/progress"
	"rehearse/store"
)

// Check compares everything that is computed from the log with what is stored, without writing, and returns a line for each
// difference and for each fault of a log itself. Candidates are read several at a time, each in a snapshot of their own: no
// snapshot is open for long, which would keep a server beside it from writing its log back.
//
// Item statistics are sums over everybody. Those that were stored at the beginning are compared with what the logs said up
// to where they had been counted then, which stays in them whatever is appended meanwhile.
func (s *Service) Check(ctx context.Context, report Report) ([]string, error) {
	c := &checking{Service: s, report: report, found: map[int64][]string{}, lack: store.ItemCounts{}}
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		if c.stored, err = tx.ItemCounts(); err != nil {
			return err
		}
		c.users, err = tx.Scored()
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := c.all(ctx); err != nil {
		return nil, err
	}
	var findings []string
	for _, user := range slices.Sorted(maps.Keys(c.found)) {
		for _, f := range c.found[user] {
			findings = append(findings, fmt.Sprintf("candidate %d: %s", user, f))
		}
	}
	lack := c.lack.Minus(c.stored)
	if c.left { // the log of somebody who was counted is not theirs any more
		err = s.store.View(ctx, func(tx *store.Tx) (err error) {
			lack, err = s.lackingCounts(tx, report)
			return err
		})
	}
	for _, key := range slices.SortedFunc(maps.Keys(lack), store.ItemKey.Compare) {
		findings = append(findings, fmt.Sprintf("scores of question %d: the logs add %v to what is stored", key.Question, lack[key]))
	}
	return findings, err
}

// checking is a check while it goes on.
type checking struct {
	*Service
	report Report
	users  []store.Scored
	stored store.ItemCounts // at the beginning
	kept   keptLoads
	keys   keyHashes

	mu    sync.Mutex // over what follows
	next  int
	done  int
	found map[int64][]string // by candidate
	lack  store.ItemCounts
	left  bool // somebody was erased or merged since the beginning
	err   error
}

// all checks all candidates, on every processor.
func (c *checking) all(ctx context.Context) error {
	var running sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		running.Go(func() {
			for u, ok := c.take(); ok; u, ok = c.take() {
				c.put(c.user(ctx, u))
			}
		})
	}
	running.Wait()
	return c.err
}

// take returns the next candidate.
func (c *checking) take() (u store.Scored, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil || c.next == len(c.users) {
		return u, false
	}
	c.next++
	return c.users[c.next-1], true
}

// checked is what came of a candidate.
type checked struct {
	user   int64
	found  []string
	counts store.ItemCounts // what their log had added to the statistics of items at the beginning
	gone   bool             // they were erased or merged since
	err    error
}

func (c *checking) put(u checked) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if u.err != nil && c.err == nil {
		c.err = fmt.Errorf("candidate %d: %w", u.user, u.err)
	}
	if len(u.found) > 0 {
		c.found[u.user] = u.found
	}
	c.lack.Plus(u.counts)
	c.left = c.left || u.gone
	c.done++
	c.report("candidates", c.done, len(c.users))
}

// user checks a candidate.
func (c *checking) user(ctx context.Context, u store.Scored) (out checked) {
	out.err = c.store.View(ctx, func(tx *store.Tx) error {
		out = checked{user: u.User, counts: store.ItemCounts{}}
		_, err := tx.User(u.User)
		if out.gone = errors.Is(err, store.ErrNotFound); out.gone {
			return nil
		}
		if err != nil {
			return err
		}
		log, err := tx.Log(u.User)
		if err != nil {
			return err
		}
		if err := addCounts(tx, u.User, out.counts, upTo(log, u.Seq), 1, c.keys.of(tx)); err != nil {
			return err
		}
		out.found, err = c.compare(tx, u.User, log)
		return err
	})
	return out
}

// keyHashes remembers the key hashes of revisions, which never change.
type keyHashes struct{ known sync.Map }

func (k *keyHashes) of(tx *store.Tx) func(revision int64) (string, error) {
	return func(revision int64) (string, error) {
		if hash, ok := k.known.Load(revision); ok {
			return hash.(string), nil
		}
		hash, err := tx.KeyOf(revision)
		if err == nil {
			k.known.Store(revision, hash)
		}
		return hash, err
	}
}

// compare returns how what is stored of a candidate differs from what their log says.
func (c *checking) compare(tx *store.Tx, user int64, log []progress.Evidence) ([]string, error) {
	mark, err := tx.LogMark(user)
	if err != nil {
		return nil, err
	}
	l, err := c.kept.at(tx, mark.Load)
	if err != nil {
		return nil, err
	}
	var findings []string
	if n := int64(len(log)); n != mark.Seq || n > 0 && log[n-1].Seq != n {
		findings = append(findings, fmt.Sprintf("the log has %d entries, it should have %d", n, mark.Seq))
	}
	stored, err := tx.Projection(user)
	if err != nil {
		return nil, err
	}
	// The events of the last load may still be on their way to everybody.
	var behind []int64
	want, err := c.rebuilt(log, l, func(question int64, events []progress.QuestionEvent) []progress.QuestionEvent {
		have := stored.States[question]
		if have.Seq == 0 { // not met
			return events
		}
		for i, ev := range events {
			if ev.Seq > have.EventSeq {
				behind = append(behind, question)
				return events[:i]
			}
		}
		return events
	})
	if err != nil {
		return nil, err
	}
	for _, question := range behind {
		stale, err := tx.Stale(question)
		if err != nil {
			return nil, err
		}
		if !stale {
			findings = append(findings, fmt.Sprintf("question %d: a content load has not reached the candidate and is not on its way", question))
		}
	}
	findings = append(findings, differences("question", stored.States, want.States)...)
	findings = append(findings, differences("topic", stored.Topics, want.Topics)...)
	return append(findings, differences("day", stored.Days, want.Days)...), nil
}

// differences returns a line for each key under which two maps do not hold the same.
func differences[K cmp.Ordered, V any](what string, stored, want map[K]V) []string {
	keys := maps.Clone(stored)
	maps.Copy(keys, want)
	var out []string
	for _, k := range slices.Sorted(maps.Keys(keys)) {
		s, is := stored[k]
		w, should := want[k]
		switch {
		case !should:
			out = append(out, fmt.Sprintf("%s %v: stored is %+v, the log says nothing of it", what, k, s))
		case !is:
			out = append(out, fmt.Sprintf("%s %v: nothing is stored, the log says %+v", what, k, w))
		case !reflect.DeepEqual(s, w):
			out = append(out, fmt.Sprintf("%s %v: stored is %+v, the log says %+v", what, k, s, w))
		}
	}
	return out
}
