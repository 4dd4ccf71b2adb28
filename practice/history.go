package practice

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"rehearse/bank"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/store"
)

// history is all that one candidate did with a question and with those that it took in.
type history struct {
	*Service
	tx     *store.Tx
	user   int64
	family []int64 // the question first
	log    []progress.Evidence
	events []progress.QuestionEvent
}

// history reads the history of the question, or of the one that took it in.
func (s *Service) history(tx *store.Tx, user, question int64) (*history, error) {
	h := &history{Service: s, tx: tx, user: user}
	if err := h.load(question); err != nil {
		return nil, err
	}
	var err error
	h.log, err = tx.QuestionLog(user, h.family[0])
	return h, err
}

// load reads what content loads did to the family of a question.
func (h *history) load(question int64) (err error) {
	if h.family, err = h.tx.Family(question); err != nil {
		return err
	}
	for _, q := range h.family {
		events, err := h.tx.QuestionEvents(q, 0)
		if err != nil {
			return err
		}
		h.events = append(h.events, events...)
	}
	return nil
}

// days are what a history adds to study days.
type days map[int]progress.Activity

func (h *history) fold() (progress.States, days, error) {
	all := days{}
	states, err := h.projector.Fold(h.log, h.events, func(a progress.Activity) { all[a.Day] = a.Plus(all[a.Day]) })
	return states, all, err
}

// minus returns the sums a - b.
func (a days) minus(b days) days {
	out := maps.Clone(a)
	for day, d := range b {
		out[day] = d.Minus().Plus(out[day])
	}
	return out
}

// add adds the sums to what is stored.
func (a days) add(tx *store.Tx, user int64) error {
	for _, day := range slices.Sorted(maps.Keys(a)) {
		if err := tx.AddActivity(user, a[day]); err != nil {
			return err
		}
	}
	return nil
}

// replay computes anew all that depends on a history, after change has appended to it (nil: nothing) and past responses
// were corrected. Change gets the history as it was.
func (s *Service) replay(tx *store.Tx, user, question int64, change func([]progress.Evidence) error) error {
	h, err := s.history(tx, user, question)
	if err != nil {
		return err
	}
	_, before, err := h.fold()
	if err != nil {
		return err
	}
	if change != nil {
		if err := change(h.log); err != nil {
			return err
		}
		// With what was appended come the ends of the attempts that it belongs to.
		if h.log, err = tx.QuestionLog(user, h.family[0]); err != nil {
			return err
		}
	}
	return h.redo(before)
}

// redo stores what a history comes to now, where before was added to days.
func (h *history) redo(before days) error {
	if err := h.correct(); err != nil {
		return err
	}
	states, after, err := h.fold()
	if err != nil {
		return err
	}
	for _, q := range h.family {
		if err := putState(h.tx, h.user, q, states[q]); err != nil {
			return err
		}
	}
	return after.minus(before).add(h.tx, h.user)
}

// one is a change that appends one entry.
func one(add func() (progress.Evidence, error)) func([]progress.Evidence) error {
	return func([]progress.Evidence) error {
		_, err := add()
		return err
	}
}

// putState stores a state, or forgets it when nothing of it is left: the one grade was taken back after another question
// had taken this one in.
func putState(tx *store.Tx, user, question int64, state progress.State) error {
	stored, err := tx.State(user, question)
	switch {
	case err != nil:
		return err
	case state.Seq > 0:
		return tx.PutState(user, stored, state)
	case stored.Seq > 0:
		return tx.DropState(user, stored)
	}
	return nil
}

// correctNew corrects a response that was just judged by a key known to be wrong: a running attempt keeps the questions
// that it began with.
func (s *Service) correctNew(tx *store.Tx, user int64, e progress.Evidence) error {
	if e.Kind != progress.Responded {
		return nil
	}
	same, err := tx.InForce(e.Question, e.Revision)
	if err != nil || same {
		return err
	}
	return s.replay(tx, user, e.Question, nil)
}

