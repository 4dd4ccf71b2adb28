package progress

import (
	"slices"
	"time"
)

// Pace is how long a candidate takes.
type Pace struct {
	Card     time.Duration // for a card, from its front to its grade
	Question time.Duration // for a question that the program marks
}

// UsualPace is taken for somebody of whom too little is known.
var UsualPace = Pace{Card: 12 * time.Second, Question: 45 * time.Second}

// quickest is the pace below which somebody only clicks through.
var quickest = Pace{Card: 3 * time.Second, Question: 10 * time.Second}

// paceOf is how many timed entries it takes to know a pace.
const paceOf = 5

// PaceOf returns the pace that a log shows: the medians, which a card left open over lunch does not move.
func PaceOf(log []Evidence) Pace {
	var cards, questions []int64
	for _, e := range log {
		switch {
		case e.Duration <= 0:
		case e.Kind == Graded && e.Attempt == 0:
			cards = append(cards, e.Duration)
		case e.Kind == Responded && e.Score != NotJudged:
			questions = append(questions, e.Duration)
		}
	}
	return Pace{
		Card:     max(quickest.Card, median(cards, UsualPace.Card)),
		Question: max(quickest.Question, median(questions, UsualPace.Question)),
	}
}

func median(ms []int64, usual time.Duration) time.Duration {
	if len(ms) < paceOf {
		return usual
	}
	slices.Sort(ms)
	middle := (ms[(len(ms)-1)/2] + ms[len(ms)/2]) / 2
	return time.Duration(middle) * time.Millisecond
}

// Minutes returns how many minutes some cards take, rounded up.
func (p Pace) Minutes(cards int) int {
	return int((time.Duration(cards)*p.Card + time.Minute - 1) / time.Minute)
}

// Fill plans a session of about a length: cards first, as many as are there and fit, then questions in the time that is
// left. There is at least one of them when there is anything.
func (p Pace) Fill(length time.Duration, cards, questions int) (reviews, answers int) {
	reviews = min(cards, int(length/p.Card))
	rest := length - time.Duration(reviews)*p.Card
	answers = min(questions, int((rest+p.Question/2)/p.Question)) // to the nearest
	switch {
	case reviews+answers > 0:
	case cards > 0:
		reviews = 1
	case questions > 0:
		answers = 1
	}
	return reviews, answers
}
