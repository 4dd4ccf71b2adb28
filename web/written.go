package web

import (
	"bytes"
	"net/http"

	"github.com/a-h/templ"

	"rehearse/locale"
	"rehearse/store"
	"rehearse/views"
)

// written is a page as a candidate got it. It is remembered until something of theirs is written: who goes to and fro between
// questions, or loads one again, gets the same bytes.
type written struct {
	of   writtenOf
	html []byte
}

// writtenOf is what a page depends on beside what is stored of the candidate. The site stands for the content.
type writtenOf struct {
	site     *site
	user     store.User
	language *locale.Language
	due      int
}

// Size returns about how many bytes it takes in memory.
func (w written) Size() int { return 1<<10 + len(w.html) }

// viewWritten is view for a page that is mostly asked for again as it was. Of one that does not last, read says so. The key
// names the candidate.
func (s *site) viewWritten(c Ctx, area string, key any, read func(tx *store.Tx, p views.Page) (component templ.Component, lasting bool, err error)) error {
	of := writtenOf{site: s, user: s.user(c), language: s.language(c)}
	if of.user.ID == 0 || s.authorBar(c) != nil || s.previewBar() != nil {
		return s.view(c, http.StatusOK, area, "", func(tx *store.Tx, p views.Page) (templ.Component, error) {
			component, _, err := read(tx, p)
			return component, err
		})
	}
	var html []byte
	err := s.Store.View(c.Request().Context(), func(tx *store.Tx) (err error) {
		if of.due, err = s.Practice.CountDue(tx, of.user); err != nil {
			return err
		}
		fits := func(w written) bool { return w.of == of }
		w, err := store.Remember(tx, of.user.ID, key, fits, func() (written, error) {
			p, err := s.page(c, tx, area, "")
			if err != nil {
				return written{}, err
			}
			component, lasting, err := read(tx, p)
			if err != nil {
				return written{}, err
			}
			if html, err = s.write(c, component); err != nil || !lasting {
				return written{}, err // which fits nothing
			}
			return written{of, html}, nil
		})
		if w.html != nil {
			html = w.html
		}
		return err
	})
	if err != nil {
		return err
	}
	return send(c, http.StatusOK, html)
}

// write returns the HTML of a page.
func (s *site) write(c Ctx, component templ.Component) ([]byte, error) {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	err := component.Render(locale.With(c.Request().Context(), s.language(c)), b)
	return bytes.Clone(b.Bytes()), err
}
