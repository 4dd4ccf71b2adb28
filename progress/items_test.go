package progress

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

func near(t *testing.T, what string, got Figure, want, tolerance float64) {
	t.Helper()
	if !got.Known || math.Abs(got.Value-want) > tolerance {
		t.Errorf("%s is %+v, want %v", what, got, want)
	}
}

func analyse(t *testing.T, marks [][]float64, highest []float64) SetFigures {
	t.Helper()
	s, err := AnalyseSet(marks, highest)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Four attempts on three items, worked out by hand.
func TestSetByHand(t *testing.T) {
	marks := [][]float64{{1, 1, 1}, {1, 1, 0}, {1, 0, 0}, {0, 0, 0}}
	s := analyse(t, marks, []float64{1, 1, 1})
	near(t, "mean", s.Mean, 1.5, 1e-12)
	near(t, "SD", s.SD, math.Sqrt(5.0/3), 1e-12)
	near(t, "skewness", s.Skewness, 0, 1e-12)
	near(t, "kurtosis", s.Kurtosis, -1.2, 1e-12)
	near(t, "CIC", s.CIC, 75, 1e-12)
	near(t, "error ratio", s.Error, 50, 1e-12)
	near(t, "standard error", s.SE, math.Sqrt(5.0/3)/2, 1e-12)
	for i, want := range []struct{ facility, sd, discrimination, weight float64 }{
		{0.75, 0.5, 52.2233, 31.699}, {0.5, 0.57735, 70.7107, 36.602}, {0.25, 0.5, 52.2233, 31.699},
	} {
		it := s.Items[i]
		near(t, fmt.Sprintf("facility of item %d", i), it.Facility, want.facility, 1e-12)
		near(t, fmt.Sprintf("SD of item %d", i), it.SD, want.sd, 1e-5)
		near(t, fmt.Sprintf("discrimination of item %d", i), it.Discrimination, want.discrimination, 1e-3)
		near(t, fmt.Sprintf("efficiency of item %d", i), it.Efficiency, 100, 1e-9)
		near(t, fmt.Sprintf("effective weight of item %d", i), it.EffectiveWeight, want.weight, 1e-3)
	}
}

func TestSetWithoutVariance(t *testing.T) {
	s := analyse(t, [][]float64{{1, 2}, {1, 0}, {1, 1}}, []float64{1, 2})
	if it := s.Items[0]; it.Discrimination.Known || it.Efficiency.Known || it.SD.Value != 0 || it.Facility.Value != 1 {
		t.Errorf("an item that all get right: %+v", it)
	}
	if s.Kurtosis.Known {
		t.Errorf("kurtosis of three attempts: %+v", s.Kurtosis)
	}
	if s = analyse(t, nil, []float64{1, 1}); s.Mean.Known || s.CIC.Known || s.Items[0].Facility.Known {
		t.Errorf("a set without attempts: %+v", s)
	}
	if _, err := AnalyseSet([][]float64{{1}}, []float64{1, 1}); err == nil {
		t.Error("an attempt with too few marks is taken")
	}
}

// The incremental sums give what the definitions give, and taking an attempt away leaves no trace.
func TestItemScoresAgainstTheSet(t *testing.T) {
	d := rand.New(rand.NewPCG(1, 2))
	const items = 6 // five others: rests are whole hundredths
	marks := make([][]float64, 300)
	scores := make([]ItemScores, items)
	for a := range marks {
		marks[a] = make([]float64, items)
		total := 0.0
		ability := d.NormFloat64()
		for i := range marks[a] {
			if d.Float64() < 1/(1+math.Exp(float64(i)/2-1-ability)) {
				marks[a][i] = 1
			}
			total += marks[a][i]
		}
		for i, x := range marks[a] {
			scores[i].Add(x, (total-x)/(items-1))
		}
	}
	s := analyse(t, marks, slices.Repeat([]float64{1}, items))
	for i, want := range s.Items {
		before := scores[i]
		scores[i].Add(0.37, 0.81)
		scores[i].Remove(0.37, 0.81)
		if scores[i] != before {
			t.Errorf("item %d: adding and removing an attempt leaves a trace", i)
		}
		got := scores[i].Figures()
		near(t, "facility", got.Facility, want.Facility.Value, 1e-9)
		near(t, "SD", got.SD, want.SD.Value, 1e-9)
		near(t, "discrimination", got.Discrimination, want.Discrimination.Value, 1e-9)
		near(t, "efficiency", got.Efficiency, want.Efficiency.Value, 1e-9)
		if in := got.DiscriminationFrom; !(in.Low < got.Discrimination.Value && got.Discrimination.Value < in.High) || got.N != 300 {
			t.Errorf("item %d: %+v", i, got)
		}
	}
}

func TestItemScoresOfFewAttempts(t *testing.T) {
	var s ItemScores
	if f := s.Figures(); f.Facility.Known || f.Discrimination.Known {
		t.Errorf("without attempts: %+v", f)
	}
	s.Add(1, 0.5)
	if f := s.Figures(); f.Facility.Value != 1 || f.SD.Known || f.Discrimination.Known {
		t.Errorf("after one attempt: %+v", f)
	}
	s.Add(1, 0.7)
	if f := s.Figures(); f.Discrimination.Known || f.Efficiency.Known || f.SD.Value != 0 {
		t.Errorf("an item that all get right: %+v", f)
	}
}

// Wilson's interval for 8 of 10 and Fisher's for r = 0.5 with n = 28, from published worked examples of the formulas.
func TestIntervals(t *testing.T) {
	if in := shareInterval(0.8, 10); math.Abs(in.Low-0.4902) > 5e-4 || math.Abs(in.High-0.9433) > 5e-4 {
		t.Errorf("8 of 10: %+v", in)
	}
	if in := correlationInterval(0.5, 28); math.Abs(in.Low-0.156) > 1e-3 || math.Abs(in.High-0.736) > 1e-3 {
		t.Errorf("r = 0.5, n = 28: %+v", in)
	}
}

// simulatedItem is one single choice question of the planted faults.
type simulatedItem struct {
	a, b    float64
	weights [3]float64 // of the distractors, for who is wrong
	key     int        // declared: choice 0 is the one that is really right
	always  float64    // above 0: the chance to be right, whatever the ability
	twinOf  int        // place of the item whose responses it repeats, or -1
}

// respond returns the choice that a candidate picks.
func (it simulatedItem) respond(d *rand.Rand, ability float64) int {
	p := 0.2 + 0.8/(1+math.Exp(-it.a*(ability-it.b)))
	if it.always > 0 {
		p = it.always
	}
	if d.Float64() < p {
		return 0
	}
	at := d.Float64() * (it.weights[0] + it.weights[1] + it.weights[2])
	for i, w := range it.weights {
		if at -= w; at < 0 {
			return i + 1
		}
	}
	return 3
}

// The faults stand at the first places of a set; the item that has a twin stands right after them.
var faults = []string{"wrong key", "dead distractor", "guessable", "duplicate", "off-topic"}

func plantedSet(d *rand.Rand) []simulatedItem {
	items := make([]simulatedItem, 30)
	for i := range items {
		items[i] = simulatedItem{a: 1.2 * math.Exp(0.3*d.NormFloat64()), b: 3*d.Float64() - 1.5, twinOf: -1}
		for k := range items[i].weights {
			items[i].weights[k] = 0.5 + d.Float64()
		}
	}
	items[0].key, items[0].b = 1, 0
	items[1].weights[2], items[1].b = 0, 0
	items[2].always = 0.99
	items[3].twinOf = 5
	items[4].always = 0.5
	return items
}

// flagged lets candidates take a set, and returns the codes of what is flagged, by item.
func flagged(t *testing.T, d *rand.Rand, items []simulatedItem, attempts int) [][]string {
	t.Helper()
	marks := make([][]float64, attempts)
	scores := make([]ItemScores, len(items))
	counts := make([][]ChoiceCount, len(items))
	for i, it := range items {
		counts[i] = make([]ChoiceCount, 4)
		for c := range counts[i] {
			counts[i][c] = ChoiceCount{ID: fmt.Sprint(c), Right: c == it.key}
		}
	}
	for a := range marks {
		marks[a] = make([]float64, len(items))
		picked := make([]int, len(items))
		ability, total := d.NormFloat64(), 0.0
		for i, it := range items {
			picked[i] = it.respond(d, ability)
		}
		for i, it := range items {
			if it.twinOf >= 0 && d.Float64() < 0.95 {
				picked[i] = picked[it.twinOf]
			}
			if picked[i] == it.key {
				marks[a][i] = 1
			}
			total += marks[a][i]
		}
		for i, x := range marks[a] {
			rest := (total - x) / float64(len(items)-1)
			scores[i].Add(x, rest)
			counts[i][picked[i]].N++
			counts[i][picked[i]].Rest += int64(hundredths(rest))
		}
	}
	out := make([][]string, len(items))
	for i := range items {
		for _, f := range Flags(scores[i].Figures(), scores[i].Choices(counts[i]), 0.25) {
			out[i] = append(out[i], f.Code)
		}
	}
	for _, twins := range analyse(t, marks, slices.Repeat([]float64{1}, len(items))).Twins {
		out[twins.First] = append(out[twins.First], "twins")
		out[twins.Second] = append(out[twins.Second], "twins")
	}
	return out
}

// 200 attempts are enough to find every planted fault, and hardly anything else. `make science` runs more sets.
func TestSciencePlantedFaults(t *testing.T) {
	expected := []string{"wrong-key", "dead-distractor", "too-easy", "twins", "low-discrimination"}
	sets := 10
	if os.Getenv("SCIENCE") == "full" {
		sets = 200
	}
	found, missed := make([]int, len(faults)), make([]int, len(faults))
	all := 0 // sets in which every fault is flagged
	alarms := map[string]int{}
	good := 0
	for seed := range uint64(sets) {
		d := rand.New(rand.NewPCG(seed, 20261121))
		items := plantedSet(d)
		flags := flagged(t, d, items, 200)
		if !slices.ContainsFunc(flags[:len(faults)], func(codes []string) bool { return len(codes) == 0 }) {
			all++
		}
		for i, codes := range flags {
			switch {
			case i < len(faults):
				if slices.Contains(codes, expected[i]) {
					found[i]++
				}
				if len(codes) == 0 {
					missed[i]++
				}
			case i == items[3].twinOf:
			default:
				good++
				if len(codes) > 0 {
					alarms[codes[0]]++
				}
			}
		}
	}
	false100 := 0.0
	for _, n := range alarms {
		false100 += 100 * float64(n) / float64(good)
	}
	for i, fault := range faults {
		t.Logf("| %s | flagged in %d of %d sets, as %s in %d |", fault, sets-missed[i], sets, expected[i], found[i])
		if found[i] < sets-sets/10 {
			t.Errorf("%s: called %s in %d of %d sets only", fault, expected[i], found[i], sets)
		}
	}
	t.Logf("| all five | flagged in %d of %d sets |", all, sets)
	if all < sets-sets/10 {
		t.Errorf("all five faults are flagged in %d of %d sets only", all, sets)
	}
	t.Logf("| false alarms in 100 good items | %.2f | %v", false100, alarms)
	if false100 > 2 {
		t.Errorf("%.2f false alarms in 100 items: %v", false100, alarms)
	}
}

func TestNoFlagsOnFewAttempts(t *testing.T) {
	d := rand.New(rand.NewPCG(3, 3))
	for i, codes := range flagged(t, d, plantedSet(d), MinFlagN-1) {
		if len(codes) > 0 {
			t.Errorf("item %d is flagged after %d attempts: %v", i, MinFlagN-1, codes)
		}
	}
}

func TestFlagLabel(t *testing.T) {
	for _, tc := range []struct {
		name          string
		author, b, se float64
		n             int
		flagged       bool
	}{
		{"far off", -1, 1, 0.3, 50, true},
		{"near", 0, 1, 0.1, 50, false},
		{"far off, and not sure", -1, 1, 1.2, 50, false},
		{"few responses", -1, 1, 0.3, 29, false},
	} {
		if got := FlagLabel(tc.author, tc.b, tc.se, tc.n); (len(got) > 0) != tc.flagged {
			t.Errorf("%s: %v", tc.name, got)
		}
	}
}
