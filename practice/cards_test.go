package practice_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"rehearse/practice"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/srs"
	"rehearse/store"
)

// grade grades a card as its page would.
func (w *world) grade(a practice.Actor, key store.CardKey, r srs.Rating) {
	w.Helper()
	_, err := w.svc.GradeCard(context.Background(), a, practice.Grade{Card: key, Seq: w.turn(a, key).Seq, Rating: r, Duration: 3 * time.Second})
	w.must(err)
}

func TestNewCardsHaveADailyLimit(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	want := a.User
	want.NewPerDay = 2
	u, err := w.svc.PutSettings(t.Context(), a, want)
	w.must(err)
	a.User = u
	seen := 0
	for ; seen < 10; seen++ {
		today := w.today(a)
		if got := today.Left.New; got != max(0, 2-seen) {
			t.Errorf("new cards left after %d = %d", seen, got)
		}
		if !today.Ready {
			break
		}
		w.grade(a, store.CardKey{Question: today.Next.Key, Part: today.Next.Part}, srs.Easy) // never again today
	}
	if seen != 2 {
		t.Errorf("cards shown = %d, want 2", seen)
	}
	if got := w.today(a).Activity; got.New != 2 || got.Reviews != 2 || got.Duration != 6000 {
		t.Errorf("activity = %+v, want 2 new of 2 reviews, 6 s", got)
	}
	w.clock.add(24 * time.Hour)
	if got := w.today(a).Left.New; got != 2 {
		t.Errorf("new cards left the next day = %d, want 2", got)
	}
	want.NewPerDay = 0
	u, err = w.svc.PutSettings(t.Context(), a, want)
	w.must(err)
	if got := w.today(practice.Actor{User: u}); got.Left.New != 0 {
		t.Errorf("new cards left with none wanted = %d", got.Left.New)
	}
	w.checkRebuild()
}

func TestAnAnswerDoesNotSpendTheNewLimit(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	slug := w.quiz(a, quiz.Practice, 0)
	w.answer(a, slug, "single", wrong)
	if got := w.today(a).Activity; got.New != 0 || got.Answers != 1 {
		t.Errorf("activity = %+v, want no new card", got)
	}
	if _, ok := w.state(a, "single").Card(0); !ok {
		t.Error("a wrong answer made no card")
	}
}

func TestToday(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	today := w.today(a)
	if !today.Ready || today.Left.New != 5 || today.Undo != 0 || today.NextAt != 0 {
		t.Errorf("first day = %+v, want five new cards", today)
	}
	for today.Ready {
		w.grade(a, store.CardKey{Question: today.Next.Key, Part: today.Next.Part}, srs.Easy)
		today = w.today(a)
	}
	if today.NextAt <= w.clock.Now().UnixMilli() || today.Undo == 0 {
		t.Errorf("end of the day = %+v, want the time of the next card and an undo", today)
	}
	if s := w.state(a, "single"); s.Cards[0].DueAt < w.clock.Now().Add(7*24*time.Hour).UnixMilli() {
		t.Fatalf("the test wants cards that are due in more than a week, got %+v", s.Cards)
	}
	want := append([]int{0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1}, make([]int, 19)...) // of 30 days
	if total := today.Forecast; !slices.Equal(total, want) {
		t.Errorf("forecast = %v, want %v: the five cards on the first days to which they may move", total, want)
	}
}

func TestTodayOfATopic(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	alpha, err := w.svc.Catalog().Topic("alpha")
	w.must(err)
	w.view(func(tx *store.Tx) error {
		today, err := w.svc.Today(tx, a.User, practice.Selection{Search: practice.Search{Topics: []string{alpha.Slug}}})
		if err != nil || today.Left.New != 2 {
			t.Errorf("Today(alpha) = %+v, %v, want two new cards", today, err)
		}
		return nil
	})
}

// What cannot be shown is not offered: it would stand first in the queue for ever.
func TestTheQueueLeavesOutWhatIsGone(t *testing.T) {
	tests := []struct {
		name   string
		id     string
		change func(*question)
		want   int // cards left
	}{
		{"retired", "cloze", func(q *question) { q.out = true }, 0},
		{"a blank less", "cloze", func(q *question) { q.parts = 1 }, 1},
		{"no card any more", "cloze", func(q *question) { q.use = quizOnly }, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, standard()...)
			a := w.candidate()
			w.grade(a, w.key("cloze", 1), srs.Again)
			w.grade(a, w.key("cloze", 2), srs.Again)
			a.User.NewPerDay = 0
			w.clock.add(time.Hour)
			if got := w.today(a).Left.Total(); got != 2 {
				t.Fatalf("cards left before = %d, want 2", got)
			}
			w.edit(test.id, test.change)
			today := w.today(a)
			if got := today.Left.Total(); got != test.want {
				t.Errorf("cards left = %d, want %d", got, test.want)
			}
			if today.Ready {
				w.turn(a, store.CardKey{Question: today.Next.Key, Part: today.Next.Part})
			}
			w.checkRebuild()
		})
	}
}

