package quiz

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rehearse/bank"
)

func bankIDs(list []Option) []string {
	var ids []string
	for _, o := range list {
		ids = append(ids, o.BankID)
	}
	return ids
}

// What a candidate once saw must not change with an upgrade: attempts keep the seed, not the layout.
func TestLayoutIsTheSameForEver(t *testing.T) {
	got := fmt.Sprint(
		bankIDs(NewLayout(question(bank.Multiple), 1, 0).Options),
		bankIDs(NewLayout(question(bank.Multiple), 1, 1).Options),
		bankIDs(NewLayout(question(bank.Multiple), 2, 0).Options),
		bankIDs(NewLayout(question(bank.Order), 1, 0).Options),
		bankIDs(NewLayout(question(bank.Match), 1, 0).Options),
		bankIDs(NewLayout(question(bank.Match), 1, 0).Right),
	)
	want := "[a d b c] [b a c d] [d a b c] [o1 o4 o2 o3] [l1 l2 l3] [r2 r1 r3 r4]"
	if got != want {
		t.Errorf("layouts\n%s, want\n%s", got, want)
	}
}

func TestLayoutKeepsTheAuthorsOrderWhenAsked(t *testing.T) {
	q := with(bank.Single, func(q *bank.Question) { q.KeepOrder = true; q.Choices[1].Last = true })
	got := NewLayout(q, 5, 2)
	if diff := cmp.Diff([]string{"b", "c", "a", "d"}, bankIDs(got.Options)); diff != "" {
		t.Errorf("order shown (-want +got):\n%s", diff)
	}
	if got.Options[3].ID != "4" || got.Options[3].Text != rich("choice d") {
		t.Errorf("the fourth option is %+v", got.Options[3])
	}
}

func TestLayoutShowsEveryOrderAlike(t *testing.T) {
	q := with(bank.Single, func(q *bank.Question) { q.Choices = choices("a!", "b", "c") })
	const draws = 12_000
	counts := make(map[string]int)
	for seed := range uint64(draws) {
		counts[fmt.Sprint(bankIDs(NewLayout(q, seed, 3).Options))]++
	}
	for order, n := range counts {
		if n < draws/6*9/10 || n > draws/6*11/10 {
			t.Errorf("%s is shown %d times of %d, want about a sixth", order, n, draws)
		}
	}
	if len(counts) != 6 {
		t.Errorf("%d orders are shown, want 6", len(counts))
	}
}

func TestLayoutProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q, seed, position := questions().Draw(t, "question"), rapid.Uint64().Draw(t, "seed"), rapid.IntRange(0, 100).Draw(t, "position")
		if len(q.Choices) > 0 {
			q.Choices[rapid.IntRange(0, len(q.Choices)-1).Draw(t, "last")].Last = rapid.Bool().Draw(t, "is last")
		}
		layout := NewLayout(q, seed, position)
		isPermutation(t, layout.Options, shownIDs(q))
		left, right := columns(q.Body)
		if q.Kind == bank.Match {
			isPermutation(t, layout.Options, itemIDs(left))
			isPermutation(t, layout.Right, itemIDs(right))
		}
		if q.Kind == bank.Order && slices.Equal(bankIDs(layout.Options), itemIDs(q.Order)) {
			t.Fatalf("seed %d shows the right order", seed)
		}
		for i, c := range q.Choices {
			if c.Last && !q.KeepOrder && layout.Options[len(layout.Options)-1].BankID != q.Choices[i].ID {
				t.Fatalf("choice %s stands at %v, want it last", c.ID, bankIDs(layout.Options))
			}
		}
		if diff := cmp.Diff(layout, NewLayout(disguise(t, q), seed, position)); diff != "" {
			t.Fatalf("the layout depends on the key or the author's order (-want +got):\n%s", diff)
		}
	})
}

// disguise changes everything about a question that its layout must not depend on.
func disguise(t *rapid.T, q bank.Question) bank.Question {
	q.Choices = slices.Clone(q.Choices)
	for i := range q.Choices {
		q.Choices[i].Right = rapid.Bool().Draw(t, "right")
	}
	if !q.KeepOrder && len(q.Choices) > 0 {
		q.Choices = rapid.Permutation(q.Choices).Draw(t, "choices")
	}
	if len(q.Pairs) > 0 {
		// The right column is dealt anew and listed anew, a decoy changing places with a right answer.
		left, right := columns(q.Body)
		left, right = rapid.Permutation(left).Draw(t, "left"), rapid.Permutation(right).Draw(t, "right")
		q.Pairs, q.Decoys = nil, nil
		for i, item := range left {
			q.Pairs = append(q.Pairs, bank.Pair{Left: item, Right: right[i]})
		}
		q.Decoys = right[len(left):]
	}
	return q
}

func itemIDs(items []bank.Item) []string {
	var ids []string
	for _, item := range items {
		ids = append(ids, item.ID)
	}
	return ids
}

// shownIDs returns the ids of what a layout's Options hold.
func shownIDs(q bank.Question) []string {
	var ids []string
	for _, c := range q.Choices {
		ids = append(ids, c.ID)
	}
	ids = append(ids, itemIDs(q.Order)...)
	for _, p := range q.Pairs {
		ids = append(ids, p.Left.ID)
	}
	return ids
}

func isPermutation(t *rapid.T, list []Option, want []string) {
	got := bankIDs(list)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Fatalf("the layout holds %v, want %v", got, want)
	}
	for i, o := range list {
		if o.ID != fmt.Sprint(i+1) {
			t.Fatalf("option %d has id %q", i+1, o.ID)
		}
	}
}
