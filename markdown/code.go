package markdown

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/yuin/goldmark/ast"
)

// Some lexers take for ever over a few kilobytes, so there are bounds. What is coloured must not depend on how busy the
// machine is: all that an honest block meets is the bound on its size. The clock stops what is out of all proportion, and
// only after a block has had several chances.
const (
	maxColoured = 8 << 10                // bytes; they take some 20 ms at most
	maxTry      = 2 * time.Second        // for one try at a block
	maxStep     = 250 * time.Millisecond // after which a lexer gives up a match and goes on as if there were none
	tries       = 3
	maxWasted   = 5 * time.Second // on tries in vain at the blocks of one document
)

// maxEager is the largest code given to a lexer that does all its work at once, out of reach of the clock.
const maxEager = 2 << 10

// plainLanguages are the words for code that is in no language. They are shown without a label.
var plainLanguages = []string{"", "text", "txt", "plain", "plaintext", "none", "output"}

// language returns the language of a fence as written: the first word of its info string that is not "cloze".
func (d *Document) language(n *ast.FencedCodeBlock) string {
	if n.Info == nil {
		return ""
	}
	for word := range strings.FieldsSeq(string(n.Info.Value(d.text))) {
		if word != "cloze" {
			return strings.ToLower(word)
		}
	}
	return ""
}

// Language returns the language of a fence in lower case, as written, or "".
func (d *Document) Language(n *ast.FencedCodeBlock) string { return d.language(n) }

var languageForm = regexp.MustCompile(`^[a-z0-9][a-z0-9+#._-]{0,31}$`)

// lexer returns the lexer of a language, or nil when there is none or the language is plain. Looking for a lexer that
// does not exist is slow, so the answers are kept.
func (d *Document) lexer(language string) chroma.Lexer {
	if slices.Contains(plainLanguages, language) || !languageForm.MatchString(language) {
		return nil
	}
	lexer, known := d.lexers[language]
	if !known {
		lexer = lexers.Get(language)
		d.lexers[language] = lexer
	}
	return lexer
}

func (r nodeRenderer) fence(n ast.Node) string {
	f := n.(*ast.FencedCodeBlock)
	code := string(f.Lines().Value(r.d.text))
	if r.d.IsCloze(f) {
		code = codeBlank.ReplaceAllString(code, string(blankMark))
	}
	return r.d.codeHTML(r.d.language(f), code)
}

// codeHTML shows code with the name of its language and with highlighting by classes.
func (d *Document) codeHTML(language, code string) string {
	code = strings.TrimSuffix(code, "\n")
	lexer, label := d.lexer(language), language
	var b strings.Builder
	if lexer != nil {
		label = lexer.Config().Name
	}
	b.WriteString(`<div class="Code">`)
	if !slices.Contains(plainLanguages, label) {
		b.WriteString(`<span class="Code-lang">` + html.EscapeString(label) + `</span>`)
	}
	b.WriteString(`<pre tabindex="0"><code>`)
	b.WriteString(strings.ReplaceAll(d.coloured(lexer, code), string(blankMark), BlankHTML))
	b.WriteString("</code></pre></div>\n")
	return b.String()
}

// coloured returns code as HTML, with colours unless its language is unknown, it is too large, or its lexer never ends.
func (d *Document) coloured(lexer chroma.Lexer, code string) string {
	plain := html.EscapeString(code)
	_, stepwise := lexer.(*chroma.RegexLexer)
	if lexer == nil || d.Plain || len(code) > maxColoured || !stepwise && len(code) > maxEager {
		return plain
	}
	for range tries {
		if d.wasted > maxWasted {
			break
		}
		begun := time.Now()
		coloured, inTime := highlight(lexer, code)
		if inTime {
			return coloured
		}
		d.wasted += time.Since(begun)
	}
	d.Hurried = true
	return plain
}

// highlight returns code as HTML with colours, or plain where its lexer fails; false when that took too long. The time for
// the lexer's own, one-time preparation does not count.
func highlight(lexer chroma.Lexer, code string) (string, bool) {
	next, err := lexer.Tokenise(nil, code)
	if err != nil {
		return html.EscapeString(code), true
	}
	begun := time.Now()
	last := begun
	var b tokenWriter
	for token := next(); ; token = next() {
		now := time.Now()
		if now.Sub(last) >= maxStep || now.Sub(begun) >= maxTry {
			return "", false
		}
		if last = now; token == chroma.EOF {
			break
		}
		b.write(token)
	}
	b.close()
	if b.code.String() != code && b.code.String() != code+"\n" {
		return html.EscapeString(code), true // the lexer lost or added text
	}
	return withoutNewline(b.html.String()), true
}

// withoutNewline drops the line end that lexers add.
func withoutNewline(coloured string) string {
	if inside, ok := strings.CutSuffix(coloured, "\n</span>"); ok {
		return inside + "</span>"
	}
	return strings.TrimSuffix(coloured, "\n")
}

// tokenWriter writes tokens as spans, neighbours of one class together.
type tokenWriter struct {
	html, code strings.Builder
	class      string
}

func (w *tokenWriter) write(t chroma.Token) {
	if class := tokenClass(t.Type); class != w.class {
		w.close()
		if class != "" {
			w.html.WriteString(`<span class="` + class + `">`)
		}
		w.class = class
	}
	w.code.WriteString(t.Value)
	w.html.WriteString(html.EscapeString(t.Value))
}

func (w *tokenWriter) close() {
	if w.class != "" {
		w.html.WriteString("</span>")
	}
	w.class = ""
}

var shortClass = regexp.MustCompile(`^[a-z][a-z0-9]{0,3}$`)

// tokenClass returns chroma's short class name, or "" for text and for what the lexer took for a mistake: a snippet
// is often a fragment.
func tokenClass(t chroma.TokenType) string {
	for ; t > 0; t = t.Parent() {
		if t.InCategory(chroma.Text) {
			return ""
		}
		if class := chroma.StandardTypes[t]; shortClass.MatchString(class) {
			return class
		}
	}
	return ""
}
