package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
)

const authorToken = "a token of more than thirty-two characters"

// signIn enters a token and returns the status.
func (b *browser) signIn(t *testing.T, token string) int {
	t.Helper()
	if err := b.post("/author/sign-in", url.Values{"token": {token}}.Encode()); err != nil {
		t.Fatal(err)
	}
	return b.status
}

func (b *browser) visit(t *testing.T, target string) int {
	t.Helper()
	if err := b.get(target); err != nil {
		t.Fatal(err)
	}
	return b.status
}

// Whoever knew the id of a session before its owner entered the token gains nothing by it, and the other way round.
func TestTheAuthorTokenGivesTheSessionAnotherID(t *testing.T) {
	s := newSite(t, shelf(t), "http://rehearse.test")
	b := newBrowser(s)
	if err := b.post("/settings", "zone=UTC&new=10&buttons=four&language=auto&theme=dark&keys=on"); err != nil || b.status != http.StatusSeeOther {
		t.Fatalf("settings: %v, status %d", err, b.status)
	}
	before := b.jar.Cookies(s.url)
	if status := b.signIn(t, authorToken); status != http.StatusSeeOther {
		t.Fatalf("the token is answered with %d", status)
	}
	author := b.jar.Cookies(s.url)
	if before[0].Value == author[0].Value {
		t.Error("the session keeps its id")
	}
	if b.visit(t, "/author"); b.status != http.StatusOK || !strings.Contains(b.body, `data-theme="dark"`) {
		t.Errorf("the author's page: status %d; the candidate's settings are gone or not", b.status)
	}
	old := newBrowser(s)
	old.jar.SetCookies(s.url, before)
	if status := old.visit(t, "/author"); status != http.StatusNotFound || strings.Contains(old.body, `data-theme="dark"`) {
		t.Errorf("the old id: status %d, and it is still somebody", status)
	}
	if err := b.post("/author/sign-out", ""); err != nil || b.status != http.StatusSeeOther {
		t.Fatalf("sign out: %v, status %d", err, b.status)
	}
	stale := newBrowser(s)
	stale.jar.SetCookies(s.url, author)
	if status := stale.visit(t, "/author"); status != http.StatusNotFound {
		t.Errorf("the author's id after signing out: status %d", status)
	}
	if b.visit(t, "/settings"); !strings.Contains(b.body, `data-theme="dark"`) {
		t.Error("signing out loses the candidate")
	}
}

func TestWrongTokensAreLimited(t *testing.T) {
	s := newSite(t, shelf(t), "http://rehearse.test") // other limits are off
	b := newBrowser(s)
	for i := range 5 {
		if status := b.signIn(t, "guess"); status != http.StatusUnprocessableEntity {
			t.Fatalf("guess %d: status %d", i, status)
		}
	}
	if status := b.signIn(t, authorToken); status != http.StatusTooManyRequests || b.header.Get("Retry-After") == "" {
		t.Errorf("after five guesses the right one: status %d", status)
	}
}

// Another token ends all sessions that were opened by the one before.
func TestAnotherTokenEndsTheSessionsOfTheOld(t *testing.T) {
	s := newSite(t, shelf(t), "http://rehearse.test")
	b := newBrowser(s)
	b.signIn(t, authorToken)
	if status := b.visit(t, "/author"); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	s.serve("another token, which is as long as the first")
	if status := b.visit(t, "/author"); status != http.StatusNotFound {
		t.Errorf("with another token: status %d", status)
	}
	s.serve("")
	for _, target := range []string{"/author", "/author/sign-in", "/author/questions/shelf-single"} {
		if status := b.visit(t, target); status != http.StatusNotFound {
			t.Errorf("without a token: %s has status %d", target, status)
		}
	}
}

// What is wrong in the handbook is at the desk with its place, beside its line, and everybody goes on with the last good version.
func TestTheDeskShowsTheHandbook(t *testing.T) {
	content := shelf(t)
	s := newSite(t, content, "http://rehearse.test")
	b := newBrowser(s)
	b.signIn(t, authorToken)
	shows := func(target string, wanted ...string) {
		t.Helper()
		b.visit(t, target)
		for _, want := range wanted {
			if !strings.Contains(b.body, want) {
				t.Errorf("%s (%d) does not show %q", target, b.status, want)
			}
		}
	}
	shows("/author", "Nothing is wrong.", `href="/author/files/plans/shelf-weeks.md"`, "A few from the shelf")
	for _, fault := range []struct{ file, old, new, place, code, page, stays string }{
		{"guides/shelf.md", "## Use cases", "## Usages", "guides/shelf.md:1:1", "guide-section", "/guides/shelf", "The shelf"},
		{"guides/shelf.md", "  http: how", "  htpp: how", "guides/shelf.md:9:3", "guide-concept", "/guides/shelf", "htpp"},
		{"guides/shelf.md", "[[shelf]]", "[[shelve]]", "guides/shelf.md:25:5", "link-guide", "/guides/shelf", "The shelf"},
		{"guides/shelf.md", "check: shelf-single", "check: shelf-sngle", "guides/shelf.md:27:1", "guide-check", "/guides/shelf", "The shelf"},
		{"sets/shelf.md", "shelf-number", "shelf-numbers", "sets/shelf.md:6:14", "set-question", "/sets/shelf", "A few from the shelf"},
		{"roles/shelf-keeper.md", "title: ", "titel: ", "roles/shelf-keeper.md:1:1", "fm-value", "/roles/shelf-keeper", "Shelf keeper"},
		{"plans/shelf-weeks.md", "topics: [", "topics: [nothing, ", "plans/shelf-weeks.md:7:14", "plan-topic", "/plans/shelf-weeks", "Eight weeks of the shelf"},
	} {
		good := content[fault.file]
		text := string(good.Data)
		if !strings.Contains(text, fault.old) {
			t.Fatalf("%s has no %q", fault.file, fault.old)
		}
		content[fault.file] = &fstest.MapFile{Data: []byte(strings.Replace(text, fault.old, fault.new, 1))}
		if err := s.load(false); err != nil {
			t.Fatal(err)
		}
		shows("/author", fault.place, fault.code)
		shows("/author/files/"+fault.file, fault.place, fault.code, `class="Source-note"`)
		shows(fault.page, fault.stays)
		content[fault.file] = good
		if err := s.load(false); err != nil {
			t.Fatal(err)
		}
	}
	shows("/author", "Nothing is wrong.")
}
