package practice_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"rehearse/practice"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/store"
	"rehearse/store/storetest"
)

func (w *world) export(a practice.Actor) []byte {
	w.Helper()
	var b bytes.Buffer
	w.must(w.svc.Export(context.Background(), a.User.ID, &b))
	return b.Bytes()
}

func TestExport(t *testing.T) {
	w := newWorld(t, standard()...)
	a, b := w.candidate(), w.candidate()
	w.live(a)
	w.live(b)
	w.edit("single", (*question).correct)
	w.must(w.svc.CatchUp(context.Background()))
	w.must(w.svc.Merge(context.Background(), b.User.ID, a.User.ID))
	data := w.export(a)
	var file struct {
		Format    string
		Version   int
		Settings  map[string]any
		Questions []struct {
			N               int64
			ID, Title, Body string
		}
		Attempts []struct {
			ID    string
			Items []struct{ Question int64 }
		}
		Log []struct {
			N, Question, Ref int64
			Kind, Attempt    string
			Data             json.RawMessage
		}
		Bookmarks, Notes, Reports []map[string]any
		End                       bool
	}
	w.must(json.Unmarshal(data, &file))
	if file.Format != "rehearse-export" || file.Version != 1 || !file.End || file.Settings["zone"] != "Asia/Tokyo" {
		t.Errorf("head: %+v", file)
	}
	log := slices.DeleteFunc(w.log(a), func(e progress.Evidence) bool { return e.Kind == progress.Merged })
	if len(file.Log) != len(log) || len(file.Attempts) != 8 || len(file.Bookmarks) != 1 || len(file.Notes) != 1 || len(file.Reports) != 2 {
		t.Errorf("%d of %d entries, %d attempts, %v %v %v", len(file.Log), len(log), len(file.Attempts), file.Bookmarks, file.Notes, file.Reports)
	}
	questions, attempts := map[int64]bool{0: true}, map[string]bool{"": true}
	for _, q := range file.Questions {
		questions[q.N] = q.ID != "" && q.Title != "" && q.Body != ""
	}
	for _, at := range file.Attempts {
		attempts[at.ID] = true
		for _, it := range at.Items {
			if !questions[it.Question] {
				t.Errorf("attempt %s has an unknown question %d", at.ID, it.Question)
			}
		}
	}
	corrected := 0
	for i, e := range file.Log {
		if e.N != log[i].Seq || e.Kind != string(log[i].Kind) || !questions[e.Question] || !attempts[e.Attempt] || e.Ref != log[i].Ref {
			t.Errorf("entry %+v is not %+v", e, log[i])
		}
		if e.Kind == "corrected" {
			corrected++
			if strings.Contains(string(e.Data), "question") {
				t.Errorf("a correction names a key of this database: %s", e.Data)
			}
		}
	}
	if corrected == 0 {
		t.Error("no correction is among the log")
	}
	err := w.svc.Export(context.Background(), b.User.ID, io.Discard)
	w.wantErr("of somebody merged", err, store.ErrNotFound)
}

