package quiz

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rehearse/bank"
)

func rich(s string) bank.Rich { return bank.Rich{Text: s, HTML: "<p>" + s + "</p>"} }

func item(id string) bank.Item { return bank.Item{ID: id, Text: rich("item " + id)} }

// question returns a question with two of everything that its kind needs, enough to be decoded and scored.
func question(k bank.Kind) bank.Question {
	q := bank.Question{ID: string(k) + "-1", Topic: "event-loop", Body: bank.Body{Kind: k, Title: rich("A " + string(k))}}
	q.Use, q.Points = bank.Uses(), 1
	switch k {
	case bank.Single:
		q.Choices = choices("b!", "c", "a", "d")
	case bank.Multiple:
		q.Choices = choices("b!", "c", "a!", "d")
	case bank.Text:
		q.Accept = []bank.Entry{
			{Literal: "EADDRINUSE"},
			{Pattern: `^err(or)?[: ]+EADDRINUSE$`, Feedback: rich("no prefix needed")},
			{Pattern: `E[A-Z]+|port (taken|busy)`},
		}
		q.Reject = []bank.Entry{{Literal: "EACCES", Feedback: rich("no permission")}, {Pattern: `\d+`}}
	case bank.Number:
		q.Accept = []bank.Entry{
			{Range: &bank.Range{Low: 225, High: 275, Value: 250, Unit: "ms", Text: "250 ± 10% ms"}},
			{Range: &bank.Range{Low: 0.25, High: 0.25, Value: 0.25, Unit: "s", Text: "0.25 s"}, Feedback: rich("in seconds")},
		}
		q.Reject = []bank.Entry{{Range: &bank.Range{Low: 1000, High: 1000, Value: 1000, Text: "1000"}, Feedback: rich("a second")}}
	case bank.Output:
		q.Output = "main\n  tick\n\ntimer"
	case bank.Order:
		q.Order = []bank.Item{item("o1"), item("o2"), item("o3"), item("o4")}
	case bank.Match:
		q.Pairs = []bank.Pair{
			{Left: item("l1"), Right: item("r1")}, {Left: item("l2"), Right: item("r2")}, {Left: item("l3"), Right: item("r3")},
		}
		q.Decoys = []bank.Item{item("r4")}
	case bank.Cloze:
		q.Blanks = []bank.Blank{
			{Card: 1, Answer: "setImmediate", Variants: []string{"setImmediate()"}},
			{Card: 2, Answer: "check"},
			{Card: 2, Answer: "poll"},
		}
	case bank.SQL:
		q.Setups, q.Query = []bank.Rich{rich("CREATE TABLE t (a)"), rich("CREATE TABLE t (a, b)")}, rich("SELECT a FROM t")
	case bank.Interview:
		q.Rubric = []bank.Criterion{{Points: 2, Text: rich("one")}, {Points: 1, Text: rich("two")}, {Points: 3, Text: rich("three")}}
	case bank.Card:
		q.Answer = rich("answer")
	}
	return q
}

// choices makes choices of ids; "!" marks a right one.
func choices(ids ...string) []bank.Choice {
	var list []bank.Choice
	for _, id := range ids {
		id, right := strings.CutSuffix(id, "!")
		list = append(list, bank.Choice{ID: id, Text: rich("choice " + id), Right: right})
	}
	return list
}

// with returns the question of a kind after a change.
func with(k bank.Kind, change func(*bank.Question)) bank.Question {
	q := question(k)
	change(&q)
	return q
}

func TestEveryKindCanBeDecodedAndScored(t *testing.T) {
	for _, k := range bank.Kinds() {
		found, ok := kindOf(k)
		if !ok || found.decode == nil || found.score == nil {
			t.Errorf("questions of kind %s cannot be decoded and scored", k)
		}
	}
}

