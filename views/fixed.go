package views

import (
	"bytes"
	"context"
	"io"
	"sync"

	"github.com/a-h/templ"

	"rehearse/locale"
)

// Parts keeps the parts of pages that come out the same again and again: three quarters of a question page. It belongs to one
// site. The zero value is ready.
type Parts struct{ kept sync.Map } // part → html

// part names what is kept.
type part struct{ name, detail, language string }

// html is a part as it is written.
type html []byte

// Render implements templ.Component.
func (h html) Render(_ context.Context, w io.Writer) error {
	_, err := w.Write(h)
	return err
}

// fixed returns a part of a page as it was rendered before. It must depend on nothing but the site, the language and the
// detail, of which there are few.
func (p Page) fixed(ctx context.Context, name, detail string, of func(Page) templ.Component) templ.Component {
	if p.Parts == nil || p.Preview != nil || p.Desk {
		return of(p)
	}
	key := part{name, detail, locale.From(ctx).Tag}
	if kept, ok := p.Parts.kept.Load(key); ok {
		return kept.(html)
	}
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var b bytes.Buffer
		if err := of(p).Render(ctx, &b); err != nil {
			return err
		}
		p.Parts.kept.Store(key, html(b.Bytes()))
		_, err := w.Write(b.Bytes())
		return err
	})
}
