package handbook

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"rehearse/markdown"
)

var bankOfTests = Known{Questions: []Question{
	{ID: "loop-one", Topic: "event-loop", Tags: []string{"timers"}},
	{ID: "loop-two", Topic: "event-loop", Tags: []string{"phases"}},
	{ID: "sql-one", Topic: "sql", Tags: []string{"timers"}},
}}

const guideFront = "---\ntitle: Loop\nsummary: S.\ncategory: Node.js\nupdated: 2026-01-02\ntopics: [event-loop]\nconcepts:\n  timers: due later\n---\n\n"

// guideBody returns every section with a word in it.
func guideBody() string {
	var b strings.Builder
	for _, h := range Skeleton() {
		fmt.Fprintf(&b, "## %s\n\n", h.Title)
		switch h.ID {
		case QuestionsID:
		case FAQID:
			b.WriteString("### Why?\n\nBecause of `<b>`.\n")
		default:
			b.WriteString("Text.\n\n")
		}
	}
	return b.String()
}

const (
	role      = "---\ntitle: Dev\nsummary: S.\nskills:\n  sql: mid\nscope:\n  owns: [a]\nladder:\n  junior: [b]\n---\n\nCharter.\n"
	plan      = "---\ntitle: Plan\nsummary: S.\nweeks:\n  - weeks: 1-2\n    title: One\n    topics: [sql]\n    guides: [loop]\n  - weeks: 3\n    title: Two\n    topics: [phases]\n---\n"
	interview = "---\ntitle: Phone\nsummary: S.\nstage: phone-screen\nminutes: 30\nlevel: mid\nsections:\n  - title: A\n    minutes: 10\n    tags: [timers]\n    count: 2\n---\n\nHello.\n"
	check     = "---\ntitle: Check\nsummary: S.\ntopics:\n  sql: 3\n  event-loop: 1\nroles: [dev]\n---\n\nText.\n"
	set       = "---\ntitle: Set\nsummary: S.\nquestions:\n  Node.js: [loop-two, loop-one]\n  SQL: [sql-one]\n---\n"
)