func TestScore(t *testing.T) {
	partial := with(bank.Multiple, func(q *bank.Question) { q.Partial = true })
	threeRight := with(bank.Multiple, func(q *bank.Question) { q.Partial = true; q.Choices = choices("a!", "b!", "c!", "d") })
	cased := with(bank.Text, func(q *bank.Question) { q.CaseMatters = true })
	casedCloze := with(bank.Cloze, func(q *bank.Question) { q.CaseMatters = true })
	accented := with(bank.Text, func(q *bank.Question) { q.Accept = []bank.Entry{{Literal: "café  au\tlait"}, {Literal: "straße"}} })
	anchored := with(bank.Text, func(q *bank.Question) { q.Accept = []bank.Entry{{Pattern: "a|b"}}; q.Reject = nil })
	broken := with(bank.Text, func(q *bank.Question) { q.Accept = []bank.Entry{{Pattern: "("}}; q.Reject = nil })
	plain := with(bank.Number, func(q *bank.Question) {
		q.Accept = []bank.Entry{{Range: &bank.Range{Low: 1000, High: 1000, Value: 1000, Text: "1000"}}}
	})
	sum := with(bank.Number, func(q *bank.Question) { // a tenth of 3 added to 3 as floats is a little more than 3.3
		q.Accept = []bank.Entry{{Range: &bank.Range{Low: 3 * 1.1, High: 3 * 1.1, Text: "3.3"}}}
	})
	negative := with(bank.Number, func(q *bank.Question) {
		q.Accept = []bank.Entry{{Range: &bank.Range{Low: -1.5, High: -1.5, Text: "-1.5"}}}
	})
	silent := with(bank.Output, func(q *bank.Question) { q.Output = "" })

	tests := []struct {
		name    string
		q       bank.Question
		r       Response
		score   int64
		verdict Verdict
	}{
		{"single: the key", question(bank.Single), Response{Choices: []string{"b"}}, Full, Right},
		{"single: a distractor", question(bank.Single), Response{Choices: []string{"c"}}, 0, Wrong},
		{"single: nothing", question(bank.Single), Response{}, 0, Wrong},
		{"single: the key and a distractor", question(bank.Single), Response{Choices: []string{"b", "c"}}, 0, Wrong},
		{"single: the key and a choice that is gone", question(bank.Single), Response{Choices: []string{"b", "x"}}, 0, Wrong},
		{"single: the key twice", question(bank.Single), Response{Choices: []string{"b", "b"}}, Full, Right},

		{"multiple: all", question(bank.Multiple), Response{Choices: []string{"a", "b"}}, Full, Right},
		{"multiple: one of two", question(bank.Multiple), Response{Choices: []string{"a"}}, 0, Wrong},
		{"multiple: one too many", question(bank.Multiple), Response{Choices: []string{"a", "b", "c"}}, 0, Wrong},
		{"multiple: nothing", question(bank.Multiple), Response{}, 0, Wrong},
		{"partial: all", partial, Response{Choices: []string{"b", "a"}}, Full, Right},
		{"partial: one of two", partial, Response{Choices: []string{"a"}}, Full / 2, Partial},
		{"partial: all and a wrong one", partial, Response{Choices: []string{"a", "b", "c"}}, Full / 2, Partial},
		{"partial: everything ticked", partial, Response{Choices: []string{"a", "b", "c", "d"}}, 0, Wrong},
		{"partial: more wrong than right", partial, Response{Choices: []string{"c", "d"}}, 0, Wrong},
		{"partial: a choice that is gone", partial, Response{Choices: []string{"a", "b", "x"}}, Full / 2, Partial},
		{"partial: two of three", threeRight, Response{Choices: []string{"a", "b"}}, 666_666, Partial},

		{"text: the literal", question(bank.Text), Response{Text: "EADDRINUSE"}, Full, Right},
		{"text: in another case, between blanks", question(bank.Text), Response{Text: "\t eaddrinuse \r\n"}, Full, Right},
		{"text: a pattern", question(bank.Text), Response{Text: "Error: eaddrinuse"}, Full, Right},
		{"text: another alternative", question(bank.Text), Response{Text: "port  busy"}, Full, Right},
		{"text: a pattern matches the whole", question(bank.Text), Response{Text: "the port busy"}, 0, Wrong},
		{"text: a rejected literal despite a pattern", question(bank.Text), Response{Text: "eacces"}, 0, Wrong},
		{"text: nothing", question(bank.Text), Response{Text: " \n"}, 0, Wrong},
		{"text: full-width letters are other letters", question(bank.Text), Response{Text: "ＥＡＤＤＲＩＮＵＳＥ"}, 0, Wrong},
		{"text: case matters", cased, Response{Text: "eaddrinuse"}, 0, Wrong},
		{"text: case matters in patterns", cased, Response{Text: "PORT busy"}, 0, Wrong},
		{"text: case matters and fits", cased, Response{Text: "port busy"}, Full, Right},
		{"text: composed and decomposed", accented, Response{Text: "cafe\u0301 au lait"}, Full, Right},
		{"text: no-break and other blanks", accented, Response{Text: "CAFÉ\u00a0 au\nlait"}, Full, Right},
		{"text: folded case", accented, Response{Text: "STRASSE"}, Full, Right},
		{"text: both ends anchored, first", anchored, Response{Text: "ax"}, 0, Wrong},
		{"text: both ends anchored, last", anchored, Response{Text: "xb"}, 0, Wrong},
		{"text: both ends anchored, lines", anchored, Response{Text: "a\nb"}, 0, Wrong},
		{"text: each alternative", anchored, Response{Text: "b"}, Full, Right},
		{"text: a pattern that is none", broken, Response{Text: "("}, 0, Wrong},

		{"number: without unit", question(bank.Number), Response{Text: "250"}, Full, Right},
		{"number: with unit", question(bank.Number), Response{Text: "225ms"}, Full, Right},
		{"number: with unit apart", question(bank.Number), Response{Text: " 275 \u00a0MS\n"}, Full, Right},
		{"number: just above", question(bank.Number), Response{Text: "275.001 ms"}, 0, Wrong},
		{"number: another unit", question(bank.Number), Response{Text: "250 s"}, 0, Wrong},
		{"number: the second range in its unit", question(bank.Number), Response{Text: ".25 s"}, Full, Right},
		{"number: the second range in another unit", question(bank.Number), Response{Text: "0.25 ms"}, 0, Wrong},
		{"number: rejected", question(bank.Number), Response{Text: "1,000"}, 0, Wrong},
		{"number: underscores", plain, Response{Text: "1_000"}, Full, Right},
		{"number: commas", plain, Response{Text: "1,000.0"}, Full, Right},
		{"number: spaces", plain, Response{Text: "1 000"}, Full, Right},
		{"number: exponent", plain, Response{Text: "+1E3"}, Full, Right},
		{"number: full-width digits", plain, Response{Text: "１０００"}, Full, Right},
		{"number: a unit where there is none", plain, Response{Text: "1000 apples"}, 0, Wrong},
		{"number: powers are not digits", plain, Response{Text: "10³"}, 0, Wrong},
		{"number: a decimal comma", plain, Response{Text: "1000,0"}, 0, Wrong},
		{"number: not a number", plain, Response{Text: "NaN"}, 0, Wrong},
		{"number: infinite", plain, Response{Text: "Inf"}, 0, Wrong},
		{"number: too large", plain, Response{Text: "1e309"}, 0, Wrong},
		{"number: hexadecimal", plain, Response{Text: "0x3E8"}, 0, Wrong},
		{"number: nothing", plain, Response{}, 0, Wrong},
		{"number: rounding of the bounds", sum, Response{Text: "3.3"}, Full, Right},
		{"number: minus", negative, Response{Text: "-1.5"}, Full, Right},
		{"number: the true minus sign", negative, Response{Text: "−1.50"}, Full, Right},
		{"number: a sign apart", negative, Response{Text: "- 1.5"}, Full, Right},
		{"number: two signs", negative, Response{Text: "--1.5"}, 0, Wrong},

		{"output: the same", question(bank.Output), Response{Text: "main\n  tick\n\ntimer"}, Full, Right},
		{"output: CRLF and trailing blanks", question(bank.Output), Response{Text: "main  \r\n  tick\t\r\n\r\ntimer\r\n\r\n"}, Full, Right},
		{"output: leading blanks count", question(bank.Output), Response{Text: "main\ntick\n\ntimer"}, 0, Wrong},
		{"output: case counts", question(bank.Output), Response{Text: "Main\n  tick\n\ntimer"}, 0, Wrong},
		{"output: an empty line left out", question(bank.Output), Response{Text: "main\n  tick\ntimer"}, 0, Wrong},
		{"output: nothing", question(bank.Output), Response{}, 0, Wrong},
		{"output: nothing where nothing is printed", silent, Response{Text: "\n"}, Full, Right},

		{"order: right", question(bank.Order), Response{Order: []string{"o1", "o2", "o3", "o4"}}, Full, Right},
		{"order: two changed", question(bank.Order), Response{Order: []string{"o1", "o2", "o4", "o3"}}, Full / 2, Partial},
		{"order: nothing in place", question(bank.Order), Response{Order: []string{"o4", "o3", "o2", "o1"}}, 0, Wrong},
		{"order: nothing", question(bank.Order), Response{}, 0, Wrong},
		{"order: only one", question(bank.Order), Response{Order: []string{"o1"}}, Full / 4, Partial},

		{"match: right", question(bank.Match), Response{Pairs: map[string]string{"l1": "r1", "l2": "r2", "l3": "r3"}}, Full, Right},
		{"match: one right", question(bank.Match), Response{Pairs: map[string]string{"l1": "r1", "l2": "r3", "l3": "r2"}}, 333_333, Partial},
		{"match: decoys", question(bank.Match), Response{Pairs: map[string]string{"l1": "r4", "l2": "r4", "l3": "r4"}}, 0, Wrong},
		{"match: nothing", question(bank.Match), Response{}, 0, Wrong},

		{"cloze: right, with a variant", question(bank.Cloze), Response{Blanks: []string{"setimmediate()", " Check", "poll"}}, Full, Right},
		{"cloze: one empty", question(bank.Cloze), Response{Blanks: []string{"setImmediate", "", "poll"}}, 666_666, Partial},
		{"cloze: too few", question(bank.Cloze), Response{Blanks: []string{"setImmediate"}}, 333_333, Partial},
		{"cloze: all wrong", question(bank.Cloze), Response{Blanks: []string{"check", "poll", "setImmediate"}}, 0, Wrong},
		{"cloze: nothing", question(bank.Cloze), Response{}, 0, Wrong},
		{"cloze: case matters", casedCloze, Response{Blanks: []string{"setimmediate", "Check", "POLL"}}, 0, Wrong},

		{"interview", question(bank.Interview), Response{Text: "x", SelfMark: SelfMark{Marks: []int{0}, Rating: 4}}, 0, Self},
		{"card", question(bank.Card), Response{SelfMark: SelfMark{Rating: 4}}, 0, Self},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Score(tt.q, tt.r)
			if got.Score != tt.score || got.Verdict != tt.verdict {
				t.Errorf("Score = %d, %s, want %d, %s", got.Score, got.Verdict, tt.score, tt.verdict)
			}
		})
	}
}

