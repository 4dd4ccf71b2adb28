package srs

import (
	"cmp"
	"slices"
	"time"
)

// Order returns the cards in the order in which they come, when each is reviewed once from now on: those of this study
// day, as Next would choose them, and after them those of later days by their due times. DueAt is from when on a card
// may be shown; it is now at the latest for a card that may be shown now.
func (q Queue) Order(now time.Time, cal Calendar) []Due {
	learning, all := q.today(now, cal)
	reviews := first(all, q.limited(len(all)), cal)
	fresh := q.New[:max(0, min(q.NewLimit-q.NewToday, len(q.New)))]
	order := until(learning, now)
	for len(reviews)+len(fresh) > 0 {
		if q.newNow(len(reviews), len(fresh)) {
			order, fresh = append(order, fresh[0]), fresh[1:]
			q.NewToday++
		} else {
			order, reviews = append(order, reviews[0]), reviews[1:]
			q.ReviewsToday++
		}
	}
	return append(order, q.later(order, cal.Start(cal.Day(now)+1))...)
}

// later returns the seen cards that are not among some, by due time. Reviews beyond the limit of this day wait for
// tomorrow.
func (q Queue) later(than []Due, tomorrow time.Time) []Due {
	taken := map[Due]bool{}
	for _, d := range than {
		taken[d] = true
	}
	var rest []Due
	for _, d := range q.Seen {
		if taken[d] {
			continue
		}
		if d.State == Review {
			d.DueAt = max(d.DueAt, tomorrow.UnixMilli())
		}
		rest = append(rest, d)
	}
	slices.SortFunc(rest, func(a, b Due) int { return cmp.Or(cmp.Compare(a.DueAt, b.DueAt), compareKeys(a, b)) })
	return rest
}
