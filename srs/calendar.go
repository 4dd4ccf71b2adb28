package srs

import "time"

// DefaultRollover is the hour at which a study day begins unless the candidate says otherwise.
const DefaultRollover = 4

const daySeconds = 24 * 60 * 60

// Calendar divides time into a candidate's study days. A study day begins when the candidate's clock first shows the
// rollover hour of its date; it has 23 or 25 hours where clocks change. The zero Calendar has UTC days.
type Calendar struct {
	Zone     *time.Location // nil means UTC
	Rollover int            // hour at which a day begins, 0 to 23
}

// Day returns the study day of t, counted from 1970-01-01. It never falls as t grows, not even across a change of clocks.
func (c Calendar) Day(t time.Time) int {
	_, offset := t.In(c.zone()).Zone()
	day := int(floorDiv(t.Unix()+int64(offset)-c.rolloverSeconds(), daySeconds))
	// The clock may have been set back across the rollover hour, so that it shows the date of a day already over.
	for !t.Before(c.Start(day + 1)) {
		day++
	}
	for t.Before(c.Start(day)) {
		day--
	}
	return day
}

// Start returns the first moment of a study day. A date that its zone skipped altogether (Samoa left out 2011-12-30)
// has no time of its own: it starts, and ends, with the day after it.
func (c Calendar) Start(day int) time.Time {
	zone := c.zone()
	wall := int64(day)*daySeconds + c.rolloverSeconds()
	// time.Date may answer with a moment before a gap in which the rollover hour falls. So walk through the zone's
	// periods, beginning safely early (no offset was ever beyond 16 hours), to the first moment that shows wall or later.
	from := time.Unix(wall, 0).Add(-36 * time.Hour).In(zone)
	for {
		_, offset := from.Zone()
		start := time.Unix(wall-int64(offset), 0).In(zone)
		if start.Before(from) {
			start = from
		}
		_, end := from.ZoneBounds()
		if end.IsZero() || start.Before(end) {
			return start
		}
		from = end
	}
}

func (c Calendar) zone() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}

func (c Calendar) rolloverSeconds() int64 { return int64(c.Rollover) * 60 * 60 }

// floorDiv divides rounding down, also below zero.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
