package web

import (
	"bytes"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/a-h/templ"

	"rehearse/locale"
	"rehearse/srs"
	"rehearse/store"
	"rehearse/views"
)

// bare returns what surrounds a page that asks nothing of the database.
func (s *site) bare(c Ctx, title string) views.Page {
	u := s.user(c)
	page := views.Page{
		Title:   s.language(c).T(title),
		L:       s.language(c),
		Links:   s.links,
		Parts:   s.parts,
		Assets:  func(name string) string { return s.base + s.assets.Path(name) },
		Theme:   u.Theme,
		Font:    u.Font,
		KeysOff: u.KeysOff,
		NoIndex: u.ID != 0,
		Author:  s.authorBar(c),
		Preview: s.previewBar(),
		Owner:   s.owner(u),
		Worker:  s.preview == nil,
	}
	if catalog := s.catalog(); catalog != nil {
		page.License = licenseName(catalog.License)
	}
	return page
}

// page returns what surrounds a page of an area of the menu.
func (s *site) page(c Ctx, tx *store.Tx, area, title string) (views.Page, error) {
	p := s.bare(c, title)
	p.Area = area
	if u := s.user(c); u.ID != 0 {
		due, err := s.Practice.CountDue(tx, u)
		if err != nil {
			return p, err
		}
		p.DueCount = due
	}
	return p, nil
}

func licenseName(spdx string) string {
	if spdx == "CC-BY-4.0" {
		return "CC BY 4.0"
	}
	return spdx
}

// view reads in one snapshot and renders what was made of it. A failing component leaves no half page: nothing is
// written before all of it is there.
func (s *site) view(c Ctx, status int, area, title string, read func(*store.Tx, views.Page) (templ.Component, error)) error {
	var component templ.Component
	err := s.Store.View(c.Request().Context(), func(tx *store.Tx) error {
		p, err := s.page(c, tx, area, title)
		if err != nil {
			return err
		}
		component, err = read(tx, p)
		return err
	})
	if err != nil {
		return err
	}
	if component == nil { // read has answered by itself
		return nil
	}
	return s.render(c, status, component)
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Headers of every page, as net/http keeps them.
var pageType, pageVaries = []string{"text/html; charset=utf-8"}, []string{"Accept-Language"}

// render writes a page with its length: chunks would cost a third of the throughput.
func (s *site) render(c Ctx, status int, component templ.Component) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := component.Render(locale.With(c.Request().Context(), s.language(c)), b); err != nil {
		return err
	}
	h := c.Response().Header()
	h["Content-Type"], h["Vary"] = pageType, pageVaries
	h["Content-Length"] = []string{strconv.Itoa(b.Len())}
	c.Response().WriteHeader(status)
	leave(c)
	_, err := c.Response().Write(b.Bytes())
	return err
}

// redirect ends a form: the page it leads to can be loaded again without sending anything twice.
func redirect(c Ctx, address string) error {
	c.Response().Header()["Location"] = []string{address}
	c.Response().WriteHeader(http.StatusSeeOther)
	return nil
}

// calendar returns the calendar of the candidate behind a request.
func (s *site) calendar(c Ctx) (srs.Calendar, error) { return s.Practice.Calendar(s.user(c)) }

const clockTime = "15:04"

// dueText says when something comes back, seen from now.
func dueText(l *locale.Language, at, now time.Time, cal srs.Calendar) string {
	switch days := cal.Day(at) - cal.Day(now); {
	case !at.After(now):
		return l.T("now")
	case at.Sub(now) < time.Hour:
		return l.N(int((at.Sub(now)+time.Minute-1)/time.Minute), "in %d minute", "in %d minutes")
	case days == 0:
		return l.F("today at %s", at.In(cal.Zone).Format(clockTime))
	case days == 1:
		return l.T("tomorrow")
	default:
		return l.F("on %s", l.Date(dayDate(cal.Day(at)), locale.Short))
	}
}

// dayDate returns a study day as a date.
func dayDate(day int) time.Time { return time.Unix(int64(day)*24*60*60, 0).UTC() }

// said marks a text that is looked up in the catalogue where it is shown.
func said(english string) string { return english }

// language returns the language in which a page is written: the one that was chosen, else what the browser asks for.
func (s *site) language(c Ctx) *locale.Language {
	r := of(c)
	if r.language == nil {
		var chosen bool
		if r.language, chosen = locale.ByTag(r.visit.user.Language); !chosen {
			r.language = locale.Match(c.Request().Header.Get("Accept-Language"))
		}
	}
	return r.language
}
