package bank

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"rehearse/markdown"
)

// ExecutedName is the file in a content root that says which keys were executed. A program writes it; it is committed.
const ExecutedName = "verified.json"

// Execution says that a key was executed, and found right.
type Execution struct {
	Runtime string `json:"runtime"` // as in Labels.Runtimes
	Version string `json:"version"` // of the runtime, such as 24.21.0
	Date    string `json:"date"`    // YYYY-MM-DD
}

// Executed is one entry of verified.json. It holds as long as the question has this prompt and this key.
type Executed struct {
	ID         string `json:"id"`
	KeyHash    string `json:"key_hash"`
	PromptHash string `json:"prompt_hash"`
	Execution
}

// PromptHash returns a hash of what a key is the answer to: heading and stem, with the code in it. The key hash does not
// cover it, and the body hash would change with every word of an explanation.
func PromptHash(q Question) string {
	return digest([]string{q.Title.Text, q.Stem.Text})[:16]
}

// Holds reports whether the entry still speaks of this question.
func (e Executed) Holds(q Question) bool {
	return e.ID == q.ID && e.KeyHash == q.KeyHash && e.PromptHash == PromptHash(q) && slices.Contains(q.Runtimes, e.Runtime)
}

// ReadExecuted returns the entries of verified.json in a content root; none when there is no such file.
func ReadExecuted(fsys fs.FS) ([]Executed, error) {
	data, err := fs.ReadFile(fsys, ExecutedName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var entries []Executed
	if err := json.Unmarshal(data, &entries); err != nil {
		return nil, err
	}
	for _, e := range entries {
		if _, err := time.Parse(time.DateOnly, e.Date); err != nil {
			return nil, fmt.Errorf("the entry of %s has the date %q", e.ID, e.Date)
		}
	}
	return entries, nil
}

// FormatExecuted returns the text of verified.json: sorted, one entry a line, so that changes are easy to review.
func FormatExecuted(entries []Executed) []byte {
	entries = slices.Clone(entries)
	slices.SortFunc(entries, func(a, b Executed) int {
		return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(a.Runtime, b.Runtime), strings.Compare(a.Version, b.Version))
	})
	var out bytes.Buffer
	out.WriteString("[")
	for i, e := range entries {
		line, err := json.Marshal(e)
		if err != nil {
			panic(fmt.Sprintf("bank: writing %s: %v", ExecutedName, err))
		}
		if i > 0 {
			out.WriteString(",")
		}
		out.WriteString("\n  ")
		out.Write(line)
	}
	out.WriteString("\n]\n")
	return out.Bytes()
}

// readExecutions gives the questions the entries that still hold for them.
func (b *Bank) readExecutions(fsys fs.FS) []markdown.Finding {
	entries, err := ReadExecuted(fsys)
	if err != nil {
		src, _ := markdown.Open(ExecutedName, nil)
		src.Warnf(0, "verified-form", "the file cannot be read (%v); remove it and run server verify --write", err)
		return src.Findings()
	}
	byID := map[string][]Executed{}
	for _, e := range entries {
		byID[e.ID] = append(byID[e.ID], e)
	}
	for i := range b.Topics {
		b.Topics[i].takeExecutions(byID)
	}
	return nil
}

// takeExecutions gives the questions of a topic their entries. The questions themselves stay as they were: they may be
// somebody else's, too.
func (t *Topic) takeExecutions(byID map[string][]Executed) {
	own := false
	for i := range t.Questions {
		for _, e := range byID[t.Questions[i].ID] {
			if !e.Holds(t.Questions[i]) {
				continue
			}
			if !own {
				t.Questions, own = slices.Clone(t.Questions), true
			}
			q := &t.Questions[i]
			q.Executed = append(q.Executed, e.Execution)
			if t.Sum != "" {
				t.Sum = digest([]string{t.Sum, q.ID, e.Runtime, e.Version, e.Date})
			}
		}
	}
}
