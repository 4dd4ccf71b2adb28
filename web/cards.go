package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"rehearse/locale"
	"rehearse/practice"
	"rehearse/srs"
	"rehearse/store"
	"rehearse/views"
)

// cards is the start page of the cards.
func (s *site) cards(c Ctx) error {
	u := s.user(c)
	return s.view(c, http.StatusOK, "cards", said("Cards"), func(tx *store.Tx, p views.Page) (templ.Component, error) {
		cal, err := s.calendar(c)
		if err != nil {
			return nil, err
		}
		today, err := s.Practice.Today(tx, u, practice.Selection{})
		if err != nil {
			return nil, err
		}
		due, err := s.Practice.DueByTopic(tx, u)
		if err != nil {
			return nil, err
		}
		day := cal.Day(tx.Time())
		pace, err := s.Practice.Pace(tx, u)
		if err != nil {
			return nil, err
		}
		v := views.CardsView{
			Learning: today.Left.Learning, Review: today.Left.Review, New: today.Left.New,
			Minutes:  pace.Minutes(today.Left.Total()),
			Next:     nextText(p.L, today, tx.Time(), cal),
			Forecast: forecast(p.L, u, today.Forecast, day),
		}
		if v.Interview, err = s.interviewView(p.L, tx, u); err != nil {
			return nil, err
		}
		if err := s.cardExtras(p.L, tx, u, today, &v); err != nil {
			return nil, err
		}
		for _, t := range s.catalog().Topics {
			if due[t.ID] > 0 {
				v.Topics = append(v.Topics, views.TopicDue{ID: t.Slug, Title: t.Title, Due: due[t.ID]})
			}
		}
		if len(s.catalog().Questions) == 0 {
			v.Empty = noContent(p.L)
		}
		p.Description = p.L.T("Flashcards made of the questions, each shown again when you are about to forget it.")
		return views.CardsHome(p, v), nil
	})
}

// cardSet returns the session of cards that a request belongs to: its name as a query, "" for all that is due, and what
// it selects.
func (s *site) cardSet(q url.Values) (set string, sel practice.Selection, err error) {
	sel.Search = s.readSearch(q)
	for _, slug := range sel.Topics {
		if _, err := s.catalog().Topic(slug); err != nil {
			return "", sel, err
		}
	}
	name := searchValues(sel.Search)
	switch pool := practice.Pool(q.Get("of")); pool {
	case practice.Scheduled:
		if until := q.Get("until"); until != "" { // of five minutes
			name.Set("until", until)
			name.Set("then", q.Get("then"))
		}
	case practice.Ahead, practice.Mistakes, practice.Drill, practice.Bookmarked:
		sel.Pool = pool
		name.Set("of", string(pool))
	default:
		return "", sel, store.ErrNotFound
	}
	return name.Encode(), sel, nil
}

// cardSetOf returns the session that a form belongs to.
func (s *site) cardSetOf(form url.Values) (string, practice.Selection, error) {
	return s.cardSetNamed(form.Get("set"))
}

// cardSetNamed returns the session with a name.
func (s *site) cardSetNamed(name string) (string, practice.Selection, error) {
	q, err := url.ParseQuery(name)
	if err != nil {
		return "", practice.Selection{}, errForm
	}
	return s.cardSet(q)
}

// nextCard shows the front of the next card, or of the one that the address names, or says that the day is done.
func (s *site) nextCard(c Ctx) error {
	u := s.user(c)
	set, sel, err := s.cardSet(c.QueryParams())
	if err != nil {
		return err
	}
	return s.view(c, http.StatusOK, "cards", said("Cards"), func(tx *store.Tx, p views.Page) (templ.Component, error) {
		today, err := s.Practice.Today(tx, u, sel)
		if err != nil {
			return nil, err
		}
		if onward := s.afterFive(set, today); onward != "" && c.QueryParam("card") == "" {
			return nil, redirect(c, onward)
		}
		key := store.CardKey{Question: today.Next.Key, Part: today.Next.Part}
		if wanted := c.QueryParam("card"); wanted != "" {
			if key, err = parseCard(wanted); err != nil {
				return nil, err
			}
		} else if !today.Ready {
			return s.cardsDone(c, tx, p, today, set, sel)
		}
		turn, err := s.Practice.Turn(tx, u, key)
		if err != nil {
			return nil, err
		}
		face := s.cardFace(p.L, turn, today, set)
		face.Kept, err = s.markView(tx, u, turn.Entry, s.links.CardFront(face.Key, set))
		return views.CardFront(p, face), err
	})
}

func (s *site) cardsDone(c Ctx, tx *store.Tx, p views.Page, today practice.Today, set string, sel practice.Selection) (templ.Component, error) {
	u := s.user(c)
	cal, err := s.calendar(c)
	if err != nil {
		return nil, err
	}
	tomorrow, err := s.Practice.Tomorrow(tx, u, sel, today)
	if err != nil {
		return nil, err
	}
	return views.CardsDone(p, views.DoneView{
		Reviewed: today.Activity.Reviews,
		Next:     nextText(p.L, today, tx.Time(), cal),
		Tomorrow: tomorrowText(p.L, tomorrow),
		Forecast: forecast(p.L, u, today.Forecast, cal.Day(tx.Time())),
		Undo:     undoName(today),
		Set:      set,
	}), nil
}

