package practice_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rehearse/bank"
	"rehearse/practice"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/srs"
	"rehearse/store"
)

// review grades a card as its page would.
func (w *world) review(a practice.Actor, id string, part int, rating srs.Rating) {
	w.Helper()
	key := w.key(id, part)
	_, err := w.svc.GradeCard(context.Background(), a, practice.Grade{Card: key, Seq: w.turn(a, key).Seq, Rating: rating})
	w.must(err)
}

// TestMergeIsAsIfOneHadDoneAll compares a merge with a candidate who did the same alone.
func TestMergeIsAsIfOneHadDoneAll(t *testing.T) {
	type step func(w *world, a, b practice.Actor)
	steps := []step{
		func(w *world, _, b practice.Actor) { w.answerSix(b) },
		func(w *world, a, _ practice.Actor) { w.answerSix(a) }, // nothing more for the statistics
		func(w *world, a, _ practice.Actor) { w.review(a, "single", 0, srs.Good) },
		func(w *world, _, b practice.Actor) { w.review(b, "multiple", 0, srs.Again) },
		func(w *world, _, b practice.Actor) {
			w.answer(b, w.quiz(b, quiz.Practice, 0, "single"), "single", wrong)
		},
		func(w *world, a, _ practice.Actor) { w.answer(a, w.quiz(a, quiz.Practice, 0, "text"), "text", right) },
		func(w *world, a, _ practice.Actor) { w.review(a, "single", 0, srs.Easy) },
		func(w *world, _, b practice.Actor) { w.review(b, "single", 0, srs.Hard) },
		func(w *world, a, _ practice.Actor) { w.answer(a, w.quiz(a, quiz.Exam, 0, "single"), "single", right) },
		func(w *world, _, b practice.Actor) { w.answer(b, w.quiz(b, quiz.Practice, 0, "text"), "text", wrong) },
	}
	play := func(w *world, a, b practice.Actor) {
		for _, do := range steps {
			w.clock.add(26 * time.Hour)
			do(w, a, b)
		}
	}
	cards := func(w *world, a practice.Actor) (out []string) {
		for _, id := range []string{"single", "multiple", "text"} {
			s := w.state(a, id)
			s.Seq = 0 // the logs differ in their marks
			out = append(out, fmt.Sprintf("%+v", s))
		}
		return out
	}
	activity := func(w *world, a practice.Actor) (out []progress.Activity) {
		w.view(func(tx *store.Tx) (err error) {
			out, err = tx.Days(a.User.ID, 0)
			return err
		})
		return out
	}
	questions := append(standard(), six()...)
	alone, merged := newWorld(t, questions...), newWorld(t, questions...)
	one := alone.candidate()
	alone.candidate()
	play(alone, one, one)
	a, b := merged.candidate(), merged.candidate()
	play(merged, a, b)
	merged.must(merged.svc.Merge(context.Background(), b.User.ID, a.User.ID))

	if diff := cmp.Diff(cards(alone, one), cards(merged, a)); diff != "" {
		t.Errorf("states (-one candidate +two merged):\n%s", diff)
	}
	if diff := cmp.Diff(activity(alone, one), activity(merged, a)); diff != "" {
		t.Errorf("days (-one candidate +two merged):\n%s", diff)
	}
	for _, w := range []*world{alone, merged} {
		w.must(w.svc.ScoreItems(context.Background(), 0))
	}
	if x, y := alone.dump("item_scores"), merged.dump("item_scores"); x != y || !strings.Contains(x, "x100") {
		t.Errorf("item statistics (-one candidate +two merged):\n%s", diffLines(x, y))
	}
	if left := merged.dump("question_progress", "cards", "topic_progress", "daily_activity"); strings.Contains(left, fmt.Sprintf("user_id=%d ", b.User.ID)) {
		t.Errorf("the merged candidate still counts:\n%s", left)
	}
	merged.checkRebuild()
}

