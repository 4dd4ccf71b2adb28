package srs

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// play shows cards until none is left, as a candidate does who is always right at once, and returns their keys.
func play(t *testing.T, q Queue, now time.Time, cal Calendar) []int64 {
	t.Helper()
	var keys []int64
	for range 1000 {
		d, left, ok := q.Next(now, cal)
		if !ok {
			return keys
		}
		if left.Total() == 0 {
			t.Fatalf("card %d is shown although none is left", d.Key)
		}
		keys = append(keys, d.Key)
		q = q.without(d)
	}
	t.Fatal("the queue never ends")
	return nil
}

// without returns the queue after the card was shown and left the day.
func (q Queue) without(d Due) Queue {
	drop := func(list []Due) []Due {
		var rest []Due
		for _, other := range list {
			if other != d {
				rest = append(rest, other)
			}
		}
		return rest
	}
	switch d.State {
	case New:
		q.NewToday++
	case Review:
		q.ReviewsToday++
	}
	q.Seen, q.New = drop(q.Seen), drop(q.New)
	return q
}

func TestQueueOrder(t *testing.T) {
	now := at(t, "2026-11-21T12:00:00+01:00")
	in := func(d time.Duration) int64 { return now.Add(d).UnixMilli() }
	const day = 24 * time.Hour
	q := Queue{
		Seen: []Due{
			{Key: 1, State: Review, DueAt: in(-1 * day)},
			{Key: 2, State: Learning, DueAt: in(-time.Minute)},
			{Key: 3, State: Review, DueAt: in(-3 * day)},
			{Key: 4, State: Relearning, DueAt: in(-2 * time.Minute)},
			{Key: 5, State: Learning, DueAt: in(15 * time.Minute)},
			{Key: 6, State: Learning, DueAt: in(25 * time.Minute)},
			{Key: 7, State: Review, DueAt: in(6 * time.Hour)},
			{Key: 8, State: Review, DueAt: in(1 * day)},
			{Key: 9, State: Review, DueAt: in(-2 * day)},
		},
		New:      []Due{{Key: 10}, {Key: 11}, {Key: 12}},
		NewLimit: 2,
	}
	_, left, _ := q.Next(now, berlin)
	if diff := cmp.Diff(Counts{Learning: 4, Review: 4, New: 2}, left); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	// Due steps first; reviews by day with a new card after one and after three; then the step that is nearly over.
	if diff := cmp.Diff([]int64{4, 2, 3, 10, 9, 1, 11, 7, 5}, play(t, q, now, berlin)); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestQueueNewCards(t *testing.T) {
	now := at(t, "2026-11-21T12:00:00+01:00")
	fresh := []Due{{Key: 1}, {Key: 2}, {Key: 3}}
	tests := []struct {
		name string
		q    Queue
		want []int64
	}{
		{"no limit, no new cards", Queue{New: fresh}, nil},
		{"up to the limit", Queue{New: fresh, NewLimit: 2}, []int64{1, 2}},
		{"less those of today", Queue{New: fresh, NewLimit: 2, NewToday: 1}, []int64{1}},
		{"limit lowered during the day", Queue{New: fresh, NewLimit: 2, NewToday: 5}, nil},
		{"fewer than the limit", Queue{New: fresh, NewLimit: 20}, []int64{1, 2, 3}},
		{"an empty queue", Queue{NewLimit: 20}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, play(t, tt.q, now, berlin)); diff != "" {
				t.Errorf("order (-want +got):\n%s", diff)
			}
		})
	}
}

func TestQueueSaysWhenLearningCardsComeLater(t *testing.T) {
	now := at(t, "2026-11-21T12:00:00+01:00")
	q := Queue{Seen: []Due{{Key: 1, State: Learning, DueAt: now.Add(time.Hour).UnixMilli()}}}
	_, left, ok := q.Next(now, berlin)
	if ok || left != (Counts{Learning: 1}) {
		t.Errorf("Next reports %v with %+v left, want false with one in learning", ok, left)
	}
}

