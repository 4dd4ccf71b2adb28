package practice_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rehearse/bank"
	"rehearse/practice"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/store"
)

func TestStartQuizMakesAVisitorACandidate(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.visitor()
	slug, u, err := w.svc.StartQuiz(t.Context(), a, practice.NewQuiz{
		Title: "Beta", Mode: quiz.Exam, Limit: time.Hour, Filter: quiz.Filter{Topics: []string{"beta"}, Count: 2},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.view(func(tx *store.Tx) error {
		session, err := tx.Session(a.Session)
		if err != nil || session.User.ID != u.ID || u.ID == 0 {
			t.Errorf("session of user %d, %v, want user %d", session.User.ID, err, u.ID)
		}
		return nil
	})
	at := w.attempt(practice.Actor{User: u}, slug)
	if at.Title != "Beta" || at.Mode != quiz.Exam || len(at.Items) != 2 || at.Deadline != at.StartedAt+time.Hour.Milliseconds() {
		t.Errorf("attempt = title %q, mode %s, %d items, started %d, deadline %d", at.Title, at.Mode, len(at.Items), at.StartedAt, at.Deadline)
	}
	if log := w.log(practice.Actor{User: u}); len(log) != 1 || log[0].Kind != progress.Set || settingsOf(log[0]) != a.User.Settings {
		t.Errorf("log = %+v, want the settings of the visitor", log)
	}
}

func TestStartQuizWithoutQuestions(t *testing.T) {
	w := newWorld(t, standard()...)
	before := w.dump("users", "sessions", "attempts")
	_, _, err := w.svc.StartQuiz(t.Context(), w.visitor(), practice.NewQuiz{Mode: quiz.Practice, Filter: quiz.Filter{Tags: []string{"none"}, Count: 5}})
	w.wantErr("StartQuiz", err, practice.ErrNoQuestions)
	if after := w.dump("users", "sessions", "attempts"); after != before {
		t.Errorf("something was written:\n%s", diffLines(before, after))
	}
}

func TestAVisitorWithABrokenZoneIsRefused(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.visitor()
	a.User.Settings.Zone = "Mars/Olympus"
	before := w.dump("users", "evidence")
	if _, _, err := w.svc.StartQuiz(t.Context(), a, practice.NewQuiz{Mode: quiz.Practice, Filter: quiz.Filter{Count: 5}}); err == nil {
		t.Error("StartQuiz: no error")
	}
	if after := w.dump("users", "evidence"); after != before {
		t.Errorf("something was written:\n%s", diffLines(before, after))
	}
}

func TestAnswer(t *testing.T) {
	tests := []struct {
		name, question string
		response       func(w *world, a practice.Actor, slug, id string)
		score          int64
		ratings        string
		counts         progress.TopicCounts
	}{
		{"right", "single", with(right), progress.AllRight, "0:3", progress.TopicCounts{Seen: 1, Answered: 1, Correct: 1}},
		{"right but unsure", "single", with(unsure), progress.AllRight, "0:2", progress.TopicCounts{Seen: 1, Answered: 1, Correct: 1}},
		{"wrong", "single", with(wrong), 0, "0:1", progress.TopicCounts{Seen: 1, Answered: 1}},
		{"in part right", "multiple", with(partly), progress.AllRight / 2, "0:1", progress.TopicCounts{Seen: 1, Answered: 1}},
		{"one blank of two", "cloze", with(partly), progress.AllRight / 2, "1:3,2:1", progress.TopicCounts{Seen: 1, Answered: 1}},
		{"no card", "text", with(right), progress.AllRight, "", progress.TopicCounts{Seen: 1, Answered: 1, Correct: 1}},
		{"open", "open", with(right), progress.NotJudged, "", progress.TopicCounts{Seen: 1}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, standard()...)
			a := w.candidate()
			slug := w.quiz(a, quiz.Practice, 0, test.question, "single", "multiple") // more than one, or the answer would finish it
			w.clock.add(20 * time.Second)
			test.response(w, a, slug, test.question)
			log := w.log(a)
			e := log[len(log)-1]
			if e.Kind != progress.Responded || e.Score != test.score || progress.FormatRatings(e.Ratings) != test.ratings || e.Duration != 20_000 {
				t.Errorf("evidence = %+v, want score %d, ratings %q, 20 s", e, test.score, test.ratings)
			}
			if got := w.state(a, test.question).Counts(); got != test.counts {
				t.Errorf("counts = %+v, want %+v", got, test.counts)
			}
			w.checkRebuild()
		})
	}
}

