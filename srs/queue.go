package srs

import (
	"cmp"
	"slices"
	"time"
)

// LearnAhead is how early a card in its minute steps may be shown when nothing else is left.
const LearnAhead = 20 * time.Minute

// Due is what the queue must know of a card.
type Due struct {
	Key    int64 // the question's key in the store
	Part   int   // the number of the cloze blank, 0 for a question with one card
	State  State
	DueAt  int64 // ms UTC, ignored for New
	LastAt int64 // the latest review, ms UTC; ignored for New
	First  bool  // comes before others that may be shown, whenever it is due

	Stability float64 // as in Card
	OnDay     float64 // in the final pass: the chance of recall on the day of the interview, least first; else 0
}

// Queue is a candidate's work of one study day as the store hands it over: lists that are long enough to choose from,
// not necessarily complete.
type Queue struct {
	Seen         []Due // cards in Learning, Review or Relearning; those not yet due do no harm
	New          []Due // cards never reviewed, in the order in which they are to be introduced
	NewLimit     int   // new cards to introduce in a day
	NewToday     int   // new cards already introduced today
	ReviewsToday int   // cards in Review already reviewed today
	ReviewLimit  int   // cards in Review to review in a day, 0: all
	Ahead        int   // study days from which cards in Review are taken before they are due
	Last         int64 // the question of the card shown before; another one comes next if there is one
}

// Counts says how many cards of a Queue are left today.
type Counts struct {
	Learning int // in their minute steps, due before the study day ends or within LearnAhead
	Review   int // due today or earlier
	New      int // under the day's limit
}

// Total returns the sum of the counts.
func (c Counts) Total() int { return c.Learning + c.Review + c.New }

// Next returns the card to show at now and the cards left, that one included. First come cards whose minute step is
// over, the longest waiting first. Then reviews, by due day, with new cards spread evenly between them. When neither
// is left but cards of the question shown last, cards whose step ends within LearnAhead. It reports false when nothing is to be shown now.
func (q Queue) Next(now time.Time, cal Calendar) (next Due, left Counts, ok bool) {
	learning, reviews := q.today(now, cal)
	fresh := q.New[:max(0, min(q.NewLimit-q.NewToday, len(q.New)))]
	left = Counts{Learning: len(learning), Review: q.limited(len(reviews)), New: len(fresh)}
	if left.Total() == 0 {
		return Due{}, left, false
	}
	// Of the reviews, those of the question shown last are passed over, and the one after them is not.
	last := 0
	for _, d := range reviews {
		if d.Key == q.Last {
			last++
		}
	}
	next, ok = q.choose(q.inTurn(learning, first(reviews, min(left.Review, last+1), cal), fresh, now, left))
	return next, left, ok
}

// inTurn returns the cards that may be shown now in the order in which they come. Of the reviews there are those that come
// first.
func (q Queue) inTurn(learning, reviews, fresh []Due, now time.Time, left Counts) []Due {
	turn := until(learning, now)
	if q.newNow(left.Review, left.New) {
		turn = slices.Concat(turn, fresh, reviews)
	} else {
		turn = slices.Concat(turn, reviews, fresh)
	}
	if !slices.ContainsFunc(turn, func(d Due) bool { return d.Key != q.Last }) {
		turn = append(turn, until(learning, now.Add(LearnAhead))...)
	}
	return turn
}

// until returns the cards whose minute step is over at a time.
func until(learning []Due, t time.Time) []Due {
	i := slices.IndexFunc(learning, func(d Due) bool { return d.DueAt > t.UnixMilli() })
	if i < 0 {
		i = len(learning)
	}
	over := slices.Clone(learning[:i])
	slices.SortStableFunc(over, func(a, b Due) int { return compareFirst(&a, &b) })
	return over
}

// choose returns the first card that is not of the question shown last: the back of one blank shows the others.
func (q Queue) choose(turn []Due) (Due, bool) {
	for _, d := range turn {
		if q.Last == 0 || d.Key != q.Last {
			return d, true
		}
	}
	if len(turn) == 0 {
		return Due{}, false
	}
	return turn[0], true
}

