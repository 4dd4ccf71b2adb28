package store

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"rehearse/store/storetest"
)

// backedUp returns a database with n users, and a backup of it.
func backedUp(t *testing.T, n int) (path, file string, m Manifest) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "test.db")
	file = filepath.Join(t.TempDir(), "backup.db")
	st := open(t, path, newClock())
	for range n {
		addUser(t, st)
	}
	m, err := Backup(t.Context(), path, file)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	return path, file, m
}

// names returns what is in a folder.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func usersIn(t *testing.T, path string) int {
	t.Helper()
	st, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	return countUsers(t, st)
}

func TestBackup(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	path, file, m := backedUp(t, 3)
	if m.Rows["users"] != 3 || m.Schema != 1 || m.Program == "" || m.TakenAt.IsZero() || !strings.HasPrefix(m.SQLite, "3.") {
		t.Errorf("manifest = %+v", m)
	}
	text, err := os.ReadFile(file + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var written Manifest
	if err := json.Unmarshal(text, &written); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m, written); diff != "" {
		t.Errorf("manifest (-returned +written):\n%s", diff)
	}
	if got := names(t, filepath.Dir(file)); !cmp.Equal(got, []string{"backup.db", "backup.db.json"}) {
		t.Errorf("files = %q, want the backup and its manifest", got)
	}
	if _, err := Backup(t.Context(), path, file); !errors.Is(err, ErrExists) {
		t.Errorf("Backup over another = %v, want %v", err, ErrExists)
	}
	if _, err := Backup(t.Context(), path+".none", file+"2"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Backup of no database = %v, want %v", err, fs.ErrNotExist)
	}
	if _, err := os.Stat(path + ".none"); err == nil {
		t.Error("Backup of no database made one")
	}
}

func TestBackupOfADamagedDatabase(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	path, file, _ := backedUp(t, 3)
	damage(t, path, "sqlite_autoindex_banks_1")
	dest := file + "2"
	if _, err := Backup(t.Context(), path, dest); !errors.Is(err, ErrDamaged) {
		t.Errorf("Backup = %v, want %v", err, ErrDamaged)
	}
	if got := names(t, filepath.Dir(file)); len(got) != 2 {
		t.Errorf("files = %q, want those of the first backup only", got)
	}
}