func with(r func(bank.Question) quiz.Response) func(*world, practice.Actor, string, string) {
	return func(w *world, a practice.Actor, slug, id string) { w.answer(a, slug, id, r) }
}

func TestTheLastAnswerFinishes(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	slug := w.quiz(a, quiz.Practice, 0, "single", "multiple")
	line := func() (l store.AttemptLine) {
		w.view(func(tx *store.Tx) error {
			lines, err := tx.AttemptLines(a.User.ID, 0, 10)
			if err != nil || len(lines) != 1 {
				t.Fatalf("AttemptLines = %v, %v", lines, err)
			}
			l = lines[0]
			return nil
		})
		return l
	}
	w.answer(a, slug, "single", right)
	if l := line(); l.FinishedAt != 0 || l.Items != 2 || l.Answered != 1 || l.Gradable != 2 {
		t.Errorf("running attempt in the list = %+v", l)
	}
	w.answer(a, slug, "multiple", wrong)
	if got, want := w.kinds(a), "responded responded finished"; got != want {
		t.Errorf("log = %q, want %q", got, want)
	}
	if l := line(); l.FinishedAt == 0 || l.Items != 2 || l.Gradable != 2 || l.Right != 1 {
		t.Errorf("attempt in the list = %+v", l)
	}
	w.must(w.svc.Finish(t.Context(), a, slug)) // once more: nothing
	if got, want := w.kinds(a), "responded responded finished"; got != want {
		t.Errorf("log after finishing again = %q, want %q", got, want)
	}
}

func TestAHundredEqualAnswersCountOnce(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	slug := w.quiz(a, quiz.Practice, 0, "single", "multiple")
	position := w.position(a, slug, "single")
	response := right(*w.attempt(a, slug).Items[position].Question)
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			if err := w.svc.Answer(context.Background(), a, slug, position, response); err != nil {
				t.Errorf("Answer: %v", err)
			}
		})
	}
	all.Wait()
	if got, want := w.kinds(a), "responded"; got != want {
		t.Errorf("log = %q, want %q", got, want)
	}
	w.must(w.svc.Answer(t.Context(), a, slug, position, wrong(*w.attempt(a, slug).Items[position].Question)))
	if got := w.state(a, "single"); got.Answers != 1 || got.LastScore != progress.AllRight {
		t.Errorf("state after another response = %+v, want the first response", got)
	}
	w.checkRebuild()
}

func TestSomebodyElsesAttempt(t *testing.T) {
	w := newWorld(t, standard()...)
	a, b := w.candidate(), w.candidate()
	slug := w.quiz(a, quiz.Practice, 0)
	before := w.dump(append(projections, "evidence", "attempts", "attempt_items")...)
	calls := map[string]func(practice.Actor) error{
		"Answer": func(x practice.Actor) error { return w.svc.Answer(t.Context(), x, slug, 0, quiz.Response{}) },
		"Skip":   func(x practice.Actor) error { return w.svc.Skip(t.Context(), x, slug, 0) },
		"Mark":   func(x practice.Actor) error { return w.svc.Mark(t.Context(), x, slug, 0, quiz.SelfMark{Rating: 3}) },
		"Finish": func(x practice.Actor) error { return w.svc.Finish(t.Context(), x, slug) },
		"RepeatMistakes": func(x practice.Actor) error {
			_, err := w.svc.RepeatMistakes(t.Context(), x, slug)
			return err
		},
		"Attempt": func(x practice.Actor) error {
			return w.st.View(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Attempt(x.User.ID, slug, w.svc.Catalog())
				return err
			})
		},
	}
	for name, call := range calls {
		w.wantErr(name+" by somebody else", call(b), store.ErrNotFound)
		w.wantErr(name+" by a visitor", call(w.visitor()), store.ErrNotFound)
	}
	if after := w.dump(append(projections, "evidence", "attempts", "attempt_items")...); after != before {
		t.Errorf("something was written:\n%s", diffLines(before, after))
	}
}

