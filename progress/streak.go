package progress

// Streak returns the number of study days with activity that led up to today without a gap of more than one day: one
// missed day between two days of study is forgiven, it breaks nothing and counts for nothing. Days are study days,
// newest first and distinct; today need not be among them.
func Streak(days []int, today int) int {
	streak, last := 0, today
	for _, day := range days {
		if day > today {
			continue
		}
		if last-day > 2 {
			break
		}
		streak, last = streak+1, day
	}
	return streak
}
