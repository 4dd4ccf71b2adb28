package web_test

import (
	"context"
	"fmt"
	"html"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/cryptotest"
	"testing/fstest"
	"time"

	"github.com/PuerkitoBio/goquery"

	"rehearse/admin"
	"rehearse/bank"
	"rehearse/practice"
	"rehearse/store"
	"rehearse/store/storetest"
	"rehearse/web"
)

// TestPageScripts plays testdata/*.txt against the real site. A script is a list of lines:
//
//	serve URL                       the public address; first line, default http://rehearse.test
//	browser NAME                    goes on in another browser, with cookies of its own
//	cookies clear                   forgets the cookies of this browser
//	clock +30m                      lets time pass
//	send NAME: VALUE                adds a header to the next request
//	GET PATH, POST PATH k=v&k=v     asks for a page; redirects are not followed
//	export NAME                     keeps the body of the last response under a name
//	import PATH NAME                posts it as a file; with OLD => NEW behind it, after a change
//	follow                          asks for the page that the last response leads to
//	let X = redirect                the path it leads to
//	let X = hidden NAME             the value of a hidden field
//	let X = choice TEXT             the value of the choice that says TEXT
//	let X = row TEXT                the name of the select in the row that says TEXT
//	let X = letter TEXT             the value that picks what says TEXT in a lettered list
//	let X = gap N                   the name of the Nth gap, from 1
//	let X = link SELECTOR           the page that a link leads to
//	edit OLD => NEW                 changes the text of the questions
//	load, load broken               loads them anew, as a server does on SIGHUP; the second one, although they have errors
//	code == 303
//	body contains TEXT, body !contains TEXT     the source, or the text as it is read
//	header NAME contains TEXT, header NAME !contains TEXT
//	field NAME == TEXT              what a field holds
//	rows TABLE == N                 how many rows a table of the database has
//
// $X stands for what was put into X, anywhere. A line that starts with # is a remark.
func TestPageScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no page scripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			play(t, file, string(text))
		})
	}
}

// play runs a script. It stops at the first line that fails, since what follows builds on it.
func play(t *testing.T, file, text string) {
	t.Helper()
	base := "http://rehearse.test"
	if first, _, _ := strings.Cut(text, "\n"); strings.HasPrefix(first, "serve ") {
		base, text = strings.TrimPrefix(first, "serve "), "#"+text
	}
	s := &script{browser: newBrowser(newSite(t, shelf(t), base)), browsers: map[string]*browser{}, vars: map[string]string{}}
	s.browsers["first"] = s.browser
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		line = s.substitute(line)
		if err := s.run(line); err != nil {
			t.Fatalf("%s:%d: %s\n%v\nafter %s", file, i+1, line, err, s.last)
		}
	}
}

// script is a page script while it runs.
type script struct {
	*browser
	browsers map[string]*browser
	vars     map[string]string
}

var variable = regexp.MustCompile(`\$[a-z]\w*`)

func (s *script) substitute(line string) string {
	return variable.ReplaceAllStringFunc(line, func(name string) string {
		if value, ok := s.vars[name[1:]]; ok {
			return value
		}
		return name
	})
}

func (s *script) run(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "GET":
		return s.get(rest)
	case "POST":
		target, form, _ := strings.Cut(rest, " ")
		return s.post(target, form)
	case "export":
		s.vars[rest] = s.body
		return nil
	case "import":
		return s.upload(rest)
	case "follow":
		return s.get(s.redirect())
	case "browser":
		if s.browsers[rest] == nil {
			s.browsers[rest] = newBrowser(s.site)
		}
		s.browser = s.browsers[rest]
		return nil
	case "cookies":
		*s.browser = *newBrowser(s.site)
		return nil
	case "send":
		name, value, _ := strings.Cut(rest, ": ")
		s.extra = http.Header{name: {value}}
		return nil
	case "clock":
		d, err := time.ParseDuration(strings.TrimPrefix(rest, "+"))
		s.site.later.Add(int64(d))
		return err
	case "edit":
		old, new, _ := strings.Cut(rest, " => ")
		return s.site.edit(old, new)
	case "load":
		return s.site.load(rest == "broken")
	case "let":
		name, what, _ := strings.Cut(rest, " = ")
		value, err := s.find(what)
		s.vars[name] = value
		return err
	case "header":
		name, check, _ := strings.Cut(rest, " ")
		return compare(check, s.header.Get(name))
	case "body":
		return compare(rest, s.body, s.read())
	case "code":
		return compare(rest, strconv.Itoa(s.status))
	case "field":
		name, check, _ := strings.Cut(rest, " ")
		return compare(check, s.field(name))
	case "rows":
		table, check, _ := strings.Cut(rest, " ")
		return compare(check, strconv.Itoa(s.site.rows(table)))
	}
	return fmt.Errorf("no such command: %s", word)
}

