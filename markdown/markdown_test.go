package markdown

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/yuin/goldmark/ast"
)

// parse reads a body without front matter.
func parse(t *testing.T, body string) *Document {
	t.Helper()
	src, ok := Open("guides/one.md", []byte(body))
	if !ok {
		t.Fatal(src.Findings())
	}
	d, ok := src.Parse(fstest.MapFS{"guides/pic.png": {}, "guides/two.md": {}, "guides/data.csv": {}})
	if !ok {
		t.Fatal(src.Findings())
	}
	return d
}

func TestFindingString(t *testing.T) {
	f := Finding{"a/b.md", 3, 7, Error, "fence-open", "never closed", false}
	if got, want := f.String(), "a/b.md:3:7: error fence-open: never closed"; got != want {
		t.Errorf("String() = %q, want %q", got, want)
	}
}

func TestPosition(t *testing.T) {
	tests := []struct {
		name, text, mark string
		line, col        int
	}{
		{"LF", "ab\ncd", "d", 2, 2},
		{"CRLF", "ab\r\ncd\r\nef", "f", 3, 2},
		{"bytes, not characters", "äb", "b", 1, 3},
		{"behind a BOM", "\uFEFFab", "b", 1, 5},
		{"BOM, next line", "\uFEFFab\ncd", "d", 2, 2},
	}
	for _, test := range tests {
		src, _ := Open("x.md", []byte(test.text))
		line, col := src.Position(strings.Index(string(src.Data), test.mark))
		if line != test.line || col != test.col {
			t.Errorf("%s: Position = %d:%d, want %d:%d", test.name, line, col, test.line, test.col)
		}
	}
}

func TestText(t *testing.T) {
	tests := []struct {
		name, a, b string // two sources of one text
		want       string
	}{
		{"wrapping", "one two\nthree", "one\ntwo   three", "one two three"},
		{"marks", "*one* __two__ ~~three~~ `four`", "_one_ **two** three four", "one two three four"},
		{"escapes", `1 \* 2 &lt; \&amp; &#x41;`, "1 &ast; 2 < &amp;amp; A", "1 * 2 < &amp; A"},
		{"lists", "* a\n* b\n\n      code", "- a\n\n- b\n\n  ```\n  code\n  ```", "- a\n- b\n  ```\n  code\n  ```"},
		{"numbers", "3. a\n3. b", "3) a\n4) b", "3. a\n4. b"},
		{"quotes", "> a\nb", "> a\n> b", "> a b"},
		{"links", "[a](<https://example.org>)", "[a][1]\n\n[1]: https://example.org", "a <https://example.org>"},
		{"hard breaks", "a  \nb", "a\\\nb", "a\nb"},
		{"break tag", "a<br>b", "a<BR/>b", "a\nb"},
		{"tables", "a|b\n-|-\n1|2", "| a   | b |\n|-----|---|\n| 1   | 2 |", "a | b\n1 | 2"},
		{"code spans keep blanks", "`a  b`", "``a  b``", "a  b"},
		{"NFC", "e\u0301", "é", "é"},
		{"comments", "a <!-- x --> b", "a b", "a b"},
		{"headings", "#### a", "#### a ####", "#### a"},
		{"blanks", "{{a}} b", "{{c1::x\ny}} b", "____ b"},
		{"footnotes", "a[^1]\n\n[^1]: note", "a[^x]\n\n[^x]:\n    note", "a [note]"},
		{"details", "<details>\n<summary>a</summary>\n\nb\n\n</details>", "<details><summary>a</summary>\n\nb\n\n</details>", "a\nb"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, body := range []string{test.a, test.b, strings.ReplaceAll(test.a, "\n", "\r\n")} {
				d := parse(t, body)
				if got := d.Text(d.Blocks); got != test.want {
					t.Errorf("Text of %q = %q, want %q", body, got, test.want)
				}
			}
		})
	}
}

