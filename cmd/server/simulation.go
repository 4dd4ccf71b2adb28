package main

import (
	"fmt"
	"strings"

	"rehearse/assess"
	"rehearse/views"
)

// reportPage is the report of a simulation as one page. Its words are English, like those of every command.
func reportPage(r assess.Report) views.Simulation {
	page := views.Simulation{
		Title: "What this bank can measure",
		Lead: []string{
			fmt.Sprintf("%d simulated candidates took a skill check over %d items. Sessions aim at a standard error of %v logits, and ask %d to %d scored items.",
				r.Candidates, r.Items, r.Rules.SE, r.Rules.Min, r.Rules.Max),
			fmt.Sprintf("State of the items: %s. Seed %d, model %s. Simulated candidates follow the model; real ones need not.", r.State, r.Seed, r.Version),
		},
		Sections: []views.SimulationSection{{
			Title: "How well it measures", Table: levelTable(r),
			Note: "Named: the session named this level. Misnamed: it named another. A level is measurable when at least half of its candidates reach the standard error asked for.",
		}},
	}
	for _, p := range r.Plots() {
		page.Sections = append(page.Sections, views.SimulationSection{Title: p.Title, Plot: plotView(p)})
	}
	page.Sections = append(page.Sections, restOf(r)...)
	return page
}

// restOf returns the sections behind the plots.
func restOf(r assess.Report) []views.SimulationSection {
	advice := views.SimulationSection{Title: "What to write next", Lead: "Every topic has enough items for every level."}
	if len(r.Advice) > 0 {
		advice.Lead = "A session of full length can then ask, in every topic, only items that tell most about candidates of each level."
		advice.Table.Head = []string{"Topic", "Level", "Difficulty b", "There", "Wanted", "To write"}
	}
	for _, a := range r.Advice {
		advice.Table.Rows = append(advice.Table.Rows, cells(a.Topic, a.Level, fmt.Sprintf("%+.1f", a.B), a.Have, a.Want, a.Add))
	}
	stops := views.SimulationTable{Head: []string{"Reason", "Share"}}
	for _, s := range r.StopList() {
		stops.Rows = append(stops.Rows, cells(s, percent(r.StopPercent(s)/100)))
	}
	dead := views.SimulationSection{Title: "Items that are never asked", Text: "None."}
	if len(r.Dead) > 0 {
		dead.Folded, dead.Text = fmt.Sprintf("%d of %d items", len(r.Dead), r.Items), strings.Join(r.Dead, ", ")
	}
	sections := []views.SimulationSection{advice, {Title: "Why sessions stop", Table: stops}, dead}
	if len(r.DeadIdeas) > 0 {
		folded := fmt.Sprintf("%d concepts without an item that is asked", len(r.DeadIdeas))
		sections = append(sections, views.SimulationSection{Folded: folded, Text: strings.Join(r.DeadIdeas, ", ")})
	}
	items := views.SimulationTable{Head: []string{"Item", "Topic", "Level", "b", "Sessions"}}
	for _, e := range r.Exposure {
		items.Rows = append(items.Rows, cells(e.ID, e.Topic, e.Level, fmt.Sprintf("%+.2f", e.B), percent(e.Share)))
	}
	return append(sections, views.SimulationSection{Title: "Items", Folded: fmt.Sprintf("All %d items by how often they are asked", r.Items), Table: items})
}

func levelTable(r assess.Report) views.SimulationTable {
	t := views.SimulationTable{Head: []string{"Level", "Candidates", "Error (RMSE)", "Bias", "95 % coverage", "Items", "Named", "Misnamed", "Measurable"}}
	row := func(level string, a assess.Accuracy, more ...any) {
		numbers := cells(level, a.N, fmt.Sprintf("%.3f", a.RMSE), fmt.Sprintf("%+.3f", a.Bias), fmt.Sprintf("%.3f", a.Coverage), fmt.Sprintf("%.1f", a.Length))
		t.Rows = append(t.Rows, append(numbers, cells(more...)...))
	}
	for _, l := range r.Levels {
		row(l.Level, l.Accuracy, percent(l.Named), percent(l.Misnamed), map[bool]string{true: "yes", false: "no"}[l.Measurable])
	}
	row("all", r.All, "", "", "")
	return t
}

func plotView(p assess.Plot) *views.SimulationPlot {
	v := &views.SimulationPlot{Summary: p.Summary, Caption: p.Summary + " Up the side: " + p.YName + ".", XName: p.XName}
	for _, l := range p.Lines {
		v.Lines = append(v.Lines, views.SimulationLine(l))
	}
	for _, b := range p.Bars {
		v.Bars = append(v.Bars, views.SimulationBar(b))
	}
	for _, t := range p.XTicks {
		v.XTicks = append(v.XTicks, views.SimulationTick(t))
	}
	for _, t := range p.YTicks {
		v.YTicks = append(v.YTicks, views.SimulationTick(t))
	}
	return v
}

func percent(share float64) string { return fmt.Sprintf("%.1f %%", float64(100*share)) }

// cells returns values as the texts of a row.
func cells(values ...any) []string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = fmt.Sprint(v)
	}
	return texts
}
