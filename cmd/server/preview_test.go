package main

import (
	"bufio"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// startPreview previews a folder and returns the server.
func startPreview(t *testing.T, dir string) *server {
	t.Helper()
	return startCommand(t, "preview", "--addr", "localhost:0", dir)
}

var versionOf = regexp.MustCompile(`data-version="([0-9a-f]+)"`)

func TestPreviewFollowsTheFolder(t *testing.T) {
	dir := newFolder(t, map[string]string{"questions/ports.md": listedTopic})
	s, c := startPreview(t, dir), browser(t)
	_, page := read(t, c, s.url+"/questions/https-port?key=1")
	for _, want := range []string{"Which port does HTTPS", "That is plain HTTP", "id: https-port", "no findings"} {
		if !strings.Contains(page, want) {
			t.Errorf("the question's page has no %q", want)
		}
	}
	stream, err := http.Get(s.url + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	if got := stream.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("the stream is %s", got)
	}
	versions := bufio.NewScanner(stream.Body)
	next := func() string {
		for versions.Scan() {
			if v, ok := strings.CutPrefix(versions.Text(), "data: "); ok {
				return v
			}
		}
		t.Fatalf("the stream ended: %v", versions.Err())
		return ""
	}
	first := next()
	if m := versionOf.FindStringSubmatch(page); m == nil || m[1] != first {
		t.Errorf("the page shows version %v, the stream says %s", m, first)
	}

	// A broken file: its findings, and its last good version.
	file := filepath.Join(dir, "questions/ports.md")
	replaceText(t, file, "- [x] 443", "- [ ] 443")
	broken := next()
	_, page = read(t, c, s.url+"/questions/https-port")
	for _, want := range []string{"Which port does HTTPS", "The file has an error", "choice-none", "questions/ports.md:11:1", `data-version="` + broken + `"`} {
		if !strings.Contains(page, want) {
			t.Errorf("with a broken file the question's page has no %q", want)
		}
	}
	replaceText(t, file, "- [ ] 443", "- [x] 443")
	next()
	if _, page = read(t, c, s.url+"/questions/https-port"); strings.Contains(page, "choice-none") {
		t.Error("the finding stays although the file is mended")
	}

	// Nothing is written anywhere, and an open stream does not keep the program.
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
	if code := s.end(); code != exitDone {
		t.Errorf("the preview ended with %d:\n%s", code, s.stderr)
	}
}

func TestPreviewRefuses(t *testing.T) {
	dir := newFolder(t, map[string]string{"questions/ports.md": listedTopic})
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{}, "give one content folder"},
		{[]string{dir + "/none"}, "content folder"},
		{[]string{"--addr", "0.0.0.0:0", dir}, "this machine alone"},
		{[]string{"--addr", ":0", dir}, "this machine alone"},
	} {
		if code, _, errs := runCommand(t, append([]string{"preview"}, test.args...)...); code != exitCannot || !strings.Contains(errs, test.want) {
			t.Errorf("preview %v: code %d, %q", test.args, code, errs)
		}
	}
}

func TestAuthorTokenIsASecret(t *testing.T) {
	short := "too-short-for-a-token"
	if code, _, errs := runCommand(t, "--author-token", short); code != exitCannot || strings.Contains(errs, short) || !strings.Contains(errs, "32 characters") {
		t.Errorf("a short token: code %d, %q", code, errs)
	}
	file := filepath.Join(t.TempDir(), "token")
	token := strings.Repeat("k", 40)
	if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, env := range []map[string]string{{"REHEARSE_AUTHOR_TOKEN": token}, {"REHEARSE_AUTHOR_TOKEN_FILE": file}} {
		cfg, _, err := readConfig(commands()[0], nil, func(name string) string { return env[name] }, nil)
		if err != nil || cfg.author != token {
			t.Errorf("%v: token %q, error %v", env, cfg.author, err)
		}
	}
	if _, _, err := readConfig(commands()[0], nil, func(name string) string {
		return map[string]string{"REHEARSE_AUTHOR_TOKEN_FILE": file + "-none"}[name]
	}, nil); err == nil {
		t.Error("a token file that is missing is no error")
	}
}

// A preview follows the handbook, too.
func TestPreviewShowsTheHandbook(t *testing.T) {
	set := "---\ntitle: Ports first\nsummary: One question.\nquestions:\n  Ports: [https-port]\n---\n"
	dir := newFolder(t, map[string]string{"questions/ports.md": listedTopic, "sets/first.md": set})
	s, c := startPreview(t, dir), browser(t)
	shows := func(path, text string) func() bool {
		return func() bool { _, body := read(t, c, s.url+path); return strings.Contains(body, text) }
	}
	if !shows("/files/sets/first.md", "Ports: [https-port]")() {
		t.Error("the source of a set is not shown")
	}
	replaceText(t, filepath.Join(dir, "sets/first.md"), "https-port", "htps-port")
	eventually(t, "the finding is shown", shows("/", "sets/first.md:5:11"))
	if !shows("/files/sets/first.md", "did you mean https-port?")() {
		t.Error("the finding is not in the overlay of the file")
	}
	replaceText(t, filepath.Join(dir, "sets/first.md"), "htps-port", "https-port")
	eventually(t, "the finding goes", shows("/", "Nothing is wrong."))
}