// damage overwrites the root page of a table or an index.
func damage(t *testing.T, path, name string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	var page, size int64
	err = errors.Join(
		db.QueryRow("SELECT rootpage FROM sqlite_schema WHERE name = $1", name).Scan(&page),
		db.QueryRow("PRAGMA page_size").Scan(&size), db.Close())
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt(bytes.Repeat([]byte{0xA5}, int(size)), (page-1)*size)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestCheckFile(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	path, _, _ := backedUp(t, 3)
	findings, err := CheckFile(t.Context(), path)
	if err != nil || len(findings) > 0 {
		t.Fatalf("CheckFile of a sound database = %q, %v", findings, err)
	}
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec("INSERT INTO sessions (hash, user_id, created_at, renewed_at) VALUES (x'01', 77, 0, 0)")
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	findings, err = CheckFile(t.Context(), path)
	if err != nil || len(findings) != 1 || !strings.Contains(findings[0], "table sessions") || !strings.Contains(findings[0], "users") {
		t.Errorf("CheckFile with a session of nobody = %q, %v", findings, err)
	}
	damage(t, path, "sqlite_autoindex_banks_1")
	findings, err = CheckFile(t.Context(), path)
	if len(findings) == 0 && !errors.Is(err, ErrDamaged) {
		t.Errorf("CheckFile with a damaged page = %q, %v", findings, err)
	}
}

func TestRestore(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	path, file, want := backedUp(t, 3)
	st := open(t, path, newClock())
	addUser(t, st)
	if _, _, err := Restore(t.Context(), path, file); !errors.Is(err, ErrBusy) {
		t.Errorf("Restore while the database is open = %v, want %v", err, ErrBusy)
	}
	if got := countUsers(t, st); got != 4 {
		t.Errorf("users after a restore that was refused = %d, want 4", got)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	unlock, err := Lock(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Restore(t.Context(), path, file); !errors.Is(err, ErrLocked) {
		t.Errorf("Restore while a server holds the lock = %v, want %v", err, ErrLocked)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}

	m, replaced, err := Restore(t.Context(), path, file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Errorf("manifest (-of the backup +returned):\n%s", diff)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("mode = %v, %v, want that of the replaced file", info.Mode(), err)
	}
	got := names(t, filepath.Dir(path))
	if wantNames := []string{"test.db", "test.db.lock", filepath.Base(replaced)}; !cmp.Equal(got, wantNames) {
		t.Errorf("files = %q, want %q", got, wantNames)
	}
	if got := usersIn(t, path); got != 3 {
		t.Errorf("users = %d, want the 3 of the backup", got)
	}
	if got := usersIn(t, replaced); got != 4 {
		t.Errorf("users in the replaced file = %d, want 4", got)
	}
}

// A server that was killed leaves its last updates in the write-ahead log. They belong to the replaced file and must
// not be read into the one that takes its place.
func TestRestoreOverAKilledServersFiles(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	path, file, _ := backedUp(t, 3)
	killed := filepath.Join(t.TempDir(), "killed.db")
	st := open(t, path, newClock())
	for range 5 {
		addUser(t, st)
	}
	for _, suffix := range []string{"", "-wal"} { // as a kill leaves them; -shm is made anew
		if err := copyFile(path+suffix, killed+suffix); err != nil {
			t.Fatal(err)
		}
	}
	for _, damaged := range []bool{false, true} {
		if damaged { // too much to write the log back
			if err := os.WriteFile(killed, []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := copyFile(path+"-wal", killed+"-wal"); err != nil {
				t.Fatal(err)
			}
		}
		_, replaced, err := Restore(t.Context(), killed, file)
		if err != nil {
			t.Fatal(err)
		}
		if got := usersIn(t, killed); got != 3 {
			t.Errorf("damaged %v: users = %d, want the 3 of the backup", damaged, got)
		}
		if !damaged {
			if got := usersIn(t, replaced); got != 8 {
				t.Errorf("users in the replaced file = %d, want 8", got)
			}
		} else if _, err := os.Stat(replaced + "-wal"); err != nil {
			t.Errorf("the log of the damaged file is not kept: %v", err)
		}
	}
}

func TestRestoreWhereNothingIs(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	_, file, _ := backedUp(t, 3)
	path := filepath.Join(t.TempDir(), "new.db")
	if _, replaced, err := Restore(t.Context(), path, file); err != nil || replaced != "" {
		t.Fatalf("Restore = %q, %v", replaced, err)
	}
	if got := usersIn(t, path); got != 3 {
		t.Errorf("users = %d, want 3", got)
	}
}

func TestRestoreRefuses(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	edit := func(change func(*Manifest)) func(*testing.T, string) {
		return func(t *testing.T, file string) {
			text, err := os.ReadFile(file + ".json")
			if err != nil {
				t.Fatal(err)
			}
			var m Manifest
			if err := json.Unmarshal(text, &m); err != nil {
				t.Fatal(err)
			}
			change(&m)
			if text, err = json.Marshal(m); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file+".json", text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	tests := []struct {
		name  string
		spoil func(*testing.T, string)
		want  error
	}{
		{"a flipped bit", func(t *testing.T, file string) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			data[len(data)-1] ^= 1
			if err := os.WriteFile(file, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}, ErrBackup},
		{"half a file", func(t *testing.T, file string) {
			if err := os.Truncate(file, 4096); err != nil {
				t.Fatal(err)
			}
		}, ErrBackup},
		{"no file", func(t *testing.T, file string) {
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
		}, fs.ErrNotExist},
		{"no manifest", func(t *testing.T, file string) {
			if err := os.Remove(file + ".json"); err != nil {
				t.Fatal(err)
			}
		}, fs.ErrNotExist},
		{"a manifest that is none", func(t *testing.T, file string) {
			if err := os.WriteFile(file+".json", []byte("{"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, ErrBackup},
		{"other rows", edit(func(m *Manifest) { m.Rows["users"]++ }), ErrBackup},
		{"another schema", edit(func(m *Manifest) { m.Schema = 0 }), ErrBackup},
		{"a newer schema", edit(func(m *Manifest) { m.Schema = 99 }), ErrNewer},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path, file, _ := backedUp(t, 3)
			test.spoil(t, file)
			before := names(t, filepath.Dir(path))
			if _, _, err := Restore(t.Context(), path, file); !errors.Is(err, test.want) {
				t.Errorf("Restore = %v, want %v", err, test.want)
			}
			if after := names(t, filepath.Dir(path)); len(after) > len(before)+1 { // the lock file
				t.Errorf("files = %q, before %q", after, before)
			}
			if got := usersIn(t, path); got != 3 {
				t.Errorf("users = %d, want 3", got)
			}
		})
	}
}

// withMigration is the program's schema and one step more.
func withMigration(script string) fs.FS {
	scripts := fstest.MapFS{"migrations/sqlite/9999_test.sql": &fstest.MapFile{Data: []byte(script)}}
	files, _ := fs.Glob(migrations, scriptFiles)
	for _, name := range files {
		data, _ := fs.ReadFile(migrations, name)
		scripts[name] = &fstest.MapFile{Data: data}
	}
	return scripts
}

func TestBackupBeforeAMigration(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	path, _, _ := backedUp(t, 3)
	var log bytes.Buffer
	opts := Options{Migrations: withMigration("ALTER TABLE users ADD COLUMN extra TEXT"), Logger: slog.New(slog.NewTextHandler(&log, nil))}

	existing := opts
	existing.Existing = true
	if _, err := Open(t.Context(), path, existing); !errors.Is(err, ErrOlder) {
		t.Errorf("Open beside a server, of an older database = %v, want %v", err, ErrOlder)
	}
	st, err := Open(t.Context(), path, opts)
	if err != nil {
		t.Fatal(err)
	}
	addUser(t, st)
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	made, err := filepath.Glob(path + ".schema-1-*Z")
	if err != nil || len(made) != 1 {
		t.Fatalf("backups = %q, %v, want one", made, err)
	}
	if !strings.Contains(log.String(), made[0]) {
		t.Errorf("the log does not name the backup:\n%s", &log)
	}
	if _, err := Open(t.Context(), path, Options{}); !errors.Is(err, ErrNewer) {
		t.Errorf("Open by the older program = %v, want %v", err, ErrNewer)
	}
	if _, _, err := Restore(t.Context(), path, made[0]); err != nil {
		t.Fatal(err)
	}
	if got := usersIn(t, path); got != 3 {
		t.Errorf("users = %d, want those before the migration", got)
	}
	if st, err = Open(t.Context(), filepath.Join(t.TempDir(), "new.db"), opts); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestExistingMakesNothing(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	path := filepath.Join(t.TempDir(), "none.db")
	if _, err := Open(t.Context(), path, Options{Existing: true}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Open = %v, want %v", err, fs.ErrNotExist)
	}
	if got := names(t, filepath.Dir(path)); len(got) > 0 {
		t.Errorf("files = %q, want none", got)
	}
}

func TestCheckVersion(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	st, _ := newStore(t)
	if err := checkVersion(t.Context(), st.readers); err != nil {
		t.Error(err)
	}
}
