package srs

import (
	"fmt"
	"math"
	"time"

	"github.com/open-spaced-repetition/go-fsrs/v4"
)

// The ranges that NewScheduler accepts.
const (
	MinRetention = 0.70  // below it more is relearnt than reviewed
	MaxRetention = 0.99  // nobody can be kept above it
	MaxInterval  = 36500 // days, the longest that FSRS knows
)

// DefaultRetention is the chance of recall at which a card becomes due unless the candidate says otherwise.
const DefaultRetention = 0.90

// Scheduler decides when a reviewed card returns. It is immutable and may be used by many goroutines.
type Scheduler struct {
	wanted *model
	early  *model // while cards are held back for an interview
}

// model is FSRS for one chance of recall.
type model struct {
	*fsrs.FSRS
	first [4]outcome // of a new card, by rating: they depend on nothing else
}

// NewScheduler returns an FSRS-6 scheduler with the default weights, learning steps of 1 and 10 minutes and a
// relearning step of 10 minutes. Retention is the wanted chance of recall on the due day, MinRetention to MaxRetention;
// maxInterval is the longest interval in days, 1 to MaxInterval.
func NewScheduler(retention float64, maxInterval int) (*Scheduler, error) {
	if !(retention >= MinRetention && retention <= MaxRetention) { // written so that NaN is refused
		return nil, fmt.Errorf("retention %v is not between %.2f and %.2f", retention, MinRetention, MaxRetention)
	}
	if maxInterval < 1 || maxInterval > MaxInterval {
		return nil, fmt.Errorf("longest interval of %d days is not between 1 and %d", maxInterval, MaxInterval)
	}
	wanted, err := newModel(retention, maxInterval)
	if err != nil {
		return nil, err
	}
	early, err := newModel(min(retention, EarlyRetention), maxInterval)
	return &Scheduler{wanted: wanted, early: early}, err
}