// correct appends what is to be corrected to the log.
func (h *history) correct() error {
	keys := map[int64]string{}
	due, err := progress.Corrections(h.log, h.events, func(revision int64) (key string, err error) {
		if _, ok := keys[revision]; !ok {
			keys[revision], err = h.tx.KeyOf(revision)
		}
		return keys[revision], err
	})
	if err != nil {
		return err
	}
	for _, c := range due {
		if err := h.correctOne(c); err != nil {
			return fmt.Errorf("correct response %d of user %d: %w", c.Response.Seq, h.user, err)
		}
	}
	return nil
}

func (h *history) correctOne(c progress.Correction) error {
	e, run, ok, err := h.rescore(c)
	if err != nil || !ok {
		return err
	}
	data, err := json.Marshal(progress.Cause{Question: c.Cause.Question, Event: c.Cause.Seq, Was: c.Latest.Score, Run: run})
	if err != nil {
		return err
	}
	e.Once, e.Data = "k:"+randomText(), string(data)
	if e, err = h.tx.AppendEvidence(h.user, e); err != nil {
		return err
	}
	h.log = append(h.log, e)
	if err := h.tx.SetCorrected(e.Attempt, e.Position, e.Seq); err != nil {
		return err
	}
	if err := h.tx.CountRight(e.Attempt); err != nil {
		return err
	}
	changed := 0
	if e.Score != c.Latest.Score {
		changed = 1
	}
	return h.tx.CountCorrected(c.Cause.Question, c.Cause.Seq, 1, changed)
}

// rescore returns the entry that corrects a response, and what its statement comes to by the key that decides now; false
// when the response was given to another kind of question and says nothing by that key.
func (h *history) rescore(c progress.Correction) (progress.Evidence, *quiz.Run, bool, error) {
	e := progress.Evidence{
		Kind: progress.Corrected, Question: c.Response.Question, Revision: c.Revision, Attempt: c.Response.Attempt,
		Position: c.Response.Position, Score: c.Response.Score, Ratings: c.Response.Ratings, Ref: c.Response.Seq,
	}
	if c.Revision == c.Response.Revision {
		return e, nil, true, nil
	}
	shown, err := h.tx.Revision(c.Response.Revision)
	if err != nil {
		return e, nil, false, err
	}
	key, err := h.tx.Revision(c.Revision)
	if err != nil || !quiz.Rescorable(shown.Kind, key.Kind) {
		return e, nil, false, err
	}
	var response quiz.Response
	if err := json.Unmarshal([]byte(c.Response.Data), &response); err != nil {
		return e, nil, false, err
	}
	if key.Kind == bank.SQL {
		run, err := h.runOf(key.Question, response.Text, false)
		if err != nil {
			return e, nil, false, err
		}
		response.Run = &run
	}
	result := quiz.Score(key.Question, response)
	e.Score, e.Ratings = result.Score, ratings(key.Question, result, c.Response.Unsure)
	return e, response.Run, true, nil
}

// refold computes all that depends on a candidate's log anew, but for the statistics of items.
func (s *Service) refold(tx *store.Tx, user int64) error {
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
	general, byFamily := families(log, into)
	for root, own := range byFamily {
		h := &history{Service: s, tx: tx, user: user, log: merge(general, own)}
		if err := h.load(root); err != nil {
			return err
		}
		if err := h.correct(); err != nil {
			return err
		}
		states, days, err := h.fold()
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
		if err := days.add(tx, user); err != nil {
			return err
		}
	}
	return nil
}

// families parts a log into the entries that concern no question and those of each question, together with those of the
// questions that it took in.
func families(log []progress.Evidence, into map[int64]int64) (general []progress.Evidence, byFamily map[int64][]progress.Evidence) {
	byFamily = map[int64][]progress.Evidence{}
	for _, e := range log {
		root := e.Question
		if into[root] != 0 {
			root = into[root]
		}
		if root == 0 {
			general = append(general, e)
		} else {
			byFamily[root] = append(byFamily[root], e)
		}
	}
	return general, byFamily
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
