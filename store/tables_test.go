package store

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rehearse/bank"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/search"
	"rehearse/srs"
	"rehearse/store/storetest"
)

func testBank() bank.Bank { return bank.Bank{ID: "test", Title: "Test", License: "CC-BY-4.0"} }

func practiceAt(ms int64) quiz.Attempt { return quiz.Attempt{Mode: quiz.Practice, StartedAt: ms} }

// content puts questions into two topics, as a load does, and returns the catalog.
func content(t *testing.T, st *Store, slugs ...string) *Catalog {
	t.Helper()
	var c *Catalog
	do(t, st, func(tx *Tx) error {
		bankID, _, err := tx.PutBank(testBank())
		if err != nil {
			return err
		}
		load, at, err := tx.AddContentLoad(bankID)
		if err != nil {
			return err
		}
		var topics [2]int64
		for i, slug := range []string{"alpha", "beta"} {
			if topics[i], err = tx.PutTopic(bankID, Topic{Slug: slug, Title: slug, Lang: "en", File: slug + ".md", Live: true}); err != nil {
				return err
			}
		}
		questions, err := tx.NewQuestions(bankID, load, at)
		if err != nil {
			return err
		}
		for i, slug := range slugs {
			if err := addQuestion(questions, topics[i%2], i, slug); err != nil {
				return err
			}
		}
		return questions.End()
	})
	see(t, st, func(tx *Tx) (err error) { c, err = tx.Catalog("test", nil); return err })
	return c
}

// whole returns all questions of a catalog with their bodies.
func whole(c *Catalog) (entries []*Entry) {
	for _, e := range c.All() {
		entry, err := c.Whole(e)
		if err != nil {
			panic(err)
		}
		entries = append(entries, entry)
	}
	return entries
}

func addQuestion(to *NewQuestions, topic int64, sort int, slug string) error {
	q := bank.Question{ID: slug, BodyHash: "body " + slug, KeyHash: "key " + slug}
	q.Use, q.Kind, q.Accept = bank.Uses(), bank.Text, []bank.Entry{{Literal: "yes"}}
	text, err := TextOf(&q, search.Stemmer{})
	if err != nil {
		return err
	}
	_, err = to.Add(Question{Slug: slug, Topic: topic, File: "x.md", Line: 1, Sort: sort, BodyHash: q.BodyHash, KeyHash: q.KeyHash}, text)
	return err
}

