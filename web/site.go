// Package web is the site: routes, handlers, sessions and error pages. A handler decodes, calls one method of package
// practice or reads in one Store.View, and renders or redirects. It is the only package that knows Echo.
package web

import (
	"cmp"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/labstack/echo/v4"

	"rehearse/admin"
	"rehearse/practice"
	"rehearse/static"
	"rehearse/store"
	"rehearse/views"
)

// Ctx is a request with its response.
type Ctx = echo.Context

// Config is what a site needs.
type Config struct {
	Store    *store.Store
	Practice *practice.Service
	Content  fs.FS    // the content root, for its images
	BaseURL  *url.URL // public address; its path is the prefix of every address of the site
	Proxies  []*net.IPNet
	Rollover int  // hour at which a study day begins for new candidates
	Limits   bool // bound the requests of one address
	FormKey  []byte
	Logger   *slog.Logger
	Requests *slog.Logger // gets a line for each request; nil: Logger does

	Dev bool // pages for those who work on the program

	Desk        *admin.Desk // the authors' side of the content
	AuthorToken string      // opens the authors' pages; "": nobody gets in
}

// site is the running site.
type site struct {
	Config
	base     string // path prefix: "" or "/practice"
	assets   *static.Assets
	version  string // of what the service worker keeps
	links    views.Links
	sessions *sessionStore
	limits   limits
	gates    gates
	imports  *atomic.Int32         // that go on
	pinned   *store.Catalog        // what the request at hand is served from; nil: what is live
	lately   *atomic.Pointer[site] // the site with the last pinned content
	owners   *owners
	desk     *deskPages
	preview  *PreviewConfig // in a preview instead of a site
	facets   *atomic.Pointer[facets]
	parts    *views.Parts // of pages
}

// catalog returns the content that a request is served from: one load of it, from the first line of a page to the last.
func (s *site) catalog() *store.Catalog {
	if s.pinned == nil && s.Practice != nil {
		return s.Practice.Catalog()
	}
	return s.pinned
}

// one lets a handler work with the content as it is when the request begins: with a copy of the site, made once for each
// load.
func (s *site) one(handle func(*site, Ctx) error) echo.HandlerFunc {
	return func(c Ctx) error {
		pinned := s.lately.Load()
		if catalog := s.catalog(); pinned == nil || pinned.pinned != catalog {
			fresh := *s
			fresh.pinned = catalog
			pinned = &fresh
			s.lately.Store(pinned)
		}
		return handle(pinned, c)
	}
}

// New returns the handler of the whole site.
func New(cfg Config) http.Handler {
	base := strings.TrimRight(cfg.BaseURL.Path, "/")
	cfg.Requests = cmp.Or(cfg.Requests, cfg.Logger)
	s := &site{
		Config:   cfg,
		base:     base,
		assets:   static.Load(),
		links:    views.Links{Base: base},
		sessions: newSessionStore(cfg.Store, base, cfg.BaseURL.Scheme == "https"),
		limits:   newLimits(),
		gates:    newGates(),
		imports:  new(atomic.Int32),
		facets:   new(atomic.Pointer[facets]),
		parts:    new(views.Parts),
		lately:   new(atomic.Pointer[site]),
		owners:   new(owners),
		desk:     newDeskPages(base + "/author"),
	}
	var err error
	if s.version, err = s.siteVersion(); err != nil {
		panic("web: the page that is shown without a connection: " + err.Error()) // a page of ours, from constants alone
	}
	return s.handler(s.routes)
}

// handler returns the handler of a site with these routes.
func (s *site) handler(routes func(*echo.Echo)) http.Handler {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.fail
	e.IPExtractor = ipExtractor(s.Proxies)
	routes(e)
	return head(e)
}

// ipExtractor returns how the address of a visitor is found: the peer's own, unless trusted proxies say another one.
func ipExtractor(proxies []*net.IPNet) echo.IPExtractor {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range proxies {
		options = append(options, echo.TrustIPRange(p))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}
