package srs

// Until the last days before an interview cards are held back: they come due at EarlyRetention. In these days, the final
// pass, reviews are scheduled as wanted again, and what would be recalled less than wanted on the day comes back before it,
// what would be recalled least first. Holding back early and spending late costs fewer reviews for the same recall on
// the day; TestInterviewCostsFewerReviews compares.
const (
	EarlyRetention = 0.80
	FinalPass      = 5 // study days
)

// early reports whether a study day is one on which cards are held back for an interview.
func (c Calendar) early(day int) bool { return c.Interview != 0 && day < c.Interview-FinalPass }

// InFinalPass reports whether a study day is one of the last before an interview.
func (c Calendar) InFinalPass(day int) bool {
	return c.Interview != 0 && day < c.Interview && !c.early(day)
}

// InPass returns a card as it stands in the queue of the final pass. One that waits for the interview or longer, and would
// be recalled less than wanted on that day, has a place in the pass, unless it was reviewed in it.
func (s *Scheduler) InPass(d Due, cal Calendar) Due {
	day, first := cal.Start(cal.Interview), cal.Interview-FinalPass
	d.OnDay = s.Retrievability(Card{State: d.State, Stability: d.Stability, LastAt: d.LastAt}, day, cal)
	if d.State == Review && d.DueAt >= day.UnixMilli() && d.LastAt < cal.Start(first).UnixMilli() && d.OnDay < s.wanted.Parameters.RequestRetention {
		d.DueAt = cal.Start(first + int(scatter(d)%FinalPass)).UnixMilli()
	}
	return d
}