func TestNoSuchPosition(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	slug := w.quiz(a, quiz.Practice, 0)
	for _, position := range []int{-1, 5} {
		w.wantErr("Answer", w.svc.Answer(t.Context(), a, slug, position, quiz.Response{}), quiz.ErrNoPosition)
		w.wantErr("Skip", w.svc.Skip(t.Context(), a, slug, position), quiz.ErrNoPosition)
		w.wantErr("Mark", w.svc.Mark(t.Context(), a, slug, position, quiz.SelfMark{Rating: 3}), quiz.ErrNoPosition)
	}
}

func TestAnExamHoldsUntilItIsFinished(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	slug := w.quiz(a, quiz.Exam, 0)
	empty := w.dump(projections...)
	w.answer(a, slug, "single", right)
	w.clock.add(time.Minute)
	w.answer(a, slug, "cloze", partly)
	if got := w.dump(projections...); got != empty {
		t.Errorf("a running exam shows in the projections:\n%s", diffLines(empty, got))
	}
	_, err := w.svc.RepeatMistakes(t.Context(), a, slug)
	w.wantErr("RepeatMistakes of a running exam", err, practice.ErrNoQuestions)
	w.view(func(tx *store.Tx) error {
		for _, id := range []string{"single", "cloze"} {
			lines, err := tx.History(a.User.ID, w.key(id, 0).Question, 10)
			if err != nil || len(lines) != 0 {
				t.Errorf("history of %s during the exam = %v, %v, want none", id, lines, err)
			}
		}
		return nil
	})
	w.checkRebuild()
	w.clock.add(time.Minute)
	w.must(w.svc.Finish(t.Context(), a, slug))
	finishedAt := w.clock.Now().UnixMilli()
	for id, score := range map[string]int64{"single": progress.AllRight, "cloze": progress.AllRight / 2} {
		if s := w.state(a, id); s.Answers != 1 || s.LastScore != score || s.LastAt != finishedAt {
			t.Errorf("state of %s = %+v, want score %d at %d", id, s, score, finishedAt)
		}
	}
	if s := w.state(a, "multiple"); s.Seq != 0 {
		t.Errorf("state of a question that was not answered = %+v", s)
	}
	w.wantErr("Answer after the end", w.svc.Answer(t.Context(), a, slug, w.position(a, slug, "multiple"), quiz.Response{}), quiz.ErrFinished)
	w.checkRebuild()
	again, err := w.svc.RepeatMistakes(t.Context(), a, slug)
	w.must(err)
	var ids []string
	for _, item := range w.attempt(a, again).Items {
		ids = append(ids, item.Question.ID)
	}
	slices.Sort(ids)
	if want := []string{"cloze", "multiple", "text"}; !slices.Equal(ids, want) {
		t.Errorf("once more = %v, want %v: what was wrong and what had no answer", ids, want)
	}
}

