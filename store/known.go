package store

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sort"
	"sync"

	"rehearse/srs"
)

// Known is how a candidate stands with all questions that they have met. It is never changed.
type Known struct {
	Met   []Met       // by question
	Cards []KnownCard // the longest due first, then by question and part
}

// Met is a question that a candidate has met.
type Met struct {
	Question  int64
	Seq       int64 // the last evidence about it
	LastScore int64 // of the last judged response, progress.NotJudged: none
	Surprise  bool  // it was sure, and not right
}

// CardKey names a card: a question and the N of a cloze number, else 0.
type CardKey struct {
	Question int64
	Part     int
}

// KnownCard is a card as far as the queue must know it.
type KnownCard struct {
	CardKey
	State     srs.State
	DueAt     int64 // ms UTC
	LastAt    int64
	Stability float64
	Lapses    int
	Suspended bool
}

// Size returns about how many bytes it takes in memory.
func (k *Known) Size() int { return 512 + len(k.Met)*32 + len(k.Cards)*64 }

// Question returns how the candidate stands with a question; false when they have not met it.
func (k *Known) Question(question int64) (Met, bool) {
	i, ok := slices.BinarySearchFunc(k.Met, question, func(m Met, q int64) int { return cmp.Compare(m.Question, q) })
	if !ok {
		return Met{}, false
	}
	return k.Met[i], true
}

// dueTimes is Tx.DueTimes of what is known.
func (k *Known) dueTimes(from, until int64) map[int64]int {
	times := map[int64]int{}
	first := sort.Search(len(k.Cards), func(i int) bool { return k.Cards[i].DueAt >= from })
	for _, c := range k.Cards[first:] {
		if c.DueAt >= until {
			break
		}
		if !c.Suspended {
			times[c.DueAt]++
		}
	}
	return times
}

type knownKey int64 // of what is remembered

// Known returns how a candidate stands with all questions. After an update only what it wrote is read anew: somebody with ten
// thousand cards grades one after the other.
func (tx *Tx) Known(user int64) (*Known, error) {
	if err := tx.own(user); err != nil {
		return nil, err
	}
	return Remember(tx, user, knownKey(user), nil, func() (*Known, error) { return tx.known(user) })
}

func (tx *Tx) known(user int64) (*Known, error) {
	before, touched, ok := tx.knownBefore(user)
	if !ok {
		return tx.allKnown(user)
	}
	k, err := tx.knownSince(user, before, touched)
	if err == nil && tx.memory.check {
		all, err := tx.allKnown(user)
		if errors.Is(err, errMoved) {
			return nil, err
		}
		if err != nil || !reflect.DeepEqual(k, all) {
			panic(fmt.Sprintf("store: of user %d, after %v: %+v; stored: %+v, %v", user, touched, k, all, err))
		}
	}
	return k, err
}

// knownBefore returns what was known by an earlier snapshot than this one, and the questions whose rows may have changed
// since then.
func (tx *Tx) knownBefore(user int64) (*Known, []int64, bool) {
	r, ok := tx.before(user, knownKey(user))
	if !ok {
		return nil, nil, false
	}
	touched, ok := tx.memory.touches.since(user, r.number)
	return r.value.(*Known), touched, ok
}

// before returns a value that was read in an earlier snapshot than this one. On PostgreSQL other processes may have written
// since then, and stamps have no order.
func (tx *Tx) before(user int64, key any) (remembered, bool) {
	if tx.memory == nil || tx.postgres || tx.doomed() {
		return remembered{}, false
	}
	r, ok := tx.memory.get(key)
	if !ok || r.number > tx.number {
		return remembered{}, false
	}
	tx.take(r.owner) // what is written before the snapshot begins is not among the touches
	return r, true
}

// maxPatched is how many questions are read one by one.
const maxPatched = 50

// knownSince returns what is known now, when only some questions have changed.
func (tx *Tx) knownSince(user int64, before *Known, touched []int64) (*Known, error) {
	if len(touched) > maxPatched {
		return tx.allKnown(user)
	}
	slices.Sort(touched)
	fresh := &Known{}
	for _, question := range slices.Compact(touched) {
		if err := tx.addKnown(fresh, ` AND question_id = $2`, user, question); err != nil {
			return nil, err
		}
	}
	isTouched := func(question int64) bool { return slices.Contains(touched, question) }
	slices.SortFunc(fresh.Cards, compareDue)
	return &Known{
		Met:   mergeSorted(before.Met, fresh.Met, func(m Met) bool { return isTouched(m.Question) }, func(a, b Met) int { return cmp.Compare(a.Question, b.Question) }),
		Cards: mergeSorted(before.Cards, fresh.Cards, func(c KnownCard) bool { return isTouched(c.Question) }, compareDue),
	}, nil
}

