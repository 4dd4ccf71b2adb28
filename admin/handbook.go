package admin

import (
	"fmt"
	"maps"
	"slices"

	"rehearse/bank"
	"rehearse/handbook"
	"rehearse/markdown"
)

// readHandbook reads what stands around the questions. A file with an error keeps its last good version.
func (d *Desk) readHandbook(l *Loading, earlier *handbook.Book) error {
	book, findings, err := d.handbook.Read(KnownOf(l.Bank))
	if err != nil {
		return fmt.Errorf("read the handbook: %w", err)
	}
	book.KeepBroken(earlier)
	l.Handbook = &book
	l.Findings = slices.Concat(l.Findings, findings)
	markdown.Sort(l.Findings)
	maps.Copy(l.texts, book.Texts)
	return nil
}

// KnownOf tells the handbook what questions there are. Those that serve assessments alone are shown nowhere.
func KnownOf(b bank.Bank) handbook.Known {
	k := handbook.Known{Unread: len(b.Broken) > 0, Questions: make([]handbook.Question, 0, b.Size())}
	for _, t := range b.Topics {
		heads := t.AllHeads()
		for i := range heads {
			if q := heads[i]; !q.Secret() {
				k.Questions = append(k.Questions, handbook.Question{ID: q.ID, Topic: q.Topic, Tags: q.Tags, Axes: q.Axes})
			}
		}
	}
	return k
}
