package srs

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/open-spaced-repetition/go-fsrs/v4"
	"pgregory.net/rapid"
)

var berlin = Calendar{Zone: time.FixedZone("CET", 3600), Rollover: DefaultRollover}

func newScheduler(t testing.TB, retention float64, maxInterval int) *Scheduler {
	t.Helper()
	s, err := NewScheduler(retention, maxInterval)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func next(t testing.TB, s *Scheduler, c Card, r Rating, now time.Time, cal Calendar) Card {
	t.Helper()
	c, err := s.Next(c, r, now, cal)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNewSchedulerRefusesWhatIsOutOfRange(t *testing.T) {
	tests := []struct {
		name        string
		retention   float64
		maxInterval int
		want        string
	}{
		{"retention too low", 0.69, 365, "retention 0.69 is not between 0.70 and 0.99"},
		{"retention too high", 1, 365, "retention 1 is not between 0.70 and 0.99"},
		{"retention not a number", math.NaN(), 365, "retention NaN is not between 0.70 and 0.99"},
		{"interval too short", 0.9, 0, "longest interval of 0 days is not between 1 and 36500"},
		{"interval too long", 0.9, 36501, "longest interval of 36501 days is not between 1 and 36500"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := NewScheduler(tt.retention, tt.maxInterval)
			if err == nil || err.Error() != tt.want {
				t.Errorf("NewScheduler(%v, %d) says %v, want %s", tt.retention, tt.maxInterval, err, tt.want)
			}
		})
	}
}

func TestNextRefusesWhatItCannotSchedule(t *testing.T) {
	s, now := newScheduler(t, DefaultRetention, MaxInterval), at(t, "2026-11-21T12:00:00Z")
	tests := []struct {
		name   string
		card   Card
		rating Rating
		want   string
	}{
		{"no rating", Card{}, 0, "rating 0"},
		{"a fifth rating", Card{}, 5, "rating 5"},
		{"an unknown state", Card{State: 9}, Good, "state"},
		{"no stability", Card{State: Review, Difficulty: 5}, Good, "stability"},
		{"stability not a number", Card{State: Review, Stability: math.NaN(), Difficulty: 5}, Good, "stability"},
		{"no difficulty", Card{State: Review, Stability: 5}, Good, "difficulty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := s.Next(tt.card, tt.rating, now, berlin)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Next says %v, want something about %s", err, tt.want)
			}
			if got != (Card{}) {
				t.Errorf("Next returns %+v beside its error", got)
			}
		})
	}
}

// The memory after a history, from the reference implementations of FSRS-6 with default weights.
func TestMemoryFollowsTheReference(t *testing.T) {
	tests := []struct {
		name                  string
		ratings               []Rating
		stability, difficulty float64
	}{
		{"again, then good", []Rating{1, 3, 3, 3, 3, 3}, 53.62691, 6.3574867},
		{"mixed", []Rating{1, 2, 3, 4, 3, 3}, 51.0810, 6.7493},
	}
	gaps := []int{0, 0, 1, 3, 8, 21}
	s := newScheduler(t, DefaultRetention, MaxInterval)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var c Card
			now := at(t, "2026-01-10T20:00:00+01:00")
			for i, r := range tt.ratings {
				now = now.AddDate(0, 0, gaps[i])
				c = next(t, s, c, r, now, berlin)
			}
			if math.Abs(c.Stability-tt.stability) > 1e-4 || math.Abs(c.Difficulty-tt.difficulty) > 1e-4 {
				t.Errorf("S %.6f, D %.6f, want S %.6f, D %.6f", c.Stability, c.Difficulty, tt.stability, tt.difficulty)
			}
		})
	}
}