func TestEvidenceRoundTrip(t *testing.T) {
	st, clock := newStore(t)
	a, b := addUser(t, st), addUser(t, st)
	entries := []progress.Evidence{
		{Kind: progress.Set, Once: "s:1", Score: progress.NotJudged, Data: `{"zone":"UTC"}`},
		{
			Kind: progress.Responded, Once: "a:1:0", Question: 7, Revision: 8, Attempt: 9, Position: 3, Held: true, Score: 0,
			Ratings: []progress.PartRating{{Part: 1, Rating: srs.Again}, {Part: 2, Rating: srs.Good}}, Unsure: true, Confidence: quiz.Unsure, Duration: 1234,
			Data: `{"text":"two\nlines"}`,
		},
		{Kind: progress.Graded, Once: "c:7.0:2", Question: 7, Score: progress.NotJudged, Ratings: []progress.PartRating{{Rating: srs.Easy}}},
		{Kind: progress.Undone, Once: "u:3", Question: 7, Score: progress.NotJudged, Ref: 3},
		{Kind: progress.Finished, Once: "e:9", Attempt: 9, Score: progress.NotJudged},
		{Kind: progress.Responded, Once: "a:2:0", Question: 8, Score: progress.AllRight},
	}
	for i, e := range entries {
		clock.add(time.Second)
		do(t, st, func(tx *Tx) (err error) {
			entries[i], err = tx.AppendEvidence(a.ID, e)
			return err
		})
		if got := entries[i]; got.Seq != int64(i+1) || got.At != clock.Now().UnixMilli() {
			t.Errorf("entry %d has seq %d, time %d", i, got.Seq, got.At)
		}
		// The same once: not for this candidate, but for another.
		before, err := entries[i], st.Update(t.Context(), func(tx *Tx) error {
			_, err := tx.AppendEvidence(a.ID, e)
			return err
		})
		if !errors.Is(err, ErrDuplicate) {
			t.Errorf("entry %d again: %v, want %v", i, err, ErrDuplicate)
		}
		do(t, st, func(tx *Tx) error {
			got, err := tx.AppendEvidence(b.ID, e)
			if got.Seq != before.Seq {
				t.Errorf("entry %d of another candidate has seq %d, want %d", i, got.Seq, before.Seq)
			}
			return err
		})
	}
	// A caller may live with a duplicate: nothing of it stays, no seq is spent.
	do(t, st, func(tx *Tx) error {
		if _, err := tx.AppendEvidence(a.ID, entries[0]); !errors.Is(err, ErrDuplicate) {
			t.Errorf("duplicate: %v, want %v", err, ErrDuplicate)
		}
		return nil
	})
	see(t, st, func(tx *Tx) error {
		check := func(name string, want []progress.Evidence, got []progress.Evidence, err error) {
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
			}
		}
		log, err := tx.Log(a.ID)
		check("Log", entries, log, err)
		recent, err := tx.RecentEvidence(a.ID, 2)
		check("RecentEvidence", []progress.Evidence{entries[5], entries[4]}, recent, err)
		own, err := tx.QuestionLog(a.ID, 7)
		check("QuestionLog", entries[:5], own, err)
		one, err := tx.EvidenceOnce(a.ID, "e:9")
		check("EvidenceOnce", entries[4:5], []progress.Evidence{one}, err)
		one, err = tx.Evidence(a.ID, 2)
		check("Evidence", entries[1:2], []progress.Evidence{one}, err)
		if _, err := tx.Evidence(a.ID, 7); !errors.Is(err, ErrNotFound) {
			t.Errorf("Evidence(7) = %v, want %v", err, ErrNotFound)
		}
		return nil
	})
}

func TestAppendEvidenceRefuses(t *testing.T) {
	st, _ := newStore(t)
	u := addUser(t, st)
	tests := []struct {
		name string
		user int64
		kind progress.EvidenceKind
	}{{"nobody", u.ID + 1, progress.Set}, {"unknown kind", u.ID, "guessed"}}
	for _, test := range tests {
		err := st.Update(t.Context(), func(tx *Tx) error {
			_, err := tx.AppendEvidence(test.user, progress.Evidence{Kind: test.kind, Once: "x"})
			return err
		})
		if err == nil || errors.Is(err, ErrDuplicate) {
			t.Errorf("%s: %v, want an error", test.name, err)
		}
	}
}

