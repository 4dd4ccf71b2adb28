package views

import (
	"bytes"
	"compress/gzip"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"rehearse/locale"
)

// document renders a sample and returns it for selection.
func document(t *testing.T, s sample) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(render(t, s.page)))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func find(t *testing.T, name string) *goquery.Document {
	t.Helper()
	for _, s := range samples() {
		if s.name == name {
			return document(t, s)
		}
	}
	t.Fatalf("no sample %q", name)
	return nil
}

// each runs a check on every sample.
func each(t *testing.T, check func(t *testing.T, doc *goquery.Document)) {
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) { check(t, document(t, s)) })
	}
}

func TestOneHeadingAndNoGaps(t *testing.T) {
	each(t, func(t *testing.T, doc *goquery.Document) {
		if got := doc.Find("h1").Length(); got != 1 {
			t.Errorf("page has %d h1, want 1", got)
		}
		last := 0
		doc.Find("main").Find("h1, h2, h3, h4, h5, h6").Each(func(_ int, h *goquery.Selection) {
			level := int(goquery.NodeName(h)[1] - '0')
			if level > last+1 {
				t.Errorf("heading %q is h%d after h%d", h.Text(), level, last)
			}
			last = level
		})
	})
}

func TestEveryFieldHasAName(t *testing.T) {
	each(t, func(t *testing.T, doc *goquery.Document) {
		doc.Find("input:not([type=hidden]), select, textarea").Each(func(_ int, f *goquery.Selection) {
			if f.AttrOr("name", "") == "" {
				t.Error("a field has no name attribute")
			}
			_, labelled := f.Attr("aria-label")
			id := f.AttrOr("id", "-")
			if !labelled && f.Closest("label").Length() == 0 && doc.Find("label[for='"+id+"']").Length() == 0 {
				t.Errorf("field %q has no label", f.AttrOr("name", ""))
			}
		})
		doc.Find("fieldset").Each(func(_ int, f *goquery.Selection) {
			if f.ChildrenFiltered("legend").Length() != 1 {
				t.Error("a fieldset has no legend")
			}
		})
	})
}

func TestIdsAreUniqueAndReferencesResolve(t *testing.T) {
	each(t, func(t *testing.T, doc *goquery.Document) {
		seen := map[string]bool{}
		doc.Find("[id]").Each(func(_ int, e *goquery.Selection) {
			id := e.AttrOr("id", "")
			if seen[id] {
				t.Errorf("id %q is used twice", id)
			}
			seen[id] = true
		})
		for _, attribute := range []string{"aria-describedby", "aria-labelledby", "list"} {
			doc.Find("[" + attribute + "]").Each(func(_ int, e *goquery.Selection) {
				ids := strings.Fields(e.AttrOr(attribute, ""))
				if len(ids) == 0 {
					t.Errorf("empty %s", attribute)
				}
				for _, id := range ids {
					if !seen[id] {
						t.Errorf("%s names %q, which is not there", attribute, id)
					}
				}
			})
		}
		doc.Find(`a[href^="#"]`).Each(func(_ int, a *goquery.Selection) {
			if id := a.AttrOr("href", "")[1:]; !seen[id] {
				t.Errorf("a link leads to #%s, which is not there", id)
			}
		})
	})
}

func TestEveryAddressHasTheBasePath(t *testing.T) {
	each(t, func(t *testing.T, doc *goquery.Document) {
		for _, attribute := range []string{"href", "action", "formaction"} {
			doc.Find("body [" + attribute + "]").Each(func(_ int, e *goquery.Selection) {
				address := e.AttrOr(attribute, "")
				if strings.HasPrefix(address, "#") || e.Closest(".Prose").Length() > 0 {
					return
				}
				if !strings.HasPrefix(address, "/practice/") {
					t.Errorf("%s=%q does not begin with the base path", attribute, address)
				}
			})
		}
	})
}

func TestPolicyNeedsNoException(t *testing.T) {
	each(t, func(t *testing.T, doc *goquery.Document) {
		if n := doc.Find("style, [style]").Length(); n > 0 {
			t.Errorf("%d inline styles", n)
		}
		doc.Find("script").Each(func(_ int, s *goquery.Selection) {
			if s.AttrOr("src", "") == "" || s.Text() != "" {
				t.Errorf("inline script %q", s.Text())
			}
		})
		doc.Find("*").Each(func(_ int, e *goquery.Selection) {
			for _, a := range e.Nodes[0].Attr {
				if strings.HasPrefix(a.Key, "on") {
					t.Errorf("inline handler %s=%q", a.Key, a.Val)
				}
			}
		})
	})
}

