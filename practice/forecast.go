package practice

import (
	"rehearse/srs"
	"rehearse/store"
)

// forecastDays is how far forecasts look ahead, today included.
const forecastDays = 30

// Forecast returns how many of a candidate's cards come due on each of the next study days, today first, as planned now:
// reviews before then add their own.
func (s *Service) Forecast(tx *store.Tx, u store.User) ([]int, error) {
	cal, err := s.Calendar(u)
	if err != nil {
		return nil, err
	}
	hand, err := s.hand(tx, u)
	if err != nil {
		return nil, err
	}
	return srs.Forecast(hand.cards, tx.Time(), cal, forecastDays), nil
}

// Tomorrow is what the next study day holds of a selection, under its limits.
type Tomorrow struct{ Reviews, New int }

// Tomorrow returns what the next study day holds when all of today is done.
func (s *Service) Tomorrow(tx *store.Tx, u store.User, sel Selection, today Today) (t Tomorrow, err error) {
	t.Reviews = today.Forecast[1]
	if u.ReviewsPerDay > 0 && sel.limited() {
		t.Reviews = min(t.Reviews, u.ReviewsPerDay)
	}
	limit := newLimit(u, today.Activity.Day+1)
	if !sel.limited() || limit == 0 {
		return t, nil
	}
	wanted, err := s.filter(tx, u, sel)
	if err != nil {
		return t, err
	}
	hand, err := s.hand(tx, u)
	if err != nil {
		return t, err
	}
	t.New = max(0, len(hand.fresh(wanted, today.Left.New+limit))-today.Left.New)
	return t, nil
}
