package assess

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "rewrite testdata")

// mixedBank returns items as a young site has them: some on labels, some calibrated, new ones, ones whose key is known, and
// variants of concepts.
func mixedBank(n, topics int) []Item {
	items := syntheticBank(9, n, topics, 1.1, 0)
	for i := range items {
		items[i].Concept = fmt.Sprintf("idea-%d-%d", i%topics, i/topics/2)
		switch {
		case i%10 == 3:
			items[i].New = true
		case i%10 == 7:
			items[i].Seen = true
		case i%2 == 0:
			items[i].C, items[i].A, items[i].SD, items[i].N, items[i].FreeA, items[i].Fits = 0.25, 1, AuthorSD, 0, false, false
		}
		items[i].Minutes = 1.5
	}
	return items
}

func start(t *testing.T, seed uint64, rules Rules, pool []Item) *Session {
	t.Helper()
	names := []string{}
	for _, it := range pool {
		if !slices.Contains(names, it.Topic) {
			names = append(names, it.Topic)
		}
	}
	roles := []Role{{ID: "backend", Cut: 0.3, Weights: []Share{{pool[0].Topic, 2}, {"unasked", 1}}}}
	s, err := Start(seed, rules, Even(names...), roles, pool)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// play responds to every step until the session is over.
func play(t *testing.T, s *Session, respond func(Step) Response) Log {
	t.Helper()
	for {
		step, ok := s.Next(nil)
		if !ok {
			return s.Log()
		}
		if err := s.Record(step.Position, respond(step)); err != nil {
			t.Fatal(err)
		}
	}
}

// coin responds right with the chance that the item has at that ability.
func coin(seed uint64, theta float64) func(Step) Response {
	return func(step Step) Response {
		d := newDice(seed, 1000+uint64(step.Position))
		right := d.float() < step.Item.Chance(theta)
		return Response{Right: right, Skipped: !right && d.below(4) == 0}
	}
}

func TestEveryTopicStaysWithinOneItemOfItsShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shares := rapid.SliceOfN(rapid.IntRange(1, 40), 1, 12).Draw(t, "shares")
		var b Blueprint
		var pool []Item
		for i, s := range shares {
			b = append(b, Share{topicName(i), float64(s)})
			pool = append(pool, Item{ID: topicName(i), Topic: topicName(i), A: 1})
		}
		b, err := b.Over(pool)
		if err != nil {
			t.Fatal(err)
		}
		asked := map[string]int{}
		for n := 1; n <= 120; n++ {
			asked[b.owing(asked)[0]]++
			for _, s := range b {
				if d := float64(asked[s.Topic]) - s.Share*float64(n); math.Abs(d) >= 1+1e-9 {
					t.Fatalf("after %d items topic %s with the share %.3f is %+.3f items off", n, s.Topic, s.Share, d)
				}
			}
		}
	})
}

func TestBlueprintRefuses(t *testing.T) {
	pool := []Item{{ID: "x", Topic: "a", A: 1}}
	for name, b := range map[string]Blueprint{
		"a share of 0": {{"a", 0}}, "NaN": {{"a", math.NaN()}}, "a topic twice": {{"a", 1}, {"a", 1}},
	} {
		if _, err := b.Over(pool); err == nil {
			t.Errorf("a blueprint with %s is taken", name)
		}
	}
	if b, err := (Blueprint{{"a", 3}, {"empty", 1}}).Over(pool); err != nil || len(b) != 1 || b[0].Share != 1 {
		t.Errorf("without its empty topic the blueprint is %v, %v", b, err)
	}
}

