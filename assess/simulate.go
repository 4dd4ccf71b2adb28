package assess

import (
	"cmp"
	"math"
	"slices"
)

// Simulation lets synthetic candidates, whose abilities are known, take sessions over a pool of items.
type Simulation struct {
	Seed       uint64
	Candidates int
	Rules      Rules
	Blueprint  Blueprint
	Pool       []Item
	// Truth holds the items as they really are, place by place as in Pool. Without it each candidate meets items that are
	// drawn anew from what Pool leaves open: b within SD, a by a factor with a log-normal spread of 0.3 unless FreeA, and the
	// share of the labels that is real.
	Truth []Item
	// Rho is the correlation of the abilities in single topics with the general one: 1, also written 0, is one ability for
	// all.
	Rho float64
	// Theta fixes the general ability of each candidate; nil draws them from a standard normal distribution.
	Theta func(candidate int) float64
}

// Taken is one simulated session: what was true, and what the session said.
type Taken struct {
	Theta  float64            // the general ability
	Topics map[string]float64 // the ability in each topic
	Log    Log

	trust float64 // the share of the labels' distances from 0 that is real for this candidate
}

// truthASD is the spread of log a among items of which it is not known.
const truthASD = 0.3

// exposureAfter is the number of sessions from which on it is known how often an item is asked.
const exposureAfter = 20

// Run takes all sessions, one after the other, and hands each to take.
func (s Simulation) Run(take func(Taken)) error {
	counts := map[string]int{}
	exposure := map[string]float64{}
	place := s.places()
	for c := range s.Candidates {
		session, err := Start(mix(s.Seed)^uint64(c), s.Rules, s.Blueprint, nil, s.Pool)
		if err != nil {
			return err
		}
		taken := s.candidate(c)
		if err := s.sit(session, c, taken, place, exposure); err != nil {
			return err
		}
		taken.Log = session.Log()
		for _, step := range taken.Log.Steps {
			counts[step.Item.ID]++
		}
		for id, n := range counts {
			exposure[id] = float64(n) / float64(max(c+1, exposureAfter))
		}
		take(taken)
	}
	return nil
}

// The streams of a simulation's seed.
const (
	streamCandidate = 1 << 40 // plus the candidate
	streamItem      = 1 << 44 // plus the candidate's and the item's place
)

// candidate draws the abilities of one candidate.
func (s Simulation) candidate(c int) Taken {
	d := newDice(s.Seed, streamCandidate+uint64(c))
	t := Taken{Theta: d.normal(), Topics: map[string]float64{}}
	t.trust = trusts[d.below(len(trusts))]
	if s.Theta != nil {
		t.Theta = s.Theta(c)
	}
	rho := s.Rho
	if rho == 0 {
		rho = 1
	}
	for _, share := range s.Blueprint {
		own := float64(math.Sqrt(1-float64(rho*rho)) * d.normal())
		t.Topics[share.Topic] = float64(rho*t.Theta) + own
	}
	return t
}

// sit lets a candidate respond until the session is over.
func (s Simulation) sit(session *Session, c int, taken Taken, place map[string]int, exposure map[string]float64) error {
	for {
		step, ok := session.Next(exposure)
		if !ok {
			return nil
		}
		i := place[step.Item.ID]
		d := newDice(s.Seed, streamItem+uint64(c)<<20+uint64(i))
		right := d.float() < s.truth(i, taken.trust, d).Chance(taken.Topics[step.Item.Topic])
		if err := session.Record(step.Position, Response{Right: right}); err != nil {
			return err
		}
	}
}

func (s Simulation) places() map[string]int {
	place := make(map[string]int, len(s.Pool))
	for i, it := range s.Pool {
		place[it.ID] = i
	}
	return place
}

// truth returns an item as it really is.
func (s Simulation) truth(i int, trust float64, d *dice) Item {
	if s.Truth != nil {
		return s.Truth[i]
	}
	it := s.Pool[i]
	if it.State() == Pilot {
		it.B = float64(trust * it.B)
	}
	it.B += float64(it.SD * d.normal())
	if !it.FreeA {
		it.A = float64(it.A * exp(float64(truthASD*d.normal())))
	}
	it.SD = 0
	return it
}

// Report is what a simulation found.
type Report struct {
	Version    string         `json:"version"`
	Seed       uint64         `json:"seed,string"`
	Candidates int            `json:"candidates"`
	Items      int            `json:"items"` // scored items of the pool
	State      State          `json:"state"`
	Rules      Rules          `json:"rules"`
	Blueprint  Blueprint      `json:"blueprint"`
	All        Accuracy       `json:"all"`
	Bands      []Band         `json:"bands"`  // by true ability, half a logit each
	Levels     []LevelReport  `json:"levels"` // by true level
	Lengths    []int          `json:"lengths"`
	Stops      map[Stop]int   `json:"stops"`
	Minutes    float64        `json:"minutes"` // mean; items without a time take two
	Exposure   []ItemExposure `json:"exposure"`
	MaxShare   float64        `json:"maxExposure"`
	Dead       []string       `json:"deadItems"`
	DeadIdeas  []string       `json:"deadConcepts"` // concepts none of whose items was ever asked
	Advice     []Advice       `json:"advice"`
}

// Accuracy compares estimates with the truth.
type Accuracy struct {
	N        int     `json:"n"`
	Bias     float64 `json:"bias"` // mean of estimate − truth, in logits
	RMSE     float64 `json:"rmse"`
	SE       float64 `json:"se"`       // mean standard error, as the sessions said
	Coverage float64 `json:"coverage"` // share of ±1.96 SE that hold the truth
	Length   float64 `json:"length"`   // mean number of scored items
	Precise  float64 `json:"precise"`  // share that reached the standard error asked for
}

