package srs

import "math"

// Effort is how much a candidate wants to do on a day of the week.
type Effort int

// The efforts. The numbers are stored.
const (
	Normal Effort = 0
	Fewer  Effort = 1 // half of what another day has
	None   Effort = 2 // only what cannot be put on another day
)

// Week says how much is wanted on each day, Monday first. The zero Week is normal on all.
type Week [7]Effort

// Of returns the effort of a study day.
func (w Week) Of(day int) Effort { return w[((day+3)%7+7)%7] } // 1970-01-01 was a Thursday

// String writes a week as seven digits, as it is stored.
func (w Week) String() string {
	digits := make([]byte, len(w))
	for i, e := range w {
		digits[i] = '0' + byte(e)
	}
	return string(digits)
}

// ParseWeek reads what String wrote; false for anything else.
func ParseWeek(s string) (w Week, ok bool) {
	if len(s) != len(w) {
		return w, false
	}
	for i := range w {
		w[i] = Effort(s[i]) - '0'
		if w[i] < Normal || w[i] > None {
			return Week{}, false
		}
	}
	return w, true
}

// FuzzRange returns the shortest and the longest interval, in study days, that serve as well as the one that was
// computed. Nothing under three days moves. The bands are those of FSRS, as its Python implementation has them
// (https://github.com/open-spaced-repetition/py-fsrs, FUZZ_RANGES): 15 % of the days up to 7, 10 % of those up to 20,
// 5 % of those above.
func FuzzRange(interval int) (shortest, longest int) {
	days := float64(interval)
	if days < 2.5 {
		return interval, interval
	}
	delta := 1 + 0.15*(min(days, 7)-2.5) + 0.1*max(0, min(days, 20)-7) + 0.05*max(0, days-20)
	return max(2, int(math.Round(days-delta))), min(MaxInterval, int(math.Round(days+delta)))
}

// Moved returns a card that has just been reviewed with another interval. An interval outside the card's FuzzRange counts as
// none, and the nearest to what was computed is taken: it was chosen for another memory than the one that the log now says
// the candidate has.
func (c Card) Moved(interval int, cal Calendar) Card {
	if c.State != Review {
		return c
	}
	shortest, longest := FuzzRange(c.Interval)
	if interval < shortest || interval > longest {
		interval = c.Interval
	}
	c.DueAt = cal.Start(studyDay(c.LastAt, cal) + interval).UnixMilli()
	c.Interval = interval
	return c
}

// Load says what stands on a candidate's days already.
type Load struct {
	Due  map[int]int // cards due, by study day
	Week Week
}

// Balance chooses the interval of a card that has just been reviewed: within its FuzzRange the day that has the least
// to do for its effort, then the one nearest to what was computed, then the earlier one. A day with effort None is
// taken only when the range holds no other.
func (l Load) Balance(c Card, cal Calendar) (interval int) {
	if c.State != Review {
		return 0
	}
	shortest, longest := FuzzRange(c.Interval)
	today := studyDay(c.LastAt, cal)
	best, interval := [3]int{math.MaxInt}, c.Interval
	for days := shortest; days <= longest; days++ {
		effort := l.Week.Of(today + days)
		price := [3]int{0, l.Due[today+days], abs(days - c.Interval)}
		switch effort {
		case Fewer:
			price[1] = 2*price[1] + 1
		case None:
			price[0] = 1
		}
		if less(price, best) {
			best, interval = price, days
		}
	}
	return interval
}

func less(a, b [3]int) bool {
	for i := range a {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

func abs(n int) int { return max(n, -n) }
