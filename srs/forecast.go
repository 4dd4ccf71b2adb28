package srs

import (
	"sort"
	"time"
)

// Forecast counts cards by the study day on which they are due, for some days, today first. The cards come by due time. What
// is overdue counts today; what is due later is left out.
func Forecast(cards []Due, now time.Time, cal Calendar, days int) []int {
	counts := make([]int, days)
	today := cal.Day(now)
	for i := range counts {
		end := cal.Start(today + i + 1).UnixMilli()
		counts[i] = sort.Search(len(cards), func(i int) bool { return cards[i].DueAt >= end })
		cards = cards[counts[i]:]
	}
	return counts
}
