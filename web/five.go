package web

import (
	"net/url"
	"strconv"
	"time"

	"rehearse/locale"
	"rehearse/practice"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/store"
)

// fiveMinutes is how long the session of one click takes, about.
const fiveMinutes = 5 * time.Minute

// five is that session: cards that are due first, then questions.
type five struct{ cards, questions int }

// planFive plans the session from what is due and the candidate's own pace.
func (s *site) planFive(today practice.Today, pace progress.Pace) five {
	cards, questions := pace.Fill(fiveMinutes, today.Left.Total(), s.countFacets().quick)
	return five{cards, questions}
}

// text says what the session holds; "" for nothing.
func (f five) text(l *locale.Language) string {
	cards, questions := l.N(f.cards, "%d card", "%d cards"), l.N(f.questions, "%d question", "%d questions")
	switch {
	case f.cards > 0 && f.questions > 0:
		return l.F("%s, then %s, at your pace.", cards, questions)
	case f.cards > 0:
		return l.F("%s, at your pace.", cards)
	case f.questions > 0:
		return l.F("%s, at your pace.", questions)
	}
	return ""
}

// startFive starts the session: its questions wait as a quiz until its cards are done.
func (s *site) startFive(c Ctx) error {
	var plan five
	var reviewed int
	err := s.Store.View(c.Request().Context(), func(tx *store.Tx) error {
		today, err := s.Practice.Today(tx, s.user(c), practice.Selection{})
		if err != nil {
			return err
		}
		pace, err := s.Practice.Pace(tx, s.user(c))
		plan, reviewed = s.planFive(today, pace), today.Activity.Reviews
		return err
	})
	if err != nil {
		return err
	}
	slug, err := s.questionsOfFive(c, plan.questions)
	switch {
	case err != nil:
		return err
	case plan.cards > 0:
		return redirect(c, s.links.NextCardOf(fiveSet(slug, reviewed+plan.cards)))
	case slug == "":
		return redirect(c, s.links.NewQuiz())
	}
	return redirect(c, s.links.QuizItem(slug, 1))
}

// questionsOfFive makes the quiz of the session; "" without questions.
func (s *site) questionsOfFive(c Ctx, questions int) (slug string, err error) {
	if questions == 0 {
		return "", nil
	}
	filter := quickFilter()
	filter.Count = questions
	n := practice.NewQuiz{Mode: quiz.Practice, Filter: filter, Title: said("Five minutes")}
	err = s.act(c, func(a practice.Actor) (user store.User, err error) {
		slug, user, err = s.Practice.StartQuiz(c.Request().Context(), a, n)
		return user, err
	})
	return slug, err
}

// fiveSet names the session of cards that ends when so many cards were reviewed today, and then goes on with a quiz.
func fiveSet(slug string, until int) string {
	return url.Values{"until": {strconv.Itoa(until)}, "then": {slug}}.Encode()
}

// untilOf returns how many cards of the day end a session of five minutes.
func untilOf(set string) (q url.Values, until int, ok bool) {
	q, _ = url.ParseQuery(set) // as it was written by fiveSet
	until, err := strconv.Atoi(q.Get("until"))
	return q, until, err == nil
}

// afterFive returns where a session of five minutes goes on; "" while its cards are not done, or in another session.
// Undoing a grade counts it back.
func (s *site) afterFive(set string, today practice.Today) string {
	q, until, ok := untilOf(set)
	if !ok || today.Ready && today.Activity.Reviews < until {
		return ""
	}
	if slug := q.Get("then"); slug != "" {
		return s.links.Quiz(slug)
	}
	return s.links.Home()
}

// cardsLeft returns how many cards are left in a session, the one that is shown included.
func cardsLeft(set string, today practice.Today) int {
	left := today.Left.Total()
	if _, until, ok := untilOf(set); ok {
		left = min(left, until-today.Activity.Reviews)
	}
	return max(1, left)
}
