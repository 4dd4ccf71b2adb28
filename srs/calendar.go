package srs

import (
	"sort"
	"time"
)

// DefaultRollover is the hour at which a study day begins unless the candidate says otherwise.
const DefaultRollover = 4

const daySeconds = 24 * 60 * 60

// Calendar divides time into a candidate's study days. A study day begins when the candidate's clock first shows the
// rollover hour of its date; it has 23 or 25 hours where clocks change. The zero Calendar has UTC days.
type Calendar struct {
	Zone      *time.Location // nil means UTC
	Rollover  int            // hour at which a day begins, 0 to 23
	Interview int            // the study day for which everything is to be remembered, 0: none
}

// Day returns the study day of t, counted from 1970-01-01. It never falls as t grows, not even across a change of clocks.
func (c Calendar) Day(t time.Time) int {
	day := int(floorDiv(t.Unix()+c.offset(t.Unix())-c.rolloverSeconds(), daySeconds))
	// The clock may have been set back across the rollover hour, so that it shows the date of a day already over.
	for !t.Before(c.Start(day + 1)) {
		day++
	}
	for t.Before(c.Start(day)) {
		day--
	}
	return day
}

// Start returns the first moment of a study day. The day of a date that its zone left out (Samoa, 2011-12-30) starts
// when the clock jumps over it and lasts until the next rollover, which at midnight is no time at all.
func (c Calendar) Start(day int) time.Time {
	const reach = 16 * 60 * 60 // no zone was ever further from UTC, in seconds
	wall := int64(day)*daySeconds + c.rolloverSeconds()
	before, after := c.offset(wall-reach), c.offset(wall+reach)
	start := wall - before
	if before != after {
		// Clocks change near this moment. time.Date would not say on which side of a gap it lands, and
		// Time.ZoneBounds is wrong on the last day of leap years (https://go.dev/issue/81583): look for the change.
		change := wall - reach + int64(sort.Search(2*reach, func(i int) bool { return c.offset(wall-reach+int64(i)) != before }))
		if start >= change {
			start = max(change, wall-after)
		}
	}
	return time.Unix(start, 0).In(c.zone())
}

// offset returns the zone's seconds east of UTC at a Unix time.
func (c Calendar) offset(unix int64) int64 {
	_, seconds := time.Unix(unix, 0).In(c.zone()).Zone()
	return int64(seconds)
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
