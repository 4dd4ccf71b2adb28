package web

import (
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"rehearse/admin"
	"rehearse/markdown"
	"rehearse/static"
	"rehearse/views"
)

// PreviewConfig is what a preview needs.
type PreviewConfig struct {
	Desk    *admin.Desk
	Content fs.FS
	Folder  string // as it is shown
	BaseURL *url.URL
	Logger  *slog.Logger
	Done    <-chan struct{} // closed when streams are to end
}

// NewPreview returns the handler of a preview: the authors' pages of a folder, without a database and without candidates.
func NewPreview(cfg PreviewConfig) http.Handler {
	s := &site{
		Config:  Config{Desk: cfg.Desk, Content: cfg.Content, BaseURL: cfg.BaseURL, Logger: cfg.Logger, Requests: cfg.Logger},
		assets:  static.Load(),
		desk:    newDeskPages(""),
		preview: &cfg,
		lately:  new(atomic.Pointer[site]),
		owners:  new(owners),
	}
	return s.handler(s.previewRoutes)
}

func (s *site) previewRoutes(e *echo.Echo) {
	e.Use(s.around())
	root := e.Group("")
	root.GET("/healthz", s.healthz)
	root.GET("/readyz", s.healthz) // there is nothing to wait for
	root.GET("/static/*", s.static)
	root.GET("/media/*", s.media)
	root.GET("/favicon.ico", s.favicon)
	root.GET("/events", s.events)
	root.GET("/", s.atDesk((*site).previewDesk))
	root.GET("/topics/:topic", s.atDesk((*site).previewTopic))
	s.deskRoutes(root)
	root.RouteNotFound("/*", s.notFound)
}

func (s *site) previewDesk(c Ctx, shown *shownLoading) error {
	v := s.deskView(s.language(c), shown, s.zone(c))
	return s.showDesk(c, http.StatusOK, v.Title, func(p views.Page) templ.Component { return views.Desk(p, v) })
}

// previewTopic leads from the label of a question to its file.
func (s *site) previewTopic(c Ctx, shown *shownLoading) error {
	t, err := shown.catalog.Topic(c.Param("topic"))
	if err != nil {
		return err
	}
	return redirect(c, s.desk.file(t.File))
}

// previewBar says how the folder is.
func (s *site) previewBar() *views.PreviewBar {
	if s.preview == nil {
		return nil
	}
	l := s.Desk.Last()
	if shown := s.desk.shown.Load(); shown != nil && shown.catalog == s.pinned { // what the page shows, if it shows any
		l = shown.Loading
	}
	bar := &views.PreviewBar{Folder: s.preview.Folder, Live: "/events", Version: l.Version}
	for _, f := range l.Findings {
		if f.Severity == markdown.Error {
			bar.Errors++
		} else {
			bar.Warnings++
		}
	}
	return bar
}

// events tells a page which version of the folder is the present one, whenever that changes. It ends when the browser
// goes or the program stops; the deadlines of other requests are not for it.
func (s *site) events(c Ctx) error {
	const alive = 20 * time.Second
	conn := http.NewResponseController(c.Response())
	if err := conn.SetWriteDeadline(time.Time{}); err != nil {
		return err
	}
	if err := conn.SetReadDeadline(time.Time{}); err != nil {
		return err
	}
	c.Response().Header().Set("Content-Type", "text/event-stream")
	if _, err := fmt.Fprint(c.Response(), "retry: 500\n"); err != nil {
		return nil //nolint:nilerr // the browser went
	}
	tick := time.NewTicker(alive)
	defer tick.Stop()
	for {
		l := s.Desk.Last()
		if _, err := fmt.Fprintf(c.Response(), "event: version\ndata: %s\n\n", l.Version); err != nil {
			return nil //nolint:nilerr // the browser went
		}
		if err := conn.Flush(); err != nil {
			return nil //nolint:nilerr // the browser went
		}
		select {
		case <-l.Next():
		case <-tick.C:
		case <-c.Request().Context().Done():
			return nil
		case <-s.preview.Done:
			return nil
		}
	}
}
