package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"rehearse/admin"
	"rehearse/bank"
	"rehearse/handbook"
	"rehearse/markdown"
)

// lint prints everything that is wrong in a content folder.
func lint(_ context.Context, p *program) error {
	if p.cfg.explain {
		return explain(p)
	}
	root, err := p.folder()
	if err != nil {
		return err
	}
	if p.cfg.fix {
		if err := p.fixFolder(root); err != nil {
			return err
		}
	}
	b, findings, err := bank.Lint(root, time.Now())
	if err != nil {
		return err
	}
	_, more, err := handbook.Read(root, admin.KnownOf(b))
	if err != nil {
		return err
	}
	findings = append(findings, more...)
	markdown.Sort(findings)
	return p.report(root, b, findings)
}

// report prints findings in the form that was asked for, and a summary for the person beside them.
func (p *program) report(root fs.FS, b bank.Bank, findings []markdown.Finding) error {
	if err := reporters[p.cfg.format](p.stdout, reported{root, p.dir(), findings}); err != nil {
		return err
	}
	if len(findings) == 0 {
		questions := 0
		for _, t := range b.Topics {
			questions += len(t.Questions)
		}
		fmt.Fprintf(p.stderr, "no findings; questions: %d, topics: %d\n", questions, len(b.Topics))
		return nil
	}
	errorCount, fixable := 0, 0
	for _, f := range findings {
		if f.Severity == markdown.Error {
			errorCount++
		}
		if f.Fixable {
			fixable++
		}
	}
	fmt.Fprintf(p.stderr, "errors: %d, warnings: %d", errorCount, len(findings)-errorCount)
	if fixable > 0 {
		fmt.Fprintf(p.stderr, "; server lint --fix repairs %d", fixable)
	}
	fmt.Fprintln(p.stderr, "; server lint --explain CODE says more")
	return errFindings
}

// dir returns the folder that was asked for; "" is the built-in content.
func (p *program) dir() string { return strings.Join(p.args, "") }

// folder opens the folder that was asked for.
func (p *program) folder() (fs.FS, error) {
	if len(p.args) > 1 {
		return nil, fmt.Errorf("unexpected argument %q; give one folder", p.args[1])
	}
	return contentRoot(p.dir())
}

// explain prints the documentation of one code, or the list of all.
func explain(p *program) error {
	if len(p.args) > 1 {
		return fmt.Errorf("unexpected argument %q; give one code", p.args[1])
	}
	var names []string
	for _, g := range bank.Codes() {
		if len(p.args) == 0 {
			fmt.Fprintf(p.stdout, "\n%s\n\n", g.Title)
		}
		for _, c := range g.Codes {
			names = append(names, c.Name)
			switch {
			case len(p.args) == 0:
				fmt.Fprintf(p.stdout, "  %-20s %-6s %s\n", c.Name, c.Marks(), c.Means)
			case p.args[0] == c.Name:
				fmt.Fprintf(p.stdout, "%s (%s)\n\n%s\n", c.Name, c.Marks(), c.Paragraph())
				return nil
			}
		}
	}
	if len(p.args) == 0 {
		fmt.Fprintln(p.stdout, "\nE is an error, W a warning, F can be repaired by server fmt.")
		return nil
	}
	if near := markdown.Nearest(p.args[0], names); near != "" {
		return fmt.Errorf("there is no code %q; did you mean %s?", p.args[0], near)
	}
	return errors.New("there is no code " + p.args[0] + "; server lint --explain lists them all")
}
