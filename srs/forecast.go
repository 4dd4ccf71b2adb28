package srs

import (
	"sort"
	"time"
)

// Forecast counts due times (ms UTC) by study day for some days, today first. What is overdue counts today; what is due
// later is left out.
func Forecast(due []int64, now time.Time, cal Calendar, days int) []int {
	counts := make([]int, days)
	ends := make([]int64, days)
	today := cal.Day(now)
	for i := range ends {
		ends[i] = cal.Start(today + i + 1).UnixMilli()
	}
	for _, at := range due {
		// The first end that is later.
		if i := sort.Search(days, func(i int) bool { return at < ends[i] }); i < days {
			counts[i]++
		}
	}
	return counts
}
