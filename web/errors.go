package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"rehearse/practice"
	"rehearse/quiz"
	"rehearse/store"
	"rehearse/views"
)

// Conditions that arise in this package.
var (
	errForeign = errors.New("the form was sent from another site")
	errTooMany = errors.New("too many requests")
	errForm    = errors.New("the form is not one of ours")
	errMethod  = errors.New("the address does not take this method")

	errRunsElsewhere = fmt.Errorf("the attempt is a skill check that runs: %w", store.ErrNotFound)
)

// failure is what a visitor is told of an error.
type failure struct {
	err    error
	status int
	title  string
	text   string
}

// failures is the only place where errors meet statuses and sentences. What is not here is our own fault: 500.
var failures = []failure{
	{store.ErrNotFound, http.StatusNotFound, said("This page does not exist"), said("The address may be mistyped, or it belongs to another browser: everything here is tied to the browser in which it was started.")},
	{quiz.ErrNoPosition, http.StatusNotFound, said("This quiz has no such question"), said("Go back to the quiz and choose one of its questions.")},
	{quiz.ErrFinished, http.StatusConflict, said("This quiz is over"), said("It was finished, or its time was up, before the answer arrived. The answers given before count.")},
	{quiz.ErrNotMarked, http.StatusConflict, said("There is nothing to mark yet"), said("Answer the question first; then compare and mark your answer.")},
	{practice.ErrNoQuestions, http.StatusUnprocessableEntity, said("There is no question for this"), said("Choose other topics or fewer restrictions.")},
	{practice.ErrFormUsed, http.StatusConflict, said("This question was answered already"), said("The page is an old one. Open the question again to answer it once more.")},
	{practice.ErrNotRun, http.StatusServiceUnavailable, said("This could not be saved"), said("Statements cannot be run at the moment. What you answered before is saved, this answer is not. Go back and send it again in a while.")},
	{practice.ErrTooManyReports, http.StatusTooManyRequests, said("You have many open reports"), said("The authors have not looked at your last reports yet. Send this one when some of them are answered.")},
	{practice.ErrNothingToUndo, http.StatusConflict, said("There is nothing to undo"), said("No grade was given lately, or it was taken back already.")},
	{errForm, http.StatusBadRequest, said("This form could not be read"), said("Load the page again and try once more.")},
	{errMethod, http.StatusMethodNotAllowed, said("This is not a page"), said("It is where a form is sent to. Go back to the page with the form.")},
	{errForeign, http.StatusForbidden, said("This form was sent from another site"), said("Nothing was changed. Open the page here and send the form from it.")},
	{errTooMany, http.StatusTooManyRequests, said("Too many requests"), said("Wait a few seconds, then load the page again.")},
	{store.ErrFull, http.StatusServiceUnavailable, said("This could not be saved"), said("There is no room left where answers are kept. What you answered before is saved, this answer is not. Go back and send it again in a few minutes.")},
	{store.ErrReadOnly, http.StatusServiceUnavailable, said("This could not be saved"), said("Nothing can be written at the moment where answers are kept. What you answered before is saved, this answer is not. Go back and send it again in a few minutes.")},
	{store.ErrBusy, http.StatusServiceUnavailable, said("This could not be saved"), said("The database is busy with something else. What you answered before is saved, this answer is not. Go back and send it again in a moment.")},
	{store.ErrDamaged, http.StatusInternalServerError, said("This could not be read or saved"), said("The database is damaged. If you sent something just now, it was not saved. The people who run this site can bring back what was saved from a backup; tell them the number below.")},
	{store.ErrDisk, http.StatusServiceUnavailable, said("This could not be read or saved"), said("The disk does not answer as it should. If you sent something just now, it was not saved. Go back and try again in a moment.")},
	{store.ErrAway, http.StatusServiceUnavailable, said("This could not be read or saved"), said("The database does not answer. If you sent something just now, it is not certain that it was saved. Go back and send it again in a moment: nothing counts twice.")},
	{store.ErrClosed, http.StatusServiceUnavailable, said("The server is about to restart"), said("Nothing was lost. Try again in a moment.")},
}

// failureOf returns what is said of an error, and whether it is known.
func failureOf(err error) (failure, bool) {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return failure{nil, http.StatusRequestEntityTooLarge, said("This is too large"), said("Go back, shorten it and try once more.")}, true
	}
	for _, f := range failures {
		if errors.Is(err, f.err) {
			return f, true
		}
	}
	var he *echo.HTTPError
	if errors.As(err, &he) {
		switch he.Code {
		case http.StatusNotFound:
			return failures[0], true
		case http.StatusMethodNotAllowed:
			return failureOf(errMethod)
		case http.StatusBadRequest:
			return failure{nil, he.Code, said("This form could not be read"), said("Load the page again and try once more.")}, true
		}
	}
	return failure{nil, http.StatusInternalServerError, said("Something went wrong here"), said("It is our fault, not yours. What you had answered before is saved. Try again; if it stays, tell the people who run this site the number below.")}, false
}

// fail shows an error as a page. What the log keeps and what the visitor reads are two texts.
func (s *site) fail(err error, c Ctx) {
	f, known := failureOf(err)
	id := of(c).name()
	switch {
	case errors.Is(err, context.Canceled) && c.Request().Context().Err() != nil:
		s.Logger.Debug("visitor left", "id", id)
	case !known || f.status >= http.StatusInternalServerError && !errors.Is(err, store.ErrClosed):
		s.Logger.Error("request failed", "id", id, "error", err)
	}
	if c.Response().Committed {
		return
	}
	view := views.ErrorView{
		Title:   s.language(c).T(f.title),
		Text:    s.language(c).T(f.text),
		Actions: []views.Action{{Label: s.language(c).T("To the start page"), URL: s.links.Home()}},
	}
	if f.status >= http.StatusInternalServerError {
		view.ID = id
	}
	page := s.bare(c, f.title)
	if err := s.render(c, f.status, views.ErrorPage(page, view)); err != nil {
		s.Logger.Error("error page failed", "id", id, slog.Any("error", err))
	}
}

// notFound tells an address that takes other methods from one that does not exist. Echo would, but for the page that it
// has for both.
func (s *site) notFound(c Ctx) error {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		other := c.Echo().NewContext(c.Request(), nil)
		if c.Echo().Router().Find(method, echo.GetPath(c.Request()), other); other.Path() != c.Path() {
			allowed = append(allowed, method)
		}
	}
	if allowed == nil {
		return store.ErrNotFound
	}
	if allowed[0] == http.MethodGet {
		allowed = slices.Insert(allowed, 1, http.MethodHead)
	}
	c.Response().Header().Set(echo.HeaderAllow, strings.Join(allowed, ", "))
	return errMethod
}
