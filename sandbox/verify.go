// Package sandbox runs what others wrote, under limits.
//
// The files runtime*.go and verify*.go execute the keys of questions with the runtimes of an author's machine: Node, Go,
// SQLite and sh. A question says that a program prints something; Verify runs the program and compares. That happens at an
// author's command alone, since a bank's programs can do whatever the author can; the server never calls them, and a test
// in cmd/server holds it to that.
package sandbox

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"rehearse/bank"
	"rehearse/markdown"
)

// State says what is known of a key in one runtime, best first.
type State string

// The states of a check.
const (
	Passed      State = "passed"
	NotVerified State = "not verified" // the runtime is not here; nothing is known
	False       State = "false"        // the runtime prints something else
)

// Check is the outcome of executing one key in one runtime.
type Check struct {
	State    State
	Runtime  string // as in bank.Labels.Runtimes
	Version  string // "" when the runtime is not here
	Line     int    // False: where the key is wrong, else the question's heading
	Col      int    // in bytes, from 1
	Code     string // False: the rule that is broken, as in bank.Codes
	Detail   string // why it is not passed
	Remedy   string // False: what to do
	Recorded string // Passed: the date of the run that verified.json knows of, "" when it ran now
}

// Result is all that was found out about the key of one question.
type Result struct {
	Question bank.Question
	Checks   []Check // one for each runtime and release line, never empty
	Findings []markdown.Finding
}

// State returns the worst state of all checks.
func (r Result) State() State {
	worst := Passed
	for _, c := range r.Checks {
		if c.State == False || c.State == NotVerified && worst == Passed {
			worst = c.State
		}
	}
	return worst
}

// checkers execute the keys of a kind of question. A kind that is not here has no key that can be executed.
var checkers = map[bank.Kind]func(*verification, context.Context, bank.Question) (Result, error){
	bank.Output: (*verification).output,
	bank.SQL:    (*verification).sql,
}

// verification is one call of Verify.
type verification struct {
	runtimes []Runtime
	recorded map[string][]bank.Executed // by question id
	pool     *Pool                      // for questions answered by SQL
}

// Verify executes the key of every question of a kind that can be executed, on all cores, and returns a result for each,
// in their order. What an entry in recorded says of the same key, prompt, runtime and version is not executed again.
// Report is called as the work goes on, with the number of questions done and of all; it may be nil.
func Verify(ctx context.Context, questions []bank.Question, runtimes []Runtime, recorded []bank.Executed, report func(done, total int)) ([]Result, error) {
	pool, err := NewPool(runtime.NumCPU())
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	v := &verification{runtimes: runtimes, recorded: map[string][]bank.Executed{}, pool: pool}
	for _, e := range recorded {
		v.recorded[e.ID] = append(v.recorded[e.ID], e)
	}
	var todo []bank.Question
	for _, q := range questions {
		if checkers[q.Kind] != nil {
			todo = append(todo, q)
		}
	}
	return each(ctx, todo, report, func(ctx context.Context, q bank.Question) (Result, error) {
		r, err := checkers[q.Kind](v, ctx, q)
		if err != nil {
			return r, fmt.Errorf("%s:%d: question %s: %w", q.File, q.Line, q.ID, err)
		}
		return r, nil
	})
}

// each calls work for every question, on all cores, until one call fails.
func each(ctx context.Context, questions []bank.Question, report func(done, total int), work func(context.Context, bank.Question) (Result, error)) ([]Result, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	results := make([]Result, len(questions))
	next := make(chan int)
	var workers sync.WaitGroup
	var done counter
	for range runtime.NumCPU() {
		workers.Go(func() {
			for i := range next {
				r, err := work(ctx, questions[i])
				if err != nil {
					stop(err)
				}
				results[i] = r
				done.add(report, len(questions))
			}
		})
	}
	for i := range questions {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	workers.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return results, nil
}

// counter counts what is done and reports it, one at a time.
type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) add(report func(done, total int), total int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	if report != nil {
		report(c.n, total)
	}
}

// output executes the key of an output question in every runtime for which it must hold.
func (v *verification) output(ctx context.Context, q bank.Question) (Result, error) {
	r := Result{Question: q}
	names := q.Runtimes
	if len(names) == 0 {
		names = []string{""}
	}
	for _, name := range names {
		wanted, missing := v.choose(q, name)
		r.Checks = append(r.Checks, missing...)
		for _, rt := range wanted {
			c, err := v.check(ctx, q, rt)
			if err != nil {
				return r, err
			}
			r.Checks = append(r.Checks, c)
		}
	}
	return r, v.compareModules(ctx, &r)
}

// choose returns the runtimes in which a key must hold: those of the release lines that the prompt names, else all. What
// cannot be run is said by checks that are not verified.
func (v *verification) choose(q bank.Question, name string) (wanted []Runtime, missing []Check) {
	lack := func(format string, args ...any) {
		missing = append(missing, Check{State: NotVerified, Runtime: name, Line: q.Line, Col: 1, Detail: fmt.Sprintf(format, args...)})
	}
	if name == "" || program(q, name) == "" {
		lack("no block of the prompt is in a language that %s", cannotRun(name))
		return nil, missing
	}
	named := linesNamed(q, name)
	present := map[int]bool{}
	for _, rt := range v.runtimes {
		switch {
		case rt.Name != name:
		case name == "go" && !named.empty(): // a newer Go runs the older language
			present[rt.line()] = rt.line() >= named.highest()
			if present[rt.line()] {
				return []Runtime{rt}, nil
			}
		case named.has(rt.line()):
			present[rt.line()] = true
			wanted = append(wanted, rt)
		}
	}
	for _, line := range named.exact {
		if !present[line] {
			lack("the prompt names %s, which is not on this machine", releaseName(name, line))
		}
	}
	if len(wanted) == 0 && len(missing) == 0 {
		lack("%s is not on this machine", programName(name, named.from))
	}
	return wanted, missing
}

