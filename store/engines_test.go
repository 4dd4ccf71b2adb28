package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"rehearse/progress"
	"rehearse/store/storetest"
)

// onBoth opens a new store on each engine. The tests here are about both, so they run once.
func onBoth(t *testing.T) (lite, pg *Store) {
	t.Helper()
	storetest.On(t, storetest.Postgres)
	return open(t, filepath.Join(t.TempDir(), "test.db"), newClock()), open(t, storetest.NewPostgres(t), newClock())
}

// TestSchemasAreTheSame compares tables, columns, types, what may be NULL, and keys.
func TestSchemasAreTheSame(t *testing.T) {
	lite, pg := onBoth(t)
	types := map[string]string{"INTEGER": "bigint", "TEXT": "text", "REAL": "double precision", "BLOB": "bytea"}
	describe := func(st *Store) map[string][]string {
		tables, err := st.tables(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		out := map[string][]string{}
		for _, table := range tables {
			lines := []string{"key " + table.keyNames()}
			for _, c := range table.columns {
				if st == lite {
					c.kind = types[c.kind]
				}
				lines = append(lines, fmt.Sprintf("%s %s nullable %v", c.name, c.kind, c.nullable))
			}
			out[table.name] = lines
		}
		return out
	}
	if diff := cmp.Diff(describe(lite), describe(pg)); diff != "" {
		t.Errorf("tables (-sqlite +postgres):\n%s", diff)
	}
	lines := func(st *Store, query string) []string {
		rows, err := st.readers.QueryContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		var out []string
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				t.Fatal(err)
			}
			out = append(out, line)
		}
		slices.Sort(out)
		return out
	}
	unique := map[*Store]string{
		lite: `
			SELECT t.name || ' (' || (SELECT group_concat(c.name, ', ') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno) c) || ')'
			FROM sqlite_schema t
			JOIN pragma_index_list(t.name) i ON i."unique" = 1 AND i.origin <> 'pk'
			WHERE t.type = 'table'`,
		pg: `
			SELECT i.indrelid::regclass || ' (' || (
				SELECT string_agg(a.attname, ', ' ORDER BY k.place)
				FROM unnest(i.indkey) WITH ORDINALITY k (attnum, place)
				JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum) || ')'
			FROM pg_index i
			JOIN pg_class t ON t.oid = i.indrelid AND t.relnamespace = current_schema()::regnamespace
			WHERE i.indisunique AND NOT i.indisprimary`,
	}
	foreign := map[*Store]string{
		lite: `
			SELECT t.name || '.' || f."from" || ' to ' || f."table" || '.' || coalesce(f."to", 'id')
			FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f
			WHERE t.type = 'table'`,
		pg: `
			SELECT k.conrelid::regclass || '.' || a.attname || ' to ' || k.confrelid::regclass || '.' || b.attname
			FROM pg_constraint k
			JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
			JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[1]
			WHERE k.contype = 'f'`,
	}
	for name, query := range map[string]map[*Store]string{"unique keys": unique, "foreign keys": foreign} {
		want, got := lines(lite, query[lite]), lines(pg, query[pg])
		if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 {
			t.Errorf("%s (-sqlite +postgres):\n%s", name, diff)
		}
	}
	// Checks and partial indexes are compared as they are written: in two dialects they would read differently.
	for _, what := range []string{`CHECK \(.*\)`, `NOT NULL DEFAULT [^ ,]+`, `CREATE (UNIQUE )?INDEX .*;`} {
		find := regexp.MustCompile(what)
		var found [2][]string
		for i, engine := range []string{"sqlite", "postgres"} {
			files, err := filepath.Glob("migrations/" + engine + "/*.sql")
			if err != nil || len(files) == 0 {
				t.Fatal(files, err)
			}
			for _, file := range files {
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				for _, line := range find.FindAllString(string(text), -1) {
					if !strings.Contains(line, "USING gin") { // the index of words, which SQLite keeps as a table
						found[i] = append(found[i], line)
					}
				}
			}
		}
		if diff := cmp.Diff(found[0], found[1]); diff != "" || len(found[0]) == 0 {
			t.Errorf("%s (-sqlite +postgres):\n%s", what, diff)
		}
	}
	for _, line := range lines(pg, `
		SELECT c.table_name || '.' || c.column_name
		FROM information_schema.columns c
		WHERE c.table_schema = current_schema() AND c.data_type = 'text' AND c.collation_name IS DISTINCT FROM 'C'`) {
		t.Errorf("%s does not sort by its bytes", line)
	}
}