func TestMergeTakesAttemptsAndSessionsAlong(t *testing.T) {
	w := newWorld(t, standard()...)
	into := w.candidate()
	visitor := w.visitor()
	slug, user, err := w.svc.StartQuiz(context.Background(), visitor, practice.NewQuiz{Mode: quiz.Exam, Filter: quiz.Filter{Questions: []string{"single", "text"}, Count: 2}})
	w.must(err)
	from := practice.Actor{User: user}
	w.answer(from, slug, "single", right)
	w.review(from, "multiple", 0, srs.Good)
	w.review(into, "multiple", 0, srs.Good) // the same once key in the other log
	before := w.log(from)
	w.must(w.svc.Merge(context.Background(), from.User.ID, into.User.ID))

	w.view(func(tx *store.Tx) error {
		session, err := tx.Session(visitor.Session)
		if session.User.ID != into.User.ID {
			t.Errorf("the session belongs to %d, want %d", session.User.ID, into.User.ID)
		}
		_, gone := tx.User(from.User.ID)
		w.wantErr("a merged user", gone, store.ErrNotFound)
		return err
	})
	if diff := cmp.Diff(before, w.log(from)); diff != "" {
		t.Errorf("the merged log changed (-before +after):\n%s", diff)
	}
	if state := w.state(into, "single"); state.Seq != 0 {
		t.Errorf("a running exam shows %+v", state)
	}
	w.answer(into, slug, "text", wrong) // and so ends it
	at := w.attempt(into, slug)
	if sum := at.Summary(w.clock.Now()); at.FinishedAt == 0 || sum.Right != 1 || sum.Answered != 2 {
		t.Errorf("the exam came to %+v", sum)
	}
	if state := w.state(into, "single"); state.LastScore != progress.AllRight {
		t.Errorf("state after the exam: %+v", state)
	}
	w.review(into, "multiple", 0, srs.Good)
	if got := w.state(into, "multiple").Cards[0].Reviews; got != 3 {
		t.Errorf("reviews = %d, want 3", got)
	}
	w.checkRebuild()
}

func TestMergeTakesWhatIsKeptAlong(t *testing.T) {
	w := newWorld(t, standard()...)
	into, from := w.candidate(), w.candidate()
	single, text := w.key("single", 0).Question, w.key("text", 0).Question
	w.must(w.st.Update(context.Background(), func(tx *store.Tx) error {
		e, err := w.svc.Catalog().ByID(text)
		return errors.Join(err, tx.SetBookmark(from.User.ID, single, true), tx.PutNote(from.User.ID, text, "theirs"),
			tx.AddReport(from.User.ID, store.Report{Question: text, Revision: e.RevisionID, Kind: store.Typo, Text: "teh"}))
	}))
	w.must(w.svc.Merge(context.Background(), from.User.ID, into.User.ID))
	w.view(func(tx *store.Tx) error {
		marked, err := tx.Bookmarks(into.User.ID)
		note, err2 := tx.Note(into.User.ID, text)
		reports, err3 := tx.Reports(into.User.ID, text)
		if !marked[single] || note != "theirs" || len(reports) != 1 {
			t.Errorf("after the merge: bookmarks %v, note %q, reports %v", marked, note, reports)
		}
		return errors.Join(err, err2, err3)
	})
	if left := w.dump("bookmarks", "notes", "reports"); strings.Contains(left, fmt.Sprintf("user_id=%d ", from.User.ID)) {
		t.Errorf("the merged candidate still keeps:\n%s", left)
	}
}

func TestNoUndoAcrossAMerge(t *testing.T) {
	w := newWorld(t, standard()...)
	from, into := w.candidate(), w.candidate()
	w.review(into, "single", 0, srs.Good)
	w.review(from, "multiple", 0, srs.Good)
	undo := w.today(into).Undo
	w.must(w.svc.Merge(context.Background(), from.User.ID, into.User.ID))
	if got := w.today(into).Undo; got != 0 {
		t.Errorf("a merged log offers to undo %d", got)
	}
	before := w.dump("evidence")
	_, err := w.svc.UndoGrade(context.Background(), into, undo)
	w.must(err)
	if after := w.dump("evidence"); after != before {
		t.Errorf("an old page took a grade back:\n%s", diffLines(before, after))
	}
	w.review(into, "single", 0, srs.Again)
	_, err = w.svc.UndoGrade(context.Background(), into, w.today(into).Undo)
	w.must(err)
	if got := w.state(into, "single").Cards[0]; got.Reviews != 1 || got.Lapses != 0 {
		t.Errorf("card after the grade was taken back: %+v", got)
	}
	w.checkRebuild()
}

