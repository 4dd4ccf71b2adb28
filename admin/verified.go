package admin

import (
	"io/fs"

	"rehearse/bank"
)

// VerifyState says whether the key of a question was executed.
type VerifyState string

// The states of verification.
const (
	NotExecutable VerifyState = "not-executable" // nothing in the question can be run
	NotVerified   VerifyState = "not-verified"   // it could be, and was not
	Stale         VerifyState = "stale"          // what was executed is not what the question says now
	Verified      VerifyState = "verified"
)

// Recorded is the ids of all questions that verified.json speaks of.
type Recorded map[string]bool

// ReadRecorded reads which questions verified.json speaks of. A file that cannot be read is a finding of the bank, and
// speaks of none.
func ReadRecorded(root fs.FS) Recorded {
	entries, err := bank.ReadExecuted(root)
	if err != nil {
		return nil
	}
	ids := Recorded{}
	for _, e := range entries {
		ids[e.ID] = true
	}
	return ids
}

// StateOf returns whether the key of the question with this id and these labels was executed.
func (r Recorded) StateOf(id string, q bank.Labels) VerifyState {
	switch {
	case len(q.Executed) > 0:
		return Verified
	case len(q.Runtimes) == 0:
		return NotExecutable
	case r[id]:
		return Stale
	}
	return NotVerified
}
