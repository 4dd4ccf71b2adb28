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
		today, err := s.Practice.Today(tx, u, 0)
		if err != nil {
			return nil, err
		}
		due, err := tx.DueByTopic(u.ID, tx.Now())
		if err != nil {
			return nil, err
		}
		day := cal.Day(tx.Time())
		days, err := tx.Days(u.ID, day-30)
		if err != nil {
			return nil, err
		}
		v := views.CardsView{
			Learning: today.Left.Learning, Review: today.Left.Review, New: today.Left.New,
			Minutes:  minutesFor(today.Left.Total(), days),
			Next:     nextText(p.L, today, tx.Time(), cal),
			Forecast: forecast(p.L, today.Forecast, day),
		}
		for _, t := range s.Practice.Catalog().Topics {
			if due[t.ID] > 0 {
				v.Topics = append(v.Topics, views.TopicDue{ID: t.Slug, Title: t.Title, Due: due[t.ID]})
			}
		}
		if len(s.Practice.Catalog().Questions) == 0 {
			v.Empty = noContent(p.L)
		}
		return views.CardsHome(p, v), nil
	})
}

// selectionScope names the questions that values look for as what a card session is limited to.
func selectionScope(values url.Values) string { return "?" + values.Encode() }

// cardScope returns what a card session is limited to: a topic, or the questions of a search behind a "?"; "" for nothing.
func (s *site) cardScope(scope string) (string, error) {
	if query, ok := strings.CutPrefix(scope, "?"); ok {
		values, err := url.ParseQuery(query)
		if err != nil {
			return "", store.ErrNotFound
		}
		return selectionScope(searchValues(readSearch(values))), nil
	}
	if scope == "" {
		return "", nil
	}
	t, err := s.Practice.Catalog().Topic(scope)
	return t.Slug, err
}

// todayOf returns a candidate's queue of what cardScope returned.
func (s *site) todayOf(tx *store.Tx, u store.User, scope string) (practice.Today, error) {
	if query, ok := strings.CutPrefix(scope, "?"); ok {
		values, _ := url.ParseQuery(query) // cardScope has written it
		found, err := s.Practice.Select(tx, u, readSearch(values))
		if err != nil {
			return practice.Today{}, err
		}
		return s.Practice.TodayOf(tx, u, practice.Deck{Only: found.Keys()})
	}
	var deck practice.Deck
	if t, err := s.Practice.Catalog().Topic(scope); err == nil {
		deck.Topic = t.ID
	}
	return s.Practice.TodayOf(tx, u, deck)
}

// nextCard shows the front of the next card, or of the one that the address names, or says that the day is done.
func (s *site) nextCard(c Ctx) error {
	u := s.user(c)
	topic, err := s.cardScope(c.QueryParam("topic"))
	if err != nil {
		return err
	}
	return s.view(c, http.StatusOK, "cards", said("Cards"), func(tx *store.Tx, p views.Page) (templ.Component, error) {
		today, err := s.todayOf(tx, u, topic)
		if err != nil {
			return nil, err
		}
		key := store.CardKey{Question: today.Next.Key, Part: today.Next.Part}
		if wanted := c.QueryParam("card"); wanted != "" {
			if key, err = parseCard(wanted); err != nil {
				return nil, err
			}
		} else if !today.Ready {
			return s.cardsDone(c, tx, p, today, topic)
		}
		turn, err := s.Practice.Turn(tx, u, key)
		if err != nil {
			return nil, err
		}
		return views.CardFront(p, s.cardFace(p.L, turn, today, topic)), nil
	})
}

func (s *site) cardsDone(c Ctx, tx *store.Tx, p views.Page, today practice.Today, topic string) (templ.Component, error) {
	cal, err := s.calendar(c)
	if err != nil {
		return nil, err
	}
	return views.CardsDone(p, views.DoneView{
		Reviewed: today.Activity.Reviews,
		Next:     nextText(p.L, today, tx.Time(), cal),
		Forecast: forecast(p.L, today.Forecast, cal.Day(tx.Time())),
		Undo:     undoName(today),
		Topic:    topic,
	}), nil
}

// cardBack shows the back of a card with its grades.
func (s *site) cardBack(c Ctx) error {
	u := s.user(c)
	key, err := parseCard(c.Param("card"))
	if err != nil {
		return err
	}
	topic, err := s.cardScope(c.QueryParam("topic"))
	if err != nil {
		return err
	}
	return s.view(c, http.StatusOK, "cards", said("Cards"), func(tx *store.Tx, p views.Page) (templ.Component, error) {
		today, err := s.todayOf(tx, u, topic)
		if err != nil {
			return nil, err
		}
		turn, err := s.Practice.Turn(tx, u, key)
		if err != nil {
			return nil, err
		}
		v := s.cardAnswer(turn)
		v.CardFace = s.cardFace(p.L, turn, today, topic)
		v.Reviews = strconv.FormatInt(turn.Seq, 10)
		v.Shown = strconv.FormatInt(tx.Now(), 10)
		v.Ratings = ratingChoices(p.L, turn, u.TwoButtons)
		return views.CardBack(p, v), nil
	})
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
	topic, err := s.cardScope(form.Get("topic"))
	if err != nil {
		return err
	}
	err = s.act(c, func(a practice.Actor) (store.User, error) {
		return s.Practice.GradeCard(c.Request().Context(), a, g)
	})
	if err != nil {
		return err
	}
	return redirect(c, s.links.NextCardOf(topic))
}

func readGrade(card string, form url.Values) (practice.Grade, error) {
	key, err := parseCard(card)
	if err != nil {
		return practice.Grade{}, err
	}
	g := practice.Grade{Card: key}
	for _, r := range srs.Ratings() {
		if form.Get("rating") == r.String() {
			g.Rating = r
		}
	}
	g.Seq, err = strconv.ParseInt(form.Get("reviews"), 10, 64)
	if err != nil || !g.Rating.Valid() {
		return practice.Grade{}, errForm
	}
	if shown, err := strconv.ParseInt(form.Get("shown"), 10, 64); err == nil {
		g.Duration = time.Since(time.UnixMilli(shown))
	}
	return g, nil
}

// undoGrade takes the last grade back and shows its card again.
func (s *site) undoGrade(c Ctx) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	topic, err := s.cardScope(form.Get("topic"))
	if err != nil {
		return err
	}
	grade, err := strconv.ParseInt(form.Get("grade"), 10, 64)
	if err != nil {
		return errForm
	}
	key, err := s.Practice.UndoGrade(c.Request().Context(), s.actor(c), grade)
	if err != nil {
		return err
	}
	return redirect(c, s.links.CardFront(cardKey(key), topic))
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