func newModel(retention float64, maxInterval int) (*model, error) {
	p := fsrs.DefaultParam()
	p.RequestRetention = retention
	p.MaximumInterval = float64(maxInterval)
	// Without fuzz equal histories give equal cards, so a schedule can be rebuilt from the log. The library's fuzz
	// depends on its own text seed and would tie every stored schedule to one version of it.
	p.EnableFuzz = false
	// NewFSRS replaces parameters that it finds invalid by its defaults without a word.
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("scheduler parameters: %w", err)
	}
	m := &model{FSRS: fsrs.NewFSRS(p)}
	for i, r := range Ratings() {
		var err error
		if m.first[i], err = m.review(fsrs.Card{}, r, date(0)); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// on returns the model by which a review on a study day is scheduled.
func (s *Scheduler) on(day int, cal Calendar) *model {
	if cal.early(day) {
		return s.early
	}
	return s.wanted
}

// Next returns the card after a review at now with the rating r. A review that seems to precede the card's latest one
// (a clock set back, an offline review sent late) counts as made at that latest one: LastAt never falls.
func (s *Scheduler) Next(c Card, r Rating, now time.Time, cal Calendar) (Card, error) {
	if !r.Valid() {
		return Card{}, fmt.Errorf("rating %d is not between %d and %d", int(r), int(Again), int(Easy))
	}
	at := c.notBefore(now)
	next, err := s.step(c, r, cal.Day(at), cal)
	if err != nil {
		return Card{}, err
	}
	if r == Hard && c.State.stepping() && elapsed(c, at, cal) > 0 {
		if next, err = s.passStep(c, next, at, cal); err != nil {
			return Card{}, err
		}
	}
	return next.card(c, at, cal), nil
}

// Preview returns what Next would for each of Ratings, for the labels of the four buttons.
func (s *Scheduler) Preview(c Card, now time.Time, cal Calendar) ([4]Card, error) {
	var cards [4]Card
	for i, r := range Ratings() {
		next, err := s.Next(c, r, now, cal)
		if err != nil {
			return [4]Card{}, err
		}
		cards[i] = next
	}
	return cards, nil
}

// Retrievability returns the chance, 0 to 1, that the card is recalled at now. It counts whole study days since the
// latest review, as Next does, so it is 1 for the rest of the day of a review. It is 0 for a card never reviewed.
func (s *Scheduler) Retrievability(c Card, now time.Time, cal Calendar) float64 {
	if c.State == New {
		return 0
	}
	return s.wanted.ForgettingCurve(float64(elapsed(c, c.notBefore(now), cal)), c.Stability)
}

// outcome is what a review leads to, before it is placed in the candidate's calendar.
type outcome struct {
	state                 State
	stability, difficulty float64
	step                  int
	delay                 time.Duration // from the review to the due time while stepping
	days                  int           // study days to the due day in Review
}

// step returns what a review on a study day leads to.
func (s *Scheduler) step(c Card, r Rating, day int, cal Calendar) (outcome, error) {
	m := s.on(day, cal)
	if c.State == New {
		return m.first[r-Again], nil
	}
	return m.review(fsrs.Card{
		State:          fsrs.State(c.State),
		Stability:      c.Stability,
		Difficulty:     c.Difficulty,
		RemainingSteps: c.Step,
		LastReview:     date(min(cal.Day(time.UnixMilli(c.LastAt)), day)),
	}, r, date(day))
}

// review asks the library. It counts midnights in UTC, so it is given study days as if they were UTC dates.
func (m *model) review(before fsrs.Card, r Rating, now time.Time) (outcome, error) {
	info, err := m.Next(before, now, fsrs.Rating(r))
	if err != nil {
		return outcome{}, fmt.Errorf("schedule a review: %w", err)
	}
	after := info.Card
	o := outcome{
		state:      State(after.State),
		stability:  after.Stability,
		difficulty: after.Difficulty,
		step:       after.RemainingSteps,
	}
	if o.state == Review {
		o.days = min(int(after.ScheduledDays), int(m.MaximumInterval)) // the library's Good and Easy may be one or two days above
	} else {
		o.delay = after.Due.Sub(now)
	}
	return o, nil
}

// passStep lets Hard move a card on as Good would, with the memory that Hard leaves. In FSRS Hard repeats a step
// for ever; a card recalled with effort on a later study day than its latest review has passed that step, and a
// candidate who is always right but unsure must not see it every few minutes until the end of time.
func (s *Scheduler) passStep(c Card, hard outcome, at time.Time, cal Calendar) (outcome, error) {
	good, err := s.step(c, Good, cal.Day(at), cal)
	if err != nil {
		return outcome{}, err
	}
	good.stability, good.difficulty = hard.stability, hard.difficulty
	if good.state == Review {
		good.days = s.on(cal.Day(at), cal).days(hard.stability)
	}
	return good, nil
}

// days returns the interval after which the chance of recall falls to the wanted retention,
// I(r,S) = S/FACTOR·(r^(1/DECAY) − 1), rounded and at least one day.
func (m *model) days(stability float64) int {
	days := stability / m.Factor * (math.Pow(m.RequestRetention, 1/m.Decay) - 1)
	return max(1, int(math.Round(min(days, m.MaximumInterval))))
}

// card places the outcome of a review of c at the time at.
func (o outcome) card(c Card, at time.Time, cal Calendar) Card {
	next := Card{
		State:      o.state,
		Stability:  o.stability,
		Difficulty: o.difficulty,
		DueAt:      at.Add(o.delay).UnixMilli(),
		LastAt:     at.UnixMilli(),
		Interval:   o.days,
		Step:       o.step,
		Reviews:    c.Reviews + 1,
		Lapses:     c.Lapses,
	}
	if next.State == Review {
		next.DueAt = cal.Start(cal.Day(at) + o.days).UnixMilli()
	}
	if c.State == Review && next.State == Relearning {
		next.Lapses++
	}
	return next
}

// notBefore returns now, or the time of the card's latest review when that is later.
func (c Card) notBefore(now time.Time) time.Time {
	if last := time.UnixMilli(c.LastAt); c.State != New && last.After(now) {
		return last
	}
	return now
}

// elapsed returns the study days from the latest review of a seen card to at.
func elapsed(c Card, at time.Time, cal Calendar) int {
	return max(0, cal.Day(at)-cal.Day(time.UnixMilli(c.LastAt)))
}

// date returns midnight UTC of a day counted from 1970-01-01.
func date(day int) time.Time { return time.Unix(int64(day)*daySeconds, 0).UTC() }
