package quiz

import (
	"slices"
	"strconv"
	"strings"

	"rehearse/bank"
)

// Option is one thing a candidate may pick or move, as shown in one place of one attempt.
type Option struct {
	ID     string    // its place in the shown order, from "1": all that a form may carry
	BankID string    // the id of the choice or item: never to be written into a page before the response
	Text   bank.Rich // what to show
}

// Layout is the order in which the parts of a question are shown in one place of one attempt.
type Layout struct {
	Options []Option // choices, items to be put in order, or the left column of a match
	Right   []Option // the right column of a match, decoys included
}

// NewLayout arranges a question for a position of an attempt. The layout follows from what is shown, the seed and the
// position: neither from the author's order (unless the question keeps it) nor from which choices are right. The one
// exception: items to be put in order are never shown in the right order.
func NewLayout(q bank.Question, seed uint64, position int) Layout {
	d := newDice(seed, uint64(position))
	switch q.Kind {
	case bank.Single, bank.Multiple:
		return Layout{Options: options(choiceOrder(d, q))}
	case bank.Order:
		return Layout{Options: options(scramble(d, q.Order))}
	case bank.Match:
		left, right := columns(q.Body)
		return Layout{Options: options(shuffled(d, left)), Right: options(shuffled(d, right))}
	default:
		return Layout{}
	}
}

// bankID returns the bank's id of the option with the given id, or false when no such option was shown.
func bankID(list []Option, id string) (string, bool) {
	for _, o := range list {
		if o.ID == id {
			return o.BankID, true
		}
	}
	return "", false
}

// choiceOrder returns the choices as shown; those that speak of "the above" come last.
func choiceOrder(d dice, q bank.Question) []bank.Item {
	free := make([]bank.Item, 0, len(q.Choices))
	var last []bank.Item
	for _, c := range q.Choices {
		item := bank.Item{ID: c.ID, Text: c.Text}
		if c.Last && !q.KeepOrder {
			last = append(last, item)
		} else {
			free = append(free, item)
		}
	}
	if q.KeepOrder {
		return free
	}
	return append(shuffled(d, free), shuffled(d, last)...)
}

// scramble returns the items in a random order other than the right one, all such orders being equally likely.
func scramble(d dice, right []bank.Item) []bank.Item {
	shown := shuffled(d, right)
	// Each draw fails once in n! times. The bound only keeps a list without another order from going on for ever.
	for range 64 {
		if !slices.EqualFunc(shown, right, sameItem) {
			break
		}
		shown = shuffled(d, right)
	}
	return shown
}

// columns returns both sides of a match question.
func columns(b bank.Body) (left, right []bank.Item) {
	for _, p := range b.Pairs {
		left = append(left, p.Left)
		right = append(right, p.Right)
	}
	return left, append(right, b.Decoys...)
}

// shuffled returns items in random order, whatever order they come in.
func shuffled(d dice, items []bank.Item) []bank.Item {
	items = slices.Clone(items)
	slices.SortFunc(items, func(a, b bank.Item) int { return strings.Compare(a.ID, b.ID) })
	shuffle(d, items)
	return items
}

func sameItem(a, b bank.Item) bool { return a.ID == b.ID }

// options numbers items in the order shown.
func options(items []bank.Item) []Option {
	list := make([]Option, len(items))
	for i, item := range items {
		list[i] = Option{ID: strconv.Itoa(i + 1), BankID: item.ID, Text: item.Text}
	}
	return list
}