func TestMergeOfAnUndoneGradeAndACorrection(t *testing.T) {
	l := newLibrary(t)
	into := l.candidate()
	l.review(into, "ports", 0, srs.Good)
	_, err := l.svc.UndoGrade(context.Background(), l.knows, l.today(l.knows).Undo)
	l.must(err)
	l.correctKey()
	l.must(l.load())
	reviews := l.state(l.knows, "ports").Cards[0].Reviews
	l.must(l.svc.Merge(context.Background(), l.knows.User.ID, into.User.ID))
	if got := l.state(into, "ports"); got.Cards[0].Reviews != reviews+1 || got.LastScore != 0 {
		t.Errorf("merged state %+v, want %d reviews and the corrected score", got, reviews+1)
	}
	if got := l.attempt(into, l.quizzes[0]).Items[l.places[0]].Result.Verdict; got != quiz.Wrong {
		t.Errorf("verdict %s, want the corrected one", got)
	}
	l.view(func(tx *store.Tx) error {
		news, err := tx.Unread(into.User.ID, 10)
		if len(news) != 1 {
			t.Errorf("unread corrections: %+v, want that of the merged log", news)
		}
		return err
	})
	l.checkRebuild()
}

func TestMergeRefuses(t *testing.T) {
	w := newWorld(t, standard()...)
	a, b := w.candidate().User.ID, w.candidate().User.ID
	w.wantErr("somebody with themselves", w.svc.Merge(context.Background(), a, a), practice.ErrSamePerson)
	w.wantErr("nobody", w.svc.Merge(context.Background(), 99, a), store.ErrNotFound)
	w.wantErr("into nobody", w.svc.Merge(context.Background(), a, 99), store.ErrNotFound)
	w.must(w.svc.Merge(context.Background(), a, b))
	w.wantErr("once more", w.svc.Merge(context.Background(), a, b), store.ErrNotFound)
	w.wantErr("into somebody merged", w.svc.Merge(context.Background(), b, a), store.ErrNotFound)
}

// TestCatchUpGoesOn interrupts the background work that corrects people's answers.
func TestCatchUpGoesOn(t *testing.T) {
	w := newWorld(t, standard()...)
	var people []practice.Actor
	for range 60 {
		a := w.candidate()
		w.answer(a, w.quiz(a, quiz.Practice, 0, "single"), "single", right)
		people = append(people, a)
	}
	w.edit("single", (*question).correct)
	ctx, cancel := context.WithCancel(context.Background())
	corrected := func() (n int) {
		for _, a := range people {
			if w.state(a, "single").LastScore == 0 {
				n++
			}
		}
		return n
	}
	cancel()
	if err := w.svc.CatchUp(ctx); err == nil {
		t.Error("CatchUp went on although it was stopped")
	}
	if n := corrected(); n != 0 {
		t.Errorf("corrected before anything was done: %d", n)
	}
	w.answer(people[59], w.quiz(people[59], quiz.Practice, 0, "single"), "single", right) // comes before the background work
	if s := w.state(people[59], "single"); s.Answers != 2 || s.LastScore != progress.AllRight {
		t.Errorf("an answer after the load: %+v", s)
	}
	w.must(w.st.Close()) // a restart
	w.openStore()
	w.start()
	w.must(w.svc.CatchUp(context.Background()))
	if n := corrected(); n != 59 {
		t.Errorf("corrected %d of 59", n)
	}
	w.view(func(tx *store.Tx) error {
		all, err := tx.Corrections("test", 10)
		if len(all) != 1 || all[0].Changed != 60 {
			t.Errorf("corrections %+v, want 60 results changed", all)
		}
		_, stale, _ := tx.StaleQuestion()
		if stale {
			t.Error("the question is still stale")
		}
		return err
	})
	w.checkRebuild()
}

// A grade that is taken back after its question became another one leaves nothing of the first behind.
func TestUndoAfterAQuestionBecameAnother(t *testing.T) {
	w := newWorld(t, append(standard(), question{id: "twin", topic: "alpha", kind: bank.Single, use: everywhere})...)
	a := w.candidate()
	twin := w.key("twin", 0).Question
	w.review(a, "twin", 0, srs.Good)
	w.questions[len(w.questions)-1].out = true
	w.edit("single", func(q *question) { q.aliases = []string{"twin"} })
	if got := w.state(a, "single"); len(got.Cards) != 0 {
		t.Errorf("before the load reached the candidate: %+v", got)
	}
	_, err := w.svc.UndoGrade(context.Background(), a, w.today(a).Undo)
	w.must(err)
	if got := w.state(a, "single"); got.Seq == 0 || len(got.Cards) != 0 {
		t.Errorf("state %+v, want one that was met and has no card", got)
	}
	if rows := w.dump("question_progress", "cards"); strings.Contains(rows, fmt.Sprintf("question_id=%d ", twin)) {
		t.Errorf("something is left of the question that is gone:\n%s", rows)
	}
	w.checkRebuild()
}