// cardBack shows the back of a card with its grades.
func (s *site) cardBack(c Ctx) error {
	u := s.user(c)
	key, err := parseCard(c.Param("card"))
	if err != nil {
		return err
	}
	set, sel, err := s.cardSet(c.QueryParams())
	if err != nil {
		return err
	}
	return s.view(c, http.StatusOK, "cards", said("Cards"), func(tx *store.Tx, p views.Page) (templ.Component, error) {
		today, err := s.Practice.Today(tx, u, sel)
		if err != nil {
			return nil, err
		}
		turn, err := s.Practice.Turn(tx, u, key)
		if err != nil {
			return nil, err
		}
		v := s.cardBackView(p.L, u, turn, today, set)
		if v.Kept, err = s.keptView(p.L, tx, u, turn.Entry, s.links.CardOf(v.Key, set)); err != nil {
			return nil, err
		}
		v.Shown = strconv.FormatInt(tx.Now(), 10)
		return views.CardBack(p, v), nil
	})
}

// cardBackView shows both sides of a card, but for when.
func (s *site) cardBackView(l *locale.Language, u store.User, turn practice.Turn, today practice.Today, set string) views.CardBackView {
	v := s.cardAnswer(turn)
	v.CardFace = s.cardFace(l, turn, today, set)
	v.ID = newGradeID()
	v.Reviews = strconv.FormatInt(turn.Seq, 10)
	v.Revision = strconv.FormatInt(turn.Entry.RevisionID, 10)
	v.Ratings = ratingChoices(l, turn, u.TwoButtons)
	v.Suspended = turn.Card.Suspended
	v.Leech = leechText(l, turn)
	return v
}

func ratingChoices(l *locale.Language, t practice.Turn, two bool) []views.Rating {
	var out []views.Rating
	for i, r := range srs.Ratings() {
		if two && r != srs.Again && r != srs.Good {
			continue
		}
		name := r.String()
		out = append(out, views.Rating{
			Value:    name,
			Label:    views.RatingLabel(l, name),
			Interval: intervalText(l, t.Outcomes[i].Wait(t.Now)),
			Key:      strconv.Itoa(int(r)),
		})
	}
	return out
}

// intervalText writes how long it is until a card comes back: "4 d".
func intervalText(l *locale.Language, d time.Duration) string {
	number, unit, _ := strings.Cut(srs.IntervalText(d), " ")
	return number + " " + l.T(intervalUnits[unit])
}

var intervalUnits = map[string]string{"min": said("min"), "h": said("h"), "d": said("d"), "mo": said("mo"), "y": said("y")}

// gradeCard takes the rating of a card.
func (s *site) gradeCard(c Ctx) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	g, err := readGrade(c.Param("card"), form)
	if err != nil {
		return err
	}
	set, _, err := s.cardSetOf(form)
	if err != nil {
		return err
	}
	err = s.act(c, func(a practice.Actor) (store.User, error) {
		return s.Practice.GradeCard(c.Request().Context(), a, g)
	})
	if err != nil {
		return err
	}
	return redirect(c, s.links.NextCardOf(set))
}

func readGrade(card string, form url.Values) (practice.Grade, error) {
	key, err := parseCard(card)
	if err != nil {
		return practice.Grade{}, err
	}
	g := practice.Grade{ID: form.Get("id"), Card: key, Rating: ratingOf(form.Get("rating"))}
	g.Seq, err = strconv.ParseInt(form.Get("reviews"), 10, 64)
	if err != nil || !g.Rating.Valid() || g.ID != "" && !randomWord.MatchString(g.ID) {
		return practice.Grade{}, errForm
	}
	if shown, err := strconv.ParseInt(form.Get("shown"), 10, 64); err == nil {
		g.Duration = time.Since(time.UnixMilli(shown))
	}
	return g, nil
}

// ratingOf returns the rating with a name, an invalid one when none has it.
func ratingOf(name string) (rating srs.Rating) {
	for _, r := range srs.Ratings() {
		if name == r.String() {
			rating = r
		}
	}
	return rating
}

// undoGrade takes the last grade back and shows its card again.
func (s *site) undoGrade(c Ctx) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	set, _, err := s.cardSetOf(form)
	if err != nil {
		return err
	}
	grade, err := s.undoneGrade(c, form.Get("grade"))
	if err != nil {
		return err
	}
	key, err := s.Practice.UndoGrade(c.Request().Context(), s.actor(c), grade)
	if err != nil {
		return err
	}
	return redirect(c, s.links.CardFront(cardKey(key), set))
}

// undoName names the grade that can be taken back, for a form.
func undoName(today practice.Today) string {
	if today.Undo == 0 {
		return ""
	}
	return strconv.FormatInt(today.Undo, 10)
}

// cardKey writes the key of a card for an address.
func cardKey(k store.CardKey) string { return fmt.Sprintf("%d-%d", k.Question, k.Part) }

func parseCard(text string) (store.CardKey, error) {
	question, part, ok := strings.Cut(text, "-")
	id, err := strconv.ParseInt(question, 10, 64)
	n, errPart := strconv.Atoi(part)
	if !ok || err != nil || errPart != nil {
		return store.CardKey{}, store.ErrNotFound
	}
	return store.CardKey{Question: id, Part: n}, nil
}

func keyOf(t practice.Turn) store.CardKey { return store.CardKey{Question: t.Entry.ID, Part: t.Part} }
