package practice_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"rehearse/assess"
	"rehearse/bank"
	"rehearse/practice"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/store"
)

// measured is a bank with n questions a topic that can be measured with; every fifth one serves nothing else.
func measured(n int) []question {
	var questions []question
	for _, topic := range []string{"alpha", "beta"} {
		for i := range n {
			use := append(slices.Clone(everywhere), bank.UseAssessment)
			if i%5 == 4 {
				use = []bank.Use{bank.UseAssessment}
			}
			questions = append(questions, question{id: fmt.Sprintf("%s-%02d", topic, i), topic: topic, kind: bank.Text, use: use})
		}
	}
	return questions
}

func backend() practice.NewCheck {
	return practice.NewCheck{Name: "all", Title: "All", Blueprint: assess.Even("alpha", "beta"), Retake: 14}
}

func (w *world) startCheck(a practice.Actor, n practice.NewCheck) string {
	w.Helper()
	slug, _, err := w.svc.StartCheck(context.Background(), a, n)
	w.must(err)
	return slug
}

// answerCheck answers the question that waits, and reports whether there was one.
func (w *world) answerCheck(a practice.Actor, slug string, r func(bank.Question) quiz.Response) bool {
	w.Helper()
	at := w.attempt(a, slug)
	if at.Finished(w.clock.Now()) {
		return false
	}
	position := len(at.Items) - 1
	w.clock.add(20 * time.Second)
	w.must(w.svc.AnswerCheck(context.Background(), a, slug, position, r(*at.Items[position].Question), false))
	return true
}

func (w *world) skillCheck(a practice.Actor, slug string) store.SkillCheck {
	w.Helper()
	var c store.SkillCheck
	w.view(func(tx *store.Tx) (err error) {
		_, c, err = w.svc.SkillCheck(tx, a.User.ID, slug)
		return err
	})
	return c
}

func TestSkillCheck(t *testing.T) {
	w := newWorld(t, measured(40)...)
	a := w.candidate()
	slug := w.startCheck(a, backend())
	if again := w.startCheck(a, backend()); again != slug {
		t.Errorf("a second start gives %s, want the one that runs, %s", again, slug)
	}
	first := w.attempt(a, slug)
	w.must(w.svc.AnswerCheck(t.Context(), a, slug, 0, quiz.Response{}, true))
	w.must(w.svc.AnswerCheck(t.Context(), a, slug, 0, right(*first.Items[0].Question), false)) // too late: it is wrong
	w.wantErr("answer of a quiz", w.svc.Answer(t.Context(), a, slug, 1, quiz.Response{}), store.ErrNotFound)
	for i := 0; w.answerCheck(a, slug, right); i++ {
		if e := w.log(a); e[len(e)-1].Kind == progress.Responded && !e[len(e)-1].Held {
			t.Fatal("a response takes effect before the end")
		}
	}
	c := w.skillCheck(a, slug)
	if c.Log.Stop != assess.Precise && c.Log.Stop != assess.Length || c.Log.Result == nil {
		t.Fatalf("it ended for %q, with the result %v", c.Log.Stop, c.Log.Result)
	}
	if s := c.Log.Steps[0]; s.Response.Right || !s.Response.Skipped {
		t.Errorf("the question passed over counts as %+v, want skipped", s.Response)
	}
	if c.Log.Result.Theta < 1 {
		t.Errorf("all right but one gives θ = %.2f", c.Log.Result.Theta)
	}
	if _, differ, err := assess.Recompute(c.Log); err != nil || len(differ) > 0 {
		t.Errorf("the log does not recompute: %v %v", differ, err)
	}
	asked := map[string]bool{}
	for _, item := range w.attempt(a, slug).Items {
		if asked[item.Question.ID] {
			t.Errorf("%s is asked twice", item.Question.ID)
		}
		asked[item.Question.ID] = true
	}
	var states int
	w.view(func(tx *store.Tx) error {
		met, err := tx.MetQuestions(a.User.ID)
		states = len(met)
		return err
	})
	if states != len(asked) {
		t.Errorf("%d of %d responses took effect at the end", states, len(asked))
	}
	_, _, err := w.svc.StartCheck(t.Context(), a, backend())
	var soon *practice.TooSoonError
	if !errors.As(err, &soon) || soon.Until.Sub(w.clock.Now()) > 14*24*time.Hour {
		t.Errorf("taken again at once: %v", err)
	}
	w.clock.add(15 * 24 * time.Hour)
	again := w.startCheck(a, backend())
	for w.answerCheck(a, again, wrong) {
	}
	for _, s := range w.skillCheck(a, again).Log.Steps {
		if asked[s.Item.ID] && !s.Why.Pilot {
			t.Errorf("%s is scored although its key was seen two weeks ago", s.Item.ID)
		}
	}
	w.checkRebuild()
}

