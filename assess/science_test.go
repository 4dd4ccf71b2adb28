package assess

import (
	"fmt"
	"math"
	"os"
	"testing"
)

// The tests whose names begin with Science are simulations with a seed. `make science` runs them in full and prints what
// they measure, which docs/science.md shows; the usual run has fewer candidates and the same goals, widened by what chance
// does to fewer candidates.

// scienceSeed is the seed of all tables in docs/science.md.
const scienceSeed = 20261121

func full() bool { return os.Getenv("SCIENCE") == "full" }

// size returns the number of candidates of a simulation.
func size(usual, all int) int {
	if full() {
		return all
	}
	return usual
}

// row logs one line of a table of docs/science.md.
func row(t *testing.T, cells ...any) {
	t.Helper()
	line := "|"
	for _, c := range cells {
		if f, ok := c.(float64); ok {
			c = fmt.Sprintf("%.3f", f)
		}
		line += fmt.Sprintf(" %v |", c)
	}
	t.Log(line)
}

// atMost and within state goals. Slack is what chance may add in a run with fewer candidates than the full one.
func atMost(t *testing.T, what string, got, goal, slack float64) {
	t.Helper()
	if full() {
		slack = 0
	}
	if !(got <= goal+slack) {
		t.Errorf("%s is %.4f, want at most %.4f", what, got, goal)
	}
}

func within(t *testing.T, what string, got, low, high, slack float64) {
	t.Helper()
	if full() {
		slack = 0
	}
	if !(got >= low-slack && got <= high+slack) {
		t.Errorf("%s is %.4f, want %.3f to %.3f", what, got, low, high)
	}
}

// typicalA is the median a of the synthetic banks.
const typicalA = 1.2

// syntheticBank returns calibrated items over topics: b is standard normal, a log-normal with a spread of 0.3 around aMid.
func syntheticBank(seed uint64, n, topics int, aMid, c float64) []Item {
	d := newDice(seed, 77)
	items := make([]Item, n)
	for i := range items {
		items[i] = Item{
			ID: fmt.Sprintf("item-%04d", i), Topic: topicName(i % topics), B: d.normal(),
			A: aMid * exp(0.3*d.normal()), C: c, N: 1000, FreeA: true, Fits: true,
		}
	}
	return items
}

func topicName(i int) string { return fmt.Sprintf("topic-%02d", i) }

func evenOver(n int) Blueprint {
	names := make([]string, n)
	for i := range names {
		names[i] = topicName(i)
	}
	return Even(names...)
}

// plainRules choose by information alone: no draw, no cap.
func plainRules(se float64) Rules {
	return Rules{SE: se, Min: 1, Max: 60, Random: 1, Cap: 1, Rho: 0.7}
}

