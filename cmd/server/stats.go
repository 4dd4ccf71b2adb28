package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"rehearse/practice"
	"rehearse/progress"
	"rehearse/store"
)

// eachBank calls fn with a service for every bank of the database.
func eachBank(ctx context.Context, p *program, fn func(*practice.Service) error) (err error) {
	if len(p.args) > 0 {
		return fmt.Errorf("unexpected argument %q", p.args[0])
	}
	st, err := store.Open(ctx, p.cfg.database, store.Options{Existing: true, Logger: p.logger(p.stderr)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	pool, err := newPool()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	var banks []string
	err = st.View(ctx, func(tx *store.Tx) (err error) {
		banks, err = tx.Banks()
		return err
	})
	if err != nil {
		return err
	}
	for _, bank := range banks {
		svc, err := practice.New(ctx, st, pool, bank)
		if err != nil {
			return err
		}
		if err := fn(svc); err != nil {
			return fmt.Errorf("bank %s: %w", bank, err)
		}
	}
	return nil
}

// calibrate estimates the parameters of items from what candidates answered.
func calibrate(ctx context.Context, p *program) error {
	return eachBank(ctx, p, func(svc *practice.Service) error {
		start := time.Now()
		show := newMeter(p.stderr)
		report, err := svc.Calibrate(ctx, show.report)
		show.end()
		if errors.Is(err, practice.ErrNothingToEstimate) {
			fmt.Fprintf(p.stdout, "%s: %v; nothing was changed\n", svc.Bank(), err)
			return nil
		}
		if err != nil {
			return err
		}
		if p.cfg.json {
			return printJSON(p.stdout, report)
		}
		fmt.Fprintf(p.stdout, "%s: %d first responses of %d candidates to %d items, estimated in %d rounds and %s\n",
			svc.Bank(), report.Responses, report.Candidates, report.Items, report.Rounds, since(start))
		fmt.Fprintf(p.stdout, "items: %d pilot, %d provisional, %d calibrated\n", report.Pilot, report.Provisional, report.Calibrated)
		if len(report.Changed) == 0 {
			fmt.Fprintf(p.stdout, "no difficulty moved by %.1f logits or more\n", practice.MinChange)
			return nil
		}
		w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "item\tresponses\tb before\tb now\t± (95 %)\tstate")
		for _, c := range report.Changed {
			fmt.Fprintf(w, "%s\t%d\t%.2f\t%.2f\t%.2f\t%s\n", c.Item, c.N, c.WasB, c.B, 1.96*c.SD, c.State)
		}
		return w.Flush()
	})
}

// itemLine is an item in the output of stats.
type itemLine struct {
	ID       string                   `json:"id"`
	Topic    string                   `json:"topic"`
	Place    string                   `json:"place"` // file:line
	Kind     string                   `json:"kind"`
	Level    string                   `json:"level"`
	Label    string                   `json:"difficulty"`
	Figures  progress.ItemFigures     `json:"figures"`
	Choices  []progress.ChoiceFigures `json:"choices,omitempty"`
	Seconds  float64                  `json:"seconds"`
	Exposure float64                  `json:"exposure"`
	AuthorB  float64                  `json:"authorB"`
	B        *float64                 `json:"b"` // null without an estimate
	SD       *float64                 `json:"sd"`
	BN       int                      `json:"bResponses"`
	Flags    []progress.Flag          `json:"flags,omitempty"`
}

// stats prints the statistics of items.
func stats(ctx context.Context, p *program) error {
	var lines []itemLine
	err := eachBank(ctx, p, func(svc *practice.Service) error {
		if err := svc.ScoreItems(ctx, 0); err != nil {
			return err
		}
		items, err := svc.ItemStats(ctx)
		for _, st := range items {
			lines = append(lines, lineOf(st))
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case p.cfg.json:
		return printJSON(p.stdout, lines)
	case p.cfg.csv:
		return printCSV(p.stdout, lines)
	}
	return printStats(p.stdout, lines)
}

func lineOf(st practice.ItemStat) itemLine {
	l := itemLine{
		ID: st.Head.ID, Topic: st.Topic, Place: fmt.Sprintf("%s:%d", st.File, st.Line), Kind: string(st.Kind), Level: string(st.Level),
		Label: string(st.Difficulty), Figures: st.ItemFigures, Choices: st.Choices, Seconds: st.Seconds, Exposure: st.Exposure,
		AuthorB: st.AuthorB, BN: st.BN, Flags: st.Flags,
	}
	if st.BN > 0 {
		l.B, l.SD = &st.B, &st.SD
	}
	return l
}

// figureText writes a figure, "" when it is not known.
func figureText(f progress.Figure, digits int) string {
	if !f.Known {
		return ""
	}
	return strconv.FormatFloat(f.Value, 'f', digits, 64)
}

func optional(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', 2, 64)
}

func flagCodes(flags []progress.Flag) string {
	var codes []string
	for _, f := range flags {
		codes = append(codes, f.Code)
	}
	return strings.Join(codes, " ")
}

func printCSV(w io.Writer, lines []itemLine) error {
	out := csv.NewWriter(w)
	rows := [][]string{{
		"id", "topic", "place", "kind", "level", "difficulty", "n", "facility", "facility_low", "facility_high", "discrimination",
		"discrimination_low", "discrimination_high", "efficiency", "seconds", "exposure", "author_b", "b", "b_sd", "b_n", "flags",
	}}
	number := func(v float64, digits int) string { return strconv.FormatFloat(v, 'f', digits, 64) }
	for _, l := range lines {
		f := l.Figures
		rows = append(rows, []string{
			l.ID, l.Topic, l.Place, l.Kind, l.Level, l.Label, strconv.Itoa(f.N), figureText(f.Facility, 3),
			number(f.FacilityInterval.Low, 3), number(f.FacilityInterval.High, 3), figureText(f.Discrimination, 1),
			number(f.DiscriminationFrom.Low, 1), number(f.DiscriminationFrom.High, 1), figureText(f.Efficiency, 1), number(l.Seconds, 1),
			number(l.Exposure, 3), number(l.AuthorB, 2), optional(l.B), optional(l.SD), strconv.Itoa(l.BN), flagCodes(l.Flags),
		})
	}
	if err := out.WriteAll(rows); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// printStats prints the flags as tasks first, then the figures of what was answered at all.
func printStats(w io.Writer, lines []itemLine) error {
	answered, tasks := 0, 0
	for _, l := range lines {
		if l.Figures.N > 0 {
			answered++
		}
		for _, f := range l.Flags {
			tasks++
			fmt.Fprintf(w, "%s: %s: %s%s\n", l.Place, l.ID, f.Text, choiceOf(f))
		}
	}
	fmt.Fprintf(w, "%d items, %d of them answered in attempts that are over; %d tasks (none is raised under %d attempts)\n",
		len(lines), answered, tasks, progress.MinFlagN)
	if answered == 0 {
		return nil
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(out, "n\tfacility\tdiscrimination\tefficiency\ts\texposure\tauthor b\tb\t \titem\t")
	for _, l := range lines {
		if l.Figures.N > 0 {
			fmt.Fprintf(out, "%d\t%s\t%s\t%s\t%.0f\t%.2f\t%.1f\t%s\t \t%s\t\n", l.Figures.N, figureText(l.Figures.Facility, 2),
				figureText(l.Figures.Discrimination, 0), figureText(l.Figures.Efficiency, 0), l.Seconds, l.Exposure, l.AuthorB, optional(l.B), l.ID)
		}
	}
	return out.Flush()
}

func choiceOf(f progress.Flag) string {
	if f.Choice == "" {
		return ""
	}
	return " (choice " + f.Choice + ")"
}
