package srs

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// holiday is a candidate who comes back after a month with more cards due than can be reviewed in a day.
type holiday struct {
	t     *testing.T
	s     *Scheduler
	cards map[int64]Card
	luck  *rand.Rand
}

const (
	holidayCards = 600
	holidayLimit = 40 // a day; about 25 come due in a day when there is no backlog
	holidayDays  = 40 // looked at
	start        = 20000
)

func newHoliday(t *testing.T, seed uint64) *holiday {
	h := &holiday{t: t, cards: map[int64]Card{}, luck: rand.New(rand.NewPCG(seed, 1))}
	var err error
	if h.s, err = NewScheduler(DefaultRetention, MaxInterval); err != nil {
		t.Fatal(err)
	}
	for key := range int64(holidayCards) {
		// The last reviews were made before the holiday, each somewhere in the card's interval.
		stability := math.Exp(1.5 + 1.2*h.luck.NormFloat64())
		interval := max(1, int(stability))
		last := start - 30 - h.luck.IntN(interval)
		h.cards[key+1] = Card{
			State: Review, Stability: stability, Difficulty: 3 + 5*h.luck.Float64(), Interval: interval, Reviews: 3,
			LastAt: noon(last).UnixMilli(), DueAt: Calendar{}.Start(last + interval).UnixMilli(),
		}
	}
	return h
}

func noon(day int) time.Time { return Calendar{}.Start(day).Add(12 * time.Hour) }

// recall returns the chance that a card is recalled on a day, R(t,S) = (1 + FACTOR·t/S)^DECAY.
func (h *holiday) recall(key int64, day int) float64 {
	p, c := h.s.wanted.Parameters, h.cards[key]
	return math.Pow(1+p.Factor*float64(day-studyDay(c.LastAt, Calendar{}))/c.Stability, p.Decay)
}

// due returns the cards due on a day.
func (h *holiday) due(day int) []Due {
	var due []Due
	for key, c := range h.cards {
		if c.DueAt < (Calendar{}).Start(day+1).UnixMilli() {
			due = append(due, Due{Key: key, State: c.State, DueAt: c.DueAt, LastAt: c.LastAt})
		}
	}
	slices.SortFunc(due, func(a, b Due) int { return cmp.Compare(a.Key, b.Key) })
	return due
}

// review answers a card as its memory has it; a forgotten one is relearnt at once.
func (h *holiday) review(d Due, day int) {
	ratings := []Rating{Good}
	if h.luck.Float64() > h.recall(d.Key, day) {
		ratings = []Rating{Again, Good}
	}
	for i, r := range ratings {
		next, err := h.s.Next(h.cards[d.Key], r, noon(day).Add(time.Duration(i)*11*time.Minute), Calendar{})
		if err != nil {
			h.t.Fatal(err)
		}
		h.cards[d.Key] = next
	}
}

// known returns how many cards would be recalled on a day.
func (h *holiday) known(day int) (sum float64) {
	for key := range h.cards {
		sum += h.recall(key, day)
	}
	return sum
}

// play reviews on each day what a number puts first. It returns how many cards were known on an average day, and on which day the backlog was gone.
func (h *holiday) play(first func(d Due, day int) float64) (known float64, done int) {
	for day := start; day < start+holidayDays; day++ {
		due := h.due(day)
		if len(due) <= holidayLimit && done == 0 {
			done = day - start
		}
		slices.SortStableFunc(due, func(a, b Due) int { return cmp.Compare(first(a, day), first(b, day)) })
		for _, d := range due[:(Queue{ReviewLimit: holidayLimit}).limited(len(due))] {
			h.review(d, day)
		}
		known += h.known(day+1) / holidayDays
	}
	return known, done
}

// Of the orders in use for a backlog, the queue's, longest due first, is as good as any within what luck makes of it, and
// needs no card to wait for ever. The most likely to be recalled first, which is said to be safe, is the worst.
func TestBacklogOrder(t *testing.T) {
	longest := func(d Due, _ int) float64 { return float64(d.DueAt) }
	tests := []struct {
		name  string
		first func(*holiday, Due, int) float64
		worse bool
	}{
		{"least recall first", func(h *holiday, d Due, day int) float64 { return h.recall(d.Key, day) }, false},
		{"most overdue for its interval first", func(h *holiday, d Due, day int) float64 {
			return float64(studyDay(d.LastAt, Calendar{})-day) / float64(h.cards[d.Key].Interval)
		}, false},
		{"most recall first", func(h *holiday, d Due, day int) float64 { return -h.recall(d.Key, day) }, true},
	}
	h := newHoliday(t, 1)
	want, days := h.play(longest)
	t.Logf("longest due first: %.1f of %d known on an average day, caught up after %d days", want, holidayCards, days)
	for _, test := range tests {
		h := newHoliday(t, 1)
		got, days := h.play(func(d Due, day int) float64 { return test.first(h, d, day) })
		t.Logf("%s: %.1f, %d days", test.name, got, days)
		if got > 1.01*want || test.worse && got > 0.99*want {
			t.Errorf("%s leaves %.1f cards known, longest due first %.1f", test.name, got, want)
		}
	}
}