func TestActivityOfTodayAfterTravellingWest(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	travel := func(zone string) {
		t.Helper()
		want := a.User
		want.Settings.Zone = zone
		u, err := w.svc.PutSettings(t.Context(), a, want)
		w.must(err)
		a.User = u
	}
	w.grade(a, w.key("single", 0), srs.Again)
	w.clock.add(10 * time.Hour)
	travel("Pacific/Kiritimati") // already tomorrow there
	w.grade(a, w.key("multiple", 0), srs.Again)
	travel("UTC")
	if got := w.today(a).Activity; got.Reviews != 1 {
		t.Errorf("activity of today = %+v, want one review", got)
	}
	w.checkRebuild()
}

func TestGradeCard(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	key := w.key("single", 0)
	shown := w.turn(a, key)
	w.grade(a, key, srs.Good)
	card, _ := w.state(a, "single").Card(0)
	if want := shown.Outcomes[srs.Good-1]; card.Card != want {
		t.Errorf("card = %+v, want what the button promised, %+v", card.Card, want)
	}
	before := w.dump(append(projections, "evidence")...)
	_, err := w.svc.GradeCard(t.Context(), a, practice.Grade{Card: key, Seq: shown.Seq, Rating: srs.Again})
	w.must(err)
	if after := w.dump(append(projections, "evidence")...); after != before {
		t.Errorf("a page out of date changed something:\n%s", diffLines(before, after))
	}
	for _, rating := range []srs.Rating{0, 5} {
		if _, err := w.svc.GradeCard(t.Context(), a, practice.Grade{Card: key, Rating: rating}); err == nil {
			t.Errorf("rating %d: no error", int(rating))
		}
	}
	for _, key := range []store.CardKey{w.key("single", 1), w.key("cloze", 0), w.key("cloze", 3), w.key("text", 0), {Question: 99}} {
		_, err := w.svc.GradeCard(t.Context(), a, practice.Grade{Card: key, Rating: srs.Good})
		w.wantErr("grade of no card", err, store.ErrNotFound)
	}
	w.checkRebuild()
}

func TestGradeCardByAVisitor(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.visitor()
	key := w.key("single", 0)
	_, err := w.svc.GradeCard(t.Context(), a, practice.Grade{Card: key, Seq: 5, Rating: srs.Good}) // a page of somebody else
	w.must(err)
	if got := w.dump("users"); got != "users\n" {
		t.Errorf("a page out of date made a user:\n%s", got)
	}
	u, err := w.svc.GradeCard(t.Context(), a, practice.Grade{Card: key, Rating: srs.Good})
	w.must(err)
	if s := w.state(practice.Actor{User: u}, "single"); len(s.Cards) != 1 {
		t.Errorf("state = %+v, want a card", s)
	}
}

func TestGradeDurationIsBounded(t *testing.T) {
	for given, want := range map[time.Duration]int64{-time.Second: 0, 3 * time.Second: 3000, time.Hour: 300_000} {
		w := newWorld(t, standard()...)
		a := w.candidate()
		_, err := w.svc.GradeCard(t.Context(), a, practice.Grade{Card: w.key("single", 0), Rating: srs.Good, Duration: given})
		w.must(err)
		if got := w.today(a).Activity.Duration; got != want {
			t.Errorf("duration %v counts as %d ms, want %d", given, got, want)
		}
	}
}

