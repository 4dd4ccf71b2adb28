package sandbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"rehearse/bank"
	"rehearse/quiz"
)

// request is a statement on one of a question's data sets.
func request(q bank.Question, set int, statement string) Request {
	r := Request{Setup: q.Setups[set].Text, Statement: statement, Plan: q.Plan != ""}
	if q.Writes {
		r.Check = q.Check.Text
	}
	return r
}

// Answer runs the response to a question of kind sql on its data sets, up to the first that it does not get right, and
// holds each result against that of the author's statement. Errors are as those of Run, or ErrQuestion.
func (p *Pool) Answer(ctx context.Context, q bank.Question, statement string) (quiz.Run, error) {
	var run quiz.Run
	for i := range q.Setups {
		want, err := p.want(ctx, q, i)
		if err != nil {
			return quiz.Run{}, err
		}
		out, err := p.Run(ctx, request(q, i, statement))
		if err != nil {
			return quiz.Run{}, err
		}
		if i == 0 {
			run.Plan = out.Plan
		}
		if out.Error != nil {
			run.Error = out.Error
			break
		}
		set := quiz.Compare(want, out.Table, q.Ordered)
		run.Sets = append(run.Sets, set)
		if set.Diff != "" {
			break
		}
	}
	return run, nil
}

// Try runs a statement on the data set that the question shows, and compares nothing.
func (p *Pool) Try(ctx context.Context, q bank.Question, statement string) (Outcome, error) {
	out, err := p.Run(ctx, request(q, 0, statement))
	if err == nil {
		err = out.faultOfQuestion(q)
	}
	out.Table = out.Table.Excerpt()
	return out, err
}

// wanted keeps what the authors' statements give: that is the same for every response.
type wanted struct {
	mu     sync.Mutex
	tables map[wantedKey]quiz.Table
}

type wantedKey struct {
	keyHash string
	set     int
}

// maxWanted bounds how many results are kept.
const maxWanted = 1000

// want returns what the author's statement gives on a data set.
func (p *Pool) want(ctx context.Context, q bank.Question, set int) (quiz.Table, error) {
	key := wantedKey{q.KeyHash, set}
	p.wanted.mu.Lock()
	table, known := p.wanted.tables[key]
	p.wanted.mu.Unlock()
	if known {
		return table, nil
	}
	out, err := p.Run(ctx, request(q, set, q.Query.Text))
	if err == nil && out.Error != nil {
		err = fmt.Errorf("%w: question %s: %s", ErrQuestion, q.ID, out)
	}
	if err == nil {
		err = out.faultOfQuestion(q)
	}
	var refusal *quiz.Refusal
	if errors.As(err, &refusal) { // of the author's statement: nothing that a candidate can mend
		err = fmt.Errorf("%w: question %s: %s", ErrQuestion, q.ID, refusal.Error())
	}
	if err != nil {
		return quiz.Table{}, err
	}
	p.wanted.mu.Lock()
	defer p.wanted.mu.Unlock()
	if p.wanted.tables == nil || len(p.wanted.tables) >= maxWanted {
		p.wanted.tables = map[wantedKey]quiz.Table{}
	}
	p.wanted.tables[key] = out.Table
	return out.Table, nil
}

// faultOfQuestion returns ErrQuestion when it is the author's part that does not run.
func (o Outcome) faultOfQuestion(q bank.Question) error {
	if o.Where == InSetup {
		return fmt.Errorf("%w: question %s: %s", ErrQuestion, q.ID, o)
	}
	return nil
}

// Fault is what is wrong with a question that was run.
type Fault struct {
	Code   string // query-setup or query-plan
	Text   string
	Remedy string
	At     bank.Place // the line of the file that is to blame
}

// CheckQuestion runs the author's statement of a question of kind sql on every data set and returns what is wrong with the
// question. The error says that it could not be run.
func (p *Pool) CheckQuestion(ctx context.Context, q bank.Question) ([]Fault, error) {
	var faults []Fault
	rows := 0
	for i := range q.Setups {
		r := request(q, i, q.Query.Text)
		out, err := p.Run(ctx, r)
		var refusal *quiz.Refusal
		switch {
		case errors.As(err, &refusal):
			out.Refused, out.Where = refusal.Refused, InStatement
			return append(faults, out.fault(q, i)), nil
		case err != nil:
			return nil, err
		case out.Error != nil || out.Refused != "":
			return append(faults, out.fault(q, i)), nil
		}
		rows += out.Table.Total
		fault := func(code, remedy, format string, args ...any) {
			faults = append(faults, Fault{code, fmt.Sprintf("data set %d: ", i+1) + fmt.Sprintf(format, args...), remedy, rowsFrom(q)})
		}
		if q.Plan != "" && quiz.Scans(out.Plan) {
			fault("query-plan", "add an index, or remove plan:", "the plan of the author's own statement has a scan (%s)", firstScan(out.Plan))
		}
		r.Reverse = true
		reversed, err := p.Run(ctx, r)
		if err != nil {
			return nil, err
		}
		if quiz.Compare(out.Table, reversed.Table, q.Ordered).Diff != "" {
			fault("query-setup", "let ORDER BY decide between all rows", "the result depends on the order in which tables are read")
		}
	}
	if rows == 0 {
		faults = append(faults, Fault{"query-setup", "the statement finds nothing on any data set, as most wrong ones do", "add rows that it finds", rowsFrom(q)})
	}
	return faults, nil
}

// rowsFrom returns the place of the author's statement whose rows are compared.
func rowsFrom(q bank.Question) bank.Place {
	if q.Writes {
		return q.Script.Check
	}
	return q.Script.Query
}

// fault says what an outcome other than rows has against a question on one of its data sets, and which line is to blame.
func (o Outcome) fault(q bank.Question, set int) Fault {
	f := Fault{Code: "query-setup", Remedy: "correct ### Query"}
	at, text := q.Script.Query, q.Query.Text
	switch o.Where {
	case InSetup:
		at, text, f.Remedy = bank.Place{}, q.Setups[set].Text, "correct the data set"
		if set < len(q.Script.Setups) {
			at = q.Script.Setups[set]
		}
	case InCheck:
		at, text, f.Remedy = q.Script.Check, q.Check.Text, "correct ### Check"
	}
	f.At = at
	if o.Error != nil && o.Error.Line > 0 {
		f.At.Line += o.Error.Line - 1
		f.At.Col += bytesBefore(text, o.Error.Line, o.Error.Col)
	}
	what := fmt.Sprintf("the %s", o.Where)
	if o.Error != nil {
		what += " fails: " + o.Error.Text
	} else {
		first, _, _ := strings.Cut((&quiz.Refusal{Refused: o.Refused}).Error(), ". ")
		what += " may not run to its end: " + strings.TrimSuffix(first, ".")
	}
	f.Text = fmt.Sprintf("data set %d: %s", set+1, what)
	return f
}

// bytesBefore returns how many bytes of a line stand before a column that counts characters.
func bytesBefore(text string, line, col int) int {
	lines := strings.Split(text, "\n")
	if line > len(lines) {
		return 0
	}
	runes := []rune(lines[line-1])
	return len(string(runes[:max(0, min(col-1, len(runes)))]))
}

func firstScan(plan []quiz.PlanStep) string {
	for _, step := range plan {
		if step.Scan {
			return step.Text
		}
	}
	return ""
}