func TestADeadlineFinishes(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	slug := w.quiz(a, quiz.Exam, 10*time.Minute)
	w.answer(a, slug, "single", right)
	w.clock.add(10*time.Minute + quiz.Grace)
	w.answer(a, slug, "multiple", right) // sent in time, by the grace
	ended := func() int {
		t.Helper()
		n, err := w.svc.FinishExpired(t.Context())
		w.must(err)
		return n
	}
	if got := ended(); got != 0 {
		t.Errorf("FinishExpired within the grace = %d, want 0", got)
	}
	w.clock.add(time.Millisecond)
	w.wantErr("Answer after the grace", w.svc.Answer(t.Context(), a, slug, w.position(a, slug, "cloze"), quiz.Response{}), quiz.ErrFinished)
	if s := w.state(a, "single"); s.Seq != 0 {
		t.Errorf("state before the end is noted = %+v", s)
	}
	if got := ended(); got != 1 {
		t.Errorf("FinishExpired = %d, want 1", got)
	}
	if s := w.state(a, "multiple"); s.Answers != 1 {
		t.Errorf("state after FinishExpired = %+v", s)
	}
	if at := w.attempt(a, slug); at.FinishedAt != at.Deadline {
		t.Errorf("finished at %d, want the deadline %d", at.FinishedAt, at.Deadline)
	}
	if got := ended(); got != 0 {
		t.Errorf("FinishExpired again = %d, want 0", got)
	}
	w.checkRebuild()
}

func TestSkip(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	slug := w.quiz(a, quiz.Practice, 0)
	single, text := w.position(a, slug, "single"), w.position(a, slug, "text")
	w.answer(a, slug, "single", right)
	for _, position := range []int{single, text} {
		w.must(w.svc.Skip(t.Context(), a, slug, position))
	}
	at := w.attempt(a, slug)
	if at.Skipped[single] || !at.Skipped[text] {
		t.Errorf("skipped: answered %v, open %v, want false, true", at.Skipped[single], at.Skipped[text])
	}
	w.answer(a, slug, "text", right)
	if w.attempt(a, slug).Skipped[text] {
		t.Error("still skipped after the answer")
	}
	w.must(w.svc.Finish(t.Context(), a, slug))
	cloze := w.position(a, slug, "cloze")
	w.must(w.svc.Skip(t.Context(), a, slug, cloze))
	if w.attempt(a, slug).Skipped[cloze] {
		t.Error("skipped after the end")
	}
	if got, want := w.kinds(a), "responded responded finished"; got != want {
		t.Errorf("log = %q, want %q", got, want)
	}
}

func TestRepeatMistakes(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	slug := w.quiz(a, quiz.Practice, 0)
	_, err := w.svc.RepeatMistakes(t.Context(), a, slug)
	w.wantErr("RepeatMistakes without any", err, practice.ErrNoQuestions)
	w.answer(a, slug, "single", wrong)
	w.answer(a, slug, "multiple", partly)
	w.answer(a, slug, "cloze", right)
	w.answer(a, slug, "text", wrong)
	w.edit("text", func(q *question) { q.out = true })
	again, err := w.svc.RepeatMistakes(t.Context(), a, slug)
	w.must(err)
	var got []string
	for _, item := range w.attempt(a, again).Items {
		got = append(got, item.Question.ID)
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"multiple", "single"}, got); diff != "" {
		t.Errorf("questions to repeat (-want +got):\n%s", diff)
	}
}

