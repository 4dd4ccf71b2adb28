package store

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"rehearse/progress"
	"rehearse/store/storetest"
)

// noOwner are the tables that hold nothing of any candidate.
var noOwner = map[string]string{
	"banks": "content", "topics": "content", "questions": "content", "aliases": "content", "revisions": "content",
	"content_loads": "content", "question_events": "content", "stale_questions": "content", "search_texts": "content", "kept_catalogs": "content",
	"corrections":  "content; how many responses were scored anew is a number that belongs to nobody",
	"calibrations": "estimates over everybody, of the questions", "item_params": "estimates over everybody, of the questions",
	"item_scores":     "counts over everybody; what a candidate added is taken back by package practice",
	"rebuilds":        "times of rebuilds",
	"server_keys":     "secrets of the server",
	"unfinished_copy": "a mark that stands during a copy",
}

// TestEveryTableHasAnOwnerOrAReason fails for a new table until somebody has said whose rows it holds.
func TestEveryTableHasAnOwnerOrAReason(t *testing.T) {
	st, _ := newStore(t)
	tables, err := st.tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var known []string
	for _, table := range tables {
		known = append(known, table.name)
		erased := slices.ContainsFunc(owned, func(o ownedTable) bool { return o.table == table.name })
		named := slices.ContainsFunc(table.columns, func(c column) bool { return strings.HasPrefix(c.name, "user_") })
		reason := noOwner[table.name]
		switch {
		case named && !erased:
			t.Errorf("table %s has rows of candidates and is not in owned: nobody's would be erased", table.name)
		case !erased && reason == "":
			t.Errorf("table %s is neither in owned nor in noOwner", table.name)
		case erased && reason != "":
			t.Errorf("table %s is in owned and in noOwner", table.name)
		}
	}
	for _, o := range owned {
		if !slices.Contains(known, o.table) {
			t.Errorf("owned has a table %s that does not exist", o.table)
		}
	}
}

// canaries are texts that a candidate left everywhere.
func canaries(user int64) map[string]string {
	out := map[string]string{}
	for _, where := range []string{"answer", "title", "slug", "once", "zone", "nonce", "session", "note", "report"} {
		out[where] = fmt.Sprintf("canary-%s-%d-%s", where, user, strings.Repeat("x", 8))
	}
	out["mail"] = fmt.Sprintf("somebody.%d@canary.example", user)
	return out
}

