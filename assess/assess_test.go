package assess

import (
	"math"
	"testing"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %.10g, want %.10g ± %g", what, got, want, tolerance)
	}
}

func TestPortableFunctions(t *testing.T) {
	for x := -700.0; x <= 700; x += 0.37 {
		near(t, "exp", exp(x)/math.Exp(x), 1, 4e-16*max(1, 2))
	}
	for x := 1e-12; x < 1e12; x *= 1.37 {
		near(t, "log", log(x), math.Log(x), 3e-16*max(1, math.Abs(math.Log(x))))
	}
	for x := -6.0; x <= 6; x += 0.05 {
		want := 0.5 * math.Erfc(-x/math.Sqrt2)
		near(t, "normalCDF", normalCDF(x), want, 1e-7)
		near(t, "quantile", quantile(want), x, 4.6e-4)
	}
	if exp(-1e9) != 0 || !math.IsInf(exp(1e9), 1) || !math.IsNaN(exp(math.NaN())) || exp(0) != 1 {
		t.Error("exp is wrong at its ends")
	}
	if !math.IsInf(log(0), -1) || !math.IsNaN(log(-1)) || log(1) != 0 {
		t.Error("log is wrong at its ends")
	}
}

// The generator's first numbers from the state 0, from the reference implementation of SplitMix64 (Vigna 2015).
func TestDiceAreSplitMix64(t *testing.T) {
	d := &dice{}
	for i, want := range []uint64{0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f, 0xf88bb8a8724c81ec} {
		if got := d.next(); got != want {
			t.Errorf("number %d is %#x, want %#x", i, got, want)
		}
	}
}

func TestDiceAreFair(t *testing.T) {
	d := newDice(1, 2)
	const n = 60000
	var faces [6]int
	var sum, square float64
	for range n {
		faces[d.below(6)]++
		z := d.normal()
		sum += z
		square += z * z
	}
	for face, got := range faces {
		near(t, "count of face "+string(rune('1'+face)), float64(got), n/6, 4*math.Sqrt(n*5.0/36))
	}
	near(t, "mean of normals", sum/n, 0, 4/math.Sqrt(n))
	near(t, "variance of normals", square/n, 1, 4*math.Sqrt(2.0/n))
}

// At θ = b a 2PL item is solved by half and tells a²/4; guessing adds c(1−c) of the rest. The values follow from the
// formulas by hand.
func TestChanceAndInformation(t *testing.T) {
	for _, tc := range []struct {
		name          string
		item          Item
		theta, p, inf float64
	}{
		{"at b", Item{A: 1.6, B: 0.4}, 0.4, 0.5, 0.64},
		{"one logit above", Item{A: 1, B: 0}, 1, 1 / (1 + math.Exp(-1)), math.E / ((1 + math.E) * (1 + math.E))},
		{"guessing, at b", Item{A: 2, B: -1, C: 0.2}, -1, 0.6, 4 * 0.25 * 0.4 / 0.6},
		{"far below, guessing stays", Item{A: 2, B: 0, C: 0.25}, -20, 0.25, 0},
	} {
		near(t, tc.name+": P", tc.item.Chance(tc.theta), tc.p, 1e-12)
		near(t, tc.name+": I", tc.item.Information(tc.theta), tc.inf, 1e-12)
	}
}

// What is not known of b flattens the curve. Brute-force integration over b is the oracle.
func TestChanceOverUnknownB(t *testing.T) {
	it := Item{A: 1, B: 0.3, C: 0.2, SD: 0.8}
	for theta := -4.0; theta <= 4; theta += 0.5 {
		want, weights := 0.0, 0.0
		for z := -7.0; z <= 7; z += 0.001 {
			w := math.Exp(-z * z / 2)
			want += w * Item{A: it.A, B: it.B + z*it.SD, C: it.C}.Chance(theta)
			weights += w
		}
		near(t, "P over b", it.Chance(theta), want/weights, 0.004)
	}
}

// The posterior mean and standard deviation against integration with 12,001 nodes and the functions of package math.
func TestAbilityAgainstBruteForce(t *testing.T) {
	items := []Item{{A: 1.3, B: -1}, {A: 0.8, B: 0.2, C: 0.25}, {A: 2.1, B: 0.7}, {A: 1, B: 1.5, C: 0.2}, {A: 1.7, B: -0.4}}
	for pattern := range 1 << len(items) {
		p := Prior()
		for i, it := range items {
			p = p.After(it, pattern>>i&1 == 1)
		}
		var m0, m1, m2, above float64
		for k := range 12001 {
			theta := -8 + 16*float64(k)/12000
			w := math.Exp(-theta * theta / 2)
			for i, it := range items {
				chance := it.C + (1-it.C)/(1+math.Exp(-it.A*(theta-it.B)))
				if pattern>>i&1 == 0 {
					chance = 1 - chance
				}
				w *= chance
			}
			m0, m1, m2 = m0+w, m1+w*theta, m2+w*theta*theta
			if theta > 0.5 {
				above += w
			}
		}
		a := p.Ability()
		near(t, "θ", a.Theta, m1/m0, 1e-6)
		near(t, "SE", a.SE, math.Sqrt(m2/m0-m1*m1/m0/m0), 1e-6)
		near(t, "P(θ > 0.5)", p.Above(0.5), above/m0, 2e-3)
	}
}

