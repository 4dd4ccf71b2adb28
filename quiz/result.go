package quiz

import "rehearse/bank"

// Full is the score of a response that is entirely right, in micro-points. Scores are integers so that sums over any
// number of responses are exact in every database.
const Full = 1_000_000

// Verdict is the short form of a result.
type Verdict string

// The verdicts.
const (
	Right   Verdict = "right"
	Partial Verdict = "partial" // something is right
	Wrong   Verdict = "wrong"
	Self    Verdict = "self" // an open question: candidates mark themselves
)

// Result is what the program thinks of a response, with all that a page needs to explain it beside the question
// itself. Which details are set depends on the kind of question.
type Result struct {
	Score   int64          `json:"score"` // micro-points, 0 to Full; not weighted by the question's points
	Verdict Verdict        `json:"verdict"`
	Right   int            `json:"right,omitempty"`   // parts that are right: choices, blanks, places, pairs or lines
	Parts   int            `json:"parts,omitempty"`   // parts there are, 0 for kinds without parts
	Message Sentence       `json:"message,omitzero"`  // number: why an otherwise readable response is wrong
	Entry   *EntryResult   `json:"entry,omitempty"`   // text, number: the entry that decided, if any
	Answer  string         `json:"answer,omitempty"`  // text, number: the answer to show
	Choices []ChoiceResult `json:"choices,omitempty"` // single, multiple: every choice, in the author's order
	Line    *LineResult    `json:"line,omitempty"`    // output: the first line that differs, nil when right
	Places  []PlaceResult  `json:"places,omitempty"`  // order: every item, in the right order
	Pairs   []PairResult   `json:"pairs,omitempty"`   // match: every left item, in the author's order
	Blanks  []BlankResult  `json:"blanks,omitempty"`  // cloze: every blank, in order of appearance
}

// EntryResult names the accepted or rejected entry that a response equals.
type EntryResult struct {
	Accepted bool      `json:"accepted,omitempty"`
	Index    int       `json:"index"` // in the question's Accept or Reject
	Feedback bank.Rich `json:"feedback,omitzero"`
}

// ChoiceResult says of one choice whether it was chosen and whether it should have been.
type ChoiceResult struct {
	ID     string `json:"id"`
	Chosen bool   `json:"chosen,omitempty"`
	Right  bool   `json:"right,omitempty"` // belongs to the key
}

// LineResult is the first line in which a printed output differs from the right one.
type LineResult struct {
	Number    int    `json:"number"` // from 1
	Want      string `json:"want"`   // "" when Number > WantLines: the response goes on too long
	Got       string `json:"got"`    // "" when Number > GotLines: the response ends too early
	WantLines int    `json:"wantLines"`
	GotLines  int    `json:"gotLines"`
}

// PlaceResult says of one item where it belongs and where it was put. Places count from 1.
type PlaceResult struct {
	ID    string `json:"id"`
	Want  int    `json:"want"`
	Got   int    `json:"got,omitempty"` // 0 when it was put nowhere
	Right bool   `json:"right,omitempty"`
}

// PairResult says of one left item which right item belongs to it and which was given to it.
type PairResult struct {
	Left  string `json:"left"`
	Want  string `json:"want"`
	Got   string `json:"got,omitempty"` // "" when none was given
	Right bool   `json:"right,omitempty"`
}

// BlankResult says of one blank what was typed and what belongs there.
type BlankResult struct {
	Card  int    `json:"card"` // the number of the flashcard that it rates
	Got   string `json:"got,omitempty"`
	Want  string `json:"want"`
	Right bool   `json:"right,omitempty"`
}

// CardRight reports whether all blanks of one flashcard of a cloze question are right. For every other kind of
// question, which has one card, it reports whether the whole response is.
func (r Result) CardRight(card int) bool {
	if len(r.Blanks) == 0 {
		return r.Verdict == Right
	}
	found := false
	for _, b := range r.Blanks {
		if b.Card == card {
			found = true
			if !b.Right {
				return false
			}
		}
	}
	return found
}

// allOrNothing sets score and verdict of a response that is right or wrong as a whole.
func (r Result) allOrNothing(right bool) Result {
	r.Score, r.Verdict = 0, Wrong
	if right {
		r.Score, r.Verdict = Full, Right
	}
	return r
}

// share sets score and verdict of a response of which right of parts parts are right.
func (r Result) share(right, parts int) Result {
	r.Right, r.Parts = right, parts
	switch {
	case parts > 0 && right == parts:
		r.Score, r.Verdict = Full, Right
	case right > 0:
		r.Score, r.Verdict = Full*int64(right)/int64(parts), Partial
	default:
		r.Score, r.Verdict = 0, Wrong
	}
	return r
}