// The library under us: if an upgrade changes what it computes, stored schedules would no longer be rebuilt equally.
func TestLibraryFollowsTheReference(t *testing.T) {
	p := fsrs.DefaultParam()
	p.W[17], p.W[18], p.W[19] = 0, 0, 0
	t.Run("memory without short-term stability", func(t *testing.T) {
		f := fsrs.FSRS{Parameters: p} // NewFSRS would raise w19
		var history fsrs.ReviewEntries
		for i, gap := range []float64{0, 0, 1, 3, 8, 21} {
			rating := fsrs.Good
			if i == 0 {
				rating = fsrs.Again
			}
			history = append(history, fsrs.ReviewEntry{Rating: rating, DeltaT: gap})
		}
		got, err := f.MemoryState(history, nil)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(got.Stability-53.335106) > 1e-4 || math.Abs(got.Difficulty-6.3574867) > 1e-4 {
			t.Errorf("S %.6f, D %.6f, want S 53.335106, D 6.357487", got.Stability, got.Difficulty)
		}
	})
	t.Run("interval for a stability of one day", func(t *testing.T) {
		want := []float64{3116766, 34793, 2508, 387, 90, 27, 9, 3, 1, 1}
		for i, want := range want {
			retention := float64(i+1) / 10
			// With w17 to w19 at 0 a review on the same day leaves the stability as it is.
			state := p.NextState(&fsrs.MemoryState{Stability: 1, Difficulty: 5}, retention, 0, fsrs.Good)
			// The first value was published in single precision; in double precision it is 3116769.
			if got := max(1, math.Round(state.Interval)); math.Abs(got-want) > 1e-5*want {
				t.Errorf("retention %.1f: interval %v, want %v", retention, got, want)
			}
		}
	})
}

