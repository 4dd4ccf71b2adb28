package practice_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	diff "github.com/google/go-cmp/cmp"

	"rehearse/assess"
	"rehearse/practice"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/srs"
	"rehearse/store"
)

func (w *world) importFile(a practice.Actor, file []byte) (practice.Imported, practice.Actor) {
	w.Helper()
	n, user, err := w.svc.Import(context.Background(), a, bytes.NewReader(file), int64(len(file)))
	w.must(err)
	return n, practice.Actor{User: user}
}

// another is a server with the same questions and an empty database, at the same time.
func (w *world) another(t *testing.T) *world {
	o := newWorld(t, w.questions...)
	o.clock.add(w.clock.Now().Add(time.Second).Sub(o.clock.Now()))
	return o
}

// plain returns an export without the numbers that mean something in one database alone, and without what no import brings
// back.
func plain(t *testing.T, file []byte) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(file, &v); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"exported", "since", "sessions"} {
		delete(v, name)
	}
	questions := map[any]any{}
	for _, q := range v["questions"].([]any) {
		q := q.(map[string]any)
		questions[q["n"]] = fmt.Sprint(q["id"], q["title"], q["body"], q["key"])
	}
	v["questions"] = slices.SortedFunc(maps.Values(questions), func(a, b any) int { return cmp.Compare(a.(string), b.(string)) })
	name := func(of any, field string) {
		if m := of.(map[string]any); m[field] != nil {
			m[field] = questions[m[field]]
		}
	}
	for _, a := range v["attempts"].([]any) {
		for _, it := range a.(map[string]any)["items"].([]any) {
			name(it, "question")
		}
	}
	for _, r := range v["reports"].([]any) {
		name(r, "version")
	}
	log, at := v["log"].([]any), map[any]any{}
	for _, e := range log {
		e := e.(map[string]any)
		name(e, "question")
		at[e["n"]] = fmt.Sprint(e["at"], e["kind"], e["attempt"], e["position"])
	}
	for _, e := range log {
		e := e.(map[string]any)
		if e["ref"] != nil {
			e["ref"] = at[e["ref"]]
		}
		delete(e, "n")
		delete(e, "imported")
	}
	slices.SortFunc(log, func(a, b any) int { return cmp.Compare(text(a), text(b)) })
	return v
}

func text(v any) string {
	b, _ := json.Marshal(v)
	m, _ := v.(map[string]any)
	return fmt.Sprint(m["at"]) + string(b)
}

func (w *world) wantSame(t *testing.T, got, want []byte) {
	t.Helper()
	if d := diff.Diff(plain(t, want), plain(t, got)); d != "" {
		t.Errorf("exported again (-before +after):\n%s", d)
	}
}

// Into an empty database, all of it comes back, and counts there as it did.
func TestImportIntoAnEmptyDatabase(t *testing.T) {
	w := newWorld(t, append(standard(), measured(6)...)...)
	a := w.candidate()
	w.live(a)
	w.checked(a)
	a.User.NewPerDay, a.User.Theme, a.User.KeysOff, a.User.Hidden, a.User.Settings.Zone = 3, "dark", true, "streak", "Asia/Tokyo"
	a.User.Settings.Retention, a.User.Settings.Interview, a.User.Font, a.User.Timers = 85, 20_600, "legible", store.TimersDouble
	_, err := w.svc.PutSettings(context.Background(), a, a.User)
	w.must(err)
	file := w.export(a)
	o := w.another(t)
	n, b := o.importFile(o.visitor(), file)
	if n.Left != 0 || n.Known != 0 || n.Added < 20 {
		t.Errorf("imported %+v", n)
	}
	w.wantSame(t, o.export(b), file)
	o.checkRebuild()
	for _, id := range []string{"single", "multiple", "cloze", "open", "text"} {
		got, want := o.state(b, id), w.state(a, id)
		got.Seq, want.Seq, got.Question, want.Question = 0, 0, 0, 0
		got.Topic, want.Topic, got.EventSeq, want.EventSeq = 0, 0, 0, 0
		if d := diff.Diff(want, got); d != "" {
			t.Errorf("%s (-there +here):\n%s", id, d)
		}
	}
	if got, want := strings.ReplaceAll(o.dump("daily_activity"), "user_id="+fmt.Sprint(b.User.ID), "user_id="+fmt.Sprint(a.User.ID)), w.dump("daily_activity"); got != want {
		t.Errorf("days:\n%swant\n%s", got, want)
	}
	o.must(o.svc.ScoreItems(t.Context(), 0))
	if scores := o.dump("item_scores"); strings.Contains(scores, "n=1") {
		t.Errorf("what was imported counts for others:\n%s", scores)
	}
	if u := o.today(b).Undo; u != 0 {
		t.Errorf("grade %d of a file can be taken back", u)
	}
}

