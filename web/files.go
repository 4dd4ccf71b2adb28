package web

import (
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"

	"rehearse/static"
	"rehearse/store"
)

// static serves a style sheet, script or icon. Its address names its content: a browser may keep it for ever.
func (s *site) static(c Ctx) error {
	address := static.Prefix + c.Param("*")
	file, gzipped, contentType, ok := s.assets.Open(address)
	if !ok {
		return store.ErrNotFound
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Type", contentType)
	h.Set("Vary", "Accept-Encoding")
	if gzipped != nil && strings.Contains(c.Request().Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		file = gzipped
	}
	h.Set("Content-Length", strconv.Itoa(len(file)))
	c.Response().WriteHeader(http.StatusOK)
	_, err := c.Response().Write(file)
	return err
}

// favicon answers browsers that ask for the icon at its old place.
func (s *site) favicon(c Ctx) error {
	return c.Redirect(http.StatusFound, s.base+s.assets.Path("icons/favicon.svg"))
}

// robots keeps crawlers off everything that belongs to a person.
func (s *site) robots(c Ctx) error {
	var b strings.Builder
	b.WriteString("User-agent: *\n")
	for _, place := range []string{"/quizzes", "/cards/", "/settings"} {
		b.WriteString("Disallow: " + s.base + place + "\n")
	}
	return c.String(http.StatusOK, b.String())
}

// mediaTypes are the images that questions may show. An SVG is only ever shown as an image: its scripts do not run.
var mediaTypes = map[string]string{
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
	".svg": "image/svg+xml",
}

// media serves an image of the content folder.
func (s *site) media(c Ctx) error {
	name := c.Param("*")
	contentType, ok := mediaTypes[strings.ToLower(path.Ext(name))]
	if !ok || !fs.ValidPath(name) {
		return store.ErrNotFound
	}
	file, err := fs.ReadFile(s.Content, name)
	if err != nil {
		return store.ErrNotFound
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "public, max-age=3600")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	return c.Blob(http.StatusOK, contentType, file)
}

// healthz says that the process runs.
func (s *site) healthz(c Ctx) error { return c.String(http.StatusOK, "ok\n") }

// readyz says that pages can be served: the database answers.
func (s *site) readyz(c Ctx) error {
	err := s.Store.View(c.Request().Context(), func(tx *store.Tx) error { return tx.Ping() })
	if err != nil {
		s.Logger.Error("not ready", "error", err)
		return c.String(http.StatusServiceUnavailable, "database does not answer\n")
	}
	return c.String(http.StatusOK, "ready\n")
}