func TestUndo(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	undo := func(want store.CardKey) {
		t.Helper()
		got, err := w.svc.UndoGrade(t.Context(), a, w.today(a).Undo)
		w.must(err)
		if got != want {
			t.Errorf("undone card = %+v, want %+v", got, want)
		}
		w.checkRebuild()
	}
	_, err := w.svc.UndoGrade(t.Context(), a, w.today(a).Undo)
	w.wantErr("undo of nothing", err, practice.ErrNothingToUndo)
	_, err = w.svc.UndoGrade(t.Context(), w.visitor(), 1)
	w.wantErr("undo by a visitor", err, practice.ErrNothingToUndo)

	single, multiple := w.key("single", 0), w.key("multiple", 0)
	w.grade(a, single, srs.Good)
	once := w.state(a, "single")
	w.clock.add(time.Hour)
	w.grade(a, multiple, srs.Good)
	w.clock.add(time.Hour)
	stale := w.turn(a, single)
	w.grade(a, single, srs.Again)

	undo(single)
	again := w.state(a, "single")
	if len(again.Cards) != 1 || again.Cards[0] != once.Cards[0] {
		t.Errorf("cards after undo = %+v, want %+v", again.Cards, once.Cards)
	}
	_, err = w.svc.GradeCard(t.Context(), a, practice.Grade{Card: single, Seq: stale.Seq, Rating: srs.Again})
	w.must(err)
	if got := w.state(a, "single"); got.Seq != again.Seq {
		t.Errorf("the old page graded once more: %+v", got)
	}

	twice := w.today(a).Undo
	undo(multiple)                                     // a new card
	got, err := w.svc.UndoGrade(t.Context(), a, twice) // a double click
	w.must(err)
	if got != multiple || w.today(a).Undo == 0 {
		t.Errorf("the second click of two undid %+v", got)
	}
	if s := w.state(a, "multiple"); len(s.Cards) != 0 {
		t.Errorf("cards after undo of a new one = %+v, want none", s.Cards)
	}
	if got := w.today(a).Activity; got.New != 1 || got.Reviews != 1 {
		t.Errorf("activity = %+v, want one new card", got)
	}
	undo(single)
	if got := w.dump("cards", "daily_activity"); got != "cards\ndaily_activity\n" {
		t.Errorf("after all is undone:\n%s", got)
	}
	_, err = w.svc.UndoGrade(t.Context(), a, w.today(a).Undo)
	w.wantErr("undo of nothing more", err, practice.ErrNothingToUndo)
	w.grade(a, multiple, srs.Good)
	undo(multiple)
}

func TestUndoAfterAnAnswerToTheSameQuestion(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	w.grade(a, w.key("single", 0), srs.Easy)
	slug := w.quiz(a, quiz.Practice, 0, "single", "text")
	w.clock.add(2 * 24 * time.Hour)
	w.answer(a, slug, "single", wrong)
	_, err := w.svc.UndoGrade(t.Context(), a, w.today(a).Undo)
	w.must(err)
	s := w.state(a, "single")
	if len(s.Cards) != 1 || s.Cards[0].Reviews != 1 || s.Answers != 1 {
		t.Errorf("state = %+v, want the answer alone", s)
	}
	w.checkRebuild()
}

func TestAMarkIsNotUndone(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	slug := w.quiz(a, quiz.Practice, 0)
	w.answer(a, slug, "open", right)
	w.must(w.svc.Mark(t.Context(), a, slug, w.position(a, slug, "open"), quiz.SelfMark{Rating: 3}))
	_, err := w.svc.UndoGrade(t.Context(), a, w.today(a).Undo)
	w.wantErr("undo", err, practice.ErrNothingToUndo)
}

func TestANewKeyMakesCardsDue(t *testing.T) {
	w := newWorld(t, standard()...)
	a, b := w.candidate(), w.candidate()
	w.grade(a, w.key("single", 0), srs.Easy)
	w.grade(b, w.key("multiple", 0), srs.Easy)
	w.clock.add(time.Hour)
	w.edit("single", func(q *question) { q.key++ })
	if turn := w.turn(a, w.key("single", 0)); !turn.Card.Changed {
		t.Error("before the projections have caught up, the page does not say that the key changed")
	}
	w.must(w.svc.CatchUp(t.Context()))
	card, _ := w.state(a, "single").Card(0)
	if !card.Changed || card.DueAt > w.clock.Now().Add(time.Second).UnixMilli() {
		t.Errorf("card = %+v, want changed and due", card)
	}
	if card, _ := w.state(b, "multiple").Card(0); card.Changed {
		t.Error("the card of another question changed")
	}
	if got := w.dump("stale_questions"); got != "stale_questions\n" {
		t.Errorf("after CatchUp:\n%s", got)
	}
	w.grade(a, w.key("single", 0), srs.Good)
	if card, _ := w.state(a, "single").Card(0); card.Changed {
		t.Error("still changed after a review")
	}
	w.checkRebuild()
}

