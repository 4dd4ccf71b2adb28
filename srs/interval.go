package srs

import (
	"math"
	"strconv"
	"time"
)

// The average month and year in days.
const (
	daysPerMonth = 30.4375
	daysPerYear  = 365.25
)

// IntervalText returns a short label for a waiting time: "<1 min", "10 min", "3 h", "3 d", "1.2 mo", "2.1 y".
func IntervalText(d time.Duration) string {
	if d < time.Minute {
		return "<1 min"
	}
	if minutes := math.Round(d.Minutes()); minutes < 60 {
		return label(minutes, "min")
	}
	if hours := math.Round(d.Hours()); hours < 24 {
		return label(hours, "h")
	}
	days := d.Hours() / 24
	if math.Round(days) < 30 {
		return label(math.Round(days), "d")
	}
	if months := tenth(days / daysPerMonth); months < 12 {
		return label(months, "mo")
	}
	return label(tenth(days/daysPerYear), "y")
}

func tenth(x float64) float64 { return math.Round(x*10) / 10 }

func label(n float64, unit string) string {
	return strconv.FormatFloat(n, 'f', -1, 64) + " " + unit
}
