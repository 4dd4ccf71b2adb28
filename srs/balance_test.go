package srs

import (
	"testing"

	"pgregory.net/rapid"
)

func TestWeek(t *testing.T) {
	w, ok := ParseWeek("0120002")
	if !ok || w.String() != "0120002" {
		t.Fatalf("ParseWeek = %v, %v", w, ok)
	}
	saturday := 20414 // 2025-11-22
	if got := [3]Effort{w.Of(saturday), w.Of(saturday + 1), w.Of(saturday + 3)}; got != [3]Effort{Normal, None, Fewer} {
		t.Errorf("Saturday, Sunday, Tuesday = %v", got)
	}
	for _, bad := range []string{"", "000000", "00000000", "0000003", "000000x"} {
		if _, ok := ParseWeek(bad); ok {
			t.Errorf("ParseWeek(%q) succeeded", bad)
		}
	}
}

func TestFuzzRange(t *testing.T) {
	// As py-fsrs 6 gives them.
	for interval, want := range map[int][2]int{1: {1, 1}, 2: {2, 2}, 3: {2, 4}, 7: {5, 9}, 20: {17, 23}, 100: {93, 107}, MaxInterval: {34673, MaxInterval}} {
		if shortest, longest := FuzzRange(interval); [2]int{shortest, longest} != want {
			t.Errorf("FuzzRange(%d) = %d, %d, want %v", interval, shortest, longest, want)
		}
	}
}

func TestBalance(t *testing.T) {
	day := studyDay(noon(20414).UnixMilli(), Calendar{}) // a Saturday
	card := Card{State: Review, Interval: 7, LastAt: noon(day).UnixMilli()}
	tests := []struct {
		name string
		load Load
		want int
	}{
		{"nothing else", Load{}, 7},
		{"a full day", Load{Due: map[int]int{day + 7: 1}}, 6},
		{"full days", Load{Due: map[int]int{day + 5: 3, day + 6: 2, day + 7: 3, day + 8: 1, day + 9: 4}}, 8},
		{"a free Saturday", Load{Week: Week{5: None}}, 6},
		{"a free Saturday beside full days", Load{Due: map[int]int{day + 5: 9, day + 6: 8, day + 8: 9, day + 9: 9}, Week: Week{5: None}}, 6},
		{"fewer on Saturdays", Load{Due: map[int]int{day + 5: 9, day + 6: 3, day + 7: 2, day + 8: 9, day + 9: 9}, Week: Week{5: Fewer}}, 6},
		{"always free", Load{Week: Week{None, None, None, None, None, None, None}}, 7},
	}
	for _, test := range tests {
		if got := test.load.Balance(card, Calendar{}); got != test.want {
			t.Errorf("%s: %d days, want %d", test.name, got, test.want)
		}
	}
}

func TestMoved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		last := noon(rapid.IntRange(0, 40000).Draw(t, "day"))
		interval := rapid.IntRange(1, MaxInterval).Draw(t, "interval")
		card := Card{State: Review, Interval: interval, LastAt: last.UnixMilli(), DueAt: Calendar{}.Start(studyDay(last.UnixMilli(), Calendar{}) + interval).UnixMilli()}
		wanted := interval + rapid.IntRange(-5, 5).Draw(t, "moved")
		shortest, longest := FuzzRange(interval)
		got := card.Moved(wanted, Calendar{})
		if within := wanted >= shortest && wanted <= longest; within != (got.Interval == wanted) && wanted != interval {
			t.Fatalf("%d days moved to %d, range %d to %d: %d", interval, wanted, shortest, longest, got.Interval)
		}
		if days := studyDay(got.DueAt, Calendar{}) - studyDay(got.LastAt, Calendar{}); days != got.Interval {
			t.Fatalf("due after %d days, interval %d", days, got.Interval)
		}
	})
	learning := Card{State: Learning, DueAt: 5}
	if got := learning.Moved(0, Calendar{}); got != learning {
		t.Errorf("a card in its steps moved: %+v", got)
	}
}

func TestQueueLimitsReviews(t *testing.T) {
	now := at(t, "2026-11-21T12:00:00+01:00")
	in := func(days int) int64 { return now.AddDate(0, 0, days).UnixMilli() }
	seen := []Due{{Key: 1, State: Review, DueAt: in(-3)}, {Key: 2, State: Review, DueAt: in(-1)}, {Key: 3, State: Review, DueAt: in(-2)}, {Key: 4, State: Review, DueAt: in(2)}}
	tests := []struct {
		name string
		q    Queue
		want int
		next int64
	}{
		{"no limit", Queue{}, 3, 1},
		{"a limit", Queue{ReviewLimit: 2}, 2, 1},
		{"half of it done", Queue{ReviewLimit: 2, ReviewsToday: 1}, 1, 1},
		{"done", Queue{ReviewLimit: 2, ReviewsToday: 5}, 0, 0},
		{"ahead", Queue{Ahead: 2}, 4, 1},
		{"not ahead enough", Queue{Ahead: 1}, 3, 1},
		{"another question", Queue{Last: 1}, 3, 3},
	}
	for _, test := range tests {
		test.q.Seen = seen
		next, left, _ := test.q.Next(now, berlin)
		if left.Review != test.want || next.Key != test.next {
			t.Errorf("%s: %d reviews, first card %d; want %d, %d", test.name, left.Review, next.Key, test.want, test.next)
		}
	}
	if got := CatchUp(101, 5); got != 21 {
		t.Errorf("CatchUp(101, 5) = %d", got)
	}
}

func TestLeech(t *testing.T) {
	for lapses, want := range map[int]bool{0: false, 4: false, 7: false, 8: true, 9: false, 12: true, 15: false, 16: true} {
		if got := (Card{Lapses: lapses}).Leech(); got != want {
			t.Errorf("forgotten %d times: leech is %v, want %v", lapses, got, want)
		}
	}
}
