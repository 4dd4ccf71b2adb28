package practice

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"rehearse/assess"
	"rehearse/bank"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/srs"
	"rehearse/store"
)

// ErrNothingNew is returned when a skill check has no question left that the candidate has not seen the key of.
var ErrNothingNew = errors.New("no question is left that could be scored")

// TooSoonError is returned when a skill check was taken a short while ago: what was practised since would be measured as
// skill.
type TooSoonError struct{ Until time.Time }

// Error implements error.
func (e *TooSoonError) Error() string {
	return "the skill check may be taken again on " + e.Until.UTC().Format(time.DateOnly)
}

// NewCheck is the skill check that a candidate asks for.
type NewCheck struct {
	Name      string // which one
	Title     string // in words, for lists
	Blueprint assess.Blueprint
	Roles     []assess.Role
	Limit     time.Duration // 0: none
	Retake    int           // days from the end of one to the start of the next; 0: at once
}

// RetakeFrom returns when a skill check that ended (ms UTC) may be taken again: as soon as the study day begins that is so
// many days later.
func RetakeFrom(cal srs.Calendar, ended int64, days int) time.Time {
	return cal.Start(cal.Day(time.UnixMilli(ended)) + days)
}

// items are what the skill checks of some content are made of.
type items struct {
	all     []assess.Item   // by the authors' labels
	entries []*store.Listed // of the same places
	byID    map[string]*store.Listed
}

func itemsOf(c *store.Catalog) *items {
	out := &items{byID: map[string]*store.Listed{}}
	var heads []*bank.Head
	for e := range c.Everything() {
		heads = append(heads, e.Head)
		if progress.Measures(e.Head) {
			out.entries = append(out.entries, e)
			out.byID[e.Head.ID] = e
		}
	}
	out.all, _ = progress.Items(heads)
	return out
}

// A topic's items of one calibration are only told apart as new when so many others can be scored without them.
const enoughKnown = 10

// Measured reports whether any question of a topic, or with a tag, can be asked in a skill check.
func (s *Service) Measured(topic string) bool {
	return slices.ContainsFunc(s.content.Load().items().entries, func(e *store.Listed) bool {
		_, of := progress.Subject(e.Head, assess.Blueprint{{Topic: topic}})
		return of
	})
}

// pool returns the items of the blueprint's topics for a candidate, without those of an attempt: with the parameters of a
// calibration where it has any, marked as seen where the candidate knows the key.
func (s *Service) pool(tx *store.Tx, of *items, user, calibration int64, topics assess.Blueprint, without []*store.Listed) ([]assess.Item, error) {
	params, err := s.params(tx, calibration)
	if err != nil {
		return nil, err
	}
	met, err := tx.Known(user)
	if err != nil {
		return nil, err
	}
	skip := map[int64]bool{}
	for _, e := range without {
		skip[e.ID] = true
	}
	var pool []assess.Item
	known := map[string]int{}
	for i, it := range of.all {
		e := of.entries[i]
		var ok bool
		if it.Topic, ok = progress.Subject(e.Head, topics); !ok {
			continue
		}
		if p, ok := params[e.ID]; ok && p.KeyHash == e.KeyHash {
			it.A, it.B, it.SD, it.N, it.FreeA, it.Fits = p.A, p.B, p.SD, p.N, p.FreeA, p.Fits
		}
		_, it.Seen = met.Question(e.ID)
		if it.N >= assess.ProvisionalN && !it.Seen {
			known[it.Topic]++
		}
		if !skip[e.ID] {
			pool = append(pool, it)
		}
	}
	for i := range pool {
		it := &pool[i]
		it.New = it.N < assess.ProvisionalN && known[it.Topic] >= enoughKnown
	}
	return pool, nil
}

// params returns the item parameters of a calibration, which never change; of none that is no parameters.
func (s *Service) params(tx *store.Tx, calibration int64) (map[int64]store.ItemParam, error) {
	if calibration == 0 {
		return nil, nil
	}
	if known, ok := s.calibrated.Load(calibration); ok {
		return known.(map[int64]store.ItemParam), nil
	}
	params, err := tx.ItemParams(calibration)
	if err == nil {
		s.calibrated.Store(calibration, params)
	}
	return params, err
}

// latestCalibration returns the key of the calibration that new skill checks use, 0 for none.
func (s *Service) latestCalibration(tx *store.Tx) (int64, error) {
	latest, err := tx.Calibrations(s.bank, 1)
	if err != nil || len(latest) == 0 {
		return 0, err
	}
	return latest[0].ID, nil
}

// CheckPool returns the items that a skill check could ask a candidate now.
func (s *Service) CheckPool(tx *store.Tx, user int64, blueprint assess.Blueprint) ([]assess.Item, error) {
	calibration, err := s.latestCalibration(tx)
	if err != nil {
		return nil, err
	}
	return s.pool(tx, s.content.Load().items(), user, calibration, blueprint, nil)
}

// exposures remembers for a while how often items were asked.
type exposures struct {
	mu    sync.Mutex
	at    time.Time
	share map[string]float64 // by item
}

