package web

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"time"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"rehearse/practice"
	"rehearse/progress"
	"rehearse/store"
)

const (
	sessionAge   = 400 * 24 * time.Hour // the longest that browsers keep a cookie
	renewalEvery = 24 * time.Hour
	idBytes      = 32
)

// sessionStore keeps sessions in the database, as a sessions.Store. The cookie holds a random id and nothing else; the
// database holds its SHA-256, so that who reads the database cannot take over a session. A row is written by package
// practice, in the same transaction as the first thing a visitor does; Save only sets the cookie.
type sessionStore struct {
	store   *store.Store
	name    string
	options sessions.Options
}

var _ sessions.Store = (*sessionStore)(nil)

func newSessionStore(st *store.Store, base string, https bool) *sessionStore {
	s := &sessionStore{store: st, name: "rehearse", options: sessions.Options{
		Path:     base + "/",
		MaxAge:   int(sessionAge.Seconds()),
		HttpOnly: true,
		Secure:   https,
		SameSite: http.SameSiteLaxMode,
	}}
	switch {
	case https && base == "":
		s.name = "__Host-rehearse"
	case https:
		s.name = "__Secure-rehearse"
	}
	return s
}

// Get returns the session of a request, looked up once.
func (s *sessionStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// userKey is where a session keeps its store.Session.
const userKey = "user"

// New returns the session whose id the request carries, or a new one. An id that is not in the database is never
// adopted: who plants a cookie gains nothing.
func (s *sessionStore) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(s, name)
	options := s.options
	session.Options = &options
	id, found, err := s.find(r)
	session.ID, session.IsNew = id, id == ""
	if id != "" {
		session.Values[userKey] = found
	}
	return session, err
}

// find returns the session whose id the request carries, with the id; "" without one.
func (s *sessionStore) find(r *http.Request) (id string, found store.Session, err error) {
	cookie, err := r.Cookie(s.name)
	if err != nil {
		return "", found, nil //nolint:nilerr // no cookie: a visitor
	}
	hash, ok := hashID(cookie.Value)
	if !ok {
		return "", found, nil
	}
	found, err = s.store.Session(r.Context(), hash)
	switch {
	case err == nil:
		return cookie.Value, found, nil
	case errors.Is(err, store.ErrNotFound):
		return "", found, nil
	}
	return "", found, err
}

// Save sets the cookie of a session.
func (s *sessionStore) Save(_ *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	http.SetCookie(w, sessions.NewCookie(session.Name(), session.ID, session.Options))
	return nil
}

// newID returns a random session id and its hash.
func newID() (id string, hash []byte) {
	var b [idBytes]byte
	_, _ = rand.Read(b[:]) // never fails
	sum := sha256.Sum256(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:]), sum[:]
}

func hashID(id string) ([]byte, bool) {
	b, err := base64.RawURLEncoding.DecodeString(id)
	if err != nil || len(b) != idBytes {
		return nil, false
	}
	sum := sha256.Sum256(b)
	return sum[:], true
}

// visit is who is behind a request.
type visit struct {
	user     store.User // ID 0: a visitor without a session
	author   string     // proof of the author token, "" when it was not entered
	authorAt int64      // when it was, ms UTC
}

// session finds out who is behind a request.
func (s *site) session(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c Ctx) error {
		if err := s.recognize(c); err != nil {
			return err
		}
		return next(c)
	}
}

// recognize finds out who is behind a request, and renews the cookie of those who come often.
func (s *site) recognize(c Ctx) error {
	id, found, err := s.sessions.find(c.Request())
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if known := s.Store.With(ctx, found); known != ctx {
		c.SetRequest(c.Request().WithContext(known))
	}
	r := of(c)
	r.language, r.visit = nil, visit{user: found.User, author: found.Author, authorAt: found.AuthorAt}
	if id == "" || time.Since(time.UnixMilli(found.RenewedAt)) <= renewalEvery {
		return nil
	}
	hash, _ := hashID(id)
	if err := s.Practice.RenewSession(c.Request().Context(), s.actor(c), hash); err != nil {
		s.Logger.Warn("session not renewed", "error", err) // it will be tomorrow; the page is not to wait for it
		return nil
	}
	session, err := s.sessions.Get(c.Request(), s.sessions.name)
	if err != nil {
		return err
	}
	return session.Save(c.Request(), c.Response())
}

// user returns the candidate behind a request; ID 0 for a visitor, with the settings that a new candidate would get.
func (s *site) user(c Ctx) store.User {
	u := of(c).visit.user
	if u.ID == 0 {
		u = store.NewUser(progress.Settings{Zone: "UTC", Rollover: s.Rollover})
	}
	return u
}

// act lets do act for the candidate behind a request. A visitor becomes a candidate by it: do returns the candidate,
// and the visitor's browser gets the cookie of the new session.
func (s *site) act(c Ctx, do func(practice.Actor) (store.User, error)) error {
	a := practice.Actor{User: s.user(c), Once: onceOf(c)}
	if !a.Visitor() {
		_, err := do(a)
		return err
	}
	if zone := c.FormValue("zone"); s.knownZone(zone) {
		a.User.Settings.Zone = zone
	}
	if s.Limits {
		if ok, err := s.limits.admit.Allow(addressClass(c.RealIP())); err != nil || !ok {
			c.Response().Header().Set("Retry-After", "2")
			return cmp.Or(err, errTooMany)
		}
	}
	id, hash := newID()
	a.Session = hash
	user, err := do(a)
	if err != nil || user.ID == 0 {
		return err
	}
	session, err := s.sessions.Get(c.Request(), s.sessions.name)
	if err != nil {
		return err
	}
	session.ID = id
	return session.Save(c.Request(), c.Response())
}

// onceOf returns what makes a form good for one attempt: its word, with a hash of where it goes and of all that was chosen,
// so that another choice on the same page is another attempt; "" for a form without a word.
func onceOf(c Ctx) string {
	form, err := formOf(c)
	if err != nil || !randomWord.MatchString(form.Get("once")) {
		return ""
	}
	chosen := sha256.Sum256([]byte(c.Request().URL.Path + "?" + form.Encode()))
	return form.Get("once") + base64.RawURLEncoding.EncodeToString(chosen[:16])
}

// knownZone reports whether name is an IANA time zone.
func (s *site) knownZone(name string) bool {
	_, err := s.Practice.Calendar(store.NewUser(progress.Settings{Zone: name}))
	return err == nil
}
