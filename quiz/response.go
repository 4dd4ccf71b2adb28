package quiz

// Response is what a candidate submitted, by ids that stay the same when the author reorders choices or corrects the
// key. Which fields are set depends on the kind of question. Its JSON form is stored.
type Response struct {
	Choices []string          `json:"choices,omitempty"` // single, multiple: ids of the chosen choices
	Text    string            `json:"text,omitempty"`    // text, number, output, sql, open kinds: as typed, lines ended by LF
	Order   []string          `json:"order,omitempty"`   // order: item ids, first to last
	Pairs   map[string]string `json:"pairs,omitempty"`   // match: id of a left item → id of the right item given to it
	Blanks  []string          `json:"blanks,omitempty"`  // cloze: what was typed in each blank, "" for one left empty
	Run     *Run              `json:"run,omitempty"`     // sql: what the statement came to; no form sets it
	SelfMark
	Unsure     bool       `json:"unsure,omitempty"`     // the candidate was not sure: true for the least confidence, too
	Confidence Confidence `json:"confidence,omitempty"` // when it was asked for
}

// SelfMark is how candidates judge their own response to an open question. It never counts as score.
type SelfMark struct {
	Marks  []int `json:"marks,omitempty"`  // places in the question's rubric, from 0, of the criteria met
	Rating int   `json:"rating,omitempty"` // 1 again, 2 hard, 3 good, 4 easy; 0 while not marked
}
