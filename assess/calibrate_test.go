package assess

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// lsat is section 6 of the Law School Admission Test, 1,000 candidates and five items, as patterns with their counts (Bock
// and Lieberman 1970, table 1).
const lsat = `00000:3 00001:6 00010:2 00011:11 00100:1 00101:1 00110:3 00111:4 01000:1 01001:8 01011:16 01101:3 01110:2
01111:15 10000:10 10001:29 10010:14 10011:81 10100:3 10101:28 10110:15 10111:80 11000:16 11001:56 11010:21 11011:173
11100:11 11101:61 11110:28 11111:298`

func lsatObservations(t *testing.T) []Observation {
	t.Helper()
	var out []Observation
	candidate := 0
	for field := range strings.FieldsSeq(lsat) {
		pattern, count, _ := strings.Cut(field, ":")
		n, err := strconv.Atoi(count)
		if err != nil {
			t.Fatal(err)
		}
		for range n {
			candidate++
			for i, r := range pattern {
				out = append(out, Observation{fmt.Sprintf("c%04d", candidate), fmt.Sprintf("item-%d", i+1), r == '1'})
			}
		}
	}
	return out
}

func lsatItems() []Item {
	var items []Item
	for i := range 5 {
		items = append(items, Item{ID: fmt.Sprintf("item-%d", i+1), A: 1})
	}
	return items
}

