package quiz

// Refused says why a statement may not run, or was stopped.
type Refused string

// The reasons.
const (
	Forbidden Refused = "forbidden"
	Several   Refused = "several"
	Empty     Refused = "empty"
	TooLong   Refused = "time"
	TooMany   Refused = "rows"
	TooLarge  Refused = "bytes"
	TooHungry Refused = "memory"
	Crashed   Refused = "crash"
)

// Refusal is the error for a statement that is nothing to be marked: nothing is recorded, and it may be sent again.
type Refusal struct{ Refused }

// Sentence tells the candidate why.
func (r *Refusal) Sentence() Sentence {
	switch r.Refused {
	case Forbidden:
		return sentence("Only one statement that reads the tables of this exercise can run here, or one that changes them where the question asks for it.")
	case Several:
		return sentence("Send one statement; there is more than one.")
	case Empty:
		return sentence("There is no statement here.")
	case TooLong:
		return sentence("Your statement was stopped after %d ms and not marked. Look for a loop or a join without an end, and send it again.", 250)
	case TooMany:
		return sentence("Your statement was stopped after %d rows and not marked. Narrow it down, and send it again.", 10_000)
	case TooLarge:
		return sentence("Your statement was stopped because its values grew beyond %d MiB, and not marked. Narrow it down, and send it again.", 1)
	case TooHungry:
		return sentence("Your statement was stopped because it needed more than %d MiB of memory, and not marked. Narrow it down, and send it again.", 32)
	default:
		return sentence("Your statement could not be run to its end and was not marked. Write it in another way, and send it again.")
	}
}

func (r *Refusal) Error() string { return r.Sentence().String() }
