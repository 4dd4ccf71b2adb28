package admin

import (
	"slices"
	"strings"

	"rehearse/bank"
	"rehearse/progress"
	"rehearse/store"
)

// changeKey puts a changed key on record: as a correction when the author says so by a new entry, as the taking back of
// corrections when the key before them is in force again and their entries are gone, else as another question to be
// asked from now on.
func (p *publication) changeKey(have, want store.Question) error {
	if fresh := newEntries(have.Labels.Corrected, want.Labels.Corrected); len(fresh) > 0 {
		return p.correct(have, want, fresh)
	}
	standing, wrongKeys, err := p.tx.StandingCorrections(want.ID)
	if err != nil {
		return err
	}
	for i, c := range standing {
		if wrongKeys[i] == want.KeyHash && len(newEntries(want.Labels.Corrected, c.Entries)) == len(c.Entries) {
			return p.revert(want, c)
		}
	}
	return p.event(progress.KeyChanged, want, &p.report.KeyChanged)
}

func (p *publication) correct(have, want store.Question, fresh []bank.Correction) error {
	p.report.Corrected = append(p.report.Corrected, want.Slug)
	seq, err := p.append(progress.KeyCorrected, want, 0)
	if err != nil {
		return err
	}
	c := store.Correction{Question: want.ID, Seq: seq, At: p.at, Entries: fresh, Before: have.Revision}
	var reasons []string
	for _, e := range fresh {
		c.Date = max(c.Date, e.Date)
		reasons = append(reasons, e.Reason)
	}
	c.Reason = strings.Join(reasons, "; ")
	return p.tx.AddCorrection(c)
}

func (p *publication) revert(q store.Question, c store.Correction) error {
	p.report.Reverted = append(p.report.Reverted, q.Slug)
	if _, err := p.append(progress.KeyReverted, q, c.Seq); err != nil {
		return err
	}
	return p.tx.RevertCorrections(q.ID, c.Seq, p.at)
}

// newEntries returns the entries of after that before does not have.
func newEntries(before, after []bank.Correction) []bank.Correction {
	var fresh []bank.Correction
	for _, c := range after {
		if !slices.Contains(before, c) {
			fresh = append(fresh, c)
		}
	}
	return fresh
}