func calibrate(t *testing.T, c Calibration, o []Observation) Estimates {
	t.Helper()
	out, err := c.Run(o)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Items with a wrong key, off-topic ones and ones that everybody knows do not keep the others from settling.
func TestCalibrationSettlesBesideBadItems(t *testing.T) {
	for name, spoil := range map[string]func(p float64) float64{
		"wrong key":    func(p float64) float64 { return (1 - p) / 3 },
		"off-topic":    func(float64) float64 { return 0.5 },
		"known to all": func(float64) float64 { return 0.99 },
	} {
		bank, d := syntheticBank(3, 40, 1, 1.1, 0.25), newDice(9, 9)
		var observations []Observation
		for c := range 600 {
			theta := d.normal()
			for i, it := range bank {
				p := it.Chance(theta)
				if i < 3 {
					p = spoil(p)
				}
				observations = append(observations, Observation{Candidate: strconv.Itoa(c), Item: it.ID, Right: d.float() < p})
			}
		}
		for i := range bank {
			bank[i].SD, bank[i].B = AuthorSD, math.Round(bank[i].B)
		}
		out, err := Calibration{Items: bank, LogASD: DefaultLogASD, MinFreeA: CalibratedN}.Run(observations)
		if err != nil || out.Rounds > 60 {
			t.Errorf("%s: %d rounds, %v", name, out.Rounds, err)
		}
	}
}

func TestScienceLSAT(t *testing.T) {
	out := calibrate(t, Calibration{Items: lsatItems()}, lsatObservations(t))
	row(t, "LSAT section 6", "log-likelihood", out.LogLikelihood, "rounds", out.Rounds)
	within(t, "log-likelihood of the 2PL", out.LogLikelihood, -2466.653-.01, -2466.653+.01, 0)
	a := []float64{.8254, .7229, .8905, .6886, .6575}
	b := []float64{-3.3597, -1.3696, -0.2799, -1.8659, -3.1236}
	row(t, "item", "a", "b", "SE a", "SE b", "infit", "outfit")
	for i, it := range out.Items {
		row(t, it.ID, it.A, it.B, out.ASD[i], it.SD, out.Fit[i].Infit, out.Fit[i].Outfit)
		within(t, it.ID+" a", it.A, a[i]-.01, a[i]+.01, 0)
		within(t, it.ID+" b", it.B, b[i]-.02, b[i]+.02, 0)
		within(t, it.ID+" infit", out.Fit[i].Infit, 0.98, 1.02, 0)
		within(t, it.ID+" outfit", out.Fit[i].Outfit, 0.98, 1.02, 0)
	}
	rasch := calibrate(t, Calibration{Items: lsatItems(), MinFreeA: math.MaxInt}, lsatObservations(t))
	row(t, "with a = 1", "log-likelihood", rasch.LogLikelihood)
	within(t, "log-likelihood with a = 1", rasch.LogLikelihood, -2473.054-.01, -2473.054+.01, 0)
}

// responses lets candidates with standard normal abilities respond to all items, or to each with that chance.
func responses(seed uint64, candidates int, truth []Item, share float64) []Observation {
	d := newDice(seed, 79)
	var out []Observation
	for c := range candidates {
		theta := d.normal()
		for _, it := range truth {
			right := d.float() < it.Chance(theta)
			if d.float() < share {
				out = append(out, Observation{fmt.Sprintf("c%05d", c), it.ID, right})
			}
		}
	}
	return out
}

// unknown returns items as their authors see them: no b, a = 1.
func unknown(truth []Item) []Item {
	out := slices.Clone(truth)
	for i := range out {
		out[i].A, out[i].B, out[i].N, out[i].FreeA, out[i].Fits = 1, 0, 0, false, false
	}
	return out
}

func correlation(x, y []float64) float64 {
	var mx, my, xx, xy, yy float64
	for i := range x {
		mx += x[i] / float64(len(x))
		my += y[i] / float64(len(y))
	}
	for i := range x {
		xx += (x[i] - mx) * (x[i] - mx)
		yy += (y[i] - my) * (y[i] - my)
		xy += (x[i] - mx) * (y[i] - my)
	}
	return xy / math.Sqrt(xx*yy)
}

func TestScienceRecovery(t *testing.T) {
	row(t, "500 candidates × 30 items", "correlation of b", "of a", "RMSE of b", "b within 1.96 SE", "misfits of 30")
	for _, c := range []float64{0, 0.2} {
		truth := syntheticBank(scienceSeed, 30, 1, 1, c)
		out := calibrate(t, Calibration{Items: unknown(truth), LogASD: DefaultLogASD, MinFreeA: CalibratedN}, responses(scienceSeed, 500, truth, 1))
		var b, bTrue, a, aTrue []float64
		square, covered, misfits := 0.0, 0.0, 0
		for i, it := range out.Items {
			b, bTrue = append(b, it.B), append(bTrue, truth[i].B)
			a, aTrue = append(a, it.A), append(aTrue, truth[i].A)
			d := it.B - truth[i].B
			square += d * d / 30
			if math.Abs(d) <= 1.96*it.SD {
				covered += 1.0 / 30
			}
			if !out.Fit[i].OK() {
				misfits++
			}
		}
		row(t, fmt.Sprintf("c = %v", c), correlation(b, bTrue), correlation(a, aTrue), math.Sqrt(square), covered, misfits)
		within(t, "correlation of b", correlation(b, bTrue), 0.93, 1, 0)
		within(t, "b within 1.96 SE", covered, 0.83, 1, 0)
		atMost(t, "misfits", float64(misfits), 1, 0)
	}
}

func TestCalibrationIgnoresOrder(t *testing.T) {
	truth := syntheticBank(5, 12, 1, 1, 0.1)
	o := responses(5, 150, truth, 0.6)
	c := Calibration{Items: unknown(truth), LogASD: DefaultLogASD, MinFreeA: 80}
	want := calibrate(t, c, o)
	for seed := range uint64(3) {
		shuffle(newDice(seed, 1), o)
		shuffle(newDice(seed, 2), c.Items)
		got := calibrate(t, c, o)
		if d := differences("calibrated", want, got); d != nil {
			t.Fatalf("another order of rows gives other numbers: %v", d)
		}
	}
}

func TestCalibrationHeedsAuthors(t *testing.T) {
	items := []Item{{ID: "hard", A: 1, B: 1.5, SD: AuthorSD}, {ID: "silent", A: 1, B: -1, SD: AuthorSD}}
	var few []Observation
	for i, right := range []bool{true, true, false} {
		few = append(few, Observation{strconv.Itoa(i), "hard", right})
	}
	out := calibrate(t, Calibration{Items: items, LogASD: DefaultLogASD, MinFreeA: CalibratedN}, few)
	hard, silent := out.Items[0], out.Items[1]
	if !(hard.B > 0.3 && hard.B < 1.5 && hard.SD < AuthorSD && hard.A == 1 && !hard.FreeA && hard.N == 3) {
		t.Errorf("after two of three right, an item that its author calls hard is %+v", hard)
	}
	if silent.B != -1 || silent.SD != AuthorSD || silent.N != 0 || silent.Fits {
		t.Errorf("an item without responses changed to %+v", silent)
	}
}

func TestCalibrationOfUniformResponses(t *testing.T) {
	var o []Observation
	for i := range 200 {
		o = append(o, Observation{strconv.Itoa(i), "all-right", true}, Observation{strconv.Itoa(i), "all-wrong", false})
	}
	for _, prior := range []float64{0, AuthorSD} {
		items := []Item{{ID: "all-right", A: 1, SD: prior}, {ID: "all-wrong", A: 1, SD: prior}}
		out := calibrate(t, Calibration{Items: items, LogASD: prior}, o)
		for _, it := range out.Items {
			if err := it.Check(); err != nil {
				t.Errorf("prior %v: %v", prior, err)
			}
		}
		if out.Items[0].B > -1 || out.Items[1].B < 1 {
			t.Errorf("prior %v: b %.2f and %.2f of what all get right and wrong", prior, out.Items[0].B, out.Items[1].B)
		}
	}
}

func TestCalibrationRefuses(t *testing.T) {
	items := []Item{{ID: "x", A: 1}}
	for name, tc := range map[string]struct {
		items []Item
		o     []Observation
	}{
		"an unknown item":      {items, []Observation{{"c", "y", true}}},
		"two responses to one": {items, []Observation{{"c", "x", true}, {"c", "x", false}}},
		"an item twice":        {[]Item{{ID: "x", A: 1}, {ID: "x", A: 1}}, nil},
		"an impossible prior":  {[]Item{{ID: "x", A: 1, B: math.NaN()}}, nil},
	} {
		if _, err := (Calibration{Items: tc.items}).Run(tc.o); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// A wrong key makes the able fail: the fit must tell. The same item with the right key must pass.
func TestFitFindsAWrongKey(t *testing.T) {
	truth := syntheticBank(6, 20, 1, 1.2, 0)
	truth[7].B = 0
	o := responses(6, 400, truth, 1)
	c := Calibration{Items: unknown(truth), LogASD: DefaultLogASD, MinFreeA: CalibratedN}
	if out := calibrate(t, c, o); !out.Fit[7].OK() {
		t.Errorf("a good item is said not to fit: %+v", out.Fit[7])
	}
	for i := range o {
		if o[i].Item == truth[7].ID {
			o[i].Right = !o[i].Right
		}
	}
	if out := calibrate(t, c, o); out.Fit[7].OK() && out.Items[7].A > 0.3 {
		t.Errorf("an item with a wrong key has a %.2f and fit %+v", out.Items[7].A, out.Fit[7])
	}
}

func BenchmarkCalibration60000(b *testing.B) {
	truth := syntheticBank(scienceSeed, 30, 1, 1, 0)
	o := responses(scienceSeed, 2000, truth, 1)
	c := Calibration{Items: unknown(truth), LogASD: DefaultLogASD, MinFreeA: CalibratedN}
	for b.Loop() {
		out, err := c.Run(o)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(out.Rounds), "rounds")
	}
}
