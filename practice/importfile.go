package practice

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"rehearse/quiz"
)

// Fault says why a file is not imported.
type Fault string

// The faults.
const (
	NoExport     Fault = "no export"      // not written by Export at all
	OtherVersion Fault = "other version"  // of a version that is not known
	OtherBank    Fault = "other bank"     // about other questions
	BrokenJSON   Fault = "broken JSON"    // from there on it cannot be read
	CutOff       Fault = "cut off"        // it ends before its end
	UnknownField Fault = "unknown field"  // or one that stands there already
	MissingField Fault = "missing field"  // or one in another place
	BadValue     Fault = "bad value"      // no export has this value there
	InTheFuture  Fault = "in the future"  // a time that is still to come
	NoSuchThing  Fault = "no such thing"  // refers to what does not stand before it
	OutOfOrder   Fault = "out of order"   // numbers ascend, names are there once
	TooMuch      Fault = "too much"       // more than anybody can have done
	BehindTheEnd Fault = "behind the end" // something follows
)

// BadFile says what keeps a file from being imported. Nothing of it was.
type BadFile struct {
	Line  int    // from 1
	Field string // "" when it is no single one
	Fault Fault
}

// Error implements error.
func (b *BadFile) Error() string {
	return fmt.Sprintf("line %d, field %q: %s", b.Line, b.Field, b.Fault)
}

// Bounds of what is imported. They are far above what somebody can do in years; what is beyond them would keep others waiting.
const (
	MaxImport      = 64 << 20 // bytes
	maxElement     = 1 << 20  // bytes of an element of a list
	maxEntries     = 200_000
	maxAttempts    = 20_000
	maxItems       = 1_000 // of an attempt
	maxPerQuestion = 5_000 // entries
	maxSets        = 1_000
	maxKept        = 20_000 // bookmarks or notes
	maxOldReports  = 1_000
)

// place is where an element stands in a file.
type place struct{ offset, length int64 }

// importFile is a file that was found good. Of its lists it has the places alone: they are read again when they are stored.
type importFile struct {
	r         io.ReaderAt
	size      int64
	settings  fileSettings
	questions []fileQuestion
	question  map[int64]int32 // by N, the place among the questions
	bookmarks []place
	notes     []place
	reports   []place
	attempts  []importAttempt
	attempt   map[string]int32 // by ID
	sets      []place
	log       []importEntry // but for what concerns no question
}

// importAttempt is what entries of the log need to know of an attempt.
type importAttempt struct {
	place
	mode     quiz.Mode
	started  stamp
	items    []int32 // places of questions
	finished stamp   // 0: running
}

// importEntry is what later entries need to know of an entry.
type importEntry struct {
	place
	n        int64
	ref      int32 // the entry it refers to, -1: none
	question int32 // place of the question; of what refers to an entry, that of the entry
	attempt  int32 // -1: none
	position int32
	kind     entryKind
}

// importReader reads a file from its beginning.
type importReader struct {
	*importFile
	dec   *json.Decoder
	guard *readGuard
	now   stamp
	bank  string
	check func(fileSettings) string // returns the name of a field with a bad value

	last    int64 // number of the last entry
	entries int

	perQuestion map[int32]int
}

// readGuard keeps an element from filling the memory.
type readGuard struct {
	r          io.Reader
	read, upTo int64
	over       bool
}

func (g *readGuard) Read(b []byte) (int, error) {
	if g.read > g.upTo {
		g.over = true
		return 0, io.ErrUnexpectedEOF
	}
	n, err := g.r.Read(b)
	g.read += int64(n)
	return n, err
}

// topField is a field of the file.
type topField struct {
	name string
	read func(*importReader) error
}

func isTop(t json.Token) bool {
	return slices.ContainsFunc(topFields, func(f topField) bool { return t == f.name })
}

// topFields are the fields of the file in their order.
var topFields = []topField{
	{"format", (*importReader).format},
	{"version", (*importReader).version},
	{"bank", (*importReader).ofBank},
	{"exported", (*importReader).someTime},
	{"since", (*importReader).someTime},
	{"settings", (*importReader).readSettings},
	{"sessions", elements((*importReader).session)},
	{"questions", elements((*importReader).readQuestion)},
	{"bookmarks", elements((*importReader).bookmark)},
	{"notes", elements((*importReader).note)},
	{"reports", elements((*importReader).report)},
	{"attempts", elements((*importReader).readAttempt)},
	{"log", elements((*importReader).entry)},
	{"end", (*importReader).whole},
}