// A key that is seen in practice while its question waits does not count, however right the response is.
func TestSkillCheckOfAKeySeenMeanwhile(t *testing.T) {
	w := newWorld(t, measured(20)...)
	a := w.candidate()
	slug := w.startCheck(a, backend())
	for w.attempt(a, slug).Items[len(w.attempt(a, slug).Items)-1].Question.Secret() {
		w.answerCheck(a, slug, right)
	}
	at := w.attempt(a, slug)
	waiting := len(at.Items) - 1
	id := at.Items[waiting].Question.ID
	w.answer(a, w.quiz(a, quiz.Practice, 0, id), id, wrong)
	for w.answerCheck(a, slug, right) {
	}
	log := w.skillCheck(a, slug).Log
	if s := log.Steps[waiting]; !s.Response.Seen || s.Counts() {
		t.Errorf("its key was seen, and it counts: %+v", s.Response)
	}
	counted := 0
	for _, s := range log.Steps {
		if s.Counts() {
			counted++
		}
	}
	if counted != log.Result.Scored || counted != len(log.Steps)-1 {
		t.Errorf("%d of %d count, the result says %d", counted, len(log.Steps), log.Result.Scored)
	}
	if _, differ, err := assess.Recompute(log); err != nil || len(differ) > 0 {
		t.Errorf("the log does not recompute: %v %v", differ, err)
	}
	w.checkRebuild()
}

// It may be taken again from the beginning of a day on, in the candidate's own time zone; what came from a file and is older
// than the last one changes nothing.
func TestSkillCheckMayBeTakenAgain(t *testing.T) {
	w := newWorld(t, measured(40)...)
	a := w.candidate()
	tokyo := a.User
	tokyo.Settings.Zone = "Asia/Tokyo"
	_, err := w.svc.PutSettings(t.Context(), a, tokyo)
	w.must(err)
	w.checked(a)
	old := w.export(a)
	cal, err := w.svc.Calendar(tokyo)
	w.must(err)
	until := cal.Start(cal.Day(w.clock.Now()) + 14)
	w.clock.add(until.Sub(w.clock.Now()) - time.Second)
	var soon *practice.TooSoonError
	if _, _, err := w.svc.StartCheck(t.Context(), a, backend()); !errors.As(err, &soon) || !soon.Until.Equal(until) {
		t.Errorf("a second before: %v, want %v", err, until)
	}
	w.clock.add(time.Second)
	slug := w.startCheck(a, backend())
	w.must(w.svc.Finish(t.Context(), a, slug))
	b := w.candidate()
	w.must(w.svc.Finish(t.Context(), b, w.startCheck(b, backend())))
	w.importFile(b, old)
	if _, _, err := w.svc.StartCheck(t.Context(), b, backend()); !errors.As(err, &soon) {
		t.Errorf("after an older one came from a file: %v", err)
	}
	everyDay := backend()
	everyDay.Retake = 0
	w.startCheck(b, everyDay)
}

