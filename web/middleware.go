package web

import (
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"golang.org/x/time/rate"

	"rehearse/locale"
)

// request is what is known of a request beside what Echo knows.
type request struct {
	id       uint64           // names it in the log and on its error page
	visit    visit            // who is behind it
	language *locale.Language // in which its page is written; nil until somebody asks
}

// name returns the id as it is written.
func (r *request) name() string { return fmt.Sprintf("%016x", r.id) }

const requestKey = "request"

// of returns what is known of a request.
func of(c Ctx) *request {
	r, ok := c.Get(requestKey).(*request)
	if !ok {
		r = &request{id: rand.Uint64()}
		c.Set(requestKey, r)
	}
	return r
}

// head answers HEAD as GET does; the server leaves the body out by itself. It stands before Echo, whose router knows
// only the method that was sent.
func head(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			asked := *r
			asked.Method = http.MethodGet
			r = &asked
		}
		next.ServeHTTP(w, r)
	})
}

// fair lets the other connections go first after each response. By then the client has the whole page and may have sent
// its next request: without this, one connection is served for a whole time slice while the others wait (p99 at 64
// connections on one core: 570 ms without, 40 ms with).
func fair(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		runtime.Gosched()
	})
}

// log writes one line for each request: what was asked for and how it ended, never what was answered in it.
func (s *site) log(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c Ctx) error {
		start := time.Now()
		if err := next(c); err != nil {
			c.Error(err) // writes the error page, so that the status below is the one sent
		}
		level := slog.LevelInfo
		if strings.HasPrefix(c.Path(), s.base+"/static/") || c.Path() == s.base+"/healthz" || c.Get(quietKey) != nil {
			level = slog.LevelDebug
		}
		if ctx := c.Request().Context(); s.Logger.Enabled(ctx, level) {
			s.Logger.LogAttrs(ctx, level, "request",
				slog.String("method", c.Request().Method),
				slog.String("route", c.Path()),
				slog.Int("status", c.Response().Status),
				slog.Int64("took_us", time.Since(start).Microseconds()),
				slog.String("id", of(c).name()))
		}
		return nil
	}
}

// recover turns a panic into an error, so that one bad request does not end the others.
func (s *site) recover(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c Ctx) (err error) {
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler { // the way to drop a connection, not a fault
					panic(p)
				}
				err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			}
		}()
		return next(c)
	}
}

const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// headers sets what every response carries. Pages are personal and are never kept by a cache; files that may be kept
// say so themselves.
func (s *site) headers(next echo.HandlerFunc) echo.HandlerFunc {
	all := http.Header{}
	all.Set("Content-Security-Policy", contentPolicy)
	all.Set("X-Content-Type-Options", "nosniff")
	all.Set("Referrer-Policy", "same-origin")
	all.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	all.Set("Cross-Origin-Opener-Policy", "same-origin")
	all.Set("Cross-Origin-Embedder-Policy", "require-corp")
	all.Set("Cross-Origin-Resource-Policy", "same-origin")
	all.Set("Cache-Control", "no-store")
	if s.BaseURL.Scheme == "https" {
		all.Set("Strict-Transport-Security", "max-age=31536000")
	}
	return func(c Ctx) error {
		maps.Copy(c.Response().Header(), all)
		return next(c)
	}
}

// sameOrigin refuses posts that come from the pages of another site.
func (s *site) sameOrigin() echo.MiddlewareFunc {
	protection := http.NewCrossOriginProtection()
	origin := s.BaseURL.Scheme + "://" + s.BaseURL.Host
	if err := protection.AddTrustedOrigin(origin); err != nil {
		panic(fmt.Sprintf("web: base URL %s: %v", s.BaseURL, err)) // the configuration was checked before
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c Ctx) error {
			if err := protection.Check(c.Request()); err != nil {
				return errForeign
			}
			return next(c)
		}
	}
}

// limits bound what one address may ask for, by class of request. They are wide enough for a class behind one router.
type limits struct {
	read  *middleware.RateLimiterMemoryStore
	write *middleware.RateLimiterMemoryStore
	admit *middleware.RateLimiterMemoryStore // new candidates
	enter *middleware.RateLimiterMemoryStore // tries of the author token
	run   *middleware.RateLimiterMemoryStore // statements that candidates send

	seldom *middleware.RateLimiterMemoryStore // exports, imports, erasures
}

func newLimits() limits {
	perSecond := func(r rate.Limit, burst int) *middleware.RateLimiterMemoryStore {
		return middleware.NewRateLimiterMemoryStoreWithConfig(middleware.RateLimiterMemoryStoreConfig{
			Rate: r, Burst: burst, ExpiresIn: 3 * time.Minute,
		})
	}
	return limits{read: perSecond(100, 400), write: perSecond(30, 120), admit: perSecond(2, 60), enter: perSecond(rate.Every(10*time.Second), 5), run: perSecond(3, 60), seldom: perSecond(rate.Every(5*time.Second), 12)}
}

// addressClass returns what is limited together: an IPv4 address, or the network of 2⁶⁴ addresses that one customer of an
// IPv6 provider has.
func addressClass(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil || addr.Unmap().Is4() {
		return ip
	}
	network, err := addr.WithZone("").Prefix(64)
	if err != nil {
		return ip
	}
	return network.String()
}

// limit answers 429 to an address that asks for too much.
func (s *site) limit(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c Ctx) error {
		class := s.limits.read
		if c.Request().Method == http.MethodPost {
			class = s.limits.write
		}
		ok, err := class.Allow(addressClass(c.RealIP()))
		if err != nil {
			return err
		}
		if !ok {
			c.Response().Header().Set("Retry-After", "2")
			return errTooMany
		}
		return next(c)
	}
}
