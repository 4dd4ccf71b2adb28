package web

import (
	"rehearse/locale"
	"rehearse/practice"
	"rehearse/store"
	"rehearse/views"
)

// forecast draws the cards due in the next days, by study day from today on.
func forecast(l *locale.Language, u store.User, due []int, today int) views.Columns {
	c := views.Columns{Title: l.F("The next %d days", len(due)), Unit: l.T("Cards")}
	total := 0
	for i, n := range due {
		label := l.Date(dayDate(today+i), locale.Short)
		if i == 0 {
			label = l.T("Today")
		}
		c.Columns = append(c.Columns, views.Count{Label: label, N: n})
		total += n
	}
	c.Summary = l.N(due[0], "%d card due today, %d in the next %d days as planned now.", "%d cards due today, %d in the next %d days as planned now.", due[0], total, len(due))
	if u.NewPerDay > 0 {
		c.Summary += " " + l.N(u.NewPerDay, "New cards come on top, at most %d a day.", "New cards come on top, at most %d a day.")
	}
	return c
}

// tomorrowText says what the next study day holds.
func tomorrowText(l *locale.Language, t practice.Tomorrow) string {
	reviews := l.N(t.Reviews, "%d card", "%d cards")
	switch {
	case t.Reviews > 0 && t.New > 0:
		return l.F("Tomorrow: %s to review and %d new.", reviews, t.New)
	case t.Reviews > 0:
		return l.F("Tomorrow: %s to review.", reviews)
	case t.New > 0:
		return l.F("Tomorrow: %s never seen before.", l.N(t.New, "%d card", "%d cards"))
	default:
		return ""
	}
}