func cannotRun(name string) string {
	if name == "" {
		return "can be executed; it can be js, go, sql or sh"
	}
	return name + " executes"
}

// programName names the program behind a runtime, with the oldest release line that would do.
func programName(name string, from int) string {
	if from > 0 {
		return releaseName(name, from) + " or later"
	}
	if isNode(name) {
		return "Node"
	}
	return name
}

func releaseName(name string, line int) string {
	if name == "go" {
		return fmt.Sprintf("Go 1.%d", line)
	}
	return fmt.Sprintf("Node %d", line)
}

// check executes one key in one runtime, unless that is on record.
func (v *verification) check(ctx context.Context, q bank.Question, rt Runtime) (Check, error) {
	c := Check{State: Passed, Runtime: rt.Name, Version: rt.Version, Line: q.Line, Col: 1}
	if c.Recorded = v.onRecord(q, rt); c.Recorded != "" {
		return c, nil
	}
	printed, err := rt.run(ctx, q)
	if err != nil {
		return c, fmt.Errorf("%s %s: %w", rt.Name, rt.Version, err)
	}
	if detail, line := falsify(q.Output, printed); detail != "" {
		at := q.Script.Key
		return Check{
			State: False, Code: "output-false", Runtime: rt.Name, Version: rt.Version, Line: at.Line + line, Col: at.Col,
			Detail: detail, Remedy: "correct ### Output, or the program",
		}, nil
	}
	return c, nil
}

// onRecord returns the date when a key was found to hold in a runtime, "" when that is not known.
func (v *verification) onRecord(q bank.Question, rt Runtime) string {
	for _, e := range v.recorded[q.ID] {
		if e.Holds(q) && e.Runtime == rt.Name && e.Version == rt.Version {
			return e.Date
		}
	}
	return ""
}

// falsify says what is wrong with a key, and in which of its lines, from 0. "" says that the program prints the key.
func falsify(key string, p Printed) (detail string, line int) {
	want, got := strings.Split(key, "\n"), strings.Split(bank.NormalOutput(p.Text), "\n")
	if got[0] == "" && len(got) == 1 {
		got = nil // nothing is no empty line
	}
	for line < min(len(want), len(got)) && want[line] == got[line] {
		line++
	}
	switch {
	case p.Stopped:
		return "the program was stopped: it " + p.Status, 0
	case line == len(want) && line == len(got):
		return "", 0
	case len(got) == 0:
		detail = fmt.Sprintf("nothing is printed, the key says %s", quoted(want[line]))
	case line == len(got):
		detail = fmt.Sprintf("nothing more is printed, the key says %s", quoted(want[line]))
	case line == len(want):
		detail, line = fmt.Sprintf("%s is printed after the end of the key", quoted(got[line])), line-1
	default:
		detail = fmt.Sprintf("%s is printed, the key says %s", quoted(got[line]), quoted(want[line]))
	}
	return detail + trouble(p), line
}

// trouble says how a program ended that did not end well.
func trouble(p Printed) string {
	if p.Status == "" {
		return ""
	}
	for line := range strings.Lines(p.Errors) {
		if strings.Contains(line, "Error") || strings.Contains(line, "rror:") || !strings.Contains(p.Errors, "rror") {
			return fmt.Sprintf(" (%s, %s)", p.Status, quoted(strings.TrimSpace(line)))
		}
	}
	return fmt.Sprintf(" (%s)", p.Status)
}

func quoted(line string) string {
	const longest = 80
	if runes := []rune(line); len(runes) > longest {
		line = string(runes[:longest]) + "…"
	}
	return fmt.Sprintf("%q", line)
}

// Record returns the entries of verified.json after a run on a given day. An entry is replaced by what was executed now
// in the same runtime and release line, and kept when this machine does not have its runtime but it still holds. Entries
// of questions for which keep is true are kept as they are: their file could not be read.
func Record(results []Result, recorded []bank.Executed, date string, keep func(id string) bool) []bank.Executed {
	var entries []bank.Executed
	questions := map[string]Result{}
	for _, r := range results {
		questions[r.Question.ID] = r
		if len(r.Findings) > 0 {
			continue // it is to be looked at again
		}
		for _, c := range r.Checks {
			if c.State == Passed {
				day := date
				if c.Recorded != "" {
					day = c.Recorded
				}
				entries = append(entries, entry(r.Question, c, day))
			}
		}
	}
	for _, e := range recorded {
		r, known := questions[e.ID]
		if known && len(r.Findings) == 0 && e.Holds(r.Question) && !checked(r, e) || !known && keep(e.ID) {
			entries = append(entries, e)
		}
	}
	return entries
}

func entry(q bank.Question, c Check, date string) bank.Executed {
	return bank.Executed{
		ID: q.ID, KeyHash: q.KeyHash, PromptHash: bank.PromptHash(q),
		Execution: bank.Execution{Runtime: c.Runtime, Version: c.Version, Date: date},
	}
}

// checked reports whether a result speaks of the runtime and release line of an entry.
func checked(r Result, e bank.Executed) bool {
	return slices.ContainsFunc(r.Checks, func(c Check) bool {
		return c.Version != "" && c.Runtime == e.Runtime && Line(c.Runtime, c.Version) == Line(e.Runtime, e.Version)
	})
}
