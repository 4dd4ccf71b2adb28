package markdown

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
)

// Edit replaces the bytes From to To of a source by Text.
type Edit struct {
	From, To int
	Text     string
}

// Fix is a change to a source that needs no author to decide. Its edits are made together or not at all.
type Fix struct {
	Code   string // the finding that it answers; "" when it only changes the layout
	At     int    // offset of that finding, or of the first edit
	Alters bool   // what is read differs afterwards, because it was misread before
	Edits  []Edit
}

// Mend says how the finding with this code at this place can be repaired.
func (s *Source) Mend(at int, code string, alters bool, edits ...Edit) {
	line, col := s.Position(at)
	if i, ok := s.found[place{line, col, code}]; ok && !s.findings[i].Fixable {
		s.findings[i].Fixable = true
		s.fixes = append(s.fixes, Fix{Code: code, At: at, Alters: alters, Edits: edits})
	}
}

// Lay adds a change of the layout, which no finding asks for and after which everything reads as before.
func (s *Source) Lay(edits ...Edit) {
	s.fixes = append(s.fixes, Fix{At: edits[0].From, Edits: edits})
}

// Fixes returns those fixes among the wanted ones that can be made together: of two that touch the same text, the first.
func (s *Source) Fixes(wanted func(Fix) bool) []Fix {
	fixes := slices.Clone(s.fixes)
	slices.SortStableFunc(fixes, func(a, b Fix) int { return cmp.Compare(a.Edits[0].From, b.Edits[0].From) })
	var taken []Edit // sorted
	var chosen []Fix
	for _, f := range fixes {
		if !wanted(f) || slices.ContainsFunc(f.Edits, func(e Edit) bool { return touches(taken, e) }) {
			continue
		}
		chosen = append(chosen, f)
		for _, e := range f.Edits {
			i, _ := slices.BinarySearchFunc(taken, e, byPlace)
			taken = slices.Insert(taken, i, e)
		}
	}
	return chosen
}

func byPlace(a, b Edit) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) }

// touches reports whether an edit meets one of others, which are sorted and do not meet each other.
func touches(others []Edit, e Edit) bool {
	i, _ := slices.BinarySearchFunc(others, e, byPlace)
	return i > 0 && others[i-1].To >= e.From || i < len(others) && others[i].From <= e.To
}

// Apply returns the file with the fixes made. Every other byte stays, byte order mark and line ends included; new lines
// end as the first line of the file does.
func (s *Source) Apply(fixes []Fix) []byte {
	var edits []Edit
	for _, f := range fixes {
		edits = append(edits, f.Edits...)
	}
	slices.SortFunc(edits, byPlace)
	var b bytes.Buffer
	end, done := s.originals(), 0
	for _, e := range edits {
		from, to := end(e.From), end(e.To)
		b.Write(s.original[done:from])
		b.WriteString(s.lineEnds(e.Text))
		done = to
	}
	b.Write(s.original[done:])
	return b.Bytes()
}

// originals returns a function from an offset in Data to the offset in the file as it was. Offsets must not decrease.
func (s *Source) originals() func(int) int {
	at, original := 0, 0
	if s.hadBOM {
		original = len(bom)
	}
	return func(offset int) int {
		for ; at < offset; at++ {
			if s.Data[at] == '\n' && s.original[original] == '\r' {
				original++
			}
			original++
		}
		return original
	}
}

func (s *Source) lineEnds(text string) string {
	first := bytes.IndexByte(s.original, '\n')
	if first > 0 && s.original[first-1] == '\r' {
		return strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}
