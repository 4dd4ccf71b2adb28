package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"rehearse/admin"
	"rehearse/assess"
	"rehearse/bank"
	"rehearse/handbook"
	"rehearse/progress"
	"rehearse/views"
)

// The commands about measuring. They need no database.

// simulate prints what skill checks over a content folder can measure.
func simulate(ctx context.Context, p *program) error {
	if len(p.args) > 1 {
		return fmt.Errorf("unexpected argument %q; give one folder", p.args[1])
	}
	root, err := contentRoot(strings.Join(p.args, ""))
	if err != nil {
		return err
	}
	b, _, err := bank.Read(root)
	if err != nil {
		return err
	}
	pool, topics := itemsOf(b)
	if len(pool) == 0 {
		return errors.New("no question serves assessments (use: [assessment], or no use: at all)")
	}
	blueprint := assess.Even(topics...)
	if p.cfg.assessment != "" {
		if blueprint, err = blueprintOf(root, b, p.cfg.assessment); err != nil {
			return err
		}
		if pool, err = drawnFrom(b, blueprint); err != nil {
			return err
		}
	} else if p.cfg.blueprint != nil {
		blueprint = p.cfg.blueprint
		for _, s := range blueprint {
			if !slices.Contains(topics, s.Topic) {
				return fmt.Errorf("--blueprint names topic %q, which has no item; there are %s", s.Topic, strings.Join(topics, ", "))
			}
		}
		pool = slices.DeleteFunc(pool, func(it assess.Item) bool {
			return !slices.ContainsFunc(blueprint, func(s assess.Share) bool { return s.Topic == it.Topic })
		})
	}
	report, err := assess.Simulation{
		Seed: p.cfg.seed, Candidates: p.cfg.candidates, Rules: assess.DefaultRules(), Blueprint: blueprint, Pool: pool,
	}.Report()
	if err != nil {
		return err
	}
	return writeReport(ctx, p.stdout, report, p.cfg.reportFormat)
}

// blueprintOf returns the blueprint of an assessment of the content folder.
func blueprintOf(root fs.FS, b bank.Bank, id string) (assess.Blueprint, error) {
	book, _, err := handbook.Read(root, admin.KnownOf(b))
	if err != nil {
		return nil, err
	}
	a, ok := book.Assessment(id)
	if !ok {
		var ids []string
		for _, a := range book.Assessments {
			ids = append(ids, a.ID)
		}
		return nil, fmt.Errorf("--assessment: there is none with the id %q; there are %s", id, strings.Join(ids, ", "))
	}
	var blueprint assess.Blueprint
	for _, t := range a.Topics {
		blueprint = append(blueprint, assess.Share{Topic: t.Topic, Share: float64(t.Weight)})
	}
	return blueprint, nil
}

// drawnFrom returns the items that belong to a blueprint, each under the part that it belongs to.
func drawnFrom(b bank.Bank, blueprint assess.Blueprint) ([]assess.Item, error) {
	subjects := map[string]string{}
	for _, t := range b.Topics {
		for _, q := range t.Questions {
			h := q.Head()
			if subject, ok := progress.Subject(h, blueprint); ok {
				subjects[q.ID] = subject
			}
		}
	}
	all, _ := itemsOf(b)
	var pool []assess.Item
	for _, it := range all {
		if subject, ok := subjects[it.ID]; ok {
			it.Topic = subject
			pool = append(pool, it)
		}
	}
	if len(pool) == 0 {
		return nil, errors.New("no question of this assessment can be measured with")
	}
	return pool, nil
}

func writeReport(ctx context.Context, w io.Writer, r assess.Report, format string) error {
	switch format {
	case "json":
		out := json.NewEncoder(w)
		out.SetIndent("", "\t")
		return out.Encode(r)
	case "html":
		return views.SimulationPage(reportPage(r)).Render(ctx, w)
	default:
		_, err := io.WriteString(w, r.Text())
		return err
	}
}

// itemsOf returns the items of a bank, and their topics.
func itemsOf(b bank.Bank) ([]assess.Item, []string) {
	var heads []*bank.Head
	for _, t := range b.Topics {
		heads = append(heads, t.AllHeads()...)
	}
	return progress.Items(heads)
}

// recompute works out the log of a skill check anew, and says whether it comes to the same.
func recompute(_ context.Context, p *program) error {
	file, err := oneFile(p)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var log assess.Log
	if err := json.Unmarshal(text, &log); err != nil {
		return fmt.Errorf("%s is not the log of a skill check: %w", file, err)
	}
	again, differ, err := assess.Recompute(log)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if r := again.Result; r != nil {
		fmt.Fprintf(p.stdout, "%s\n", resultLine(*r))
	}
	for _, d := range differ {
		fmt.Fprintf(p.stdout, "differs: %s\n", d)
	}
	if len(differ) > 0 {
		return errFindings
	}
	fmt.Fprintf(p.stdout, "all numbers of %d steps are the same, bit for bit\n", len(log.Steps))
	return nil
}

// resultLine says a result in one line.
func resultLine(r assess.Result) string {
	level := r.Level
	if level == "" {
		level = "not measured"
	}
	return fmt.Sprintf("%s (score %d ± %d of 300, %d items, %s; θ %.4f, SE %.4f)", level, r.Score.Points, r.Score.Error, r.Scored, r.State, r.Theta, r.SE)
}

func setSeed(c *config, v string) (err error) {
	if c.seed, err = strconv.ParseUint(v, 10, 64); err != nil {
		return errors.New("not a whole number")
	}
	return nil
}

func setReport(c *config, v string) error {
	if v != "text" && v != "json" && v != "html" {
		return errors.New("not known")
	}
	c.reportFormat = v
	return nil
}

// setBlueprint reads topic=share,topic=share.
func setBlueprint(c *config, v string) error {
	if v == "" {
		return nil
	}
	for field := range strings.SplitSeq(v, ",") {
		topic, share, ok := strings.Cut(strings.TrimSpace(field), "=")
		n, err := strconv.ParseFloat(share, 64)
		if !ok || topic == "" || err != nil || !(n > 0 && n <= 1000) {
			return fmt.Errorf("%q is no topic with a share", field)
		}
		c.blueprint = append(c.blueprint, assess.Share{Topic: topic, Share: n})
	}
	return nil
}
