package practice

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync/atomic"

	"rehearse/progress"
	"rehearse/store"
)

// Report is told how far long work has come.
type Report func(what string, done, total int)

// Rebuild computes everything that is computed from the log anew, and writes what differs. Candidates may go on
// answering meanwhile, also through another process, and Rebuild may be interrupted at any point: it leaves every
// candidate's projections as they were or right, and the item statistics as well.
//
// A candidate's own projections are a function of their log and of the content loads alone. They are computed from a
// snapshot, and written in one short update if neither has grown since; else they are computed again.
//
// Item statistics are sums over everybody, which no short update can add up. But all that ever happens to them is that
// something is added: what is missing in one snapshot is therefore missing by the same amount at any later time. So the
// difference between the sums of the log and those stored is taken in one snapshot, and added in one update. Two
// rebuilds would add it twice; an update that finds another one done since its snapshot starts over.
func (s *Service) Rebuild(ctx context.Context, report Report) error {
	users, err := s.userIDs(ctx)
	if err != nil {
		return err
	}
	var kept keptLoads
	for i, user := range users {
		if err := s.rebuildUser(ctx, user, &kept); err != nil {
			return fmt.Errorf("rebuild candidate %d: %w", user, err)
		}
		report("candidates", i+1, len(users))
	}
	for {
		done, err := s.rebuildItems(ctx, report)
		if err != nil {
			return fmt.Errorf("rebuild item statistics: %w", err)
		}
		if done {
			return nil
		}
	}
}

func (s *Service) userIDs(ctx context.Context) (users []int64, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		users, err = tx.UserIDs()
		return err
	})
	return users, err
}

func (s *Service) rebuildUser(ctx context.Context, user int64, kept *keptLoads) error {
	for {
		var (
			mark store.LogMark
			want store.Projection
			same bool
		)
		// What a content load did must have reached everybody: a correction appends to logs before it counts.
		if err := s.CatchUp(ctx); err != nil {
			return err
		}
		loading := false
		err := s.store.View(ctx, func(tx *store.Tx) (err error) {
			if _, loading, err = tx.StaleQuestion(); err != nil || loading {
				return err
			}
			if mark, err = tx.LogMark(user); err != nil {
				return err
			}
			stored, err := tx.Projection(user)
			if err != nil {
				return err
			}
			l, err := kept.at(tx, mark.Load)
			if err != nil {
				return err
			}
			log, err := tx.Log(user)
			if err != nil {
				return err
			}
			want, err = s.rebuilt(log, l, allEvents)
			same = reflect.DeepEqual(stored, want)
			return err
		})
		if loading && err == nil {
			continue
		}
		if err != nil || same {
			return err
		}
		grown := false
		err = s.store.Update(ctx, func(tx *store.Tx) error {
			now, err := tx.LogMark(user)
			if err != nil {
				return err
			}
			if grown = now != mark; grown {
				return nil
			}
			return tx.PutProjection(user, want)
		})
		if err != nil || !grown {
			return err
		}
	}
}

// rebuildItems adds what the item statistics lack; false when another rebuild did at the same time.
func (s *Service) rebuildItems(ctx context.Context, report Report) (done bool, err error) {
	var (
		before int64
		counts store.ItemCounts
	)
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		if before, err = tx.LastRebuild(); err != nil {
			return err
		}
		counts, err = s.lackingCounts(tx, report)
		return err
	})
	if err != nil || len(counts) == 0 {
		return err == nil, err
	}
	err = s.store.UpdateAlone(ctx, func(tx *store.Tx) error { // so that no other rebuild looks at the same time
		now, err := tx.LastRebuild()
		if done = now == before; err != nil || !done {
			return err
		}
		if err := tx.AddItemCounts(counts); err != nil {
			return err
		}
		return tx.AddRebuild()
	})
	return done, err
}

// allEvents lets all events of a question take effect.
func allEvents(_ int64, events []progress.QuestionEvent) []progress.QuestionEvent { return events }

// loads are what content loads did to all questions. They are read once for many candidates.
type loads struct {
	load   int64 // the last one
	into   map[int64]int64
	events map[int64][]progress.QuestionEvent // by the question that took in the one it is of, or is that one
}

// keptLoads keeps them until there is another load.
type keptLoads struct{ latest atomic.Pointer[loads] }

func (k *keptLoads) at(tx *store.Tx, load int64) (l *loads, err error) {
	if l := k.latest.Load(); l != nil && l.load == load {
		return l, nil
	}
	l = &loads{load: load, events: map[int64][]progress.QuestionEvent{}}
	if l.into, err = tx.Absorbed(); err != nil {
		return nil, err
	}
	events, err := tx.AllQuestionEvents()
	if err != nil {
		return nil, err
	}
	for _, ev := range events {
		root := rootOf(l.into)(ev.Question)
		l.events[root] = append(l.events[root], ev)
	}
	k.latest.Store(l)
	return l, nil
}

// rebuilt folds a candidate's log. Upto chooses the events of a question that have reached the candidate.
func (s *Service) rebuilt(log []progress.Evidence, l *loads, upto func(int64, []progress.QuestionEvent) []progress.QuestionEvent) (store.Projection, error) {
	r := store.NewProjection()
	var events []progress.QuestionEvent
	met := map[int64]bool{}
	for _, e := range log {
		if root := rootOf(l.into)(e.Question); root != 0 && !met[root] {
			met[root] = true
			events = append(events, l.events[root]...)
		}
	}
	states, err := s.projector.Fold(log, reached(events, upto), r.AddActivity)
	for _, state := range states {
		if state.Seq != 0 { // else only held so far
			r.AddState(state)
		}
	}
	return r, err
}

// reached returns the events that have reached the candidate, question by question.
func reached(events []progress.QuestionEvent, upto func(int64, []progress.QuestionEvent) []progress.QuestionEvent) []progress.QuestionEvent {
	byQuestion := map[int64][]progress.QuestionEvent{}
	for _, ev := range events {
		byQuestion[ev.Question] = append(byQuestion[ev.Question], ev)
	}
	var out []progress.QuestionEvent
	pending := map[int64]bool{} // questions that another one is about to take in
	for _, question := range slices.Sorted(maps.Keys(byQuestion)) {
		all := byQuestion[question]
		have := upto(question, all)
		out = append(out, have...)
		pending[question] = slices.ContainsFunc(all[len(have):], func(ev progress.QuestionEvent) bool { return ev.Kind == progress.Became })
	}
	return slices.DeleteFunc(out, func(ev progress.QuestionEvent) bool { return ev.Kind == progress.Absorbed && pending[ev.Other] })
}
