package srs

import (
	"testing"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"pgregory.net/rapid"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func at(t testing.TB, text string) time.Time {
	t.Helper()
	when, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func dayOf(t testing.TB, date string) int {
	t.Helper()
	when, err := time.Parse(time.DateOnly, date)
	if err != nil {
		t.Fatal(err)
	}
	return int(floorDiv(when.Unix(), daySeconds))
}

func TestDay(t *testing.T) {
	tests := []struct {
		name, zone string
		rollover   int
		now, want  string
	}{
		{"the epoch", "UTC", 0, "1970-01-01T00:00:00Z", "1970-01-01"},
		{"before the epoch", "UTC", 4, "1970-01-01T03:59:59Z", "1969-12-31"},
		{"long before the epoch", "UTC", 4, "1900-03-01T04:00:00Z", "1900-03-01"},
		{"just before the rollover", "Europe/Berlin", 4, "2026-11-21T03:59:59+01:00", "2026-11-20"},
		{"at the rollover", "Europe/Berlin", 4, "2026-11-21T04:00:00+01:00", "2026-11-21"},
		{"midnight UTC is no border", "America/New_York", 4, "2026-11-21T00:10:00Z", "2026-11-20"},
		{"half an hour east", "Asia/Kolkata", 4, "2026-11-20T22:30:00Z", "2026-11-21"},
		{"a quarter of an hour east", "Asia/Kathmandu", 4, "2026-11-20T22:14:59Z", "2026-11-20"},
		{"the hour that comes twice", "Europe/Berlin", 2, "2026-10-25T01:30:00Z", "2026-10-25"},
		{"the date that comes back", "America/St_Johns", 0, "2010-11-07T02:32:00Z", "2010-11-07"},
		{"the date that was left out", "Pacific/Apia", 4, "2011-12-31T10:00:00+14:00", "2011-12-31"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cal := Calendar{Zone: zone(t, tt.zone), Rollover: tt.rollover}
			got, want := cal.Day(at(t, tt.now)), dayOf(t, tt.want)
			if got != want {
				t.Errorf("Day(%s) = %s, want %s", tt.now, date(got).Format(time.DateOnly), tt.want)
			}
		})
	}
}

func TestStart(t *testing.T) {
	tests := []struct {
		name, zone string
		rollover   int
		day, want  string
	}{
		{"an ordinary day", "Europe/Berlin", 4, "2026-11-21", "2026-11-21T04:00:00+01:00"},
		{"the rollover falls into the gap of spring", "Europe/Berlin", 2, "2026-03-29", "2026-03-29T03:00:00+02:00"},
		{"the rollover comes twice in autumn", "Europe/Berlin", 2, "2026-10-25", "2026-10-25T02:00:00+02:00"},
		{"midnight falls into the gap", "America/Santiago", 0, "2026-09-06", "2026-09-06T01:00:00-03:00"},
		{"midnight comes twice", "America/St_Johns", 0, "2010-11-07", "2010-11-07T00:00:00-02:30"},
		{"a gap of half an hour", "Australia/Lord_Howe", 2, "2026-10-04", "2026-10-04T02:30:00+11:00"},
		{"the last day of a leap year long from now", "Europe/Berlin", 4, "2040-12-31", "2040-12-31T04:00:00+01:00"},
		{"a summer long from now", "Europe/Berlin", 4, "2126-07-01", "2126-07-01T04:00:00+02:00"},
		{"a day that was left out", "Pacific/Apia", 4, "2011-12-30", "2011-12-31T00:00:00+14:00"},
		{"the day after one that was left out", "Pacific/Apia", 4, "2011-12-31", "2011-12-31T04:00:00+14:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cal := Calendar{Zone: zone(t, tt.zone), Rollover: tt.rollover}
			if got, want := cal.Start(dayOf(t, tt.day)), at(t, tt.want); !got.Equal(want) {
				t.Errorf("Start(%s) = %v, want %v", tt.day, got, want)
			}
		})
	}
}

func TestZeroCalendarHasDaysOfUTC(t *testing.T) {
	got := Calendar{}.Start(1)
	if want := at(t, "1970-01-02T00:00:00Z"); !got.Equal(want) {
		t.Errorf("Start(1) = %v, want %v", got, want)
	}
}

// calendars draws calendars whose zones have daylight saving, broken offsets and changes at odd hours, but no date
// left out.
func calendars(t testing.TB) *rapid.Generator[Calendar] {
	var zones []*time.Location
	for _, name := range []string{
		"UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "America/Santiago", "Asia/Kolkata",
		"Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Pago_Pago",
		"Africa/Cairo", "Atlantic/Azores",
	} {
		zones = append(zones, zone(t, name))
	}
	return rapid.Custom(func(t *rapid.T) Calendar {
		return Calendar{
			Zone:     rapid.SampledFrom(zones).Draw(t, "zone"),
			Rollover: rapid.IntRange(0, 23).Draw(t, "rollover"),
		}
	})
}

// moments draws moments from 1999 to 2130, which is further than a card is ever put off; no zone of calendars left out
// a date in that time.
func moments() *rapid.Generator[time.Time] {
	return rapid.Map(rapid.Int64Range(915_148_800_000, 5_049_043_200_000), time.UnixMilli)
}

func TestDayAndStartAgree(t *testing.T) {
	cals := calendars(t)
	rapid.Check(t, func(t *rapid.T) {
		cal := cals.Draw(t, "calendar")
		day := rapid.IntRange(10592, 58438).Draw(t, "day")
		start := cal.Start(day)
		if got := cal.Day(start); got != day {
			t.Fatalf("Day(Start(%d)) = %d", day, got)
		}
		if got := cal.Day(start.Add(-time.Millisecond)); got != day-1 {
			t.Fatalf("the millisecond before Start(%d) is of day %d", day, got)
		}
		if length := cal.Start(day + 1).Sub(start); length < 22*time.Hour || length > 26*time.Hour {
			t.Fatalf("day %d has %v", day, length)
		}
	})
}

func TestDayHoldsItsMoments(t *testing.T) {
	cals := calendars(t)
	rapid.Check(t, func(t *rapid.T) {
		cal, now := cals.Draw(t, "calendar"), moments().Draw(t, "now")
		day := cal.Day(now)
		if start, end := cal.Start(day), cal.Start(day+1); now.Before(start) || !now.Before(end) {
			t.Fatalf("Day(%v) = %d, which lasts from %v to %v", now, day, start, end)
		}
	})
}

func TestDayNeverFalls(t *testing.T) {
	cals := calendars(t)
	rapid.Check(t, func(t *rapid.T) {
		cal, now := cals.Draw(t, "calendar"), moments().Draw(t, "now")
		later := now.Add(time.Duration(rapid.Int64Range(0, int64(72*time.Hour)).Draw(t, "wait")))
		if before, after := cal.Day(now), cal.Day(later); after < before {
			t.Fatalf("day %d at %v, but %d at %v", before, now, after, later)
		}
	})
}
