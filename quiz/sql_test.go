package quiz

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rehearse/bank"
)

// table makes a result: rows are split at |, cells at blanks. An integer, a real, NULL and x'…' are what they look like.
func table(columns int, rows string) Table {
	t := Table{Columns: make([]string, columns)}
	for i := range t.Columns {
		t.Columns[i] = "c" + strconv.Itoa(i)
	}
	for row := range strings.SplitSeq(rows, "|") {
		if strings.TrimSpace(row) == "" {
			continue
		}
		var cells []Cell
		for _, text := range strings.Fields(row) {
			cells = append(cells, cell(text))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func cell(text string) Cell {
	if text == "NULL" {
		return Cell{Type: Null}
	}
	if _, err := strconv.ParseInt(text, 10, 64); err == nil {
		return Cell{Integer, text}
	}
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return Cell{Real, text}
	}
	if hex, ok := strings.CutPrefix(text, "x'"); ok {
		return Cell{Blob, strings.TrimSuffix(hex, "'")}
	}
	return Cell{Chars, strings.Trim(text, `"`)}
}

func TestCompare(t *testing.T) {
	tests := []struct {
		name      string
		want, got Table
		ordered   bool
		diff      Difference
		wantOdd   []int
		gotOdd    []int
	}{
		{"the same", table(2, "1 a|2 b"), table(2, "1 a|2 b"), true, "", nil, nil},
		{"another order", table(2, "1 a|2 b"), table(2, "2 b|1 a"), false, "", nil, nil},
		{"another order where it counts", table(1, "1|2|3"), table(1, "1|3|2"), true, DiffOrder, []int{1}, []int{1}},
		{"nothing", table(1, ""), table(1, ""), true, "", nil, nil},
		{"nothing of another width", table(1, ""), table(2, ""), true, DiffColumns, nil, nil},
		{"a row too many", table(1, "1|2"), table(1, "1|2|3"), false, DiffRows, nil, []int{2}},
		{"a row too few", table(1, "1|2"), table(1, "2"), false, DiffRows, []int{0}, nil},
		{"a row twice", table(1, "1|2"), table(1, "1|1|2"), false, DiffRows, nil, []int{1}},
		{"the other row twice", table(1, "1|1|2"), table(1, "1|2|2"), false, DiffRows, []int{1}, []int{2}},
		{"columns swapped", table(2, "1 a"), table(2, "a 1"), false, DiffRows, []int{0}, []int{0}},
		{"NULL is NULL", table(1, "NULL"), table(1, "NULL"), true, "", nil, nil},
		{"NULL is not nothing", table(1, "NULL"), table(1, `""`), true, DiffRows, []int{0}, []int{0}},
		{"NULL is not zero", table(1, "NULL"), table(1, "0"), true, DiffRows, []int{0}, []int{0}},
		{"3 is 3.0", table(1, "3"), table(1, "3.0"), true, "", nil, nil},
		{"3 is not three tenths off", table(1, "3"), table(1, "3.3"), true, DiffRows, []int{0}, []int{0}},
		{"sums of floats", table(1, "0.3"), table(1, "0.30000000000000004"), true, "", nil, nil},
		{"a sum that is an integer", table(1, "1"), table(1, "0.9999999999999999"), true, "", nil, nil},
		{"no nearer than that", table(1, "0.3"), table(1, "0.30000001"), true, DiffRows, []int{0}, []int{0}},
		{"large integers", table(1, "9007199254740993"), table(1, "9007199254740992"), true, DiffRows, []int{0}, []int{0}},
		{"large reals", table(1, "1234567890123456"), table(1, "1234567890123456.0"), true, "", nil, nil},
		{"a number is no text", table(1, "3"), Table{Columns: []string{"a"}, Rows: [][]Cell{{{Chars, "3"}}}}, true, DiffRows, []int{0}, []int{0}},
		{"case counts", table(1, "Ada"), table(1, "ada"), true, DiffRows, []int{0}, []int{0}},
		{"a blob is no text", table(1, "x'61'"), table(1, "61a"), true, DiffRows, []int{0}, []int{0}},
		{"cells do not run together", table(2, "ab c"), table(2, "a bc"), true, DiffRows, []int{0}, []int{0}},
	}
	for _, tt := range tests {
		s := Compare(tt.want, tt.got, tt.ordered)
		if s.Diff != tt.diff || !slices.Equal(s.Want.Odd, tt.wantOdd) || !slices.Equal(s.Got.Odd, tt.gotOdd) {
			t.Errorf("%s: Compare = %q, odd %v and %v, want %q, %v and %v", tt.name, s.Diff, s.Want.Odd, s.Got.Odd, tt.diff, tt.wantOdd, tt.gotOdd)
		}
	}
}

// A permutation is right where the order does not count; a row added or taken away never is.
func TestCompareProperties(t *testing.T) {
	cells := rapid.SampledFrom([]string{"1", "1.0", "2.5", "NULL", "a", "b", "x'00'"})
	rapid.Check(t, func(t *rapid.T) {
		want := Table{Columns: []string{"a", "b"}}
		for range rapid.IntRange(0, 8).Draw(t, "rows") {
			want.Rows = append(want.Rows, []Cell{cell(cells.Draw(t, "a")), cell(cells.Draw(t, "b"))})
		}
		got := want
		got.Rows = rapid.Permutation(want.Rows).Draw(t, "permutation")
		if s := Compare(want, got, false); s.Diff != "" {
			t.Fatalf("a permutation is told apart: %+v", s)
		}
		got.Rows = append(slices.Clone(got.Rows), []Cell{cell("c"), cell("d")})
		if s := Compare(want, got, false); s.Diff != DiffRows || !slices.Equal(s.Got.Odd, []int{len(got.Rows) - 1}) {
			t.Fatalf("a row too many: %+v", s)
		}
		if s := Compare(got, want, false); s.Diff != DiffRows || len(s.Want.Odd) != 1 {
			t.Fatalf("a row too few: %+v", s)
		}
	})
}

func TestExcerptKeepsTheFirstDifference(t *testing.T) {
	want := table(1, strings.Repeat("1|", 500))
	got := table(1, strings.Repeat("1|", 400)+"2|"+strings.Repeat("1|", 99))
	s := Compare(want, got, false)
	if s.Got.Total != 500 || len(s.Got.Rows) != maxShownRows || s.Got.From+s.Got.Odd[0] != 400 || s.Got.Rows[s.Got.Odd[0]][0].Text != "2" {
		t.Errorf("shown are %d rows from %d of %d, odd %v", len(s.Got.Rows), s.Got.From, s.Got.Total, s.Got.Odd)
	}
	long := Table{Columns: []string{strings.Repeat("ä", 500)}, Rows: [][]Cell{{{Chars, strings.Repeat("ö", 100_000)}}}}
	s = Compare(long, long, true)
	if c := s.Got.Rows[0][0].Text; c != strings.Repeat("ö", maxShownCell)+"…" || len([]rune(s.Got.Columns[0])) != maxShownCell+1 {
		t.Errorf("a long cell is kept as %d bytes", len(c))
	}
	wide := Table{Columns: make([]string, 2000), Rows: [][]Cell{make([]Cell, 2000)}}
	if s = Compare(wide, wide, true); len(s.Got.Rows[0]) != maxShownColumns || s.Diff != "" {
		t.Errorf("%d columns are kept", len(s.Got.Rows[0]))
	}
}

func TestScoreSQL(t *testing.T) {
	ok, bad := SetRun{}, SetRun{Diff: DiffRows}
	scan, search := []PlanStep{{Text: "SCAN t", Scan: true}}, []PlanStep{{Text: "SEARCH t USING INDEX i (a=?)"}}
	planned := with(bank.SQL, func(q *bank.Question) { q.Plan = "index" })
	tests := []struct {
		name string
		q    bank.Question
		run  *Run
		want Verdict
	}{
		{"right on both", question(bank.SQL), &Run{Sets: []SetRun{ok, ok}}, Right},
		{"right on one", question(bank.SQL), &Run{Sets: []SetRun{ok}}, Wrong},
		{"right by luck", question(bank.SQL), &Run{Sets: []SetRun{ok, bad}}, Wrong},
		{"an error", question(bank.SQL), &Run{Error: &QueryError{Text: "no"}}, Wrong},
		{"an error on the second", question(bank.SQL), &Run{Sets: []SetRun{ok, ok}, Error: &QueryError{Text: "no"}}, Wrong},
		{"not run", question(bank.SQL), nil, Wrong},
		{"nothing came of it", question(bank.SQL), &Run{}, Wrong},
		{"a scan that nobody asked about", question(bank.SQL), &Run{Sets: []SetRun{ok, ok}, Plan: scan}, Right},
		{"a scan", planned, &Run{Sets: []SetRun{ok, ok}, Plan: scan}, Wrong},
		{"no plan", planned, &Run{Sets: []SetRun{ok, ok}}, Wrong},
		{"a search", planned, &Run{Sets: []SetRun{ok, ok}, Plan: search}, Right},
	}
	for _, tt := range tests {
		if got := Score(tt.q, Response{Text: "SELECT 1", Run: tt.run}); got.Verdict != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got.Verdict, tt.want)
		}
	}
}

func TestFormCannotBringARun(t *testing.T) {
	q := question(bank.SQL)
	r, problems := ResponseFromForm(fields{"text": {"SELECT\r\n1"}, "run": {`{"sets":[{},{}]}`}}, q, Layout{})
	if diff := cmp.Diff(Response{Text: "SELECT\n1"}, r); diff != "" || problems != nil {
		t.Errorf("response (-want +got):\n%s%v", diff, problems)
	}
	if _, problems = ResponseFromForm(fields{"text": {" "}}, q, Layout{}); problems["text"].String() != "Write a statement." {
		t.Errorf("problems %v", problems)
	}
}
