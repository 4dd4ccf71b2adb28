package practice_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rehearse/admin"
	"rehearse/practice"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/srs"
	"rehearse/store"
)

// Two candidates of whom one imported the export of the other are the other when they become one, whichever goes on.
func TestMergeAfterAnImport(t *testing.T) {
	for _, test := range []struct {
		name      string
		importer  bool // goes on
		corrected bool // a key, between the import and the merge
		third     bool // imported the same, and goes on
	}{
		{name: "the importer becomes the other"},
		{name: "the other becomes the importer", importer: true},
		{name: "after a correction", corrected: true},
		{name: "after a correction, into the importer", importer: true, corrected: true},
		{name: "both imported it", third: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, append(standard(), measured(40)...)...)
			a := w.candidate()
			w.live(a)
			w.checked(a)
			w.clock.add(time.Minute)
			file := w.export(a)
			_, from := w.importFile(w.visitor(), file)
			into := a
			switch {
			case test.importer:
				from, into = a, from
			case test.third:
				_, into = w.importFile(w.visitor(), file)
			}
			if test.corrected {
				w.edit("single", (*question).correct)
				w.must(w.svc.CatchUp(t.Context()))
			}
			w.must(w.svc.ScoreItems(t.Context(), 0))
			before, read := w.export(into), w.dump("daily_activity")
			w.must(w.svc.Merge(t.Context(), from.User.ID, into.User.ID))
			w.wantSame(t, w.export(into), before)
			own := func(dump string) (lines []string) {
				for line := range strings.Lines(dump) {
					if strings.Contains(line, fmt.Sprintf("user_id=%d ", into.User.ID)) {
						lines = append(lines, line)
					}
				}
				return lines
			}
			if got, want := fmt.Sprint(own(w.dump("daily_activity"))), fmt.Sprint(own(read)); got != want {
				t.Errorf("days:\n%s\nwant\n%s", got, want)
			}
			if left := w.dump("attempts", "reports", "used_forms"); strings.Contains(left, fmt.Sprintf("user_id=%d ", from.User.ID)) {
				t.Errorf("somebody who is gone has\n%s", left)
			}
			w.checkRebuild()
		})
	}
}

// What was done with the copy of a quiz goes to the quiz itself, unless it was done there, too.
func TestMergeAfterAnImportThatWasGoneOnWith(t *testing.T) {
	for _, other := range []bool{false, true} { // whether the exam was ended in the other browser
		t.Run(fmt.Sprint(other), func(t *testing.T) {
			w := newWorld(t, standard()...)
			a := w.candidate()
			exam := w.quiz(a, quiz.Exam, time.Hour, "single", "multiple", "open")
			w.answer(a, exam, "single", right)
			w.clock.add(time.Minute)
			_, b := w.importFile(w.visitor(), w.export(a))
			w.review(b, "cloze", 1, srs.Good)
			w.clock.add(time.Minute)
			if other {
				w.answer(a, exam, "open", wrong)
				w.answer(a, exam, "multiple", wrong)
			}
			w.clock.add(time.Minute)
			copied := w.running(b)
			w.answer(b, copied, "multiple", right)
			w.answer(b, copied, "open", right)
			w.must(w.svc.Mark(t.Context(), b, copied, w.position(b, copied, "open"), quiz.SelfMark{Rating: 3}))
			w.must(w.svc.Merge(t.Context(), b.User.ID, a.User.ID))

			at := w.attempt(a, exam)
			sum := at.Summary(w.clock.Now())
			want := 2
			if other {
				want = 1
			}
			if at.FinishedAt == 0 || at.Answered() != 3 || sum.Right != want {
				t.Errorf("the exam came to %+v, want 3 answers, %d right", sum, want)
			}
			if marked := at.Items[w.position(a, exam, "open")].Response.SelfMark.Rating == 3; marked == other {
				t.Errorf("the open answer is marked: %t", marked)
			}
			for id, n := range map[string]int{"single": 1, "multiple": 1} {
				if got := w.state(a, id).Answers; got != n {
					t.Errorf("%s was answered %d times, want %d", id, got, n)
				}
			}
			if got := w.state(a, "cloze").Cards[0].Reviews; got != 1 {
				t.Errorf("%d reviews, want 1", got)
			}
			ends := 0
			for _, e := range w.log(a) {
				if e.Kind == progress.Finished {
					ends++
				}
			}
			if ends != 1 {
				t.Errorf("%d quizzes ended, want 1", ends)
			}
			w.checkRebuild()
		})
	}
}

// running returns the slug of the one attempt that a candidate has not finished.
func (w *world) running(a practice.Actor) (slug string) {
	w.Helper()
	w.view(func(tx *store.Tx) error {
		lines, err := tx.RunningAttempts(a.User.ID, w.clock.Now().UnixMilli(), 2)
		if len(lines) != 1 {
			w.Fatalf("%d attempts run, want 1", len(lines))
		}
		slug = lines[0].Slug
		return err
	})
	return slug
}

// What authors have answered to a report stays, whichever of the two copies they answered.
func TestMergeAfterAnImportKeepsTheAnswerToAReport(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	e, err := w.svc.Catalog().Question("single")
	w.must(err)
	a.User, err = w.svc.AddReport(t.Context(), a, store.Report{Question: e.ID, Revision: e.RevisionID, Kind: store.Typo, Text: "B is right, too"})
	w.must(err)
	w.clock.add(time.Minute)
	_, b := w.importFile(w.visitor(), w.export(a))
	w.clock.add(time.Minute)
	w.must(admin.AnswerReport(t.Context(), w.st, 1, "Thank you: mended in the next load.", true))
	w.must(w.svc.Merge(t.Context(), a.User.ID, b.User.ID))
	w.view(func(tx *store.Tx) error {
		all, err := tx.Reports(b.User.ID, e.ID)
		w.must(err)
		unread, err := tx.UnreadReports(b.User.ID)
		w.must(err)
		if len(all) != 1 || all[0].Answer == "" || len(unread) != 1 {
			t.Errorf("reports after the merge: %+v, unread %+v", all, unread)
		}
		return nil
	})
}
