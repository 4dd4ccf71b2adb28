package store

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// absorbed makes the first question of a catalog take in the second.
func absorbed(t *testing.T, st *Store, c *Catalog) {
	t.Helper()
	do(t, st, func(tx *Tx) error {
		load, _, err := tx.AddContentLoad(1)
		return errors.Join(err, tx.Absorb(c.Questions[0].ID, c.Questions[1].ID, load))
	})
}

func TestBookmarks(t *testing.T) {
	st, _ := newStore(t)
	c := content(t, st, "q1", "q2", "q3")
	u, other := addUser(t, st), addUser(t, st)
	q := [3]int64{c.Questions[0].ID, c.Questions[1].ID, c.Questions[2].ID}
	check := func(name string, user int64, want ...int64) {
		t.Helper()
		see(t, st, func(tx *Tx) error {
			got, err := tx.Bookmarks(user)
			marked := map[int64]bool{}
			for _, id := range want {
				marked[id] = true
			}
			if diff := cmp.Diff(marked, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
			for _, id := range q {
				if one, err := tx.Bookmarked(user, id); one != marked[id] || err != nil {
					t.Errorf("%s: Bookmarked(%d) = %v, %v, want %v", name, id, one, err, marked[id])
				}
			}
			return err
		})
	}
	set := func(user, question int64, on bool) {
		t.Helper()
		do(t, st, func(tx *Tx) error { return tx.SetBookmark(user, question, on) })
	}
	check("none", u.ID)
	set(u.ID, q[1], true)
	set(u.ID, q[1], true)
	set(u.ID, q[2], true)
	set(other.ID, q[0], true)
	check("two", u.ID, q[1], q[2])
	check("another's", other.ID, q[0])
	set(u.ID, q[2], false)
	set(u.ID, q[2], false)
	check("one taken away", u.ID, q[1])
	set(u.ID, q[2], true)
	absorbed(t, st, c)
	see(t, st, func(tx *Tx) error {
		got, err := tx.Bookmarks(u.ID)
		if diff := cmp.Diff(map[int64]bool{q[0]: true, q[2]: true}, got); diff != "" {
			t.Errorf("of a question that was taken in (-want +got):\n%s", diff)
		}
		return err
	})
	do(t, st, func(tx *Tx) error { return tx.MoveBookmarks(other.ID, u.ID) })
	set(u.ID, q[0], false)
	see(t, st, func(tx *Tx) error {
		got, err := tx.Bookmarks(u.ID)
		if diff := cmp.Diff(map[int64]bool{q[2]: true}, got); diff != "" {
			t.Errorf("after the one that took it in lost the mark (-want +got):\n%s", diff)
		}
		left, err2 := tx.Bookmarks(other.ID)
		if len(left) > 0 {
			t.Errorf("bookmarks moved and still there: %v", left)
		}
		return errors.Join(err, err2)
	})
}

func TestNotes(t *testing.T) {
	st, clock := newStore(t)
	c := content(t, st, "q1", "q2", "q3")
	u, other := addUser(t, st), addUser(t, st)
	q := [3]int64{c.Questions[0].ID, c.Questions[1].ID, c.Questions[2].ID}
	put := func(user, question int64, text string) {
		t.Helper()
		clock.add(time.Second)
		do(t, st, func(tx *Tx) error { return tx.PutNote(user, question, text) })
	}
	check := func(name string, user, question int64, want string) {
		t.Helper()
		see(t, st, func(tx *Tx) error {
			got, err := tx.Note(user, question)
			if got != want {
				t.Errorf("%s: note = %q, want %q", name, got, want)
			}
			return err
		})
	}
	check("none", u.ID, q[0], "")
	put(u.ID, q[0], "one")
	put(u.ID, q[0], "two\nlines")
	put(u.ID, q[1], "of the other")
	put(u.ID, q[2], "gone")
	put(u.ID, q[2], "")
	put(other.ID, q[0], "theirs")
	put(other.ID, q[2], "theirs alone")
	check("written anew", u.ID, q[0], "two\nlines")
	check("deleted", u.ID, q[2], "")
	check("another's", other.ID, q[0], "theirs")
	absorbed(t, st, c)
	check("with that of a question taken in", u.ID, q[0], "two\nlines\n\nof the other")
	do(t, st, func(tx *Tx) error { return tx.MoveNotes(other.ID, u.ID) })
	check("moved", u.ID, q[2], "theirs alone")
	check("moved away", other.ID, q[2], "")
	put(u.ID, q[0], "all new")
	check("one in place of three", u.ID, q[0], "all new")
}

func TestMovedNotesJoin(t *testing.T) {
	st, _ := newStore(t)
	c := content(t, st, "q1", "q2")
	into, from := addUser(t, st), addUser(t, st)
	do(t, st, func(tx *Tx) error {
		q1, q2 := c.Questions[0].ID, c.Questions[1].ID
		return errors.Join(
			tx.PutNote(into.ID, q1, "mine"), tx.PutNote(from.ID, q1, "theirs"),
			tx.PutNote(into.ID, q2, "same"), tx.PutNote(from.ID, q2, "same"),
			tx.MoveNotes(from.ID, into.ID),
		)
	})
	see(t, st, func(tx *Tx) error {
		for i, want := range []string{"mine\n\ntheirs", "same"} {
			if got, err := tx.Note(into.ID, c.Questions[i].ID); got != want || err != nil {
				t.Errorf("note %d = %q, %v, want %q", i, got, err, want)
			}
		}
		return nil
	})
}

func TestReports(t *testing.T) {
	st, clock := newStore(t)
	c := content(t, st, "q1", "q2", "q3")
	u, other := addUser(t, st), addUser(t, st)
	q := c.Questions
	add := func(user int64, e Listed, kind ReportKind, text string) {
		t.Helper()
		clock.add(time.Second)
		do(t, st, func(tx *Tx) error {
			return tx.AddReport(user, Report{Question: e.ID, Revision: e.RevisionID, Kind: kind, Text: text})
		})
	}
	ids := func(reports []Report, err error) (out []int64) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range reports {
			out = append(out, r.ID)
		}
		return out
	}
	same := func(name string, want, got any) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	add(u.ID, q[0], WrongAnswer, "B is right")
	add(u.ID, q[0], WrongAnswer, "B is right") // sent twice
	add(u.ID, q[1], Typo, "teh")
	add(other.ID, q[0], WrongAnswer, "B is right")
	absorbed(t, st, c) // q2 into q1
	see(t, st, func(tx *Tx) error {
		same("of the question that took one in", []int64{2, 1}, ids(tx.Reports(u.ID, q[0].ID)))
		same("another's", []int64{3}, ids(tx.Reports(other.ID, q[0].ID)))
		same("of a question without any", []int64(nil), ids(tx.Reports(u.ID, q[2].ID)))
		same("unread", []int64(nil), ids(tx.UnreadReports(u.ID)))
		n, err := tx.CountReports(u.ID)
		same("open", 2, n)
		return err
	})
	clock.add(time.Hour)
	do(t, st, func(tx *Tx) error {
		return errors.Join(tx.AnswerReport(1, "Mended.", true), tx.AnswerReport(2, "Which one?", false))
	})
	answered := clock.Now().UnixMilli()
	clock.add(time.Hour)
	do(t, st, func(tx *Tx) error { return tx.AnswerReport(1, "Mended.", true) }) // nothing new
	see(t, st, func(tx *Tx) error {
		same("unread after answers", []int64{1, 2}, ids(tx.UnreadReports(u.ID)))
		list, err := tx.Reports(u.ID, q[0].ID)
		same("answered", Report{
			ID: 1, Question: q[0].ID, Revision: q[0].RevisionID, At: list[1].At, Kind: WrongAnswer, Text: "B is right", Answer: "Mended.",
			AnsweredAt: answered, Closed: true,
		}, list[1])
		open, closed, err2 := tx.CountBankReports("test")
		same("counts", [2]int{2, 1}, [2]int{open, closed})
		return errors.Join(err, err2)
	})
	do(t, st, func(tx *Tx) error { return tx.ReadReports(u.ID, answered-1) })
	see(t, st, func(tx *Tx) error {
		same("an answer that came after the page was shown", []int64{1, 2}, ids(tx.UnreadReports(u.ID)))
		return nil
	})
	do(t, st, func(tx *Tx) error { return tx.ReadReports(u.ID, answered) })
	add(u.ID, q[0], WrongAnswer, "B is right") // once more, after the first was closed
	see(t, st, func(tx *Tx) error {
		same("unread when read", []int64(nil), ids(tx.UnreadReports(u.ID)))
		list, err := tx.BankReports("test", false, 1, 10)
		if err != nil {
			return err
		}
		at := list[0].At
		same("open ones, from the second", []Reported{
			{Report: Report{ID: 3, Question: q[0].ID, Revision: q[0].RevisionID, At: at, Kind: WrongAnswer, Text: "B is right"}, Slug: "q1", File: "x.md", Line: 1, Live: true},
			{Report: list[1].Report, Slug: "q1", File: "x.md", Line: 1, Live: true},
		}, list)
		first, err := tx.BankReports("test", false, 0, 1)
		same("on a question that was taken in", true, len(first) == 1 && first[0].Changed && first[0].Slug == "q1")
		closed, err2 := tx.BankReports("test", true, 0, 10)
		same("closed ones", true, len(closed) == 1 && closed[0].ID == 1)
		return errors.Join(err, err2)
	})
	do(t, st, func(tx *Tx) error { return tx.MoveReports(other.ID, u.ID) })
	see(t, st, func(tx *Tx) error {
		same("moved", []int64{4, 3, 2, 1}, ids(tx.Reports(u.ID, q[0].ID)))
		return nil
	})
	for _, id := range []int64{0, 99} {
		err := st.Update(t.Context(), func(tx *Tx) error { return tx.AnswerReport(id, "x", true) })
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("AnswerReport(%d) = %v, want %v", id, err, ErrNotFound)
		}
	}
}
