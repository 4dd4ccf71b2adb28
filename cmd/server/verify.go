package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rehearse/bank"
	"rehearse/markdown"
	"rehearse/sandbox"
)

var verifyFlags = []string{"node", "strict", "all", "write"}

// verify executes the keys of a content folder with the runtimes of this machine. It is the only place in the program
// that runs what authors wrote.
func verify(ctx context.Context, p *program) error {
	if len(p.args) > 1 {
		return fmt.Errorf("unexpected argument %q; give one folder", p.args[1])
	}
	dir := strings.Join(p.args, "")
	if dir == "" && p.cfg.write {
		return errors.New("--write needs a folder; the built-in content cannot be written")
	}
	start := time.Now()
	v, err := newVerifying(ctx, p, dir)
	if err != nil {
		return err
	}
	if err := v.run(ctx); err != nil {
		return err
	}
	v.print()
	if err := v.record(); err != nil {
		return err
	}
	v.summary(start)
	if v.count[sandbox.False]+len(v.bank.Broken) > 0 || p.cfg.strict && v.doubtful() {
		return errFindings
	}
	return nil
}

// verifying is one run of verify.
type verifying struct {
	*program
	dir      string
	bank     bank.Bank
	broken   []markdown.Finding // why files could not be read
	recorded []bank.Executed
	runtimes []sandbox.Runtime
	results  []sandbox.Result
	findings []markdown.Finding
	count    map[sandbox.State]int // questions
	outdated bool                  // verified.json should be written
}

func newVerifying(ctx context.Context, p *program, dir string) (*verifying, error) {
	v := &verifying{program: p, dir: dir, count: map[sandbox.State]int{}}
	root, err := contentRoot(dir)
	if err != nil {
		return nil, err
	}
	var findings []markdown.Finding
	if v.bank, findings, err = bank.Read(root); err != nil {
		return nil, err
	}
	for _, f := range findings {
		if f.Severity == markdown.Error || f.Path == bank.ExecutedName {
			v.broken = append(v.broken, f)
		}
	}
	v.recorded, _ = bank.ReadExecuted(root) // what is wrong with it is among the findings
	v.runtimes, err = sandbox.FindRuntimes(ctx, p.cfg.nodes)
	return v, err
}

func (v *verifying) run(ctx context.Context) (err error) {
	var questions []bank.Question
	for _, t := range v.bank.Topics {
		questions = append(questions, t.Questions...)
	}
	known := v.recorded
	if v.cfg.all {
		known = nil
	}
	fmt.Fprintf(v.stderr, "%s; programs run with: %s\n", v.found(), sandbox.Confinement())
	show := newMeter(v.stderr)
	v.results, err = sandbox.Verify(ctx, questions, v.runtimes, known, func(done, total int) { show.report("keys executed", done, total) })
	show.end()
	if err != nil && ctx.Err() != nil {
		return errors.New("interrupted; nothing was written")
	}
	v.findings = sandbox.Twins(questions)
	for _, r := range v.results {
		v.count[r.State()]++
		v.findings = append(v.findings, r.Findings...)
	}
	markdown.Sort(v.findings)
	return err
}

// found names the runtimes of this machine.
func (v *verifying) found() string {
	var names []string
	for _, rt := range v.runtimes {
		names = append(names, rt.Name+" "+rt.Version)
	}
	return strings.Join(names, ", ")
}

// print writes a line for each question and each thing that is wrong with it, then the findings.
func (v *verifying) print() {
	for _, r := range v.results {
		for _, line := range v.lines(r) {
			fmt.Fprintln(v.stdout, line)
		}
	}
	for _, f := range append(slices.Clone(v.broken), v.findings...) {
		f.Path = joinPath(v.dir, f.Path)
		fmt.Fprintln(v.stdout, f)
	}
}