// What a load did is taken in by whatever comes first: the background work, or something that the candidate does.
func TestWhatComesBeforeTheBackgroundWork(t *testing.T) {
	ctx := context.Background()
	tests := []struct {
		name string
		do   func(w *world, a practice.Actor, exam string)
	}{
		{"nothing", func(*world, practice.Actor, string) {}},
		{"settings", func(w *world, a practice.Actor, _ string) {
			want := a.User
			want.Settings.Zone = "Asia/Tokyo"
			_, err := w.svc.PutSettings(ctx, a, want)
			w.must(err)
		}},
		{"the end of an exam", func(w *world, a practice.Actor, exam string) { w.must(w.svc.Finish(ctx, a, exam)) }},
		{"a grade", func(w *world, a practice.Actor, _ string) {
			w.review(a, "single", 0, srs.Good)
			w.review(a, "multiple", 0, srs.Good)
		}},
		{"an undo", func(w *world, a practice.Actor, _ string) {
			_, err := w.svc.UndoGrade(ctx, a, w.today(a).Undo)
			w.must(err)
		}},
		{"an answer", func(w *world, a practice.Actor, _ string) {
			slug := w.quiz(a, quiz.Practice, 0, "single", "multiple")
			w.answer(a, slug, "single", right)
			w.answer(a, slug, "multiple", right)
		}},
		{"a merge", func(w *world, a practice.Actor, _ string) {
			w.must(w.svc.Merge(ctx, w.candidate().User.ID, a.User.ID))
		}},
		{"a rebuild", func(w *world, _ practice.Actor, _ string) { w.must(w.svc.Rebuild(ctx, quiet)) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, append(standard(), question{id: "twin", topic: "alpha", kind: bank.Single, use: everywhere})...)
			a := w.candidate()
			w.answer(a, w.quiz(a, quiz.Practice, 0, "multiple"), "multiple", right)
			w.answer(a, w.quiz(a, quiz.Practice, 0, "twin"), "twin", right)
			w.review(a, "single", 0, srs.Again)
			w.review(a, "twin", 0, srs.Easy)
			w.review(a, "multiple", 0, srs.Good)
			exam := w.quiz(a, quiz.Exam, 0, "single", "text", "twin")
			w.answer(a, exam, "single", right)
			w.answer(a, exam, "twin", right)
			w.edit("multiple", (*question).correct)
			w.questions[len(w.questions)-1].out = true
			w.edit("single", func(q *question) { q.aliases = []string{"twin"} })

			test.do(w, a, exam)
			w.must(w.svc.CatchUp(ctx))
			corrected := 0
			for _, e := range w.log(a) {
				if e.Kind == progress.Corrected {
					corrected++
				}
			}
			if corrected != 1 {
				t.Errorf("%d corrections are on record, want 1", corrected)
			}
			if card, ok := w.state(a, "single").Card(0); !ok || card.Stability < 3 {
				t.Errorf("the more stable card of the two did not win: %+v", card)
			}
			w.checkRebuild()
		})
	}
}

// An answer to a question that another one took in meanwhile settles both: the verdict of the other is read anew.
func TestAnswerAfterJoin(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	slug := w.quiz(a, quiz.Practice, 0, "single", "multiple", "open")
	first := w.position(a, slug, "single")
	w.answer(a, slug, "single", right)
	for i := range w.questions {
		switch q := &w.questions[i]; q.id {
		case "single":
			q.correct()
			q.aliases = []string{"multiple"}
		case "multiple":
			q.out = true
		}
	}
	w.publish()
	w.answer(a, slug, "multiple", right)
	if item := w.attempt(a, slug).Items[first]; item.Corrected == nil || item.Result.Verdict == quiz.Right {
		t.Errorf("the answer by the old key is %s still", item.Result.Verdict)
	}
}