// TestTextSortsByItsBytes: the order of text, whether case matters and where NULL stands are the same on both engines.
func TestTextSortsByItsBytes(t *testing.T) {
	st, _ := newStore(t)
	slugs := []string{"é", "b", "Z", "a", "B", "_", "ß", "a b", "ab", "ａ", "😀", "~"}
	do(t, st, func(tx *Tx) error {
		bankID, _, err := tx.PutBank(testBank())
		for i, slug := range slugs {
			_, topicErr := tx.PutTopic(bankID, Topic{Slug: slug, File: slug, Sort: i})
			err = errors.Join(err, topicErr)
		}
		u, userErr := tx.AddUser(utc)
		for i, score := range []int64{5, progress.NotJudged, 7} {
			_, evidenceErr := tx.AppendEvidence(u.ID, progress.Evidence{Kind: progress.Set, Once: fmt.Sprint(i), Score: score})
			err = errors.Join(err, evidenceErr)
		}
		return errors.Join(err, userErr)
	})
	want := slices.Sorted(slices.Values(slugs)) // Go compares bytes
	see(t, st, func(tx *Tx) error {
		var got []string
		err := tx.rows(`SELECT slug FROM topics ORDER BY slug`, nil, func(row scanner) error {
			var slug string
			err := row.Scan(&slug)
			got = append(got, slug)
			return err
		})
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("order of text: %v (-want +got):\n%s", err, diff)
		}
		for slug, n := range map[string]int{"a": 1, "A": 0, "É": 0, "z": 0} {
			var got int
			if err := tx.row(`SELECT count(*) FROM topics WHERE slug = $1`, []any{slug}, &got); err != nil || got != n {
				t.Errorf("topics called %q: %d, %v, want %d", slug, got, err, n)
			}
		}
		return nil
	})
	// No statement leaves the place of NULL to the engine: the only column that may be NULL orders nothing.
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if regexp.MustCompile(`ORDER BY [^\n]*\bscore\b`).Match(text) {
			t.Errorf("%s orders by a column that may be NULL: say NULLS FIRST or LAST", file)
		}
	}
}

func TestWhatIsNotTextIsNotFound(t *testing.T) {
	st, _ := newStore(t)
	u := addUser(t, st)
	for _, slug := range []string{"a\x00b", "\xff", "\xed\xa0\x80"} {
		do(t, st, func(tx *Tx) error {
			if _, err := tx.Attempt(u.ID, slug, &Catalog{}); !errors.Is(err, ErrNotFound) {
				t.Errorf("Attempt(%q) = %v, want %v", slug, err, ErrNotFound)
			}
			return nil
		})
		err := st.Update(t.Context(), func(tx *Tx) error { return tx.PutUser(User{ID: u.ID, Theme: slug}) })
		if err == nil {
			t.Errorf("theme %q: no error", slug)
		}
	}
}

func TestAFailedStatementEndsTheUpdate(t *testing.T) {
	st, _ := newStore(t)
	u := addUser(t, st)
	err := st.Update(t.Context(), func(tx *Tx) error {
		_ = tx.PutUser(User{ID: u.ID, NewPerDay: -1}) // nobody looks
		return nil
	})
	if err == nil {
		t.Error("Update in which a statement failed: no error")
	}
	if err := st.Update(t.Context(), func(tx *Tx) error { return tx.PutUser(u) }); err != nil {
		t.Errorf("the next update: %v", err)
	}
}

// two opens a PostgreSQL database twice, as two processes do whose clocks are an hour apart.
func two(t *testing.T) (ahead, behind *Store, clocks [2]*handClock, url string) {
	t.Helper()
	storetest.On(t, storetest.Postgres)
	url = storetest.Database(t)
	clocks = [2]*handClock{newClock(), newClock()}
	clocks[0].add(time.Hour)
	return open(t, url, clocks[0]), open(t, url, clocks[1]), clocks, url
}