func TestSessionsKeepTheirRules(t *testing.T) {
	pool := mixedBank(120, 4)
	rules := DefaultRules()
	rules.Pilots = 3
	for seed := range uint64(40) {
		log := play(t, start(t, seed, rules, pool), coin(seed, float64(seed%7)-3))
		seen := map[string]bool{}
		scored, pilots := 0, 0
		topics := map[string]int{}
		for i, step := range log.Steps {
			if seen[step.Item.ID] {
				t.Fatalf("seed %d: item %s is asked twice", seed, step.Item.ID)
			}
			seen[step.Item.ID] = true
			if i > 0 && step.Item.Concept == log.Steps[i-1].Item.Concept {
				t.Errorf("seed %d: variants of %s follow each other at %d", seed, step.Item.Concept, i)
			}
			if step.Why.Pilot {
				pilots++
				if step.Item.Scored() {
					t.Errorf("seed %d: item %s is asked as a pilot and could be scored", seed, step.Item.ID)
				}
				if *step.After != step.Why.Before {
					t.Errorf("seed %d: a pilot moved the estimate", seed)
				}
				continue
			}
			scored++
			topics[step.Item.Topic]++
			if step.Item.New || step.Item.Seen {
				t.Errorf("seed %d: item %s is scored: %+v", seed, step.Item.ID, step.Item)
			}
			for _, n := range topics {
				if d := float64(n) - float64(scored)/4; math.Abs(d) >= 1 && len(topics) == 4 {
					t.Errorf("seed %d: %v after %d items", seed, topics, scored)
				}
			}
		}
		r := log.Result
		if pilots != 3 || r.Scored != scored || scored < rules.Min || scored > rules.Max {
			t.Errorf("seed %d: %d pilots, %d scored items, %d by the result", seed, pilots, scored, r.Scored)
		}
		if precise := r.SE < rules.SE; precise != (log.Stop == Precise) || !precise && (log.Stop != Length || scored != rules.Max) {
			t.Errorf("seed %d: stop is %q with SE %.3f after %d items", seed, log.Stop, r.SE, scored)
		}
		if r.State != Pilot {
			t.Errorf("seed %d: items on labels were scored, and the state is %s", seed, r.State)
		}
		if len(r.Topics) != 4 || len(r.Roles) != 1 {
			t.Errorf("seed %d: %d topics and %d roles in the result", seed, len(r.Topics), len(r.Roles))
		}
	}
}

func TestPilotsPreferNewItems(t *testing.T) {
	pool := mixedBank(120, 4)
	log := play(t, start(t, 3, DefaultRules(), pool), coin(3, 0))
	for _, step := range log.Steps {
		if step.Why.Pilot && !step.Item.New {
			t.Errorf("the pilot %s is not new, though new ones are there", step.Item.ID)
		}
	}
}

// A candidate who knows every key cannot be measured, and nothing is said.
func TestNothingScoredNothingSaid(t *testing.T) {
	pool := mixedBank(40, 2)
	for i := range pool {
		pool[i].Seen = true
	}
	rules := DefaultRules()
	rules.Pilots = 0
	log := play(t, start(t, 1, rules, pool), coin(1, 0))
	if log.Stop != Exhausted || len(log.Steps) != 0 || log.Result.Level != "" || !log.Result.Roles[0].Hidden || log.Result.State != Pilot {
		t.Errorf("%d steps, stop %q, result %+v", len(log.Steps), log.Stop, log.Result)
	}
}

func TestSkippedCountsAsWrong(t *testing.T) {
	pool := mixedBank(60, 3)
	skipped := play(t, start(t, 4, DefaultRules(), pool), func(Step) Response { return Response{Skipped: true} })
	wrong := play(t, start(t, 4, DefaultRules(), pool), func(Step) Response { return Response{} })
	if d := differences("result", skipped.Result, wrong.Result); d != nil {
		t.Errorf("skipping is not as wrong: %v", d)
	}
	if skipped.Result.Theta > -1 {
		t.Errorf("who skips everything is at %.2f", skipped.Result.Theta)
	}
}