func TestScoreDetails(t *testing.T) {
	tests := []struct {
		name string
		q    bank.Question
		r    Response
		want Result
	}{
		{
			"each choice", question(bank.Multiple),
			Response{Choices: []string{"b", "d"}},
			Result{Verdict: Wrong, Right: 1, Parts: 2, Choices: []ChoiceResult{
				{ID: "b", Chosen: true, Right: true}, {ID: "c"}, {ID: "a", Right: true}, {ID: "d", Chosen: true},
			}},
		},
		{
			"the accepted entry", question(bank.Text),
			Response{Text: "err EADDRINUSE"},
			Result{
				Score: Full, Verdict: Right, Answer: "EADDRINUSE",
				Entry: &EntryResult{Accepted: true, Index: 1, Feedback: rich("no prefix needed")},
			},
		},
		{
			"the rejected entry", question(bank.Text),
			Response{Text: "EACCES"},
			Result{Verdict: Wrong, Answer: "EADDRINUSE", Entry: &EntryResult{Feedback: rich("no permission")}},
		},
		{
			"the rejected number", question(bank.Number),
			Response{Text: "1_000"},
			Result{Verdict: Wrong, Answer: "250 ± 10% ms", Entry: &EntryResult{Feedback: rich("a second")}},
		},
		{
			"another unit", question(bank.Number),
			Response{Text: "250 s"},
			Result{Verdict: Wrong, Answer: "250 ± 10% ms", Message: sentence("The number is right, but its unit is %s.", "ms")},
		},
		{
			"not a number", question(bank.Number),
			Response{Text: "many"},
			Result{Verdict: Wrong, Answer: "250 ± 10% ms", Message: sentence("This is not a number.")},
		},
		{
			"the first line that differs", question(bank.Output),
			Response{Text: "main\n tick"},
			Result{Verdict: Wrong, Right: 1, Parts: 4, Line: &LineResult{Number: 2, Want: "  tick", Got: " tick", WantLines: 4, GotLines: 2}},
		},
		{
			"an output that ends too early", question(bank.Output),
			Response{Text: "main\n  tick"},
			Result{Verdict: Wrong, Right: 2, Parts: 4, Line: &LineResult{Number: 3, WantLines: 4, GotLines: 2}},
		},
		{
			"an output that goes on", question(bank.Output),
			Response{Text: "main\n  tick\n\ntimer\nmore"},
			Result{Verdict: Wrong, Right: 4, Parts: 4, Line: &LineResult{Number: 5, Got: "more", WantLines: 4, GotLines: 5}},
		},
		{
			"each place", question(bank.Order),
			Response{Order: []string{"o1", "o3", "o2"}},
			Result{Score: Full / 4, Verdict: Partial, Right: 1, Parts: 4, Places: []PlaceResult{
				{ID: "o1", Want: 1, Got: 1, Right: true}, {ID: "o2", Want: 2, Got: 3}, {ID: "o3", Want: 3, Got: 2}, {ID: "o4", Want: 4},
			}},
		},
		{
			"each pair", question(bank.Match),
			Response{Pairs: map[string]string{"l1": "r4", "l2": "r2"}},
			Result{Score: 333_333, Verdict: Partial, Right: 1, Parts: 3, Pairs: []PairResult{
				{Left: "l1", Want: "r1", Got: "r4"}, {Left: "l2", Want: "r2", Got: "r2", Right: true}, {Left: "l3", Want: "r3"},
			}},
		},
		{
			"each blank", question(bank.Cloze),
			Response{Blanks: []string{"setImmediate", "check", "idle"}},
			Result{Score: 666_666, Verdict: Partial, Right: 2, Parts: 3, Blanks: []BlankResult{
				{Card: 1, Got: "setImmediate", Want: "setImmediate", Right: true},
				{Card: 2, Got: "check", Want: "check", Right: true},
				{Card: 2, Got: "idle", Want: "poll"},
			}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Score(tt.q, tt.r)); diff != "" {
				t.Errorf("Score (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCardRight(t *testing.T) {
	r := Score(question(bank.Cloze), Response{Blanks: []string{"setImmediate", "check", "idle"}})
	for card, want := range map[int]bool{1: true, 2: false, 3: false} {
		if got := r.CardRight(card); got != want {
			t.Errorf("CardRight(%d) = %v, want %v", card, got, want)
		}
	}
	if r := Score(question(bank.Single), Response{Choices: []string{"b"}}); !r.CardRight(0) {
		t.Error("the only card of a right response is not right")
	}
}

// responses draws responses of any shape, to any question.
func responses() *rapid.Generator[Response] {
	id := rapid.SampledFrom([]string{"a", "b", "c", "d", "o1", "o2", "o3", "o4", "l1", "l2", "l3", "r1", "r2", "r3", "r4", "x"})
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"EADDRINUSE", "250 ms", "main", "check", "1e309", "poll"}))
	return rapid.Custom(func(t *rapid.T) Response {
		return Response{
			Choices:  rapid.SliceOfN(id, 0, 5).Draw(t, "choices"),
			Text:     text.Draw(t, "text"),
			Order:    rapid.SliceOfN(id, 0, 5).Draw(t, "order"),
			Pairs:    rapid.MapOfN(id, id, 0, 4).Draw(t, "pairs"),
			Blanks:   rapid.SliceOfN(text, 0, 4).Draw(t, "blanks"),
			SelfMark: SelfMark{Marks: rapid.SliceOfN(rapid.IntRange(0, 2), 0, 3).Draw(t, "marks")},
			Unsure:   rapid.Bool().Draw(t, "unsure"),
			Run:      runs().Draw(t, "run"),
		}
	})
}

// runs draws what a statement may have come to.
func runs() *rapid.Generator[*Run] {
	return rapid.Custom(func(t *rapid.T) *Run {
		if rapid.Bool().Draw(t, "not run") {
			return nil
		}
		run := &Run{}
		if rapid.Bool().Draw(t, "error") {
			run.Error = &QueryError{Text: "no such table: u", Line: 1, Col: 15}
		}
		for range rapid.IntRange(0, 3).Draw(t, "sets") {
			run.Sets = append(run.Sets, SetRun{Diff: rapid.SampledFrom([]Difference{"", "", DiffRows}).Draw(t, "diff")})
		}
		return run
	})
}

func questions() *rapid.Generator[bank.Question] {
	return rapid.Custom(func(t *rapid.T) bank.Question {
		q := question(rapid.SampledFrom(bank.Kinds()).Draw(t, "kind"))
		q.Partial = rapid.Bool().Draw(t, "partial")
		q.CaseMatters = rapid.Bool().Draw(t, "case")
		q.KeepOrder = rapid.Bool().Draw(t, "keep order")
		return q
	})
}

func TestScoreProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q, r := questions().Draw(t, "question"), responses().Draw(t, "response")
		got := Score(q, r)
		if got.Score < 0 || got.Score > Full {
			t.Fatalf("score %d is not between 0 and %d", got.Score, Full)
		}
		if (got.Score == Full) != (got.Verdict == Right) || (got.Verdict == Partial) != (got.Score > 0 && got.Score < Full) {
			t.Fatalf("verdict %s with score %d", got.Verdict, got.Score)
		}
		if (got.Verdict == Self) != q.Kind.Open() {
			t.Fatalf("verdict %s for %s", got.Verdict, q.Kind)
		}
		if diff := cmp.Diff(got, Score(q, stored(t, r))); diff != "" {
			t.Fatalf("scored after being stored (-before +after):\n%s", diff)
		}
	})
}

// stored returns the response as it comes back from the store.
func stored(t rapid.TB, r Response) Response {
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var back Response
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	return back
}