func TestPeople(t *testing.T) {
	st, clock := newStore(t)
	u := addUser(t, st)
	hash := func(b byte) []byte { return slices.Repeat([]byte{b}, 32) }
	c := content(t, st, "q")
	var begin int64
	do(t, st, func(tx *Tx) error {
		begin = tx.Now()
		attempt, err := tx.AddAttempt(Attempt{User: u.ID, Slug: "slug", Attempt: practiceAt(tx.Now()), Listed: c.All()})
		return errors.Join(err, tx.AddSession(hash(1), u.ID), tx.AddSession(hash(2), u.ID), tx.AddUsedForm([]byte("n"), u.ID, attempt))
	})
	clock.add(time.Hour)
	do(t, st, func(tx *Tx) error { return tx.RenewSession(u.ID, hash(2)) })
	see(t, st, func(tx *Tx) error {
		got, err := tx.Session(hash(2))
		got.Stamp = 0 // a random one on PostgreSQL
		if diff := cmp.Diff(Session{User: u, RenewedAt: clock.Now().UnixMilli()}, got); diff != "" || err != nil {
			t.Errorf("Session: %v (-want +got):\n%s", err, diff)
		}
		form, err := tx.UsedForm([]byte("n"))
		if diff := cmp.Diff(UsedForm{User: u.ID, Attempt: "slug", At: begin}, form); diff != "" || err != nil {
			t.Errorf("UsedForm: %v (-want +got):\n%s", err, diff)
		}
		if _, err := tx.User(u.ID + 1); !errors.Is(err, ErrNotFound) {
			t.Errorf("User = %v, want %v", err, ErrNotFound)
		}
		return nil
	})
	due := func(want bool) {
		t.Helper()
		see(t, st, func(tx *Tx) error {
			due, err := tx.SessionsDue(begin + 1)
			if due != want {
				t.Errorf("there is something to prune: %t", due)
			}
			return err
		})
	}
	due(true)
	do(t, st, func(tx *Tx) error {
		n, err := tx.PruneSessions(begin+1, 10)
		if n != 1 {
			t.Errorf("sessions pruned = %d, want 1", n)
		}
		return err
	})
	due(false)
	see(t, st, func(tx *Tx) error {
		_, gone := tx.Session(hash(1))
		_, kept := tx.Session(hash(2))
		_, form := tx.UsedForm([]byte("n"))
		if !errors.Is(gone, ErrNotFound) || kept != nil || !errors.Is(form, ErrNotFound) {
			t.Errorf("after pruning: old session %v, renewed one %v, form %v", gone, kept, form)
		}
		return nil
	})
	for _, fresh := range []string{"first", "second"} {
		do(t, st, func(tx *Tx) error {
			got, err := tx.ServerKey("forms", []byte(fresh))
			if string(got) != "first" {
				t.Errorf("ServerKey = %q, want the first", got)
			}
			return err
		})
	}
}

