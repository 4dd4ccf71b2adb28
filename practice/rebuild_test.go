package practice_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rehearse/assess"
	"rehearse/bank"
	"rehearse/practice"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/srs"
	"rehearse/store"
	"rehearse/store/storetest"
)

// run is one random history: several candidates, the authors and the clock.
type run struct {
	*world
	rt         *rapid.T
	candidates []practice.Actor // as they were when they came: their settings go stale, as those of a session do
	attempts   []runAttempt
	ids        int // given so far
	late       []practice.Late
}

type runAttempt struct {
	by   practice.Actor
	slug string
}

// expected are the errors that a random step may meet.
var expected = []error{
	store.ErrNotFound, practice.ErrNoQuestions, practice.ErrNothingNew, practice.ErrNothingToUndo, quiz.ErrFinished, quiz.ErrNotMarked,
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
	q := *at.Items[position].Question
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
	response.Confidence = quiz.Confidence(rapid.IntRange(0, 3).Draw(r.rt, "confidence"))
	r.check(r.svc.Answer(context.Background(), a.by, a.slug, position, response))
}

func (r *run) startCheck() {
	a := r.candidate()
	slug, _, err := r.svc.StartCheck(context.Background(), a, practice.NewCheck{Blueprint: assess.Even("alpha", "beta", "gamma")})
	r.check(err)
	if err == nil {
		r.attempts = append(r.attempts, runAttempt{a, slug})
	}
}