// compare holds "contains TEXT", "!contains TEXT" or "== TEXT" against each form of what was got: one that fits is enough.
func compare(check string, got ...string) error {
	operator, want, _ := strings.Cut(check, " ")
	contains := slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, want) })
	switch operator {
	case "contains":
		if !contains {
			return fmt.Errorf("got %q", got[len(got)-1])
		}
	case "!contains":
		if contains {
			return fmt.Errorf("got it: %q", got[len(got)-1])
		}
	case "==":
		if !slices.Contains(got, want) {
			return fmt.Errorf("got %q", got[len(got)-1])
		}
	default:
		return fmt.Errorf("no such comparison: %s", operator)
	}
	return nil
}

// find looks up what a let line asks for.
func (s *script) find(what string) (string, error) {
	kind, text, _ := strings.Cut(what, " ")
	says := func(_ int, e *goquery.Selection) bool { return strings.Contains(fold(e.Text()), text) }
	value, ok := "", false
	switch kind {
	case "redirect":
		value, ok = s.redirect(), s.redirect() != ""
	case "hidden":
		value, ok = s.page.Find(`input[type=hidden][name="` + text + `"]`).Attr("value")
	case "choice":
		value, ok = s.page.Find(".Choice").FilterFunction(says).Find("input").Attr("value")
	case "row":
		value, ok = s.page.Find("li:has(select)").FilterFunction(says).Find("select").Attr("name")
	case "link":
		value, ok = s.page.Find(text).Attr("href")
		value, _, _ = strings.Cut(value, "#")
	case "gap":
		n, _ := strconv.Atoi(text)
		value, ok = s.page.Find("#answer input[name^=blank-]").Eq(n - 1).Attr("name")
	case "letter":
		item := s.page.Find(".Lettered li").FilterFunction(says)
		value, ok = s.page.Find("select").First().Find("option[value!='']").Eq(item.Index()).Attr("value")
		ok = ok && item.Length() == 1
	}
	if !ok {
		return "", fmt.Errorf("the page has no %s", what)
	}
	return value, nil
}

// upload posts what was kept as a file.
func (s *script) upload(rest string) error {
	target, rest, _ := strings.Cut(rest, " ")
	name, change, _ := strings.Cut(rest, " ")
	file := s.vars[name]
	if change != "" {
		old, fresh, _ := strings.Cut(change, " => ")
		if !strings.Contains(file, old) {
			return fmt.Errorf("the file has no %s", old)
		}
		file = strings.Replace(file, old, fresh, 1)
	}
	var body strings.Builder
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "export.json")
	if err != nil {
		return err
	}
	if _, err := io.WriteString(part, file); err != nil {
		return err
	}
	if err := form.Close(); err != nil {
		return err
	}
	return s.send(http.MethodPost, target, form.FormDataContentType(), body.String())
}

// browser asks for pages as a browser does.
type browser struct {
	site   *testSite
	jar    *cookiejar.Jar
	extra  http.Header // of the next request
	last   string      // request, for messages
	status int
	header http.Header
	body   string
	page   *goquery.Document
}

func newBrowser(s *testSite) *browser {
	jar, _ := cookiejar.New(nil) // fails never without options
	return &browser{site: s, jar: jar}
}

func (b *browser) get(target string) error { return b.ask(http.MethodGet, target, "") }

func (b *browser) post(target, form string) error {
	values, err := url.ParseQuery(form)
	if err != nil {
		return err
	}
	return b.ask(http.MethodPost, target, values.Encode())
}

func (b *browser) ask(method, target, form string) error {
	kind := ""
	if form != "" || method == http.MethodPost {
		kind = "application/x-www-form-urlencoded"
	}
	return b.send(method, target, kind, form)
}

