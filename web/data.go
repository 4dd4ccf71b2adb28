package web

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"rehearse/store"
	"rehearse/views"
)

// data shows what is kept of a candidate, with ways to take it along and to delete it.
func (s *site) data(c Ctx) error { return s.showData(c, http.StatusOK, "", nil) }

func (s *site) showData(c Ctx, status int, typed string, problems views.Problems) error {
	return s.view(c, status, "settings", said("Your data"), func(_ *store.Tx, p views.Page) (templ.Component, error) {
		if c.QueryParam("erased") != "" && s.user(c).ID == 0 {
			p.Flash = p.L.T("Everything of yours was deleted.")
		}
		if c.QueryParam("imported") != "" {
			p.Flash = importedText(p.L, c.QueryParams())
		}
		v := views.DataView{Known: s.user(c).ID != 0, Word: p.L.T("delete"), Typed: typed, Problems: problems}
		return views.Data(p, v), nil
	})
}

// erase deletes everything of a candidate who typed the word for it, and forgets the browser.
func (s *site) erase(c Ctx) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	if s.user(c).ID == 0 {
		return redirect(c, s.links.Data())
	}
	l := s.language(c)
	if typed := form.Get("confirm"); !strings.EqualFold(strings.TrimSpace(typed), l.T("delete")) {
		problem := views.Problem{Field: "confirm", Text: l.F("Type the word “%s”. Nothing was deleted.", l.T("delete"))}
		return s.showData(c, http.StatusUnprocessableEntity, typed, views.Problems{problem})
	}
	if err := s.seldom(c); err != nil {
		return err
	}
	if _, err := s.Practice.Erase(c.Request().Context(), s.user(c).ID); err != nil {
		return err
	}
	session, err := s.sessions.Get(c.Request(), s.sessions.name)
	if err != nil {
		return err
	}
	session.ID, session.Options.MaxAge = "", -1
	if err := session.Save(c.Request(), c.Response()); err != nil {
		return err
	}
	if s.base == "" { // the origin is this site's alone: what scripts keep in the browser goes, too
		c.Response().Header().Set("Clear-Site-Data", `"storage"`)
	}
	return redirect(c, s.links.Data()+"?erased=1")
}

// seldom refuses an address that asks too often for what takes the server long.
func (s *site) seldom(c Ctx) error {
	if !s.Limits {
		return nil
	}
	ok, err := s.limits.seldom.Allow(addressClass(c.RealIP()))
	if err != nil || ok {
		return err
	}
	c.Response().Header().Set("Retry-After", "10")
	return errTooMany
}

// exportJSON sends everything of a candidate in one file.
func (s *site) exportJSON(c Ctx) error {
	return s.export(c, "application/json; charset=utf-8", "json", func(w io.Writer) error {
		return s.Practice.Export(c.Request().Context(), s.user(c).ID, w)
	})
}

// exportTables sends everything of a candidate as tables.
func (s *site) exportTables(c Ctx) error {
	return s.export(c, "application/zip", "zip", func(w io.Writer) error {
		return s.Practice.ExportTables(c.Request().Context(), s.user(c).ID, w)
	})
}

func (s *site) export(c Ctx, kind, suffix string, write func(io.Writer) error) error {
	if s.user(c).ID == 0 {
		return store.ErrNotFound
	}
	if err := s.seldom(c); err != nil {
		return err
	}
	h := c.Response().Header()
	err := write(&download{c: c, begin: func() {
		h.Set("Content-Type", kind)
		h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=\"rehearse-%s.%s\"", time.Now().UTC().Format(time.DateOnly), suffix))
	}})
	if err != nil && c.Response().Committed {
		s.Logger.Warn("export broken off", "error", err)
		panic(http.ErrAbortHandler) // so that it does not look whole
	}
	return err
}

// download is a response of any length: it ends when nothing is taken from it for a while, not after a time in all.
type download struct {
	c     Ctx
	begin func() // sets the headers, before the first byte
}

func (d *download) Write(b []byte) (int, error) {
	const patience = 30 * time.Second
	if !d.c.Response().Committed {
		d.begin()
	}
	// What a recorder of a test cannot do is not needed there.
	_ = http.NewResponseController(d.c.Response()).SetWriteDeadline(time.Now().Add(patience))
	return d.c.Response().Write(b)
}
