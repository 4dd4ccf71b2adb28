package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"rehearse/locale"
	"rehearse/static"
	"rehearse/views"
)

// manifest describes the site to a browser that can install it as an app
// (https://www.w3.org/TR/appmanifest/). Browsers ask for it without cookies.
type manifest struct {
	ID          string         `json:"id"`
	Name        string         `json:"name"`
	ShortName   string         `json:"short_name"`
	Description string         `json:"description"`
	Lang        string         `json:"lang"`
	StartURL    string         `json:"start_url"`
	Scope       string         `json:"scope"`
	Display     string         `json:"display"`
	Background  string         `json:"background_color"`
	Theme       string         `json:"theme_color"`
	Icons       []manifestIcon `json:"icons"`
	Shortcuts   []manifestLink `json:"shortcuts"`
}

type manifestIcon struct {
	Src     string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

type manifestLink struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

func (s *site) manifest(c Ctx) error {
	l := s.language(c)
	icon := func(name, sizes, purpose string) manifestIcon {
		return manifestIcon{Src: s.base + s.assets.Path("install/"+name), Sizes: sizes, Type: "image/png", Purpose: purpose}
	}
	text, err := json.Marshal(manifest{
		ID: s.links.Home(), Name: "Rehearse", ShortName: "Rehearse",
		Description: l.T("Practise backend interviews: quizzes, flashcards and progress, with the reasons behind every answer. No account needed."),
		Lang:        l.Tag, StartURL: s.links.Home(), Scope: s.links.Home(), Display: "standalone",
		Background: views.PaperColour, Theme: views.PaperColour,
		Icons: []manifestIcon{
			icon("icon-192.png", "192x192", "any"), icon("icon-512.png", "512x512", "any"), icon("maskable-512.png", "512x512", "maskable"),
		},
		Shortcuts: []manifestLink{{l.T("Cards"), s.links.Cards()}, {l.T("Quiz"), s.links.NewQuiz()}},
	})
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-cache")
	c.Response().Header().Set("Vary", "Accept-Language")
	return c.Blob(http.StatusOK, "application/manifest+json", text)
}

// workerSite is what the service worker knows of the site it is for.
type workerSite struct {
	Base    string            `json:"base"`
	Version string            `json:"version"` // another one whenever anything changes that the worker keeps
	Page    string            `json:"page"`    // what is shown when there is no connection and nothing is kept
	Files   []string          `json:"files"`   // what that page and the cards need
	Headers map[string]string `json:"headers"` // of the pages that the worker makes
}

// worker serves the script of the service worker, which begins with what it knows of the site. A new version takes over
// as soon as a browser has seen it.
func (s *site) worker(c Ctx) error {
	known, err := json.Marshal(s.workerSite())
	if err != nil {
		return err
	}
	script, _, contentType, _ := s.assets.Open(s.assets.Path("worker/worker.js"))
	script = bytes.Join([][]byte{[]byte("const site = "), known, []byte(";\n"), script}, nil)
	h, hash := c.Response().Header(), sha256.Sum256(script)
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", "no-cache") // browsers ask after every page whether there is another one
	h.Set("ETag", `"`+hex.EncodeToString(hash[:8])+`"`)
	c.Request().Header.Del("Range") // nobody reads a part of it
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(script))
	return nil
}

func (s *site) workerSite() workerSite {
	w := workerSite{Base: s.base, Version: s.version, Page: s.links.Offline(), Headers: map[string]string{
		"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store",
	}}
	usual, shared := s.headers()
	sent := http.Header{}
	set(sent, slices.Concat(usual, shared))
	for _, name := range []string{
		"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy",
		"Cross-Origin-Opener-Policy", "Cross-Origin-Embedder-Policy", "Cross-Origin-Resource-Policy",
	} {
		w.Headers[name] = sent.Get(name)
	}
	for _, name := range s.assets.Names() {
		switch name {
		case static.AppCSS, static.AppJS, "icons/favicon.svg": // the rest is for authors, the system and the worker itself
			w.Files = append(w.Files, s.base+s.assets.Path(name))
		}
	}
	return w
}

// siteVersion names what the worker keeps: the static files, and the page that is shown without a connection.
func (s *site) siteVersion() (string, error) {
	hash := sha256.New()
	hash.Write([]byte(s.assets.Path("worker/worker.js") + s.base))
	err := views.OfflinePage(s.offlineFrame(locale.English()), false).Render(locale.With(context.Background(), locale.English()), hash)
	return hex.EncodeToString(hash.Sum(nil))[:12], err
}

// offlineFrame returns what surrounds a page that is for everybody.
func (s *site) offlineFrame(l *locale.Language) views.Page {
	return views.Page{
		Title: l.T("No connection"), L: l, Links: s.links, NoIndex: true,
		Assets: func(name string) string { return s.base + s.assets.Path(name) },
	}
}

// offline serves the page that is shown when there is no connection and nothing is kept. It is the same for everybody.
func (s *site) offline(c Ctx) error {
	l := locale.Match(c.Request().Header.Get("Accept-Language"))
	return s.render(c, http.StatusOK, views.OfflinePage(s.offlineFrame(l), false))
}

// partsOf renders a page and cuts out its main element.
func partsOf(ctx context.Context, page templ.Component) (before, main, after string, err error) {
	var b strings.Builder
	if err := page.Render(ctx, &b); err != nil {
		return "", "", "", err
	}
	const open, end = `<main id="content" tabindex="-1">`, `</main>`
	before, rest, _ := strings.Cut(b.String(), open)
	main, after, _ = strings.Cut(rest, end)
	return before + open, main, end + after, nil
}