// readImport reads all of a file and finds it good, or returns a *BadFile. Now is the time here: nothing can have been done
// after it.
func readImport(r io.ReaderAt, size int64, bank string, now int64, check func(fileSettings) string) (*importFile, error) {
	guard := &readGuard{r: io.NewSectionReader(r, 0, size), upTo: maxElement}
	in := &importReader{
		importFile: &importFile{r: r, size: size, question: map[int64]int32{}, attempt: map[string]int32{}},
		dec:        json.NewDecoder(guard), guard: guard, now: stamp(now), bank: bank, check: check,
		perQuestion: map[int32]int{},
	}
	return in.importFile, in.top()
}

func (in *importReader) top() error {
	if t, err := in.dec.Token(); err != nil || t != json.Delim('{') {
		return in.bad("", NoExport)
	}
	for _, f := range topFields {
		t, err := in.dec.Token()
		switch {
		case err != nil:
			return in.unreadable(err)
		case t == f.name:
		case f.name == "format":
			return in.bad("", NoExport)
		case t == json.Delim('}'):
			return in.bad(f.name, MissingField)
		case isTop(t):
			return in.bad(f.name, MissingField)
		default:
			name, _ := t.(string)
			return in.bad(name, UnknownField)
		}
		if err := f.read(in); err != nil {
			return err
		}
	}
	if t, err := in.dec.Token(); err != nil {
		return in.unreadable(err)
	} else if t != json.Delim('}') {
		name, _ := t.(string)
		return in.bad(name, UnknownField)
	}
	if _, err := in.dec.Token(); err != io.EOF {
		return in.bad("", BehindTheEnd)
	}
	return nil
}

// bad returns a fault at the place that was read last.
func (in *importReader) bad(field string, f Fault) error {
	return in.badAt(in.dec.InputOffset(), field, f)
}

func (in *importReader) badAt(offset int64, field string, f Fault) error {
	line := 1
	section := io.NewSectionReader(in.r, 0, min(offset, in.size))
	for block := make([]byte, 64<<10); ; {
		n, err := section.Read(block)
		line += bytes.Count(block[:n], []byte("\n"))
		if err != nil {
			return &BadFile{Line: line, Field: field, Fault: f}
		}
	}
}

// unreadable returns the fault behind an error of the decoder.
func (in *importReader) unreadable(err error) error {
	switch {
	case in.guard.over:
		return in.bad("", TooMuch)
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		return in.badAt(in.size, "", CutOff)
	}
	if syntax, ok := err.(*json.SyntaxError); ok {
		return in.badAt(syntax.Offset, "", BrokenJSON)
	}
	return in.bad("", BrokenJSON)
}

// value reads the next value, and says where it stands.
func value[T any](in *importReader) (v T, p place, err error) {
	var raw json.RawMessage
	if err := in.dec.Decode(&raw); err != nil {
		return v, p, in.unreadable(err)
	}
	end := in.dec.InputOffset()
	in.guard.upTo = end + maxElement
	p = place{end - int64(len(raw)), int64(len(raw))}
	if hasZero(raw) {
		return v, p, in.badAt(p.offset, "", BadValue)
	}
	if field, fault := strictly(raw, &v); fault != "" {
		return v, p, in.badAt(p.offset, field, fault)
	}
	return v, p, nil
}

// hasZero reports whether a text in a value has a zero byte, which not every database keeps.
func hasZero(raw []byte) bool {
	for i := 0; i+5 < len(raw); i++ {
		if raw[i] == '\\' {
			if string(raw[i+1:i+6]) == "u0000" {
				return true
			}
			i++
		}
	}
	return false
}

// strictly reads a value, or returns the field that cannot be read and why.
func strictly(raw []byte, v any) (field string, fault Fault) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	err := dec.Decode(v)
	if err == nil {
		return "", ""
	}
	if rest, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return strings.Trim(rest, `"`), UnknownField
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) == nil {
		for name, one := range fields { // which one?
			alone, _ := json.Marshal(map[string]json.RawMessage{name: one}) // was read from JSON
			if json.Unmarshal(alone, v) != nil {
				return name, BadValue
			}
		}
	}
	return "", BadValue
}

// again reads an element once more.
func again[T any](f *importFile, p place) (v T, err error) {
	raw := make([]byte, p.length)
	if _, err := f.r.ReadAt(raw, p.offset); err != nil && err != io.EOF {
		return v, fmt.Errorf("read the file again: %w", err)
	}
	return v, json.Unmarshal(raw, &v)
}

// elements reads a list with what reads an element of it.
func elements(one func(*importReader) error) func(*importReader) error {
	return func(in *importReader) error {
		if t, err := in.dec.Token(); err != nil {
			return in.unreadable(err)
		} else if t != json.Delim('[') {
			return in.bad("", BadValue)
		}
		for in.dec.More() {
			if err := one(in); err != nil {
				return err
			}
		}
		if _, err := in.dec.Token(); err != nil {
			return in.unreadable(err)
		}
		return nil
	}
}