// Band is the accuracy for true abilities From ≤ θ < To.
type Band struct {
	From float64 `json:"from"`
	To   float64 `json:"to"`
	Accuracy
}

// LevelReport says how well a level can be measured.
type LevelReport struct {
	Level string `json:"level"`
	Accuracy
	Named      float64 `json:"named"`      // share of sessions that named this level
	Misnamed   float64 `json:"misnamed"`   // share that named another one
	Measurable bool    `json:"measurable"` // at least half reached the standard error asked for
}

// ItemExposure says how often an item was asked.
type ItemExposure struct {
	ID    string  `json:"id"`
	Topic string  `json:"topic"`
	Level string  `json:"level,omitempty"`
	B     float64 `json:"b"`
	Share float64 `json:"share"` // of sessions
}

// defaultMinutes is the time of an item that does not say its own.
const defaultMinutes = 2

// Report runs the simulation and sums it up.
func (s Simulation) Report() (Report, error) {
	over, err := s.Blueprint.Over(s.Pool)
	if err != nil {
		return Report{}, err
	}
	r := Report{
		Version: Version, Seed: s.Seed, Candidates: s.Candidates, State: StateOf(s.Pool), Rules: s.Rules, Blueprint: over,
		Stops: map[Stop]int{}, Lengths: make([]int, s.Rules.Max+1),
	}
	t := newTally(s.Rules.SE)
	err = s.Run(func(taken Taken) { t.add(taken, &r) })
	if err != nil {
		return Report{}, err
	}
	t.finish(&r, s.Pool)
	r.Advice = Advise(s.Rules, over, s.Pool)
	return r, nil
}

// tally collects what a report is made of.
type tally struct {
	target float64
	all    sums
	bands  [12]sums
	levels map[string]*levelSums
	asked  map[string]int
	spent  float64
}

type levelSums struct {
	sums
	named, right int
}

func newTally(target float64) *tally {
	t := &tally{target: target, levels: map[string]*levelSums{}, asked: map[string]int{}}
	for _, l := range levels {
		t.levels[l] = &levelSums{}
	}
	return t
}

// sums are those of an Accuracy. They are added in the order of candidates.
type sums struct {
	n, covered, length, precise int
	error, square, se           float64
}

func (s *sums) add(theta float64, r *Result, target float64) {
	d := r.Theta - theta
	s.n++
	s.error += d
	s.square += float64(d * d)
	s.se += r.SE
	s.length += r.Scored
	if math.Abs(d) <= float64(1.96*r.SE) {
		s.covered++
	}
	if r.SE < target {
		s.precise++
	}
}

func (s *sums) accuracy() Accuracy {
	if s.n == 0 {
		return Accuracy{}
	}
	n := float64(s.n)
	return Accuracy{
		N: s.n, Bias: s.error / n, RMSE: math.Sqrt(s.square / n), SE: s.se / n, Coverage: float64(s.covered) / n,
		Length: float64(s.length) / n, Precise: float64(s.precise) / n,
	}
}

func (t *tally) add(taken Taken, r *Report) {
	result := taken.Log.Result
	t.all.add(taken.Theta, result, t.target)
	band := int(math.Floor(float64(2*taken.Theta))) + len(t.bands)/2
	t.bands[max(0, min(len(t.bands)-1, band))].add(taken.Theta, result, t.target)
	level := LevelOf(taken.Theta)
	l := t.levels[level]
	l.add(taken.Theta, result, t.target)
	if slices.Contains(levels[:], result.Level) {
		l.named++
		if result.Level == level {
			l.right++
		}
	}
	r.Lengths[min(result.Scored, len(r.Lengths)-1)]++
	r.Stops[taken.Log.Stop]++
	for _, step := range taken.Log.Steps {
		t.asked[step.Item.ID]++
		if step.Item.Minutes > 0 {
			t.spent += step.Item.Minutes
		} else {
			t.spent += defaultMinutes
		}
	}
}

func (t *tally) finish(r *Report, pool []Item) {
	r.All = t.all.accuracy()
	for i := range t.bands {
		from := float64(i-len(t.bands)/2) / 2
		r.Bands = append(r.Bands, Band{from, from + 0.5, t.bands[i].accuracy()})
	}
	for _, name := range levels {
		l := t.levels[name]
		report := LevelReport{Level: name, Accuracy: l.accuracy(), Measurable: 2*l.precise >= l.n && l.n > 0}
		if l.n > 0 {
			report.Named = float64(l.right) / float64(l.n)
			report.Misnamed = float64(l.named-l.right) / float64(l.n)
		}
		r.Levels = append(r.Levels, report)
	}
	sessions := float64(max(1, r.Candidates))
	r.Minutes = t.spent / sessions
	ideas := map[string]bool{} // whether any item of the concept was asked
	for _, it := range pool {
		if !it.Scored() {
			continue
		}
		r.Items++
		n := t.asked[it.ID]
		e := ItemExposure{it.ID, it.Topic, it.Level, it.B, float64(n) / sessions}
		r.Exposure = append(r.Exposure, e)
		r.MaxShare = max(r.MaxShare, e.Share)
		if n == 0 {
			r.Dead = append(r.Dead, it.ID)
		}
		if it.Concept != "" {
			ideas[it.Concept] = ideas[it.Concept] || n > 0
		}
	}
	for idea, alive := range ideas {
		if !alive {
			r.DeadIdeas = append(r.DeadIdeas, idea)
		}
	}
	slices.Sort(r.Dead)
	slices.Sort(r.DeadIdeas)
	slices.SortFunc(r.Exposure, func(x, y ItemExposure) int {
		return cmp.Or(cmp.Compare(y.Share, x.Share), cmp.Compare(x.ID, y.ID))
	})
}
