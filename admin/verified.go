package admin

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"rehearse/bank"
)

// verifiedName is the file in a content folder that says which keys were executed.
const verifiedName = "verified.json"

// Verification says that the key of a question was executed and found to be right.
type Verification struct {
	ID      string `json:"id"`
	KeyHash string `json:"key_hash"` // of the key that was executed; another one voids the entry
	Runtime string `json:"runtime"`
	Version string `json:"version"`
	Date    string `json:"date"` // YYYY-MM-DD
}

// Verifications is the executed keys of a content folder by question id.
type Verifications map[string][]Verification

// VerifyState says whether the key of a question was executed.
type VerifyState string

// The states of verification.
const (
	NotExecutable VerifyState = "not-executable" // nothing in the question can be run
	NotVerified   VerifyState = "not-verified"   // it could be, and was not
	Stale         VerifyState = "stale"          // another key was executed
	Verified      VerifyState = "verified"
)

// ReadVerifications reads what was executed of a content folder; nothing when it does not say.
func ReadVerifications(root fs.FS) (Verifications, error) {
	data, err := fs.ReadFile(root, verifiedName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", verifiedName, err)
	}
	var entries []Verification
	if err := json.Unmarshal(data, &entries); err != nil {
		return nil, fmt.Errorf("%s: %w; write it anew with server verify", verifiedName, err)
	}
	all := Verifications{}
	for _, e := range entries {
		all[e.ID] = append(all[e.ID], e)
	}
	return all, nil
}

// Of returns the state of a question, and the entries that hold for its key.
func (v Verifications) Of(q bank.Question) (VerifyState, []Verification) {
	var holds []Verification
	for _, e := range v[q.ID] {
		if e.KeyHash == q.KeyHash {
			holds = append(holds, e)
		}
	}
	switch {
	case len(holds) > 0:
		return Verified, holds
	case len(v[q.ID]) > 0:
		return Stale, nil
	case len(q.Runtimes) > 0:
		return NotVerified, nil
	}
	return NotExecutable, nil
}
