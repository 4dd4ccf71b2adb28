package practice

import (
	"context"

	"rehearse/assess"
	"rehearse/bank"
	"rehearse/progress"
	"rehearse/store"
)

// ItemStat is what is known of a question that the program judges.
type ItemStat struct {
	*store.Listed
	progress.ItemFigures
	Choices  []progress.ChoiceFigures // of questions with choices, in the author's order
	Texts    []bank.Rich              // of the same
	Flags    []progress.Flag
	Seconds  float64 // mean time of a response, 0 without one
	Exposure float64 // share of the latest skill checks that asked it
	AuthorB  float64 // difficulty by the author's labels, in logits
	A, B, SD float64 // as estimated by the latest calibration
	BN       int     // first responses that B rests on, 0: there is no estimate
}

// ItemStats returns what is known of every live question that the program judges, in the order of the bank. Its work does not
// grow with the number of responses.
func (s *Service) ItemStats(ctx context.Context) ([]ItemStat, error) {
	c := s.content.Load()
	var (
		scores   map[int64]*store.ItemScore
		params   map[int64]store.ItemParam
		exposure map[int64]float64
		choices  map[int64][]bank.Choice // by question
	)
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		if scores, err = tx.ItemScores(s.bank); err != nil {
			return err
		}
		calibration, err := s.latestCalibration(tx)
		if err != nil {
			return err
		}
		if params, err = s.params(tx, calibration); err != nil {
			return err
		}
		if exposure, err = tx.Exposure(latestChecks); err != nil {
			return err
		}
		choices = map[int64][]bank.Choice{}
		return tx.Bodies(c.catalog, func(l *store.Listed, b *bank.Body) { choices[l.ID] = b.Choices })
	})
	if err != nil {
		return nil, err
	}
	var out []ItemStat
	for e := range c.catalog.Everything() {
		if e.Kind.Open() {
			continue
		}
		out = append(out, itemStat(e, choices[e.ID], scores[e.ID], params[e.ID], exposure[e.ID]))
	}
	return out, nil
}

func itemStat(e *store.Listed, choices []bank.Choice, score *store.ItemScore, p store.ItemParam, exposure float64) ItemStat {
	st := ItemStat{Listed: e, Exposure: exposure}
	if score == nil {
		score = &store.ItemScore{}
	}
	st.ItemFigures = score.Scores.Figures()
	if st.N > 0 {
		st.Seconds = float64(score.Duration) / float64(st.N) / 1000
	}
	if len(choices) > 0 {
		for _, choice := range choices {
			st.Texts = append(st.Texts, choice.Text)
		}
		st.Choices = score.Scores.Choices(choiceCounts(choices, score.Picked))
	}
	st.Flags = progress.Flags(st.ItemFigures, st.Choices, progress.Guess(e.Head))
	st.AuthorB, _ = assess.AuthorB(string(e.Level), string(e.Difficulty)) // the bank reads no other labels
	if p.N > 0 && p.KeyHash == e.KeyHash {
		st.A, st.B, st.SD, st.BN = p.A, p.B, p.SD, p.N
		st.Flags = append(st.Flags, progress.FlagLabel(st.AuthorB, p.B, p.SD, p.N)...)
		st.Flags = append(st.Flags, progress.FlagFit(p.FreeA, p.Fits)...)
	}
	return st
}

// choiceCounts returns the counts of a question's choices, those nobody picked included.
func choiceCounts(choices []bank.Choice, picked []progress.ChoiceCount) []progress.ChoiceCount {
	var out []progress.ChoiceCount
	for _, c := range choices {
		count := progress.ChoiceCount{ID: c.ID, Right: c.Right}
		for _, p := range picked {
			if p.ID == c.ID {
				count.N, count.Rest = p.N, p.Rest
			}
		}
		out = append(out, count)
	}
	return out
}
