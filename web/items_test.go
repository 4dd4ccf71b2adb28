package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/PuerkitoBio/goquery"
)

// itemsBank writes eight questions. The key of the last one is wrong: those who know the others pick another choice.
func itemsBank() fstest.MapFS {
	var b strings.Builder
	b.WriteString("---\nid: items\ntitle: Items\nlevel: mid\ndifficulty: medium\n---\n")
	for i := range 8 {
		fmt.Fprintf(&b, "\n## What is asked by number %d?\n<!-- id: item-%d -->\n\n- [x] Key\n  > Yes.\n- [ ] Trap\n  > No.\n- [ ] Other\n  > No.\n\nBecause.\n", i, i)
	}
	return fstest.MapFS{
		"bank.yaml":          {Data: []byte("id: items\ntitle: Items\nlicense: CC-BY-4.0\n")},
		"questions/items.md": {Data: []byte(b.String())},
	}
}

// TestItemStatisticsFindAWrongKey lets able and less able candidates answer a bank through its pages, and reads of the wrong
// key, with its place, on the authors' page.
func TestItemStatisticsFindAWrongKey(t *testing.T) {
	site := newSite(t, itemsBank(), "http://rehearse.test")
	for n := range 40 {
		b := newBrowser(site)
		must := func(err error, want int) {
			t.Helper()
			if err != nil || b.status != want {
				t.Fatalf("%s: %v, status %d, want %d", b.last, err, b.status, want)
			}
		}
		must(b.post("/quizzes", "mode=exam&count=8&limit=none"), http.StatusSeeOther)
		slug, _, _ := strings.Cut(strings.TrimPrefix(b.redirect(), "/quizzes/"), "/")
		for position := 1; position <= 8; position++ {
			here := fmt.Sprintf("/quizzes/%s/%d", slug, position)
			must(b.get(here), http.StatusOK)
			title := strings.TrimSuffix(strings.TrimSpace(b.page.Find("h1").Text()), "?")
			number := int(title[len(title)-1] - '0')
			able := n >= 5*(number%7) // the later a candidate, the more able
			want := "Other"
			switch {
			case number == 7 && n >= 20:
				want = "Trap"
			case number == 7 && n%2 == 0, number < 7 && able:
				want = "Key"
			}
			choice := b.page.Find(".Choice").FilterFunction(func(_ int, e *goquery.Selection) bool { return strings.Contains(e.Text(), want) }).Find("input").AttrOr("value", "")
			must(b.post(here, "choice="+url.QueryEscape(choice)), http.StatusSeeOther)
		}
	}
	if err := site.practice.ScoreItems(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	b := newBrowser(site)
	if err := b.post("/author/sign-in", "token="+url.QueryEscape(authorToken)); err != nil || b.status != http.StatusSeeOther {
		t.Fatalf("sign in: %v, status %d", err, b.status)
	}
	if err := b.get("/author/items"); err != nil {
		t.Fatal(err)
	}
	read := b.read()
	for _, want := range []string{"8 of 8 questions answered", "questions/items.md:", "item-7: those who do well on other items pick this wrong choice", "the key is probably wrong"} {
		if !strings.Contains(read, want) {
			t.Errorf("the page does not say %q:\n%s", want, read)
		}
	}
	if n := b.page.Find(".Scatter-point").Length(); n != 7 { // everybody knows number 0, which tells nobody apart
		t.Errorf("%d questions are plotted, want 7", n)
	}
}