func TestTimeNeverGoesBackAcrossProcesses(t *testing.T) {
	ahead, behind, clocks, url := two(t)
	u := addUser(t, ahead)
	var last int64
	for i, st := range []*Store{ahead, behind, behind, ahead, behind} {
		do(t, st, func(tx *Tx) error { // what comes late has its own time, and moves nobody's
			_, err := tx.AppendLate(u.ID, progress.Evidence{Kind: progress.Set, Once: fmt.Sprint("late ", i), At: 1})
			return err
		})
		do(t, st, func(tx *Tx) error {
			e, err := tx.AppendEvidence(u.ID, progress.Evidence{Kind: progress.Set, Once: fmt.Sprint(i)})
			if e.At < last {
				t.Errorf("entry %d at %d, the one before at %d", i, e.At, last)
			}
			last = e.At
			return err
		})
	}
	// A load comes after every answer of every process, and every later answer after the load.
	clocks[0].add(time.Minute)
	other := addUser(t, ahead)
	do(t, ahead, func(tx *Tx) error {
		e, err := tx.AppendEvidence(other.ID, progress.Evidence{Kind: progress.Set, Once: "x"})
		last = e.At
		return err
	})
	var load int64
	do(t, behind, func(tx *Tx) error {
		bankID, _, err := tx.PutBank(testBank())
		if err != nil {
			return err
		}
		_, load, err = tx.AddContentLoad(bankID)
		return err
	})
	if load <= last {
		t.Errorf("a load at %d, the last answer at %d", load, last)
	}
	third := open(t, url, newClock()) // knows of nothing but what the tables hold
	fresh := addUser(t, third)
	do(t, third, func(tx *Tx) error {
		e, err := tx.AppendEvidence(fresh.ID, progress.Evidence{Kind: progress.Set, Once: "x"})
		if e.At < load {
			t.Errorf("an answer at %d after a load at %d", e.At, load)
		}
		return err
	})
}