func TestWhatVisitorsTypeIsEscaped(t *testing.T) {
	for _, name := range []string{"item-text", "item-cloze", "verdict-text", "verdict-output", "verdict-cloze", "verdict-open", "settings-problems", "new-quiz-problems", "question", "kept-problems", "desk-reports", "today-answers"} {
		html := func() string {
			for _, s := range samples() {
				if s.name == name {
					return render(t, s.page)
				}
			}
			t.Fatalf("no sample %q", name)
			return ""
		}()
		if strings.Contains(html, "<script>alert") {
			t.Errorf("%s: typed text was written as HTML", name)
		}
		if !strings.Contains(html, "&lt;script&gt;alert") {
			t.Errorf("%s: typed text was not kept", name)
		}
	}
}

func TestQuestionPageShowsNoVerdict(t *testing.T) {
	for _, s := range samples() {
		if !strings.HasPrefix(s.name, "item-") && s.name != "start" && s.name != "question" && s.name != "verdict-saved" {
			continue
		}
		doc := document(t, s)
		if n := doc.Find("[data-right], .Explanation, .CardAnswer, ins, .Compare [data-outcome]").Length(); n > 0 {
			t.Errorf("%s: %d elements tell what is right", s.name, n)
		}
	}
}

func TestAnswerFields(t *testing.T) {
	tests := []struct {
		sample, selector string
		want             int
	}{
		{"item-single", "input[type=radio][name=choice][required]", 4},
		{"item-single", "input[name=unsure][value='1']", 1},
		{"item-single", "form[action='/practice/quizzes/q7f3/3'] button[formaction='/practice/quizzes/q7f3/3/skip'][formnovalidate]", 1},
		{"item-single", "input[type=hidden][name=zone]", 1},
		{"item-single", "input[name=token]", 0},
		{"item-single", "details.Hint details.Hint", 1},
		{"item-checked", "input[name=choice][value='2'][checked]", 1},
		{"item-multiple", "input[type=checkbox][name=choice]", 5},
		{"item-multiple", "input[name=choice][checked]", 2},
		{"item-pair", "[data-pair] input[name=choice]", 2},
		{"item-text", "input[name=text][required]", 1},
		{"item-number", "input[name=text][inputmode=decimal]", 1},
		{"item-output", "textarea.Mono[name=text]", 1},
		{"item-open", "textarea[name=text]", 1},
		{"item-order", "select[name^=order-]", 5},
		{"item-order", "select[name='order-3'] option[value='3'][selected]", 1},
		{"item-match", "select[name^=pair-]", 4},
		{"item-match", "select[name='pair-2'] option[value='3'][selected]", 1},
		{"item-cloze", "input[name^=blank-]", 3},
		{"start", "form[action='/practice/questions/loop-first-after-script/responses'] input[name=token]", 1},
		{"question", "input[name=token]", 1},
		{"card-back", "form[action='/practice/cards/123-0/grade'] button[name=rating]", 4},
		{"card-back", "input[type=hidden][name=reviews][value='4']", 1},
		{"card-back", "input[type=hidden][name=card][value='123-0']", 1},
		{"card-back-two", "button[name=rating]", 2},
		{"card-front", "button[name=rating]", 0},
		{"card-front", "form[action='/practice/cards/undo']", 1},
		{"verdict-open", "form[action='/practice/quizzes/q7f3/3/marks'] input[name=mark]", 4},
		{"verdict-open", "input[name=rating][value=good][checked]", 1},
		{"verdict-open-marked", "form[action='/practice/quizzes/q7f3/3/marks']", 0},
		{"verdict-open-marked", "fieldset[disabled] input[name=mark][checked]", 1},
		{"verdict-right", "form[action='/practice/quizzes/q7f3/finish']", 2},
		{"verdict-wrong", "#verdict[role=status]", 1},
		{"result", "form[action='/practice/quizzes/q7f3/repeat']", 1},
		{"new-quiz", "input[name=quick][value='1']", 1},
		{"new-quiz-problems", "#field-count[aria-invalid=true][aria-describedby=problem-count]", 1},
		{"settings-problems", "input[name=zone][aria-invalid=true]", 1},
		{"item-exam", ".js-timer[data-deadline='1795000900000']", 1},
		{"progress", "nav[aria-label=Pages] a", 2},
	}
	for _, tt := range tests {
		if got := find(t, tt.sample).Find(tt.selector).Length(); got != tt.want {
			t.Errorf("%s: %d elements match %s, want %d", tt.sample, got, tt.selector, tt.want)
		}
	}
}

