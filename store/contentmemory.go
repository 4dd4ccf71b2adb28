package store

import (
	"strings"

	"rehearse/progress"
)

// contentMemory keeps what the updates of an SQLite file read of the content, which only loads change: each answer asks the same.
// It belongs to the writer's goroutine.
type contentMemory struct {
	events  map[int64][]progress.QuestionEvent // by question, all of them
	inForce map[questionRevision]bool
	spoilt  bool // the group at hand writes content: until it has ended, nothing is taken or kept
}

type questionRevision struct{ question, revision int64 }

// maxContent is how many questions are remembered, at a few hundred bytes each.
const maxContent = 50_000

func newContentMemory() *contentMemory {
	return &contentMemory{events: map[int64][]progress.QuestionEvent{}, inForce: map[questionRevision]bool{}}
}

// writing comes before a statement that writes to a table.
func (m *contentMemory) writing(table string) {
	if m == nil {
		return
	}
	for _, name := range []string{"questions", "revisions", "question_events"} {
		if strings.HasPrefix(table, name) || table == "" { // "": of a statement that could be any
			m.spoilt = true
		}
	}
}

// spoil forgets everything.
func (m *contentMemory) spoil() { m.spoilt = true }

// renew comes between two groups, whether or not the first was committed.
func (m *contentMemory) renew() {
	if m.spoilt || len(m.events) > maxContent || len(m.inForce) > maxContent {
		*m = *newContentMemory()
	}
}

// fromContent returns what read reads, or what it read earlier under this key. Found is nil where nothing is remembered.
func fromContent[K comparable, V any](m *contentMemory, found func(*contentMemory) map[K]V, key K, read func() (V, error)) (V, error) {
	if m == nil || m.spoilt {
		return read()
	}
	if v, ok := found(m)[key]; ok {
		return v, nil
	}
	v, err := read()
	if err == nil {
		found(m)[key] = v
	}
	return v, err
}
