package handbook

import "time"

// Turn is a block of a plan with the days that it takes, counted from the first day of the plan.
type Turn struct {
	Block
	From, To int // days; To is the day after the last one
}

// In returns the turns of a plan that is made to last some weeks: blocks keep their order, and their length is scaled to
// whole days.
func (p Plan) In(weeks int) []Turn {
	var turns []Turn
	for _, b := range p.Blocks {
		turns = append(turns, Turn{Block: b, From: (b.First - 1) * 7 * weeks / p.Weeks, To: b.Last * 7 * weeks / p.Weeks})
	}
	return turns
}

// Lengths returns the weeks that a plan can be made to last, shortest first: its own, and two and four where those are shorter
// and leave every block two days.
func (p Plan) Lengths() []int {
	var out []int
	for _, weeks := range []int{2, 4} {
		if weeks < p.Weeks && p.leaves(weeks, 2) {
			out = append(out, weeks)
		}
	}
	return append(out, p.Weeks)
}

func (p Plan) leaves(weeks, days int) bool {
	for _, t := range p.In(weeks) {
		if t.To-t.From < days {
			return false
		}
	}
	return true
}

// On returns the first and the last day of a turn in a plan that begins on a day.
func (t Turn) On(start time.Time) (first, last time.Time) {
	return start.AddDate(0, 0, t.From), start.AddDate(0, 0, t.To-1)
}

// What of a subject of a plan is enough.
const (
	wanted      = 8  // answered questions, or all where there are fewer
	WantedRight = 70 // percent of those
)

// Lag says why a subject of a plan is behind. The zero value says that it is not.
type Lag struct {
	Wanted int // questions that should be answered by now, 0 when enough are
	Wrong  bool
}

// Lag returns whether a subject with so many questions, answered and right, is behind, with this many of the days of the
// turn over: during the turn only a part has to be answered, and what is wrong is not behind yet.
func (t Turn) Lag(questions, answered, right, day int) Lag {
	over := max(0, min(day, t.To)-t.From)
	want := min(wanted, questions) * over / max(1, t.To-t.From)
	switch {
	case answered < want:
		return Lag{Wanted: want}
	case day >= t.To && answered > 0 && 100*right < WantedRight*answered:
		return Lag{Wrong: true}
	}
	return Lag{}
}
