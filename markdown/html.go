package markdown

import (
	"fmt"
	stdhtml "html"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/net/html"
)

// allowedTags are the tags that raw HTML may use, with their attributes.
var allowedTags = map[string][]string{
	"br": nil, "sub": nil, "sup": nil, "kbd": nil, "b": nil, "i": nil, "u": nil, "details": nil, "summary": nil,
	"img": {"src", "alt", "width", "height"},
}

// voidTags have no closing tag.
var voidTags = []string{"br", "img"}

var pixels = regexp.MustCompile(`^[0-9]{1,5}$`)

// htmlSource returns the raw HTML of a block or of a tag in running text.
func (d *Document) htmlSource(n ast.Node) string {
	switch n := n.(type) {
	case *ast.RawHTML:
		return string(n.Segments.Value(d.text))
	case *ast.HTMLBlock:
		source := string(n.Lines().Value(d.text))
		if n.HasClosure() {
			source += string(n.ClosureLine.Value(d.text))
		}
		return source
	}
	return ""
}

// tag is one token of raw HTML.
type tag struct {
	html.Token
	offset int // within the source
}

// tokens splits raw HTML. Comments are left out.
func tokens(source string) []tag {
	var tags []tag
	z := html.NewTokenizer(strings.NewReader(source))
	for offset := 0; ; {
		kind := z.Next()
		size := len(z.Raw())
		if kind == html.ErrorToken {
			return tags
		}
		if kind != html.CommentToken || !strings.HasPrefix(source[offset:], "<!--") {
			tags = append(tags, tag{z.Token(), offset})
		}
		offset += size
	}
}

// tags renders raw HTML: the allowed tags, and text.
func (d *Document) tags(source string) string {
	var b strings.Builder
	for _, t := range tokens(source) {
		attributes, allowed := allowedTags[t.Data]
		switch {
		case t.Type == html.TextToken:
			b.WriteString(stdhtml.EscapeString(t.Data))
		case !allowed:
		case t.Data == "img":
			b.WriteString(d.imageTag(t, attributes))
		case t.Type == html.EndTagToken && !slices.Contains(voidTags, t.Data):
			b.WriteString("</" + t.Data + ">")
		case t.Type == html.StartTagToken, t.Type == html.SelfClosingTagToken:
			b.WriteString("<" + t.Data + ">")
		}
	}
	return b.String()
}

func (d *Document) imageTag(t tag, attributes []string) string {
	dest, alt, size := "", "", ""
	for _, a := range t.Attr {
		switch {
		case a.Key == "src":
			dest = a.Val
		case a.Key == "alt":
			alt = a.Val
		case slices.Contains(attributes, a.Key) && pixels.MatchString(a.Val):
			size += fmt.Sprintf(" %s=%q", a.Key, a.Val)
		}
	}
	return d.imageHTML(dest, alt, "", size)
}

// tagText returns what a reader sees of raw HTML.
func tagText(source string) string {
	var b strings.Builder
	for _, t := range tokens(source) {
		switch {
		case t.Type == html.TextToken:
			b.WriteString(t.Data)
		case t.Data == "br":
			b.WriteString(hardBreak)
		case t.Data == "img":
			fmt.Fprintf(&b, "![%s](%s)", attribute(t, "alt"), attribute(t, "src"))
		}
	}
	return b.String()
}

func attribute(t tag, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// Comment returns the source of a block that is a comment and nothing else, without white space around it, or "".
func (d *Document) Comment(n ast.Node) string {
	block, ok := n.(*ast.HTMLBlock)
	if !ok || block.HTMLBlockType != ast.HTMLBlockType2 {
		return ""
	}
	return strings.TrimSpace(d.htmlSource(n))
}