// leave writes rows of a candidate among those of others, in several updates, so that pages are split and moved.
func leave(t *testing.T, st *Store, c *Catalog, user int64, round, entries int) {
	t.Helper()
	entry, err := c.Question("q1")
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < entries; n += 4 {
		do(t, st, func(tx *Tx) error {
			for i := range 4 {
				if err := leaveOne(tx, entry, user, round*1000+n+i); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func leaveOne(tx *Tx, entry *Entry, user int64, n int) error {
	k := canaries(user)
	l := entry.Listed()
	a := Attempt{Slug: fmt.Sprintf("%s-%d", k["slug"], n), User: user, Title: k["title"], Listed: []*Listed{&l}}
	a.Attempt = practiceAt(tx.Now())
	id, err := tx.AddAttempt(a)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s %s %s", k["answer"], k["mail"], strings.Repeat("y", rand.IntN(300)*(n%9)))
	e, err := tx.AppendEvidence(user, progress.Evidence{
		Kind: progress.Responded, Once: fmt.Sprintf("%s-%d", k["once"], n), Question: entry.ID, Revision: entry.RevisionID, Attempt: id,
		Score: progress.AllRight, Data: fmt.Sprintf(`{"text":%q}`, text),
	})
	if err != nil {
		return err
	}
	if err := tx.AddUsedForm(fmt.Appendf(nil, "%s-%d", k["nonce"], n), user, id); err != nil {
		return err
	}
	if err := tx.AddSession(fmt.Appendf(nil, "%s-%d", k["session"], n), user); err != nil {
		return err
	}
	if err := tx.PutNote(user, entry.ID, fmt.Sprintf("%s %d", k["note"], n)); err != nil {
		return err
	}
	report := Report{Question: entry.ID, Revision: entry.RevisionID, Kind: Typo, Text: fmt.Sprintf("%s %d", k["report"], n)}
	if err := tx.AddReport(user, report); err != nil {
		return err
	}
	if err := tx.SetBookmark(user, entry.ID, true); err != nil {
		return err
	}
	s := progress.NewState(entry.ID)
	s.Seq, s.Topic, s.Live = e.Seq, entry.TopicID, true
	if err := tx.PutState(user, progress.NewState(entry.ID), s); err != nil {
		return err
	}
	return tx.AddActivity(user, progress.Activity{Day: n, Answers: 1})
}

// TestErase deletes a candidate among others and looks for what is left: rows, and on SQLite bytes in the files.
func TestErase(t *testing.T) {
	database := storetest.Database(t)
	st := open(t, database, newClock())
	c := content(t, st, "q0", "q1")
	var users []int64
	for range 5 {
		u := addUser(t, st)
		u.Settings.Zone = canaries(u.ID)["zone"]
		do(t, st, func(tx *Tx) error { return tx.PutUser(u) })
		users = append(users, u.ID)
	}
	for round := range 3 {
		for _, u := range users {
			leave(t, st, c, u, round, 10+rand.IntN(40))
		}
	}
	gone, merged, stays := users[2], users[3], users[1]
	do(t, st, func(tx *Tx) error { return tx.SetMerged(merged, gone) })
	before := traces(t, st, database, stays)
	do(t, st, func(tx *Tx) error { return tx.Erase(gone) })
	if done, err := st.Scrub(t.Context()); err != nil || !done {
		t.Fatalf("Scrub: %v %v", done, err)
	}
	for _, user := range []int64{gone, merged} {
		if left := traces(t, st, database, user); len(left) > 0 {
			t.Errorf("of user %d is left:\n%s", user, strings.Join(left, "\n"))
		}
	}
	if after := traces(t, st, database, stays); len(before) == 0 || len(after) < len(canaries(stays)) {
		t.Errorf("of user %d, who stays, is left only\n%s\nwhat was there before:\n%s", stays, strings.Join(after, "\n"), strings.Join(before, "\n"))
	}
	see(t, st, func(tx *Tx) error {
		if _, err := tx.User(gone); !errors.Is(err, ErrNotFound) {
			t.Errorf("the erased candidate: %v", err)
		}
		return nil
	})
	if err := st.Update(t.Context(), func(tx *Tx) error { return tx.Erase(gone) }); !errors.Is(err, ErrNotFound) {
		t.Errorf("erased once more: %v", err)
	}
	if u := addUser(t, st); slices.Contains(users, u.ID) {
		t.Errorf("a new candidate has the number %d of an earlier one", u.ID)
	}
}

// traces returns where the canaries of a candidate are: in which tables, and on SQLite in which files.
func traces(t *testing.T, st *Store, database string, user int64) []string {
	t.Helper()
	var found []string
	db, err := storetest.OpenTables(database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, o := range owned {
		where := strings.ReplaceAll(o.where, "$1", fmt.Sprint(user))
		var n int
		if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM "+o.table+" WHERE "+where).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			found = append(found, fmt.Sprintf("table %s: %d rows", o.table, n))
		}
	}
	if path, ok := File(database); ok {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			data, err := os.ReadFile(path + suffix)
			if err != nil {
				t.Fatal(err)
			}
			for where, canary := range canaries(user) {
				if n := bytes.Count(data, []byte(canary)); n > 0 {
					found = append(found, fmt.Sprintf("file %s: %s %d times", suffix, where, n))
				}
			}
		}
	}
	return found
}