func TestEveryKindHasAControl(t *testing.T) {
	for _, kind := range []string{"single", "multiple", "text", "number", "output", "order", "match", "cloze", "sql", "interview", "card"} {
		q := Question{Kind: kind, Choices: []Choice{{ID: "1", HTML: "a"}, {ID: "2", HTML: "b"}}, Items: []Item{{ID: "1"}}, Lefts: []Item{{ID: "1"}}, Rights: []Item{{ID: "1"}}, Pieces: []Piece{{Blank: true}}, Exercise: &Exercise{}}
		html := render(t, hand(func(w *pen) { w.control(&q, &AnswerForm{}) }))
		if !strings.Contains(html, "name=\"") {
			t.Errorf("the control of %q has no field", kind)
		}
		if Label(locale.English(), kind) == kind {
			t.Errorf("Label(%q) has no words", kind)
		}
	}
}

func TestMenuMarksThePage(t *testing.T) {
	if got := strings.TrimSpace(find(t, "today").Find(".Menu [aria-current=page]").Text()); got != "Today" {
		t.Errorf("menu marks %q, want Today", got)
	}
	if n := find(t, "error").Find(".Menu [aria-current]").Length(); n != 0 {
		t.Errorf("menu marks %d entries on an error page, want none", n)
	}
}

// A page fits into the first round trip of a connection.
func TestPagesAreSmall(t *testing.T) {
	const budget = 14 << 10
	for _, s := range samples() {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write([]byte(render(t, s.page))); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if b.Len() > budget {
			t.Errorf("%s is %d bytes gzipped, want at most %d", s.name, b.Len(), budget)
		}
	}
}

func TestLinksEscapeIds(t *testing.T) {
	l := Links{Base: "/p"}
	for got, want := range map[string]string{
		l.Home():                           "/p/",
		l.Question("a/b?c"):                "/p/questions/a%2Fb%3Fc",
		l.NewQuizOn("a&b"):                 "/p/quizzes/new?topic=a%26b",
		l.SkipItem("q", 2):                 "/p/quizzes/q/2/skip",
		l.NextCardOf(""):                   "/p/cards/next",
		l.CardOf("1-0", TopicCards("sql")): "/p/cards/1-0?topic=sql",
		l.AnswerQuestion("x"):              "/p/questions/x/responses",
		Links{}.ProgressPage(3):            "/progress?page=3",
		Links{}.RepeatMistakes("a"):        "/quizzes/a/repeat",
	} {
		if got != want {
			t.Errorf("link is %q, want %q", got, want)
		}
	}
}

// onceField is a field that is another one on every page.
var onceField = regexp.MustCompile(`name="once" value="[A-Z2-7]+"`)

// A part that was kept is what would be rendered, on every page and in every language.
func TestFixedPartsAreTheSame(t *testing.T) {
	all := func(l *locale.Language) map[string]string {
		pages := map[string]string{}
		for _, s := range samples() {
			var b bytes.Buffer
			if err := s.page.Render(locale.With(t.Context(), l), &b); err != nil {
				t.Fatal(err)
			}
			pages[s.name] = onceField.ReplaceAllString(b.String(), "")
		}
		return pages
	}
	t.Cleanup(func() { sampleParts = nil })
	parts := new(Parts)
	for _, l := range locale.Languages() {
		sampleParts = nil
		want := all(l)
		for range 2 {
			sampleParts = parts
			if diff := cmp.Diff(want, all(l)); diff != "" {
				t.Errorf("%s (-rendered +kept):\n%s", l.Tag, diff)
			}
		}
	}
}

// questionPage is the question page of somebody with four choices, a session and cards due, in the middle of a quiz.
func questionPage() templ.Component {
	p := samplePage("quiz", "Question 3: What runs first once the main script has finished?")
	p.Owner, p.NoIndex, p.Worker = "6f776e6572203248e152", true, true
	kept := KeptView{Question: "loop-first-after-script", Back: "/practice/quizzes/q7f3/3", MarkOnly: true}
	return QuizItem(p, QuizItemView{QuizFrame: frame(), Question: singleQuestion(), Form: answerForm(), Kept: kept})
}

// BenchmarkRenderQuestion renders the question page and nothing else.
func BenchmarkRenderQuestion(b *testing.B) {
	sampleParts = new(Parts)
	b.Cleanup(func() { sampleParts = nil })
	page := questionPage()
	b.ReportAllocs()
	var buf bytes.Buffer
	for b.Loop() {
		buf.Reset()
		if err := page.Render(b.Context(), &buf); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(buf.Len()))
}
