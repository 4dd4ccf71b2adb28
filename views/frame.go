package views

import (
	"bytes"
	"context"
	"maps"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/a-h/templ"
)

// Parts keeps the frames of pages, which come out the same again and again. It belongs to one site. The zero value is ready.
type Parts struct {
	mu   sync.Mutex // of who adds one
	kept atomic.Pointer[map[frameKey]pageFrame]
}

// pageFrame is a page without what belongs to this one alone: the HTML before, between and after its holes.
type pageFrame []string

// frameKey is all that a frame depends on beside the site.
type frameKey struct {
	language, area, theme, font, license, sheet string
	keysOff, noIndex, worker                    bool

	owner, title, description, due bool // whether there is such a hole
}

const (
	mark       = "\ue000" // stands in a hole
	dueMark    = -1       // as a count
	mostFrames = 256      // some of them are asked for by hardly anybody
)

// Layout is a page around its children.
func Layout(p Page) templ.Component {
	return hand(func(w *pen) {
		children := templ.GetChildren(w.ctx)
		w.ctx = templ.ClearChildren(w.ctx)
		w.page(&p, func(w *pen) { w.component(children) })
	})
}

// page writes a page around its content.
func (w *pen) page(p *Page, content func(*pen)) {
	if p.Parts == nil || p.Preview != nil || p.Author != nil || p.Desk || p.Flash != "" { // who works on the site, and what is seen once
		w.ctx = templ.WithChildren(w.ctx, hand(content))
		w.component(layout(*p))
		return
	}
	f, err := p.frame(w.ctx, w.l.Tag)
	if err != nil {
		w.err = err
		return
	}
	for _, hole := range [...]string{p.Owner, p.Title, p.Description} {
		if hole != "" {
			w.raw(f[0])
			w.text(hole)
			f = f[1:]
		}
	}
	if p.DueCount > 0 {
		w.raw(f[0])
		w.num(p.DueCount)
		f = f[1:]
	}
	w.raw(f[0])
	content(w)
	w.raw(f[1])
}

// frame returns the frame of a page, as layout writes it.
func (p *Page) frame(ctx context.Context, language string) (pageFrame, error) {
	key := frameKey{
		language, p.Area, p.Theme, p.Font, p.License, p.Sheet, p.KeysOff, p.NoIndex, p.Worker,
		p.Owner != "", p.Title != "", p.Description != "", p.DueCount > 0,
	}
	kept := p.Parts.kept.Load()
	if kept != nil {
		if f, ok := (*kept)[key]; ok {
			return f, nil
		}
	}
	holed := *p
	for _, hole := range []*string{&holed.Owner, &holed.Title, &holed.Description} {
		if *hole != "" {
			*hole = mark
		}
	}
	if p.DueCount > 0 {
		holed.DueCount = dueMark
	}
	var b bytes.Buffer
	if err := layout(holed).Render(templ.WithChildren(ctx, templ.Raw(mark)), &b); err != nil {
		return nil, err
	}
	f := strings.Split(b.String(), mark)
	p.Parts.keep(key, f)
	return f, nil
}

func (parts *Parts) keep(key frameKey, f pageFrame) {
	parts.mu.Lock()
	defer parts.mu.Unlock()
	all := map[frameKey]pageFrame{}
	if kept := parts.kept.Load(); kept != nil && len(*kept) < mostFrames {
		maps.Copy(all, *kept)
	}
	all[key] = f
	parts.kept.Store(&all)
}

// due is the number of cards due as it stands in the menu.
func (p Page) due() string {
	if p.DueCount == dueMark {
		return mark
	}
	return n(p.DueCount)
}