// latestChecks is how many skill checks exposure is counted over.
const latestChecks = 200

// exposure returns in which share of the latest skill checks each item was asked, as it was at most a minute ago.
func (s *Service) exposure(ctx context.Context) (map[string]float64, error) {
	const keep = time.Minute
	s.exposed.mu.Lock()
	defer s.exposed.mu.Unlock()
	if s.exposed.share != nil && time.Since(s.exposed.at) < keep {
		return s.exposed.share, nil
	}
	var byQuestion map[int64]float64
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		byQuestion, err = tx.Exposure(latestChecks)
		return err
	})
	if err != nil {
		return nil, err
	}
	share := map[string]float64{}
	of := s.content.Load().items()
	for i, e := range of.entries {
		if x := byQuestion[e.ID]; x > 0 {
			share[of.all[i].ID] = x
		}
	}
	s.exposed.at, s.exposed.share = time.Now(), share
	return share, nil
}

// StartCheck starts a skill check and returns the slug of its attempt, or that of one that still runs. A *TooSoonError says
// that the last one was too short a while ago.
func (s *Service) StartCheck(ctx context.Context, a Actor, n NewCheck) (slug string, user store.User, err error) {
	exposure, err := s.exposure(ctx)
	if err != nil {
		return "", store.User{}, err
	}
	fresh, seed := randomText(), randomSeed()
	err = s.update(ctx, &a, func(tx *store.Tx) error {
		slug = fresh
		if err := s.admit(tx, &a); err != nil {
			return err
		}
		running, err := s.mayCheck(tx, a.User, n)
		if err != nil || running != "" {
			slug = running
			return err
		}
		return s.startCheck(tx, a.User, n, slug, seed, exposure)
	})
	return slug, a.User, err
}

// mayCheck returns the slug of a skill check of that name that still runs, or an error when the last one ended lately.
func (s *Service) mayCheck(tx *store.Tx, u store.User, n NewCheck) (running string, err error) {
	lines, err := tx.SkillChecks(u.ID, checksRead)
	if err != nil {
		return "", err
	}
	running, ended := StandOf(lines, n.Name, tx.Now())
	if running != "" || ended == 0 {
		return running, nil
	}
	cal, err := s.Calendar(u)
	if err != nil {
		return "", err
	}
	if until := RetakeFrom(cal, ended, n.Retake); until.After(tx.Time()) {
		return "", &TooSoonError{Until: until}
	}
	return "", nil
}

// StandOf returns the slug of a skill check of a name that runs, or when the last one ended (ms UTC); "" and 0 for neither.
func StandOf(lines []store.CheckLine, name string, now int64) (running string, ended int64) {
	for _, l := range lines {
		if l.Name != name {
			continue
		}
		at, over := l.Ended(now)
		if !over {
			return l.Slug, 0
		}
		ended = max(ended, at) // what came from a file may be older than what stands before it
	}
	return "", ended
}

// checksRead is how many skill checks of a candidate are looked through.
const checksRead = 50

// SkillChecks returns a candidate's skill checks, newest first, those that are over with the result by the keys that are
// known to be right now.
func (s *Service) SkillChecks(tx *store.Tx, user int64) ([]store.CheckLine, error) {
	lines, err := tx.SkillChecks(user, checksRead)
	if err != nil {
		return nil, err
	}
	for i := range lines {
		l := &lines[i]
		if _, over := l.Ended(tx.Now()); !over || l.Log.Result != nil && !l.Corrected {
			continue
		}
		_, c, err := s.SkillCheck(tx, user, l.Slug)
		if err != nil {
			return nil, err
		}
		l.Log = c.Log
	}
	return lines, nil
}

func (s *Service) startCheck(tx *store.Tx, u store.User, n NewCheck, slug string, seed uint64, exposure map[string]float64) error {
	calibration, err := s.latestCalibration(tx)
	if err != nil {
		return err
	}
	of := s.content.Load().items()
	pool, err := s.pool(tx, of, u.ID, calibration, n.Blueprint, nil)
	if err != nil {
		return err
	}
	session, err := assess.Start(seed, assess.DefaultRules(), n.Blueprint, n.Roles, pool)
	if err != nil {
		return err
	}
	step, ok := session.Next(exposure)
	if !ok || !anyScored(pool) {
		return ErrNothingNew
	}
	first, err := s.Catalog().Whole(of.byID[step.Item.ID])
	if err != nil {
		return err
	}
	at := newAttemptOf(tx, u, slug, n.Title, quiz.Check, seed, first)
	if limit := u.Timers.Limit(n.Limit); limit > 0 {
		at.Deadline = at.StartedAt + limit.Milliseconds()
	}
	if at.ID, err = tx.AddAttempt(at); err != nil {
		return err
	}
	return tx.AddSkillCheck(store.SkillCheck{Attempt: at.ID, Name: n.Name, Params: calibration, Log: session.Log()})
}

func anyScored(pool []assess.Item) bool {
	for _, it := range pool {
		if it.Scored() {
			return true
		}
	}
	return false
}