func TestAttempts(t *testing.T) {
	st, _ := newStore(t)
	c := content(t, st, "q1", "q2", "q3")
	a, b := addUser(t, st), addUser(t, st)
	var ids []int64
	do(t, st, func(tx *Tx) error {
		for i, slug := range []string{"one", "two", "three"} {
			at := Attempt{User: a.ID, Slug: slug, Title: "Title", Listed: c.All(), Attempt: practiceAt(tx.Now())}
			at.Seed = 1<<63 - 1
			if i > 0 {
				at.Mode, at.Deadline = quiz.Exam, tx.Now()+int64(i)*1000
			}
			id, err := tx.AddAttempt(at)
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		e, err := tx.AppendEvidence(a.ID, progress.Evidence{Kind: progress.Responded, Once: "a", Data: `{"text":"yes"}`, Duration: 5})
		return errors.Join(err, tx.SetResponse(ids[0], 1, e.Seq), tx.SetSkipped(ids[0], 2), tx.SetFinished(ids[2], tx.Now()))
	})
	var now int64
	see(t, st, func(tx *Tx) error {
		now = tx.Now()
		return nil
	})
	see(t, st, func(tx *Tx) error {
		at, err := tx.Attempt(a.ID, "one", c)
		if err != nil {
			return err
		}
		if at.Seed != 1<<63-1 || at.Items[1].Result.Verdict != quiz.Right || at.Items[1].Duration != 5 || at.Items[0].Result != nil {
			t.Errorf("attempt = %+v", at.Attempt)
		}
		if diff := cmp.Diff([]bool{false, false, true}, at.Skipped); diff != "" {
			t.Errorf("Skipped (-want +got):\n%s", diff)
		}
		for _, test := range []struct {
			user int64
			slug string
		}{{b.ID, "one"}, {a.ID, "none"}, {0, "one"}} {
			if _, err := tx.Attempt(test.user, test.slug, c); !errors.Is(err, ErrNotFound) {
				t.Errorf("Attempt(%d, %s) = %v, want %v", test.user, test.slug, err, ErrNotFound)
			}
		}
		slugs := func(lines []AttemptLine, err error) string {
			var out []string
			for _, l := range lines {
				out = append(out, l.Slug)
			}
			return fmt.Sprint(out, err)
		}
		for _, test := range []struct{ name, got, want string }{
			{"all", slugs(tx.AttemptLines(a.ID, 0, 10)), "[three two one] <nil>"},
			{"second page", slugs(tx.AttemptLines(a.ID, 1, 1)), "[two] <nil>"},
			{"somebody else's", slugs(tx.AttemptLines(b.ID, 0, 10)), "[] <nil>"},
			{"running", slugs(tx.RunningAttempts(a.ID, now, 10)), "[two one] <nil>"},
			{"running, at a deadline", slugs(tx.RunningAttempts(a.ID, now+1000, 10)), "[one] <nil>"},
		} {
			if test.got != test.want {
				t.Errorf("attempts, %s = %s, want %s", test.name, test.got, test.want)
			}
		}
		for before, want := range map[int64]int{now + 1000: 0, now + 1001: 1, now + 9000: 1} { // the third is finished
			if got, err := tx.Expired(before, 10); err != nil || len(got) != want {
				t.Errorf("Expired(%d) = %v, %v, want %d", before, got, err, want)
			}
		}
		return nil
	})
}

func TestPutStateMovesCounts(t *testing.T) {
	st, _ := newStore(t)
	u := addUser(t, st)
	counts := func() (got map[int64]progress.TopicCounts) {
		see(t, st, func(tx *Tx) (err error) {
			got, err = tx.TopicProgress(u.ID)
			return err
		})
		return got
	}
	none := progress.NewState(7)
	met := progress.State{
		Question: 7, Topic: 1, Live: true, EventSeq: 1, Seq: 4, Answers: 2, LastScore: progress.AllRight, LastAt: 99,
		Cards: []progress.Card{
			{Part: 1, Card: srs.Card{State: srs.Review, Stability: 0.1 + 0.2, Difficulty: 1.0 / 3, DueAt: 1, LastAt: 2, Interval: 3, Reviews: 5, Lapses: 6}},
			{Part: 2, Card: srs.Card{State: srs.Learning, Step: 2}, Changed: true},
		},
	}
	moved, retired, less := met, met, met
	moved.Topic = 2
	retired.Topic, retired.Live = 2, false
	less.Cards = met.Cards[:1]
	one := progress.TopicCounts{Seen: 1, Answered: 1, Correct: 1}
	steps := []struct {
		name          string
		before, after progress.State
		want          map[int64]progress.TopicCounts
	}{
		{"met", none, met, map[int64]progress.TopicCounts{1: one}},
		{"the same", met, met, map[int64]progress.TopicCounts{1: one}},
		{"moved", met, moved, map[int64]progress.TopicCounts{2: one}},
		{"retired", moved, retired, map[int64]progress.TopicCounts{}},
		{"back, a card less", retired, less, map[int64]progress.TopicCounts{1: one}},
	}
	for _, step := range steps {
		do(t, st, func(tx *Tx) error { return tx.PutState(u.ID, step.before, step.after) })
		if diff := cmp.Diff(step.want, counts()); diff != "" {
			t.Errorf("%s: counts (-want +got):\n%s", step.name, diff)
		}
		see(t, st, func(tx *Tx) error {
			got, err := tx.State(u.ID, 7)
			if diff := cmp.Diff(step.after, got); diff != "" {
				t.Errorf("%s: state (-want +got):\n%s", step.name, diff)
			}
			return err
		})
	}
}

// A response to a position, and the end of an attempt, are recorded once, though their once keys are not stored.
func TestUsualOnce(t *testing.T) {
	st, _ := newStore(t)
	c := content(t, st, "q1", "q2")
	a, b := addUser(t, st), addUser(t, st)
	var attempt int64
	do(t, st, func(tx *Tx) (err error) {
		attempt, err = tx.AddAttempt(Attempt{User: a.ID, Slug: "one", Listed: c.All(), Attempt: practiceAt(tx.Now())})
		_, second := tx.AppendEvidence(a.ID, progress.Evidence{Kind: progress.Set, Once: "s"})
		return errors.Join(err, second)
	})
	response := progress.Evidence{Kind: progress.Responded, Attempt: attempt, Position: 1, Data: `{"choices":["a","b"],"unsure":true}`}
	end := progress.Evidence{Kind: progress.Finished, Attempt: attempt, Score: progress.NotJudged}
	for _, e := range []progress.Evidence{response, end} {
		e.Once = e.UsualOnce()
		do(t, st, func(tx *Tx) error {
			added, err := tx.AppendEvidence(a.ID, e)
			if err != nil {
				return err
			}
			if e.Kind == progress.Finished {
				err = tx.SetFinished(attempt, tx.Now())
			} else {
				err = tx.SetResponse(attempt, e.Position, added.Seq)
			}
			if again, twice := tx.AppendEvidence(a.ID, e); !errors.Is(twice, ErrDuplicate) {
				t.Errorf("%s again: %v, as %d", e.Kind, twice, again.Seq)
			}
			if got, gone := tx.Evidence(a.ID, added.Seq); gone != nil || got.Once != e.Once || got.Data != e.Data || got.Kind != e.Kind {
				t.Errorf("%s is read as %+v, %v", e.Kind, got, gone)
			}
			_, other := tx.AppendEvidence(b.ID, e) // as when the attempt is about to become theirs
			return errors.Join(err, other)
		})
	}
	see(t, st, func(tx *Tx) error {
		got, err := tx.Response(a.ID, attempt, 1)
		if got.Seq != 2 {
			t.Errorf("the response is entry %d", got.Seq)
		}
		if _, none := tx.Response(a.ID, attempt, 0); !errors.Is(none, ErrNotFound) {
			t.Errorf("what was not answered has a response: %v", none)
		}
		return err
	})
}

func TestKnown(t *testing.T) {
	st, _ := newStore(t)
	c := content(t, st, "a1", "b1", "a2", "b2") // in topics alpha and beta by turns
	u, other := addUser(t, st), addUser(t, st)
	key := func(slug string) int64 {
		e, err := c.Question(slug)
		if err != nil {
			t.Fatal(err)
		}
		return e.ID
	}
	put := func(user int64, slug string, due int64) func(*Tx) error {
		return func(tx *Tx) error {
			s := progress.State{Question: key(slug), Topic: 1, Live: true, Seq: 1, Cards: []progress.Card{{Card: srs.Card{State: srs.Review, DueAt: due}}}}
			return tx.PutState(user, progress.NewState(s.Question), s)
		}
	}
	for _, write := range []func(*Tx) error{
		put(u.ID, "a1", 300), put(u.ID, "b1", 100), put(u.ID, "a2", 200), put(u.ID, "b2", 50), put(other.ID, "a1", 10),
	} {
		do(t, st, write)
	}
	do(t, st, func(tx *Tx) error { // one card is put aside
		s := progress.State{Question: key("a1"), Topic: 1, Live: true, Seq: 1, Cards: []progress.Card{
			{Card: srs.Card{State: srs.Review, DueAt: 300}}, {Part: 1, Card: srs.Card{State: srs.Review, DueAt: 300}, Suspended: true},
		}}
		return tx.PutState(u.ID, progress.NewState(s.Question), s)
	})
	see(t, st, func(tx *Tx) error {
		known, err := tx.Known(u.ID)
		if err != nil {
			return err
		}
		var got []string
		for _, c := range known.Cards {
			got = append(got, fmt.Sprint(c.DueAt, " ", c.Question == key("a1"), c.Part, c.Suspended))
		}
		want := []string{"50 false 0 false", "100 false 0 false", "200 false 0 false", "300 true 0 false", "300 true 1 true"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("cards by due time (-want +got):\n%s", diff)
		}
		if m, met := known.Question(key("b1")); !met || m.Seq != 1 || len(known.Met) != 4 {
			t.Errorf("questions met = %+v", known.Met)
		}
		if _, met := known.Question(1 << 40); met {
			t.Error("knows a question that is not there")
		}
		times, err := tx.DueTimes(u.ID, 100, 301)
		if diff := cmp.Diff(map[int64]int{100: 1, 200: 1, 300: 1}, times); diff != "" || err != nil {
			t.Errorf("DueTimes (-want +got): %v\n%s", err, diff)
		}
		return err
	})
}

func TestActivity(t *testing.T) {
	st, _ := newStore(t)
	u := addUser(t, st)
	add := func(a progress.Activity) {
		t.Helper()
		do(t, st, func(tx *Tx) error { return tx.AddActivity(u.ID, a) })
	}
	days := func(from int) (got []progress.Activity) {
		see(t, st, func(tx *Tx) (err error) {
			got, err = tx.Days(u.ID, from)
			return err
		})
		return got
	}
	review := progress.Activity{Day: 101, Reviews: 1, New: 1, Duration: 50}
	add(progress.Activity{Day: 100, Answers: 1, Correct: 1, Duration: 30})
	add(progress.Activity{Day: 100, Answers: 1, Duration: 5})
	add(review)
	add(progress.Activity{Day: 99}) // nothing
	want := []progress.Activity{review, {Day: 100, Answers: 2, Correct: 1, Duration: 35}}
	if diff := cmp.Diff(want, days(0)); diff != "" {
		t.Errorf("Days (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[:1], days(101)); diff != "" {
		t.Errorf("Days from 101 (-want +got):\n%s", diff)
	}
	add(review.Minus())
	if diff := cmp.Diff(want[1:], days(0)); diff != "" {
		t.Errorf("Days once the review is taken back (-want +got):\n%s", diff)
	}
}

// listener notes which queries run.
type listener struct {
	runner
	heard map[string]bool
}

func (l listener) exec(ctx context.Context, query string, args []any) (int64, error) {
	l.heard[query] = true
	return l.runner.exec(ctx, query, args)
}

func (l listener) each(ctx context.Context, query string, args []any, scan func(scanner) error) error {
	l.heard[query] = true
	return l.runner.each(ctx, query, args, scan)
}

var placeholder = regexp.MustCompile(`\$(\d+)`)

// TestHotQueriesUseIndexes asks SQLite how it would run each query that a page or an answer waits for.
func TestHotQueriesUseIndexes(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	st, _ := newStore(t)
	c := content(t, st, "q1", "q2")
	u := addUser(t, st)
	heard := map[string]bool{}
	do(t, st, func(tx *Tx) error {
		tx.run = listener{tx.run, heard}
		attempt, err := tx.AddAttempt(Attempt{User: u.ID, Slug: "slug", Listed: c.All(), Attempt: practiceAt(tx.Now())})
		if err != nil {
			return err
		}
		question, revision := c.Questions[0].ID, c.Questions[0].RevisionID
		e, err := tx.AppendEvidence(u.ID, progress.Evidence{Kind: progress.Responded, Once: "x", Question: question, Data: "{}"})
		if err != nil {
			return err
		}
		s := progress.State{Question: question, Topic: 1, Seq: 1, Live: true, Cards: []progress.Card{{}}}
		calls := []func() error{
			func() error { return tx.AddSession([]byte("s"), u.ID) },
			func() error { _, err := tx.Session([]byte("s")); return err },
			func() error { return tx.RenewSession(u.ID, []byte("s")) },
			func() error { _, err := tx.PruneSessions(0, 1); return err },
			func() error { _, err := tx.User(u.ID); return err },
			func() error { return tx.AddUsedForm([]byte("n"), u.ID, attempt) },
			func() error { _, err := tx.UsedForm([]byte("n")); return err },
			func() error { _, err := tx.Attempt(u.ID, "slug", c); return err },
			func() error { return tx.SetResponse(attempt, 0, e.Seq) },
			func() error { return tx.SetMark(attempt, 0, e.Seq) },
			func() error { return tx.SetSkipped(attempt, 1) },
			func() error { _, err := tx.Expired(1, 1); return err },
			func() error { _, err := tx.AttemptLines(u.ID, 0, 10); return err },
			func() error { _, err := tx.RunningAttempts(u.ID, 1, 10); return err },
			func() error { return tx.SetFinished(attempt, 1) },
			func() error { _, err := tx.CountAttempts(u.ID); return err },
			func() error { _, err := tx.Revision(revision); return err },
			func() error { _, err := tx.RecentEvidence(u.ID, 10); return err },
			func() error { _, err := tx.QuestionLog(u.ID, question); return err },
			func() error { _, err := tx.History(u.ID, question, 10); return err },
			func() error { _, err := tx.Evidence(u.ID, 1); return err },
			func() error { _, err := tx.QuestionEvents(question, 0); return err },
			func() error { _, _, err := tx.StaleQuestion(); return err },
			func() error { _, err := tx.BehindOn(question, 10); return err },
			func() error { return tx.PutState(u.ID, progress.NewState(question), s) },
			func() error { return tx.PutState(u.ID, s, progress.NewState(question)) },
			func() error { return tx.AddActivity(u.ID, progress.Activity{Answers: 1}) },
			func() error { _, err := tx.State(u.ID, question); return err },
			func() error { _, err := tx.TopicProgress(u.ID); return err },
			func() error { _, err := tx.LastScores(u.ID); return err },
			func() error { _, err := tx.MetQuestions(u.ID); return err },
			func() error { _, err := tx.Days(u.ID, 0); return err },
			func() error { _, err := tx.Known(u.ID); return err },
			func() error { _, err := tx.DueTimes(u.ID, 1, 2); return err },
			func() error { return tx.PutSearched(map[int64]*Words{question: {}}) },
		}
		for i, call := range calls {
			if err := call(); err != nil {
				return fmt.Errorf("call %d: %w", i, err)
			}
		}
		return nil
	})
	if len(heard) < 35 {
		t.Fatalf("queries heard = %d, want them all", len(heard))
	}
	for query := range heard {
		for _, step := range plan(t, st, query) {
			scans := strings.HasPrefix(step, "SCAN ") && step != "SCAN due" && step != "SCAN CONSTANT ROW"
			// A table of a few rows, read in the order of its key.
			if scans && !strings.HasPrefix(step, "SCAN stale_questions") {
				t.Errorf("%s\nin the plan of%s", step, query)
			}
		}
	}
	// These read as many entries as they return, in order, without sorting.
	for query := range heard {
		if strings.Contains(query, "LIMIT") && strings.Contains(query, "ORDER BY e.seq DESC") || strings.Contains(query, "FROM attempts") {
			for _, step := range plan(t, st, query) {
				if strings.Contains(step, "TEMP B-TREE") {
					t.Errorf("%s\nin the plan of%s", step, query)
				}
			}
		}
	}
}

func plan(t *testing.T, st *Store, query string) []string {
	t.Helper()
	most := strings.Count(query, "?") // of statements of many rows
	for _, m := range placeholder.FindAllStringSubmatch(query, -1) {
		n, _ := strconv.Atoi(m[1])
		most = max(most, n)
	}
	rows, err := st.writer.conn.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, make([]any, most)...)
	if err != nil {
		t.Fatalf("plan of %s: %v", query, err)
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, detail)
	}
	return steps
}
