package web_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"rehearse/static"
	"rehearse/views"
)

// keptPack is what a browser keeps, as far as the tests look at it.
type keptPack struct {
	Owner, Version, Before, After, Start, Done, Other, Undo string

	Cards []struct{ Key, Title, Front, Back string }
}

func (b *browser) pack(t *testing.T) (p keptPack) {
	t.Helper()
	if err := b.get("/cards/offline"); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(b.body), &p); err != nil {
		t.Fatalf("%v: %s", err, b.body)
	}
	return p
}

// sendLate sends grades given in the last so many minutes, one a minute, as the worker does, and returns why each was
// refused.
func (b *browser) sendLate(t *testing.T, grades ...map[string]any) (refused []string) {
	t.Helper()
	const now = 1_000_000_000 // by a clock that is far off
	for i, g := range grades {
		g["at"] = now - 60_000*(len(grades)-i)
	}
	body, err := json.Marshal(map[string]any{"now": now, "grades": grades})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.send(http.MethodPost, "/cards/offline", "application/json", string(body)); err != nil {
		t.Fatal(err)
	}
	var answer struct {
		Results []struct{ ID, Refused string }
	}
	if err := json.Unmarshal([]byte(b.body), &answer); err != nil {
		t.Fatalf("%v: %s", err, b.body)
	}
	for i, r := range answer.Results {
		if r.ID != grades[i]["id"] {
			t.Errorf("result %d is of %s, want %v", i, r.ID, grades[i]["id"])
		}
		refused = append(refused, r.Refused)
	}
	return refused
}

// packField returns what a hidden field of a page that is kept holds.
func packField(t *testing.T, page, name string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, `name="`+name+`" value="`)
	value, _, _ := strings.Cut(rest, `"`)
	if !ok {
		t.Fatalf("no field %s in %s", name, page)
	}
	return value
}

// candidateBrowser returns the browser of somebody who has graded a card.
func candidateBrowser(t *testing.T, s *testSite) *browser {
	t.Helper()
	b := newBrowser(s)
	if err := b.get("/cards/next"); err != nil {
		t.Fatal(err)
	}
	back, _, _ := strings.Cut(b.page.Find(".js-reveal").AttrOr("href", ""), "#")
	if err := b.get(back); err != nil {
		t.Fatal(err)
	}
	if err := b.post(back+"/grade", "rating=easy&reviews="+b.field("reviews")+"&id="+b.field("id")); err != nil || b.status != http.StatusSeeOther {
		t.Fatalf("grade a card: %d %v", b.status, err)
	}
	return b
}

func TestCardsAreKeptAndGradedLate(t *testing.T) {
	s := newSite(t, shelf(t), "http://rehearse.test")
	b := candidateBrowser(t, s)
	p := b.pack(t)
	if len(p.Cards) < 5 {
		t.Fatalf("%d cards are kept, want those of the day", len(p.Cards))
	}
	for _, c := range p.Cards {
		if !strings.Contains(c.Front, "js-reveal") || strings.Contains(c.Front, "js-rating") || !strings.Contains(c.Back, "js-rating") || c.Title == "" {
			t.Errorf("card %s: front %q, back %q", c.Key, c.Front, c.Back)
		}
		if strings.Contains(c.Front, "<main") || strings.Contains(c.Back, "</main>") {
			t.Errorf("card %s has the frame of its page", c.Key)
		}
	}
	if !strings.Contains(p.Before, `data-owner="`+p.Owner+`"`) || !strings.HasPrefix(p.Before, "<!doctype html>") || !strings.HasSuffix(p.After, "</html>") {
		t.Errorf("frame: %q … %q", p.Before, p.After)
	}
	if !strings.Contains(p.Undo, `"offline"`) || !strings.Contains(p.Start, "/cards/next") {
		t.Errorf("start %q, undo %q", p.Start, p.Undo)
	}

	var grades []map[string]any
	for _, c := range p.Cards[:3] {
		grades = append(grades, map[string]any{
			"id": packField(t, c.Back, "id"), "owner": p.Owner, "card": c.Key, "rating": "good", "took": 3000,
			"reviews": packField(t, c.Back, "reviews"), "revision": packField(t, c.Back, "revision"),
		})
	}
	before := s.rows("evidence")
	for range 2 { // the second time, nothing counts
		if refused := b.sendLate(t, grades...); !slices.Equal(refused, []string{"", "", ""}) {
			t.Errorf("refused: %q", refused)
		}
	}
	if got := s.rows("evidence"); got != before+3 {
		t.Errorf("%d entries, want three more than %d", got, before)
	}
	if q := b.pack(t); slices.ContainsFunc(q.Cards[:3], func(c struct{ Key, Title, Front, Back string }) bool { return c.Key == p.Cards[0].Key }) {
		t.Error("a card that was graded is among the first again")
	}

	// What is refused, and why.
	with := func(key string, value any) map[string]any {
		g := map[string]any{}
		for k, v := range grades[0] {
			g[k] = v
		}
		g["id"] = strings.Repeat("A", 26)
		g[key] = value
		return g
	}
	refused := b.sendLate(t, with("card", "99999-0"), with("owner", "somebody"), with("rating", "great"), with("id", "x"), with("revision", "-"))
	for i, want := range []string{"no such card", "another session", "not be read", "not be read", "not be read"} {
		if !strings.Contains(refused[i], want) {
			t.Errorf("grade %d: refused with %q, want %q", i, refused[i], want)
		}
	}
	other := newBrowser(s)
	if refused := other.sendLate(t, with("card", p.Cards[0].Key)); !strings.Contains(refused[0], "another session") {
		t.Errorf("of a visitor: refused with %q", refused[0])
	}
	if got := s.rows("evidence"); got != before+3 {
		t.Errorf("%d entries after refusals, want %d", got, before+3)
	}
	if candidateBrowser(t, s).pack(t).Owner == p.Owner {
		t.Error("two candidates have one name")
	}
}

