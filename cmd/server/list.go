package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"text/tabwriter"

	"rehearse/admin"
	"rehearse/bank"
)

// listed is a question as list --json prints it.
type listed struct {
	ID         string            `json:"id"`
	Topic      string            `json:"topic"`
	Kind       bank.Kind         `json:"kind"`
	Level      bank.Level        `json:"level"`
	Difficulty bank.Difficulty   `json:"difficulty"`
	Use        []bank.Use        `json:"use"`
	Tags       []string          `json:"tags"`
	File       string            `json:"file"`
	Line       int               `json:"line"`
	BodyHash   string            `json:"body_hash"`
	KeyHash    string            `json:"key_hash"`
	Verified   admin.VerifyState `json:"verified"` // whether its key was executed
	Executed   []bank.Execution  `json:"executed,omitempty"`
	Title      string            `json:"title"`
}

// list prints every question of a content folder. What is left out because of errors is said on stderr, and is a
// finding.
func list(_ context.Context, p *program) error {
	dir, root, err := oneFolder(p)
	if err != nil {
		return err
	}
	b, _, err := bank.Read(root)
	if err != nil {
		return err
	}
	rows := listing(dir, b, admin.ReadRecorded(root))
	if p.cfg.json {
		err = printJSON(p.stdout, rows)
	} else {
		err = printListing(p.stdout, b, rows)
	}
	if err != nil {
		return err
	}
	for _, f := range b.Broken {
		fmt.Fprintf(p.stderr, "%s has errors and is not listed; server lint names them\n", joinPath(dir, f.File))
	}
	if len(b.Broken) > 0 {
		return errFindings
	}
	return nil
}

// oneFolder returns the content folder that a command was given, or the built-in one.
func oneFolder(p *program) (dir string, root fs.FS, err error) {
	if len(p.args) > 1 {
		return "", nil, fmt.Errorf("unexpected argument %q; give one folder", p.args[1])
	}
	dir = strings.Join(p.args, "")
	root, err = contentRoot(dir)
	return dir, root, err
}

// listing returns the rows in the order in which the site shows them.
func listing(dir string, b bank.Bank, recorded admin.Recorded) []listed {
	rows := []listed{}
	for _, t := range b.Topics {
		for _, q := range t.Questions {
			row := listed{
				ID: q.ID, Topic: q.Topic, Kind: q.Kind, Level: q.Level, Difficulty: q.Difficulty, Use: q.Use,
				Tags: slices.Concat([]string{}, q.Tags), File: joinPath(dir, q.File), Line: q.Line,
				BodyHash: q.BodyHash, KeyHash: q.KeyHash, Title: q.Title.Text,
				Verified: recorded.StateOf(q.ID, q.Labels), Executed: q.Executed,
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func printJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

// printListing prints a line a question, then how many there are of each kind in each topic.
func printListing(w io.Writer, b bank.Bank, rows []listed) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tTOPIC\tKIND\tLEVEL\tDIFFICULTY\tKEY\tUSE\tTAGS\tPLACE")
	for _, r := range rows {
		var uses []string
		for _, u := range r.Use {
			uses = append(uses, string(u))
		}
		verified := string(r.Verified)
		if r.Verified == admin.NotExecutable {
			verified = "-"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s:%d\n", r.ID, r.Topic, r.Kind, r.Level, r.Difficulty, verified,
			strings.Join(uses, ","), strings.Join(r.Tags, ","), r.File, r.Line)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w)
	return printCounts(w, b)
}

// printCounts prints a table of topics by kinds, with the kinds that occur.
func printCounts(w io.Writer, b bank.Bank) error {
	all := map[bank.Kind]int{}
	counts := make([]map[bank.Kind]int, len(b.Topics))
	for i, t := range b.Topics {
		counts[i] = map[bank.Kind]int{}
		for _, q := range t.Questions {
			counts[i][q.Kind]++
			all[q.Kind]++
		}
	}
	kinds := slices.DeleteFunc(bank.Kinds(), func(k bank.Kind) bool { return all[k] == 0 })
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	row := func(name string, count map[bank.Kind]int) {
		sum := 0
		for _, k := range kinds {
			sum += count[k]
			fmt.Fprintf(table, "%d\t", count[k])
		}
		fmt.Fprintf(table, "%d\t  %s\n", sum, name)
	}
	for _, k := range kinds {
		fmt.Fprintf(table, "%s\t", strings.ToUpper(string(k)))
	}
	fmt.Fprint(table, "ALL\t  TOPIC\n")
	for i, t := range b.Topics {
		row(t.ID, counts[i])
	}
	row("all", all)
	return table.Flush()
}
