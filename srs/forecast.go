package srs

import "time"

// Forecast counts due times (ms UTC) by study day for seven days, today first. What is overdue counts today; what is
// due later than in six days is left out.
func Forecast(due []int64, now time.Time, cal Calendar) [7]int {
	var counts [7]int
	var ends [7]int64
	today := cal.Day(now)
	for i := range ends {
		ends[i] = cal.Start(today + i + 1).UnixMilli()
	}
	for _, at := range due {
		for i, end := range ends {
			if at < end {
				counts[i]++
				break
			}
		}
	}
	return counts
}
