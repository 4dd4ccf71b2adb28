package store

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// memory keeps what was read of candidates lately, so that most pages need no statement. On PostgreSQL a value carries the
// stamp under which it was read (see stamped) as its number, and the rest of this does not concern it. On SQLite one
// process owns the file; what another program wrote is noticed by the writer (see foreign).
//
// Groups of updates are numbered as they are committed. A candidate carries the number of the last group that wrote
// anything of theirs, noted before the group is committed; a value carries the number of the last group before the view
// that read it began. A transaction may take a value when the candidate's number is neither above the value's nor above
// its own: then nothing of the candidate was written since the value was read, nor since the transaction began. Values are
// shared by all who take them and never changed.
type memory struct {
	committed atomic.Uint64          // the number of the last group
	everybody atomic.Uint64          // the last group that concerned all candidates
	written   [1 << 12]atomic.Uint64 // by candidate; some share one, and forget more than they had to
	person    [1 << 12]atomic.Uint64 // of these, what settings and sessions are read from: an answer leaves them alone
	touches   touches                // of questions, see Known
	days      touches                // of study days, see Days
	doomed    bool                   // the group in the making may concern everybody: the writer alone asks
	check     bool                   // each value taken is read again and compared: for tests

	mu            sync.Mutex
	recent, older map[any]remembered
	bytes         int // of what is in recent, about
}

// owner says whose a value is, and whether it is read from nothing but the person's row and sessions.
type owner struct {
	user   int64
	person bool
}

// remembered is a value, and the last group before it was read.
type remembered struct {
	owner
	number uint64 // on PostgreSQL the stamp
	value  any
}

// kept is what an update leaves behind once it is committed.
type kept struct {
	key any
	remembered
}

// How many values are kept in each of the two maps, and how many bytes they take, about: when one is full, it takes the
// place of the older.
const (
	maxRemembered      = 4096
	maxRememberedBytes = 32 << 20
)

func newMemory(check bool) *memory { return &memory{recent: map[any]remembered{}, check: check} }

// last returns the number of the last group that wrote anything that a value of this owner may be read from.
func (m *memory) last(o owner) uint64 {
	numbers := &m.written
	if o.person {
		numbers = &m.person
	}
	return max(numbers[uint64(o.user)%uint64(len(numbers))].Load(), m.everybody.Load())
}

// wrote notes that the group in the making writes something of a candidate.
func (m *memory) wrote(o owner) {
	i := uint64(o.user) % uint64(len(m.written))
	m.written[i].Store(m.committed.Load() + 1)
	if o.person {
		m.person[i].Store(m.committed.Load() + 1)
	}
}

// commit ends a group, and remembers what its updates leave behind.
func (m *memory) commit(left map[int64]*kept) {
	m.mu.Lock()
	for _, k := range left {
		k.number = m.committed.Load() + 1
		m.put(k.key, k.remembered)
	}
	m.mu.Unlock()
	m.committed.Add(1)
}

// leave remembers what an update on PostgreSQL leaves behind, under the stamp that it gave.
func (m *memory) leave(k *kept, stamp uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k.number = stamp
	m.put(k.key, k.remembered)
}

// note remembers a candidate under a stamp.
func (m *memory) note(u User, stamp uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.put(userKey(u.ID), remembered{owner{u.ID, true}, stamp, u})
}

// session returns the session with this hash, if it is remembered and nobody has written anything of it since.
func (m *memory) session(hash []byte) (Session, bool) {
	r, ok := m.get(sessionKey(hash))
	if !ok || m.last(r.owner) > r.number || m.check {
		return Session{}, false
	}
	return r.value.(Session), true
}

// user returns a candidate as under a stamp, if that is remembered.
func (m *memory) user(id int64, stamp uint64) (User, bool) {
	r, ok := m.get(userKey(id))
	if !ok || r.number != stamp {
		return User{}, false
	}
	return r.value.(User), true
}

// settle comes before a group is committed: until then all that is remembered holds for everybody but the group itself, and
// a load of content goes on for seconds.
func (m *memory) settle() {
	if m.doomed {
		m.forget()
		m.doomed = false
	}
}

// forget notes that the group in the making concerns everybody.
func (m *memory) forget() {
	m.everybody.Store(m.committed.Load() + 1)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.recent, m.older, m.bytes = map[any]remembered{}, nil, 0
}

func (m *memory) get(key any) (remembered, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.recent[key]
	if !ok {
		if r, ok = m.older[key]; ok {
			m.put(key, r)
		}
	}
	return r, ok
}

func (m *memory) put(key any, r remembered) {
	size := 512
	if v, ok := r.value.(interface{ Size() int }); ok {
		size = v.Size()
	}
	if len(m.recent) >= maxRemembered || m.bytes+size > maxRememberedBytes {
		m.recent, m.older, m.bytes = map[any]remembered{}, m.recent, 0
	}
	m.recent[key] = r
	m.bytes += size
}

// errMoved ends a view that took values from memory which are not those of its snapshot any more.
var errMoved = errors.New("something was written while the view began")

// Remember returns what read reads of a candidate, or what it read earlier under this key, if nothing of the candidate
// has changed since and the value fits. What else the value depends on is in the key, or is what fits looks at. The
// value must not be changed.
func Remember[V any](tx *Tx, user int64, key any, fits func(V) bool, read func() (V, error)) (V, error) {
	return remember(tx, key, fits, func() (V, owner, error) {
		v, err := read()
		return v, owner{user: user}, err
	})
}

