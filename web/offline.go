package web

import (
	"compress/gzip"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"rehearse/locale"
	"rehearse/markdown"
	"rehearse/practice"
	"rehearse/srs"
	"rehearse/store"
	"rehearse/views"
)

// offlineCards is how many cards a browser keeps.
const offlineCards = 50

// offlinePack is what a browser keeps for when there is no connection: pages, with everything around their main element
// only once.
type offlinePack struct {
	Owner   string        `json:"owner"`
	Version string        `json:"version"`
	Before  string        `json:"before"`
	After   string        `json:"after"`
	Start   string        `json:"start"`
	Done    string        `json:"done"`
	Other   string        `json:"other"` // in place of any other page
	Undo    string        `json:"undo"`
	Cards   []offlineCard `json:"cards"`
}

type offlineCard struct {
	Key   string `json:"key"`
	Due   int64  `json:"due"` // ms UTC
	Title string `json:"title"`
	Front string `json:"front"`
	Back  string `json:"back"`
}

// owner names a candidate to their own browser, so that it does not keep the cards of one for another.
func (s *site) owner(u store.User) string {
	if u.ID == 0 {
		return ""
	}
	last := &s.owners[u.ID%int64(len(s.owners))]
	if o := last.Load(); o != nil && o.user == u.ID {
		return o.name
	}
	text := []byte("owner " + strconv.FormatInt(u.ID, 10))
	o := &owner{u.ID, hex.EncodeToString(s.mac(text)[len(text):])[:20]}
	last.Store(o)
	return o.name
}

// owners remembers the names of candidates who were here lately.
type owners [1024]atomic.Pointer[owner]

type owner struct {
	user int64
	name string
}

// newGradeID returns the id of a page on which a card is graded.
func newGradeID() string { return rand.Text() }

// randomWord is the form of what crypto/rand.Text returns.
var randomWord = regexp.MustCompile(`^[A-Z2-7]{26}$`)

