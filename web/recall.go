package web

import (
	"math"

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
			Days: stretch, Young: estimate(l, sum.YoungRight, sum.Young), Mature: estimate(l, sum.MatureRight, sum.Mature),
		})
	}
	if seen == 0 {
		return nil
	}
	return rows
}

// estimate writes a share with the interval in which it lies with 80 % certainty.
func estimate(l *locale.Language, part, of int) views.Estimate {
	if of == 0 {
		return views.Estimate{}
	}
	likely := progress.Likely(part, of)
	e := views.Estimate{N: of, Share: (100*part + of/2) / of, Low: wholePercent(likely.Low), High: wholePercent(likely.High)}
	e.Text = l.F("%d %% of %d, likely %d to %d", e.Share, of, e.Low, e.High)
	return e
}

func wholePercent(share float64) int { return int(math.Round(100 * share)) }
