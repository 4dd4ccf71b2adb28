package quiz

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// CellType is the type that SQLite gives a value; columns have none that binds.
type CellType string

// The types, named as SQLite's typeof names them.
const (
	Null    CellType = "null"
	Integer CellType = "integer"
	Real    CellType = "real"
	Chars   CellType = "text"
	Blob    CellType = "blob"
)

// Cell is one value of a result.
type Cell struct {
	Type CellType `json:"t"`
	Text string   `json:"v,omitempty"` // numbers in decimal, blobs in hexadecimal
}

// Table is the result of a query, or a piece of it to be shown.
type Table struct {
	Columns []string `json:"columns"`
	Rows    [][]Cell `json:"rows,omitempty"`
	From    int      `json:"from,omitempty"`  // how many rows of the result come before Rows
	Total   int      `json:"total,omitempty"` // how many rows the result has
	Odd     []int    `json:"odd,omitempty"`   // places in Rows, from 0, of those that the other result lacks
}

// Compare holds a result against the right one. Columns count by their number, not by their names. Rows are compared as a
// bag: how often a row comes counts, the order only when ordered is set. Values are equal as sameAs says. What the
// result keeps of both tables is what fits on a page.
func Compare(want, got Table, ordered bool) SetRun {
	s := SetRun{}
	wantKeys, gotKeys := rowKeys(want), rowKeys(got)
	want.Odd, got.Odd = lacking(wantKeys, gotKeys), lacking(gotKeys, wantKeys)
	switch {
	case len(want.Columns) != len(got.Columns):
		s.Diff = DiffColumns
		want.Odd, got.Odd = nil, nil // all of them
	case len(want.Odd)+len(got.Odd) > 0:
		s.Diff = DiffRows
	case ordered && !slices.Equal(wantKeys, gotKeys):
		s.Diff = DiffOrder
		first := 0
		for wantKeys[first] == gotKeys[first] {
			first++
		}
		want.Odd, got.Odd = []int{first}, []int{first}
	}
	s.Want, s.Got = want.Excerpt(), got.Excerpt()
	return s
}

// lacking returns the places in a of the rows that b has not, or not as often. The later ones are those too many.
func lacking(a, b []string) []int {
	count := map[string]int{}
	for _, key := range b {
		count[key]++
	}
	var odd []int
	for i, key := range a {
		if count[key]--; count[key] < 0 {
			odd = append(odd, i)
		}
	}
	return odd
}

// rowKeys returns a text for each row: rows are equal when theirs are.
func rowKeys(t Table) []string {
	keys := make([]string, len(t.Rows))
	for i, row := range t.Rows {
		var b strings.Builder
		for _, c := range row {
			key := c.sameAs()
			b.WriteString(strconv.Itoa(len(key)))
			b.WriteByte(':')
			b.WriteString(key)
		}
		keys[i] = b.String()
	}
	return keys
}

// sameAs returns a text that is the same for equal values. NULL equals NULL alone, text equals text byte by byte, and a
// number equals a number of the same value whether it is an integer or a real. A text is never a number. Reals are equal
// when they agree in 12 significant digits: sums differ beyond that by the order in which they are added up.
func (c Cell) sameAs() string {
	switch c.Type {
	case Null:
		return "null"
	case Integer:
		return "number " + c.Text
	case Real:
		return "number " + realKey(c.Text)
	default:
		return string(c.Type) + " " + c.Text
	}
}

func realKey(text string) string {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return text
	}
	const exact = 1 << 53 // integers up to here are reals without loss
	if f == math.Trunc(f) && math.Abs(f) < exact {
		return strconv.FormatInt(int64(f), 10)
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 12, 64), 64)
	if rounded == math.Trunc(rounded) && math.Abs(rounded) < exact {
		return strconv.FormatInt(int64(rounded), 10)
	}
	return strconv.FormatFloat(rounded, 'g', -1, 64)
}

// What of a result is kept to be shown.
const (
	maxShownRows    = 30
	maxShownColumns = 20
	maxShownCell    = 120     // characters
	maxShownBytes   = 8 << 10 // of all cells together
)

// Excerpt returns the piece of a result that is shown: from its start, or from shortly before the first odd row.
func (t Table) Excerpt() Table {
	const before = 5
	from, size := 0, 0
	if len(t.Odd) > 0 && t.Odd[0] >= maxShownRows {
		from = t.Odd[0] - before
	}
	out := Table{Columns: excerptNames(t.Columns), From: from, Total: len(t.Rows)}
	for _, row := range t.Rows[from:min(len(t.Rows), from+maxShownRows)] {
		var cells []Cell
		for _, c := range row[:min(len(row), maxShownColumns)] {
			c.Text = shorten(c.Text)
			size += len(c.Text)
			cells = append(cells, c)
		}
		if size > maxShownBytes && len(out.Rows) > before+1 {
			break
		}
		out.Rows = append(out.Rows, cells)
	}
	for _, i := range t.Odd {
		if i-from < len(out.Rows) {
			out.Odd = append(out.Odd, i-from)
		}
	}
	return out
}

func excerptNames(names []string) []string {
	out := make([]string, min(len(names), maxShownColumns))
	for i := range out {
		out[i] = shorten(names[i])
	}
	return out
}

func shorten(text string) string {
	if len(text) <= maxShownCell {
		return text
	}
	runes := []rune(text)
	if len(runes) <= maxShownCell {
		return text
	}
	return string(runes[:maxShownCell]) + "…"
}