// checked takes a skill check.
func (w *world) checked(a practice.Actor) {
	w.Helper()
	slug := w.startCheck(a, backend())
	for w.answerCheck(a, slug, right) {
		w.clock.add(time.Minute)
	}
}

// A second time, in any order of files, nothing is added.
func TestImportTwice(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	w.live(a)
	early := w.export(a)
	w.clock.add(26 * time.Hour)
	w.review(a, "multiple", 0, srs.Good)
	w.answer(a, w.quiz(a, quiz.Practice, 0, "single"), "single", unsure)
	late := w.export(a)
	before := w.dump(owned...)
	for _, file := range [][]byte{early, late} {
		if n, _ := w.importFile(a, file); n.Added != 0 || n.Left != 0 {
			t.Errorf("added to where it came from: %+v", n)
		}
	}
	if after := w.dump(owned...); after != before {
		t.Errorf("changed where it came from:\n%s", diff.Diff(before, after))
	}
	o := w.another(t)
	n, b := o.importFile(o.visitor(), early)
	m, _ := o.importFile(b, late)
	if n.Left+m.Left != 0 || m.Added != 3 { // a grade, a response, the end of its attempt
		t.Errorf("imported %+v, then %+v", n, m)
	}
	before = o.dump(owned...)
	for _, file := range [][]byte{late, early, o.export(b)} {
		if n, _ := o.importFile(b, file); n.Added != 0 {
			t.Errorf("added once more: %+v", n)
		}
	}
	if after := o.dump(owned...); after != before {
		t.Errorf("changed by what was there:\n%s", diff.Diff(before, after))
	}
	o.wantSame(t, o.export(b), late)
	o.checkRebuild()
}

var owned = append([]string{"users", "attempts", "attempt_items", "skill_checks", "evidence", "bookmarks", "notes", "reports"}, projections...)

// A candidate with a history keeps it, and the settings; the two become one by time.
func TestImportIntoAHistory(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	o := newWorld(t, standard()...)
	b, other := o.candidate(), o.candidate()
	w.answer(a, w.quiz(a, quiz.Practice, 0, "single"), "single", right)
	w.clock.add(time.Hour)
	o.clock.add(2 * time.Hour)
	o.answer(b, o.quiz(b, quiz.Practice, 0, "single", "text"), "single", wrong) // after the one there
	o.clock.add(48 * time.Hour)
	w.clock.add(48 * time.Hour)
	w.review(a, "single", 0, srs.Good)
	o.clock.add(48 * time.Hour)
	o.must(o.svc.ScoreItems(t.Context(), 0))
	settings := b.User
	n, b := o.importFile(b, w.export(a))
	if b.User != settings || n.Added != 3 {
		t.Errorf("imported %+v, settings %+v", n, b.User)
	}
	var order []string
	for _, e := range progress.InOrder(o.log(b)) {
		if e.Question != 0 {
			order = append(order, fmt.Sprintf("%s %d %t", e.Kind, e.Score, e.Imported))
		}
	}
	if want := []string{"responded 1000000 true", "responded 0 false", "graded -1 true"}; !slices.Equal(order, want) {
		t.Errorf("log %v, want %v", order, want)
	}
	if s := o.state(b, "single"); s.Answers != 2 || s.LastScore != 0 {
		t.Errorf("state %+v", s)
	}
	o.checkRebuild()
	n, other = o.importFile(other, w.export(a)) // the attempt has to have another name
	if n.Added != 3 || n.Left != 0 {
		t.Errorf("imported by somebody else: %+v", n)
	}
	if n, _ = o.importFile(other, w.export(a)); n.Added != 0 || n.Left != 0 {
		t.Errorf("once more by somebody else: %+v", n)
	}
	o.checkRebuild()
}

