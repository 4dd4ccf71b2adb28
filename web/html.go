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
