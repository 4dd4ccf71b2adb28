package srs

import "time"

// MatureInterval is the interval, in study days, from which a card is called mature, as in other programs: what is true
// of the memory of young ones is not of these.
const MatureInterval = 21

func studyDay(ms int64, cal Calendar) int { return cal.Day(time.UnixMilli(ms)) }