// After everything was deleted, corrections come back with the rest.
func TestImportAfterErasure(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t, standard()...)
	a, b := w.candidate(), w.candidate()
	w.live(a)
	w.live(b)
	w.edit("single", (*question).correct)
	w.must(w.svc.CatchUp(ctx))
	w.must(w.svc.Merge(ctx, b.User.ID, a.User.ID))
	w.clock.add(2 * time.Hour)
	_, err := w.svc.FinishExpired(ctx)
	w.must(err)
	w.edit("multiple", (*question).rename2)
	w.must(w.svc.CatchUp(ctx))
	file := w.export(a)
	if !bytes.Contains(file, []byte(`"corrected"`)) {
		t.Fatal("nothing was corrected")
	}
	_, err = w.svc.Erase(ctx, a.User.ID)
	w.must(err)
	n, c := w.importFile(w.visitor(), file)
	if n.Left != 0 || n.Known != 0 {
		t.Errorf("imported %+v", n)
	}
	w.wantSame(t, w.export(c), file)
	w.checkRebuild()
}

func (q *question) rename2() { q.rename("several", true) }

// What a running exam comes to is not in the file: it is found out again.
func TestImportOfARunningExam(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	exam := w.quiz(a, quiz.Exam, time.Hour, "single", "multiple", "cloze")
	w.answer(a, exam, "single", right)
	w.answer(a, exam, "cloze", partly)
	file := w.export(a)
	o := w.another(t)
	_, b := o.importFile(o.visitor(), file)
	if s := o.state(b, "single"); s.Seq != 0 {
		t.Errorf("a held response has taken effect: %+v", s)
	}
	o.answer(b, exam, "multiple", right) // goes on here, and ends by it
	w.answer(a, exam, "multiple", right)
	for _, id := range []string{"single", "cloze"} {
		got, want := o.state(b, id), w.state(a, id)
		if got.LastScore != want.LastScore || len(got.Cards) != len(want.Cards) || got.Answers != 1 {
			t.Errorf("%s: %+v, want %+v", id, got, want)
		}
	}
	o.checkRebuild()
}

// An exam that was ended elsewhere ends here, and what it held takes effect.
func TestImportOfAnEnd(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	exam := w.quiz(a, quiz.Exam, time.Hour, "single", "multiple")
	w.answer(a, exam, "single", right)
	o := w.another(t)
	_, b := o.importFile(o.visitor(), w.export(a))
	w.clock.add(time.Minute)
	w.must(w.svc.Finish(context.Background(), a, exam))
	o.clock.add(time.Hour)
	o.importFile(b, w.export(a))
	if s := o.state(b, "single"); s.Answers != 1 || !o.attempt(b, exam).Finished(o.clock.Now()) {
		t.Errorf("the exam has not ended: %+v", s)
	}
	o.checkRebuild()
}

// What is not here, or by another key, is left out; the rest of its attempt stays one.
func TestImportWithoutAQuestion(t *testing.T) {
	w := newWorld(t, append(standard(), measured(40)...)...)
	a := w.candidate()
	w.live(a)
	w.checked(a)
	running := w.startCheck(w.later(a), backend())
	questions := slices.Clone(w.questions[:5])
	questions[0].out = true        // single
	questions[1].key = 7           // multiple
	o := newWorld(t, questions...) // and none of the skill check
	o.clock.add(w.clock.Now().Add(time.Second).Sub(o.clock.Now()))
	n, b := o.importFile(o.visitor(), w.export(a))
	if n.Left == 0 || n.Added == 0 {
		t.Errorf("imported %+v", n)
	}
	o.checkRebuild()
	file := string(o.export(b))
	if strings.Contains(file, running) || strings.Contains(file, `"check"`) || strings.Contains(file, `"single"`) || strings.Contains(file, `"multiple"`) {
		t.Errorf("too much is here:\n%s", file)
	}
	for _, s := range []string{`"cloze"`, `"open"`, `"text"`, `"a *note*"`} {
		if !strings.Contains(file, s) {
			t.Errorf("%s is not here", s)
		}
	}
}