func TestItemCheckNamesWhatIsWrong(t *testing.T) {
	good := Item{ID: "x", A: 1}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Item){
		"no id": func(it *Item) { it.ID = "" }, "a is 0": func(it *Item) { it.A = 0 }, "a is NaN": func(it *Item) { it.A = math.NaN() },
		"b is infinite": func(it *Item) { it.B = math.Inf(1) }, "c is 1": func(it *Item) { it.C = 1 }, "c is negative": func(it *Item) { it.C = -0.1 },
		"sd is negative": func(it *Item) { it.SD = -1 }, "n is negative": func(it *Item) { it.N = -1 }, "minutes are NaN": func(it *Item) { it.Minutes = math.NaN() },
	} {
		it := good
		change(&it)
		if it.Check() == nil {
			t.Errorf("an item is taken although %s", name)
		}
	}
}

func TestAuthorB(t *testing.T) {
	for _, tc := range []struct {
		level, difficulty string
		b                 float64
	}{{"junior", "easy", -1.5}, {"mid", "medium", 0}, {"senior", "hard", 1.5}, {"staff", "easy", 1}} {
		if b, err := AuthorB(tc.level, tc.difficulty); err != nil || b != tc.b {
			t.Errorf("AuthorB(%s, %s) is %v, %v, want %v", tc.level, tc.difficulty, b, err, tc.b)
		}
	}
	if _, err := AuthorB("guru", "easy"); err == nil {
		t.Error("the level guru is known")
	}
	if _, err := AuthorB("mid", "tricky"); err == nil {
		t.Error("the difficulty tricky is known")
	}
}

func TestStatement(t *testing.T) {
	for _, tc := range []struct {
		p    [3]float64
		want string
	}{
		{[3]float64{.05, .9, .05}, "mid"},
		{[3]float64{0, .2, .8}, "senior"},
		{[3]float64{.01, .59, .4}, "between mid and senior"},
		{[3]float64{.5, .45, .05}, "between junior and mid"},
		{[3]float64{.25, .5, .25}, "between junior and senior"},
		{[3]float64{.15, .79, .06}, "between junior and mid"},
	} {
		chances := []LevelChance{{"junior", tc.p[0]}, {"mid", tc.p[1]}, {"senior", tc.p[2]}}
		if got := Statement(chances); got != tc.want {
			t.Errorf("Statement(%v) = %q, want %q", tc.p, got, tc.want)
		}
	}
}

func TestLevelsOfThePrior(t *testing.T) {
	got := Prior().Levels()
	want := 0.5 * math.Erfc(0.5/math.Sqrt2)
	near(t, "P(junior)", got[0].P, want, 2e-3)
	near(t, "P(senior)", got[2].P, want, 2e-3)
	near(t, "sum", got[0].P+got[1].P+got[2].P, 1, 1e-12)
	if LevelOf(-0.51) != "junior" || LevelOf(-0.5) != "mid" || LevelOf(0.49) != "mid" || LevelOf(0.5) != "senior" {
		t.Error("the cuts are not at -0.5 and 0.5")
	}
}

func TestScore(t *testing.T) {
	for _, tc := range []struct {
		a    Ability
		want Score
	}{
		{Ability{0.24, 0.33}, Score{162, 21}},
		{Ability{0, 1}, Score{150, 64}},
		{Ability{-3.4, 0.5}, Score{0, 32}},
		{Ability{3.4, 0.5}, Score{300, 32}},
	} {
		if got := tc.a.Score(); got != tc.want {
			t.Errorf("score of %+v is %+v, want %+v", tc.a, got, tc.want)
		}
	}
}

func TestStates(t *testing.T) {
	pilot := Item{N: 9}
	provisional := Item{N: 99, FreeA: true, Fits: true}
	calibrated := Item{N: 100, FreeA: true, Fits: true}
	unfit := Item{N: 100, FreeA: true}
	fresh := Item{New: true}
	for name, tc := range map[string]struct {
		items []Item
		want  State
	}{
		"nothing":                    {nil, Pilot},
		"all calibrated":             {[]Item{calibrated, calibrated}, Calibrated},
		"one provisional":            {[]Item{calibrated, provisional}, Provisional},
		"one does not fit":           {[]Item{calibrated, unfit}, Provisional},
		"one on labels":              {[]Item{calibrated, provisional, pilot}, Pilot},
		"a new one is not scored":    {[]Item{calibrated, fresh}, Calibrated},
		"nothing but what is unused": {[]Item{fresh}, Pilot},
	} {
		if got := StateOf(tc.items); got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}
