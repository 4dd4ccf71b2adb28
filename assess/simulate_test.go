package assess

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func small(seed uint64, pool []Item, topics, candidates int) Simulation {
	return Simulation{Seed: seed, Candidates: candidates, Rules: DefaultRules(), Blueprint: evenOver(topics), Pool: pool}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestSimulationFollowsFromItsSeed(t *testing.T) {
	pool, _ := labelled(t, 1, 60, 3, 0.6)
	want := asJSON(t, report(t, small(4, pool, 3, 40)))
	shuffled := slices.Clone(pool)
	if got := asJSON(t, report(t, small(4, shuffled, 3, 40))); got != want {
		t.Error("the same seed gives another report")
	}
	if got := asJSON(t, report(t, small(5, pool, 3, 40))); got == want {
		t.Error("another seed gives the same report")
	}
}

func TestReportAddsUp(t *testing.T) {
	pool, _ := labelled(t, 2, 60, 3, 0.6)
	r := report(t, small(2, pool, 3, 60))
	sum := func(list []int) (n int) {
		for _, v := range list {
			n += v
		}
		return n
	}
	var bands, levels, stops []int
	for _, b := range r.Bands {
		bands = append(bands, b.N)
	}
	for _, l := range r.Levels {
		levels = append(levels, l.N)
	}
	for _, n := range r.Stops {
		stops = append(stops, n)
	}
	for name, list := range map[string][]int{"bands": bands, "levels": levels, "stops": stops, "lengths": r.Lengths} {
		if sum(list) != 60 {
			t.Errorf("%s add up to %d candidates of 60", name, sum(list))
		}
	}
	asked := 0.0
	for _, e := range r.Exposure {
		asked += e.Share
	}
	near(t, "items a session by exposure", asked, r.All.Length, 1e-9)
	near(t, "minutes", r.Minutes, 2*r.All.Length, 1e-9)
	if r.Items != 60 || len(r.Exposure) != 60 || r.All.N != 60 || r.MaxShare != r.Exposure[0].Share {
		t.Errorf("%d items, %d exposures, %d candidates", r.Items, len(r.Exposure), r.All.N)
	}
}

// A simulation must be able to fail: candidates who follow other items than the bank says are measured badly, and the report
// shows it.
func TestSimulationSeesWrongParameters(t *testing.T) {
	bank := syntheticBank(3, 100, 2, 1.2, 0)
	truth := slices.Clone(bank)
	for i := range truth {
		truth[i].B += 1
	}
	s := small(3, bank, 2, 80)
	s.Truth = truth
	r := report(t, s)
	within(t, "bias", r.All.Bias, -1.2, -0.6, 0)
	atMost(t, "coverage", r.All.Coverage, 0.4, 0)
}

func TestDeadItemsAndConcepts(t *testing.T) {
	bank := syntheticBank(4, 100, 1, 1.2, 0)
	for i := range bank {
		bank[i].Concept = "alive"
		if i < 5 {
			bank[i].B, bank[i].Concept = 9, "far away"
		}
		if i >= 50 {
			bank[i].Concept = "other"
		}
	}
	r := report(t, small(4, bank, 1, 60))
	for i := range 5 {
		if !slices.Contains(r.Dead, bank[i].ID) {
			t.Errorf("item %s, at b = 9, is not said to be dead", bank[i].ID)
		}
	}
	if !slices.Equal(r.DeadIdeas, []string{"far away"}) {
		t.Errorf("dead concepts are %v", r.DeadIdeas)
	}
}

// A bank without items for seniors measures them badly. What the advice says to add mends it.
func TestScienceAdvice(t *testing.T) {
	var bank []Item
	for _, it := range syntheticBank(11, 160, 2, 1.2, 0) {
		if it.B < -0.3 {
			bank = append(bank, it)
		}
	}
	rules := DefaultRules()
	rules.Max = 20
	s := Simulation{Seed: 11, Candidates: size(300, 3000), Rules: rules, Blueprint: evenOver(2), Pool: bank, Truth: bank}
	before := report(t, s)
	senior := false
	for i, a := range before.Advice {
		senior = senior || a.Level == "senior" && a.Add > 0
		for n := range a.Add {
			bank = append(bank, Item{
				ID: "added-" + string(rune('a'+i)) + "-" + string(rune('a'+n)), Topic: a.Topic, A: 1.2, B: a.B, N: 1000, FreeA: true, Fits: true,
			})
		}
	}
	if !senior {
		t.Fatalf("no items for seniors are advised: %+v", before.Advice)
	}
	s.Pool, s.Truth = bank, bank
	after := report(t, s)
	row(t, "bank", "items", "RMSE", "RMSE of seniors", "seniors measured precisely")
	row(t, "without items for seniors", before.Items, before.All.RMSE, before.Levels[2].RMSE, before.Levels[2].Precise)
	row(t, "with what is advised", after.Items, after.All.RMSE, after.Levels[2].RMSE, after.Levels[2].Precise)
	atMost(t, "RMSE of seniors", after.Levels[2].RMSE, before.Levels[2].RMSE-0.03, 0)
	atMost(t, "RMSE", after.All.RMSE, before.All.RMSE-0.005, 0)
	if before.Levels[2].Measurable {
		t.Error("seniors are said to be measurable by items for juniors")
	}
	if len(after.Advice) != 0 {
		t.Errorf("after adding what was advised, more is: %+v", after.Advice)
	}
}

func TestReportAsText(t *testing.T) {
	pool, _ := labelled(t, 3, 40, 2, 0.6)
	r := report(t, small(3, pool, 2, 40))
	if text := r.Text(); !strings.Contains(text, "40 simulated candidates, seed 3, 40 items, pilot") || strings.Contains(text, "NaN") {
		t.Errorf("the text report is\n%s", text)
	}
}

func TestSimulationOfAnEmptyBank(t *testing.T) {
	r := report(t, small(1, nil, 2, 5))
	if r.Stops[Exhausted] != 5 || r.All.Length != 0 {
		t.Errorf("sessions over no items: %+v, %.1f items", r.Stops, r.All.Length)
	}
	for _, p := range r.Plots() {
		if text := fmt.Sprint(p); strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
			t.Errorf("a plot of nothing: %s", text)
		}
	}
	if text := r.Text(); strings.Contains(text, "NaN") {
		t.Errorf("the text report is\n%s", text)
	}
}
