package srs

import (
	"testing"
	"time"
)

// TestOrder compares with what Next chooses, card by card.
func TestOrder(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	cal := Calendar{Zone: time.UTC, Rollover: 4}
	at := func(d time.Duration) int64 { return now.Add(d).UnixMilli() }
	const day = 24 * time.Hour
	q := Queue{
		Seen: []Due{
			{Key: 1, State: Review, DueAt: at(-8 * time.Hour)},
			{Key: 2, State: Review, DueAt: at(-2*day - 8*time.Hour)},
			{Key: 3, State: Review, DueAt: at(-3*day - 8*time.Hour)},
			{Key: 4, State: Learning, DueAt: at(-time.Minute)},
			{Key: 5, State: Learning, DueAt: at(time.Hour)},
			{Key: 6, State: Review, DueAt: at(5 * day)},
			{Key: 7, State: Relearning, DueAt: at(10 * time.Minute)},
		},
		New:      []Due{{Key: 20}, {Key: 21}, {Key: 22}},
		NewLimit: 2, ReviewLimit: 2,
	}
	order := q.Order(now, cal)
	var want []int64
	for left := q; ; {
		next, _, ok := left.Next(now, cal)
		if !ok || next.State.stepping() && next.DueAt > now.UnixMilli() {
			break
		}
		want = append(want, next.Key)
		switch next.State {
		case New:
			left.New, left.NewToday = left.New[1:], left.NewToday+1
		case Review:
			left.ReviewsToday++
			fallthrough
		default:
			var seen []Due
			for _, d := range left.Seen {
				if d != next {
					seen = append(seen, d)
				}
			}
			left.Seen = seen
		}
	}
	want = append(want, 7, 5, 1, 6) // the review beyond the limit waits for tomorrow
	if len(order) != len(want) {
		t.Fatalf("Order has %d cards, want %d: %v", len(order), len(want), order)
	}
	tomorrow := cal.Start(cal.Day(now) + 1).UnixMilli()
	for i, d := range order {
		if d.Key != want[i] {
			t.Errorf("place %d is card %d, want %d", i, d.Key, want[i])
		}
		if d.Key == 1 && d.DueAt != tomorrow {
			t.Errorf("the review beyond the limit is due at %d, want %d", d.DueAt, tomorrow)
		}
	}
}
