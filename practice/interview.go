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
	hand, err := s.hand(tx, u)
	if err != nil {
		return r, false, err
	}
	r.Cards = len(hand.content.deck().cards)
	day, sum := cal.Start(r.Day), 0.0
	for _, d := range hand.cards {
		if d.State == srs.New {
			continue
		}
		r.Seen++
		d = course.InPass(d, cal) // which one that is in the pass stays as it is
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