// send asks with a body of some type.
func (b *browser) send(method, target, kind, body string) error {
	where, err := b.site.url.Parse(target)
	if err != nil {
		return err
	}
	r := httptest.NewRequest(method, where.String(), strings.NewReader(body))
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	maps.Copy(r.Header, b.extra)
	b.extra = nil
	for _, c := range b.jar.Cookies(where) {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.site.handler.ServeHTTP(w, r)
	b.jar.SetCookies(where, w.Result().Cookies())
	b.last, b.status, b.header, b.body = method+" "+target, w.Code, w.Header(), w.Body.String()
	b.page, err = goquery.NewDocumentFromReader(strings.NewReader(b.body))
	return err
}

func (b *browser) redirect() string { return b.header.Get("Location") }

// read returns the text of the page, with white space folded.
func (b *browser) read() string { return fold(b.page.Find("body").Text()) }

func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

// field returns what the field of a form holds.
func (b *browser) field(name string) string {
	f := b.page.Find(`[name="` + name + `"]`)
	switch goquery.NodeName(f) {
	case "textarea":
		return f.Text()
	case "select":
		return f.Find("option[selected]").AttrOr("value", "")
	}
	if kind := f.AttrOr("type", "text"); kind == "radio" || kind == "checkbox" {
		return f.Filter("[checked]").AttrOr("value", "")
	}
	return f.AttrOr("value", "")
}

// testSite is the real site on a database and content of its own.
type testSite struct {
	handler  http.Handler
	url      *url.URL
	database string
	later    atomic.Int64 // how far its clock is ahead, in ns
	content  fs.FS
	store    *store.Store
	practice *practice.Service
	desk     *admin.Desk
}

// edit changes the text of the questions.
func (s *testSite) edit(old, new string) error {
	file := s.content.(fstest.MapFS)["questions/shelf.md"]
	if !strings.Contains(string(file.Data), old) {
		return fmt.Errorf("the questions have no %q", old)
	}
	file.Data = []byte(strings.Replace(string(file.Data), old, new, 1))
	return nil
}

// load loads the questions, and lets it reach everybody.
func (s *testSite) load(broken bool) error {
	ctx := context.Background()
	if l := s.desk.Load(ctx, false); l.Err != nil || len(l.Bank.Broken) > 0 != broken {
		return fmt.Errorf("load the questions: %v %v", l.Err, l.Findings)
	}
	return s.practice.CatchUp(ctx)
}

func newSite(t testing.TB, content fs.FS, base string) *testSite {
	t.Helper()
	s := &testSite{database: storetest.Database(t)}
	ctx := context.Background()
	clock := func() time.Time { return time.Now().Add(time.Duration(s.later.Load())) }
	_, benchmark := t.(*testing.B)
	st, err := store.Open(ctx, s.database, store.Options{Clock: clock, CheckMemory: !benchmark})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, query := range st.Statements() {
			statementsRun.Store(query, true)
		}
		_ = st.Close()
	})
	s.desk = admin.NewDesk(content, st, nil)
	first := s.desk.Load(ctx, false)
	if first.Err != nil || first.Errors() > 0 {
		t.Fatalf("load content: %v %v", first.Err, first.Findings)
	}
	service, err := practice.New(ctx, st, newPool(t), first.Bank.ID)
	if err != nil {
		t.Fatal(err)
	}
	s.desk.Serve(service.Reload)
	if s.url, err = url.Parse(base); err != nil {
		t.Fatal(err)
	}
	s.content, s.store, s.practice = content, st, service
	s.serve(authorToken)
	return s
}

// serve starts the site with an author token.
func (s *testSite) serve(token string) {
	s.handler = web.New(web.Config{
		Store: s.store, Practice: s.practice, Content: s.content, BaseURL: s.url, Rollover: 4,
		FormKey: []byte("a key of thirty-two bytes, fixed"), Logger: slog.New(slog.DiscardHandler),
		Desk: s.desk, AuthorToken: token,
	})
}

// rows counts the rows of a table; -1 when it cannot.
func (s *testSite) rows(table string) int {
	db, err := storetest.OpenTables(s.database)
	if err != nil {
		return -1
	}
	defer db.Close()
	n := -1
	_ = db.QueryRow(`SELECT count(*) FROM ` + table).Scan(&n)
	return n
}

// shelf is the fixed content, which the browser suite uses too.
func shelf(t *testing.T) fstest.MapFS {
	t.Helper()
	content := fstest.MapFS{}
	for _, name := range []string{
		"bank.yaml", "verified.json", "questions/shelf.md", "guides/shelf.md", "sets/shelf.md",
		"roles/shelf-keeper.md", "roles/shelf-reader.md", "plans/shelf-weeks.md",
	} {
		data, err := os.ReadFile(path.Join("../e2e/content", name))
		if err != nil {
			t.Fatal(err)
		}
		content[name] = &fstest.MapFile{Data: data}
	}
	return content
}

