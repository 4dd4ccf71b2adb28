package web_test

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"rehearse/store"
	"rehearse/store/storetest"
)

// statementsRun holds the text of every statement that the sites of all tests ran.
var statementsRun sync.Map

// growing are the tables that grow with the candidates and with what they do.
var growing = []string{
	"users", "sessions", "used_forms", "attempts", "attempt_items", "skill_checks", "evidence", "bookmarks", "notes", "reports",
	"question_progress", "cards", "topic_progress", "daily_activity", "item_scores", "question_events",
}

// sqliteOnly is in statements that PostgreSQL is not asked.
var sqliteOnly = regexp.MustCompile(`search_index|sqlite_schema|PRAGMA|^(BEGIN|COMMIT|SAVEPOINT|RELEASE|ROLLBACK)`)

// indexHint is what PostgreSQL is not told.
var indexHint = regexp.MustCompile(` INDEXED BY \w+`)

// scanning are the statements that may read such a table from one end to the other, by how they begin, and why.
var scanning = []struct{ begins, why string }{
	{"SELECT coalesce(sum(1 - r.closed), 0)", "reports are read by people: there are never more than they can read"},
	{"SELECT r.id, CASE WHEN q.into_id = 0", "reports, as before"},
	{"SELECT count(*) FROM reports WHERE user_id", "PostgreSQL takes the index of open reports, as long as there are few"},
	{"WITH latest AS (SELECT attempt_id FROM skill_checks", "reads from the end of the table, as many rows as the limit says"},
	{"DELETE FROM used_forms WHERE user_id", "when somebody erases everything; forms are kept for a short time"},
}

// manyStatements is what a run of all tests of this package exceeds.
const manyStatements = 150

// TestZStatementsUseIndexes: no statement that any test of this package ran reads a growing table from one end to the other. It
// stands in the last file, so that the others have run.
func TestZStatementsUseIndexes(t *testing.T) {
	var statements []string
	statementsRun.Range(func(query, _ any) bool {
		statements = append(statements, query.(string))
		return true
	})
	if len(statements) == 0 {
		t.Skip("no test ran any statement before on SQLite")
	}
	slices.Sort(statements)
	name := storetest.Database(t)
	st, err := store.Open(t.Context(), name, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	db, err := storetest.OpenTables(name)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	seen := map[string]bool{}
	for _, statement := range statements {
		if sqliteOnly.MatchString(statement) && storetest.Engine() == storetest.Postgres {
			continue
		}
		if storetest.Engine() == storetest.Postgres {
			statement = indexHint.ReplaceAllString(statement, "")
		}
		tables, err := storetest.Scans(t.Context(), db, statement, growing)
		if err != nil {
			t.Error(err)
		}
		if len(tables) == 0 {
			continue
		}
		short := strings.Join(strings.Fields(statement), " ")
		i := slices.IndexFunc(scanning, func(s struct{ begins, why string }) bool { return strings.HasPrefix(short, s.begins) })
		if i < 0 {
			t.Errorf("reads all of %s:\n%s", strings.Join(tables, ", "), short)
			continue
		}
		seen[scanning[i].begins] = true
	}
	for _, s := range scanning {
		if len(statements) > manyStatements && storetest.Engine() == storetest.SQLite && !seen[s.begins] && !strings.Contains(s.why, "PostgreSQL") {
			t.Errorf("nothing that begins with %q reads a whole table any more: take it off the list", s.begins)
		}
	}
}