func TestRecordRefuses(t *testing.T) {
	s := start(t, 5, DefaultRules(), mixedBank(60, 3))
	if err := s.Record(0, Response{}); !errors.Is(err, ErrPosition) {
		t.Errorf("a response before the first item: %v", err)
	}
	step, _ := s.Next(nil)
	if again, _ := s.Next(nil); again.Item.ID != step.Item.ID || len(s.Log().Steps) != 1 {
		t.Errorf("asking for the next item again gives %s after %s", again.Item.ID, step.Item.ID)
	}
	if err := s.Record(1, Response{}); !errors.Is(err, ErrPosition) {
		t.Errorf("a response to a later position: %v", err)
	}
	if err := s.Record(0, Response{Right: true, Skipped: true}); err == nil {
		t.Error("right and skipped at once is taken")
	}
	if err := s.Record(0, Response{Right: true}); err != nil {
		t.Fatal(err)
	}
	if err := s.Record(0, Response{}); !errors.Is(err, ErrPosition) {
		t.Errorf("a second response: %v", err)
	}
	s.Next(nil)
	s.End(TimeUp)
	if err := s.Record(1, Response{}); !errors.Is(err, ErrFinished) {
		t.Errorf("a response after the end: %v", err)
	}
	if log := s.Log(); log.Result.Scored != 1 || log.Stop != TimeUp {
		t.Errorf("after the deadline %d items count and stop is %q", log.Result.Scored, log.Stop)
	}
}

// A crash loses nothing: a session resumed from its log, at any step, ends as it would have.
func TestResume(t *testing.T) {
	pool := mixedBank(120, 4)
	respond := coin(8, 0.7)
	want := play(t, start(t, 8, DefaultRules(), pool), respond)
	for stop := 0; stop <= len(want.Steps); stop++ {
		s := start(t, 8, DefaultRules(), pool)
		for range stop {
			step, _ := s.Next(nil)
			if err := s.Record(step.Position, respond(step)); err != nil {
				t.Fatal(err)
			}
		}
		s.Next(nil) // an item that is shown when the crash comes stays
		shuffled := slices.Clone(pool)
		shuffle(newDice(uint64(stop), 0), shuffled)
		resumed, err := Resume(throughJSON(t, s.Log()), shuffled)
		if err != nil {
			t.Fatal(err)
		}
		if d := differences("log", want, play(t, resumed, respond)); d != nil {
			t.Fatalf("resumed after %d steps: %v", stop, d)
		}
	}
}

func throughJSON(t *testing.T, log Log) Log {
	t.Helper()
	text, err := json.Marshal(log)
	if err != nil {
		t.Fatal(err)
	}
	var back Log
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	return back
}

// Responses that nobody would expect move the estimate to its end, and never off the grid.
func TestUnexpectedResponses(t *testing.T) {
	for _, it := range []Item{{A: 10, B: -10, N: 100}, {A: 10, B: 10, N: 100}, {A: 10, B: -10}, {A: 10, B: 10}} {
		b := newBelief(Prior())
		for i := range 200 {
			b = b.after(it, it.B > 0)
			a := b.theta().Ability()
			if !(math.Abs(a.Theta) < 6.001 && a.SE >= 0 && a.SE < 1.1) {
				t.Fatalf("after %d such responses to %+v the estimate is %+v", i+1, it, a)
			}
		}
	}
}

// Items that many were asked give way, and come back only when nothing else is left.
func TestExposureCap(t *testing.T) {
	pool := syntheticBank(2, 30, 1, 1.2, 0)
	s := start(t, 2, plainRules(0.3), pool)
	first, _ := s.Next(nil)
	rules := plainRules(0.3)
	rules.Cap = 0.3
	s = start(t, 2, rules, pool)
	exposure := map[string]float64{first.Item.ID: 0.31}
	if step, _ := s.Next(exposure); step.Item.ID == first.Item.ID {
		t.Error("an item above the cap is asked though others are there")
	}
	for _, it := range pool {
		exposure[it.ID] = 0.5
	}
	exposure[pool[7].ID] = 0.4
	s = start(t, 2, rules, pool)
	if step, ok := s.Next(exposure); !ok || step.Item.ID != pool[7].ID {
		t.Errorf("with all items above the cap %q is asked, not the one that was asked least", step.Item.ID)
	}
}

