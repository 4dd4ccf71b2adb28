package quiz

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rehearse/bank"
)

// option returns the id under which the layout shows an item of the bank.
func option(t rapid.TB, list []Option, bankID string) string {
	for _, o := range list {
		if o.BankID == bankID {
			return o.ID
		}
	}
	t.Fatalf("%q is not shown", bankID)
	return ""
}

type fields = map[string][]string

func TestResponseFromForm(t *testing.T) {
	tests := []struct {
		name string
		kind bank.Kind
		form func(Layout) fields
		want Response
	}{
		{
			"single", bank.Single,
			func(l Layout) fields { return fields{"choice": {option(t, l.Options, "c")}, "csrf": {"x"}} },
			Response{Choices: []string{"c"}},
		},
		{
			"multiple", bank.Multiple,
			func(l Layout) fields {
				return fields{"choice": {option(t, l.Options, "d"), option(t, l.Options, "a"), option(t, l.Options, "d")}}
			},
			Response{Choices: []string{"d", "a"}},
		},
		{
			"unsure", bank.Single,
			func(l Layout) fields { return fields{"choice": {option(t, l.Options, "c")}, "unsure": {"1"}} },
			Response{Choices: []string{"c"}, Unsure: true},
		},
		{
			"text", bank.Text,
			func(Layout) fields { return fields{"text": {" one\r\ntwo "}} },
			Response{Text: " one\ntwo "},
		},
		{"number", bank.Number, func(Layout) fields { return fields{"text": {"1,000 ms"}} }, Response{Text: "1,000 ms"}},
		{"output", bank.Output, func(Layout) fields { return fields{"text": {"a\r\nb"}} }, Response{Text: "a\nb"}},
		{
			"order", bank.Order,
			func(l Layout) fields {
				return fields{
					"order-" + option(t, l.Options, "o1"): {"2"}, "order-" + option(t, l.Options, "o2"): {" 1"},
					"order-" + option(t, l.Options, "o3"): {"4"}, "order-" + option(t, l.Options, "o4"): {"3"},
				}
			},
			Response{Order: []string{"o2", "o1", "o4", "o3"}},
		},
		{
			"match", bank.Match,
			func(l Layout) fields {
				return fields{
					"pair-" + option(t, l.Options, "l1"): {option(t, l.Right, "r4")},
					"pair-" + option(t, l.Options, "l2"): {option(t, l.Right, "r2")},
					"pair-" + option(t, l.Options, "l3"): {option(t, l.Right, "r2")},
				}
			},
			Response{Pairs: map[string]string{"l1": "r4", "l2": "r2", "l3": "r2"}},
		},
		{
			"cloze", bank.Cloze,
			func(Layout) fields { return fields{"blank-1": {""}, "blank-3": {"poll"}} },
			Response{Blanks: []string{"", "", "poll"}},
		},
		{
			"interview", bank.Interview,
			func(Layout) fields { return fields{"text": {"a"}, "mark": {"3", "1", "3"}, "rating": {"2"}} },
			Response{Text: "a", SelfMark: SelfMark{Marks: []int{0, 2}, Rating: 2}},
		},
		{"card, answered aloud", bank.Card, func(Layout) fields { return nil }, Response{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := question(tt.kind)
			layout := NewLayout(q, 7, 1)
			got, problems := ResponseFromForm(tt.form(layout), q, layout)
			if problems != nil {
				t.Fatalf("problems %v, want none", problems)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("response (-want +got):\n%s", diff)
			}
		})
	}
}

