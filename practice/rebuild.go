package practice

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"

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
	for i, user := range users {
		if err := s.rebuildUser(ctx, user); err != nil {
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

func (s *Service) rebuildUser(ctx context.Context, user int64) error {
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
			want, err = s.rebuilt(tx, user, allEvents)
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

// rebuilt folds a candidate's log. Upto chooses the events of a question that have reached the candidate.
func (s *Service) rebuilt(tx *store.Tx, user int64, upto func(int64, []progress.QuestionEvent) []progress.QuestionEvent) (store.Projection, error) {
	r := store.NewProjection()
	log, err := tx.Log(user)
	if err != nil {
		return r, err
	}
	into, err := tx.Absorbed()
	if err != nil {
		return r, err
	}
	general, byFamily := families(log, into)
	for root, own := range byFamily {
		h := &history{Service: s, tx: tx, user: user, log: merge(general, own)}
		if err := h.load(root); err != nil {
			return r, err
		}
		h.events = reached(h.events, upto)
		states, days, err := h.fold()
		if err != nil {
			return r, err
		}
		for _, state := range states {
			if state.Seq != 0 { // else only held so far
				r.AddState(state)
			}
		}
		for _, activity := range days {
			r.AddActivity(activity)
		}
	}
	return r, nil
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

// Check compares everything that is computed from the log with what is stored, in one snapshot and without writing. It
// returns a line for each difference, and for each fault of a log itself.
func (s *Service) Check(ctx context.Context, report Report) ([]string, error) {
	var findings []string
	err := s.store.View(ctx, func(tx *store.Tx) error {
		users, err := tx.UserIDs()
		if err != nil {
			return err
		}
		for i, user := range users {
			found, err := s.checkUser(tx, user)
			if err != nil {
				return fmt.Errorf("candidate %d: %w", user, err)
			}
			for _, f := range found {
				findings = append(findings, fmt.Sprintf("candidate %d: %s", user, f))
			}
			report("candidates", i+1, len(users))
		}
		counts, err := s.lackingCounts(tx, report)
		for _, key := range slices.SortedFunc(maps.Keys(counts), store.ItemKey.Compare) {
			findings = append(findings, fmt.Sprintf("scores of question %d: the logs add %v to what is stored", key.Question, counts[key]))
		}
		return err
	})
	return findings, err
}

func (s *Service) checkUser(tx *store.Tx, user int64) ([]string, error) {
	mark, err := tx.LogMark(user)
	if err != nil {
		return nil, err
	}
	log, err := tx.Log(user)
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
	want, err := s.rebuilt(tx, user, func(question int64, events []progress.QuestionEvent) []progress.QuestionEvent {
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
