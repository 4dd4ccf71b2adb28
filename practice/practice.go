// Package practice is what a candidate does: answer, grade cards, change settings. Each method reads, decides and writes
// in one transaction; what it decides with is the domain (quiz, srs, progress), what it writes to is the store.
package practice

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"rehearse/progress"
	"rehearse/sandbox"
	"rehearse/srs"
	"rehearse/store"
)

// Conditions that callers act on.
var (
	// ErrNoQuestions is returned when no question fits what was asked for.
	ErrNoQuestions = errors.New("no question fits")
	// ErrFormUsed is returned for a form that was sent before, too long ago to show what came of it.
	ErrFormUsed = errors.New("the form was used before")
	// ErrNotRun is returned when a statement could not be run, by no fault of its own. Nothing was recorded.
	ErrNotRun = errors.New("the statement could not be run")
	// ErrNothingToUndo is returned when there is no grade to take back.
	ErrNothingToUndo = errors.New("nothing to undo")
)

// Service carries out what candidates do. Its methods may be called from many goroutines.
type Service struct {
	store     *store.Store
	bank      string // the slug of the bank that is served
	projector *progress.Projector
	sandbox   *sandbox.Pool
	runs      sync.Map // runKey → quiz.Run, while an update needs it
	content   atomic.Pointer[content]
	reloading sync.Mutex

	calibrated sync.Map // int64 → map[int64]store.ItemParam
	exposed    exposures
}

// content is what candidates are served from. It is never changed, only replaced.
type content struct {
	catalog    *store.Catalog
	version    int64
	deck       func() deck   // these two are made when they are first asked for
	items      func() *items //
	vocabulary *vocabulary
}

// New returns a service for the bank with this id. The catalog is read from the store; statements run in the pool, which
// stays the caller's.
func New(ctx context.Context, st *store.Store, pool *sandbox.Pool, bank string) (*Service, error) {
	s := NewOffline(st, pool)
	s.bank = bank
	return s, s.Reload(ctx)
}

// NewOffline returns a service without content: enough for Rebuild and CatchUp.
func NewOffline(st *store.Store, pool *sandbox.Pool) *Service {
	return &Service{store: st, sandbox: pool, projector: progress.NewProjector()}
}

// Reload reads the live content anew, after a load has changed it. Pages in the making keep what they have.
func (s *Service) Reload(ctx context.Context) error {
	s.reloading.Lock() // what is read later is stored later
	defer s.reloading.Unlock()
	have := s.content.Load()
	if have == nil {
		have = &content{}
	}
	var (
		c       *store.Catalog
		version int64
	)
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		if version, err = tx.ContentVersion(); err != nil {
			return err
		}
		c, err = tx.Catalog(s.bank, have.catalog)
		return err
	})
	if err != nil {
		return fmt.Errorf("read the catalog: %w", err)
	}
	if c == have.catalog {
		same := *have
		same.version = version
		s.content.Store(&same)
		return nil
	}
	s.store.Forget()
	s.content.Store(&content{
		catalog: c, version: version, vocabulary: new(vocabulary),
		deck:  sync.OnceValue(func() deck { return newDeck(c) }),
		items: sync.OnceValue(func() *items { return itemsOf(c) }),
	})
	return nil
}

// KeepCatalog leaves for the next start what this one, or a load since then, had to read from many rows.
func (s *Service) KeepCatalog(ctx context.Context) error {
	return s.store.KeepCatalog(ctx, s.Catalog())
}

// Watch reloads the content whenever another process has loaded some, until ctx ends. Failures are reported; the next
// look, at most a few seconds later, may succeed.
func (s *Service) Watch(ctx context.Context, failed func(error)) {
	const every = 5 * time.Second
	for {
		s.store.WaitForContent(ctx, every)
		if ctx.Err() != nil {
			return
		}
		if err := s.reloadIfChanged(ctx); err != nil && ctx.Err() == nil {
			failed(err)
		}
	}
}

func (s *Service) reloadIfChanged(ctx context.Context) error {
	var version int64
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		version, err = tx.ContentVersion()
		return err
	})
	if err != nil || version == s.content.Load().version {
		return err
	}
	return s.Reload(ctx)
}

