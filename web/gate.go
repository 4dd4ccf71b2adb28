package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"

	"rehearse/locale"
)

// A gate bounds how many requests are worked on at a time, and how many wait for that and for how long. Work for which
// nobody waits any more is not begun: whoever is let in is answered within a second, however many ask.
type gate struct {
	inside  chan struct{} // holds an element for each request that is in work
	waiting atomic.Int64
}

// What fits: enough writers for the disk to be shared by many (store.maxGroup is 64), few enough that who waited longest is
// still answered within a second when a core stores only a hundred a second.
const (
	mostReading = 64
	mostWriting = 64
	mostWaiting = 1024
	longestWait = 400 * time.Millisecond
)

func newGate(room int) *gate { return &gate{inside: make(chan struct{}, room)} }

// enter reports whether the request may be worked on; who enters also leaves. Those who wait enter in their order.
func (g *gate) enter(ctx context.Context) bool {
	select {
	case g.inside <- struct{}{}:
		return true
	default:
	}
	defer g.waiting.Add(-1)
	if g.waiting.Add(1) > mostWaiting {
		return false
	}
	patience := time.NewTimer(longestWait)
	defer patience.Stop()
	select {
	case g.inside <- struct{}{}:
		return true
	case <-patience.C:
	case <-ctx.Done():
	}
	return false
}

func (g *gate) leave() { <-g.inside }

// gates are those of pages and those of forms: while the disk keeps answers waiting, pages are still served.
type gates struct {
	read, write *gate
	away        *atomic.Int64   // who found no room
	tell        *rate.Sometimes // the log
}

func newGates() gates {
	return gates{newGate(mostReading), newGate(mostWriting), new(atomic.Int64), &rate.Sometimes{Interval: 10 * time.Second}}
}

// admit answers 503 to what comes while there is no room, and finds out who is behind the rest. A request takes up room
// while it is worked on, not while a slow network brings its form or takes its page: a few who read slowly would else keep
// everybody out.
func (s *site) admit(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c Ctx) error {
		g, r := s.gates.read, c.Request()
		if r.Method == http.MethodPost {
			g = s.gates.write
			if err := receive(c); err != nil {
				return err
			}
		}
		if !g.enter(r.Context()) {
			return s.turnAway(c)
		}
		of(c).gate = g
		defer leave(c)
		if err := s.recognize(c); err != nil {
			return err
		}
		return next(c)
	}
}

// receive reads what a request sends. A form is parsed here already: the usual one, with nothing in its address, is kept as it is,
// where ParseForm would read it again and copy it twice.
func receive(c Ctx) error {
	r, b := c.Request(), buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if _, err := b.ReadFrom(http.MaxBytesReader(c.Response(), r.Body, maxForm)); err != nil {
		if tooLarge := (*http.MaxBytesError)(nil); !errors.As(err, &tooLarge) { // broken off, or not what its headers say
			err = fmt.Errorf("%w: %w", errForm, err)
		}
		return err
	}
	sent := b.String()
	r.Body = io.NopCloser(strings.NewReader(sent))
	if r.Header.Get("Content-Type") != echo.MIMEApplicationForm || r.URL.RawQuery != "" {
		return nil
	}
	if form, err := url.ParseQuery(sent); err == nil { // else formOf says what is wrong
		r.PostForm, r.Form = form, form
	}
	return nil
}

// turnAway answers 503 with as little work as possible: a page without layout, and no line in the log for each. The log says
// every ten seconds how many there were.
func (s *site) turnAway(c Ctx) error {
	n := s.gates.away.Add(1)
	s.gates.tell.Do(func() { s.Logger.Warn("more requests than can be served: some are answered 503", "since start", n) })
	of(c).quiet = true
	c.Response().Header().Set("Retry-After", "2")
	l := locale.Match(c.Request().Header.Get("Accept-Language"))
	page := fmt.Sprintf(tooMuch, l.Tag, l.T(said("Too much is going on here")), l.T(said("More people want something at the moment than can be served. What you answered before is saved; if you sent something just now, it was not. Go back and try again in a few seconds.")))
	return c.HTML(http.StatusServiceUnavailable, page)
}

const tooMuch = `<!doctype html><html lang="%[1]s"><meta name="viewport" content="width=device-width"><title>%[2]s</title><h1>%[2]s</h1><p>%[3]s</p></html>`

// leave makes room for another request: what is left to do for this one is to send it.
func leave(c Ctx) {
	if r := of(c); r.gate != nil {
		r.gate.leave()
		r.gate = nil
	}
}
