package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestHostCommands(t *testing.T) {
	dir := t.TempDir()
	file, copied := filepath.Join(dir, "r.db"), filepath.Join(dir, "backup.db")
	s := start(t, "--database", file)
	answerFirst(t, browser(t), s.url)
	tests := []struct {
		name    string
		stopped bool // the server
		args    []string
		code    int
		want    string
	}{
		{"check of a sound database", false, []string{"check"}, exitDone, "no findings"},
		{"backup", false, []string{"backup", copied}, exitDone, "verified"},
		{"backup again", false, []string{"backup", copied}, exitCannot, "choose another name"},
		{"backup to nowhere", false, []string{"backup"}, exitCannot, "give one file"},
		{"backup into no folder", false, []string{"backup", filepath.Join(dir, "none", "b.db")}, exitCannot, "no such file"},
		{"statistics of one answer", false, []string{"stats"}, exitDone, "0 of them answered"},
		{"statistics for a table", false, []string{"stats", "--csv"}, exitDone, "id,topic,place,kind"},
		{"statistics for a program", false, []string{"stats", "--json"}, exitDone, `"facility"`},
		{"calibration from one answer", false, []string{"calibrate"}, exitDone, "1 first responses of 1 candidates to 1 items"},
		{"restore under a server", false, []string{"restore", copied}, exitCannot, "stop it first"},
		{"restore", true, []string{"restore", copied}, exitDone, "is kept as"},
		{"restore of no backup", true, []string{"restore", file}, exitCannot, "manifest"},
		{"check after the restore", true, []string{"check"}, exitDone, "no findings"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.stopped {
				s.end()
			}
			env := func(name string) string { return map[string]string{"REHEARSE_DATABASE": file}[name] }
			var out log
			if code := run(t.Context(), test.args, env, &out, &out); code != test.code || !strings.Contains(out.String(), test.want) {
				t.Errorf("exit code %d, want %d; printed %q, want %q", code, test.code, out.String(), test.want)
			}
		})
	}
	var out log
	if code := run(t.Context(), []string{"check", "--database", file + ".none"}, noEnv, io.Discard, &out); code != exitCannot {
		t.Errorf("check of no database: exit code %d, %s", code, &out)
	}
	if _, err := os.Stat(file + ".none"); err == nil {
		t.Error("check of no database made one")
	}
}

func TestSeed(t *testing.T) {
	dir := t.TempDir()
	file, content := filepath.Join(dir, "data", "r.db"), filepath.Join(dir, "content")
	steps := []struct {
		args []string
		code int
		want string
	}{
		{[]string{"seed", "--questions", "30"}, exitCannot, "--questions needs --content"},
		{[]string{"seed", "--candidates", "3", "--responses", "2", "--database", file + ".few"}, exitCannot, "a response at least"},
		{[]string{"seed", "--candidates", "3", "--responses", "200", "--questions", "30", "--content", content}, exitDone, "3 candidates gave 200 responses"},
		{[]string{"check"}, exitDone, "no findings"},
		{[]string{"lint", content}, exitFindings, "errors: 0,"},
		{[]string{"seed", "--content", content}, exitCannot, "the database holds candidates"},
		{[]string{"seed", "--questions", "30", "--content", content}, exitCannot, "is there"},
	}
	env := func(name string) string { return map[string]string{"REHEARSE_DATABASE": file}[name] }
	for _, step := range steps {
		var out log
		if code := run(t.Context(), step.args, env, &out, &out); code != step.code || !strings.Contains(out.String(), step.want) {
			t.Errorf("%v: exit code %d, want %d; printed %q, want %q", step.args, code, step.code, out.String(), step.want)
		}
	}
	s := start(t, "--database", file, "--content", content)
	answerFirst(t, browser(t), s.url)
}

func TestProgress(t *testing.T) {
	report := func(p *meter) {
		for i := range 4 {
			p.report("candidates", i+1, 4)
		}
		p.report("item statistics", 4, 4)
		p.end()
	}
	var lines, bar bytes.Buffer
	report(&meter{w: &lines})
	if want := "candidates: 1 of 4\ncandidates: 4 of 4\nitem statistics: 4 of 4\n"; lines.String() != want {
		t.Errorf("lines = %q, want %q", lines.String(), want)
	}
	report(&meter{w: &bar, bar: true})
	const clear = "\x1b[K" // what a longer line has left there
	want := "\rcandidates       [#######.......................] 1 of 4" + clear +
		"\rcandidates       [##############################] 4 of 4" + clear + "\n" +
		"\ritem statistics  [##############################] 4 of 4" + clear + "\n"
	if bar.String() != want {
		t.Errorf("bar = %q, want %q", bar.String(), want)
	}
	lines.Reset()
	(&meter{w: &lines, what: "candidates", begun: time.Now().Add(-100 * time.Hour)}).report("candidates", 1, 4)
	if want := "candidates: 1 of 4, about 300h0m"; !strings.HasPrefix(lines.String(), want) {
		t.Errorf("lines = %q, want %q and so on", lines.String(), want)
	}
}

// Something that takes long before anything is done has no time left that could be told.
func TestMeterOfNothingDone(t *testing.T) {
	p := &meter{w: io.Discard}
	p.report("responses", 0, 10)
	p.begun, p.shown = time.Now().Add(-time.Minute), time.Time{}
	p.report("responses", 0, 10)
}