func (r *run) answerCheck() {
	checks := slices.DeleteFunc(slices.Clone(r.attempts), func(a runAttempt) bool { return r.attempt(a.by, a.slug).Mode != quiz.Check })
	if len(checks) == 0 {
		r.rt.Skip("no skill check yet")
	}
	a := rapid.SampledFrom(checks[max(0, len(checks)-2):]).Draw(r.rt, "skill check")
	at := r.attempt(a.by, a.slug)
	position := len(at.Items) - 1
	response, skipped := wrong(*at.Items[position].Question), false
	switch rapid.SampledFrom([]string{"right", "wrong", "skipped"}).Draw(r.rt, "response") {
	case "right":
		response = right(*at.Items[position].Question)
	case "skipped":
		skipped = true
	}
	r.check(r.svc.AnswerCheck(context.Background(), a.by, a.slug, position, response, skipped))
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
	q := rapid.SampledFrom(r.questions).Draw(r.rt, "question")
	if q.kind == bank.Cloze {
		part = rapid.IntRange(1, 2).Draw(r.rt, "part")
	}
	e, err := r.svc.Catalog().Question(q.id)
	if err != nil || !e.Serves(bank.UseCard) {
		return
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

// lateGrade sends a grade that was given some time ago, or one that was sent before once more.
func (r *run) lateGrade() {
	a := r.candidate()
	if len(r.late) > 0 && rapid.IntRange(0, 3).Draw(r.rt, "once more") == 0 {
		r.check(r.svc.GradeLate(context.Background(), a, rapid.SampledFrom(r.late).Draw(r.rt, "late grade")))
		return
	}
	part := 0
	q := rapid.SampledFrom(r.questions).Draw(r.rt, "question")
	if q.kind == bank.Cloze {
		part = rapid.IntRange(1, 2).Draw(r.rt, "part")
	}
	e, err := r.svc.Catalog().Question(q.id)
	if err != nil || !e.Serves(bank.UseCard) {
		return
	}
	ago := rapid.SampledFrom([]time.Duration{
		-time.Hour, 0, time.Second, 20 * time.Minute, 9 * time.Hour, 30 * time.Hour, 20 * 24 * time.Hour, 400 * 24 * time.Hour,
	}).Draw(r.rt, "ago")
	r.ids++
	g := practice.Late{
		Grade: practice.Grade{
			ID: fmt.Sprintf("late-%d", r.ids), Card: store.CardKey{Question: e.ID, Part: part},
			Rating:   srs.Rating(rapid.IntRange(1, 4).Draw(r.rt, "rating")),
			Duration: time.Duration(rapid.IntRange(0, 400).Draw(r.rt, "seconds")) * time.Second,
			Seq:      rapid.Int64Range(0, 40).Draw(r.rt, "seq"),
		},
		Revision: e.RevisionID,
		Ago:      ago,
	}
	if rapid.Bool().Draw(r.rt, "an old revision") {
		g.Revision = rapid.Int64Range(1, e.RevisionID).Draw(r.rt, "revision")
	}
	r.late = append(r.late, g)
	r.check(r.svc.GradeLate(context.Background(), a, g))
}

// aside puts a card aside or brings it back; one never reviewed, too.
func (r *run) aside() {
	a := r.candidate()
	e, err := r.svc.Catalog().Question(rapid.SampledFrom([]string{"single", "multiple", "twin"}).Draw(r.rt, "question"))
	if err != nil || !e.Serves(bank.UseCard) {
		return
	}
	key := store.CardKey{Question: e.ID}
	_, err = r.svc.PutAside(context.Background(), a, key, r.turn(a, key).Seq, rapid.Bool().Draw(r.rt, "aside"))
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
		// The clock begins on study day 20522.
		Interview: rapid.SampledFrom([]int{0, 0, 20523, 20526, 20535, 20600}).Draw(r.rt, "interview"),
		Retention: rapid.SampledFrom([]int{0, 80, 90, 97}).Draw(r.rt, "retention"),
	}
	for day := range want.Week {
		want.Week[day] = srs.Effort(rapid.IntRange(0, 2).Draw(r.rt, "effort"))
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
	i := rapid.IntRange(0, len(r.questions)-1).Draw(r.rt, "edited")
	q := &r.questions[i]
	switch rapid.SampledFrom([]string{
		"key", "wording", "old key", "topic", "out", "both", "correct", "correct more", "revert", "version", "rename", "alias", "join",
	}).Draw(r.rt, "edit") {
	case "key":
		q.key++
	case "old key":
		q.key = 0
	case "wording":
		q.wording++
	case "topic":
		q.topic = rapid.SampledFrom([]string{"alpha", "beta", "gamma"}).Draw(r.rt, "topic")
	case "out":
		r.turn0(q)
	case "both":
		r.turn0(q)
		q.key++
	case "correct", "correct more":
		q.correct()
		if rapid.IntRange(0, 3).Draw(r.rt, "with more") == 0 {
			q.version++
			q.topic = "gamma"
		}
	case "revert":
		q.revert()
	case "version":
		q.version++
	case "rename":
		q.rename(r.newID(), false)
	case "alias":
		q.rename(r.newID(), true)
	case "join":
		other := &r.questions[(i+1)%len(r.questions)]
		if !q.out {
			other.out = true
			q.aliases = append(slices.Clone(q.aliases), other.id)
		}
	}
	r.publish()
	if rapid.Bool().Draw(r.rt, "catch up at once") {
		r.catchUp()
	}
}

func (r *run) newID() string {
	r.ids++
	return fmt.Sprintf("id-%d", r.ids)
}

// turn0 takes a question out or brings it back. One that is there is nobody's alias.
func (r *run) turn0(q *question) {
	q.out = !q.out
	for i := range r.questions {
		r.questions[i].aliases = slices.DeleteFunc(slices.Clone(r.questions[i].aliases), func(alias string) bool { return alias == q.id })
	}
}

// merge makes two candidates one; somebody new comes in place of the first.
func (r *run) merge() {
	if rapid.IntRange(0, 5).Draw(r.rt, "sure") > 0 {
		return
	}
	from, into := r.candidates[0], r.candidates[1]
	if rapid.Bool().Draw(r.rt, "the other way") {
		from, into = into, from
	}
	r.must(r.svc.Merge(context.Background(), from.User.ID, into.User.ID))
	for i, a := range r.attempts {
		if a.by.User.ID == from.User.ID {
			r.attempts[i].by = into
		}
	}
	r.candidates = []practice.Actor{r.world.candidate(), into}
}

func (r *run) score() { r.must(r.svc.ScoreItems(context.Background(), 0)) }

// rebuild may come at any time: what loads did has not reached everybody.
func (r *run) rebuild() {
	if rapid.IntRange(0, 9).Draw(r.rt, "again") == 0 {
		r.must(r.svc.Rebuild(context.Background(), quiet))
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
	// Few long histories find more than many short ones, and each costs a database.
	for name, value := range map[string]string{"rapid.checks": "2", "rapid.steps": stepsOfARun} {
		if f := flag.Lookup(name); f.Value.String() == f.DefValue {
			if err := flag.Set(name, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	dir := memoryDir(t)
	runs, operations := 0, 0
	happened := map[string]int{} // what the logs held in the end
	want := wantOperations
	if storetest.Engine() == storetest.Postgres { // what is computed is the same; this is about the locks and the text of statements
		want = min(want, 1_500)
	}
	for operations < want {
		rapid.Check(t, func(rt *rapid.T) {
			runs++
			questions := append(standard(), question{id: "twin", topic: "alpha", kind: bank.Single, use: everywhere, key: 1})
			for i := range questions {
				questions[i].use = append(slices.Clone(questions[i].use), bank.UseAssessment)
			}
			questions = append(questions, question{id: "secret", topic: "beta", kind: bank.Single, use: []bank.Use{bank.UseAssessment}})
			r := &run{rt: rt, world: makeWorld(rt, runDatabase(t, dir, runs), questions)}
			defer func() { r.st.Close() }()
			for range 2 {
				r.candidates = append(r.candidates, r.world.candidate())
			}
			steps := map[string]func(){
				"start": r.start, "answer": r.answer, "answer more": r.answer, "answer again": r.answer, "skip": r.skip, "mark": r.mark,
				"finish": r.finish, "grade": r.grade, "grade more": r.grade, "undo": r.undo, "undo more": r.undo, "late": r.lateGrade, "late more": r.lateGrade, "aside": r.aside, "settings": r.settings, "tick": r.tick,
				"tick more": r.tick, "load": r.load, "load more": r.load, "merge": r.merge, "rebuild": r.rebuild,
				"score": r.score, "start check": r.startCheck, "answer check": r.answerCheck, "answer check more": r.answerCheck, "start more": r.start, "answer still more": r.answer, "answer once more": r.answer, "grade still more": r.grade, "catch up": r.catchUp, "expire": r.expire, "restart": r.restart,
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
			r.catchUp()
			r.checkAttempts()
			for _, a := range r.candidates {
				for _, e := range r.checkLog(a) {
					happened[string(e.Kind)]++
					if e.Held {
						happened["held"]++
					}
					if late(e) {
						happened["late"]++
					}
				}
			}
			r.checkRebuild()
		})
	}
	t.Logf("%d runs, %d operations, %v", runs, operations, happened)
	if operations < 10_000 { // too few for every kind to be sure to come up
		return
	}
	for _, kind := range []progress.EvidenceKind{progress.Responded, progress.Graded, progress.Undone, progress.Finished, progress.Set, progress.Corrected, progress.Merged, progress.Suspended, progress.Resumed, "held", "late"} {
		if happened[string(kind)] == 0 {
			t.Errorf("no run held anything %s: the test tests less than it should", kind)
		}
	}
}

// memoryDir returns a folder in memory where there is one: what is tested here is not the disk.
func memoryDir(t *testing.T) string {
	t.Helper()
	const memory = "/dev/shm"
	if _, err := os.Stat(memory); err != nil {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(memory, "rehearse-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// checkAttempts fails when the count of what was right in a finished attempt is not that of its verdicts.
func (r *run) checkAttempts() {
	r.Helper()
	for _, a := range r.attempts {
		r.view(func(tx *store.Tx) error {
			at, err := tx.Attempt(a.by.User.ID, a.slug, r.svc.Catalog())
			if err != nil || at.FinishedAt == 0 {
				return err
			}
			lines, err := tx.AttemptLines(a.by.User.ID, 0, 1000)
			i := slices.IndexFunc(lines, func(l store.AttemptLine) bool { return l.Slug == a.slug })
			if want := at.Summary(tx.Time()).Right; lines[i].Right != want {
				r.rt.Fatalf("attempt %s counts %d right, its verdicts %d", a.slug, lines[i].Right, want)
			}
			return err
		})
	}
}

// late reports whether an entry came after the time that it has.
func late(e progress.Evidence) bool { return strings.HasPrefix(e.Once, "o:late-") }

// checkLog fails when the order of a log is not the order of time. What was merged in stands before its mark, and late
// grades stand where they came.
func (r *run) checkLog(a practice.Actor) []progress.Evidence {
	r.Helper()
	log := r.log(a)
	merged := 0
	for i, e := range log {
		if e.Kind == progress.Merged {
			merged = i
		}
	}
	before := int64(0)
	for i, e := range log {
		if e.Seq != int64(i+1) || i > merged && e.At < before && !late(e) {
			r.rt.Fatalf("entry %d of the log has seq %d and time %d, one before %d", i, e.Seq, e.At, before)
		}
		if i >= merged {
			before = max(before, e.At)
		}
	}
	return log
}
