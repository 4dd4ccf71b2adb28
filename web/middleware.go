package web

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"golang.org/x/time/rate"

	"rehearse/locale"
)

// request is a request as the site knows it, beside what Echo knows. Handlers get it as their Ctx.
type request struct {
	Ctx
	id       uint64           // names it in the log and on its error page
	visit    visit            // who is behind it
	language *locale.Language // in which its page is written; nil until somebody asks
	gate     *gate            // in which it takes up room; nil outside
	quiet    bool             // it has no line in the log
}

// name returns the id as it is written.
func (r *request) name() string {
	return hex.EncodeToString(binary.BigEndian.AppendUint64(make([]byte, 0, 8), r.id))
}

// of returns what is known of a request.
func of(c Ctx) *request {
	if r, ok := c.(*request); ok {
		return r
	}
	return &request{Ctx: c, id: rand.Uint64()}
}

// around is what every request goes through, in one function: Echo puts a chain together anew for each request. The log
// sees every outcome; a panic becomes an error page; headers are on every response, errors included; nothing is done for
// a request that is over its limit or comes from another site.
func (s *site) around() echo.MiddlewareFunc {
	headers, shared := s.headers()
	foreign, block := s.protection(), written(shared)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c Ctx) error {
			start, r := time.Now(), &request{Ctx: c, id: rand.Uint64()}
			set(c.Response().Header(), headers)
			if conn, ok := c.Request().Context().Value(senderKey{}).(Sender); ok {
				conn.SendWithNext(block)
			} else {
				set(c.Response().Header(), shared)
			}
			if err := s.guarded(r, foreign, next); err != nil {
				s.fail(err, r) // writes the error page, so that the status in the log is the one sent
			}
			s.log(r, start)
			return nil
		}
	}
}

// guarded does what a request asks for, if it may ask. A panic is turned into an error, so that one bad request does not
// end the others.
func (s *site) guarded(r *request, foreign *http.CrossOriginProtection, next echo.HandlerFunc) (err error) {
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler { // the way to drop a connection, not a fault
				panic(p)
			}
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if s.Limits {
		if err := s.limit(r); err != nil {
			return err
		}
	}
	if foreign.Check(r.Request()) != nil {
		return errForeign
	}
	return next(r)
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

// log writes one line for a request: what was asked for and how it ended, never what was answered in it.
func (s *site) log(r *request, start time.Time) {
	level := slog.LevelInfo
	if strings.HasPrefix(r.Path(), s.base+"/static/") || r.Path() == s.base+"/healthz" || r.quiet {
		level = slog.LevelDebug
	}
	ctx, logger, now := r.Request().Context(), s.Requests.Handler(), time.Now()
	if !logger.Enabled(ctx, level) {
		return
	}
	line := slog.NewRecord(now, level, "request", 0) // which a Logger makes, too, but for where in the program it is called
	line.AddAttrs(
		slog.String("method", r.Request().Method),
		slog.String("route", r.Path()),
		slog.Int("status", r.Response().Status),
		slog.Int64("took_us", now.Sub(start).Microseconds()),
		slog.String("id", r.name()))
	_ = logger.Handle(ctx, line) // a log that cannot be written to has nowhere to say so
}

const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// header is a header as net/http keeps it. All responses share the value.
type header struct {
	name  string
	value []string
}

// headers returns what every response carries: what some of them say themselves, and what none says otherwise. Pages are
// personal and are never kept by a cache; files that may be kept say so.
func (s *site) headers() (usual, shared []header) {
	usual = []header{
		{"Content-Security-Policy", []string{contentPolicy}},
		{"Cache-Control", []string{"no-store"}},
	}
	shared = []header{
		{"X-Content-Type-Options", []string{"nosniff"}},
		{"Referrer-Policy", []string{"same-origin"}},
		{"Permissions-Policy", []string{"camera=(), geolocation=(), microphone=(), payment=(), usb=()"}},
		{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
		{"Cross-Origin-Embedder-Policy", []string{"require-corp"}},
		{"Cross-Origin-Resource-Policy", []string{"same-origin"}},
	}
	if s.BaseURL.Scheme == "https" {
		shared = append(shared, header{"Strict-Transport-Security", []string{"max-age=31536000"}})
	}
	return usual, shared
}

func set(h http.Header, headers []header) {
	for _, one := range headers {
		h[one.name] = one.value
	}
}

// Sender is a connection that sends headers with its next response by itself. net/http copies, sorts and checks all that
// it is given for each response, which takes as long as the rest of what it does.
type Sender interface {
	// SendWithNext takes whole lines, which are not changed afterwards.
	SendWithNext(headers []byte)
}

type senderKey struct{}

// WithSender returns the context of the requests of a connection, as a server's ConnContext.
func WithSender(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, senderKey{}, c)
}

// written returns headers as they are sent.
func written(headers []header) (lines []byte) {
	for _, h := range headers {
		lines = fmt.Appendf(lines, "%s: %s\r\n", h.name, h.value[0])
	}
	return lines
}

// protection refuses posts that come from the pages of another site.
func (s *site) protection() *http.CrossOriginProtection {
	protection := http.NewCrossOriginProtection()
	origin := s.BaseURL.Scheme + "://" + s.BaseURL.Host
	if err := protection.AddTrustedOrigin(origin); err != nil {
		panic(fmt.Sprintf("web: base URL %s: %v", s.BaseURL, err)) // the configuration was checked before
	}
	return protection
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
func (s *site) limit(r *request) error {
	class := s.limits.read
	if r.Request().Method == http.MethodPost {
		class = s.limits.write
	}
	ok, err := class.Allow(addressClass(r.RealIP()))
	if err == nil && !ok {
		r.Response().Header().Set("Retry-After", "2")
		err = errTooMany
	}
	return err
}