// Crawlers cause nothing: whoever only follows links is nobody, and writes nothing.
func TestReadingWritesNothing(t *testing.T) {
	s := newSite(t, shelf(t), "http://rehearse.test/practice")
	b := newBrowser(s)
	for _, page := range crawl(t, b) {
		if page.cookie != "" {
			t.Errorf("GET %s sets a cookie: %s", page.path, page.cookie)
		}
	}
	for _, table := range []string{"users", "sessions", "attempts", "attempt_items", "used_forms", "evidence", "cards", "bookmarks", "notes", "reports"} {
		if n := s.rows(table); n != 0 {
			t.Errorf("after reading every page %s has %d rows, want 0", table, n)
		}
	}
}

// The same holds for a candidate: no link does anything.
func TestLinksDoNothing(t *testing.T) {
	s := newSite(t, shelf(t), "http://rehearse.test")
	b := newBrowser(s)
	if err := b.post("/quizzes", "quick=1"); err != nil || b.status != http.StatusSeeOther {
		t.Fatalf("start a quiz: status %d, %v", b.status, err)
	}
	tables := []string{"users", "sessions", "attempts", "attempt_items", "used_forms", "evidence", "cards", "daily_activity", "bookmarks", "notes", "reports"}
	var before, after []int
	for _, table := range tables {
		before = append(before, s.rows(table))
	}
	pages := crawl(t, b)
	for _, table := range tables {
		after = append(after, s.rows(table))
	}
	if !slices.Equal(before, after) {
		t.Errorf("reading %d pages changed the rows of %v from %v to %v", len(pages), tables, before, after)
	}
}

type crawled struct{ path, cookie string }

// crawl follows every link of the site and fails on those that lead nowhere or out of the site's path.
func crawl(t *testing.T, b *browser) []crawled {
	t.Helper()
	base := b.site.url.Path
	var pages []crawled
	seen := map[string]bool{}
	for queue := []string{base + "/"}; len(queue) > 0; queue = queue[1:] {
		target, _, _ := strings.Cut(queue[0], "#")
		if target == "" || seen[target] {
			continue
		}
		seen[target] = true
		if !strings.HasPrefix(target, base+"/") {
			t.Errorf("a link leads out of %s/: %s", base, target)
		}
		if err := b.get(target); err != nil {
			t.Fatal(err)
		}
		if b.status >= http.StatusBadRequest {
			t.Errorf("GET %s: status %d", target, b.status)
		}
		pages = append(pages, crawled{target, b.header.Get("Set-Cookie")})
		if to := b.redirect(); to != "" {
			queue = append(queue, to)
		}
		b.page.Find("a[href], link[href], script[src], img[src]").Each(func(_ int, e *goquery.Selection) {
			link := e.AttrOr("href", e.AttrOr("src", ""))
			if !strings.HasPrefix(link, "http") && !strings.HasPrefix(link, "data:") {
				queue = append(queue, link)
			}
		})
		b.page.Find("form[action]").Each(func(_ int, e *goquery.Selection) {
			if action := e.AttrOr("action", ""); !strings.HasPrefix(action, base+"/") {
				t.Errorf("GET %s: a form leads out of %s/: %s", target, base, action)
			}
		})
	}
	return pages
}

// otherKey makes the shelf's other keys: the same questions, shown alike, with something else right.
var otherKey = strings.NewReplacer(
	"- [x] `201`", "- [ ] `201`", "- [ ] `304`", "- [x] `304`",
	"- [x] `0`", "- [ ] `0`", "- [ ] `[]`", "- [x] `[]`",
	"- [x] True", "- [ ] True", "- [ ] False", "- [x] False",
	"- `HEAD`", "- `GET`",
	"- = 16 bytes", "- = 4 bytes",
	"x 1\nx 3\nend", "x 1\nx 2\nx 3\nand more\nend",
	"1. TCP handshake\n2. `ClientHello`", "1. `ClientHello`\n2. TCP handshake",
	"| joins |", "| lookups by one key |", "| lookups by one key |", "| joins |",
	"{{c1::query|", "{{c1::something else and longer|",
	"{{c2::fragment::", "{{c2::anchor::",
	"Look at what happens once an hour", "Add servers",
	"- (2) Names a scheduled job", "- (3) Names a firewall",
	"count(o.id) AS orders", "count(o.id) + 1 AS orders", "(3, 'Alan')", "(3, 'Alan'), (4, 'Barbara')",
	"SELECT id FROM orders WHERE customer_id = 1;", "SELECT id FROM orders WHERE customer_id = 2;",
	"Doing something twice has the same effect", "Nothing has any effect",
)

