package quiz

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"rehearse/bank"
)

// Mode says when an attempt shows its keys.
type Mode string

// The modes.
const (
	Practice Mode = "practice" // each key once its question is answered
	Exam     Mode = "exam"     // all keys at the end
	Check    Mode = "check"    // a skill check: as an exam, and the next question depends on the responses so far
)

// Modes returns the modes of quizzes.
func Modes() []Mode { return []Mode{Practice, Exam} }

// Holds reports whether responses take effect, and keys are shown, at the end only.
func (m Mode) Holds() bool { return m != Practice }

// Errors that callers act on.
var (
	ErrNoPosition = errors.New("the attempt has no such position")
	ErrFinished   = errors.New("the attempt is finished")
	ErrNotMarked  = errors.New("only answered open questions are marked by the candidate")
)

// Grace is how long after the deadline a response still counts: it may have been sent in time.
const Grace = 2 * time.Second

// maxDuration is the longest time that one response is taken to have cost. What is longer was an interruption.
const maxDuration = 30 * time.Minute

// Attempt is one run through a list of questions. Times are ms UTC.
type Attempt struct {
	Mode       Mode
	Seed       uint64 // decides the draw and every layout
	StartedAt  int64
	Deadline   int64 // 0 means none
	FinishedAt int64 // 0 while running
	Items      []Item
}

// Item is one position of an attempt: a question as it was when the attempt started, and what became of it.
type Item struct {
	RevisionID int64          // the store's key of the question's revision
	Question   *bank.Question // that revision; never changed
	Response   *Response      // nil while unanswered
	Result     *Result        // nil while unanswered
	AnsweredAt int64          // ms UTC, 0 while unanswered
	Duration   int64          // ms since the response before, or the start; at most half an hour

	Corrected *bank.Question // the revision whose key decides, when that shown had a wrong one; else nil
}

// Key returns the question with the key that decides.
func (it Item) Key() bank.Question {
	if it.Corrected != nil {
		return *it.Corrected
	}
	return *it.Question
}

// At returns the item at a position, counted from 0, or ErrNoPosition.
func (a *Attempt) At(position int) (*Item, error) {
	if position < 0 || position >= len(a.Items) {
		return nil, fmt.Errorf("position %d of %d: %w", position, len(a.Items), ErrNoPosition)
	}
	return &a.Items[position], nil
}

// Layout returns how the question at a position is arranged, or ErrNoPosition.
func (a *Attempt) Layout(position int) (Layout, error) {
	item, err := a.At(position)
	if err != nil {
		return Layout{}, err
	}
	return NewLayout(*item.Question, a.Seed, position), nil
}

// Record scores and keeps the response to a position. A position is answered once: another response returns the first
// result, and false. A finished attempt takes no new response: ErrFinished.
func (a *Attempt) Record(position int, r Response, now time.Time) (result Result, recorded bool, err error) {
	item, err := a.At(position)
	if err != nil {
		return Result{}, false, err
	}
	if item.Result != nil {
		return *item.Result, false, nil
	}
	if a.Finished(now) {
		return Result{}, false, ErrFinished
	}
	at := a.inTime(now)
	result = Score(*item.Question, r)
	item = a.own(position)
	item.Duration = min(max(0, at-a.latest()), maxDuration.Milliseconds())
	item.Response, item.Result, item.AnsweredAt = &r, &result, at
	return result, true, nil
}

// Mark keeps how the candidate judges an open question, once its model answer may be seen. It is marked once: a second
// mark changes nothing, and reports false. What is not an answered open question is ErrNotMarked.
func (a *Attempt) Mark(position int, m SelfMark, now time.Time) (recorded bool, err error) {
	item, err := a.At(position)
	if err != nil {
		return false, err
	}
	if !item.Question.Kind.Open() || item.Response == nil || !a.Reveal(position, now) {
		return false, fmt.Errorf("position %d: %w", position, ErrNotMarked)
	}
	if item.Response.Rating != 0 {
		return false, nil
	}
	marked := *item.Response
	marked.SelfMark = m
	a.own(position).Response = &marked
	return true, nil
}

// own returns an item to be changed. Others may share the items as they were.
func (a *Attempt) own(position int) *Item {
	a.Items = slices.Clone(a.Items)
	return &a.Items[position]
}

// Finish ends the attempt and reports whether it was still running. An attempt past its deadline ended then.
func (a *Attempt) Finish(now time.Time) bool {
	if a.FinishedAt != 0 {
		return false
	}
	a.FinishedAt = a.inTime(now)
	return true
}

// Finished reports whether the attempt takes no more responses: it was ended, or its deadline and Grace are over.
func (a *Attempt) Finished(now time.Time) bool {
	return a.FinishedAt != 0 || a.Deadline != 0 && now.UnixMilli() > a.Deadline+Grace.Milliseconds()
}

// Answered returns how many positions have a response.
func (a *Attempt) Answered() int {
	count := 0
	for i := range a.Items {
		if a.Items[i].Result != nil {
			count++
		}
	}
	return count
}

// Reveal reports whether the key of a position may be shown: in practice once it is answered or the attempt is
// finished, in an exam only then.
func (a *Attempt) Reveal(position int, now time.Time) bool {
	item, err := a.At(position)
	if err != nil {
		return false
	}
	return a.Finished(now) || a.Mode == Practice && item.Result != nil
}

// inTime returns now in ms, but not after the deadline and not before the start.
func (a *Attempt) inTime(now time.Time) int64 {
	ms := max(now.UnixMilli(), a.StartedAt)
	if a.Deadline != 0 {
		ms = min(ms, a.Deadline)
	}
	return ms
}

// latest returns when the candidate last responded, or the start.
func (a *Attempt) latest() int64 {
	at := a.StartedAt
	for i := range a.Items {
		at = max(at, a.Items[i].AnsweredAt)
	}
	return at
}
