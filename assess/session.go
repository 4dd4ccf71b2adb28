package assess

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// The streams of a session's seed; below them stands each position's own.
const (
	streamPilots = 1<<32 + iota
	streamTopics
)

// The conditions that callers of a session act on.
var (
	ErrFinished = errors.New("the session is finished")
	ErrPosition = errors.New("the position is not the one that is asked")
)

// Session is one skill check of one candidate. It is not safe for concurrent use.
type Session struct {
	log       Log
	pool      []Item           // by id
	curves    []curve          // of the items in pool
	used      []bool           // items in pool that were asked
	topics    map[string][]int // places in pool of the scored items
	unscored  []int            // and of the others
	blueprint Blueprint        // in this session's order
	belief    belief
	asked     map[string]int // scored items by topic
	scored    int
	pilots    []int // positions
}

// Start begins a session over a pool of items, each with the parameters that it keeps throughout. The pool's order does
// not matter. Topics of the blueprint without a scored item are left out.
func Start(seed uint64, rules Rules, blueprint Blueprint, roles []Role, pool []Item) (*Session, error) {
	over, err := blueprint.Over(pool)
	if err != nil {
		return nil, err
	}
	return open(Log{Version: Version, Seed: seed, Rules: rules, Blueprint: over, Roles: roles}, pool)
}

// Resume goes on with a session from its log. The pool must be the one it was started with.
func Resume(log Log, pool []Item) (*Session, error) {
	if log.Version != Version {
		return nil, fmt.Errorf("the log was written by model version %q, and this is %q", log.Version, Version)
	}
	steps, stop := log.Steps, log.Stop
	log.Steps, log.Stop, log.Result = nil, "", nil
	s, err := open(log, pool)
	if err != nil {
		return nil, err
	}
	for _, step := range steps {
		s.ask(step)
		if step.Response != nil {
			s.record(*step.Response)
		}
	}
	s.log.Stop = stop
	if stop != "" {
		s.finish(stop)
	}
	return s, nil
}

// open checks what a session is made of, and indexes its pool.
func open(log Log, pool []Item) (*Session, error) {
	if err := log.Rules.Check(); err != nil {
		return nil, err
	}
	for _, r := range log.Roles {
		if err := r.Check(); err != nil {
			return nil, err
		}
	}
	s := &Session{log: log, belief: newBelief(Prior()), asked: map[string]int{}, topics: map[string][]int{}}
	s.pool = slices.SortedFunc(slices.Values(pool), func(x, y Item) int { return cmp.Compare(x.ID, y.ID) })
	s.curves, s.used = make([]curve, len(s.pool)), make([]bool, len(s.pool))
	for i, it := range s.pool {
		if err := it.Check(); err != nil {
			return nil, err
		}
		if i > 0 && it.ID == s.pool[i-1].ID {
			return nil, fmt.Errorf("item %s is in the pool twice", it.ID)
		}
		s.curves[i] = it.curve()
		if it.Scored() {
			s.topics[it.Topic] = append(s.topics[it.Topic], i)
		} else {
			s.unscored = append(s.unscored, i)
		}
	}
	// Sessions begin with different topics, so that first items are not the same for everybody.
	s.blueprint = slices.Clone(log.Blueprint)
	shuffle(newDice(log.Seed, streamTopics), s.blueprint)
	s.pilots = pilotPlaces(log.Seed, log.Rules.Pilots)
	return s, nil
}

// Next returns the step that waits for a response, choosing its item first if there is none yet, or false when the session
// is finished. Exposure says in which share of recent sessions each item was asked; items missing from it were not.
func (s *Session) Next(exposure map[string]float64) (Step, bool) {
	if s.log.Stop != "" {
		return Step{}, false
	}
	if step := s.waiting(); step != nil {
		return *step, true
	}
	position := len(s.log.Steps)
	d := newDice(s.log.Seed, uint64(position))
	i, why := -1, Why{}
	if slices.Contains(s.pilots, position) {
		i, why = s.pilot(d)
	}
	if i < 0 {
		i, why = s.pick(d, exposure)
	}
	if i < 0 {
		s.finish(Exhausted)
		return Step{}, false
	}
	step := Step{Position: position, Item: s.pool[i], Why: why}
	s.ask(step)
	return step, true
}

// waiting returns the step that has no response yet, or nil.
func (s *Session) waiting() *Step {
	if n := len(s.log.Steps); n > 0 && s.log.Steps[n-1].Response == nil {
		return &s.log.Steps[n-1]
	}
	return nil
}

// ask adds a step without its response.
func (s *Session) ask(step Step) {
	step.Response, step.After = nil, nil
	s.log.Steps = append(s.log.Steps, step)
	if i, ok := slices.BinarySearchFunc(s.pool, step.Item.ID, func(it Item, id string) int { return cmp.Compare(it.ID, id) }); ok {
		s.used[i] = true
	}
}

// Record takes the response to the step at position. A skipped item counts as wrong.
func (s *Session) Record(position int, r Response) error {
	step := s.waiting()
	switch {
	case s.log.Stop != "":
		return ErrFinished
	case step == nil || step.Position != position:
		return ErrPosition
	case r.Right && r.Skipped:
		return errors.New("a skipped item cannot be right")
	}
	s.record(r)
	if stop := s.log.Rules.stop(s.belief.theta().Ability(), s.scored); stop != "" {
		s.finish(stop)
	}
	return nil
}

// record takes a response to the waiting step.
func (s *Session) record(r Response) {
	step := s.waiting()
	step.Response = &r
	if step.Counts() {
		s.belief = s.belief.after(step.Item, r.Right)
		s.asked[step.Item.Topic]++
		s.scored++
	}
	after := s.belief.theta().Ability()
	step.After = &after
}

// End finishes a session early. An item that waits for its response does not count.
func (s *Session) End(why Stop) {
	if s.log.Stop == "" {
		s.finish(why)
	}
}

func (s *Session) finish(why Stop) {
	s.log.Stop = why
	result := s.log.result()
	s.log.Result = &result
}

// Log returns the session so far. It shares nothing with the session that later steps would change.
func (s *Session) Log() Log {
	out := s.log
	out.Steps = slices.Clone(s.log.Steps)
	return out
}
