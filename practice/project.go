package practice

import (
	"context"
	"errors"
	"fmt"

	"rehearse/progress"
	"rehearse/store"
)

// record appends an entry to the log and lets it take effect, unless it is held.
func (s *Service) record(tx *store.Tx, u store.User, e progress.Evidence) (progress.Evidence, error) {
	stored, current, err := s.settle(tx, u.ID, e.Question)
	if err != nil {
		return e, err
	}
	if e, err = tx.AppendEvidence(u.ID, e); err != nil || e.Held {
		return e, err
	}
	if err := s.project(tx, u, e, stored, current); err != nil {
		return e, err
	}
	return e, s.correctNew(tx, u.ID, e)
}

// project lets an entry take effect on everything that is computed from the log. Stored and current are what settle
// returned before the entry was appended.
func (s *Service) project(tx *store.Tx, u store.User, e progress.Evidence, stored, current progress.State) error {
	cal, err := s.Calendar(u)
	if err != nil {
		return err
	}
	after, effect, err := s.projector.Evidence(current, e, cal)
	if err != nil {
		return err
	}
	if err := tx.PutState(u.ID, stored, after); err != nil {
		return err
	}
	return tx.AddEffect(u.ID, store.RevisionEffect{Revision: e.Revision, Effect: effect})
}

// settle returns a state as current does, once those events are taken in that reach into the candidate's log:
// corrections, and questions that became one. It comes before anything is appended about the question.
func (s *Service) settle(tx *store.Tx, user, question int64) (stored, current progress.State, err error) {
	stored, current, reaching, err := s.pending(tx, user, question)
	if err != nil || !reaching {
		return stored, current, err
	}
	if err := s.replay(tx, user, question, nil); err != nil {
		return stored, current, err
	}
	return s.current(tx, user, question)
}

// current returns a state as it is stored, and as it is once the events of content loads since then are taken in. Those
// that reach into the log are left to settle.
func (s *Service) current(tx *store.Tx, user, question int64) (stored, current progress.State, err error) {
	stored, current, _, err = s.pending(tx, user, question)
	return stored, current, err
}

// pending returns a state as current does, and whether any of the events reaches into the log.
func (s *Service) pending(tx *store.Tx, user, question int64) (stored, current progress.State, reaching bool, err error) {
	stored, err = tx.State(user, question)
	if err != nil {
		return stored, stored, false, err
	}
	events, err := tx.QuestionEvents(question, stored.EventSeq)
	if err != nil {
		return stored, stored, false, err
	}
	current = stored
	for _, ev := range events {
		current = s.projector.Event(current, ev)
		reaching = reaching || ev.Kind.ReachesBack()
	}
	return stored, current, reaching, nil
}

// CatchUp lets the events of content loads reach everybody who has met the questions, in small updates. It can be
// interrupted at any point and goes on from there.
func (s *Service) CatchUp(ctx context.Context) error {
	for {
		var (
			question int64
			stale    bool
			behind   []int64
		)
		const chunk = 25 // each may mean that a history is folded anew
		err := s.store.View(ctx, func(tx *store.Tx) (err error) {
			if question, stale, err = tx.StaleQuestion(); err != nil || !stale {
				return err
			}
			behind, err = tx.BehindOn(question, chunk)
			return err
		})
		if err != nil || !stale {
			return err
		}
		if err := s.catchUp(ctx, question, behind); err != nil {
			return fmt.Errorf("catch up with question %d: %w", question, err)
		}
	}
}

func (s *Service) catchUp(ctx context.Context, question int64, behind []int64) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		if len(behind) == 0 {
			return tx.SetFresh(question)
		}
		for _, user := range behind {
			stored, current, err := s.settle(tx, user, question)
			if err != nil {
				return err
			}
			if err := tx.PutState(user, stored, current); err != nil {
				return err
			}
		}
		return nil
	})
}

// Rebuild computes everything that is computed from the log anew, in one transaction. Report is told how many of how
// many candidates are done.
func (s *Service) Rebuild(ctx context.Context, report func(done, total int)) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		users, err := tx.UserIDs()
		if err != nil {
			return err
		}
		if err := tx.ClearItemStats(); err != nil {
			return err
		}
		for i, user := range users {
			if err := errors.Join(ctx.Err(), s.rebuildUser(tx, user)); err != nil {
				return fmt.Errorf("rebuild user %d: %w", user, err)
			}
			report(i+1, len(users))
		}
		return nil
	})
}

func (s *Service) rebuildUser(tx *store.Tx, user int64) error {
	if err := tx.ClearProgress(user); err != nil {
		return err
	}
	log, err := tx.Log(user)
	if err != nil {
		return err
	}
	into, err := tx.Absorbed()
	if err != nil {
		return err
	}
	general, families := split(log, into)
	for root, own := range families {
		h := &history{Service: s, tx: tx, user: user, log: merge(general, own)}
		if err := h.load(root); err != nil {
			return err
		}
		if err := h.correct(); err != nil {
			return err
		}
		states, sums, err := h.fold()
		if err != nil {
			return err
		}
		for question, state := range states {
			if state.Seq == 0 { // only held so far
				continue
			}
			if err := tx.PutState(user, progress.NewState(question), state); err != nil {
				return err
			}
		}
		if err := sums.add(tx, user); err != nil {
			return err
		}
	}
	return nil
}

// split parts a log into the entries that concern no question and those of each question, together with those of the
// questions that it took in.
func split(log []progress.Evidence, into map[int64]int64) (general []progress.Evidence, families map[int64][]progress.Evidence) {
	families = map[int64][]progress.Evidence{}
	for _, e := range log {
		root := e.Question
		if into[root] != 0 {
			root = into[root]
		}
		if root == 0 {
			general = append(general, e)
		} else {
			families[root] = append(families[root], e)
		}
	}
	return general, families
}

// merge joins two parts of a log by seq.
func merge(a, b []progress.Evidence) []progress.Evidence {
	out := make([]progress.Evidence, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0].Seq < b[0].Seq {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}