func TestRecompute(t *testing.T) {
	for seed := range uint64(20) {
		log := throughJSON(t, play(t, start(t, seed, DefaultRules(), mixedBank(120, 4)), coin(seed, 0.5)))
		again, differ, err := Recompute(log)
		if err != nil || differ != nil {
			t.Fatalf("seed %d: %v %v", seed, differ, err)
		}
		if d := differences("log", log, again); d != nil {
			t.Fatalf("seed %d: the recomputed log differs: %v", seed, d)
		}
	}
}

func TestRecomputeOfARunningSession(t *testing.T) {
	s := start(t, 1, DefaultRules(), mixedBank(120, 4))
	s.Next(nil)
	if _, differ, err := Recompute(throughJSON(t, s.Log())); err != nil || differ != nil {
		t.Errorf("%v %v", differ, err)
	}
}

// Whatever is changed in a log, Recompute says where, or that no session can have written it.
func TestRecomputeFindsWhatWasChanged(t *testing.T) {
	fresh := func() Log {
		return throughJSON(t, play(t, start(t, 6, DefaultRules(), mixedBank(120, 4)), coin(6, 0.5)))
	}
	last := len(fresh().Steps) - 1
	for _, tc := range []struct {
		name, says string
		change     func(*Log)
	}{
		{"the result", "result Theta", func(l *Log) { l.Result.Theta += 1e-15 }},
		{"the score", "result Score Points", func(l *Log) { l.Result.Score.Points++ }},
		{"the level", "result Level", func(l *Log) { l.Result.Level = "senior" }},
		{"a topic", "result Topics 1 SE", func(l *Log) { l.Result.Topics[1].SE *= 0.9 }},
		{"a role", "result Roles 0 P", func(l *Log) { l.Result.Roles[0].P = 1 }},
		{"the state", "result State", func(l *Log) { l.Result.State = Calibrated }},
		{"a response", "result Theta", func(l *Log) {
			l.Steps[last].Response.Right = !l.Steps[last].Response.Right
			l.Steps[last].Response.Skipped = false
		}},
		{"an item's b", "Why Best", func(l *Log) { l.Steps[0].Item.B++ }},
		{"a draw", "Why Draw", func(l *Log) { l.Steps[0].Why.Draw++ }},
		{"the seed", "Why Draw", func(l *Log) { l.Seed++ }},
		{"an estimate on the way", "step 4 Why Before SE", func(l *Log) { l.Steps[4].Why.Before.SE /= 2 }},
		{"the reason to stop", "stop", func(l *Log) { l.Stop = Exhausted }},
		{"a step left out", "out of order", func(l *Log) { l.Steps = l.Steps[1:] }},
		{"a pilot that is scored", "pilot", func(l *Log) { l.Steps[0].Why.Pilot = !l.Steps[0].Why.Pilot }},
		{"an item twice", "twice", func(l *Log) { l.Steps[1].Item.ID = l.Steps[0].Item.ID }},
		{"an impossible a", "a is 0", func(l *Log) { l.Steps[0].Item.A = 0 }},
		{"nothing to draw from", "nothing to draw", func(l *Log) { l.Steps[0].Why.Best = nil }},
		{"the version", "model version", func(l *Log) { l.Version = "0" }},
		{"no result", "result is there", func(l *Log) { l.Result = nil }},
	} {
		log := fresh()
		tc.change(&log)
		_, differ, err := Recompute(log)
		says := strings.Join(differ, "\n")
		if err != nil {
			says = err.Error()
		}
		if !strings.Contains(says, tc.says) {
			t.Errorf("with %s changed: %q does not say %q", tc.name, says, tc.says)
		}
	}
}