// The log of a skill check that says other numbers than come out of it, or not a step for each question, is no export.
func TestImportRefusesAForgedSkillCheck(t *testing.T) {
	w := newWorld(t, measured(40)...)
	a := w.candidate()
	w.checked(a)
	good := w.export(a)
	o := w.another(t)
	for name, forge := range map[string]func(*assess.Log){
		"a better score": func(l *assess.Log) { l.Result.Score.Points++ },
		"a better level": func(l *assess.Log) { l.Result.Level = "staff" },
		"a step less":    func(l *assess.Log) { l.Steps = l.Steps[:len(l.Steps)-1] },
	} {
		lines := strings.Split(string(good), "\n")
		i := slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, `"check":`) })
		var attempt map[string]any
		w.must(json.Unmarshal([]byte(strings.TrimSuffix(lines[i], ",")), &attempt))
		check := attempt["check"].(map[string]any)
		data, err := json.Marshal(check["log"])
		w.must(err)
		var log assess.Log
		w.must(json.Unmarshal(data, &log))
		forge(&log)
		check["log"] = log
		data, err = json.Marshal(attempt)
		w.must(err)
		file := strings.Replace(string(good), strings.TrimSuffix(lines[i], ","), string(data), 1)
		_, _, err = o.svc.Import(context.Background(), o.visitor(), strings.NewReader(file), int64(len(file)))
		var bad *practice.BadFile
		if !errors.As(err, &bad) || bad.Field != "check" || bad.Fault != practice.BadValue {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n, _ := o.importFile(o.visitor(), good); n.Left != 0 {
		t.Errorf("as it was: %+v", n)
	}
}

// later lets the time pass after which a skill check may be taken again.
func (w *world) later(a practice.Actor) practice.Actor {
	w.clock.add(365 * 24 * time.Hour)
	return a
}