// A reader who stops ends the export; one who is slow keeps nobody waiting.
func TestExportToABadReader(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	w.live(a)
	err := w.svc.Export(context.Background(), a.User.ID, writerFunc(func([]byte) (int, error) { return 0, io.ErrClosedPipe }))
	w.wantErr("to a reader who went away", err, io.ErrClosedPipe)
	err = w.svc.Export(context.Background(), a.User.ID, writerFunc(func(b []byte) (int, error) {
		w.view(func(tx *store.Tx) error { return nil })
		w.answer(a, w.quiz(a, quiz.Practice, 0, "single"), "single", right)
		return len(b), nil
	}))
	w.must(err)
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// What an exam comes to is not told by an export while it runs.
func TestExportKeepsARunningExamSecret(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	exam := w.quiz(a, quiz.Exam, 0, "single", "multiple")
	w.answer(a, exam, "single", right)
	tables := func() string {
		var b bytes.Buffer
		w.must(w.svc.ExportTables(context.Background(), a.User.ID, &b))
		archive, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		w.must(err)
		f, err := archive.Open("log.csv")
		w.must(err)
		text, err := io.ReadAll(f)
		w.must(err)
		return string(text)
	}
	if file := string(w.export(a)); strings.Contains(file, "1000000") || strings.Contains(file, "ratings") {
		t.Errorf("the score is told:\n%s", file)
	}
	if text := tables(); strings.Contains(text, ",1,0:") {
		t.Errorf("the score is told:\n%s", text)
	}
	w.must(w.svc.Finish(context.Background(), a, exam))
	if file := string(w.export(a)); !strings.Contains(file, `"score":1000000,"ratings":"0:3"`) {
		t.Errorf("the score is not told after the end:\n%s", file)
	}
	if text := tables(); !strings.Contains(text, ",1,0:") {
		t.Errorf("the score is not told after the end:\n%s", text)
	}
}

// Nor is the hash of a key, among which whoever tries all choices would find the right one, nor the rows of a key.
func TestExportKeepsKeysThatAreSecret(t *testing.T) {
	w := newWorld(t, append(measured(5), standard()[0], sqlQuestion())...)
	a := w.candidate()
	exam := w.quiz(a, quiz.Exam, 0, "single", "sql")
	w.answer(a, exam, "sql", statement("SELECT a FROM t"))
	check := w.startCheck(a, backend())
	for w.answerCheck(a, check, right) {
	}
	told := func() (keys map[string]bool) {
		t.Helper()
		var file struct {
			Questions []struct{ ID, Body, Key string }
		}
		w.must(json.Unmarshal(w.export(a), &file))
		keys = map[string]bool{}
		for _, q := range file.Questions {
			keys[q.ID] = q.Key != ""
			if q.Body == "" {
				t.Errorf("%s cannot be found again", q.ID)
			}
		}
		return keys
	}
	running := w.export(a)
	for id, key := range told() {
		if want := strings.HasPrefix(id, "alpha-") || strings.HasPrefix(id, "beta-"); key != (want && !strings.HasSuffix(id, "-04")) {
			t.Errorf("the key of %s is told: %t", id, key)
		}
	}
	if bytes.Contains(running, []byte(`"want"`)) {
		t.Errorf("the rows of the key are told:\n%s", running)
	}
	o := w.another(t)
	_, b := o.importFile(o.visitor(), running) // a running exam goes on elsewhere, a skill check is found by what was shown
	for _, of := range []struct {
		*world
		practice.Actor
	}{{w, a}, {o, b}} {
		of.must(of.svc.Finish(context.Background(), of.Actor, exam))
		for _, item := range of.attempt(of.Actor, exam).Items { // drawn in any order
			if item.Question.ID == "sql" && (item.Result == nil || item.Result.Verdict != quiz.Right || item.Response.Run == nil) {
				t.Errorf("the statement came to %+v", item.Result)
			}
		}
	}
	if got, want := o.skillCheck(b, check).Log.Result, w.skillCheck(a, check).Log.Result; !reflect.DeepEqual(got, want) {
		t.Errorf("the skill check is %+v there, and was %+v", got, want)
	}
	if keys := told(); !keys["single"] || keys["alpha-04"] || !bytes.Contains(w.export(a), []byte(`"want"`)) {
		t.Errorf("after the exam: %v", keys)
	}
}

func TestExportTables(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	w.live(a)
	var b bytes.Buffer
	w.must(w.svc.ExportTables(context.Background(), a.User.ID, &b))
	archive, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	w.must(err)
	rows := map[string]int{}
	for _, f := range archive.File {
		r, err := f.Open()
		w.must(err)
		all, err := csv.NewReader(r).ReadAll()
		w.must(err)
		rows[f.Name] = len(all) - 1
		if f.Name == "log.csv" && (all[2][3] != "single" || all[2][4] == "" || all[2][7] != "1") {
			t.Errorf("the first answer: %q", all[2])
		}
	}
	want := map[string]int{
		"log.csv": len(w.log(a)), "attempts.csv": 4, "bookmarks.csv": 1, "notes.csv": 1, "reports.csv": 1,
		"settings.csv": settingsOfUser(),
	}
	if !reflect.DeepEqual(rows, want) {
		t.Errorf("rows %v, want %v", rows, want)
	}
}

// settingsOfUser counts the settings of a candidate: the fields of store.User without the key, and with those of
// progress.Settings in their place.
func settingsOfUser() int {
	return reflect.TypeFor[store.User]().NumField() - 2 + reflect.TypeFor[progress.Settings]().NumField()
}

// TestEverySettingIsExported fails for a new setting until the format has it.
func TestEverySettingIsExported(t *testing.T) {
	w := newWorld(t, standard()...)
	var file struct{ Settings map[string]any }
	w.must(json.Unmarshal(w.export(w.candidate()), &file))
	if got, want := len(file.Settings), settingsOfUser(); got != want {
		t.Errorf("%d settings are exported, a candidate has %d: %v", got, want, file.Settings)
	}
}

// notExported are the columns of candidates' tables that an export leaves out.
var notExported = map[string]string{
	"users.id":                "a key of this database",
	"users.scored_seq":        "a place in the log, for the statistics of items",
	"users.last_seq":          "the number of entries in the log",
	"users.stamp":             "names a state of the rows of this database",
	"users.last_at":           "the latest time in the log",
	"users.told_seq":          "which corrections were read of: a place in the log of this database",
	"users.merged_into":       "the log of somebody merged is in the log of who took it in",
	"sessions.hash":           "a secret: who has it is the candidate",
	"sessions.author":         "a proof made with a key of the server",
	"sessions.author_at":      "belongs to the proof",
	"used_forms.":             "forms that were sent, for an hour: what they said is in the log",
	"evidence.once":           "keeps a thing from counting twice in this database",
	"evidence.question_id":    "the version of the question tells",
	"skill_checks.attempt_id": "in the attempt",
	"attempts.id":             "a key of this database",
	"attempts.items":          "counted from the items",
	"attempts.gradable":       "counted from the questions",
	"attempts.correct":        "counted from the log",
	"attempts.finished_at":    "in the log",
	"attempt_items.":          "in the attempts; responses, marks and corrections are in the log",
	"reports.id":              "a key of this database",
	"question_progress.":      "computed from the log",
	"cards.":                  "computed from the log",
	"topic_progress.":         "computed from the log",
	"daily_activity.":         "computed from the log",
}

// inFile says under which name a column stands in the file.
var inFile = map[string]string{
	"users.created_at": "since", "sessions.created_at": "begun", "sessions.renewed_at": "used", "evidence.seq": "n",
	"evidence.revision_id": "question", "evidence.attempt_id": "attempt", "attempts.slug": "id", "attempts.started_at": "started",
	"bookmarks.question_id": "question", "notes.question_id": "question", "reports.question_id": "question", "reports.revision_id": "version",
	"reports.answered_at": "answered", "reports.read_at": "read",
}

// TestEveryColumnIsExportedOrNamed walks the tables of candidates.
func TestEveryColumnIsExportedOrNamed(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	w.live(a)
	w.exec(`UPDATE reports SET answered_at = 5, read_at = 6, closed = 1, answer = 'yes'`)
	w.exec(`UPDATE evidence SET imported = 1, unsure = 1, confidence = 1, held = 1, position = 1, duration = 1, ref = 1`)
	slug := w.quiz(a, quiz.Practice, 0, "single")
	w.exec(`INSERT INTO skill_checks (attempt_id, name, params, log) VALUES (` + fmt.Sprint(w.attempt(a, slug).ID) + `, 'go', 1, '{"a": 1}')`)
	w.answer(a, slug, "single", right)
	file := string(w.export(a))
	db, err := storetest.OpenTables(w.path)
	w.must(err)
	defer db.Close()
	for _, table := range store.OwnedTables() {
		rows, err := db.Query("SELECT * FROM " + table)
		w.must(err)
		columns, err := rows.Columns()
		w.must(errors.Join(err, rows.Close()))
		for _, c := range columns {
			name := table + "." + c
			_, whole := notExported[table+"."]
			if _, left := notExported[name]; whole || left || c == "user_id" {
				continue
			}
			field := inFile[name]
			if field == "" {
				field = camel(c)
			}
			if !strings.Contains(file, fmt.Sprintf("%q:", field)) {
				t.Errorf("column %s is not in the export, under the name %q, and is not in notExported", name, field)
			}
		}
	}
}

// camel returns the name of a column as the file writes it.
func camel(column string) string {
	words := strings.Split(column, "_")
	for i := range words[1:] {
		words[i+1] = strings.ToUpper(words[i+1][:1]) + words[i+1][1:]
	}
	return strings.Join(words, "")
}