// lines joins the checks of one question that say the same, and leaves out those that passed where others did not.
func (v *verifying) lines(r sandbox.Result) []string {
	type same struct {
		state        sandbox.State
		line, col    int
		code, detail string
	}
	var order []sandbox.Check // the first of those that say the same
	where := map[same][]string{}
	for _, c := range r.Checks {
		s := same{c.State, c.Line, c.Col, c.Code, c.Detail}
		if c.State == sandbox.Passed && r.State() != sandbox.Passed {
			continue
		}
		if where[s] == nil {
			order = append(order, c)
		}
		where[s] = append(where[s], nameOf(c))
	}
	var lines []string
	for _, c := range order {
		names := strings.Join(where[same{c.State, c.Line, c.Col, c.Code, c.Detail}], ", ")
		place := fmt.Sprintf("%s:%d:%d: ", joinPath(v.dir, r.Question.File), c.Line, c.Col)
		if c.State == sandbox.False { // as lint says it, so that editors find it
			lines = append(lines, fmt.Sprintf("%s%s %s: %s is false: %s: %s; %s", place, markdown.Error, c.Code, r.Question.ID, names, c.Detail, c.Remedy))
			continue
		}
		text := fmt.Sprintf("%s%s %s", place, c.State, r.Question.ID)
		lines = append(lines, text+": "+strings.Join(append([]string{names}, details(c.Detail)...), ": "))
	}
	return lines
}

func details(detail string) []string {
	if detail == "" {
		return nil
	}
	return []string{detail}
}

func nameOf(c sandbox.Check) string {
	name := strings.TrimSpace(c.Runtime + " " + c.Version)
	if name == "" {
		name = "no runtime"
	}
	if c.Recorded != "" {
		name += " (on " + c.Recorded + ")"
	}
	return name
}

// record writes verified.json where --write says so, else notes whether that would change it.
func (v *verifying) record() error {
	entries := sandbox.Record(v.results, v.recorded, time.Now().Format(time.DateOnly), v.unread)
	if !v.cfg.write {
		v.outdated = !sameExecuted(entries, v.recorded)
		return nil
	}
	return replaceFile(filepath.Join(v.dir, bank.ExecutedName), bank.FormatExecuted(entries), 0o644)
}

// unread reports whether a question stands in a file that could not be read.
func (v *verifying) unread(id string) bool {
	return slices.ContainsFunc(v.bank.Broken, func(f bank.BrokenFile) bool { return slices.Contains(f.Questions, id) })
}

// sameExecuted compares entries but for their dates.
func sameExecuted(a, b []bank.Executed) bool {
	undated := func(entries []bank.Executed) string {
		entries = slices.Clone(entries)
		for i := range entries {
			entries[i].Date = ""
		}
		return string(bank.FormatExecuted(entries))
	}
	return undated(a) == undated(b)
}

// replaceFile writes a file so that nobody ever finds half of it, not even after a crash.
func replaceFile(name string, data []byte, mode os.FileMode) error {
	temp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // fails once it is renamed
	_, err = temp.Write(data)
	if err = errors.Join(err, temp.Chmod(mode), temp.Sync(), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), name)
}

func (v *verifying) summary(start time.Time) {
	fmt.Fprintf(v.stdout, "%d passed, %d false, %d not verified; findings: %d; in %s\n", v.count[sandbox.Passed], v.count[sandbox.False],
		v.count[sandbox.NotVerified], len(v.findings)+len(v.broken), since(start))
	for _, f := range v.bank.Broken {
		fmt.Fprintf(v.stderr, "%s was not verified, since it has errors\n", joinPath(v.dir, f.File))
	}
	if v.outdated && v.dir != "" {
		fmt.Fprintf(v.stderr, "%s is out of date; server verify --write %s writes it\n", bank.ExecutedName, v.dir)
	}
}

// doubtful reports whether anything is to be looked at that is not plainly false.
func (v *verifying) doubtful() bool {
	return v.count[sandbox.NotVerified]+len(v.findings)+len(v.broken) > 0
}
