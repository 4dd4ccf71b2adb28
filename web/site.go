// Package web is the site: routes, handlers, sessions and error pages. A handler decodes, calls one method of package
// practice or reads in one Store.View, and renders or redirects. It is the only package that knows Echo.
package web

import (
	"crypto/rand"
	"encoding/hex"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/labstack/echo/v4"

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
}

// site is the running site.
type site struct {
	Config
	base     string // path prefix: "" or "/practice"
	assets   *static.Assets
	links    views.Links
	sessions *sessionStore
	limits   limits
	facets   atomic.Pointer[facets]
}

// New returns the handler of the whole site.
func New(cfg Config) http.Handler {
	base := strings.TrimRight(cfg.BaseURL.Path, "/")
	s := &site{
		Config:   cfg,
		base:     base,
		assets:   static.Load(),
		links:    views.Links{Base: base},
		sessions: newSessionStore(cfg.Store, base, cfg.BaseURL.Scheme == "https"),
		limits:   newLimits(),
	}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.fail
	e.IPExtractor = ipExtractor(cfg.Proxies)
	s.routes(e)
	return fair(head(e))
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

// randomID returns 64 random bits as text.
func randomID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
