package practice_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rehearse/practice"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/srs"
	"rehearse/store"
)

// run is one random history: several candidates, the authors and the clock.
type run struct {
	*world
	rt         *rapid.T
	candidates []practice.Actor // as they were when they came: their settings go stale, as those of a session do
	attempts   []runAttempt
}

type runAttempt struct {
	by   practice.Actor
	slug string
}

// expected are the errors that a random step may meet.
var expected = []error{
	store.ErrNotFound, practice.ErrNoQuestions, practice.ErrNothingToUndo, quiz.ErrFinished, quiz.ErrNotMarked,
}

func (r *run) check(err error) {
	r.Helper()
	if err != nil && !slices.ContainsFunc(expected, func(want error) bool { return errors.Is(err, want) }) {
		r.rt.Fatal(err)
	}
}

func (r *run) candidate() practice.Actor {
	return rapid.SampledFrom(r.candidates).Draw(r.rt, "candidate")
}

func (r *run) start() {
	a := r.candidate()
	n := practice.NewQuiz{Mode: rapid.SampledFrom(quiz.Modes()).Draw(r.rt, "mode"), Filter: quiz.Filter{Count: 50}}
	if rapid.Bool().Draw(r.rt, "one topic") {
		n.Filter.Topics = []string{rapid.SampledFrom([]string{"alpha", "beta", "gamma"}).Draw(r.rt, "topic")}
	}
	if rapid.IntRange(0, 2).Draw(r.rt, "limited") == 0 {
		n.Limit = time.Hour
	}
	slug, _, err := r.svc.StartQuiz(context.Background(), a, n)
	r.check(err)
	if err == nil {
		r.attempts = append(r.attempts, runAttempt{a, slug})
	}
}

// place draws a position of an attempt; the draw must not depend on the random order of its questions.
func (r *run) place() (a runAttempt, at *store.Attempt, position int) {
	if len(r.attempts) == 0 {
		r.rt.Skip("no attempt yet")
	}
	recent := r.attempts[max(0, len(r.attempts)-4):]
	a = rapid.SampledFrom(recent).Draw(r.rt, "attempt")
	at = r.attempt(a.by, a.slug)
	ids := make([]string, len(at.Items))
	for i, item := range at.Items {
		ids[i] = item.Question.ID
	}
	id := rapid.SampledFrom(slices.Sorted(slices.Values(ids))).Draw(r.rt, "question")
	return a, at, slices.Index(ids, id)
}

func (r *run) answer() {
	a, at, position := r.place()
	q := at.Items[position].Question
	var response quiz.Response
	switch rapid.SampledFrom([]string{"right", "wrong", "unsure", "partly"}).Draw(r.rt, "response") {
	case "right":
		response = right(q)
	case "wrong":
		response = wrong(q)
	case "unsure":
		response = unsure(q)
	case "partly":
		response = partly(q)
	}
	r.check(r.svc.Answer(context.Background(), a.by, a.slug, position, response))
}

func (r *run) skip() {
	a, _, position := r.place()
	r.check(r.svc.Skip(context.Background(), a.by, a.slug, position))
}

func (r *run) mark() {
	a, _, position := r.place()
	m := quiz.SelfMark{Rating: rapid.IntRange(1, 4).Draw(r.rt, "rating")}
	r.check(r.svc.Mark(context.Background(), a.by, a.slug, position, m))
}

func (r *run) finish() {
	a, _, _ := r.place()
	r.check(r.svc.Finish(context.Background(), a.by, a.slug))
}

func (r *run) grade() {
	a := r.candidate()
	part := 0
	id := rapid.SampledFrom([]string{"single", "multiple", "cloze", "open"}).Draw(r.rt, "question")
	if id == "cloze" {
		part = rapid.IntRange(1, 2).Draw(r.rt, "part")
	}
	e, err := r.svc.Catalog().Question(id)
	if err != nil {
		r.rt.Skip("retired")
	}
	turn := r.turn(a, store.CardKey{Question: e.ID, Part: part})
	if rapid.IntRange(0, 9).Draw(r.rt, "stale") == 0 {
		turn.Seq--
	}
	_, err = r.svc.GradeCard(context.Background(), a, practice.Grade{
		Card: store.CardKey{Question: e.ID, Part: part}, Seq: turn.Seq,
		Rating:   srs.Rating(rapid.IntRange(1, 4).Draw(r.rt, "rating")),
		Duration: time.Duration(rapid.IntRange(0, 400).Draw(r.rt, "seconds")) * time.Second,
	})
	r.check(err)
}

func (r *run) undo() {
	a := r.candidate()
	_, err := r.svc.UndoGrade(context.Background(), a, r.today(a).Undo)
	r.check(err)
}

