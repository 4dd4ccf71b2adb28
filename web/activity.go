package web

import (
	"fmt"
	"time"

	"rehearse/progress"
	"rehearse/views"
)

const (
	weeksShown = 12  // of the heat map of today's page
	yearWeeks  = 53  // of the one of the progress page
	streakDays = 366 // how far back a streak is counted
)

// heatMap shows the activity of some weeks, up to today; span says in words how many. Days are newest first.
func heatMap(days []progress.Activity, today, weeks int, span string) views.HeatMap {
	counts := map[int]int{}
	for _, d := range days {
		counts[d.Day] = d.Answers + d.Reviews
	}
	monday := today - weekday(today)
	h := views.HeatMap{Title: "Answers " + span}
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
				week.Label = date.Format("Jan")
			}
			total += n
			if n > 0 {
				active++
			}
			week.Days = append(week.Days, views.HeatDay{Weekday: i, Date: date.Format(shortDate), Count: n, Level: heatLevel(n)})
			h.Months = addToMonth(h.Months, date, n)
		}
		h.Weeks = append(h.Weeks, week)
	}
	h.Summary = fmt.Sprintf("%s on %s %s.", counted(total, "answer", "answers"), counted(active, "day", "days"), span)
	return h
}

func addToMonth(months []views.Count, date time.Time, n int) []views.Count {
	label := date.Format("January 2006")
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
func streakText(days []progress.Activity, today int) string {
	active := make([]int, 0, len(days))
	for _, d := range days {
		active = append(active, d.Day)
	}
	switch n := progress.Streak(active, today); n {
	case 0:
		return ""
	case 1:
		return "1 day of practice."
	default:
		return fmt.Sprintf("%d days of practice in a row; a day off in between is forgiven.", n)
	}
}

// counted returns "1 card" or "3 cards".
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// forecast draws the cards due in the next seven days.
func forecast(due [7]int, today int) views.Columns {
	c := views.Columns{Title: "The next seven days", Unit: "Cards"}
	total := 0
	for i, n := range due {
		label := dayDate(today + i).Format("Mon")
		if i == 0 {
			label = "Today"
		}
		c.Columns = append(c.Columns, views.Count{Label: label, N: n})
		total += n
	}
	c.Summary = fmt.Sprintf("%s due today, %d in the next seven days.", counted(due[0], "card", "cards"), total)
	return c
}
