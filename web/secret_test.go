package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// secretQuestions writes questions whose keys, reasons, explanations, hints after the fact and rubrics each hold a canary: a
// word that stands nowhere else.
func secretQuestions(topic, use string, open bool) string {
	canaries := 0
	canary := func() string {
		canaries++
		return fmt.Sprintf("qz%sx%dzq", topic, canaries)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "---\nid: %s\ntitle: Topic %s\nlevel: mid\ndifficulty: medium\nuse: [%s]\n---\n", topic, topic, use)
	question := func(kind, body string) {
		fmt.Fprintf(&b, "\n## What is asked by %s of %s?\n<!-- id: %s-%s -->\n\n%s", kind, topic, topic, kind, body)
	}
	question("single", fmt.Sprintf("- [x] One\n  > %s\n- [ ] Two\n  > %s\n- [ ] Three\n  > %s\n\n%s\n", canary(), canary(), canary(), canary()))
	question("multiple", fmt.Sprintf("- [x] One\n  > %s\n- [x] Two\n  > %s\n- [ ] Three\n  > %s\n\n%s\n", canary(), canary(), canary(), canary()))
	question("text", fmt.Sprintf("### Accept\n\n- `%s`\n\n### Reject\n\n- `no`\n  > %s\n\n### Explanation\n\n%s\n", canary(), canary(), canary()))
	question("output", fmt.Sprintf("```js\nconsole.log(1);\n```\n\n### Output\n\n```text\n%s\n```\n\n### Explanation\n\n%s\n", canary(), canary()))
	question("cloze", fmt.Sprintf("A gap: {{c1::%s}}.\n\n### Explanation\n\n%s\n", canary(), canary()))
	question("number", fmt.Sprintf("### Accept\n\n- = 918273645\n\n### Explanation\n\n%s\n", canary()))
	if open { // lists say why a question is asked
		question("interview", fmt.Sprintf("### Why asked\n\nIt is asked.\n\n### Strong answer\n\n%s\n\n### Rubric\n\n- (2) %s\n- (1) %s\n\n### Red flags\n\n- %s\n\n### Follow-ups\n\n- %s\n",
			canary(), canary(), canary(), canary(), canary()))
	}
	return b.String()
}

// TestKeysStaySecretUntilTheirTime follows every link of the site as a visitor, as a candidate in the middle of an exam and
// of a skill check, and after both: no byte of a body or header tells a key, a reason or a rubric before its time, and
// questions that serve skill checks alone never show theirs.
func TestKeysStaySecretUntilTheirTime(t *testing.T) {
	content := fstest.MapFS{
		"bank.yaml":           {Data: []byte("id: secrets\ntitle: Secrets\nlicense: CC-BY-4.0\n")},
		"questions/open.md":   {Data: []byte(secretQuestions("open", "quiz, assessment", true))},
		"questions/closed.md": {Data: []byte(secretQuestions("closed", "assessment", false))},
	}
	b := newBrowser(newSite(t, content, "http://rehearse.test"))
	visitor := true
	tells := func(when string, secrets ...string) (told int) {
		t.Helper()
		pages := crawl(t, b)
		for _, q := range []string{"asked", "closed", "qz", "One", "single"} {
			pages = append(pages, crawled{path: "/questions?q=" + q})
		}
		for _, page := range pages {
			if visitor && strings.Contains(page.path, "answers=1") { // who asks for a sheet with answers gets it
				continue
			}
			if err := b.get(page.path); err != nil {
				t.Fatal(err)
			}
			for _, secret := range secrets {
				if strings.Contains(b.body, secret) || strings.Contains(fmt.Sprint(b.header), secret) {
					told++
					t.Logf("%s: GET %s tells %q", when, page.path, secret)
				}
			}
		}
		return told
	}
	post := func(path, form string) {
		t.Helper()
		if err := b.post(path, form); err != nil || b.status != http.StatusSeeOther {
			t.Fatalf("POST %s: %v, status %d", path, err, b.status)
		}
	}
	everything := []string{"qzopen", "qzclosed", "918273645"}
	if n := tells("a visitor", everything...); n > 0 {
		t.Errorf("pages of a visitor tell %d secrets", n)
	}

	visitor = false
	post("/quizzes", "mode=exam&count=7&limit=none")
	exam, _, _ := strings.Cut(strings.TrimPrefix(b.redirect(), "/quizzes/"), "/")
	for position := 1; position <= 3; position++ {
		here := fmt.Sprintf("/quizzes/%s/%d", exam, position)
		if err := b.get(here); err != nil {
			t.Fatal(err)
		}
		post(here, b.anyAnswer())
	}
	post("/assess", "check=all&limit=none")
	check := b.redirect()
	closed := 0 // items of the skill check that serve nothing else
	for position := 1; position <= 4; position++ {
		here := fmt.Sprintf("%s/%d", check, position)
		if err := b.get(here); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.read(), "of closed?") {
			closed++
		}
		if strings.Contains(b.body, "open-") || strings.Contains(b.body, "closed-") {
			t.Errorf("GET %s tells the id of its question", here)
		}
		post(here, b.anyAnswer())
	}
	if n := tells("in the middle", everything...); n > 0 {
		t.Errorf("pages tell %d secrets while an exam and a skill check run", n)
	}

	post("/quizzes/"+exam+"/finish", "")
	post(check+"/end", "")
	if n := tells("afterwards", "qzclosed"); n > 0 {
		t.Errorf("pages tell %d secrets of questions that serve skill checks alone", n)
	}
	if closed == 0 {
		t.Error("no question of the skill check serves nothing else: the test tests less than it should")
	}
	if tells("afterwards, as it should be", "qzopen") == 0 {
		t.Error("even afterwards nothing is told: the test could not fail")
	}
	if !slices.ContainsFunc(crawl(t, b), func(p crawled) bool { return strings.HasSuffix(p.path, "/log.json") }) {
		t.Error("the log of the skill check is not among the pages")
	}
}