// newNow reports whether a new card comes before the next review. Of n new cards and r reviews in the whole day, the
// k-th new card follows (k − ½)·r/n reviews.
func (q Queue) newNow(reviewsLeft, newLeft int) bool {
	reviews, fresh := q.ReviewsToday+reviewsLeft, q.NewToday+newLeft
	return reviewsLeft == 0 || newLeft > 0 && (2*q.NewToday+1)*reviews <= 2*q.ReviewsToday*fresh
}

// today returns the seen cards of this study day: those in their minute steps in the order in which they come, and all
// reviews, in no order.
func (q Queue) today(now time.Time, cal Calendar) (learning []Due, reviews []*Due) {
	day := cal.Day(now)
	begin, tomorrow, end := cal.Start(day).UnixMilli(), cal.Start(day+1).UnixMilli(), cal.Start(day+1+q.Ahead).UnixMilli()
	soon := max(tomorrow-1, now.Add(LearnAhead).UnixMilli())
	for i := range q.Seen {
		d := &q.Seen[i]
		switch {
		case d.State.stepping() && d.DueAt <= soon:
			learning = append(learning, *d)
		case d.State == Review && d.DueAt < end && (d.DueAt < tomorrow || d.LastAt < begin):
			reviews = append(reviews, d)
		}
	}
	slices.SortFunc(learning, func(a, b Due) int {
		return cmp.Or(cmp.Compare(a.DueAt, b.DueAt), compareKeys(a, b))
	})
	return learning, reviews
}

// ranked is a review with its place among others.
type ranked struct {
	*Due
	day     int
	scatter uint64
}

func (a ranked) compare(b ranked) int {
	if order := cmp.Or(compareFirst(a.Due, b.Due), cmp.Compare(a.OnDay, b.OnDay), cmp.Compare(a.day, b.day)); order != 0 {
		return order
	}
	return cmp.Or(cmp.Compare(a.scatter, b.scatter), compareKeys(*a.Due, *b.Due))
}

// first returns the n reviews that come first, in their order.
func first(reviews []*Due, n int, cal Calendar) []Due {
	if n == 0 {
		return nil
	}
	head := make([]ranked, 0, min(n, len(reviews))+1)
	day, begin, end := 0, int64(0), int64(0)
	for _, d := range reviews {
		if d.DueAt < begin || d.DueAt >= end { // mostly the one before is due on the same day
			day = cal.Day(time.UnixMilli(d.DueAt))
			begin, end = cal.Start(day).UnixMilli(), cal.Start(day+1).UnixMilli()
		}
		r := ranked{d, day, scatter(*d)}
		if len(head) == n && r.compare(head[n-1]) > 0 {
			continue
		}
		i := len(head)
		if n < len(reviews) { // else all are sorted
			i, _ = slices.BinarySearchFunc(head, r, ranked.compare)
		}
		head = slices.Insert(head, i, r)
		head = head[:min(len(head), n)]
	}
	slices.SortFunc(head, ranked.compare)
	out := make([]Due, len(head))
	for i := range out {
		out[i] = *head[i].Due
	}
	return out
}

// limited returns how many of the reviews a limit leaves for today: those that come first, mostly the ones that have waited
// longest, so that none waits for ever. TestBacklogOrder compares the order with others.
func (q Queue) limited(reviews int) int {
	if q.ReviewLimit == 0 {
		return reviews
	}
	return max(0, min(reviews, q.ReviewLimit-q.ReviewsToday))
}

// CatchUp returns the daily limit with which cards are all reviewed after so many study days, today included, when as
// many come due anew as are reviewed beside them. It is meant to be asked for anew on each of the days.
func CatchUp(cards, days int) int { return (cards + max(1, days) - 1) / max(1, days) }

func compareFirst(a, b *Due) int {
	switch {
	case a.First == b.First:
		return 0
	case a.First:
		return -1
	default:
		return 1
	}
}

func compareKeys(a, b Due) int {
	return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Part, b.Part))
}

// scatter gives a card its place among those due on one day: always the same, but unrelated to its key, because
// neighbouring keys are questions of one topic, and mixed topics are learnt better.
func scatter(d Due) uint64 {
	// The finaliser of splitmix64 (Steele, Lea and Flood 2014).
	x := uint64(d.Key)*0x9e3779b97f4a7c15 + uint64(d.Part)
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
