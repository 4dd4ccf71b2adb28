package admin

import (
	"rehearse/bank"
	"rehearse/progress"
	"rehearse/store"
)

// rename finds questions of the load that were known by another id, which is gone: the new one names it among its
// aliases, or had it before, or has the same body. History, schedules and statistics go along.
func (p *publication) rename() error {
	former, err := p.tx.Aliases(p.bankID)
	if err != nil {
		return err
	}
	rows := map[int64]store.Question{}
	bodies := map[string]store.Question{}
	for _, slug := range sortedKeys(p.questions) {
		q := p.questions[slug]
		rows[q.ID] = q
		if q.Live && p.gone(q) {
			bodies[q.BodyHash] = q
		}
	}
	ways := []func(bank.Question) []store.Question{
		func(q bank.Question) (old []store.Question) {
			for _, alias := range q.Aliases {
				old = append(old, p.questions[alias])
			}
			return old
		},
		func(q bank.Question) []store.Question { return p.unless(q, rows[former[q.ID]]) },
		func(q bank.Question) []store.Question { return p.unless(q, bodies[q.BodyHash]) },
	}
	for _, way := range ways {
		for _, t := range p.bank.Topics {
			for _, q := range t.Questions {
				for _, old := range way(q) {
					if err := p.become(old, q); err != nil {
						return err
					}
				}
			}
		}
	}
	for slug := range former {
		if p.has(slug) {
			if err := p.tx.DropAlias(p.bankID, slug); err != nil {
				return err
			}
		}
	}
	return nil
}

// unless returns what a question may have been, unless it is known by its own id.
func (p *publication) unless(q bank.Question, old store.Question) []store.Question {
	if _, known := p.questions[q.ID]; known {
		return nil
	}
	return []store.Question{old}
}

// gone reports whether the load has no question with this id, and no broken file that may hold it.
func (p *publication) gone(q store.Question) bool {
	return !p.has(q.Slug) && !(q.Live && p.spared(q))
}

// become makes a question that is gone the one that it was renamed to. Nothing happens when it is not gone, or renamed
// already.
func (p *publication) become(old store.Question, q bank.Question) error {
	if have, ok := p.questions[old.Slug]; !ok || have.ID != old.ID || !p.gone(have) {
		return nil
	}
	delete(p.questions, old.Slug)
	into, joined := p.questions[q.ID]
	p.report.Renamed = append(p.report.Renamed, Rename{From: old.Slug, To: q.ID, Joined: joined})
	if joined {
		return p.absorb(old, into)
	}
	if err := p.tx.PutAlias(p.bankID, old.Slug, old.ID); err != nil {
		return err
	}
	old.Slug = q.ID
	p.questions[q.ID] = old
	if _, err := p.tx.PutQuestion(p.bankID, old); err != nil {
		return err
	}
	_, err := p.append(progress.Renamed, old, 0)
	return err
}

// absorb lets a question take in another one with its history.
func (p *publication) absorb(old, into store.Question) error {
	if err := p.tx.Absorb(into.ID, old.ID); err != nil {
		return err
	}
	if err := p.tx.PutAlias(p.bankID, old.Slug, into.ID); err != nil {
		return err
	}
	if _, err := p.append(progress.Absorbed, into, old.ID); err != nil {
		return err
	}
	_, err := p.append(progress.Became, old, into.ID)
	return err
}
