package srs

import (
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDaysBeforeAnInterview(t *testing.T) {
	cal := Calendar{Interview: 20000}
	for _, test := range []struct {
		day          int
		early, final bool
	}{{19000, true, false}, {19994, true, false}, {19995, false, true}, {19999, false, true}, {20000, false, false}, {20001, false, false}} {
		if early, final := cal.early(test.day), cal.InFinalPass(test.day); early != test.early || final != test.final {
			t.Errorf("day %d: early %v, final pass %v, want %v, %v", test.day, early, final, test.early, test.final)
		}
		if (Calendar{}).early(test.day) || (Calendar{}).InFinalPass(test.day) {
			t.Errorf("day %d is one before an interview, without one", test.day)
		}
	}
}

// Every card that would be recalled less than wanted on the day comes before it, and none later than without an interview.
func TestFinalPass(t *testing.T) {
	s, err := NewScheduler(DefaultRetention, MaxInterval)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		day := rapid.IntRange(20000, 20100).Draw(t, "interview")
		cal := Calendar{Interview: day, Rollover: rapid.IntRange(0, 23).Draw(t, "rollover")}
		last := rapid.IntRange(19900, day-1).Draw(t, "last review")
		before := Due{
			Key: rapid.Int64Range(1, 1000).Draw(t, "key"), State: Review, Stability: rapid.Float64Range(.1, 500).Draw(t, "stability"),
			LastAt: cal.Start(last).UnixMilli(), DueAt: cal.Start(last + rapid.IntRange(1, 400).Draw(t, "interval")).UnixMilli(),
		}
		d := s.InPass(before, cal)
		due := studyDay(d.DueAt, cal)
		switch {
		case d.DueAt > before.DueAt:
			t.Fatalf("put off from day %d to %d", studyDay(before.DueAt, cal), due)
		case last < day-FinalPass && d.OnDay < DefaultRetention && due >= day:
			t.Fatalf("recall on day %d is %.2f, and it is due on day %d", day, d.OnDay, due)
		case d != before && d.DueAt != before.DueAt && (d.OnDay >= DefaultRetention || last >= day-FinalPass || due < day-FinalPass):
			t.Fatalf("moved from day %d to %d, reviewed on %d, recall %.2f", studyDay(before.DueAt, cal), due, last, d.OnDay)
		}
	})
}

func TestFinalPassIsSpread(t *testing.T) {
	s, err := NewScheduler(DefaultRetention, MaxInterval)
	if err != nil {
		t.Fatal(err)
	}
	cal, days := Calendar{Interview: start + 20}, map[int]int{}
	for key := range int64(100) {
		d := Due{Key: key, State: Review, Stability: 20, LastAt: cal.Start(start - 10).UnixMilli(), DueAt: cal.Start(start + 40).UnixMilli()}
		days[studyDay(s.InPass(d, cal).DueAt, cal)]++
	}
	for day := start + 15; day < start+20; day++ {
		if days[day] < 12 || days[day] > 28 {
			t.Errorf("day %d has %d cards of 100, want about 20: %v", day-start, days[day], days)
		}
	}
}

func TestCardsAreHeldBackForAnInterview(t *testing.T) {
	s, err := NewScheduler(DefaultRetention, MaxInterval)
	if err != nil {
		t.Fatal(err)
	}
	good := Card{State: Review, Stability: 10, Difficulty: 5, Interval: 10, LastAt: noon(start - 10).UnixMilli()}
	days := func(left int) int {
		cal := Calendar{Interview: start + left}
		next, err := s.Next(good, Good, noon(start), cal)
		if err != nil {
			t.Fatal(err)
		}
		if recall := s.Retrievability(next, noon(start+next.Interval), cal); left > FinalPass && (recall < .79 || recall > .81) {
			t.Errorf("%d days before an interview a card comes back at a recall of %.3f, want .80", left, recall)
		}
		return next.Interval
	}
	if usual := days(-start); days(60) < 2*usual || days(6) != days(60) || days(5) != usual || days(0) != usual || days(-1) != usual {
		t.Errorf("intervals 60, 6, 5, 0 and -1 days before an interview: %d %d %d %d %d, without one %d", days(60), days(6), days(5), days(0), days(-1), usual)
	}
}

// rehearsal is somebody who learns new cards every day and reviews all that is due, up to an interview.
type rehearsal struct {
	t       *testing.T
	s       *Scheduler
	cal     Calendar
	luck    *rand.Rand
	cards   []Card
	load    Load
	reviews int
}

// review answers a card as its memory has it, until it waits for another day.
func (r *rehearsal) review(i, day int) {
	now := noon(day)
	for first := true; first || r.cards[i].State != Review; first = false {
		rating := Good
		if first && r.luck.Float64() > max(.5, r.s.Retrievability(r.cards[i], now, r.cal)) {
			rating = Again
		}
		next, err := r.s.Next(r.cards[i], rating, now, r.cal)
		if err != nil {
			r.t.Fatal(err)
		}
		r.cards[i] = next.Moved(r.load.Balance(next, r.cal), r.cal)
		r.reviews++
		now = now.Add(11 * time.Minute)
	}
	r.load.Due[studyDay(r.cards[i].DueAt, r.cal)]++
}

// due returns when a card comes, in ms.
func (r *rehearsal) due(i, day int) int64 {
	c := r.cards[i]
	d := Due{Key: int64(i), State: c.State, DueAt: c.DueAt, LastAt: c.LastAt, Stability: c.Stability}
	if r.cal.InFinalPass(day) {
		d = r.s.InPass(d, r.cal)
	}
	return d.DueAt
}

// play goes through the days and returns the reviews and the mean chance of recall on the last one.
func (r *rehearsal) play(days, cards int) (reviews int, recall float64) {
	each := (cards + days - 8) / (days - 7) // none in the last week
	for day := start; day < start+days; day++ {
		for i := range r.cards {
			if r.due(i, day) < r.cal.Start(day+1).UnixMilli() {
				r.review(i, day)
			}
		}
		for range min(each, cards-len(r.cards)) {
			r.cards = append(r.cards, Card{})
			r.review(len(r.cards)-1, day)
		}
	}
	for _, c := range r.cards {
		recall += r.s.Retrievability(c, noon(start+days), r.cal) / float64(cards)
	}
	return r.reviews, recall
}

// Who says when the interview is reviews less than somebody who does not, and knows as much on the day.
func TestInterviewCostsFewerReviews(t *testing.T) {
	s, err := NewScheduler(DefaultRetention, MaxInterval)
	if err != nil {
		t.Fatal(err)
	}
	for _, plan := range []struct{ days, cards int }{{14, 150}, {30, 300}, {60, 300}} {
		learn := func(cal Calendar) (int, float64) {
			r := &rehearsal{t: t, s: s, cal: cal, luck: rand.New(rand.NewPCG(1, 2)), load: Load{Due: map[int]int{}}}
			return r.play(plan.days, plan.cards)
		}
		reviews, recall := learn(Calendar{Interview: start + plan.days})
		usual, usualRecall := learn(Calendar{})
		t.Logf("%d days, %d cards: %d reviews, recall %.3f; without a date %d, %.3f", plan.days, plan.cards, reviews, recall, usual, usualRecall)
		if reviews*100 > usual*94 || recall < usualRecall {
			t.Errorf("%d days, %d cards: %d reviews for a recall of %.3f, without a date %d for %.3f", plan.days, plan.cards, reviews, recall, usual, usualRecall)
		}
	}
}