func TestMark(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	slug := w.quiz(a, quiz.Practice, 0)
	open, single := w.position(a, slug, "open"), w.position(a, slug, "single")
	mark := func(position, rating int) error {
		return w.svc.Mark(t.Context(), a, slug, position, quiz.SelfMark{Rating: rating})
	}
	w.wantErr("Mark before the response", mark(open, 3), quiz.ErrNotMarked)
	// A rating sent with the response was given before the answer was seen: it does not count.
	w.must(w.svc.Answer(t.Context(), a, slug, open, quiz.Response{Text: "mine", SelfMark: quiz.SelfMark{Rating: 4}}))
	w.answer(a, slug, "single", right)
	w.wantErr("Mark of a judged question", mark(single, 3), quiz.ErrNotMarked)
	for _, rating := range []int{0, 5, -1} {
		if err := mark(open, rating); err == nil {
			t.Errorf("Mark with rating %d: no error", rating)
		}
	}
	w.must(mark(open, 2))
	w.must(mark(open, 4)) // once more: nothing
	if got, want := w.kinds(a), "responded responded graded"; got != want {
		t.Errorf("log = %q, want %q", got, want)
	}
	if got := w.attempt(a, slug).Items[open].Response; got.Rating != 2 || got.Text != "mine" {
		t.Errorf("response = %+v, want rating 2", got)
	}
	s := w.state(a, "open")
	if card, ok := s.Card(0); !ok || card.Reviews != 1 {
		t.Errorf("card = %+v, %v, want one review", card, ok)
	}
	if s.Answers != 0 || s.LastScore != progress.NotJudged {
		t.Errorf("state = %+v, want nothing judged", s)
	}
	if s.Mastered() {
		t.Error("an open question is mastered")
	}
	w.must(w.svc.Finish(t.Context(), a, slug))
	w.view(func(tx *store.Tx) error {
		lines, err := tx.AttemptLines(a.User.ID, 0, 1)
		if err != nil || lines[0].Right != 1 || lines[0].Gradable != 4 {
			t.Errorf("attempt = %+v, %v, want 1 right of 4", lines, err)
		}
		days, err := tx.Days(a.User.ID, 0)
		if err != nil || len(days) != 1 || days[0].Answers != 2 || days[0].Correct != 1 || days[0].Reviews != 0 {
			t.Errorf("days = %+v, %v, want 2 answers, 1 correct, no review", days, err)
		}
		return nil
	})
	w.checkRebuild()
}

func TestMarkInAnExamWaitsForItsEnd(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	slug := w.quiz(a, quiz.Exam, 0)
	open := w.position(a, slug, "open")
	w.answer(a, slug, "open", right)
	w.wantErr("Mark", w.svc.Mark(t.Context(), a, slug, open, quiz.SelfMark{Rating: 3}), quiz.ErrNotMarked)
	w.must(w.svc.Finish(t.Context(), a, slug))
	w.must(w.svc.Mark(t.Context(), a, slug, open, quiz.SelfMark{Rating: 3}))
	if card, ok := w.state(a, "open").Card(0); !ok || card.Reviews != 1 {
		t.Errorf("card = %+v, %v, want one review", card, ok)
	}
	w.checkRebuild()
}

func TestAnswerOne(t *testing.T) {
	w := newWorld(t, standard()...)
	e, err := w.svc.Catalog().Question("single")
	w.must(err)
	form := practice.OneQuestion{Revision: e.RevisionID, Seed: 7, Nonce: []byte("nonce 1")}
	first := w.visitor()
	slug, u, err := w.svc.AnswerOne(t.Context(), first, form, right(e.Question))
	w.must(err)
	a := practice.Actor{User: u}
	if at := w.attempt(a, slug); at.Seed != 7 || len(at.Items) != 1 || at.FinishedAt == 0 || at.Items[0].Result.Verdict != quiz.Right {
		t.Errorf("attempt = %+v", at.Attempt)
	}
	other := w.candidate()
	post := func(name string, by practice.Actor, wantUser int64, want error) {
		t.Helper()
		got, user, err := w.svc.AnswerOne(t.Context(), by, form, wrong(e.Question))
		w.wantErr(name, err, want)
		if want == nil && (got != slug || user.ID != wantUser) {
			t.Errorf("%s: attempt %s of user %d, want %s of %d", name, got, user.ID, slug, wantUser)
		}
	}
	post("the same candidate at once", a, u.ID, nil)
	second := w.visitor() // the same browser, whose cookie never arrived
	post("a visitor at once", second, u.ID, nil)
	w.view(func(tx *store.Tx) error {
		session, err := tx.Session(second.Session)
		if err != nil || session.User.ID != u.ID {
			t.Errorf("session of the second post: user %d, %v, want %d", session.User.ID, err, u.ID)
		}
		return nil
	})
	post("another candidate", other, 0, practice.ErrFormUsed)
	w.clock.add(10 * time.Second)
	post("a visitor ten seconds later", w.visitor(), u.ID, nil)
	w.clock.add(time.Millisecond)
	late := w.visitor()
	post("a visitor later", late, 0, practice.ErrFormUsed)
	post("the same candidate later", a, u.ID, nil)
	w.wantErr("session of the late visitor", w.st.View(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Session(late.Session)
		return err
	}), store.ErrNotFound)
	if got, want := w.kinds(a), "responded finished"; got != want {
		t.Errorf("log = %q, want %q", got, want)
	}
	form.Nonce = []byte("nonce 2")
	_, _, err = w.svc.AnswerOne(t.Context(), a, form, right(e.Question))
	w.must(err)
	post("a visitor with the form of somebody who was here before", w.visitor(), 0, practice.ErrFormUsed)
	w.checkRebuild()
}

