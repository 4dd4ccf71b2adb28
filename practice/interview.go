package practice

import (
	"rehearse/srs"
	"rehearse/store"
)

// Readiness is how a candidate stands for the day of an interview.
type Readiness struct {
	Day    int     // the study day of the interview
	Left   int     // study days until it, 0: today
	Cards  int     // cards there are
	Seen   int     // of them, reviewed at least once and not put aside
	Due    int     // of those seen, due before the interview
	Recall float64 // expected share of those seen that are recalled on the day if nothing more is reviewed
}

// Readiness returns how a candidate stands for an interview; false when none is ahead.
func (s *Service) Readiness(tx *store.Tx, u store.User) (r Readiness, ok bool, err error) {
	course, err := s.course(u)
	cal := course.Calendar
	if err != nil || u.Settings.Interview == 0 {
		return r, false, err
	}
	r.Day = u.Settings.Interview
	if r.Left = r.Day - cal.Day(tx.Time()); r.Left < 0 {
		return r, false, nil
	}
	cards, err := tx.Memories(u.ID)
	c := s.content.Load()
	r.Cards = len(c.cards)
	day, sum := cal.Start(r.Day), 0.0
	for _, key := range c.deck { // in an order, so that the sum is always the same
		card, met := cards[key]
		if !met {
			continue
		}
		r.Seen++
		d := course.InPass(srs.Due{Key: key.Question, Part: key.Part, State: card.State, DueAt: card.DueAt, LastAt: card.LastAt, Stability: card.Stability}, cal)
		sum += d.OnDay
		if d.DueAt < day.UnixMilli() {
			r.Due++
		}
	}
	if r.Seen > 0 {
		r.Recall = sum / float64(r.Seen)
	}
	return r, true, err
}
