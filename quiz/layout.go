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
		return Layout{Options: numbered(choiceOrder(d, &q))}
	case bank.Order:
		return Layout{Options: numbered(scramble(d, q.Order))}
	case bank.Match:
		left, right := columns(q.Body)
		return Layout{Options: numbered(shuffled(d, left)), Right: numbered(shuffled(d, right))}
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
func choiceOrder(d dice, q *bank.Question) []Option {
	list, free := make([]Option, 0, len(q.Choices)), len(q.Choices)
	for _, last := range []bool{false, true} {
		for i := range q.Choices {
			if c := &q.Choices[i]; last == (c.Last && !q.KeepOrder) {
				list = append(list, Option{BankID: c.ID, Text: c.Text})
			}
		}
		if !last {
			free = len(list)
		}
	}
	if !q.KeepOrder {
		rearrange(d, list[:free])
		rearrange(d, list[free:])
	}
	return list
}

// scramble returns the items in a random order other than the right one, all such orders being equally likely.
func scramble(d dice, right []bank.Item) []Option {
	shown := shuffled(d, right)
	// Each draw fails once in n! times. The bound only keeps a list without another order from going on for ever.
	for range 64 {
		if !slices.EqualFunc(shown, right, func(o Option, item bank.Item) bool { return o.BankID == item.ID }) {
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

// shuffled returns items in random order.
func shuffled(d dice, items []bank.Item) []Option {
	list := make([]Option, len(items))
	for i, item := range items {
		list[i] = Option{BankID: item.ID, Text: item.Text}
	}
	rearrange(d, list)
	return list
}

// rearrange puts a list in random order, whatever order it comes in.
func rearrange(d dice, list []Option) {
	slices.SortFunc(list, func(a, b Option) int { return strings.Compare(a.BankID, b.BankID) })
	shuffle(d, list)
}

// numbered numbers options in the order shown.
func numbered(list []Option) []Option {
	for i := range list {
		list[i].ID = strconv.Itoa(i + 1)
	}
	return list
}