func TestAnswerOneOfAnOldRevision(t *testing.T) {
	w := newWorld(t, standard()...)
	e, err := w.svc.Catalog().Question("single")
	w.must(err)
	w.edit("single", func(q *question) { q.key++ })
	slug, u, err := w.svc.AnswerOne(t.Context(), w.visitor(), practice.OneQuestion{Revision: e.RevisionID, Nonce: []byte("n")}, right(e.Question))
	w.must(err)
	a := practice.Actor{User: u}
	if at := w.attempt(a, slug); at.Items[0].Result.Verdict != quiz.Right || at.Items[0].Question.KeyHash != e.KeyHash {
		t.Errorf("item = %+v, want right by the old key", at.Items[0])
	}
	_, _, err = w.svc.AnswerOne(t.Context(), w.visitor(), practice.OneQuestion{Revision: 99, Nonce: []byte("m")}, quiz.Response{})
	w.wantErr("AnswerOne of no revision", err, store.ErrNotFound)
	w.checkRebuild()
}

func TestAnAttemptKeepsItsQuestions(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	slug := w.quiz(a, quiz.Practice, 0)
	before := w.attempt(a, slug)
	w.edit("single", func(q *question) { q.key++ })
	w.edit("multiple", func(q *question) { q.out = true })
	after := w.attempt(a, slug)
	for i := range before.Items {
		if diff := cmp.Diff(before.Items[i].Question.Body, after.Items[i].Question.Body); diff != "" {
			t.Errorf("position %d changed (-before +after):\n%s", i, diff)
		}
	}
	w.answer(a, slug, "single", right)
	w.answer(a, slug, "multiple", right)
	if s := w.state(a, "multiple"); s.Live || s.LastScore != progress.AllRight {
		t.Errorf("state of the retired question = %+v", s)
	}
	w.checkRebuild()
}

func TestSettingsAreReadFromTheStore(t *testing.T) {
	w := newWorld(t, standard()...)
	old := w.candidate()
	want := old.User
	want.Settings = progress.Settings{Zone: "Pacific/Kiritimati", Rollover: 4} // noon UTC is 02:00 of the next date
	want.Settings.Rollover = 0
	if _, err := w.svc.PutSettings(t.Context(), old, want); err != nil {
		t.Fatal(err)
	}
	slug := w.quiz(old, quiz.Practice, 0, "single", "text")
	w.answer(old, slug, "single", right) // by a session that still has the old settings
	w.view(func(tx *store.Tx) error {
		days, err := tx.Days(old.User.ID, 0)
		wantDay := int(w.clock.Now().Unix()/86400) + 1
		if err != nil || len(days) != 1 || days[0].Day != wantDay {
			t.Errorf("days = %+v, %v, want day %d", days, err, wantDay)
		}
		return nil
	})
	w.checkRebuild()
}

func TestACandidateWhoIsGone(t *testing.T) {
	w := newWorld(t, standard()...)
	gone := practice.Actor{User: store.User{ID: 99, Settings: progress.Settings{Zone: "UTC"}}}
	_, _, err := w.svc.StartQuiz(t.Context(), gone, practice.NewQuiz{Mode: quiz.Practice, Filter: quiz.Filter{Count: 5}})
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("StartQuiz = %v, want %v", err, store.ErrNotFound)
	}
}
