package srs

import (
	"testing"
	"time"
)

func TestRatingOf(t *testing.T) {
	tests := []struct {
		right, unsure bool
		want          Rating
	}{
		{false, false, Again},
		{false, true, Again},
		{true, true, Hard},
		{true, false, Good},
	}
	for _, tt := range tests {
		if got := RatingOf(tt.right, tt.unsure); got != tt.want {
			t.Errorf("RatingOf(%v, %v) = %v, want %v", tt.right, tt.unsure, got, tt.want)
		}
	}
}

func TestNames(t *testing.T) {
	for got, want := range map[string]string{
		Again.String(): "again", Hard.String(): "hard", Good.String(): "good", Easy.String(): "easy",
		Rating(0).String(): "Rating(0)", Rating(5).String(): "Rating(5)",
		New.String(): "new", Learning.String(): "learning", Review.String(): "review", Relearning.String(): "relearning",
		State(-1).String(): "State(-1)",
	} {
		if got != want {
			t.Errorf("String() = %q, want %q", got, want)
		}
	}
}

func TestIntervalText(t *testing.T) {
	const day = 24 * time.Hour
	tests := []struct {
		d    time.Duration
		want string
	}{
		{-time.Hour, "<1 min"},
		{0, "<1 min"},
		{59 * time.Second, "<1 min"},
		{time.Minute, "1 min"},
		{10 * time.Minute, "10 min"},
		{59*time.Minute + 40*time.Second, "1 h"},
		{5 * time.Hour, "5 h"},
		{23*time.Hour + 40*time.Minute, "1 d"},
		{3 * day, "3 d"},
		{29 * day, "29 d"},
		{30 * day, "1 mo"},
		{37 * day, "1.2 mo"},
		{364 * day, "1 y"},
		{767 * day, "2.1 y"},
		{36500 * day, "99.9 y"},
	}
	for _, tt := range tests {
		if got := IntervalText(tt.d); got != tt.want {
			t.Errorf("IntervalText(%v) = %q, want %q", tt.d, got, tt.want)
		}
	}
}

func TestWait(t *testing.T) {
	now := at(t, "2026-11-21T23:00:00+01:00")
	step := Card{State: Learning, DueAt: now.Add(10 * time.Minute).UnixMilli()}
	if got := step.Wait(now); got != 10*time.Minute {
		t.Errorf("in a step: %v, want 10 min", got)
	}
	if got := step.Wait(now.Add(time.Hour)); got != 0 {
		t.Errorf("overdue: %v, want 0", got)
	}
	// Late in the evening the third day from now starts in two days and five hours, but the button says "3 d".
	review := Card{State: Review, Interval: 3, DueAt: berlin.Start(berlin.Day(now) + 3).UnixMilli()}
	if got := IntervalText(review.Wait(now)); got != "3 d" {
		t.Errorf("in review: %q, want 3 d", got)
	}
}
