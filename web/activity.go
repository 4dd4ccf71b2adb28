package web

import (
	"time"

	"rehearse/locale"
	"rehearse/progress"
	"rehearse/views"
)

const (
	weeksShown = 12  // of the heat map of today's page
	yearWeeks  = 53  // of the one of the progress page
	streakDays = 366 // how far back a streak is counted
)

// span is a stretch of time that a heat map shows, in words.
type span struct{ title, summary string }

var (
	lastWeeks = span{said("Answers in the last 12 weeks"), said("%s on %s in the last 12 weeks.")}
	lastYear  = span{said("Answers in the last year"), said("%s on %s in the last year.")}
)

// heatMap shows the activity of some weeks, up to today; the span says in words how many. Days are newest first.
func heatMap(l *locale.Language, days []progress.Activity, today, weeks int, s span) views.HeatMap {
	counts := map[int]int{}
	for _, d := range days {
		counts[d.Day] = d.Answers + d.Reviews
	}
	monday := today - weekday(today)
	h := views.HeatMap{Title: l.T(s.title)}
	total, active := 0, 0
	for w := range weeks {
		first := monday - 7*(weeks-1-w)
		week := views.HeatWeek{}
		for i := range 7 {
			day := first + i
			if day > today {
				break
			}
			date, n := dayDate(day), counts[day]
			if date.Day() == 1 {
				week.Label = l.Date(date, locale.Month)
			}
			total += n
			if n > 0 {
				active++
			}
			week.Days = append(week.Days, views.HeatDay{Weekday: i, Date: l.Date(date, locale.Short), Count: n, Level: heatLevel(n)})
			h.Months = addToMonth(l, h.Months, date, n)
		}
		h.Weeks = append(h.Weeks, week)
	}
	h.Summary = l.F(s.summary, l.N(total, "%d answer", "%d answers"), l.N(active, "%d day", "%d days"))
	return h
}

func addToMonth(l *locale.Language, months []views.Count, date time.Time, n int) []views.Count {
	label := l.Date(date, locale.MonthYear)
	if last := len(months) - 1; last < 0 || months[last].Label != label {
		months = append(months, views.Count{Label: label})
	}
	months[len(months)-1].N += n
	return months
}

// weekday returns 0 for Monday to 6 for Sunday.
func weekday(day int) int { return (int(dayDate(day).Weekday()) + 6) % 7 }

func heatLevel(n int) int {
	switch {
	case n == 0:
		return 0
	case n < 5:
		return 1
	case n < 15:
		return 2
	case n < 30:
		return 3
	default:
		return 4
	}
}

// streakText says how many days of study led up to today; nothing when there is nothing to be glad of.
func streakText(l *locale.Language, days []progress.Activity, today int) string {
	active := make([]int, 0, len(days))
	for _, d := range days {
		active = append(active, d.Day)
	}
	n := progress.Streak(active, today)
	if n == 0 {
		return ""
	}
	return l.N(n, "%d day of practice.", "%d days of practice in a row; a day off in between is forgiven.")
}