// The committed log was written on one machine; every other must come to the same bits. -update writes it anew, which is right
// only together with a new Version.
func TestRecomputeOnThisMachine(t *testing.T) {
	const file = "testdata/session.json"
	if *update {
		text, err := json.MarshalIndent(play(t, start(t, 7, DefaultRules(), mixedBank(120, 4)), coin(7, 0.4)), "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var log Log
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&log); err != nil {
		t.Fatal(err)
	}
	if _, differ, err := Recompute(log); err != nil || differ != nil {
		t.Errorf("%v\n%v", err, strings.Join(differ, "\n"))
	}
	if log.Result.Scored < 10 {
		t.Errorf("the log has only %d items", log.Result.Scored)
	}
}

func FuzzRecompute(f *testing.F) {
	text, err := os.ReadFile("testdata/session.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"version":"2pl-eap61/1","seed":"1","rules":{"max":1,"random":1,"cap":1},"steps":[]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var log Log
		if json.Unmarshal(text, &log) != nil {
			return
		}
		again, _, err := Recompute(log)
		if err == nil && again.Result != nil && !(again.Result.SE >= 0 && again.Result.SE < 7) {
			t.Errorf("SE is %v", again.Result.SE)
		}
	})
}

func BenchmarkNextOf5000(b *testing.B) {
	pool := syntheticBank(1, 5000, 1, 1.2, 0.2)
	rules := DefaultRules()
	rules.Max, rules.Min, rules.SE = 1000, 1000, 0
	s, err := Start(1, rules, evenOver(1), nil, pool)
	if err != nil {
		b.Fatal(err)
	}
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		i, _ := s.pick(newDice(1, 1), nil)
		if i < 0 {
			b.Fatal("nothing to ask")
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

func BenchmarkResultOf30(b *testing.B) {
	bank := syntheticBank(1, 300, 5, 1.2, 0)
	rules := DefaultRules()
	rules.Min, rules.SE = 30, 0
	s, err := Start(1, rules, evenOver(5), []Role{{ID: "r", Weights: []Share{{topicName(0), 1}, {topicName(1), 1}}}}, bank)
	if err != nil {
		b.Fatal(err)
	}
	for {
		step, ok := s.Next(nil)
		if !ok {
			break
		}
		if err := s.Record(step.Position, coin(1, 0.3)(step)); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		s.log.result()
	}
}

func TestCorrectCountsWhatIsRightNow(t *testing.T) {
	bank := syntheticBank(3, 60, 3, 1.2, 0.2)
	s, err := Start(5, DefaultRules(), evenOver(3), nil, bank)
	if err != nil {
		t.Fatal(err)
	}
	for step, ok := s.Next(nil); ok; step, ok = s.Next(nil) {
		if err := s.Record(step.Position, coin(5, 0.2)(step)); err != nil {
			t.Fatal(err)
		}
	}
	log := s.Log()
	right := map[int]bool{}
	for i, st := range log.Steps {
		right[st.Position] = st.Response.Right != (i == 4 || i == 7) // two keys turn out to be wrong
	}
	corrected := log.Correct(right)
	if corrected.Result.Theta == log.Result.Theta {
		t.Error("two corrected keys leave the estimate as it was")
	}
	if again, differ, err := Recompute(corrected); err != nil || len(differ) > 0 || again.Result.Theta != corrected.Result.Theta {
		t.Errorf("the corrected log does not recompute: %v %v", differ, err)
	}
	for i := range right {
		right[i] = log.Steps[i].Response.Right
	}
	if back := corrected.Correct(right); back.Result.Theta != log.Result.Theta || back.Steps[4].Corrected != nil {
		t.Error("taking the corrections back does not give the first result")
	}
	if log.Steps[4].Corrected != nil {
		t.Error("Correct changed the log that it was given")
	}
}