// Catalog returns the live content.
func (s *Service) Catalog() *store.Catalog { return s.content.Load().catalog }

// Bank returns the id of the bank that is served.
func (s *Service) Bank() string { return s.bank }

// Calendar returns a candidate's calendar.
func (s *Service) Calendar(u store.User) (srs.Calendar, error) {
	return s.projector.Calendar(u.Settings)
}

// course returns how a candidate's cards go on.
func (s *Service) course(u store.User) (progress.Course, error) {
	return s.projector.Course(u.Settings)
}

// Actor is who asks for something to be done.
type Actor struct {
	User    store.User // as the session knows them; ID 0: a visitor, who becomes a candidate by the first write
	Session []byte     // of a visitor: the hash of the session id to be stored with it
	Once    string     // random, made with the form that was sent: one that starts an attempt starts one; "" for none
}

// Visitor reports whether the actor is not a candidate yet.
func (a Actor) Visitor() bool { return a.User.ID == 0 }

// refresh reads a candidate's settings anew: what the session knows may be older than the last entry of the log, and
// entries take effect by the settings that stand before them there.
func (a *Actor) refresh(tx *store.Tx) error {
	if a.Visitor() {
		return nil
	}
	u, err := tx.User(a.User.ID)
	if err == nil { // else the next run of the update still has to know whom it is for
		a.User = u
	}
	return err
}

// update is store.Update for something that makes a new candidate of a visitor: each run of fn begins with the actor as
// he was before.
func (s *Service) update(ctx context.Context, a *Actor, fn func(*store.Tx) error) error {
	before := *a
	return s.write(ctx, func(tx *store.Tx) error {
		*a = before
		return fn(tx)
	})
}

// admit makes a visitor a candidate: user, session and settings are written with whatever is being done. When the
// session is there already, this is a second run after one whose commit was never confirmed.
func (s *Service) admit(tx *store.Tx, a *Actor) error {
	fresh, err := s.join(tx, a)
	if err != nil || !fresh {
		return err
	}
	return appendSet(tx, a.User)
}

// join is admit without an entry for the settings of a fresh candidate.
func (s *Service) join(tx *store.Tx, a *Actor) (fresh bool, err error) {
	if !a.Visitor() {
		return false, a.refresh(tx)
	}
	switch known, err := tx.Session(a.Session); {
	case err == nil:
		a.User = known.User
		return false, a.refresh(tx)
	case !errors.Is(err, store.ErrNotFound):
		return false, err
	}
	if _, err := s.course(a.User); err != nil {
		return false, err
	}
	user, err := tx.AddUser(a.User.Settings)
	if err != nil {
		return false, err
	}
	a.User = user
	return true, tx.AddSession(a.Session, user.ID)
}

// RotateSession gives the session of an actor another id, by its hash, which is in the actor, and says whether it is an
// author's: author is the proof of the token that was entered, "" for none. A visitor gets a session by it.
func (s *Service) RotateSession(ctx context.Context, a Actor, hash []byte, author string) error {
	fresh := a.Session
	return s.update(ctx, &a, func(tx *store.Tx) error {
		if a.Visitor() {
			if err := s.admit(tx, &a); err != nil {
				return err
			}
			return tx.RotateSession(fresh, fresh, author)
		}
		_, err := tx.Session(fresh)
		if errors.Is(err, store.ErrNotFound) { // else a run before this one was committed
			err = tx.RotateSession(hash, fresh, author)
		}
		return err
	})
}

// appendSet puts the settings that move schedules on record.
func appendSet(tx *store.Tx, u store.User) error {
	data, err := json.Marshal(u.Settings)
	if err != nil {
		return err
	}
	_, err = tx.AppendEvidence(u.ID, progress.Evidence{
		Kind:  progress.Set,
		Once:  "s:" + randomText(),
		Score: progress.NotJudged,
		Data:  string(data),
	})
	return err
}

// randomText returns 80 random bits as 16 characters for an address.
func randomText() string { return strings.ToLower(rand.Text()[:16]) }

func randomSeed() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return binary.LittleEndian.Uint64(b[:]) >> 1
}