func TestKeptCardsAreCompressed(t *testing.T) {
	s := newSite(t, shelf(t), "http://rehearse.test")
	b := candidateBrowser(t, s)
	want := b.pack(t)
	b.extra = http.Header{"Accept-Encoding": {"gzip"}}
	if err := b.get("/cards/offline"); err != nil {
		t.Fatal(err)
	}
	r, err := gzip.NewReader(strings.NewReader(b.body))
	if err != nil {
		t.Fatal(err)
	}
	var got keptPack
	if err := json.NewDecoder(r).Decode(&got); err != nil || len(got.Cards) != len(want.Cards) {
		t.Errorf("%d cards (%v), want %d", len(got.Cards), err, len(want.Cards))
	}
	t.Logf("%d cards, %d bytes gzipped", len(got.Cards), len(b.body))
}

// Everything that the worker keeps is there, under the path of the site.
func TestTheWorkerNamesWhatThereIs(t *testing.T) {
	s := newSite(t, shelf(t), "https://rehearse.test/practice")
	b := newBrowser(s)
	if err := b.get("/practice/sw.js"); err != nil || b.status != http.StatusOK {
		t.Fatalf("sw.js: %d %v", b.status, err)
	}
	first, script, _ := strings.Cut(b.body, "\n")
	var known struct {
		Base, Page, Version string
		Files               []string
		Headers             map[string]string
	}
	if err := json.Unmarshal([]byte(strings.TrimSuffix(strings.TrimPrefix(first, "const site = "), ";")), &known); err != nil {
		t.Fatalf("%v: %s", err, first)
	}
	if known.Base != "/practice" || known.Version == "" || len(known.Files) != 3 || !strings.Contains(script, "addEventListener") {
		t.Errorf("known: %+v", known)
	}
	if !strings.Contains(known.Headers["Content-Security-Policy"], "default-src 'none'") {
		t.Errorf("headers: %v", known.Headers)
	}
	for _, address := range append(known.Files, known.Page) {
		if err := b.get(address); err != nil || b.status != http.StatusOK {
			t.Errorf("%s: %d %v", address, b.status, err)
		}
	}
	if err := b.get("/practice/sw.js"); err != nil {
		t.Fatal(err)
	}
	b.extra = http.Header{"If-None-Match": {b.header.Get("ETag")}}
	if err := b.get("/practice/sw.js"); err != nil || b.status != http.StatusNotModified {
		t.Errorf("the same worker again: %d %v, want 304", b.status, err)
	}
	if err := b.get("/practice/manifest.webmanifest"); err != nil {
		t.Fatal(err)
	}
	var m struct {
		Scope    string
		StartURL string `json:"start_url"`
		Icons    []struct{ Src, Sizes string }
	}
	if err := json.Unmarshal([]byte(b.body), &m); err != nil || m.Scope != "/practice/" || m.StartURL != "/practice/" || len(m.Icons) != 3 {
		t.Fatalf("manifest: %v %s", err, b.body)
	}
	for _, icon := range m.Icons {
		if err := b.get(icon.Src); err != nil || b.status != http.StatusOK || b.header.Get("Content-Type") != "image/png" {
			t.Errorf("%s: %d %v", icon.Src, b.status, err)
		}
	}
}

// The colours of windows are those of the pages.
func TestWindowsHaveTheColourOfPages(t *testing.T) {
	a := static.Load()
	css, _, _, _ := a.Open(a.Path(static.AppCSS))
	for token, colour := range map[string]string{"paper": views.PaperColour, "night": views.NightColour} {
		if want := fmt.Sprintf("--%s: %s;", token, colour); !bytes.Contains(css, []byte(want)) {
			t.Errorf("the style sheet has no %q", want)
		}
	}
}

// A note may tell the answer: it is kept with the back of a card.
func TestKeptCardsHaveTheirNotes(t *testing.T) {
	b := candidateBrowser(t, newSite(t, shelf(t), "http://rehearse.test"))
	if err := b.post("/questions/shelf-text/note", "note=It+is+**short**."); err != nil || b.status != http.StatusSeeOther {
		t.Fatalf("save a note: %d %v", b.status, err)
	}
	const note = "<p>It is <strong>short</strong>.</p>"
	notes := 0
	for _, c := range b.pack(t).Cards {
		if strings.Contains(c.Front, note) {
			t.Errorf("the front of %q has the note", c.Title)
		}
		if strings.Contains(c.Back, note) {
			notes++
		}
	}
	if notes != 1 {
		t.Errorf("%d backs have the note, want one", notes)
	}
}