// A file that no export can be is refused with the place, and nothing is written.
func TestImportRefuses(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	w.live(a)
	good := string(w.export(a))
	o := w.another(t)
	before := o.dump(owned...)
	edit := func(old, fresh string) string {
		t.Helper()
		if !strings.Contains(good, old) {
			t.Fatalf("the file has no %s:\n%s", old, good)
		}
		return strings.Replace(good, old, fresh, 1)
	}
	tests := []struct {
		name, file, field string
		fault             practice.Fault
	}{
		{"nothing", "", "", practice.NoExport},
		{"no JSON", "PK\x03\x04", "", practice.NoExport},
		{"other JSON", `{"a": 1}`, "", practice.NoExport},
		{"an empty object", `{}`, "", practice.NoExport},
		{"a list", `[]`, "", practice.NoExport},
		{"other format", edit(`"rehearse-export"`, `"anki"`), "format", practice.NoExport},
		{"other version", edit(`"version": 1`, `"version": 2`), "version", practice.OtherVersion},
		{"other bank", edit(`"bank": "test"`, `"bank": "other"`), "bank", practice.OtherBank},
		{"cut off", good[:len(good)/2], "", practice.CutOff},
		{"without end", edit("\"end\": true\n", "\"end\": false\n"), "end", practice.BadValue},
		{"a field is missing", edit(`"since"`, `"settings"`), "since", practice.MissingField},
		{"a field is new", edit(`"since"`, `"sins"`), "sins", practice.UnknownField},
		{"something follows", good + "{}", "", practice.BehindTheEnd},
		{"broken", edit(`"kind":"responded"`, `"kind":responded`), "", practice.BrokenJSON},
		{"unknown field", edit(`"kind":"responded"`, `"kind":"responded","x":1`), "x", practice.UnknownField},
		{"kind", edit(`"kind":"responded"`, `"kind":"merged"`), "kind", practice.BadValue},
		{"score", edit(`"score":1000000`, `"score":1000001`), "score", practice.BadValue},
		{"rating", edit(`"ratings":"0:3`, `"ratings":"0:9`), "ratings", practice.BadValue},
		{"confidence", edit(`"kind":"responded"`, `"kind":"responded","confidence":4`), "confidence", practice.BadValue},
		{"duration", edit(`"kind":"responded"`, `"kind":"responded","duration":-1`), "duration", practice.BadValue},
		{"time", edit(`"at":"2026-`, `"at":"yesterday`), "at", practice.BadValue},
		{"future", edit(`"kind":"responded"`, `"kind":"responded","at":"2999-01-01T00:00:00.000Z"`), "at", practice.InTheFuture},
		{"zero byte", edit(`"a *note*"`, `"a\u0000b"`), "", practice.BadValue},
		{"zone", edit(`"zone":"Asia/Tokyo"`, `"zone":"../etc"`), "zone", practice.BadValue},
		{"reference", edit(`"kind":"undone","ref":`, `"kind":"undone","ref":9`), "ref", practice.NoSuchThing},
		{"mode", edit(`"mode":"exam"`, `"mode":"chat"`), "mode", practice.BadValue},
		{"held", edit(`"held":true,`, ``), "held", practice.BadValue},
		{"position", edit(`"position":1`, `"position":100`), "position", practice.NoSuchThing},
		{"huge", edit(`"a *note*"`, `"`+strings.Repeat("a", 3<<20)+`"`), "", practice.TooMuch},
		{"large", edit(`"a *note*"`, `"`+strings.Repeat("a", 70<<10)+`"`), "text", practice.TooMuch},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := o.svc.Import(context.Background(), o.visitor(), strings.NewReader(tt.file), int64(len(tt.file)))
			var bad *practice.BadFile
			if !errors.As(err, &bad) || bad.Field != tt.field || bad.Fault != tt.fault || bad.Line < 1 || bad.Line > 1+strings.Count(tt.file, "\n") {
				t.Errorf("error %v, want field %q: %s", err, tt.field, tt.fault)
			}
		})
	}
	if after := o.dump(owned...); after != before {
		t.Errorf("written:\n%s", after)
	}
	broken := edit(`"kind":"undone"`, `"kind":"undo"`)
	_, _, err := o.svc.Import(context.Background(), o.visitor(), strings.NewReader(broken), int64(len(broken)))
	var bad *practice.BadFile
	if want := 1 + strings.Count(good[:strings.Index(good, `"undone"`)], "\n"); !errors.As(err, &bad) || bad.Line != want {
		t.Errorf("error %v, want line %d", err, want)
	}
}

// Calibration and item statistics are about what was seen to be answered, not about files.
func TestImportSaysNothingOfItems(t *testing.T) {
	w := newWorld(t, measured(12)...)
	a := w.candidate()
	slug := w.quiz(a, quiz.Practice, 0)
	for _, it := range w.attempt(a, slug).Items {
		w.answer(a, slug, it.Question.ID, right)
	}
	file := w.export(a)
	o := w.another(t)
	_, b := o.importFile(o.visitor(), file)
	again := o.quiz(b, quiz.Practice, 0) // not the first responses any more
	for _, it := range o.attempt(b, again).Items {
		o.answer(b, again, it.Question.ID, right)
	}
	o.must(o.svc.ScoreItems(t.Context(), 0))
	if got := o.scores(); len(got) > 0 {
		t.Errorf("item statistics have %d items", len(got))
	}
	if _, err := o.svc.Calibrate(t.Context(), func(string, int, int) {}); !errors.Is(err, practice.ErrNothingToEstimate) {
		t.Errorf("calibrated: %v", err)
	}
	o.checkRebuild()
}
