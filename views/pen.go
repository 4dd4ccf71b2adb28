package views

import (
	"bytes"
	"context"
	"html"
	"io"
	"strconv"
	"sync"

	"github.com/a-h/templ"

	"rehearse/locale"
)

// pen writes HTML by hand. The parts of the question page, which is asked for more often than all others, are written so: as
// templ they cost ten times as much, most of it for package fmt and for closures. What is rare in them stays templ.
type pen struct {
	b   *bytes.Buffer
	ctx context.Context
	l   *locale.Language
	err error // of the first component that failed
}

// raw writes HTML: constants, addresses of Links, and what comes rendered from the bank.
func (w *pen) raw(all ...string) {
	for _, s := range all {
		w.b.WriteString(s)
	}
}

// text writes text, in an element or in the quotes of an attribute.
func (w *pen) text(s string) { w.b.WriteString(html.EscapeString(s)) }

// T writes a text in the language of the page.
func (w *pen) T(english string) { w.text(w.l.T(english)) }

// F writes a text with the verbs of package fmt.
func (w *pen) F(english string, args ...any) { w.text(w.l.F(english, args...)) }

// N writes a text that counts.
func (w *pen) N(n int, one, many string) { w.text(w.l.N(n, one, many)) }

func (w *pen) num(i int) { w.b.Write(strconv.AppendInt(w.b.AvailableBuffer(), int64(i), 10)) }

// component writes what is written in templ.
func (w *pen) component(c templ.Component) {
	if w.err == nil {
		w.err = c.Render(w.ctx, w.b)
	}
}

// hand is a component that is written by hand.
type hand func(*pen)

var scratch = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render implements templ.Component.
func (h hand) Render(ctx context.Context, w io.Writer) error {
	b, ok := w.(*bytes.Buffer)
	if !ok {
		b = scratch.Get().(*bytes.Buffer)
		defer scratch.Put(b)
		b.Reset()
	}
	p := pen{b: b, ctx: ctx, l: locale.From(ctx)}
	h(&p)
	if p.err == nil && !ok {
		_, p.err = w.Write(b.Bytes())
	}
	return p.err
}