// keptCards gives a browser what it keeps for when there is no connection. A visitor has nothing to keep.
func (s *site) keptCards(c Ctx) error {
	u := s.user(c)
	if u.ID == 0 {
		return c.NoContent(http.StatusNoContent)
	}
	pack := offlinePack{Owner: s.owner(u), Version: s.version, Cards: []offlineCard{}}
	err := s.Store.View(c.Request().Context(), func(tx *store.Tx) error {
		p := s.bare(c, said("Cards"))
		p.Area, p.Author = "cards", nil
		kept, err := s.Practice.Upcoming(tx, u, offlineCards)
		if err != nil {
			return err
		}
		ctx := locale.With(c.Request().Context(), p.L)
		if err := pack.frame(ctx, p, len(kept) > 0); err != nil {
			return err
		}
		left := 0 // cards that may be shown now
		for left < len(kept) && kept[left].DueAt <= tx.Now() {
			left++
		}
		for i, k := range kept {
			card, err := s.offlineCard(ctx, tx, p, u, k, max(1, left-i))
			if err != nil {
				return err
			}
			pack.Cards = append(pack.Cards, card)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return sendJSON(c, pack)
}

// frame fills in everything but the cards.
func (pack *offlinePack) frame(ctx context.Context, p views.Page, cards bool) (err error) {
	if pack.Before, pack.Start, pack.After, err = partsOf(ctx, views.OfflineCards(p)); err != nil {
		return err
	}
	if _, pack.Done, _, err = partsOf(ctx, views.OfflineDone(p)); err != nil {
		return err
	}
	if _, pack.Other, _, err = partsOf(ctx, views.OfflinePage(p, cards)); err != nil {
		return err
	}
	var undo strings.Builder
	err = views.OfflineUndo(p.Links).Render(ctx, &undo)
	pack.Undo = undo.String()
	return err
}

func (s *site) offlineCard(ctx context.Context, tx *store.Tx, p views.Page, u store.User, k practice.Kept, left int) (offlineCard, error) {
	card := offlineCard{Key: cardKey(keyOf(k.Turn)), Due: k.DueAt, Title: k.Entry.Question.Title.Text}
	today := practice.Today{Left: srs.Counts{Review: left}}
	v := s.cardBackView(p.L, u, k.Turn, today, "")
	v.Queue = nil
	v.Shown = "0" // the worker puts in when
	var err error
	if _, card.Front, _, err = partsOf(ctx, views.CardFront(p, v.CardFace)); err != nil {
		return card, err
	}
	note, err := tx.Note(u.ID, k.Entry.ID)
	if err != nil {
		return card, err
	}
	v.Kept.NoteHTML = markdown.NoteHTML(note)
	_, card.Back, _, err = partsOf(ctx, views.CardBack(p, v))
	return card, err
}

// sendJSON sends something large, compressed where the browser can take it. Who reads it slowly keeps nobody else out.
func sendJSON(c Ctx, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	leave(c)
	h := c.Response().Header()
	h.Set("Content-Type", "application/json")
	h.Add("Vary", "Accept-Encoding, Accept-Language, Cookie")
	if !strings.Contains(c.Request().Header.Get("Accept-Encoding"), "gzip") {
		_, err := c.Response().Write(data)
		return err
	}
	h.Set("Content-Encoding", "gzip")
	w, err := gzip.NewWriterLevel(c.Response(), gzip.BestSpeed)
	if err != nil {
		return err
	}
	if _, err := w.Write(data); err != nil {
		return err
	}
	return w.Close()
}

// lateGrades are grades that a browser sends after the fact. Times are ms of the browser's own clock, of which only the
// distance to Now is believed.
type lateGrades struct {
	Now    int64       `json:"now"`
	Grades []lateGrade `json:"grades"`
}

type lateGrade struct {
	ID       string `json:"id"`
	Owner    string `json:"owner"`
	Card     string `json:"card"`
	Reviews  string `json:"reviews"`
	Revision string `json:"revision"`
	Rating   string `json:"rating"`
	At       int64  `json:"at"`
	Took     int64  `json:"took"`
}

// lateResult says what came of a grade: Refused is empty when it counts.
type lateResult struct {
	ID      string `json:"id"`
	Refused string `json:"refused,omitempty"`
}

// takeGrades takes grades that were given without a connection, in their order, each once.
func (s *site) takeGrades(c Ctx) error {
	var sent lateGrades
	if err := json.NewDecoder(c.Request().Body).Decode(&sent); err != nil {
		return errors.Join(errForm, err)
	}
	results := []lateResult{}
	ago := int64(math.MaxInt64 / time.Millisecond)
	for _, g := range sent.Grades {
		ago = min(ago, max(0, sent.Now-g.At)) // what comes later in the list was given later
		refused, err := s.takeGrade(c, g, time.Duration(ago)*time.Millisecond)
		if err != nil {
			return err
		}
		results = append(results, lateResult{ID: g.ID, Refused: refused})
	}
	return c.JSON(http.StatusOK, map[string]any{"results": results})
}

// takeGrade takes one grade, or says why not.
func (s *site) takeGrade(c Ctx, g lateGrade, ago time.Duration) (refused string, err error) {
	l, u := s.language(c), s.user(c)
	if u.ID == 0 || g.Owner != s.owner(u) {
		return l.T("It was given in another session of this browser."), nil
	}
	late, err := readLate(g, ago)
	if err == nil {
		err = s.Practice.GradeLate(c.Request().Context(), practice.Actor{User: u}, late)
	}
	switch {
	case errors.Is(err, errForm):
		return l.T("It could not be read."), nil
	case errors.Is(err, store.ErrNotFound):
		return l.T("There is no such card any more."), nil
	}
	return "", err
}

func readLate(g lateGrade, ago time.Duration) (practice.Late, error) {
	late := practice.Late{Ago: ago}
	var errs [3]error
	late.Card, errs[0] = parseCard(g.Card)
	late.Seq, errs[1] = strconv.ParseInt(g.Reviews, 10, 64)
	late.Revision, errs[2] = strconv.ParseInt(g.Revision, 10, 64)
	late.ID, late.Duration = g.ID, time.Duration(g.Took)*time.Millisecond
	late.Rating = ratingOf(g.Rating)
	if errors.Join(errs[:]...) != nil || !late.Rating.Valid() || !randomWord.MatchString(g.ID) {
		return late, errForm
	}
	return late, nil
}

// undoneGrade returns the entry that a form wants to take back: it names it by its seq, or by the id of its page when it
// was given without a connection.
func (s *site) undoneGrade(c Ctx, name string) (int64, error) {
	id, late := strings.CutPrefix(name, "o:")
	if !late {
		seq, err := strconv.ParseInt(name, 10, 64)
		if err != nil {
			return 0, errForm
		}
		return seq, nil
	}
	var seq int64
	err := s.Store.View(c.Request().Context(), func(tx *store.Tx) (err error) {
		seq, err = s.Practice.GradeNamed(tx, s.user(c), id)
		return err
	})
	return seq, err
}