// AnswerCheck records the response to the question that a skill check asks, and chooses the next one or ends the check. A
// skipped question counts as wrong. A second response to a position changes nothing.
func (s *Service) AnswerCheck(ctx context.Context, a Actor, slug string, position int, r quiz.Response, skipped bool) error {
	exposure, err := s.exposure(ctx)
	if err != nil {
		return err
	}
	return s.attempt(ctx, a, slug, position, func(tx *store.Tx, u store.User, at *store.Attempt) error {
		item, err := at.At(position)
		switch {
		case err != nil:
			return err
		case at.Mode != quiz.Check:
			return fmt.Errorf("attempt %d is no skill check: %w", at.ID, store.ErrNotFound)
		case item.Result != nil:
			return nil
		}
		if skipped {
			r = quiz.Response{}
		}
		if err := s.answer(tx, u, at, position, r); err != nil {
			return err
		}
		return s.askNext(tx, u, at, position, skipped, exposure)
	})
}

// askNext takes a recorded response into the estimate, and puts the next question into the attempt or ends it.
func (s *Service) askNext(tx *store.Tx, u store.User, at *store.Attempt, position int, skipped bool, exposure map[string]float64) error {
	c, err := tx.SkillCheck(at.ID)
	if err != nil {
		return err
	}
	of := s.content.Load().items()
	pool, err := s.pool(tx, of, u.ID, c.Params, c.Log.Blueprint, at.Listed)
	if err != nil {
		return err
	}
	session, err := assess.Resume(c.Log, pool)
	if err != nil {
		return err
	}
	known, err := tx.State(u.ID, at.Listed[position].ID)
	if err != nil {
		return err
	}
	r := assess.Response{
		Right:   !skipped && at.Items[position].Result.Verdict == quiz.Right,
		Skipped: skipped,
		Seen:    known.Seq > 0, // what this skill check holds is not in it
	}
	if err := session.Record(position, r); err != nil {
		return err
	}
	step, more := session.Next(exposure)
	if err := tx.PutCheckLog(at.ID, session.Log()); err != nil {
		return err
	}
	if !more {
		return s.finish(tx, u, at)
	}
	next, err := s.Catalog().Whole(of.byID[step.Item.ID])
	if err != nil {
		return err
	}
	return tx.AddAttemptItem(at, next)
}

// MaxExtensions is how often a time limit can be extended by half of what it was.
const MaxExtensions = 2

// ExtendCheck gives a running skill check with a time limit half as much time again, up to twice the limit.
func (s *Service) ExtendCheck(ctx context.Context, a Actor, slug string) error {
	return s.attempt(ctx, a, slug, store.NoPosition, func(tx *store.Tx, _ store.User, at *store.Attempt) error {
		if at.Mode != quiz.Check || at.Deadline == 0 || at.Finished(tx.Time()) {
			return quiz.ErrFinished
		}
		c, err := tx.SkillCheck(at.ID)
		if err != nil || c.Extended >= MaxExtensions {
			return err
		}
		limit := (at.Deadline - at.StartedAt) * 2 / int64(2+c.Extended) // as it was at first
		return tx.ExtendCheck(at.ID, at.Deadline+limit/2)
	})
}

// closeLog ends the log of a skill check whose attempt has ended.
func (s *Service) closeLog(tx *store.Tx, at *store.Attempt) error {
	c, err := tx.SkillCheck(at.ID)
	if err != nil || c.Log.Stop != "" {
		return err
	}
	log, err := closed(c.Log, at)
	if err != nil {
		return err
	}
	return tx.PutCheckLog(at.ID, log)
}

// closed returns the log of a skill check that ended before the rules would have ended it.
func closed(log assess.Log, at *store.Attempt) (assess.Log, error) {
	session, err := assess.Resume(log, nil)
	if err != nil {
		return log, err
	}
	why := assess.GivenUp
	if at.Deadline != 0 && (at.FinishedAt == 0 || at.FinishedAt >= at.Deadline) {
		why = assess.TimeUp
	}
	session.End(why)
	return session.Log(), nil
}

// SkillCheck returns a skill check of a candidate as it stands: with a result once it is over, by the keys that are known to be
// right now.
func (s *Service) SkillCheck(tx *store.Tx, user int64, slug string) (*store.Attempt, store.SkillCheck, error) {
	at, err := tx.Attempt(user, slug, s.Catalog())
	if err != nil {
		return nil, store.SkillCheck{}, err
	}
	if at.Mode != quiz.Check {
		return nil, store.SkillCheck{}, fmt.Errorf("attempt %d is no skill check: %w", at.ID, store.ErrNotFound)
	}
	c, err := tx.SkillCheck(at.ID)
	if err != nil || !at.Finished(tx.Time()) {
		return at, c, err
	}
	if c.Log.Stop == "" {
		if c.Log, err = closed(c.Log, at); err != nil {
			return nil, c, err
		}
	}
	right := map[int]bool{}
	for i, item := range at.Items {
		if item.Corrected != nil && item.Result != nil {
			right[i] = item.Result.Verdict == quiz.Right
		}
	}
	if len(right) > 0 {
		c.Log = c.Log.Correct(right)
	}
	return at, c, nil
}