// No byte of a page depends on the key before the response: with another key everything shown is the same.
func TestPagesBeforeTheResponseKeepTheKey(t *testing.T) {
	cryptotest.SetGlobalRandom(t, 1) // the order of choices and questions is drawn
	content := shelf(t)
	before, _, err := bank.Read(content)
	if err != nil {
		t.Fatal(err)
	}
	one := pagesBefore(t, content)
	file := content["questions/shelf.md"]
	content["questions/shelf.md"] = &fstest.MapFile{Data: []byte(otherKey.Replace(string(file.Data)))}
	after, _, err := bank.Read(content)
	if err != nil {
		t.Fatal(err)
	}
	for i, q := range after.Topics[0].Questions {
		if !q.Kind.Open() && q.KeyHash == before.Topics[0].Questions[i].KeyHash {
			t.Errorf("question %s has the same key in both banks", q.ID)
		}
	}
	cryptotest.SetGlobalRandom(t, 1)
	other := pagesBefore(t, content)
	for _, target := range slices.Sorted(maps.Keys(one)) {
		if one[target] != other[target] {
			t.Errorf("GET %s depends on the key: %s", target, difference(one[target], other[target]))
		}
	}
	if len(one) < 30 || len(one) != len(other) {
		t.Errorf("compared %d pages with %d, want at least 30 of each", len(one), len(other))
	}
}

// Forms outside an attempt carry a signed token with the time.
var unequal = regexp.MustCompile(`name="token" value="[^"]*"|data-(now|deadline)="\d+"|name="shown" value="\d+"`)

// pagesBefore returns every page that shows a question before its response, as well as what an exam says after it.
func pagesBefore(t *testing.T, content fs.FS) map[string]string {
	t.Helper()
	b := newBrowser(newSite(t, content, "http://rehearse.test"))
	pages := map[string]string{}
	keep := func(name string) {
		pages[name] = unequal.ReplaceAllString(b.body, "")
	}
	ask := func(target string) {
		if err := b.get(target); err != nil || b.status != http.StatusOK {
			t.Fatalf("GET %s: status %d, %v", target, b.status, err)
		}
		keep(target)
	}
	ask("/")
	ask("/topics/shelf")
	ask("/questions")
	for _, link := range b.page.Find("main a[href^='/questions/']").EachIter() {
		ask(link.AttrOr("href", ""))
	}
	if err := b.post("/quizzes", "mode=exam&count=11&limit=none"); err != nil || b.status != http.StatusSeeOther {
		t.Fatalf("start an exam: status %d, %v: %s", b.status, err, b.read())
	}
	exam := b.redirect()
	for position := range 11 {
		item := fmt.Sprintf("%s/%d", strings.TrimSuffix(exam, "/1"), position+1)
		ask(item)
		if position == 10 {
			break // the last response would end the exam
		}
		if err := b.post(item, b.anyAnswer()); err != nil || b.status != http.StatusSeeOther {
			t.Fatalf("POST %s: status %d, %v: %s", item, b.status, err, b.read())
		}
		ask(b.redirect())
		keep(item + " answered")
		if err := b.get(item); err != nil {
			t.Fatal(err)
		}
		keep(item + " seen again")
	}
	ask("/cards")
	ask("/cards/next")
	return pages
}

// anyAnswer fills in the form of a question, with whatever comes first.
func (b *browser) anyAnswer() string {
	form := url.Values{}
	b.page.Find("#answer [name]").Each(func(_ int, e *goquery.Selection) {
		name := e.AttrOr("name", "")
		switch {
		case goquery.NodeName(e) == "select" && strings.HasPrefix(name, "order-"):
			form.Set(name, strings.TrimPrefix(name, "order-"))
		case goquery.NodeName(e) == "select":
			form.Set(name, "1")
		case name == "choice" && form.Get(name) == "":
			form.Set(name, e.AttrOr("value", ""))
		case name == "text" || strings.HasPrefix(name, "blank-"):
			form.Set(name, "16")
		}
	})
	return form.Encode()
}

// difference returns the surroundings of the first place where two pages differ.
func difference(a, b string) string {
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	around := func(s string) string {
		return html.UnescapeString(s[max(0, at-60):min(len(s), at+60)])
	}
	return fmt.Sprintf("%q or %q", around(a), around(b))
}
