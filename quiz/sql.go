package quiz

import (
	"slices"
	"strings"

	"rehearse/bank"
)

// Run is what became of the statement that answers a question of kind sql: for each data set the rows that the author's
// statement gives beside those of the response. The program makes it before the response is recorded, and it is stored
// with the response, so that scoring needs nothing else and a verdict can be shown again at any time.
type Run struct {
	Sets  []SetRun    `json:"sets,omitempty"`  // up to the first that is not right
	Error *QueryError `json:"error,omitempty"` // instead of the set that it was met in
	Plan  []PlanStep  `json:"plan,omitempty"`  // on the first data set, when the question asks for a plan
}

// SetRun is a statement's result on one data set.
type SetRun struct {
	Want Table      `json:"want"`
	Got  Table      `json:"got"`
	Diff Difference `json:"diff,omitempty"` // "" when the result is right
}

// Difference says what sets a result apart from the right one.
type Difference string

// The differences, in the order in which they are looked for.
const (
	DiffColumns Difference = "columns" // not as many columns
	DiffRows    Difference = "rows"    // other rows, or not as many
	DiffOrder   Difference = "order"   // the right rows in another order
)

// QueryError is what SQLite has against a statement.
type QueryError struct {
	Text string `json:"text"`           // SQLite's own words
	Line int    `json:"line,omitempty"` // from 1; 0 when SQLite names no place
	Col  int    `json:"col,omitempty"`  // in characters, from 1
}

// PlanStep is one line of a query plan.
type PlanStep struct {
	Depth int    `json:"depth,omitempty"`
	Text  string `json:"text"`
	Scan  bool   `json:"scan,omitempty"` // it reads a whole table or index
}

// Scans reports whether a plan reads a whole table or index.
func Scans(plan []PlanStep) bool {
	return slices.ContainsFunc(plan, func(s PlanStep) bool { return s.Scan })
}

// decodeSQL reads the response to a question of kind sql. It is run before it is recorded.
func decodeSQL(f *form, _ bank.Question, _ Layout) Response {
	text := f.text("text")
	if strings.TrimSpace(text) == "" {
		f.refuse("text", "Write a statement.")
	}
	return Response{Text: text}
}

// scoreSQL is all or nothing: the rows must be right on every data set, and the plan without a scan where the question
// asks for that. A response that was not run is wrong.
func scoreSQL(q bank.Question, r Response) Result {
	run := r.Run
	if run == nil {
		return Result{}.allOrNothing(false)
	}
	right := run.Error == nil && len(run.Sets) == len(q.Setups) &&
		!slices.ContainsFunc(run.Sets, func(s SetRun) bool { return s.Diff != "" }) &&
		(q.Plan == "" || len(run.Plan) > 0 && !Scans(run.Plan))
	return Result{}.allOrNothing(right)
}
