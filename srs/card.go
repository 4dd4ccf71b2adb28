// Package srs schedules flashcards: what a candidate remembers of a question, when it is due again, and which card
// comes next. The memory model is FSRS-6 (https://github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm).
//
// Time is counted in study days: the candidate's own days, which begin at the rollover hour in the candidate's time
// zone (see Calendar). A review late in the evening and one after midnight belong to the same day.
//
// Everything here is a pure function. Times and calendars are arguments, and nothing is random.
package srs

import (
	"fmt"
	"time"
)

// Rating says how well a card was recalled.
type Rating int

// The ratings, worst first. The numbers are stored.
const (
	Again Rating = 1 // not recalled
	Hard  Rating = 2 // recalled with effort
	Good  Rating = 3 // recalled
	Easy  Rating = 4 // recalled at once
)

// Ratings returns all ratings, worst first: the order of the buttons and of Scheduler.Preview.
func Ratings() [4]Rating { return [4]Rating{Again, Hard, Good, Easy} }

// Valid reports whether r is one of the four ratings.
func (r Rating) Valid() bool { return r >= Again && r <= Easy }

// String returns the name of the rating in lower case.
func (r Rating) String() string {
	if !r.Valid() {
		return fmt.Sprintf("Rating(%d)", int(r))
	}
	return [...]string{"again", "hard", "good", "easy"}[r-Again]
}

// RatingOf turns a response that the program marked into a rating. Easy is only ever given by hand.
func RatingOf(right, unsure bool) Rating {
	switch {
	case !right:
		return Again
	case unsure:
		return Hard
	default:
		return Good
	}
}

// State is the stage a card has reached.
type State int

// The states of a card. The numbers are stored.
const (
	New        State = 0 // never reviewed
	Learning   State = 1 // in its first steps, minutes apart
	Review     State = 2 // due after whole study days
	Relearning State = 3 // forgotten after having been in Review, back in minute steps
)

// Valid reports whether s is one of the four states.
func (s State) Valid() bool { return s >= New && s <= Relearning }

// String returns the name of the state in lower case.
func (s State) String() string {
	if !s.Valid() {
		return fmt.Sprintf("State(%d)", int(s))
	}
	return [...]string{"new", "learning", "review", "relearning"}[s]
}

// stepping reports whether cards in this state come back after minutes rather than days.
func (s State) stepping() bool { return s == Learning || s == Relearning }

// Card is one candidate's memory of one question, or of one numbered blank of a cloze question.
// The zero Card was never reviewed. Cards may be compared with ==.
//
// Every field must be stored to continue a history exactly: the two floats as 64-bit columns, the others as integers.
type Card struct {
	State      State
	Stability  float64 // days until the chance of recall falls to 90 %, 0 while New
	Difficulty float64 // 1 (easy) to 10 (hard), 0 while New; not the author's difficulty
	DueAt      int64   // when the card is due, ms UTC; 0 while New
	LastAt     int64   // the latest review, ms UTC; 0 while New
	Interval   int     // study days from the latest review to DueAt; 0 outside Review
	Step       int     // minute steps still to pass, the present one included; 0 outside Learning and Relearning
	Reviews    int     // how often the card was reviewed
	Lapses     int     // how often it was forgotten while in Review
}

// Wait returns how long the card rests from now on: whole days of 24 hours for a card in Review, whatever the hour
// of the review, and the time to DueAt for one in its steps. It is never negative.
func (c Card) Wait(now time.Time) time.Duration {
	if c.State == Review {
		return time.Duration(c.Interval) * 24 * time.Hour
	}
	return max(0, time.Duration(c.DueAt-now.UnixMilli())*time.Millisecond)
}