func folder() fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range map[string]string{
		"guides/loop.md": guideFront + guideBody(), "roles/dev.md": role, "plans/three.md": plan,
		"interviews/phone.md": interview, "sets/some.md": set, "assessments/all.md": check, "guides/README.md": "no front matter", "sets/picture.png": "x",
	} {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func read(t *testing.T, fsys fstest.MapFS) (Book, string) {
	t.Helper()
	book, findings, err := Read(fsys, bankOfTests)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, f := range findings {
		lines = append(lines, f.String())
	}
	return book, strings.Join(lines, "\n")
}

func TestRead(t *testing.T) {
	book, findings := read(t, folder())
	if findings != "" {
		t.Fatalf("findings in a clean folder:\n%s", findings)
	}
	g, _ := book.Guide("loop")
	if len(g.Sections) != len(Skeleton())-1 || g.Minutes != 1 || g.FAQ[0].Question != "Why?" || g.FAQ[0].HTML != "<p>Because of <code>&lt;b&gt;</code>.</p>" {
		t.Errorf("guide: %+v", g)
	}
	if !g.Covers(bankOfTests.Questions[0]) || g.Covers(bankOfTests.Questions[1]) || g.Covers(bankOfTests.Questions[2]) {
		t.Error("a guide covers the questions of its topics that have one of its concepts")
	}
	s, _ := book.Set("some")
	if !slices.Equal(s.Questions(), []string{"loop-two", "loop-one", "sql-one"}) || s.Groups[1].Title != "SQL" {
		t.Errorf("set: %+v", s)
	}
	p, _ := book.Plan("three")
	if p.Weeks != 3 || p.Blocks[1].First != 3 || p.Blocks[0].Guides[0] != "loop" {
		t.Errorf("plan: %+v", p)
	}
	r, _ := book.Role("dev")
	if r.Charter != "<p>Charter.</p>" || r.Skills[0] != (Skill{"sql", "mid"}) || r.Ladder[0].Expected[0] != "b" {
		t.Errorf("role: %+v", r)
	}
	if a, _ := book.Assessment("all"); len(a.Topics) != 2 || a.Topics[0] != (Share{"sql", 3}) || a.Roles[0] != "dev" || a.Intro != "<p>Text.</p>" {
		t.Errorf("assessment: %+v", a)
	}
	if len(book.Interviews) != 1 || book.Interviews[0].Sections[0].Count != 2 {
		t.Errorf("interviews: %+v", book.Interviews)
	}
}

// TestFindings plants one fault at a time in the clean folder.
func TestFindings(t *testing.T) {
	for _, test := range []struct {
		file, old, new string
		want           string // how the only finding begins
	}{
		{"guides/loop.md", "timers: due", "tiimers: due", "guides/loop.md:8:3: warning guide-concept: "},
		{"guides/loop.md", "[event-loop]", "[event-lop]", "guides/loop.md:6:10: error guide-concept: no question has the topic or tag event-lop; did you mean event-loop?"},
		{"guides/loop.md", "2026-01-02", "2026-13-02", "guides/loop.md:5:10: error fm-value: "},
		{"guides/loop.md", "category: Node.js\n", "", "guides/loop.md:1:1: error fm-value: category is missing"},
		{"guides/loop.md", "category:", "categry:", "guides/loop.md:1:1: error fm-value: category is missing"},
		{"guides/loop.md", "title: Loop", "title: Loop\nrelated: [lop]", "guides/loop.md:3:11: error link-guide: no guide has the id lop; did you mean loop?"},
		{"guides/loop.md", "## Advantages\n\nText.", "## Advantages\n\nSee [[sql]].", "guides/loop.md:33:5: error link-guide: "},
		{"guides/loop.md", "## Advantages\n\nText.", "## Advantages", "guides/loop.md:1:1: warning guide-section: the guide has no text for: Advantages;"},
		{"guides/loop.md", "## Advantages", "## Use cases", "guides/loop.md:1:1: warning guide-section: the guide has no text for: Advantages;"},
		{"guides/loop.md", "## Advantages\n", "## Advantages\n\nMany.\n\n## Benefits\n\n", "guides/loop.md:35:1: error guide-section: \"Benefits\" is not a section of a guide; its text would not be shown;"},
		{"guides/loop.md", "## Advantages", "### More", "guides/loop.md:1:1: warning guide-section: the guide has no text for: Advantages;"},
		{"guides/loop.md", "Because of `<b>`.", "", "guides/loop.md:75:1: error guide-section: the question has no answer"},
		{"guides/loop.md", "### Why?", "Why?", "guides/loop.md:75:1: error guide-section: the FAQ is "},
		{"guides/loop.md", "## Advantages\n", "## Advantages\n\n<!-- check: loop-on -->\n", "guides/loop.md:33:1: error guide-check: no question has the id loop-on; did you mean loop-one?"},
		{"guides/loop.md", "## Advantages\n", "## Advantages\n\n<!-- practise: tags=[sql] -->\n", "guides/loop.md:33:1: error guide-practise: no question matches"},
		{"guides/loop.md", "## Advantages\n", "## Advantages\n\n<!-- practise: tag=[sql] -->\n", "guides/loop.md:33:1: error guide-practise: \"tag=[sql]\" cannot be read"},
		{"roles/dev.md", "sql: mid", "sqll: mid", "roles/dev.md:5:3: error role-skill: no question has the topic or tag sqll; did you mean sql?"},
		{"roles/dev.md", "sql: mid", "sql: middle", "roles/dev.md:5:8: error fm-value: "},
		{"roles/dev.md", "Charter.\n", "", "roles/dev.md:1:1: warning role-charter: "},
		{"roles/dev.md", "  owns", "  own", "roles/dev.md:7:3: error fm-key: own is not a known key; did you mean owns?"},
		{"roles/dev.md", "  junior", "  intern", "roles/dev.md:9:3: error fm-key: "},
		{"plans/three.md", "[phases]", "[phase]", "plans/three.md:11:14: error plan-topic: no question has the topic or tag phase; did you mean phases?"},
		{"plans/three.md", "[loop]", "[lopp]", "plans/three.md:8:14: error link-guide: "},
		{"plans/three.md", "weeks: 3", "weeks: 4", "plans/three.md:9:5: error plan-weeks: "},
		{"plans/three.md", "guides: [loop]", "mock: fone", "plans/three.md:8:11: error plan-mock: "},
		{"interviews/phone.md", "[timers]", "[timer]", "interviews/phone.md:10:12: error interview-tag: "},
		{"interviews/phone.md", "phone-screen", "telephone", "interviews/phone.md:4:8: error fm-value: "},
		{"assessments/all.md", "sql: 3", "sqll: 3", "assessments/all.md:5:3: error assessment-topic: no question has the topic or tag sqll; did you mean sql?"},
		{"assessments/all.md", "event-loop: 1", "event-loop: 11", "assessments/all.md:6:15: error fm-value: "},
		{"assessments/all.md", "[dev]", "[dew]", "assessments/all.md:7:9: error assessment-role: no role has the id dew; did you mean dev?"},
		{"sets/some.md", "sql-one", "sql-tow", "sets/some.md:6:9: error set-question: "},
		{"sets/some.md", "sql-one", "loop-one", "sets/some.md:6:9: error set-question: loop-one is in the set twice"},
	} {
		fsys := folder()
		text := string(fsys[test.file].Data)
		if !strings.Contains(text, test.old) {
			t.Fatalf("%s does not contain %q", test.file, test.old)
		}
		fsys[test.file].Data = []byte(strings.Replace(text, test.old, test.new, 1))
		_, got := read(t, fsys)
		if !strings.HasPrefix(got, test.want) {
			t.Errorf("%q instead of %q:\n%s\nwant\n%s", test.new, test.old, got, test.want)
		}
	}
}

func TestRelationsHoldInBothDirections(t *testing.T) {
	fsys := folder()
	other := strings.Replace(guideFront+guideBody(), "title: Loop", "title: Timers\nrelated: [loop]", 1)
	fsys["guides/timers.md"] = &fstest.MapFile{Data: []byte(strings.Replace(other, "Text.", "See [[loop]].", 1))}
	book, findings := read(t, fsys)
	loop, _ := book.Guide("loop")
	timers, _ := book.Guide("timers")
	if findings != "" || !slices.Equal(loop.Related, []string{"timers"}) || !slices.Equal(timers.Related, []string{"loop"}) {
		t.Errorf("related: %v and %v\n%s", loop.Related, timers.Related, findings)
	}
	if html := timers.Sections[0].Parts[0].HTML; html != `<p>See <a href="/guides/loop">Loop</a>.</p>` {
		t.Errorf("a mention became %s", html)
	}
}

func TestBrokenFilesKeepTheirLastGoodVersion(t *testing.T) {
	good, _ := read(t, folder())
	fsys := folder()
	fsys["sets/some.md"].Data = []byte(strings.Replace(set, "sql-one", "sql-two", 1))
	book, _ := read(t, fsys)
	if _, ok := book.Set("some"); ok || !slices.Equal(book.Broken, []string{"sets/some.md"}) {
		t.Errorf("a broken set is served: %+v", book)
	}
	book.KeepBroken(&good)
	if s, ok := book.Set("some"); !ok || len(s.Questions()) != 3 || len(book.Roles) != 1 {
		t.Errorf("the last good version is lost: %+v", book.Sets)
	}
}

func TestGapsOfARole(t *testing.T) {
	r := Role{Cut: 70, Skills: []Skill{{"met", "mid"}, {"none", "mid"}, {"one-wrong", "mid"}, {"many-wrong", "mid"}, {"measured", "mid"}, {"above", "mid"}, {"one-right", "mid"}}}
	evidence := map[string]Evidence{
		"met":        {Answered: 10, Right: 9},
		"one-wrong":  {Answered: 1},
		"many-wrong": {Answered: 20, Right: 2},
		"measured":   {Answered: 20, Right: 20, Measured: true, Short: 1},
		"above":      {Answered: 20, Right: 0, Measured: true, Short: -.1},
		"one-right":  {Answered: 1, Right: 1},
	}
	var got []string
	for _, s := range r.Show(func(s Skill) Evidence { return evidence[s.ID] }) {
		got = append(got, fmt.Sprintf("%s %s %d", s.ID, s.Standing, s.Gap))
	}
	want := []string{
		"many-wrong gap 50", // 70 - (200+280)/24
		"measured gap 25",   // a skill check counts instead of the answers
		"one-wrong gap 14",  // 70 - 280/5
		"none unknown 0", "one-right scant 0", "met met 0", "above met 0",
	}
	if !slices.Equal(got, want) {
		t.Errorf("gaps\n got %q\nwant %q", got, want)
	}
	if cut := (Role{}).Asks(); cut != 65 {
		t.Errorf("a role without a cut asks for %d %%, want 65", cut)
	}
}

func TestTwoRolesSideBySide(t *testing.T) {
	a := Role{Skills: []Skill{{"same", "mid"}, {"near", "mid"}, {"far", "senior"}}}
	b := Role{Skills: []Skill{{"near", "senior"}, {"same", "mid"}, {"only", "mid"}}}
	want := []Contrast{{"far", "senior", ""}, {"only", "", "mid"}, {"near", "mid", "senior"}, {"same", "mid", "mid"}}
	if got := Compare(a, b); !slices.Equal(got, want) {
		t.Errorf("Compare: got %v, want %v", got, want)
	}
}

func TestJobDescription(t *testing.T) {
	book, _ := read(t, folder())
	r, _ := book.Role("dev")
	want := "# Dev\n\nS.\n\nCharter.\n\n## What you own\n\n- a\n\n## Skills and levels\n\n- Databases: mid\n\n## Levels\n\n### Junior\n\n- b\n"
	if got := r.Description(func(string) string { return "Databases" }); got != want {
		t.Errorf("Description: got %q, want %q", got, want)
	}
}

func TestPlansOfOtherLengths(t *testing.T) {
	p := Plan{Weeks: 8, Blocks: []Block{{First: 1, Last: 2}, {First: 3, Last: 4}, {First: 5, Last: 7}, {First: 8, Last: 8}}}
	days := func(weeks int) (out []int) {
		for i, turn := range p.In(weeks) {
			if i > 0 && turn.From != out[len(out)-1] {
				t.Errorf("in %d weeks block %d begins on day %d, after one that ends on day %d", weeks, i, turn.From, out[len(out)-1])
			}
			out = append(out, turn.To)
		}
		return out
	}
	for weeks, want := range map[int][]int{8: {14, 28, 49, 56}, 4: {7, 14, 24, 28}, 2: {3, 7, 12, 14}} {
		if got := days(weeks); !slices.Equal(got, want) {
			t.Errorf("ends of the blocks in %d weeks: got %v, want %v", weeks, got, want)
		}
	}
	if got := p.Lengths(); !slices.Equal(got, []int{2, 4, 8}) {
		t.Errorf("lengths: got %v, want 2, 4 and 8 weeks", got)
	}
	short := Plan{Weeks: 4, Blocks: []Block{{First: 1, Last: 1}, {First: 2, Last: 4}}}
	if got := short.Lengths(); !slices.Equal(got, []int{2, 4}) {
		t.Errorf("lengths of a plan of four weeks: got %v, want 2 and 4", got)
	}
	first, last := p.In(8)[1].On(time.Date(2026, 12, 28, 0, 0, 0, 0, time.UTC))
	if got := first.Format(time.DateOnly) + " " + last.Format(time.DateOnly); got != "2027-01-11 2027-01-24" {
		t.Errorf("days of the second block: got %s", got)
	}
}

func TestWhatOfAPlanIsBehind(t *testing.T) {
	turn := Turn{From: 14, To: 28}
	for name, c := range map[string]struct {
		questions, answered, right, day int
		want                            Lag
	}{
		"not begun":              {30, 0, 0, 10, Lag{}},
		"half of it over":        {30, 0, 0, 21, Lag{Wanted: 4}},
		"half, on time":          {30, 4, 0, 21, Lag{}},
		"over":                   {30, 7, 7, 28, Lag{Wanted: 8}},
		"over, few questions":    {5, 5, 5, 40, Lag{}},
		"over, too much wrong":   {30, 10, 6, 28, Lag{Wrong: true}},
		"over, enough is right":  {30, 10, 7, 28, Lag{}},
		"no question about it":   {0, 0, 0, 40, Lag{}},
		"wrong, but not yet due": {30, 10, 0, 27, Lag{}},
	} {
		if got := turn.Lag(c.questions, c.answered, c.right, c.day); got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

func TestAgeOfGuides(t *testing.T) {
	g := Guide{Updated: time.Date(2025, 11, 21, 0, 0, 0, 0, time.UTC)}
	if g.Stale(g.Updated.AddDate(1, 0, 0)) || !g.Stale(g.Updated.AddDate(1, 0, 1)) {
		t.Error("a guide needs review after a year, not before")
	}
}

func TestNothingIsUnsafe(t *testing.T) {
	fsys := folder()
	text := strings.Replace(string(fsys["guides/loop.md"].Data), "Text.", "<script>alert(1)</script> [x](javascript:alert(1))", 1)
	fsys["guides/loop.md"].Data = []byte(text)
	book, findings, err := Read(fsys, bankOfTests)
	if err != nil || len(book.Guides) != 0 || !slices.ContainsFunc(findings, func(f markdown.Finding) bool { return f.Code == "html-tag" }) {
		t.Errorf("%v %v %v", book.Guides, findings, err)
	}
}