func report(t *testing.T, s Simulation) Report {
	t.Helper()
	r, err := s.Report()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestScienceLength(t *testing.T) {
	row(t, "guessing", "items", "RMSE", "bias", "coverage")
	for _, tc := range []struct {
		c, items float64
	}{{0, 16}, {0.2, 26}} {
		bank := syntheticBank(scienceSeed, 300, 1, typicalA, tc.c)
		n := size(400, 4000)
		r := report(t, Simulation{Seed: scienceSeed, Candidates: n, Rules: plainRules(0.3), Blueprint: evenOver(1), Pool: bank, Truth: bank})
		row(t, fmt.Sprintf("c = %v", tc.c), r.All.Length, r.All.RMSE, r.All.Bias, r.All.Coverage)
		chance := 0.3 / math.Sqrt(float64(n))
		atMost(t, "items", r.All.Length, tc.items, 0.5)
		atMost(t, "RMSE", r.All.RMSE, 0.30, 2*chance)
		atMost(t, "bias", math.Abs(r.All.Bias), 0.02, 2*chance)
		within(t, "coverage", r.All.Coverage, 0.93, 0.97, 0.03)
	}
}

// How much these figures depend on what the items are worth: no goals here.
func TestScienceLengthByQuality(t *testing.T) {
	row(t, "median a", "items, c = 0", "items, c = 0.2", "with draw, cap and topics, c = 0")
	for _, a := range []float64{1.0, 1.1, 1.2, 1.3} {
		n := size(50, 1000)
		lengths := []any{a}
		for _, c := range []float64{0, 0.2} {
			bank := syntheticBank(scienceSeed, 300, 1, a, c)
			r := report(t, Simulation{Seed: scienceSeed, Candidates: n, Rules: plainRules(0.3), Blueprint: evenOver(1), Pool: bank, Truth: bank})
			lengths = append(lengths, r.All.Length)
		}
		bank := syntheticBank(scienceSeed, 300, 5, a, 0)
		r := report(t, Simulation{Seed: scienceSeed, Candidates: n, Rules: realRules(), Blueprint: evenOver(5), Pool: bank, Truth: bank})
		row(t, append(lengths, r.All.Length)...)
		if before := lengths[1].(float64); !(r.All.Length > before) {
			t.Errorf("a = %v: %.1f items with draw, cap and topics, and %.1f without", a, r.All.Length, before)
		}
	}
}

// realRules are those of a skill check, to a standard error of 0.3 and without pilots.
func realRules() Rules {
	rules := DefaultRules()
	rules.SE, rules.Min, rules.Max, rules.Pilots = 0.3, 1, 60, 0
	return rules
}

func TestScienceExposure(t *testing.T) {
	bank := syntheticBank(scienceSeed, 300, 5, typicalA, 0)
	r := report(t, Simulation{Seed: scienceSeed, Candidates: size(600, 4000), Rules: realRules(), Blueprint: evenOver(5), Pool: bank, Truth: bank})
	unused := float64(len(r.Dead)) / float64(r.Items)
	row(t, "items", "greatest exposure", "unused", "RMSE", "bias", "coverage")
	row(t, r.All.Length, r.MaxShare, unused, r.All.RMSE, r.All.Bias, r.All.Coverage)
	atMost(t, "items", r.All.Length, 20, 0.3)
	atMost(t, "greatest exposure", r.MaxShare, 0.45, 0)
	atMost(t, "unused", unused, 0.30, 0.1)
	within(t, "coverage", r.All.Coverage, 0.93, 0.97, 0.02)
}

func TestScienceAdaptiveAgainstFixed(t *testing.T) {
	bank := syntheticBank(scienceSeed, 300, 1, typicalA, 0)
	n := size(600, 4000)
	ten := plainRules(0)
	ten.Max = 10
	adaptive := report(t, Simulation{Seed: scienceSeed, Candidates: n, Rules: ten, Blueprint: evenOver(1), Pool: bank, Truth: bank})
	// A draw from all items is a random form; each candidate has another one.
	fixed := randomForms(t, bank, n, 30)
	row(t, "form", "RMSE", "bias", "coverage")
	row(t, "10 adaptive items", adaptive.All.RMSE, adaptive.All.Bias, adaptive.All.Coverage)
	row(t, "30 random items", fixed.RMSE, fixed.Bias, fixed.Coverage)
	atMost(t, "RMSE of 10 adaptive items", adaptive.All.RMSE, 0.35, 0.02)
	atMost(t, "RMSE of 10 adaptive items, against 30 random ones", adaptive.All.RMSE, fixed.RMSE, 0.02)
}

// randomForms gives each candidate so many items at random.
func randomForms(t *testing.T, bank []Item, candidates, items int) Accuracy {
	t.Helper()
	s := Simulation{Seed: scienceSeed, Blueprint: evenOver(1)}
	var all sums
	for c := range candidates {
		theta := s.candidate(c).Theta
		d := newDice(scienceSeed, 1<<50+uint64(c))
		form := append([]Item(nil), bank...)
		shuffle(d, form)
		p := Prior()
		for _, it := range form[:items] {
			p = p.After(it, d.float() < it.Chance(theta))
		}
		all.add(theta, &Result{Ability: p.Ability(), Scored: items}, 0.3)
	}
	return all.accuracy()
}

// labelled returns a bank as its authors see it and as it is: their labels are spread over all levels and difficulties, and
// the true b, of spread 1, has the given correlation with what the labels say. True a are log-normal around 1.
func labelled(t *testing.T, seed uint64, n, topics int, correlation float64) (pool, truth []Item) {
	t.Helper()
	d := newDice(seed, 78)
	for i := range n {
		level := []string{"junior", "mid", "senior", "staff"}[d.below(4)]
		b, err := AuthorB(level, []string{"easy", "medium", "hard"}[d.below(3)])
		if err != nil {
			t.Fatal(err)
		}
		c := 0.0
		if i%2 == 0 {
			c = 0.25
		}
		it := Item{ID: fmt.Sprintf("item-%04d", i), Topic: topicName(i % topics), Level: level, A: 1, B: b, C: c, SD: AuthorSD}
		pool = append(pool, it)
		// Labels have the mean 0.375 and the variance 0.88 + 0.17.
		z := (b - 0.375) / math.Sqrt(0.9219+1.0/6)
		it.B = 0.375 + correlation*z + math.Sqrt(1-correlation*correlation)*d.normal()
		it.A, it.SD = exp(truthASD*d.normal()), 0
		truth = append(truth, it)
	}
	return pool, truth
}

func TestScienceAuthorLevels(t *testing.T) {
	row(t, "correlation of labels with b", "RMSE", "bias", "coverage", "mean SE", "items", "named", "right when named")
	for _, correlation := range []float64{0.4, 0.6, 0.8} {
		// Several banks, because all candidates share one bank's errors.
		banks, each := size(12, 60), size(40, 100)
		var all sums
		named, right := 0, 0
		for bank := range banks {
			pool, truth := labelled(t, scienceSeed+uint64(bank), 150, 5, correlation)
			s := Simulation{
				Seed: scienceSeed + uint64(bank), Candidates: each, Rules: DefaultRules(), Blueprint: evenOver(5), Pool: pool, Truth: truth,
			}
			err := s.Run(func(taken Taken) {
				r := taken.Log.Result
				all.add(taken.Theta, r, 0.35)
				if r.State != Pilot {
					t.Errorf("a session on author levels says %q", r.State)
				}
				if isLevel(r.Level) {
					named++
					if r.Level == LevelOf(taken.Theta) {
						right++
					}
				}
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		a := all.accuracy()
		share := float64(right) / float64(named)
		row(t, correlation, a.RMSE, a.Bias, a.Coverage, a.SE, a.Length, float64(named)/float64(a.N), share)
		within(t, "coverage", a.Coverage, 0.93, 1, 0.02)
	}
}

func isLevel(name string) bool { return name == "junior" || name == "mid" || name == "senior" }

func TestScienceLevels(t *testing.T) {
	bank := syntheticBank(scienceSeed, 300, 5, typicalA, 0.1)
	named, right, n := 0, 0, size(600, 4000)
	s := Simulation{Seed: scienceSeed, Candidates: n, Rules: DefaultRules(), Blueprint: evenOver(5), Pool: bank, Truth: bank}
	err := s.Run(func(taken Taken) {
		if r := taken.Log.Result; isLevel(r.Level) {
			named++
			if r.Level == LevelOf(taken.Theta) {
				right++
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	row(t, "sessions that name a level", "right when named")
	row(t, float64(named)/float64(n), float64(right)/float64(named))
	within(t, "right when named", float64(right)/float64(named), 0.90, 1, 0.02)
}

func TestScienceProfile(t *testing.T) {
	bank := syntheticBank(scienceSeed, 300, 5, typicalA, 0)
	rules := DefaultRules()
	rules.SE, rules.Min, rules.Max = 0, 25, 25
	s := Simulation{Seed: scienceSeed, Candidates: size(500, 4000), Rules: rules, Blueprint: evenOver(5), Pool: bank, Truth: bank, Rho: 0.7}
	var topics, overall, mixed, alone sums
	ready := calibrationTable{}
	role := Role{ID: "r", Cut: 0.2, Weights: []Share{{topicName(0), 3}, {topicName(1), 2}, {topicName(2), 1}}}
	err := s.Run(func(taken Taken) {
		log := taken.Log
		for _, a := range log.Result.Topics {
			if a.Asked != 5 {
				t.Fatalf("topic %s has %d items of 25", a.Topic, a.Asked)
			}
			topics.add(taken.Topics[a.Topic], &Result{Ability: a.Ability}, 0)
			own := Prior().times(likelihoodOf(a.Topic, log.Steps, sure))
			alone.add(taken.Topics[a.Topic], &Result{Ability: own.Ability()}, 0)
		}
		overall.add(taken.Theta, log.Result, 0)
		mean := 0.0
		for _, theta := range taken.Topics {
			mean += theta / 5
		}
		mixed.add(mean, log.Result, 0)
		r := newProfile(log.profileTopics(), log.Steps, rules.Rho, sure).readiness(role, 25)
		mean = (3*taken.Topics[topicName(0)] + 2*taken.Topics[topicName(1)] + taken.Topics[topicName(2)]) / 6
		ready.add(r.P, mean > role.Cut)
	})
	if err != nil {
		t.Fatal(err)
	}
	row(t, "estimate", "RMSE", "coverage")
	a := topics.accuracy()
	row(t, "topic, by the higher-order model", a.RMSE, a.Coverage)
	row(t, "topic, from its own five items", alone.accuracy().RMSE, alone.accuracy().Coverage)
	row(t, "general ability, by the model with one ability", overall.accuracy().RMSE, overall.accuracy().Coverage)
	row(t, "mean of the topics' abilities, by the model with one ability", mixed.accuracy().RMSE, mixed.accuracy().Coverage)
	atMost(t, "RMSE of a topic", a.RMSE, 0.62, 0.02)
	within(t, "coverage of a topic", a.Coverage, 0.93, 0.97, 0.01)
	row(t, "P(ready), mean of a tenth", "share that is ready", "n")
	for _, bin := range ready {
		if bin.n > 0 {
			row(t, bin.p/float64(bin.n), float64(bin.yes)/float64(bin.n), bin.n)
		}
	}
	row(t, "calibration error", ready.error())
	atMost(t, "calibration error of readiness", ready.error(), 0.04, 0.03)
}

// sure is full trust in labels, which calibrated items do not have.
var sure = [len(trusts)]float64{0, 0, 0, 1}

// times returns the product of two functions on the grid, as a posterior.
func (p Posterior) times(l Posterior) Posterior {
	for k := range p {
		p[k] *= l[k]
	}
	p.normalise()
	return p
}

// calibrationTable compares probabilities with what came true, by tenths.
type calibrationTable [10]struct {
	n, yes int
	p      float64
}

func (c *calibrationTable) add(p float64, yes bool) {
	bin := &c[min(9, int(10*p))]
	bin.n++
	bin.p += p
	if yes {
		bin.yes++
	}
}

// error returns the expected calibration error: the mean distance of probability and share, weighted by n.
func (c *calibrationTable) error() float64 {
	n, sum := 0, 0.0
	for _, bin := range c {
		n += bin.n
		sum += math.Abs(bin.p - float64(bin.yes))
	}
	return sum / float64(n)
}
