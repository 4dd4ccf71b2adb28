package quiz

import (
	"slices"

	"rehearse/bank"
)

// decodeOrder reads a place for every item; each place may be given once.
func decodeOrder(f *form, _ bank.Question, layout Layout) Response {
	const prefix = "order-"
	f.strangers(prefix, len(layout.Options))
	order := make([]string, len(layout.Options))
	for _, o := range layout.Options {
		field := prefix + o.ID
		value := f.first(field)
		place, ok := number(value, len(order))
		switch {
		case value == "":
			f.refuse(field, "Give this item a place.")
		case !ok:
			f.refuse(field, "Places go from 1 to %d.", len(order))
		case order[place-1] != "":
			f.refuse(field, "Two items have place %d.", place)
		default:
			order[place-1] = o.BankID
		}
	}
	return Response{Order: order}
}

// scoreOrder gives the share of items that stand in their place.
func scoreOrder(q bank.Question, r Response) Result {
	var result Result
	right := 0
	for i, item := range q.Order {
		place := PlaceResult{ID: item.ID, Want: i + 1, Got: slices.Index(r.Order, item.ID) + 1}
		if place.Right = place.Got == place.Want; place.Right {
			right++
		}
		result.Places = append(result.Places, place)
	}
	return result.share(right, len(q.Order))
}
