package admin

import (
	"fmt"
	"slices"
	"strings"

	"rehearse/store"
)

// A load that retires more than this is taken for an accident until somebody says that it is meant.
const (
	maxRetired      = 5  // questions
	maxRetiredShare = 10 // percent of those that are in use
)

// RetireError says that a load was refused because it would retire too much of the bank. Nothing was written.
type RetireError struct {
	Retired int      // questions that the load would retire
	Live    int      // questions in use before it
	Files   []string // that held questions in use and hold none of them now
}

func (e *RetireError) Error() string {
	return fmt.Sprintf("the load would retire %d of %d questions, more than %d %% and more than %d; %s", e.Retired, e.Live,
		maxRetiredShare, maxRetired, e.reason())
}

// reason guesses what happened.
func (e *RetireError) reason() string {
	switch {
	case e.Retired == e.Live:
		return "the folder holds none of them: it is probably another one, or an empty copy"
	case len(e.Files) > 0:
		const shown = 5
		names := strings.Join(e.Files[:min(shown, len(e.Files))], ", ")
		if len(e.Files) > shown {
			names += ", …"
		}
		return fmt.Sprintf("files without any of their questions: %d (%s): it is probably half a copy, or an old one", len(e.Files), names)
	default:
		return "their files are there: ids were probably changed without naming the old ones in aliases"
	}
}

// guard refuses to retire more questions than is usual.
func (p *publication) guard(gone []store.Question) error {
	if p.retiring || len(gone) <= maxRetired || len(gone)*100 <= p.live*maxRetiredShare {
		return nil
	}
	refused := &RetireError{Retired: len(gone), Live: p.live}
	held := map[string]bool{}
	for _, q := range p.present {
		held[q.File] = true
	}
	for _, q := range gone {
		if !held[q.File] {
			refused.Files = append(refused.Files, q.File)
		}
	}
	slices.Sort(refused.Files)
	refused.Files = slices.Compact(refused.Files)
	return refused
}