func TestHTML(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"paragraph", "a *b* **c** ~~d~~ `e<`", "<p>a <em>b</em> <strong>c</strong> <del>d</del> <code>e&lt;</code></p>"},
		{"headings go below the page's own", "> # a\n\n##### b", "<blockquote>\n<h4>a</h4>\n</blockquote>\n<h5>b</h5>"},
		{"link", "[a](https://example.org/?a=1&b=2 \"t\")", `<p><a href="https://example.org/?a=1&amp;b=2" title="t" rel="noopener">a</a></p>`},
		{"bare link", "https://example.org", `<p><a href="https://example.org" rel="noopener">https://example.org</a></p>`},
		{"mail", "<a@example.org>", `<p><a href="mailto:a@example.org" rel="noopener">a@example.org</a></p>`},
		{"unsafe link", "[a](javascript:alert(1)) [b](data:text/html,x)", "<p>a b</p>"},
		{"link to a page", "[a](two.md)", "<p>a</p>"},
		{"link to a file", "[a](data.csv)", `<p><a href="/media/guides/data.csv" rel="noopener">a</a></p>`},
		{"image", "![a](../guides/pic.png)", `<p><img src="/media/guides/pic.png" alt="a" loading="lazy"></p>`},
		{"image tag", `<img src="pic.png" alt="a&quot;b" width="10" height="x">`, `<img src="/media/guides/pic.png" alt="a&#34;b" width="10" loading="lazy">`},
		{"image from outside", "![a](https://example.org/x.png)![b](../../x.png)", "<p></p>"},
		{"allowed tags", "H<sub>2</sub>O<br/>x<KBD>y</KBD>", "<p>H<sub>2</sub>O<br>x<kbd>y</kbd></p>"},
		{"other tags", "<div onclick=x>a</div>\n\nb <em>c</em>", "a\n<p>b c</p>"},
		{"script", "<script>alert(1)</script>", "alert(1)"},
		{"plain code", "```text\n<a>\n```", `<div class="Code"><pre tabindex="0"><code>&lt;a&gt;</code></pre></div>`},
		{"unknown language", "```nolang\na\n```", `<div class="Code"><span class="Code-lang">nolang</span><pre tabindex="0"><code>a</code></pre></div>`},
		{"code", "```js\nlet a = 1;\n```", `<div class="Code"><span class="Code-lang">JavaScript</span><pre tabindex="0"><code><span class="kd">let</span> <span class="nx">a</span> <span class="o">=</span> <span class="mi">1</span><span class="p">;</span></code></pre></div>`},
		{"table", "|a|b|\n|-|-:|\n|1|2|", "<div class=\"Table\" tabindex=\"0\">\n<table>\n<thead>\n<tr>\n<th scope=\"col\">a</th>\n<th scope=\"col\" data-align=\"right\">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td data-align=\"right\">2</td>\n</tr>\n</tbody>\n</table>\n</div>"},
		{"tasks in prose", "- [x] a\n- [ ] b", "<ul>\n<li>☑ a</li>\n<li>☐ b</li>\n</ul>"},
		{"blank", "a {{b}} c", `<p>a <span class="Blank">____</span> c</p>`},
		{"no blank", "a \\{{b}} `{{c}}`", "<p>a {{b}} <code>{{c}}</code></p>"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := parse(t, test.body)
			if got := d.HTML(d.Blocks); got != test.want {
				t.Errorf("HTML of %q =\n%s\nwant\n%s", test.body, got, test.want)
			}
		})
	}
}

func TestPhrase(t *testing.T) {
	for body, want := range map[string]string{
		"- one":                        "one",
		"- one\n\n  two":               "<p>one</p>\n<p>two</p>",
		"- one\n  ```text\n  a\n  ```": "<p>one</p>\n<div class=\"Code\"><pre tabindex=\"0\"><code>a</code></pre></div>",
	} {
		d := parse(t, body)
		item := d.Blocks[0].FirstChild()
		if got := d.Phrase(Children(item)); got != want {
			t.Errorf("Phrase of %q = %q, want %q", body, got, want)
		}
	}
}