func TestResponseFromFormRefuses(t *testing.T) {
	long := strings.Repeat("x", MaxText+1)
	const stranger = "This is not part of the question; load the page again."
	tests := []struct {
		name string
		kind bank.Kind
		form fields
		want map[string]string
	}{
		{"no choice", bank.Single, nil, map[string]string{"choice": "Choose one answer."}},
		{"two choices of one", bank.Single, fields{"choice": {"1", "2"}}, map[string]string{"choice": "Choose one answer."}},
		{
			"a bank's id", bank.Single,
			fields{"choice": {"b"}},
			map[string]string{"choice": "One of the answers sent is not among those offered; choose again."},
		},
		{
			"an option too far", bank.Multiple,
			fields{"choice": {"1", "5"}},
			map[string]string{"choice": "One of the answers sent is not among those offered; choose again."},
		},
		{"no choices", bank.Multiple, fields{}, map[string]string{"choice": "Choose at least one answer."}},
		{"no text", bank.Text, fields{"text": {" \r\n\t"}}, map[string]string{"text": "Write an answer."}},
		{"too much text", bank.Text, fields{"text": {long}}, map[string]string{"text": "This is longer than 1 KiB; shorten it."}},
		{"too much output", bank.Output, fields{"text": {long}}, map[string]string{"text": "This is longer than 16 KiB; shorten it."}},
		{"not UTF-8", bank.Output, fields{"text": {"a\xff"}}, map[string]string{"text": "This holds bytes that are not text; remove them."}},
		{"a NUL", bank.Card, fields{"text": {"a\x00"}}, map[string]string{"text": "This holds bytes that are not text; remove them."}},
		{"no number", bank.Number, fields{"text": {"1,5"}}, map[string]string{"text": "Write a number, such as 4, 2.5 or 250 ms."}},
		{"nothing for a number", bank.Number, nil, map[string]string{"text": "Write an answer."}},
		{"a unit of something else", bank.Number, fields{"text": {"250 apples"}}, map[string]string{"text": "Give the number in ms, or alone."}},
		{"no output", bank.Output, nil, map[string]string{"text": "Write an answer."}},
		{
			"two items in one place", bank.Order,
			fields{"order-1": {"2"}, "order-2": {"1"}, "order-3": {"2"}, "order-4": {"4"}},
			map[string]string{"order-3": "Two items have place 2."},
		},
		{
			"an item without a place, others beyond", bank.Order,
			fields{"order-1": {"0"}, "order-2": {"5"}, "order-3": {"x"}},
			map[string]string{
				"order-1": "Places go from 1 to 4.", "order-2": "Places go from 1 to 4.", "order-3": "Places go from 1 to 4.",
				"order-4": "Give this item a place.",
			},
		},
		{
			"an item that is not there", bank.Order,
			fields{"order-1": {"1"}, "order-2": {"2"}, "order-3": {"3"}, "order-4": {"4"}, "order-5": {"5"}, "order-o1": {"1"}},
			map[string]string{"order-5": stranger, "order-o1": stranger},
		},
		{
			"a row without a partner, and one that is not offered", bank.Match,
			fields{"pair-1": {"1"}, "pair-2": {"5"}},
			map[string]string{
				"pair-2": "This is not among the answers offered; choose again.", "pair-3": "Choose what belongs to this.",
			},
		},
		{
			"a row that is not there", bank.Match,
			fields{"pair-1": {"1"}, "pair-2": {"2"}, "pair-3": {"3"}, "pair-01": {"1"}},
			map[string]string{"pair-01": stranger},
		},
		{"all blanks empty", bank.Cloze, fields{"blank-1": {" "}}, map[string]string{"blank-1": "Fill in at least one gap."}},
		{"a blank that is not there", bank.Cloze, fields{"blank-1": {"a"}, "blank-4": {"b"}}, map[string]string{"blank-4": stranger}},
		{"a long blank", bank.Cloze, fields{"blank-2": {long}}, map[string]string{"blank-2": "This is longer than 1 KiB; shorten it."}},
		{
			"a criterion that is not there", bank.Interview,
			fields{"mark": {"1", "4"}},
			map[string]string{"mark": "One of the points ticked is not in the rubric; load the page again."},
		},
		{"a fifth rating", bank.Card, fields{"rating": {"5"}}, map[string]string{"rating": "Choose one of the four ratings."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := question(tt.kind)
			got, problems := ResponseFromForm(tt.form, q, NewLayout(q, 7, 1))
			if diff := cmp.Diff(tt.want, english(problems)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(Response{}, got); diff != "" {
				t.Errorf("a response beside problems:\n%s", diff)
			}
		})
	}
}

func TestSelfMarkFromForm(t *testing.T) {
	q := question(bank.Interview)
	got, problems := SelfMarkFromForm(fields{"mark": {"2"}, "rating": {"3"}}, q)
	if problems != nil || !cmp.Equal(got, SelfMark{Marks: []int{1}, Rating: 3}) {
		t.Errorf("self mark %+v, problems %v", got, problems)
	}
	_, problems = SelfMarkFromForm(fields{"mark": {"2"}}, q)
	if diff := cmp.Diff(map[string]string{"rating": "Say how well you answered."}, english(problems)); diff != "" {
		t.Errorf("problems without a rating (-want +got):\n%s", diff)
	}
}

// The words a form is refused with must not tell which answer is right.
func TestRefusalDoesNotDependOnTheKey(t *testing.T) {
	value := rapid.SampledFrom([]string{"", "1", "2", "3", "4", "5", "b", "250", "1,5", " "})
	rapid.Check(t, func(t *rapid.T) {
		q := questions().Draw(t, "question")
		seed := rapid.Uint64().Draw(t, "seed")
		form := make(fields)
		for _, name := range []string{"choice", "text", "order-1", "order-2", "order-3", "order-4", "pair-1", "pair-2", "pair-3", "blank-1", "blank-2"} {
			form[name] = rapid.SliceOfN(value, 0, 2).Draw(t, name)
		}
		other := disguise(t, q)
		_, want := ResponseFromForm(form, q, NewLayout(q, seed, 0))
		_, got := ResponseFromForm(form, other, NewLayout(other, seed, 0))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("problems with another key (-want +got):\n%s", diff)
		}
	})
}

// english returns the sentences as they are read in English.
func english(problems map[string]Sentence) map[string]string {
	if problems == nil {
		return nil
	}
	texts := map[string]string{}
	for field, s := range problems {
		texts[field] = s.String()
	}
	return texts
}