func (r *run) settings() {
	a := r.candidate()
	want := a.User
	want.Settings = progress.Settings{
		Zone:     rapid.SampledFrom([]string{"UTC", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati", "Europe/Berlin"}).Draw(r.rt, "zone"),
		Rollover: rapid.IntRange(0, 23).Draw(r.rt, "rollover"),
	}
	_, err := r.svc.PutSettings(context.Background(), a, want)
	r.check(err)
}

func (r *run) tick() {
	steps := []time.Duration{
		0, time.Millisecond, 7 * time.Minute, 40 * time.Minute, 5 * time.Hour, 26 * time.Hour, 9 * 24 * time.Hour,
		40 * 24 * time.Hour, -time.Minute, -30 * time.Hour,
	}
	r.clock.add(rapid.SampledFrom(steps).Draw(r.rt, "step"))
}

func (r *run) load() {
	q := &r.questions[rapid.IntRange(0, len(r.questions)-1).Draw(r.rt, "edited")]
	switch rapid.SampledFrom([]string{"key", "wording", "old key", "topic", "out", "both"}).Draw(r.rt, "edit") {
	case "key":
		q.key++
	case "old key":
		q.key = 0
	case "wording":
		q.wording++
	case "topic":
		q.topic = rapid.SampledFrom([]string{"alpha", "beta", "gamma"}).Draw(r.rt, "topic")
	case "out":
		q.out = !q.out
	case "both":
		q.out = !q.out
		q.key++
	}
	r.publish()
	if rapid.Bool().Draw(r.rt, "catch up at once") {
		r.catchUp()
	}
}

func (r *run) catchUp() { r.check(r.svc.CatchUp(context.Background())) }

func (r *run) expire() {
	_, err := r.svc.FinishExpired(context.Background())
	r.check(err)
}

func (r *run) restart() {
	if rapid.IntRange(0, 3).Draw(r.rt, "patience") > 0 { // opening a database costs as much as many steps
		return
	}
	r.must(r.st.Close())
	r.openStore()
	r.world.start()
}

// TestLiveEqualsRebuilt is the promise that the whole design hangs on: what updates add up, a rebuild comes to as well.
func TestLiveEqualsRebuilt(t *testing.T) {
	// Few long histories find more than many short ones.
	for name, value := range map[string]string{"rapid.checks": "10", "rapid.steps": "150"} {
		if f := flag.Lookup(name); f.Value.String() == f.DefValue {
			if err := flag.Set(name, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	dir := t.TempDir()
	runs, operations := 0, 0
	happened := map[string]int{} // what the logs held in the end
	rapid.Check(t, func(rt *rapid.T) {
		runs++
		r := &run{rt: rt, world: makeWorld(rt, filepath.Join(dir, fmt.Sprintf("%d.db", runs)), standard())}
		defer func() { r.st.Close() }()
		for range 2 {
			r.candidates = append(r.candidates, r.world.candidate())
		}
		steps := map[string]func(){
			"start": r.start, "answer": r.answer, "answer more": r.answer, "answer again": r.answer, "skip": r.skip, "mark": r.mark,
			"finish": r.finish, "grade": r.grade, "grade more": r.grade, "undo": r.undo, "settings": r.settings, "tick": r.tick,
			"tick more": r.tick, "load": r.load, "catch up": r.catchUp, "expire": r.expire, "restart": r.restart,
		}
		actions := map[string]func(*rapid.T){}
		for name, step := range steps {
			actions[name] = func(rt *rapid.T) {
				r.rt, r.tester = rt, rt
				operations++
				step()
			}
		}
		rt.Repeat(actions)
		r.rt, r.tester = rt, rt
		for _, a := range r.candidates {
			for _, e := range r.checkLog(a) {
				happened[string(e.Kind)]++
				if e.Held {
					happened["held"]++
				}
			}
		}
		r.checkRebuild()
	})
	t.Logf("%d runs, %d operations, %v", runs, operations, happened)
	for _, kind := range []progress.EvidenceKind{progress.Responded, progress.Graded, progress.Undone, progress.Finished, progress.Set, "held"} {
		if happened[string(kind)] == 0 {
			t.Errorf("no run held anything %s: the test tests less than it should", kind)
		}
	}
}

// checkLog fails when the order of a log is not the order of time.
func (r *run) checkLog(a practice.Actor) []progress.Evidence {
	r.Helper()
	log := r.log(a)
	for i, e := range log {
		if e.Seq != int64(i+1) || i > 0 && e.At < log[i-1].At {
			r.rt.Fatalf("entry %d of the log has seq %d and time %d, the one before %d", i, e.Seq, e.At, log[max(0, i-1)].At)
		}
	}
	return log
}