func TestIntervalsOfCardsReviewedWhenDue(t *testing.T) {
	tests := []struct {
		name    string
		ratings []Rating
		want    []int
	}{
		{"always good", []Rating{3, 3, 3, 3, 3, 3, 3, 3}, []int{0, 2, 11, 46, 163, 498, 1348, 3299}},
		{
			"forgotten twice",
			[]Rating{3, 3, 3, 3, 3, 3, 1, 1, 3, 3, 3, 3, 3},
			[]int{0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21},
		},
	}
	s, cal := newScheduler(t, DefaultRetention, MaxInterval), Calendar{Zone: zone(t, "America/New_York"), Rollover: 4}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var c Card
			var got []int
			now := at(t, "2026-02-01T23:30:00-05:00")
			for _, r := range tt.ratings {
				c = next(t, s, c, r, now, cal)
				got = append(got, c.Interval)
				now = time.UnixMilli(c.DueAt)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("intervals (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFirstReviews(t *testing.T) {
	s, now := newScheduler(t, DefaultRetention, MaxInterval), at(t, "2026-11-21T23:50:00+01:00")
	tests := []struct {
		rating Rating
		state  State
		step   int
		due    string
	}{
		{Again, Learning, 2, "2026-11-21T23:51:00+01:00"},
		{Hard, Learning, 2, "2026-11-21T23:56:00+01:00"},
		{Good, Learning, 1, "2026-11-22T00:00:00+01:00"}, // minutes are minutes, also past midnight
		{Easy, Review, 0, "2026-11-29T04:00:00+01:00"},   // days begin at the rollover
	}
	for _, tt := range tests {
		t.Run(tt.rating.String(), func(t *testing.T) {
			c := next(t, s, Card{}, tt.rating, now, berlin)
			if c.State != tt.state || c.Step != tt.step || c.DueAt != at(t, tt.due).UnixMilli() {
				t.Errorf("%v, step %d, due %v; want %v, step %d, due %s",
					c.State, c.Step, time.UnixMilli(c.DueAt).UTC(), tt.state, tt.step, tt.due)
			}
			if c.LastAt != now.UnixMilli() || c.Reviews != 1 || c.Lapses != 0 {
				t.Errorf("last %d, %d reviews, %d lapses; want %d, 1, 0", c.LastAt, c.Reviews, c.Lapses, now.UnixMilli())
			}
		})
	}
}

// Two reviews 20 minutes apart are reviews of one day, wherever midnight UTC falls.
func TestElapsedTimeIsCountedInStudyDays(t *testing.T) {
	s, cal := newScheduler(t, DefaultRetention, MaxInterval), Calendar{Zone: zone(t, "America/New_York"), Rollover: 4}
	noon := at(t, "2026-11-20T12:00:00-05:00")
	evening := at(t, "2026-11-20T18:50:00-05:00") // ten minutes before midnight UTC
	interval := func(now time.Time) int {
		c := next(t, s, Card{}, Good, now, cal)
		return next(t, s, c, Good, now.Add(20*time.Minute), cal).Interval
	}
	if got := interval(evening); got != 2 || got != interval(noon) {
		t.Errorf("interval %d across midnight UTC and %d at noon, want 2", got, interval(noon))
	}
	if got := s.Retrievability(next(t, s, Card{}, Good, evening, cal), evening.Add(9*time.Hour), cal); got != 1 {
		t.Errorf("retrievability %v at 03:50 of the next date, want 1", got)
	}
}

func TestReviewBeforeTheLatestOneCountsAsMadeThen(t *testing.T) {
	s := newScheduler(t, DefaultRetention, MaxInterval)
	last := at(t, "2026-11-21T12:00:00Z")
	c := next(t, s, Card{}, Easy, last, berlin)
	want := next(t, s, c, Good, last, berlin)
	if got := next(t, s, c, Good, last.Add(-50*time.Hour), berlin); got != want {
		t.Errorf("a clock set back gives %+v, want %+v", got, want)
	}
	west := Calendar{Zone: zone(t, "Pacific/Pago_Pago"), Rollover: 4}
	if got := next(t, s, c, Good, last.Add(time.Minute), west); got.LastAt != last.Add(time.Minute).UnixMilli() {
		t.Errorf("after travelling west the latest review is at %d", got.LastAt)
	}
}

func TestHardPassesAStepOnALaterDay(t *testing.T) {
	s, now := newScheduler(t, DefaultRetention, MaxInterval), at(t, "2026-11-21T12:00:00Z")
	c := next(t, s, Card{}, Hard, now, berlin)
	if again := next(t, s, c, Hard, now.Add(6*time.Minute), berlin); again.State != Learning || again.Step != 2 {
		t.Errorf("hard twice on one day: %v, step %d; want learning, step 2", again.State, again.Step)
	}
	states := []State{c.State}
	for range 3 {
		now = now.AddDate(0, 0, 1)
		c = next(t, s, c, Hard, now, berlin)
		states = append(states, c.State)
	}
	if diff := cmp.Diff([]State{Learning, Learning, Review, Review}, states); diff != "" {
		t.Errorf("hard once a day (-want +got):\n%s", diff)
	}
	if c.Interval < 1 {
		t.Errorf("interval %d, want a day or more", c.Interval)
	}
}

func TestLongestIntervalIsNeverExceeded(t *testing.T) {
	for _, longest := range []int{1, 2, 7, 365} {
		s, now := newScheduler(t, DefaultRetention, longest), at(t, "2026-11-21T12:00:00Z")
		c := next(t, s, Card{}, Easy, now, berlin)
		for range 6 {
			cards, err := s.Preview(c, now, berlin)
			if err != nil {
				t.Fatal(err)
			}
			for i, card := range cards {
				if card.Interval > longest {
					t.Errorf("%v gives %d days, want at most %d", Ratings()[i], card.Interval, longest)
				}
			}
			now = time.UnixMilli(c.DueAt)
			c = cards[2]
		}
	}
}

func TestRetrievability(t *testing.T) {
	s, now := newScheduler(t, DefaultRetention, MaxInterval), at(t, "2026-11-21T12:00:00Z")
	if got := s.Retrievability(Card{}, now, berlin); got != 0 {
		t.Errorf("new card: %v, want 0", got)
	}
	c := Card{State: Review, Stability: 10, Difficulty: 5, LastAt: now.UnixMilli()}
	for days, want := range map[int]float64{0: 1, 10: 0.9} {
		if got := s.Retrievability(c, now.AddDate(0, 0, days), berlin); math.Abs(got-want) > 1e-12 {
			t.Errorf("stability 10 after %d days: %v, want %v", days, got, want)
		}
	}
	if got := s.Retrievability(c, now.AddDate(0, 0, -3), berlin); got != 1 {
		t.Errorf("before the latest review: %v, want 1", got)
	}
}

// history draws a card that was reviewed up to twelve times, and the time of its latest review.
func history(t *rapid.T, s *Scheduler, cal Calendar) (Card, time.Time) {
	var c Card
	now := moments().Draw(t, "start")
	for range rapid.IntRange(0, 12).Draw(t, "reviews") {
		now = now.Add(wait(t))
		var err error
		if c, err = s.Next(c, rating(t), now, cal); err != nil {
			t.Fatal(err)
		}
	}
	return c, now
}

// wait draws a time between reviews: minutes or months, sometimes below zero.
func wait(t *rapid.T) time.Duration {
	minutes := rapid.OneOf(rapid.IntRange(-90, 60), rapid.IntRange(0, 400*24*60)).Draw(t, "minutes")
	return time.Duration(minutes) * time.Minute
}

func rating(t *rapid.T) Rating { return rapid.SampledFrom([]Rating{1, 2, 3, 4}).Draw(t, "rating") }

func schedulers(t testing.TB) *rapid.Generator[*Scheduler] {
	return rapid.Custom(func(rt *rapid.T) *Scheduler {
		return newScheduler(t,
			rapid.Float64Range(MinRetention, MaxRetention).Draw(rt, "retention"),
			rapid.IntRange(1, MaxInterval).Draw(rt, "longest"))
	})
}

func TestScheduleProperties(t *testing.T) {
	cals, all := calendars(t), schedulers(t)
	rapid.Check(t, func(t *rapid.T) {
		cal, s := cals.Draw(t, "calendar"), all.Draw(t, "scheduler")
		c, now := history(t, s, cal)
		now = now.Add(wait(t))
		cards, err := s.Preview(c, now, cal)
		if err != nil {
			t.Fatal(err)
		}
		for i, next := range cards {
			if next.DueAt <= now.UnixMilli() || next.DueAt <= next.LastAt {
				t.Fatalf("%v at %d is due at %d, last at %d", Ratings()[i], now.UnixMilli(), next.DueAt, next.LastAt)
			}
			if next.LastAt < c.LastAt {
				t.Fatalf("the latest review fell from %d to %d", c.LastAt, next.LastAt)
			}
			if (next.State == Review) != (next.Interval > 0) || next.State.stepping() != (next.Step > 0) {
				t.Fatalf("%v leads to %+v", Ratings()[i], next)
			}
			if i > 0 && shorter(next, cards[i-1]) {
				t.Fatalf("%v rests less than %v: %+v and %+v", Ratings()[i], Ratings()[i-1], next, cards[i-1])
			}
			if replayed, err := s.Next(c, Ratings()[i], now, cal); err != nil || replayed != next {
				t.Fatalf("the same review gives %+v (%v) and %+v", replayed, err, next)
			}
		}
	})
}

// shorter reports whether a rests less than b. Due times compare only in one unit: a quarter of an hour before the
// rollover the next day is nearer than the end of a step.
func shorter(a, b Card) bool {
	return a.Interval < b.Interval || a.State.stepping() == b.State.stepping() && a.DueAt < b.DueAt
}

func TestLongerWaitNeverRaisesRetrievability(t *testing.T) {
	cals, all := calendars(t), schedulers(t)
	rapid.Check(t, func(t *rapid.T) {
		cal, s := cals.Draw(t, "calendar"), all.Draw(t, "scheduler")
		c, now := history(t, s, cal)
		sooner := now.Add(wait(t))
		later := sooner.Add(time.Duration(rapid.IntRange(0, 1_000_000).Draw(t, "longer")) * time.Minute)
		before, after := s.Retrievability(c, sooner, cal), s.Retrievability(c, later, cal)
		if after > before || before > 1 || after < 0 {
			t.Fatalf("retrievability %v at %v and %v at %v", before, sooner, after, later)
		}
	})
}

func BenchmarkPreview(b *testing.B) {
	s, now := newScheduler(b, DefaultRetention, MaxInterval), at(b, "2026-11-21T12:00:00Z")
	c := next(b, s, Card{}, Easy, now, berlin)
	for b.Loop() {
		if _, err := s.Preview(c, now, berlin); err != nil {
			b.Fatal(err)
		}
	}
}
