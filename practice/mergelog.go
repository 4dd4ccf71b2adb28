package practice

import (
	"errors"

	"rehearse/progress"
	"rehearse/store"
)

// moving appends entries of one candidate's log to another's. When one of them imported an export of the other's, or both
// imported the same, they have entries in common, which are recognised as an import recognises what is there.
type moving struct {
	tx         *store.Tx
	from, into int64
	root       func(question int64) int64
	same       map[int64]int64                   // attempts of the one that the other has, with the other's
	have       map[sameEntry][]progress.Evidence // the other's entries that are not paired yet
	seqs       map[int64]int64                   // where the entries of the one stand in the other's log
	known      map[int64]bool                    // of these, by their seq in the one's, those that were there
	left       map[string]bool                   // by the usual once key, responses where the other responded otherwise
}

func newMoving(tx *store.Tx, from, into int64) (*moving, error) {
	taken, err := tx.Absorbed()
	if err != nil {
		return nil, err
	}
	m := &moving{
		tx: tx, from: from, into: into, root: rootOf(taken), have: map[sameEntry][]progress.Evidence{}, seqs: map[int64]int64{},
		known: map[int64]bool{}, left: map[string]bool{},
	}
	if m.same, err = tx.SameAttempts(from, into); err != nil {
		return nil, err
	}
	log, err := tx.Log(into)
	for _, e := range log {
		m.have[m.key(e)] = append(m.have[m.key(e)], e)
	}
	return m, err
}

// key returns what an entry of the other's log has in common with its like.
func (m *moving) key(e progress.Evidence) sameEntry {
	k := sameAs(e)
	k.question = m.root(e.Question)
	return k
}

// paired returns the seq of the same entry in the other's log, 0 when there is none: at least one of two was imported.
func (m *moving) paired(e progress.Evidence) int64 {
	if e.Question == 0 {
		return 0
	}
	if same := m.same[e.Attempt]; same != 0 {
		e.Attempt = same
	}
	k := m.key(e)
	for i, o := range m.have[k] {
		if e.Imported || o.Imported {
			m.have[k] = append(m.have[k][:i:i], m.have[k][i+1:]...)
			return o.Seq
		}
	}
	return 0
}

// move appends an entry unless it is there already or is about what was left out.
func (m *moving) move(e progress.Evidence) (err error) {
	was := e.Seq
	if seq := m.paired(e); seq != 0 {
		m.seqs[was], m.known[was] = seq, true
		return nil
	}
	// A response that was there has been corrected there.
	if e.Ref != 0 && (m.seqs[e.Ref] == 0 || e.Kind == progress.Corrected && m.known[e.Ref]) {
		return nil
	}
	e.Ref = m.seqs[e.Ref]
	if same := m.same[e.Attempt]; same != 0 {
		m.seqs[was], err = m.goOn(same, e)
		return err
	}
	if e.Once, err = mergedOnce(m.tx, m.from, m.into, e); err != nil {
		return err
	}
	m.seqs[was], err = m.tx.AppendFrom(m.into, e)
	return err
}

// goOn appends what was done with one's copy of an attempt to the other's; 0 where the other has done so otherwise.
func (m *moving) goOn(attempt int64, e progress.Evidence) (seq int64, err error) {
	e.Attempt = attempt
	place := onceAnswer(attempt, e.Position)
	switch e.Kind {
	case progress.Responded, progress.Finished:
		e.Once = e.UsualOnce()
	case progress.Graded:
		if m.left[place] {
			return 0, nil
		}
		e.Once = onceMark(attempt, e.Position)
	default:
		e.Once = onceMerged(m.from, e)
	}
	e.Seq, err = m.tx.AppendFrom(m.into, e)
	if errors.Is(err, store.ErrDuplicate) {
		m.left[place] = m.left[place] || e.Kind == progress.Responded
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if err := noteInAttempt(m.tx, e); err != nil {
		return 0, err
	}
	return e.Seq, m.tx.CountRight(attempt)
}

// noteInAttempt notes in the attempt of an entry that it was appended.
func noteInAttempt(tx *store.Tx, e progress.Evidence) error {
	switch {
	case e.Attempt == 0:
		return nil
	case e.Kind == progress.Responded:
		return tx.SetResponse(e.Attempt, e.Position, e.Seq)
	case e.Kind == progress.Graded:
		return tx.SetMark(e.Attempt, e.Position, e.Seq)
	case e.Kind == progress.Finished:
		return tx.SetFinished(e.Attempt, e.At)
	}
	return tx.SetCorrected(e.Attempt, e.Position, e.Seq)
}
