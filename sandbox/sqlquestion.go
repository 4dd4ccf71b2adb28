package sandbox

import (
	"context"
	"errors"
	"fmt"
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
	Code string // query-setup or query-plan
	Text string // with the remedy
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
			return append(faults, Fault{Code: "query-setup", Text: fmt.Sprintf("data set %d: %s", i+1, refusal)}), nil
		case err != nil:
			return nil, err
		case out.Error != nil || out.Refused != "":
			return append(faults, Fault{Code: "query-setup", Text: fmt.Sprintf("data set %d: %s", i+1, out)}), nil
		}
		rows += out.Table.Total
		if q.Plan != "" && quiz.Scans(out.Plan) {
			faults = append(faults, Fault{Code: "query-plan", Text: fmt.Sprintf("data set %d: the plan of the author's own statement has a scan (%s); add an index, or remove plan:", i+1, firstScan(out.Plan))})
		}
		r.Reverse = true
		reversed, err := p.Run(ctx, r)
		if err != nil {
			return nil, err
		}
		if quiz.Compare(out.Table, reversed.Table, q.Ordered).Diff != "" {
			faults = append(faults, Fault{Code: "query-setup", Text: fmt.Sprintf("data set %d: the result depends on the order in which tables are read; let ORDER BY decide between all rows", i+1)})
		}
	}
	if rows == 0 {
		faults = append(faults, Fault{Code: "query-setup", Text: "the statement finds nothing on any data set, as most wrong ones do; add rows that it finds"})
	}
	return faults, nil
}

func firstScan(plan []quiz.PlanStep) string {
	for _, step := range plan {
		if step.Scan {
			return step.Text
		}
	}
	return ""
}
