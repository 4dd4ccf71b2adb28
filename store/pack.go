package store

import (
	"database/sql"
	"strings"

	"rehearse/progress"
)

// Entries of logs are most of what grows. They are stored short: their kind is a letter, a response that only names choices is
// their ids, and a once key that says no more than the attempt and the position is not stored.

// kindLetters are the kinds as they are stored.
var kindLetters = map[progress.EvidenceKind]string{
	progress.Responded: "r", progress.Graded: "g", progress.Undone: "u", progress.Finished: "f", progress.Set: "s",
	progress.Corrected: "c", progress.Merged: "m", progress.Suspended: "p", progress.Resumed: "b",
}

var letterKinds = func() map[string]progress.EvidenceKind {
	kinds := map[string]progress.EvidenceKind{}
	for kind, letter := range kindLetters {
		kinds[letter] = kind
	}
	return kinds
}()

// storedOnce returns the once key of an entry as it is stored: NULL when it is the usual one.
func storedOnce(e progress.Evidence) sql.NullString {
	return sql.NullString{String: e.Once, Valid: e.Once == "" || e.Once != e.UsualOnce()}
}

// How the parts of a response that only names choices are written, and how they are stored.
const choicesBegin, choicesNext, choicesEnd = `{"choices":["`, `","`, `"]`

var (
	packTail   = strings.NewReplacer(`,"unsure":true`, "?", `,"confidence":`, "!", "}", "")
	unpackTail = strings.NewReplacer("?", `,"unsure":true`, "!", `,"confidence":`)
)

// pack returns the data of an entry as it is stored.
func pack(kind progress.EvidenceKind, data string) string {
	rest, choices := strings.CutPrefix(data, choicesBegin)
	ids, tail, ended := strings.Cut(rest, choicesEnd)
	if kind != progress.Responded || !choices || !ended {
		return data
	}
	packed := strings.ReplaceAll(ids, choicesNext, " ") + packTail.Replace(tail)
	if unpack(kind, packed) != data { // there is more in it
		return data
	}
	return packed
}

// unpack is the opposite of pack.
func unpack(kind progress.EvidenceKind, stored string) string {
	if kind != progress.Responded || stored == "" || stored[0] == '{' {
		return stored
	}
	ids, tail := stored, ""
	if i := strings.IndexAny(stored, "?!"); i >= 0 {
		ids, tail = stored[:i], stored[i:]
	}
	return choicesBegin + strings.ReplaceAll(ids, " ", choicesNext) + choicesEnd + unpackTail.Replace(tail) + "}"
}
