package main

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"rehearse/store/storetest"
)

const (
	unread      = "content as at the last start"
	authorToken = "a-very-long-author-token-0123456789"
	portsGuide  = "---\ntitle: Ports\nsummary: What ports are.\ncategory: Basics\nconcepts:\n  port: a number\nupdated: 2026-11-21\n---\n\nA port is a number.\n"
)

// startUnchanged runs a server on a folder that was loaded by an earlier one.
func startUnchanged(t *testing.T, dir, database string) *server {
	t.Helper()
	args := []string{"--content", dir, "--database", database, "--author-token", authorToken}
	start(t, args...).end()
	s := start(t, args...)
	if !strings.Contains(s.stderr.String(), unread) {
		t.Fatalf("the folder was loaded again\n%s", s.stderr)
	}
	return s
}

// signIn returns a browser of an author who has seen none of the authors' pages.
func signIn(t *testing.T, s *server) *http.Client {
	t.Helper()
	c := browser(t)
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	send(t, c, s.url+"/author/sign-in", url.Values{"token": {authorToken}})
	c.CheckRedirect = nil
	return c
}

func send(t *testing.T, c *http.Client, address string, form url.Values) {
	t.Helper()
	response, err := c.PostForm(address, form)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode >= 400 {
		t.Fatalf("%s: status %d", address, response.StatusCode)
	}
}

// hangUp sends SIGHUP and waits until the log says what came of it.
func hangUp(t *testing.T, s *server, says string) {
	t.Helper()
	before := strings.Count(s.stderr.String(), says)
	if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	eventually(t, says, func() bool { return strings.Count(s.stderr.String(), says) > before })
}

// What was left unread at the start is not published by an author who looks, only by one who asks for it.
func TestLookingPublishesNothing(t *testing.T) {
	for _, engine := range []string{storetest.SQLite, storetest.Postgres} {
		t.Run(engine, func(t *testing.T) {
			database := filepath.Join(t.TempDir(), "test.db")
			if engine == storetest.Postgres {
				database = storetest.NewPostgres(t)
			}
			dir := newFolder(t, map[string]string{"questions/ports.md": listedTopic, "guides/ports.md": portsGuide})
			s := startUnchanged(t, dir, database)
			author := signIn(t, s)
			if code, _ := read(t, browser(t), s.url+"/guides/ports"); code != 200 { // guides are read when they are asked for, or a second after the start
				t.Errorf("the guide: status %d", code)
			}
			replaceText(t, filepath.Join(dir, "questions/ports.md"), "Which port does", "Whose port does")
			replaceText(t, filepath.Join(dir, "guides/ports.md"), "A port is", "Any port is")
			shows := func(c *http.Client, page, text string) bool {
				t.Helper()
				code, body := read(t, c, s.url+page)
				if code != 200 {
					t.Errorf("%s: status %d", page, code)
				}
				return strings.Contains(body, text)
			}
			shows(author, "/settings", "")
			if !shows(author, "/author/questions/https-port", "Whose port does") {
				t.Error("the author does not see the folder as it is")
			}
			if !shows(browser(t), "/questions/https-port", "Which port does") || !shows(browser(t), "/guides/ports", "A port is") {
				t.Error("a look at the folder published it")
			}
			send(t, author, s.url+"/author/load", nil)
			if !shows(browser(t), "/questions/https-port", "Whose port does") || !shows(browser(t), "/guides/ports", "Any port is") {
				t.Error("the author's load published nothing")
			}
		})
	}
}

// A server whose folder is older than what another one published does not take that back because an author looks.
func TestLookingTakesNothingBack(t *testing.T) {
	database := storetest.NewPostgres(t)
	old := startUnchanged(t, newFolder(t, map[string]string{"questions/ports.md": listedTopic}), database)
	start(t, "--database", database, "--content", newFolder(t, map[string]string{
		"questions/ports.md": strings.Replace(listedTopic, "Which port does", "Whose port does", 1),
	}))
	shows := func() bool {
		_, body := read(t, browser(t), old.url+"/questions/https-port")
		return strings.Contains(body, "Whose port does")
	}
	eventually(t, "the new content is at the old server", shows)
	author := signIn(t, old)
	for _, page := range []string{"/settings", "/author"} {
		if code, _ := read(t, author, old.url+page); code != 200 || !shows() {
			t.Errorf("%s: status %d, and the new content is gone: %v", page, code, !shows())
		}
	}
}

// However many pages authors open at once, none waits for a place in the database that another one holds.
func TestAuthorsAtOnceAfterAnUnchangedStart(t *testing.T) {
	s := startUnchanged(t, newFolder(t, map[string]string{"questions/ports.md": listedTopic}), storetest.NewPostgres(t))
	author := signIn(t, s)
	var pages sync.WaitGroup
	for i := range 24 {
		pages.Go(func() {
			response, err := author.Get(s.url + []string{"/settings", "/author"}[i%2])
			if err != nil {
				t.Error(err)
				return
			}
			response.Body.Close()
			if response.StatusCode != 200 {
				t.Errorf("status %d", response.StatusCode)
			}
		})
	}
	pages.Wait()
}

// The first load after an unchanged start keeps what is live of files that it cannot read.
func TestServeUnchangedKeepsTheLastGood(t *testing.T) {
	dir := newFolder(t, map[string]string{"questions/ports.md": listedTopic, "guides/ports.md": portsGuide})
	database := filepath.Join(t.TempDir(), "test.db")
	for _, tc := range []struct {
		name, says   string
		breaks, mend func()
	}{
		{
			"a broken guide", "its last good version stays",
			func() { replaceText(t, filepath.Join(dir, "guides/ports.md"), "category: Basics\n", "") },
			func() {
				replaceText(t, filepath.Join(dir, "guides/ports.md"), "concepts:\n", "category: Basics\nconcepts:\n")
			},
		},
		{
			"a broken topic", "its last good questions stay",
			func() { replaceText(t, filepath.Join(dir, "questions/ports.md"), "- [x] 443", "- [ ] 443") },
			func() { replaceText(t, filepath.Join(dir, "questions/ports.md"), "- [ ] 443", "- [x] 443") },
		},
		{
			"the folder is away", "content not loaded",
			func() { _ = os.Rename(dir, dir+".away") },
			func() { _ = os.Rename(dir+".away", dir) },
		},
	} {
		for _, looked := range []bool{false, true} {
			t.Run(tc.name, func(t *testing.T) {
				s := startUnchanged(t, dir, database)
				defer s.end()
				author := signIn(t, s)
				serves := func() {
					t.Helper()
					for _, page := range []string{"/guides/ports", "/questions/https-port"} {
						if code, _ := read(t, browser(t), s.url+page); code != 200 {
							t.Errorf("%s: status %d", page, code)
						}
					}
				}
				serves()
				tc.breaks()
				if looked {
					read(t, author, s.url+"/author")
				}
				serves()
				hangUp(t, s, tc.says)
				serves()
				if code, body := read(t, author, s.url+"/author/questions/https-port"); code != 200 || !strings.Contains(body, "Which port does") {
					t.Errorf("the question at the desk: status %d", code)
				}
				tc.mend()
				hangUp(t, s, `"content loaded"`)
				serves()
			})
		}
	}
}