// TestLoadsHaveTheDatabaseToThemselves: no update of any process runs beside a load.
func TestLoadsHaveTheDatabaseToThemselves(t *testing.T) {
	a, b, _, _ := two(t)
	u := addUser(t, a)
	var running, alone atomic.Int64
	var all sync.WaitGroup
	for i := range 60 {
		st := []*Store{a, b}[i%2]
		all.Go(func() {
			if i%10 == 0 {
				err := st.UpdateAlone(context.Background(), func(tx *Tx) error {
					alone.Add(1)
					defer alone.Add(-1)
					if n := running.Load(); n > 0 || alone.Load() > 1 {
						t.Errorf("%d updates and %d loads run beside a load", n, alone.Load()-1)
					}
					return tx.exec(`SELECT pg_sleep(0.005)`)
				})
				if err != nil {
					t.Error(err)
				}
				return
			}
			if i%3 == 0 {
				err := st.UpdateOf(context.Background(), u.ID, func(tx *Tx) error {
					for n := range 4 { // it begins anew each time that it has slept
						if alone.Load() > 0 {
							t.Error("a group of updates runs beside a load")
						}
						if err := tx.row(`SELECT length(CAST(pg_sleep(0.002) AS TEXT)) + $1`, []any{n}, new(int)); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
				return
			}
			err := st.Update(context.Background(), func(tx *Tx) error {
				running.Add(1)
				defer running.Add(-1)
				if alone.Load() > 0 {
					t.Error("an update runs beside a load")
				}
				return errors.Join(addOne(tx), tx.exec(`SELECT pg_sleep(0.002)`))
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// TestUpdatesOfOneCandidateFollowEachOther: two processes, one candidate, one shared row of statistics; nothing is lost.
func TestUpdatesOfOneCandidateFollowEachOther(t *testing.T) {
	a, b, _, _ := two(t)
	c := content(t, a, "q1", "q2", "q3")
	u, v := addUser(t, a), addUser(t, b)
	const each = 25
	var all sync.WaitGroup
	for i, st := range []*Store{a, b, a, b} {
		user := []User{u, u, v, v}[i]
		all.Go(func() {
			for n := range each {
				err := st.Update(context.Background(), func(tx *Tx) error {
					stored, err := tx.State(user.ID, c.Questions[0].ID)
					if err != nil {
						return err
					}
					next := stored
					next.Answers++
					next.Seq++
					once := fmt.Sprintf("%d:%d", i, n)
					if _, err := tx.AppendEvidence(user.ID, progress.Evidence{Kind: progress.Set, Once: once}); err != nil {
						return err
					}
					counts := ItemCounts{}
					for k := range 3 {
						counts.add(ItemKey{c.Questions[k].ID, "key"}, "x100", 1)
					}
					if err := tx.AddItemCounts(counts); err != nil {
						return err
					}
					return tx.PutState(user.ID, stored, next)
				})
				if err != nil {
					t.Errorf("update %d of %d: %v", n, i, err)
				}
			}
		})
	}
	all.Wait()
	see(t, b, func(tx *Tx) error {
		for _, user := range []User{u, v} {
			s, err := tx.State(user.ID, c.Questions[0].ID)
			log, logErr := tx.Log(user.ID)
			if s.Answers != 2*each || len(log) != 2*each || err != nil || logErr != nil {
				t.Errorf("candidate %d: %d answers, %d entries, %v %v, want %d", user.ID, s.Answers, len(log), err, logErr, 2*each)
			}
		}
		var n int64
		err := tx.row(`SELECT min(n) FROM item_scores`, nil, &n)
		if n != 4*each {
			t.Errorf("statistics count %d, want %d", n, 4*each)
		}
		return err
	})
}

// TestWordOfALoadReachesOthers: who waits is told before the time is up.
func TestWordOfALoadReachesOthers(t *testing.T) {
	a, b, _, _ := two(t)
	b.WaitForContent(t.Context(), time.Minute) // begins to listen
	heard := make(chan struct{})
	go func() {
		b.WaitForContent(t.Context(), 10*time.Minute) // longer than a test may take
		close(heard)
	}()
	content(t, a, "q")
	<-heard
	var version int64
	see(t, b, func(tx *Tx) (err error) {
		version, err = tx.ContentVersion()
		return err
	})
	if version == 0 {
		t.Error("no load is seen after the word of it")
	}
}

func TestPostgresRefuses(t *testing.T) {
	storetest.On(t, storetest.Postgres)
	url := storetest.Database(t)
	st := open(t, url, newClock())
	set := func(name, value string) {
		t.Helper()
		query := fmt.Sprintf("DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET %s = %s'; END $$", name, value)
		if _, err := st.pg.writers.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	refused := func(name, says string, want error) {
		t.Helper()
		again, err := Open(t.Context(), url, Options{})
		if err == nil {
			again.Close()
			t.Fatalf("%s: no error", name)
		}
		if want != nil && !errors.Is(err, want) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want it to say %q", name, err, says)
		}
	}
	set("synchronous_commit", "off")
	refused("synchronous_commit off", "synchronous_commit", nil)
	set("synchronous_commit", "on")
	if _, err := st.pg.writers.ExecContext(t.Context(), `INSERT INTO schema_version VALUES (99)`); err != nil {
		t.Fatal(err)
	}
	refused("newer", "99", ErrNewer)
	const secret = "postgres://someone:hidden-word@localhost:1/none?connect_timeout=1"
	if _, err := Open(t.Context(), secret, Options{}); err == nil || strings.Contains(err.Error(), "hidden-word") {
		t.Errorf("nobody there: %v, want an error without the password", err)
	}
}

func TestPostgresMigrationsAreAtomic(t *testing.T) {
	storetest.On(t, storetest.Postgres)
	st, _ := newStore(t)
	conn, err := st.pg.writers.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	scripts := fstest.MapFS{
		"migrations/postgres/0001_old.sql":  file("SELECT this would fail"),
		"migrations/postgres/0002_good.sql": file("CREATE TABLE good (x BIGINT); INSERT INTO good VALUES (1);"),
		"migrations/postgres/0003_bad.sql":  file("CREATE TABLE bad (x BIGINT); INSERT INTO good VALUES (2); INSERT INTO nowhere VALUES (1);"),
	}
	if err := migratePostgres(t.Context(), conn, scripts, Options{}); err == nil {
		t.Fatal("migrate with a script that fails: no error")
	}
	var version, rows, tables int
	const query = `
		SELECT (SELECT max(version) FROM schema_version), (SELECT count(*) FROM good),
			(SELECT count(*) FROM pg_tables WHERE tablename IN ('good', 'bad'))`
	if err := conn.QueryRowContext(t.Context(), query).Scan(&version, &rows, &tables); err != nil {
		t.Fatal(err)
	}
	if version != 2 || rows != 1 || tables != 1 {
		t.Errorf("version %d, %d rows, %d tables, want 2, 1, 1", version, rows, tables)
	}
}

// TestBrokenConnections: an update whose connection breaks around its commit happens exactly once.
func TestBrokenConnections(t *testing.T) {
	storetest.On(t, storetest.Postgres)
	url := storetest.Database(t)
	direct := open(t, url, newClock())
	u := addUser(t, direct)
	c := storetest.NewCutter(t, url)
	st := open(t, c.URL, newClock())
	c.On.Store(true)
	const entries = 100
	for i := range entries {
		e := progress.Evidence{Kind: progress.Set, Once: fmt.Sprint(i)}
		err := st.Update(t.Context(), func(tx *Tx) error {
			_, err := tx.AppendEvidence(u.ID, e)
			if errors.Is(err, ErrDuplicate) { // it was committed, though nobody said so
				return nil
			}
			return err
		})
		if err != nil {
			t.Fatalf("entry %d: %v", i, err)
		}
	}
	c.On.Store(false)
	see(t, direct, func(tx *Tx) error {
		log, err := tx.Log(u.ID)
		for i, e := range log {
			if e.Seq != int64(i+1) || e.Once != fmt.Sprint(i) {
				t.Fatalf("entry %d has seq %d and once %s", i, e.Seq, e.Once)
			}
		}
		if len(log) != entries {
			t.Errorf("entries = %d, want %d", len(log), entries)
		}
		return err
	})
	if c.Cuts.Load() < entries/5 {
		t.Errorf("connections cut = %d: the test tests less than it should", c.Cuts.Load())
	}
	t.Logf("%d entries, %d connections cut", entries, c.Cuts.Load())
}

// TestServersAreNoticed: who needs the database alone is refused while a server has it open, and the other way round.
func TestServersAreNoticed(t *testing.T) {
	storetest.On(t, storetest.Postgres)
	url := storetest.Database(t)
	try := func(opts Options) (*Store, error) { return Open(t.Context(), url, opts) }
	must := func(st *Store, err error) *Store {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return st
	}
	one, two := must(try(Options{Serving: true})), must(try(Options{Serving: true}))
	if _, err := try(Options{Alone: true}); !errors.Is(err, ErrLocked) {
		t.Errorf("alone beside two servers: %v, want %v", err, ErrLocked)
	}
	// A connection that broke is taken up again by who waits for content.
	const end = `SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7265686503 & 4294967295`
	if _, err := one.pg.writers.ExecContext(t.Context(), end); err != nil {
		t.Fatal(err)
	}
	for broken := one.pg.listens.Load(); one.pg.listens.Load() == broken || one.pg.listens.Load() == nil; {
		one.WaitForContent(t.Context(), 100*time.Millisecond)
	}
	if err := two.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := try(Options{Alone: true}); !errors.Is(err, ErrLocked) {
		t.Errorf("alone beside a server whose connection broke: %v, want %v", err, ErrLocked)
	}
	straggler := must(try(Options{}))
	defer straggler.Close()
	if err := one.Close(); err != nil {
		t.Fatal(err)
	}
	alone := must(try(Options{Alone: true}))
	if _, err := try(Options{Serving: true}); !errors.Is(err, ErrTaken) {
		t.Errorf("a server beside who is alone: %v, want %v", err, ErrTaken)
	}
	addUser(t, alone)
	wrote := make(chan error)
	go func() { wrote <- straggler.Update(t.Context(), func(tx *Tx) error { return tx.Ping() }) }()
	for waits := 0; waits == 0; {
		const query = `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`
		if err := alone.pg.readers.QueryRowContext(t.Context(), query).Scan(&waits); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-wrote:
			t.Fatalf("an update beside who is alone ended: %v", err)
		default:
		}
	}
	if err := alone.stillAlone(t.Context()); err != nil {
		t.Errorf("still alone: %v", err)
	}
	if err := alone.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-wrote; err != nil {
		t.Errorf("the update after that: %v", err)
	}
}