// TestEndlessLexer: colours are given up in time, the code stays whole, and the document says that it was so.
func TestEndlessLexer(t *testing.T) {
	endless := chroma.MustNewLexer(&chroma.Config{Name: "endless"}, func() chroma.Rules {
		return chroma.Rules{"root": {{Pattern: `(a|a|ab?)+c`, Type: chroma.Keyword}, {Pattern: `.`, Type: chroma.Text}}}
	})
	d := parse(t, "")
	if got := d.coloured(endless, "ac"); got != `<span class="k">ac</span>` || d.Hurried {
		t.Errorf("an easy text = %q, hurried %v", got, d.Hurried)
	}
	code := strings.Repeat("a", 500)
	for range 10 {
		if got := d.coloured(endless, code); got != code {
			t.Fatalf("a hard text = %q", got)
		}
	}
	if !d.Hurried || d.wasted < maxWasted || d.wasted > maxWasted+30*time.Second { // a busy machine has slow clocks
		t.Errorf("after 10 hard texts hurried is %v, and %v are wasted", d.Hurried, d.wasted)
	}
}

// What is coloured depends on the size of the code, not on the time that it takes.
func TestColouredBySize(t *testing.T) {
	line := "const a = b.map(c => `${c}`); // d\n"
	for n, want := range map[int]bool{1: true, maxColoured/len(line) - 1: true, maxColoured/len(line) + 1: false} {
		d := parse(t, "```js\n"+strings.Repeat(line, n)+"```\n")
		if got := strings.Contains(d.HTML(d.Blocks), `<span class="k`); got != want || d.Hurried {
			t.Errorf("%d lines coloured: %v, want %v", n, got, want)
		}
	}
}

func TestMapping(t *testing.T) {
	src, _ := Open("x.md", []byte("---\ntitle: \"Ä\"\n\"größe\": 1 # c\nlist: [ä, b]\n---\nbody\n"))
	m, ok := src.Front()
	if !ok || len(m.Fields) != 3 {
		t.Fatalf("Front = %v, %v", m, ok)
	}
	line, col := src.Position(m.Fields[1].ValueAt)
	if line != 3 || col != 12 {
		t.Errorf("value of the second key at %d:%d, want 3:12", line, col)
	}
	items, _ := m.List(m.Fields[2])
	if line, col := src.Position(items[1].At); len(items) != 2 || line != 4 || col != 12 {
		t.Errorf("second entry at %d:%d, want 4:12", line, col)
	}
	if words, ok := m.Words(m.Fields[1]); !ok || words != "1" {
		t.Errorf("Words = %q, want 1", words)
	}
}

func TestNearest(t *testing.T) {
	known := []string{"Explanation", "Answer", "Hint"}
	for word, want := range map[string]string{"explanations": "Explanation", "anwser": "Answer", "trivia": "", "": "", strings.Repeat("x", 99): ""} {
		if got := Nearest(word, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestOpenFence(t *testing.T) {
	for body, want := range map[string]bool{
		"```js\na\n```":            false,
		"```js\na\n~~~":            true,
		"```js\na\n``````":         false,
		"````js\na\n````\n":        false,
		"```js":                    true,
		"> ```js\n> a\n> ```\n":    false,
		"> ```js\n> a\n\nb":        true,
		"- a\n  ```js\n  b\n- c":   true,
		"- ```js\n  b\n  ```\n- c": false,
		"\t- a":                    false,
	} {
		d := parse(t, body)
		open := slices.ContainsFunc(allNodes(d), func(n ast.Node) bool {
			f, ok := n.(*ast.FencedCodeBlock)
			return ok && d.IsOpenFence(f)
		})
		if open != want {
			t.Errorf("IsOpenFence in %q = %t, want %t", body, open, want)
		}
	}
}

func allNodes(d *Document) []ast.Node {
	var found []ast.Node
	walk(d.Blocks, func(n ast.Node) { found = append(found, n) })
	return found
}

func TestClaim(t *testing.T) {
	d := parse(t, "Half of all teams do. {as-of 2025-11}")
	if got, want := d.HTML(d.Blocks), `<p>Half of all teams do. <small class="AsOf">(as of November 2025)</small></p>`; got != want {
		t.Errorf("HTML = %s, want %s", got, want)
	}
	if got, want := d.Text(d.Blocks), "Half of all teams do. (as of November 2025)"; got != want {
		t.Errorf("Text = %s, want %s", got, want)
	}
}
