package web

import (
	"rehearse/locale"
	"rehearse/progress"
	"rehearse/views"
)

// recallDays are the stretches of time over which remembered cards are counted, today included.
var recallDays = []int{7, 30, 90}

// recallRows says how often cards were remembered; nothing when none has come back yet.
func recallRows(l *locale.Language, days []progress.Activity, today int) (rows []views.RecallRow) {
	seen := 0
	for _, stretch := range recallDays {
		var sum progress.Activity
		for _, d := range days {
			if d.Day > today-stretch && d.Day <= today {
				sum = sum.Plus(d)
			}
		}
		seen += sum.Young + sum.Mature
		rows = append(rows, views.RecallRow{
			Days: stretch, Young: shareText(l, sum.YoungRight, sum.Young), Mature: shareText(l, sum.MatureRight, sum.Mature),
		})
	}
	if seen == 0 {
		return nil
	}
	return rows
}

func shareText(l *locale.Language, part, of int) string {
	if of == 0 {
		return "–"
	}
	return l.F("%d %% of %d", (100*part+of/2)/of, of)
}