// A review is due from the start of its study day in the calendar of now, also before the hour of DueAt.
func TestQueueReviewsAreDueForTheWholeDay(t *testing.T) {
	due := at(t, "2026-11-21T20:00:00+01:00").UnixMilli()
	q := Queue{Seen: []Due{{Key: 1, State: Review, DueAt: due}}}
	for now, want := range map[string]bool{
		"2026-11-21T03:59:00+01:00": false,
		"2026-11-21T04:00:00+01:00": true,
	} {
		if _, _, ok := q.Next(at(t, now), berlin); ok != want {
			t.Errorf("at %s the card is due: %v, want %v", now, ok, want)
		}
	}
}

func TestQueueDoesNotDependOnTheOrderOfTheStore(t *testing.T) {
	now := at(t, "2026-11-21T12:00:00+01:00")
	rapid.Check(t, func(t *rapid.T) {
		seen := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) Due {
			return Due{
				Key:   rapid.Int64Range(1, 1000).Draw(t, "key"),
				Part:  rapid.IntRange(0, 3).Draw(t, "part"),
				State: rapid.SampledFrom([]State{Learning, Review, Relearning}).Draw(t, "state"),
				DueAt: now.Add(time.Duration(rapid.IntRange(-5000, 100).Draw(t, "due")) * time.Minute).UnixMilli(),
			}
		}), 0, 40, func(d Due) [2]int64 { return [2]int64{d.Key, int64(d.Part)} }).Draw(t, "seen")
		q := Queue{Seen: seen}
		want, wantLeft, wantOK := q.Next(now, berlin)
		q.Seen = rapid.Permutation(seen).Draw(t, "shuffled")
		got, gotLeft, gotOK := q.Next(now, berlin)
		if got != want || gotLeft != wantLeft || gotOK != wantOK {
			t.Fatalf("Next = %+v, %+v, %v; in another order %+v, %+v, %v", want, wantLeft, wantOK, got, gotLeft, gotOK)
		}
	})
}

func TestForecast(t *testing.T) {
	now := at(t, "2026-11-21T12:00:00+01:00")
	var due []Due
	for _, when := range []string{
		"2025-01-01T12:00:00+01:00", // overdue
		"2026-11-21T04:00:00+01:00",
		"2026-11-22T03:59:59+01:00", // still today
		"2026-11-22T04:00:00+01:00",
		"2026-11-27T23:00:00+01:00", // the seventh day
		"2026-11-28T04:00:00+01:00", // beyond
	} {
		due = append(due, Due{DueAt: at(t, when).UnixMilli()})
	}
	if got, want := Forecast(due, now, berlin, 7), []int{3, 1, 0, 0, 0, 0, 1}; !slices.Equal(got, want) {
		t.Errorf("Forecast = %v, want %v", got, want)
	}
}

func TestQueueFirst(t *testing.T) {
	now := at(t, "2026-11-21T12:00:00+01:00")
	in := func(d time.Duration) int64 { return now.Add(d).UnixMilli() }
	q := Queue{Seen: []Due{
		{Key: 1, State: Review, DueAt: in(-48 * time.Hour)},
		{Key: 2, State: Review, DueAt: in(-24 * time.Hour), First: true},
		{Key: 3, State: Learning, DueAt: in(-2 * time.Minute)},
		{Key: 4, State: Learning, DueAt: in(-time.Minute), First: true},
	}}
	if diff := cmp.Diff([]int64{4, 3, 2, 1}, play(t, q, now, berlin)); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

// While two gaps of one text are learnt, a card whose step is nearly over comes between them.
func TestQueueKeepsSiblingsApart(t *testing.T) {
	now := at(t, "2026-11-21T12:00:00+01:00")
	in := func(d time.Duration) int64 { return now.Add(d).UnixMilli() }
	sibling := Due{Key: 1, Part: 2, State: Learning, DueAt: in(-time.Minute)}
	other := Due{Key: 2, State: Learning, DueAt: in(10 * time.Minute)}
	late := Due{Key: 3, State: Learning, DueAt: in(30 * time.Minute)}
	for _, test := range []struct {
		name string
		seen []Due
		want int64
	}{
		{"another one soon", []Due{sibling, other}, 2},
		{"no other one soon", []Due{sibling, late}, 1},
		{"alone", []Due{sibling}, 1},
	} {
		next, _, ok := Queue{Seen: test.seen, Last: 1}.Next(now, berlin)
		if !ok || next.Key != test.want {
			t.Errorf("%s: next is %+v, %v, want key %d", test.name, next, ok, test.want)
		}
	}
}
