package views

import (
	"bytes"
	"context"
	"html"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"rehearse/locale"
)

// pen writes HTML by hand. The parts of the question page, which is asked for more often than all others, are written so: as
// templ they cost ten times as much, most of it for package fmt and for closures. What is rare in them stays templ.
type pen struct {
	b   []byte
	ctx context.Context
	l   *locale.Language
	err error // of the first component that failed
}

// raw writes HTML: constants, addresses of Links, and what comes rendered from the bank. It is short enough to be no call.
func (w *pen) raw(s string) { w.b = append(w.b, s...) }

// raws writes HTML in pieces.
func (w *pen) raws(all ...string) {
	for _, s := range all {
		w.raw(s)
	}
}

// escaped are the bytes that text is not written with.
var escaped = [256]bool{'<': true, '>': true, '&': true, '\'': true, '"': true}

// text writes text, in an element or in the quotes of an attribute.
func (w *pen) text(s string) { w.raw(escape(s)) }

// escape returns text as HTML. Most of it has nothing to escape.
func escape(s string) string {
	for i := range len(s) {
		if escaped[s[i]] {
			return html.EscapeString(s)
		}
	}
	return s
}

// T writes a text in the language of the page.
func (w *pen) T(english string) { w.text(w.l.T(english)) }

// F writes a text with numbers in the place of its verbs, which are all %d: package fmt would cost as much as ten texts.
func (w *pen) F(english string, numbers ...int) {
	text := w.l.T(english)
	for _, n := range numbers {
		before, after, _ := strings.Cut(text, "%d")
		w.text(before)
		w.num(n)
		text = after
	}
	w.text(text)
}

// N writes a text that counts.
func (w *pen) N(n int, one, many string) { w.text(w.l.N(n, one, many)) }

func (w *pen) num(i int) { w.b = strconv.AppendInt(w.b, int64(i), 10) }

// Write implements io.Writer, for components.
func (w *pen) Write(p []byte) (int, error) {
	w.b = append(w.b, p...)
	return len(p), nil
}

// component writes what is written in templ.
func (w *pen) component(c templ.Component) {
	if w.err == nil {
		w.err = c.Render(w.ctx, w)
	}
}

// hand is a component that is written by hand.
type hand func(*pen)

var scraps = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render implements templ.Component. A whole page goes into a buffer, where it is written in its place at once; a part of one
// that is templ is written beside it first.
func (h hand) Render(ctx context.Context, to io.Writer) error {
	page, ok := to.(*bytes.Buffer)
	if !ok {
		part := scraps.Get().(*bytes.Buffer)
		defer scraps.Put(part)
		part.Reset()
		if err := h.Render(ctx, part); err != nil {
			return err
		}
		_, err := part.WriteTo(to)
		return err
	}
	w := &pen{b: page.AvailableBuffer(), ctx: ctx, l: locale.From(ctx)}
	h(w)
	if w.err == nil {
		_, w.err = page.Write(w.b)
	}
	return w.err
}
