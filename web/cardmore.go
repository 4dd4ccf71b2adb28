package web

import (
	"strconv"

	"rehearse/locale"
	"rehearse/practice"
	"rehearse/store"
	"rehearse/views"
)

const (
	backlogShown = 30 // reviews from earlier days from which on spreading them is offered
	markedShown  = 20
)

// cardExtras fills in what the start page of the cards offers beside what is due.
func (s *site) cardExtras(l *locale.Language, tx *store.Tx, u store.User, today practice.Today, v *views.CardsView) error {
	if days := s.Practice.DaysToCatchUp(u, tx.Time()); days > 0 && today.Waiting > 0 {
		v.Spreading = l.N(days, "The cards that wait from earlier days are spread over today.", "The cards that wait from earlier days are spread over %d days, today included.", days)
	} else if today.Waiting >= backlogShown {
		v.Waiting = l.N(today.Waiting, "%d card waits from earlier days. You can take your time with it.", "%d cards wait from earlier days. You can spread them over some days.")
		for _, days := range []int{3, 7, 14} {
			v.Spread = append(v.Spread, views.Option{Value: strconv.Itoa(days), Label: l.F("Over %d days", days)})
		}
	}
	marked, err := s.Practice.Marked(tx, u, markedShown)
	if err != nil {
		return err
	}
	for _, m := range marked {
		v.Marked = append(v.Marked, s.markedCard(l, m))
	}
	for _, e := range []views.ExtraSession{
		{Set: "of=" + string(practice.Ahead), Title: l.T("Study ahead"), Note: l.F("due in the next %d days", practice.AheadDays)},
		{Set: "of=" + string(practice.Mistakes), Title: l.T("Mistakes"), Note: l.T("cards of questions you answered wrong")},
		{Set: "of=" + string(practice.Bookmarked), Title: l.T("Bookmarked"), Note: l.T("new ones included")},
	} {
		left, err := s.reviewsIn(tx, u, e.Set)
		if err != nil {
			return err
		}
		if e.Set == "of="+string(practice.Ahead) {
			left -= today.Left.Review
		}
		if left > 0 {
			e.Note = l.N(left, "%d card", "%d cards") + ", " + e.Note
			v.Extra = append(v.Extra, e)
		}
	}
	return nil
}

// reviewsIn returns how many cards out of their minute steps a session holds; of bookmarks all count.
func (s *site) reviewsIn(tx *store.Tx, u store.User, set string) (int, error) {
	_, sel, err := s.cardSetNamed(set)
	if err != nil {
		return 0, err
	}
	left, err := s.Practice.Left(tx, u, sel)
	if sel.Pool == practice.Bookmarked {
		return left.Total(), err
	}
	return left.Review, err
}

func (s *site) markedCard(l *locale.Language, m practice.Marked) views.MarkedCard {
	c := views.MarkedCard{
		Key:       cardKey(m.CardKey),
		Reviews:   strconv.FormatInt(m.Seq, 10),
		Title:     s.html(m.Entry.Title),
		Question:  m.Entry.Head.ID,
		Suspended: m.Suspended,
	}
	switch often := l.N(m.Lapses, "forgotten %d time", "forgotten %d times"); {
	case m.Suspended && m.Lapses > 0:
		c.Note = l.T("put aside") + " · " + often
	case m.Suspended:
		c.Note = l.T("put aside")
	default:
		c.Note = often
	}
	return c
}

// leechText says what to do with a card that keeps being forgotten.
func leechText(l *locale.Language, t practice.Turn) string {
	if !t.Card.Leech() {
		return ""
	}
	return l.F("You have forgotten this card %d times. More repetition will hardly help: read the explanation slowly, put the answer into your own words, or put the card aside for now.", t.Card.Lapses)
}

// putCardAside takes a card out of the sessions or brings it back.
func (s *site) putCardAside(c Ctx) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	key, err := parseCard(c.Param("card"))
	if err != nil {
		return err
	}
	seq, err := strconv.ParseInt(form.Get("seq"), 10, 64)
	if answer := form.Get("aside"); err != nil || answer != "yes" && answer != "no" {
		return errForm
	}
	set, _, err := s.cardSetOf(form)
	if err != nil {
		return err
	}
	err = s.act(c, func(a practice.Actor) (store.User, error) {
		return s.Practice.PutAside(c.Request().Context(), a, key, seq, form.Get("aside") == "yes")
	})
	if err != nil {
		return err
	}
	if form.Get("from") == "cards" {
		return redirect(c, s.links.Cards())
	}
	return redirect(c, s.links.NextCardOf(set))
}

// spreadCards spreads what waits over some days.
func (s *site) spreadCards(c Ctx) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	days, err := strconv.Atoi(form.Get("days"))
	if err != nil || days < 0 {
		return errForm
	}
	err = s.act(c, func(a practice.Actor) (store.User, error) {
		return s.Practice.SpreadBacklog(c.Request().Context(), a, days)
	})
	if err != nil {
		return err
	}
	return redirect(c, s.links.Cards())
}