// remember is Remember where read finds out whose the value is.
func remember[V any](tx *Tx, key any, fits func(V) bool, read func() (V, owner, error)) (V, error) {
	if tx.memory == nil {
		return once(tx, key, fits, read)
	}
	if r, ok := tx.recall(key); ok {
		if v := r.value.(V); fits == nil || fits(v) {
			tx.take(r.owner)
			if !tx.memory.check {
				return v, nil
			}
			return v, tx.compare(key, v, func() (any, error) {
				fresh, _, err := read()
				return fresh, err
			})
		}
	}
	v, o, err := read()
	if err == nil {
		tx.keep(key, o, v)
	}
	return v, err
}

// once reads a value once in a view that remembers nothing.
func once[V any](tx *Tx, key any, fits func(V) bool, read func() (V, owner, error)) (V, error) {
	if v, ok := tx.memo[key].(V); ok && (fits == nil || fits(v)) {
		return v, nil
	}
	v, _, err := read()
	if err == nil && tx.memo != nil {
		tx.memo[key] = v
	}
	return v, err
}

// recall returns a value that holds in this transaction.
func (tx *Tx) recall(key any) (remembered, bool) {
	if tx.doomed() {
		return remembered{}, false
	}
	r, ok := tx.memory.get(key)
	if ok && tx.postgres {
		ok = tx.of != nil && r.user == tx.of.user && r.number == tx.of.stamp
	} else if ok {
		last := tx.memory.last(r.owner)
		ok = last <= r.number && last <= tx.number
	}
	return r, ok
}

// take notes that something of a candidate was taken from memory before there was a snapshot.
func (tx *Tx) take(o owner) {
	if tx.view != nil && tx.view.tx == nil && !slices.Contains(tx.view.taken, o) {
		tx.view.taken = append(tx.view.taken, o)
	}
}

// keep remembers what a view read, and of what an update read a person's row, which most updates leave as it is: what nobody
// has written in this group is as it was after the last one.
func (tx *Tx) keep(key any, o owner, value any) {
	number := tx.number
	switch {
	case tx.postgres && (tx.of == nil || tx.shared != nil || o.user != tx.of.user): // an update makes the stamp void
		return
	case tx.postgres:
		number = tx.of.stamp
	case tx.view == nil && !o.person || tx.memory.last(o) > tx.number:
		return
	}
	tx.memory.mu.Lock()
	defer tx.memory.mu.Unlock()
	tx.memory.put(key, remembered{o, number, value})
}

// compare panics when a value from memory is not what is stored: in tests, where it is asked for.
func (tx *Tx) compare(key, value any, read func() (any, error)) error {
	fresh, err := read()
	same := err == nil && reflect.DeepEqual(fresh, value)
	if a, ok := value.(*Attempt); ok && err == nil && !same {
		same, err = a.outdated(tx)
	}
	if errors.Is(err, errMoved) || errors.Is(err, errNotHere) {
		return err
	}
	if !same {
		panic(fmt.Sprintf("store: remembered under %#v: %+v; stored: %+v, %v", key, value, fresh, err))
	}
	return nil
}

// writing comes before a statement of an update. What is written belongs to the candidates that the update owns; an
// update that owns nobody may concern everybody.
func (tx *Tx) writing(query string) {
	if tx.memory == nil || tx.view != nil {
		return
	}
	table, writes := target(query)
	if !writes {
		return
	}
	tx.wrote, tx.left, tx.of = true, nil, nil
	if tx.postgres {
		return
	}
	tx.content.writing(table)
	if len(tx.owned) == 0 {
		tx.anyone()
	}
	person := query != countEntry && (strings.HasPrefix(table, "users") || strings.HasPrefix(table, "sessions"))
	for _, user := range tx.owned {
		tx.memory.wrote(owner{user, person})
	}
}

// target returns a statement from the name of the table on that it writes to; false for one that only reads.
func target(query string) (from string, writes bool) {
	query = strings.TrimLeft(query, " \t\n")
	for _, verb := range []string{"INSERT INTO ", "UPDATE ", "DELETE FROM "} {
		if table, ok := strings.CutPrefix(query, verb); ok {
			return table, true
		}
	}
	return "", !strings.HasPrefix(query, "SELECT") && !strings.HasPrefix(query, "WITH") // no WITH here writes
}

// anyone notes that an update may write what belongs to any candidate.
func (tx *Tx) anyone() {
	if tx.memory != nil && tx.view == nil && !tx.postgres {
		tx.anybody = true
		tx.memory.doomed = true
	}
}

// doomed reports whether nothing that is remembered may hold in this transaction: an update of its group may have changed it.
func (tx *Tx) doomed() bool { return tx.view == nil && tx.memory.doomed }

// leave adds what an update that did not fail leaves behind to that of its group, and takes away what it made void.
func (tx *Tx) leave(left map[int64]*kept) {
	if tx.anybody {
		clear(left)
	}
	for _, user := range tx.owned {
		if tx.wrote {
			delete(left, user)
		}
	}
	if tx.left != nil {
		left[tx.left.user] = tx.left
	}
}
