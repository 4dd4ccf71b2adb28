package web

import (
	"strings"

	"rehearse/bank"
)

// html returns an author's text as it goes into a page. Addresses of images were written without knowing where the site
// will be served; inside attribute values a quote is always escaped, so what is replaced is an attribute and never text.
func (s *site) html(r bank.Rich) string {
	if s.base == "" {
		return r.HTML
	}
	return strings.ReplaceAll(r.HTML, ` src="/media/`, ` src="`+s.base+`/media/`)
}

// phrases turns block elements into spans of the same look: a label may hold nothing else. What lists and tables there
// may be in a choice stay as they are.
var phrases = strings.NewReplacer(
	`<p>`, `<span class="P">`, `</p>`, `</span>`,
	`<div`, `<span`, `</div>`, `</span>`,
	`<pre tabindex="0">`, `<span class="Pre">`, `</pre>`, `</span>`,
)

// phrase returns an author's text for the inside of a label.
func (s *site) phrase(r bank.Rich) string {
	html := s.html(r)
	if !strings.Contains(html, "<p") && !strings.Contains(html, "<div") { // mostly: it has no blocks
		return html
	}
	return phrases.Replace(html)
}
