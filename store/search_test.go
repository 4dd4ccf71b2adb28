package store

import (
	"slices"
	"strings"
	"testing"

	"rehearse/bank"
	"rehearse/search"
	"rehearse/store/storetest"
)

// searchable puts questions into a store, their words from title, stem, tags and explanation, and returns their keys.
func searchable(t *testing.T, st *Store, texts ...[4]string) []int64 {
	t.Helper()
	var slugs []string
	for i := range texts {
		slugs = append(slugs, string(rune('a'+i)))
	}
	c := content(t, st, slugs...)
	var keys []int64
	do(t, st, func(tx *Tx) error {
		keys = nil
		stemmer := search.Stemmer{}
		for i, text := range texts {
			e, err := c.Question(slugs[i])
			if err != nil {
				return err
			}
			if err := tx.PutSearched(map[int64]*Words{e.ID: WordsOf(searchedQuestion(text), stemmer)}); err != nil {
				return err
			}
			keys = append(keys, e.ID)
		}
		return nil
	})
	return keys
}

func searchedQuestion(text [4]string) *bank.Question {
	q := &bank.Question{}
	q.Use = bank.Uses()
	q.Title.Text, q.Stem.Text, q.Tags, q.Explanation.Text = text[0], text[1], strings.Fields(text[2]), text[3]
	return q
}

func find(t *testing.T, st *Store, q search.Query) (found []int64) {
	t.Helper()
	see(t, st, func(tx *Tx) (err error) {
		found, _, err = tx.Search(q)
		return err
	})
	return found
}

func TestSearch(t *testing.T) {
	st, _ := newStore(t)
	keys := searchable(t, st,
		[4]string{"What is a deadlock?", "Two transactions wait.", "transactions locking", "Each one holds what the other needs."},
		[4]string{"Which isolation level?", "A café sells tickets.", "isolation", "At this level a deadlock cannot happen; the index is read."},
		[4]string{"When is an index used?", "The planner chooses a way.", "indexes", "It compares costs."},
	)
	for query, want := range map[string][]int64{
		"deadlocks":                   {keys[0], keys[1]}, // the title counts more than the explanation
		"INDEX":                       {keys[2], keys[1]},
		"transaction wait":            {keys[0]},
		"cafe":                        {keys[1]},
		"deadlock planner":            nil,
		`"deadlock" NOT wait`:         nil,
		`deadlock* ^wait`:             {keys[0]},
		"title:deadlock":              nil,
		"wait & (two) | !x <-> 'a'":   nil,
		"\\':* two \x00 wait \xff --": {keys[0]},
	} {
		if got := find(t, st, search.Parse(query)); !slices.Equal(got, want) {
			t.Errorf("search for %q found %v, want %v", query, got, want)
		}
	}
	some := search.Parse("deadlock planner")
	some.Any = true
	if got := find(t, st, some); len(got) != 3 {
		t.Errorf("one of the words found %v, want all three", got)
	}
	begun := search.Parse("isol trans")
	begun.Open = true
	if got := find(t, st, begun); got != nil {
		t.Errorf("the beginnings of two words found %v, want nothing", got)
	}
	begun = search.Parse("trans dea")
	begun.Open = true
	if got := find(t, st, begun); !slices.Equal(got, keys[:1]) {
		t.Errorf("the beginnings of two words found %v, want %v", got, keys[:1])
	}
	if got := find(t, st, search.Parse(strings.Repeat(`"x* (`, 4000))); got != nil {
		t.Errorf("10 KB of operators found %v", got)
	}
}

// TestSearchFollowsQuestions is about rows that change and go: the index has no words of theirs.
func TestSearchFollowsQuestions(t *testing.T) {
	st, _ := newStore(t)
	keys := searchable(t, st, [4]string{"old words", "", "", ""}, [4]string{"old friends", "", "", ""})
	see := func(want map[string][]int64) {
		t.Helper()
		for query, keys := range want {
			if got := find(t, st, search.Parse(query)); !slices.Equal(got, keys) {
				t.Errorf("search for %q found %v, want %v", query, got, keys)
			}
		}
	}
	see(map[string][]int64{"old": keys})
	do(t, st, func(tx *Tx) error {
		return tx.PutSearched(map[int64]*Words{keys[0]: WordsOf(searchedQuestion([4]string{"new words", "", "", ""}), search.Stemmer{})})
	})
	see(map[string][]int64{"old": keys[1:], "new": keys[:1], "words": keys[:1]})
	do(t, st, func(tx *Tx) error {
		secret := searchedQuestion([4]string{"old friends", "", "", ""})
		secret.Use = []bank.Use{bank.UseAssessment}
		return tx.PutSearched(map[int64]*Words{keys[1]: WordsOf(secret, search.Stemmer{})})
	})
	see(map[string][]int64{"old": nil, "friends": nil})
	do(t, st, func(tx *Tx) error {
		if _, err := tx.affect(`UPDATE questions SET live = 0 WHERE id = $1`, keys[0]); err != nil {
			return err
		}
		var bankID int64
		if err := tx.row(`SELECT bank_id FROM questions WHERE id = $1`, []any{keys[0]}, &bankID); err != nil {
			return err
		}
		return tx.DropRetiredSearched(bankID)
	})
	see(map[string][]int64{"new": nil, "words": nil})
}

// TestSearchReadsTheIndex looks at how the engines go about it: no search reads all texts.
func TestSearchReadsTheIndex(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	st, _ := newStore(t)
	steps := plan(t, st, strings.Replace(sqliteSearch+sqliteRank, "$1", "'word'", 1))
	if !slices.ContainsFunc(steps, func(s string) bool { return strings.HasPrefix(s, "SCAN search_index VIRTUAL TABLE INDEX 0:M") }) {
		t.Errorf("the plan is %q", steps)
	}
}

// TestSearchReadsTheIndexOfPostgreSQL is the same with so many rows that the planner prefers the index.
func TestSearchReadsTheIndexOfPostgreSQL(t *testing.T) {
	storetest.On(t, storetest.Postgres)
	st, _ := newStore(t)
	searchable(t, st, [4]string{"needle", "", "", ""})
	do(t, st, func(tx *Tx) error {
		for _, query := range []string{
			`INSERT INTO questions (bank_id, slug, topic_id, file, line, sort, labels, live)
				SELECT bank_id, 'q' || n, topic_id, file, line, sort, labels, live FROM questions, generate_series(1, 3000) AS n`,
			`INSERT INTO search_texts (question_id, edition, title, stem, tags, explanation)
				SELECT id, 1, 'hay', 'stack ' || id, '', '' FROM questions WHERE slug LIKE 'q%'`,
			`ANALYZE search_texts`,
		} {
			if err := tx.exec(query); err != nil {
				return err
			}
		}
		return nil
	})
	var steps []string
	see(t, st, func(tx *Tx) error {
		return tx.rows("EXPLAIN "+strings.ReplaceAll(postgresSearch+postgresRank, "CAST($1 AS TEXT)", "'needl'"), nil, func(row scanner) error {
			var step string
			err := row.Scan(&step)
			steps = append(steps, step)
			return err
		})
	})
	if text := strings.Join(steps, "\n"); !strings.Contains(text, "search_texts_words") || strings.Contains(text, "Seq Scan") {
		t.Errorf("the plan is\n%s", text)
	}
}