// Time limits of skill checks follow the candidate's settings, as those of quizzes do.
func TestSkillCheckLimitFollowsThePerson(t *testing.T) {
	w := newWorld(t, measured(10)...)
	for timers, want := range map[store.Timers]time.Duration{store.TimersShown: time.Hour, store.TimersDouble: 2 * time.Hour, store.TimersNone: 0} {
		a := w.candidate()
		u := a.User
		u.Timers = timers
		_, err := w.svc.PutSettings(t.Context(), a, u)
		w.must(err)
		n := backend()
		n.Limit = time.Hour
		at := w.attempt(a, w.startCheck(a, n))
		if got := time.Duration(max(0, at.Deadline-at.StartedAt)) * time.Millisecond; got != want && (want != 0 || at.Deadline != 0) {
			t.Errorf("timers %q: %v, want %v", timers, got, want)
		}
	}
}

// How often items are asked is counted where they are asked.
func TestImportedSkillChecksDoNotCountAsExposure(t *testing.T) {
	w := newWorld(t, measured(20)...)
	a := w.candidate()
	w.checked(a)
	o := w.another(t)
	o.importFile(o.visitor(), w.export(a))
	for _, of := range []*world{w, o} {
		var exposure map[int64]float64
		of.view(func(tx *store.Tx) (err error) {
			exposure, err = tx.Exposure(200)
			return err
		})
		if (len(exposure) > 0) != (of == w) {
			t.Errorf("exposure %v", exposure)
		}
	}
}

func TestMeasured(t *testing.T) {
	questions := measured(5)
	for i := range questions { // alpha is kept for skill checks, beta has nothing to measure with
		questions[i].use = []bank.Use{bank.UseAssessment}
		if questions[i].topic == "beta" {
			questions[i].kind, questions[i].use = bank.Card, everywhere
		}
	}
	w := newWorld(t, questions...)
	if !w.svc.Measured("alpha") || w.svc.Measured("beta") || w.svc.Measured("gamma") {
		t.Errorf("alpha %t, beta %t, gamma %t", w.svc.Measured("alpha"), w.svc.Measured("beta"), w.svc.Measured("gamma"))
	}
}

func TestSkillCheckOfNothingNew(t *testing.T) {
	w := newWorld(t, standard()...)
	_, _, err := w.svc.StartCheck(t.Context(), w.candidate(), backend())
	w.wantErr("StartCheck without items", err, practice.ErrNothingNew)
}

func TestSkillCheckEndsAtItsDeadline(t *testing.T) {
	w := newWorld(t, measured(20)...)
	a := w.candidate()
	n := backend()
	n.Limit = 10 * time.Minute
	slug := w.startCheck(a, n)
	for range 3 {
		w.answerCheck(a, slug, right)
	}
	w.must(w.svc.ExtendCheck(t.Context(), a, slug))
	w.must(w.svc.ExtendCheck(t.Context(), a, slug))
	w.must(w.svc.ExtendCheck(t.Context(), a, slug)) // twice is enough
	at := w.attempt(a, slug)
	if limit := at.Deadline - at.StartedAt; limit != (20 * time.Minute).Milliseconds() {
		t.Errorf("10 minutes were extended to %v", time.Duration(limit)*time.Millisecond)
	}
	w.clock.add(time.Hour)
	before := w.skillCheck(a, slug) // nobody has ended it yet
	if _, err := w.svc.FinishExpired(t.Context()); err != nil {
		t.Fatal(err)
	}
	after := w.skillCheck(a, slug)
	if before.Log.Stop != assess.TimeUp || after.Log.Stop != assess.TimeUp || before.Log.Result.Theta != after.Log.Result.Theta || after.Log.Result.Scored == 0 {
		t.Errorf("it ended for %q and %q", before.Log.Stop, after.Log.Stop)
	}
	w.checkRebuild()
}

