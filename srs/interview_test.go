package srs

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestSpanBeforeAnInterview(t *testing.T) {
	const today = 20000
	for _, test := range []struct {
		name              string
		interval, left    int // days until the interview
		shortest, longest int
	}{
		{"no interview", 30, 0, 27, 33}, // FuzzRange: 30 ± 3.475
		{"far away", 30, 100, 27, 33},
		{"just reached by the range", 30, 33, 27, 32},
		{"into the final pass", 30, 21, 16, 20},
		{"half of a short time", 30, 6, 3, 5},
		{"two days before", 30, 2, 1, 1},
		{"the day before: as ever", 30, 1, 27, 33},
		{"on the day", 30, 0, 27, 33},
		{"after it", 30, -5, 27, 33},
		{"a short interval stays", 2, 10, 2, 2},
	} {
		cal := Calendar{Interview: today + test.left}
		if test.name == "no interview" {
			cal.Interview = 0
		}
		c := Card{State: Review, Interval: test.interval, LastAt: cal.Start(today).UnixMilli()}
		if shortest, longest := c.Span(cal); shortest != test.shortest || longest != test.longest {
			t.Errorf("%s: Span = %d to %d, want %d to %d", test.name, shortest, longest, test.shortest, test.longest)
		}
	}
}

// No review before the day before an interview puts a card off to that day or past it, however full the days are.
func TestNothingIsPutOffPastAnInterview(t *testing.T) {
	s, err := NewScheduler(DefaultRetention, MaxInterval)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		day := rapid.IntRange(20000, 20100).Draw(t, "interview")
		cal := Calendar{Interview: day, Rollover: rapid.IntRange(0, 23).Draw(t, "rollover")}
		now := cal.Start(20000).Add(time.Hour)
		var c Card
		for range rapid.IntRange(1, 12).Draw(t, "reviews") {
			r := Rating(rapid.IntRange(1, 4).Draw(t, "rating"))
			next, err := s.Next(c, r, now, cal)
			if err != nil {
				t.Fatal(err)
			}
			load := Load{Due: map[int]int{day - 1: rapid.IntRange(0, 9).Draw(t, "load")}}
			interval := load.Balance(next, cal)
			if rapid.Bool().Draw(t, "not spread") {
				interval = 0
			}
			c = next.Moved(interval, cal)
			today := cal.Day(now)
			if c.State == Review && today < day-1 && cal.Day(time.UnixMilli(c.DueAt)) >= day {
				t.Fatalf("reviewed on day %d, due on %d, the interview is on %d: %+v", today, cal.Day(time.UnixMilli(c.DueAt)), day, c)
			}
			if c.State == Review && (c.Interval < 1 || cal.Day(time.UnixMilli(c.DueAt)) != today+c.Interval) {
				t.Fatalf("due on day %d after an interval of %d from day %d", cal.Day(time.UnixMilli(c.DueAt)), c.Interval, today)
			}
			now = time.UnixMilli(max(c.DueAt, now.UnixMilli())).Add(time.Hour)
		}
	})
}

// Many cards graded on one day are spread over the final pass.
func TestTheFinalPassIsSpread(t *testing.T) {
	cal := Calendar{Interview: 20020}
	load := Load{Due: map[int]int{}}
	for range 100 {
		c := Card{State: Review, Interval: 60, LastAt: cal.Start(20000).UnixMilli()}
		load.Due[20000+load.Balance(c, cal)]++
	}
	for day := 20015; day <= 20019; day++ {
		if load.Due[day] != 20 {
			t.Errorf("day %d has %d cards, want 20: %v", day, load.Due[day], load.Due)
		}
	}
}
