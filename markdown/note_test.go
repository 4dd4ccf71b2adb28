package markdown

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestNoteHTML(t *testing.T) {
	tests := []struct{ name, note, want string }{
		{"paragraphs", "a *b*\n\nc `d`", "<p>a <em>b</em></p>\n<p>c <code>d</code></p>"},
		{"list", "- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"},
		{"link", "[a](https://example.org)", `<p><a href="https://example.org" rel="noopener">a</a></p>`},
		{"link into the site", "[a](../x.csv) [b](/settings)", "<p>a b</p>"},
		{"image", "![a <b>](https://example.org/x.png) ![c](x.png)", "<p>a &lt;b&gt; c</p>"},
		{"tags are text", "a <b>c</b> <br>", "<p>a &lt;b&gt;c&lt;/b&gt; &lt;br&gt;</p>"},
		{"blocks of tags are text", "<div>\na\n</div>", "<p>&lt;div&gt;\na\n&lt;/div&gt;</p>"},
		{"comment", "a <!-- b -->", "<p>a &lt;!-- b --&gt;</p>"},
		{"what only questions have", "{{a}} {as-of 2025-11} [[guide]] x[^1]", "<p>{{a}} {as-of 2025-11} [[guide]] x[^1]</p>"},
		{"code", "```js\n<a>\n```", `<div class="Code"><span class="Code-lang">JavaScript</span><pre tabindex="0"><code>&lt;a&gt;</code></pre></div>`},
		{"over a cap", strings.Repeat("> ", 20) + "<b>", `<pre tabindex="0"><code>` + strings.Repeat("&gt; ", 20) + "&lt;b&gt;</code></pre>"},
		{"no text", "a\x00<b>\xff", "<pre tabindex=\"0\"><code>a\uFFFD&lt;b&gt;\uFFFD</code></pre>"},
		{"nothing", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := NoteHTML(test.note); got != test.want {
				t.Errorf("NoteHTML(%q) =\n%s\nwant\n%s", test.note, got, test.want)
			}
		})
	}
}

// hostile are notes that would run something, load something or lead astray if they were believed.
var hostile = []string{
	"<script>alert(1)</script>",
	"<img src=x onerror=alert(1)>",
	"<svg/onload=alert(1)>",
	"<a href=\"javascript:alert(1)\">a</a>",
	"[a](javascript:alert(1))",
	"[a](JaVaScRiPt:alert(1))",
	"[a](java\tscript:alert(1))",
	"[a](&#106;avascript:alert(1))",
	"[a](data:text/html;base64,PHNjcmlwdD4=)",
	"[a](vbscript:x)",
	"<javascript:alert(1)>",
	"[a]: javascript:alert(1)\n\n[a]",
	"[a](https://example.org \"\\\" onmouseover=alert(1) x=\\\"\")",
	"[a](https://example.org/\"onmouseover=alert(1))",
	"![a](javascript:alert(1))",
	"![\" onerror=alert(1) x=\"](x.png)",
	"```\"><script>alert(1)</script>\nx\n```",
	"`</code><script>alert(1)</script>`",
	"<iframe src=//example.org></iframe>",
	"<style>*{display:none}</style>",
	"<form action=/settings method=post><button>x",
	"<!--><script>alert(1)</script>-->",
	"<![CDATA[<script>alert(1)</script>]]>",
	"a\n<textarea></textarea><script>alert(1)</script>",
	"| <script>alert(1)</script> | b |\n|---|---|\n| [x](javascript:1) | ![y](//z) |",
}

// TestNotesAreHarmless parses what becomes of a note as a browser would, and looks at every element of it.
func TestNotesAreHarmless(t *testing.T) {
	for _, note := range hostile {
		checkHarmless(t, note)
	}
}

func FuzzNoteHTML(f *testing.F) {
	for _, note := range hostile {
		f.Add(note)
	}
	f.Fuzz(func(t *testing.T, note string) {
		if len(note) <= 8<<10 {
			checkHarmless(t, note)
		}
	})
}

func checkHarmless(t *testing.T, note string) {
	t.Helper()
	got := NoteHTML(note)
	root, err := html.Parse(strings.NewReader("<!DOCTYPE html><html><head></head><body>" + got + "</body></html>"))
	if err != nil {
		t.Fatal(err)
	}
	harmless := map[string]bool{
		"html": true, "head": true, "body": true, "p": true, "h4": true, "h5": true, "h6": true, "blockquote": true, "ul": true, "ol": true,
		"li": true, "hr": true, "br": true, "em": true, "strong": true, "del": true, "code": true, "pre": true, "div": true, "span": true,
		"table": true, "thead": true, "tbody": true, "tr": true, "th": true, "td": true, "a": true,
	}
	attributes := map[string]bool{"class": true, "tabindex": true, "scope": true, "data-align": true, "start": true, "title": true, "rel": true}
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && !harmless[n.Data] {
			t.Errorf("NoteHTML(%q) has a %s element:\n%s", note, n.Data, got)
		}
		for _, a := range n.Attr {
			web := strings.HasPrefix(a.Val, "https:") || strings.HasPrefix(a.Val, "http:") || strings.HasPrefix(a.Val, "mailto:")
			if a.Key == "href" && !web || a.Key != "href" && !attributes[a.Key] {
				t.Errorf("NoteHTML(%q) has %s=%q:\n%s", note, a.Key, a.Val, got)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
}
