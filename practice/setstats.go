package practice

import (
	"context"

	"rehearse/progress"
	"rehearse/store"
)

// SetStat is the statistics of a fixed set of questions.
type SetStat struct {
	ID        string // of the set, for its page
	Title     string
	Questions []string // ids of those that are judged, in the order of Items
	progress.SetFigures
}

// latestSetAttempts is how many attempts the statistics of a set rest on at most.
const latestSetAttempts = 2000

// SetStats returns the statistics of a set: of each candidate's first finished attempt at all of its questions.
func (s *Service) SetStats(ctx context.Context, title string, questions []string) (SetStat, error) {
	c := s.Catalog()
	st := SetStat{Title: title}
	var judged []*store.Listed
	for _, id := range questions {
		e, ok := c.Listed(id)
		if !ok || e.Kind.Open() {
			continue
		}
		judged = append(judged, e)
		st.Questions = append(st.Questions, id)
	}
	if len(judged) < 2 {
		return st, nil
	}
	var attempts []map[int64]int64
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		attempts, err = tx.SetMarks(title, len(questions), latestSetAttempts)
		return err
	})
	if err != nil {
		return st, err
	}
	var marks [][]float64
	for _, a := range attempts {
		row := make([]float64, len(judged))
		whole := true
		for i, e := range judged {
			score, asked := a[e.ID]
			row[i], whole = float64(score)/progress.AllRight, whole && asked
		}
		if whole {
			marks = append(marks, row)
		}
	}
	highest := make([]float64, len(judged))
	for i := range highest {
		highest[i] = 1
	}
	st.SetFigures, err = progress.AnalyseSet(marks, highest)
	return st, err
}