// mergeSorted returns two sorted lists as one, without those of the first that are dropped.
func mergeSorted[T any](old, fresh []T, dropped func(T) bool, compare func(a, b T) int) []T {
	out := make([]T, 0, len(old)+len(fresh))
	for _, v := range old {
		if dropped(v) {
			continue
		}
		for len(fresh) > 0 && compare(fresh[0], v) < 0 {
			out, fresh = append(out, fresh[0]), fresh[1:]
		}
		out = append(out, v)
	}
	return append(out, fresh...)
}

func compareDue(a, b KnownCard) int {
	return cmp.Or(cmp.Compare(a.DueAt, b.DueAt), cmp.Compare(a.Question, b.Question), cmp.Compare(a.Part, b.Part))
}

func (tx *Tx) allKnown(user int64) (*Known, error) {
	k := &Known{Met: []Met{}, Cards: []KnownCard{}}
	err := tx.addKnown(k, "", user)
	slices.SortFunc(k.Cards, compareDue)
	return k, err
}

const (
	metRows  = `SELECT question_id, seq, last_score, surprise FROM question_progress WHERE user_id = $1`
	cardRows = `SELECT question_id, part, state, due_at, last_at, stability, lapses, suspended FROM cards WHERE user_id = $1`
)

// addKnown adds what is known of some questions, by question and part.
func (tx *Tx) addKnown(k *Known, where string, args ...any) error {
	err := tx.rows(metRows+where+` ORDER BY question_id`, args, func(row scanner) error {
		var m Met
		err := row.Scan(&m.Question, &m.Seq, &m.LastScore, &m.Surprise)
		k.Met = append(k.Met, m)
		return err
	})
	if err != nil {
		return fmt.Errorf("questions of user %d: %w", args[0], err)
	}
	err = tx.rows(cardRows+where+` ORDER BY question_id, part`, args, func(row scanner) error {
		var c KnownCard
		err := row.Scan(&c.Question, &c.Part, &c.State, &c.DueAt, &c.LastAt, &c.Stability, &c.Lapses, &c.Suspended)
		k.Cards = append(k.Cards, c)
		return err
	})
	if err != nil {
		return fmt.Errorf("cards of user %d: %w", args[0], err)
	}
	return nil
}

// touches lists the latest questions whose progress or cards were written, or the latest study days, for each candidate, or for
// some together as in memory.written. They are noted before they can be seen by anybody; of updates that fail, too, which
// does no harm.
type touches [1 << 12]struct {
	sync.Mutex
	latest []touch
	lost   uint64 // the number of the latest one that is not in the list any more
}

type touch struct {
	user, what int64
	number     uint64 // of the group of updates
}

// maxTouches is how many are kept for each place of the array.
const maxTouches = 32

// everything stands for all questions or days of a candidate.
const everything = 0

// touch notes that what is known of a candidate and a question is about to change.
func (tx *Tx) touch(user, question int64) {
	if tx.notesTouches() {
		tx.memory.touches.add(touch{user, question, tx.memory.committed.Load() + 1})
	}
}

// touchDay notes that what is known of a candidate's study day is about to change.
func (tx *Tx) touchDay(user int64, day int) {
	if tx.notesTouches() {
		tx.memory.days.add(touch{user, int64(day), tx.memory.committed.Load() + 1})
	}
}

func (tx *Tx) touchAll(user int64) {
	tx.touch(user, everything)
	tx.touchDay(user, everything)
}

func (tx *Tx) notesTouches() bool { return tx.memory != nil && tx.view == nil && !tx.postgres }

func (t *touches) add(latest touch) {
	at := &t[uint64(latest.user)%uint64(len(t))]
	at.Lock()
	defer at.Unlock()
	n := len(at.latest)
	if n > 0 && at.latest[n-1] == latest {
		return
	}
	if n == maxTouches {
		at.lost = at.latest[n/2-1].number
		at.latest = append(at.latest[:0], at.latest[n/2:]...)
	}
	at.latest = append(at.latest, latest)
}

// since returns what of a candidate was touched after the group with a number; false when that is not known, or it is
// everything.
func (t *touches) since(user int64, number uint64) (touched []int64, ok bool) {
	at := &t[uint64(user)%uint64(len(t))]
	at.Lock()
	defer at.Unlock()
	for _, l := range at.latest {
		if l.user == user && l.number > number {
			touched = append(touched, l.what)
		}
	}
	return touched, at.lost <= number && !slices.Contains(touched, everything)
}
