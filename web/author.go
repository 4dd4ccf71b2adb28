package web

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"rehearse/practice"
	"rehearse/store"
	"rehearse/views"
)

// authorAge is how long the author token is good for once it was entered.
const authorAge = 30 * 24 * time.Hour

// authorRoutes adds the authors' pages. Who has not entered the token finds nothing there but the form that asks for it.
func (s *site) authorRoutes(g *echo.Group) {
	g.GET("/author/sign-in", s.one((*site).authorSignIn))
	g.POST("/author/sign-in", s.one((*site).enterAuthor))
	author := g.Group("/author", s.authorsOnly)
	author.GET("", s.atDesk((*site).authorDesk))
	author.GET("/reports", s.atDesk((*site).deskReports))
	author.POST("/reports/:report", s.atDesk((*site).answerReport))
	author.GET("/items", s.atDesk((*site).deskItems))
	author.POST("/load", s.loadContent)
	author.POST("/sign-out", s.leaveAuthor)
	s.deskRoutes(author)
	author.RouteNotFound("/*", s.notFound)
}

// authorsOnly lets authors pass; to others there is no such page.
func (s *site) authorsOnly(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c Ctx) error {
		if !s.isAuthor(c) {
			return store.ErrNotFound
		}
		return next(c)
	}
}

// proof returns what a session keeps of the author token. Another token, or another server, makes it worthless.
func (s *site) proof(token string) string {
	mac := hmac.New(sha256.New, s.FormKey)
	mac.Write([]byte("author\x00" + token))
	return hex.EncodeToString(mac.Sum(nil))
}

// isAuthor reports whether the token was entered in the session of a request.
func (s *site) isAuthor(c Ctx) bool {
	v := &of(c).visit
	return s.AuthorToken != "" && v.author != "" && hmac.Equal([]byte(v.author), []byte(s.proof(s.AuthorToken))) &&
		time.Since(time.UnixMilli(v.authorAt)) < authorAge
}

// authorBar returns what pages have for authors alone; nil for everybody else.
func (s *site) authorBar(c Ctx) *views.AuthorBar {
	if s.Desk == nil || !s.isAuthor(c) {
		return nil
	}
	l := s.Desk.Peek() // this is called within views: nothing may be loaded
	return &views.AuthorBar{Desk: s.desk.home(), Broken: len(l.Bank.Broken), Failed: l.Err != nil || l.Refused != nil, Bare: len(s.Practice.Catalog().Questions) == 0}
}

func (s *site) authorSignIn(c Ctx) error { return s.showAuthorSignIn(c, http.StatusOK, "") }

func (s *site) showAuthorSignIn(c Ctx, status int, problem string) error {
	return s.view(c, status, "", said("For authors"), func(_ *store.Tx, p views.Page) (templ.Component, error) {
		p.NoIndex = true
		return views.AuthorSignIn(p, views.AuthorSignInView{Action: s.desk.base + "/sign-in", Problem: problem}), nil
	})
}

// enterAuthor takes the author token. The session gets another id with it: who knew the old one gains nothing.
func (s *site) enterAuthor(c Ctx) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	if ok, err := s.limits.enter.Allow(addressClass(c.RealIP())); err != nil || !ok {
		c.Response().Header().Set("Retry-After", "10")
		return cmp.Or(err, errTooMany)
	}
	given := s.proof(form.Get("token"))
	if !hmac.Equal([]byte(given), []byte(s.proof(s.AuthorToken))) {
		s.Logger.Warn("wrong author token")
		return s.showAuthorSignIn(c, http.StatusUnprocessableEntity, s.language(c).T("This is not the author token."))
	}
	if err := s.rotate(c, given); err != nil {
		return err
	}
	s.Logger.Info("author signed in")
	return redirect(c, s.desk.home())
}

// leaveAuthor makes the session a candidate's again, under another id.
func (s *site) leaveAuthor(c Ctx) error {
	if err := s.rotate(c, ""); err != nil {
		return err
	}
	return redirect(c, s.links.Home())
}

// rotate gives the session of a request another id, and says whether it is an author's.
func (s *site) rotate(c Ctx, author string) error {
	session, err := s.sessions.Get(c.Request(), s.sessions.name)
	if err != nil {
		return err
	}
	old, _ := hashID(session.ID)
	id, fresh := newID()
	a := practice.Actor{User: s.user(c), Session: fresh}
	if err := s.Practice.RotateSession(c.Request().Context(), a, old, author); err != nil {
		return err
	}
	session.ID = id
	return session.Save(c.Request(), c.Response())
}

// authorDesk shows what is wrong with the content and what the last load did.
func (s *site) authorDesk(c Ctx, shown *shownLoading) error {
	v := s.deskView(s.language(c), shown, s.zone(c))
	v.Reload, v.SignOut = s.desk.base+"/load", s.desk.base+"/sign-out"
	return s.view(c, http.StatusOK, "author", said("Author"), func(tx *store.Tx, p views.Page) (templ.Component, error) {
		open, _, err := tx.CountBankReports(s.Practice.Bank())
		v.Reports = views.DeskLink{URL: s.desk.reports(), Label: p.L.N(open, "%d open report", "%d open reports")}
		v.Items = views.DeskLink{URL: s.desk.itemsPage(), Label: p.L.T("Item statistics")}
		return views.Desk(s.deskPage(p), v), err
	})
}

// loadContent loads the content folder anew. It goes on when the browser does not wait for it.
func (s *site) loadContent(c Ctx) error {
	s.Desk.Load(context.WithoutCancel(c.Request().Context()), false)
	return redirect(c, s.desk.home())
}

func randomSeed() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return binary.LittleEndian.Uint64(b[:]) >> 1
}
