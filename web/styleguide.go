package web

import (
	"net/http"

	"rehearse/views"
)

// styleguide shows every component in all its states.
func (s *site) styleguide(c Ctx) error {
	p := s.bare(c, "")
	p.Title, p.NoIndex, p.Author, p.Sheet = "Styleguide", true, nil, "dev/styleguide.css"
	return s.render(c, http.StatusOK, views.Styleguide(p))
}
