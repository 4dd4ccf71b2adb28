package markdown

import (
	"regexp"

	"github.com/microcosm-cc/bluemonday"
)

// sanitiser is the second net behind the renderer. It lets through exactly what the renderer writes.
var sanitiser = newSanitiser()

func newSanitiser() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "hr", "br", "em", "strong", "del",
		"code", "pre", "sub", "sup", "kbd", "b", "i", "u", "details", "summary",
		"table", "thead", "tbody", "tr", "th", "td")
	number := regexp.MustCompile(`^[0-9]{1,9}$`)
	p.AllowAttrs("start").Matching(number).OnElements("ol")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^Footnotes$`)).OnElements("ol")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^(Code|Table)$`)).OnElements("div")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^(Blank|Code-lang|[a-z][a-z0-9]{0,3})$`)).OnElements("span")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^AsOf$`)).OnElements("small")
	p.AllowAttrs("tabindex").Matching(regexp.MustCompile(`^0$`)).OnElements("div", "pre")
	p.AllowAttrs("scope").Matching(regexp.MustCompile(`^col$`)).OnElements("th")
	p.AllowAttrs("data-align").Matching(regexp.MustCompile(`^(right|center)$`)).OnElements("th", "td")
	p.AllowAttrs("href", "title").OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile(`^noopener$`)).OnElements("a")
	p.AllowAttrs("src", "alt", "title").OnElements("img")
	p.AllowAttrs("width", "height").Matching(number).OnElements("img")
	p.AllowAttrs("loading").Matching(regexp.MustCompile(`^lazy$`)).OnElements("img")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true)
	p.AllowURLSchemes("http", "https", "mailto")
	return p
}
