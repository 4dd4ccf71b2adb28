package admin

import (
	"slices"

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
	old := p.findOld(former)
	for _, way := range []func(*bank.Head) []store.Question{old.byAlias, old.byName, old.byBody} {
		for _, q := range p.inOrder {
			for _, old := range way(q) {
				if err := p.become(old, q.ID); err != nil {
					return err
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

// oldQuestions is what questions of a load may have been before.
type oldQuestions struct {
	p      *publication
	names  map[string]store.Question // by a former id
	bodies map[string]store.Question // by body hash, of those that are gone
}

func (p *publication) findOld(former map[string]int64) oldQuestions {
	named := map[int64][]string{}
	for slug, id := range former {
		named[id] = append(named[id], slug)
	}
	old := oldQuestions{p, map[string]store.Question{}, map[string]store.Question{}}
	var gone []string
	for slug, q := range p.questions {
		for _, name := range named[q.ID] {
			old.names[name] = *q
		}
		if !p.has(slug) && q.Live && p.gone(q) {
			gone = append(gone, slug)
		}
	}
	slices.Sort(gone)
	for _, slug := range gone {
		old.bodies[p.questions[slug].BodyHash] = *p.questions[slug]
	}
	return old
}

func (o oldQuestions) byAlias(q *bank.Head) (old []store.Question) {
	for _, alias := range q.Aliases {
		if known := o.p.questions[alias]; known != nil {
			old = append(old, *known)
		}
	}
	return old
}

func (o oldQuestions) byName(q *bank.Head) []store.Question {
	return o.unlessKnown(q, o.names, q.ID)
}

func (o oldQuestions) byBody(q *bank.Head) []store.Question {
	return o.unlessKnown(q, o.bodies, q.BodyHash)
}

// unlessKnown looks up what a question was, unless it is known by its own id.
func (o oldQuestions) unlessKnown(q *bank.Head, by map[string]store.Question, name string) []store.Question {
	if len(by) == 0 {
		return nil
	}
	if _, known := o.p.questions[q.ID]; known {
		return nil
	}
	return []store.Question{by[name]}
}

// gone reports whether the load has no question with this id, and no broken file that may hold it.
func (p *publication) gone(q *store.Question) bool {
	return !p.has(q.Slug) && !(q.Live && p.spared(q))
}

// become makes a question that is gone the one with the id that it was renamed to. Nothing happens when it is not gone, or renamed
// already.
func (p *publication) become(old store.Question, id string) error {
	if have, ok := p.questions[old.Slug]; !ok || have.ID != old.ID || !p.gone(have) {
		return nil
	}
	if err := p.begin(); err != nil {
		return err
	}
	delete(p.questions, old.Slug)
	into := p.questions[id]
	p.report.Renamed = append(p.report.Renamed, Rename{From: old.Slug, To: id, Joined: into != nil})
	if into != nil {
		return p.absorb(old, *into)
	}
	if err := p.tx.PutAlias(p.bankID, old.Slug, old.ID); err != nil {
		return err
	}
	old.Slug, old.Load = id, p.load
	p.questions[id] = &old
	if err := p.tx.PutQuestion(old); err != nil {
		return err
	}
	_, err := p.append(progress.Renamed, old, 0)
	return err
}

// absorb lets a question take in another one with its history.
func (p *publication) absorb(old, into store.Question) error {
	if err := p.tx.Absorb(into.ID, old.ID, p.load); err != nil {
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