// A key that was wrong, once corrected, changes the estimate; taken back, it gives the old one.
func TestSkillCheckHeals(t *testing.T) {
	w := newWorld(t, measured(30)...)
	a := w.candidate()
	slug := w.startCheck(a, backend())
	for w.answerCheck(a, slug, right) {
	}
	was := w.skillCheck(a, slug).Log
	wrong := was.Steps[slices.IndexFunc(was.Steps, func(s assess.Step) bool { return !s.Why.Pilot })].Item.ID
	w.clock.add(time.Hour)
	w.edit(wrong, (*question).correct)
	w.must(w.svc.CatchUp(t.Context()))
	now := w.skillCheck(a, slug).Log
	if now.Result.Theta >= was.Result.Theta {
		t.Errorf("θ %.3f stays %.3f although a right answer became wrong", was.Result.Theta, now.Result.Theta)
	}
	if _, differ, err := assess.Recompute(now); err != nil || len(differ) > 0 {
		t.Errorf("the corrected log does not recompute: %v %v", differ, err)
	}
	w.clock.add(time.Hour)
	w.edit(wrong, (*question).revert)
	w.must(w.svc.CatchUp(t.Context()))
	if back := w.skillCheck(a, slug).Log; back.Result.Theta != was.Result.Theta {
		t.Errorf("taken back, θ is %.3f, want %.3f", back.Result.Theta, was.Result.Theta)
	}
}

// Calibration takes first responses alone, stores a version, and leaves running skill checks theirs.
func TestCalibrate(t *testing.T) {
	w := newWorld(t, measured(12)...)
	if _, err := w.svc.Calibrate(t.Context(), func(string, int, int) {}); !errors.Is(err, practice.ErrNothingToEstimate) {
		t.Errorf("calibrated without responses: %v", err)
	}
	running := w.candidate()
	slug := w.startCheck(running, backend())
	for i := range 12 { // one item that nobody knows, one that everybody knows
		a := w.candidate()
		q := w.quiz(a, quiz.Practice, 0, "alpha-00", "alpha-01")
		w.answer(a, q, "alpha-00", right)
		w.answer(a, q, "alpha-01", wrong)
		again := w.quiz(a, quiz.Practice, 0, "alpha-01") // a second response, which says nothing
		w.answer(a, again, "alpha-01", right)
		w.clock.add(time.Duration(i) * time.Second)
	}
	report, err := w.svc.Calibrate(t.Context(), func(string, int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	if report.Responses != 24 || report.Candidates != 12 || report.Items != 2 || report.Provisional != 2 || report.Pilot != 22 {
		t.Errorf("report %+v, want 24 responses of 12 candidates to 2 items", report)
	}
	b := map[string]float64{}
	for _, c := range report.Changed {
		b[c.Item] = c.B
	}
	if !(b["alpha-00"] < -0.5-practice.MinChange && b["alpha-01"] > -0.5+practice.MinChange) {
		t.Errorf("b moved to %v, want the known item easier and the other harder than the label's −0.5", b)
	}
	for w.answerCheck(running, slug, right) {
	}
	for _, s := range w.skillCheck(running, slug).Log.Steps {
		if s.Item.N != 0 {
			t.Fatalf("a skill check that began before uses the new parameters of %s", s.Item.ID)
		}
	}
	later := w.candidate()
	var pool []assess.Item
	w.view(func(tx *store.Tx) (err error) {
		pool, err = w.svc.CheckPool(tx, later.User.ID, backend().Blueprint)
		return err
	})
	for _, it := range pool {
		if (it.ID == "alpha-00" || it.ID == "alpha-01") != (it.N == 12) {
			t.Errorf("%s rests on %d responses", it.ID, it.N)
		}
	}
	w.clock.add(25 * time.Hour)
	w.must(w.svc.CalibrateNightly(t.Context())) // the skill check is over
	before := w.dump("calibrations")
	q := w.quiz(later, quiz.Practice, 0, "beta-00")
	w.answer(later, q, "beta-00", right)
	w.must(w.svc.CalibrateNightly(t.Context()))
	if after := w.dump("calibrations"); after != before {
		t.Error("calibrated twice within a day")
	}
	w.clock.add(25 * time.Hour)
	w.must(w.svc.CalibrateNightly(t.Context()))
	before, after := w.dump("calibrations"), before
	if after == before {
		t.Error("not calibrated after a day")
	}
	w.clock.add(25 * time.Hour)
	w.must(w.svc.CalibrateNightly(t.Context()))
	if after := w.dump("calibrations"); after != before {
		t.Error("calibrated again although nothing is new")
	}
}
