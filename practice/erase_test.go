package practice_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"rehearse/practice"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/srs"
	"rehearse/store"
)

// live does a bit of everything.
func (w *world) live(a practice.Actor) {
	w.Helper()
	ctx := context.Background()
	w.answer(a, w.quiz(a, quiz.Practice, 0, "single", "text"), "single", right)
	w.clock.add(time.Hour)
	exam := w.quiz(a, quiz.Exam, 0, "multiple", "text", "cloze")
	w.answer(a, exam, "multiple", right)
	w.answer(a, exam, "text", wrong)
	w.clock.add(time.Minute)
	w.answer(a, exam, "cloze", partly)
	open := w.quiz(a, quiz.Practice, 0, "open")
	w.answer(a, open, "open", right)
	w.must(w.svc.Mark(ctx, a, open, 0, quiz.SelfMark{Rating: 3}))
	w.clock.add(30 * time.Hour)
	w.review(a, "single", 0, srs.Good)
	w.clock.add(time.Minute)
	w.review(a, "multiple", 0, srs.Again)
	w.clock.add(time.Minute)
	_, err := w.svc.UndoGrade(ctx, a, w.today(a).Undo)
	w.must(err)
	w.clock.add(time.Minute)
	w.review(a, "cloze", 1, srs.Hard)
	w.clock.add(time.Minute)
	_, err = w.svc.PutAside(ctx, a, w.key("cloze", 2), w.turn(a, w.key("cloze", 2)).Seq, true)
	w.must(err)
	want := a.User
	want.Settings.Zone = "Asia/Tokyo"
	_, err = w.svc.PutSettings(ctx, a, want)
	w.must(err)
	w.clock.add(24 * time.Hour)
	w.must(w.st.Update(ctx, func(tx *store.Tx) error {
		one, err := w.svc.Catalog().Question("single")
		other, err2 := w.svc.Catalog().Question("text")
		return errors.Join(err, err2, tx.SetBookmark(a.User.ID, one.ID, true), tx.PutNote(a.User.ID, other.ID, "a *note*"),
			tx.AddReport(a.User.ID, store.Report{Question: one.ID, Revision: one.RevisionID, Kind: store.Typo, Text: "teh"}))
	}))
	running := w.quiz(a, quiz.Exam, time.Hour, "multiple", "single")
	w.answer(a, running, "single", wrong)
}

func TestErase(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t, append(standard(), six()...)...)
	stays, goes, merged := w.candidate(), w.candidate(), w.candidate()
	scores := func() string {
		w.must(w.svc.ScoreItems(ctx, 0))
		return w.dump("item_scores")
	}
	w.live(stays)
	w.answerSix(stays)
	alone := scores()
	own := w.log(stays)
	w.live(goes)
	w.live(merged)
	w.answerSix(goes)
	w.answerSix(merged)
	w.edit("single", (*question).correct) // on its way to everybody
	w.must(w.svc.Merge(ctx, merged.User.ID, goes.User.ID))
	w.must(w.svc.CatchUp(ctx))
	withBoth := scores()
	if withBoth == alone {
		t.Fatal("the others added nothing")
	}
	w.edit("text", (*question).correct)
	scrubbed, err := w.svc.Erase(ctx, goes.User.ID)
	if w.must(err); !scrubbed {
		t.Error("something may be left in the files")
	}
	w.checkRebuild()
	for _, table := range []string{"evidence", "attempts", "sessions", "cards", "question_progress", "daily_activity", "topic_progress"} {
		for line := range strings.Lines(w.dump(table)) {
			if strings.Contains(line, "user_id=2 ") || strings.Contains(line, "user_id=3 ") {
				t.Errorf("table %s still has%s", table, line)
			}
		}
	}
	if got := w.log(stays); len(got) < len(own) {
		t.Errorf("the log of somebody else has %d entries, it had %d", len(got), len(own))
	}
	_, err = w.svc.Erase(ctx, goes.User.ID)
	w.wantErr("once more", err, store.ErrNotFound)
	_, err = w.svc.PutSettings(ctx, goes, goes.User)
	w.wantErr("settings from a page that was open", err, store.ErrNotFound)
}

// Whoever is alone leaves empty tables.
func TestEraseLeavesNothing(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	w.live(a)
	_, err := w.svc.Erase(context.Background(), a.User.ID)
	w.must(err)
	tables := []string{"users", "sessions", "used_forms", "attempts", "attempt_items", "evidence", "bookmarks", "notes", "reports"}
	if got, want := w.dump(append(tables, projections...)...), strings.Join(append(tables, projections...), "\n")+"\n"; got != want {
		t.Errorf("left:\n%s", got)
	}
}

// A log that grows all the time is erased all the same.
func TestEraseWhileAnswering(t *testing.T) {
	w := newWorld(t, standard()...)
	a, b := w.candidate(), w.candidate()
	w.answer(b, w.quiz(b, quiz.Practice, 0, "single"), "single", right)
	slug := w.quiz(a, quiz.Practice, 0, "single", "multiple", "text", "cloze")
	ended := make(chan error)
	go func(who practice.Actor) {
		for {
			want := who.User
			want.Settings.Rollover = (want.Settings.Rollover + 1) % 24
			u, err := w.svc.PutSettings(context.Background(), who, want)
			if err != nil {
				ended <- err
				return
			}
			who.User = u
		}
	}(a)
	w.answer(practice.Actor{User: store.User{ID: a.User.ID}}, slug, "single", right)
	_, err := w.svc.Erase(context.Background(), a.User.ID)
	w.must(err)
	w.wantErr("an answer to nobody", <-ended, store.ErrNotFound)
	if s := w.state(a, "single"); s.Seq != 0 || s.LastScore != progress.NotJudged {
		t.Errorf("left: %+v", s)
	}
	w.checkRebuild()
}