func TestSettingsMoveCards(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	w.grade(a, w.key("single", 0), srs.Easy) // waits for a day
	w.grade(a, w.key("multiple", 0), srs.Again)
	utc, err := w.svc.Calendar(a.User)
	w.must(err)
	before := w.state(a, "single").Cards[0]
	stepping := w.state(a, "multiple").Cards[0]
	want := a.User
	want.Settings = progress.Settings{Zone: "America/Los_Angeles", Rollover: 6}
	u, err := w.svc.PutSettings(t.Context(), a, want)
	w.must(err)
	if u != want {
		t.Errorf("user = %+v, want %+v", u, want)
	}
	there, err := w.svc.Calendar(u)
	w.must(err)
	due := time.UnixMilli(before.DueAt)
	if got := w.state(a, "single").Cards[0]; got.DueAt != there.Start(utc.Day(due)).UnixMilli() {
		t.Errorf("due at %v, want the start of day %d in Los Angeles", time.UnixMilli(got.DueAt), utc.Day(due))
	}
	if got := w.state(a, "multiple").Cards[0]; got != stepping {
		t.Errorf("card in its steps = %+v, want %+v", got, stepping)
	}
	w.checkRebuild()
}

// The buttons of a card promise what its next grade does, at the retention that is wanted.
func TestWantedRetention(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	key := w.key("single", 0)
	w.grade(a, key, srs.Easy)
	w.clock.add(20 * 24 * time.Hour)
	due := w.state(a, "single").Cards[0].DueAt
	promised := map[int]int{}
	for _, retention := range []int{80, 97, 0} {
		want := a.User
		want.Settings.Retention = retention
		var err error
		a.User, err = w.svc.PutSettings(t.Context(), a, want)
		w.must(err)
		promised[retention] = w.turn(a, key).Outcomes[2].Interval
		if got := w.state(a, "single").Cards[0].DueAt; got != due {
			t.Errorf("at %d %% the card is due at %d at once, want %d as before", retention, got, due)
		}
	}
	if promised[80] <= promised[0] || promised[0] <= promised[97] {
		t.Errorf("intervals by retention: %v", promised)
	}
	want := a.User
	want.Settings.Retention = 97
	_, err := w.svc.PutSettings(t.Context(), a, want)
	w.must(err)
	w.grade(a, key, srs.Good) // by a page that knows the old settings
	if got := w.state(a, "single").Cards[0].Interval; got != promised[97] {
		t.Errorf("interval after the grade = %d, want the %d that were promised", got, promised[97])
	}
	w.checkRebuild()
}

// What a candidate prefers becomes of the time limits of quizzes that are started from then on.
func TestTimers(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	for timers, want := range map[store.Timers]time.Duration{
		store.TimersShown: 10 * time.Minute, store.TimersHidden: 10 * time.Minute, store.TimersHalf: 15 * time.Minute,
		store.TimersDouble: 20 * time.Minute, store.TimersNone: 0,
	} {
		set := a.User
		set.Timers = timers
		_, err := w.svc.PutSettings(t.Context(), a, set)
		w.must(err)
		at := w.attempt(a, w.quiz(a, quiz.Practice, 10*time.Minute, "single"))
		var got time.Duration
		if at.Deadline > 0 {
			got = time.Duration(at.Deadline-at.StartedAt) * time.Millisecond
		}
		if got != want {
			t.Errorf("a limit of 10 minutes with timers %q is %v, want %v", timers, got, want)
		}
		if untimed := w.attempt(a, w.quiz(a, quiz.Practice, 0, "single")); untimed.Deadline != 0 {
			t.Errorf("no limit with timers %q: deadline %d", timers, untimed.Deadline)
		}
	}
}

func TestPutSettings(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	want := a.User
	want.NewPerDay, want.TwoButtons = 33, true
	for range 2 {
		_, err := w.svc.PutSettings(t.Context(), a, want)
		w.must(err)
	}
	if got := w.kinds(a); got != "" {
		t.Errorf("settings that move nothing are on record: %q", got)
	}
	before := w.dump("users", "evidence")
	for _, set := range []progress.Settings{
		{Zone: "Mars/Olympus", Rollover: 4},
		{Zone: "UTC", Rollover: 24},
		{Zone: "UTC", Rollover: -1},
		{Zone: "UTC", Rollover: 4, Retention: 79},
		{Zone: "UTC", Rollover: 4, Retention: 98},
	} {
		bad := want
		bad.Settings = set
		if _, err := w.svc.PutSettings(t.Context(), a, bad); err == nil {
			t.Errorf("settings %+v: no error", set)
		}
	}
	bad := want
	bad.NewPerDay = -1
	if _, err := w.svc.PutSettings(t.Context(), a, bad); err == nil {
		t.Error("-1 new cards a day: no error")
	}
	if after := w.dump("users", "evidence"); after != before {
		t.Errorf("refused settings changed something:\n%s", diffLines(before, after))
	}
}
