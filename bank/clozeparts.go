package bank

import (
	"strings"

	"rehearse/markdown"
)

// ClozePart is a piece of a cloze question's stem: HTML, or the gap of a blank.
type ClozePart struct {
	HTML  string // empty for a gap
	Blank int    // index into Body.Blanks; -1 for HTML
}

// ClozeParts returns the stem's HTML cut at its blanks, so that a page can put an input into each gap. Gaps may stand
// inside elements: the pieces are valid HTML only when joined again. Stem.HTML itself shows each gap as
// <span class="Blank">____</span>, which serves where nothing is to be typed.
func (b Body) ClozeParts() []ClozePart {
	var parts []ClozePart
	for i, piece := range strings.Split(b.Stem.HTML, markdown.BlankHTML) {
		if i > 0 {
			parts = append(parts, ClozePart{Blank: i - 1})
		}
		if piece != "" {
			parts = append(parts, ClozePart{HTML: piece, Blank: -1})
		}
	}
	return parts
}
