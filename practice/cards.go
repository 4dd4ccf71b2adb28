package practice

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"time"

	"rehearse/bank"
	"rehearse/progress"
	"rehearse/srs"
	"rehearse/store"
)

// deckOf returns all cards of the catalog in the order in which new ones are introduced: easy before hard, and topics
// in turn, so that a new candidate meets every topic in the first days.
func deckOf(c *store.Catalog) []store.CardKey {
	type place struct {
		difficulty, nth, topic int
		key                    store.CardKey
	}
	var places []place
	for topic, t := range c.Topics {
		count := map[bank.Difficulty]int{}
		for n := range t.Questions {
			e := &t.Questions[n]
			if !e.Serves(bank.UseCard) {
				continue
			}
			for i, part := range e.Parts {
				places = append(places, place{
					difficulty: slices.Index(bank.Difficulties(), e.Difficulty),
					nth:        count[e.Difficulty] + i*len(t.Questions), // the back of one gap shows the next one: keep them apart
					topic:      topic,
					key:        store.CardKey{Question: e.ID, Part: part},
				})
			}
			count[e.Difficulty]++
		}
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.difficulty, b.difficulty), cmp.Compare(a.nth, b.nth), cmp.Compare(a.topic, b.topic))
	})
	deck := make([]store.CardKey, len(places))
	for i, p := range places {
		deck[i] = p.key
	}
	return deck
}

// Turn is a card that is shown.
type Turn struct {
	Entry    *store.Entry
	Part     int
	Card     progress.Card
	Seq      int64       // the last evidence about the question: a grade must name it
	Outcomes [4]srs.Card // after each of srs.Ratings, at Now
	Now      time.Time
}

// Today is what a candidate's cards look like now.
type Today struct {
	Next     srs.Due // the next card, when Ready
	Ready    bool
	Left     srs.Counts
	NextAt   int64 // when the next card is due if none is ready, ms UTC; 0: none
	Activity progress.Activity
	Forecast []int // cards due by study day, today first
	Waiting  int   // reviews that were due before today
	Undo     int64 // seq of the grade that can be taken back, 0: none
}

// Today returns a candidate's queue of a selection.
func (s *Service) Today(tx *store.Tx, u store.User, sel Selection) (Today, error) {
	cal, err := s.Calendar(u)
	if err != nil {
		return Today{}, err
	}
	now := tx.Time()
	today := Today{Activity: progress.Activity{Day: cal.Day(now)}}
	if today.Activity, err = s.activity(tx, u, today.Activity); err != nil {
		return Today{}, err
	}
	grade, err := lastGrade(tx, u.ID)
	if err != nil && !errors.Is(err, ErrNothingToUndo) {
		return Today{}, err
	}
	today.Undo = grade.Seq
	hand, err := s.hand(tx, u)
	if err != nil {
		return Today{}, err
	}
	queue, err := s.queue(tx, u, sel, today.Activity, hand, cal)
	if err != nil {
		return Today{}, err
	}
	queue.Last = grade.Question
	today.Next, today.Left, today.Ready = queue.Next(now, cal)
	if later := sort.Search(len(queue.Seen), func(i int) bool { return queue.Seen[i].DueAt > now.UnixMilli() }); later < len(queue.Seen) {
		today.NextAt = queue.Seen[later].DueAt
	}
	today.Forecast = srs.Forecast(queue.Seen, now, cal, forecastDays)
	today.Waiting = backlog(hand.before(cal.Start(cal.Day(now)).UnixMilli()))
	return today, nil
}

// Left returns how many cards of a selection are left today.
func (s *Service) Left(tx *store.Tx, u store.User, sel Selection) (srs.Counts, error) {
	cal, err := s.Calendar(u)
	if err != nil {
		return srs.Counts{}, err
	}
	activity, err := s.activity(tx, u, progress.Activity{Day: cal.Day(tx.Time())})
	if err != nil {
		return srs.Counts{}, err
	}
	hand, err := s.hand(tx, u)
	if err != nil {
		return srs.Counts{}, err
	}
	queue, err := s.queue(tx, u, sel, activity, hand, cal)
	_, left, _ := queue.Next(tx.Time(), cal)
	return left, err
}

// backlog counts the reviews among cards.
func backlog(cards []srs.Due) (n int) {
	for i := range cards {
		if cards[i].State == srs.Review {
			n++
		}
	}
	return n
}

func (s *Service) activity(tx *store.Tx, u store.User, none progress.Activity) (progress.Activity, error) {
	days, err := tx.Days(u.ID, none.Day)
	for _, day := range days { // there may be later ones, from before the calendar changed
		if day.Day == none.Day {
			return day, err
		}
	}
	return none, err
}

// queue returns the cards of a selection: all that the candidate has seen, by due time, and the new ones in the order of the deck.
func (s *Service) queue(tx *store.Tx, u store.User, sel Selection, today progress.Activity, hand *hand, cal srs.Calendar) (srs.Queue, error) {
	wanted, err := s.filter(tx, u, sel)
	if err != nil {
		return srs.Queue{}, err
	}
	queue := srs.Queue{NewToday: today.New, ReviewsToday: today.Young + today.Mature, Ahead: sel.ahead(), Seen: hand.cards}
	first, err := s.firstOf(tx, u, sel)
	if err != nil {
		return srs.Queue{}, err
	}
	if wanted != nil {
		queue.Seen = nil
		for _, d := range hand.cards {
			if wanted(d.Key) {
				d.First = first[d.Key]
				queue.Seen = append(queue.Seen, d)
			}
		}
	}
	switch {
	case sel.whole():
		queue.New = hand.fresh(wanted, math.MaxInt)
		s.arrange(queue.New, sel)
		queue.NewLimit = queue.NewToday + len(queue.New)
	case sel.limited():
		queue.NewLimit = newLimit(u, today.Day)
		queue.ReviewLimit = reviewLimit(u, today, hand, cal)
		queue.New = hand.fresh(wanted, queue.NewLimit)
	}
	return queue, nil
}

// arrange puts cards into the order of the sets that they were chosen by.
func (s *Service) arrange(cards []srs.Due, sel Selection) {
	place, c := sel.places(), s.Catalog()
	of := func(d srs.Due) int {
		if e, ok := c.Live(d.Key); ok {
			return place[e.Head.ID]
		}
		return 0 // gone meanwhile: it is passed over later
	}
	slices.SortStableFunc(cards, func(a, b srs.Due) int { return of(a) - of(b) })
}

// newLimit returns how many new cards a study day has.
func newLimit(u store.User, day int) int {
	switch u.Week.Of(day) {
	case srs.Fewer:
		return (u.NewPerDay + 1) / 2
	case srs.None:
		return 0
	default:
		return u.NewPerDay
	}
}

// reviewLimit returns how many reviews a study day has; 0: all. While a backlog is being spread, each day has its share
// of what is left of it.
func reviewLimit(u store.User, today progress.Activity, hand *hand, cal srs.Calendar) int {
	if u.CatchUp < today.Day {
		return u.ReviewsPerDay
	}
	due := backlog(hand.before(cal.Start(today.Day+1).UnixMilli())) + today.Young + today.Mature
	return srs.CatchUp(due, u.CatchUp-today.Day+1)
}

// dueCount is how many cards may be reviewed.
type dueCount struct {
	user        store.User
	content     *content
	from, until int64 // ms UTC: when that holds, if nothing is written
	n           int
}

// CountDue returns how many cards may be reviewed now under the limits of the day, new ones aside.
func (s *Service) CountDue(tx *store.Tx, u store.User) (int, error) {
	content, now := s.content.Load(), tx.Now()
	fits := func(c dueCount) bool { return c.user == u && c.content == content && c.from <= now && now < c.until }
	found, err := store.Remember(tx, u.ID, dueKey(u.ID), fits, func() (dueCount, error) {
		c := dueCount{user: u, content: content}
		err := s.countDue(tx, &c)
		return c, err
	})
	return found.n, err
}

type dueKey int64 // of what is remembered

func (s *Service) countDue(tx *store.Tx, c *dueCount) error {
	cal, err := s.Calendar(c.user)
	if err != nil {
		return err
	}
	day := cal.Day(tx.Time())
	c.from, c.until = cal.Start(day).UnixMilli(), cal.Start(day+1).UnixMilli()
	hand, err := s.hand(tx, c.user)
	if err != nil {
		return err
	}
	due := hand.before(c.until)
	for i := range due {
		d := &due[i]
		switch {
		case d.State == srs.Review: // counts the whole day
		case d.DueAt > tx.Now():
			c.until = min(c.until, d.DueAt)
		default:
			c.from = max(c.from, d.DueAt)
		}
	}
	if due = startable(due, tx.Now()); len(due) == 0 {
		return nil
	}
	today, err := s.activity(tx, c.user, progress.Activity{Day: day})
	if err != nil {
		return err
	}
	queue := srs.Queue{Seen: due, ReviewsToday: today.Young + today.Mature, ReviewLimit: reviewLimit(c.user, today, hand, cal)}
	_, left, _ := queue.Next(tx.Time(), cal)
	c.n = left.Total()
	return nil
}

// DueByTopic returns how many cards are due now, by topic key.
func (s *Service) DueByTopic(tx *store.Tx, u store.User) (map[int64]int, error) {
	cal, err := s.Calendar(u)
	if err != nil {
		return nil, err
	}
	hand, err := s.hand(tx, u)
	if err != nil {
		return nil, err
	}
	byTopic, places := map[int64]int{}, hand.content.deck().places
	for _, d := range hand.dueNow(tx.Time(), cal) {
		byTopic[places[d.Key].topic]++
	}
	return byTopic, nil
}

// dueNow returns the reviews of today and the cards whose minute step is over.
func (h *hand) dueNow(now time.Time, cal srs.Calendar) []srs.Due {
	return startable(h.before(cal.Start(cal.Day(now)+1).UnixMilli()), now.UnixMilli())
}

// startable returns the cards without those whose minute step is not over at a time (ms UTC).
func startable(due []srs.Due, now int64) []srs.Due {
	waits := func(d srs.Due) bool { return d.State != srs.Review && d.DueAt > now }
	if !slices.ContainsFunc(due, waits) {
		return due
	}
	return slices.DeleteFunc(slices.Clone(due), waits)
}

// Turn returns a card as it is shown to a candidate.
func (s *Service) Turn(tx *store.Tx, u store.User, key store.CardKey) (Turn, error) {
	entry, err := s.Catalog().ByID(key.Question)
	if err != nil {
		return Turn{}, err
	}
	if !entry.Serves(bank.UseCard) || !slices.Contains(entry.Parts(), key.Part) {
		return Turn{}, fmt.Errorf("card %d of question %s: %w", key.Part, entry.Question.ID, store.ErrNotFound)
	}
	course, err := s.course(u)
	if err != nil {
		return Turn{}, err
	}
	_, state, err := s.current(tx, u.ID, key.Question)
	if err != nil {
		return Turn{}, err
	}
	t := Turn{Entry: entry, Part: key.Part, Seq: state.Seq, Now: tx.Time()}
	t.Card, _ = state.Card(key.Part)
	t.Outcomes, err = s.outcomes(tx, u, t.Card.Card, course)
	return t, err
}

// outcomes returns what becomes of a card after each of srs.Ratings.
func (s *Service) outcomes(tx *store.Tx, u store.User, c srs.Card, course progress.Course) (next [4]srs.Card, err error) {
	cal := course.Calendar
	if next, err = course.Preview(c, tx.Time(), cal); err != nil {
		return next, err
	}
	load, err := s.load(tx, u, next[:], cal)
	for i := range next {
		next[i] = next[i].Moved(load.Balance(next[i], cal), cal)
	}
	return next, err
}

// load returns what stands on the days to which cards that have just been reviewed could go.
func (s *Service) load(tx *store.Tx, u store.User, cards []srs.Card, cal srs.Calendar) (srs.Load, error) {
	load := srs.Load{Week: u.Week, Due: map[int]int{}}
	for _, c := range cards {
		if c.State != srs.Review {
			continue
		}
		today := cal.Day(time.UnixMilli(c.LastAt))
		shortest, longest := srs.FuzzRange(c.Interval)
		if shortest == longest {
			continue
		}
		times, err := tx.DueTimes(u.ID, cal.Start(today+shortest).UnixMilli(), cal.Start(today+longest+1).UnixMilli())
		if err != nil {
			return load, err
		}
		found := map[int]int{}
		for at, n := range times {
			found[cal.Day(time.UnixMilli(at))] += n
		}
		for day, n := range found {
			load.Due[day] = n
		}
	}
	return load, nil
}

// balance chooses the days to which an entry moves cards when it is the last one to take effect, and puts them into it:
// the log alone must say what came of it, whatever stood on those days then.
func (s *Service) balance(tx *store.Tx, u store.User, current progress.State, e *progress.Evidence) error {
	course, err := s.course(u)
	if err != nil {
		return err
	}
	cal := course.Calendar
	e.Ratings = slices.Clone(e.Ratings)
	for i, r := range e.Ratings {
		card, _ := current.Card(r.Part)
		next, err := course.Next(card.Card, r.Rating, time.UnixMilli(e.At), cal)
		if err != nil {
			return err
		}
		load, err := s.load(tx, u, []srs.Card{next}, cal)
		if err != nil {
			return err
		}
		if days := load.Balance(next, cal); days != next.Interval {
			e.Ratings[i].Days = days
		}
	}
	return nil
}

// Grade is a candidate's judgement of a card.
type Grade struct {
	ID       string // random, made with the page: one ID counts once; "" for none
	Card     store.CardKey
	Seq      int64 // Turn.Seq of the page that was graded
	Rating   srs.Rating
	Duration time.Duration // from the front to the grade; at most maxReview counts
}

// maxReview is the longest time that one review is taken to have cost. What is longer was an interruption.
const maxReview = 5 * time.Minute

// countedTime returns what counts of the time that a review took, in ms.
func countedTime(d time.Duration) int64 { return min(max(0, d), maxReview).Milliseconds() }

func badRating(r srs.Rating) error {
	return fmt.Errorf("rating %d is not between %d and %d", int(r), int(srs.Again), int(srs.Easy))
}

// GradeCard records a grade. A grade of a page that is out of date (a double click, a second tab, an old form) changes
// nothing.
func (s *Service) GradeCard(ctx context.Context, a Actor, g Grade) (store.User, error) {
	if !g.Rating.Valid() {
		return a.User, badRating(g.Rating)
	}
	err := s.update(ctx, &a, func(tx *store.Tx) error {
		if err := a.refresh(tx); err != nil {
			return err
		}
		t, err := s.Turn(tx, a.User, g.Card)
		if err != nil {
			return err
		}
		if t.Seq != g.Seq {
			return nil
		}
		if err := s.admit(tx, &a); err != nil {
			return err
		}
		_, err = s.record(tx, a.User, progress.Evidence{
			Kind:     progress.Graded,
			Once:     g.once(),
			Question: g.Card.Question,
			Revision: t.Entry.RevisionID,
			Score:    progress.NotJudged,
			Ratings:  []progress.PartRating{{Part: g.Card.Part, Rating: g.Rating}},
			Duration: countedTime(g.Duration),
		})
		if errors.Is(err, store.ErrDuplicate) { // it has come as a late one
			return nil
		}
		return err
	})
	return a.User, err
}

func (g Grade) once() string {
	if g.ID != "" {
		return onceGrade(g.ID)
	}
	return fmt.Sprintf("c:%d.%d:%d", g.Card.Question, g.Card.Part, g.Seq)
}

// undoDepths are how far back a grade to undo is looked for: mostly it is among the first.
var undoDepths = []int{4, 100}

// lastGrade returns the latest grade of a card that was not taken back.
func lastGrade(tx *store.Tx, user int64) (progress.Evidence, error) {
	grade, err := store.Remember(tx, user, gradeKey(user), nil, func() (grade progress.Evidence, err error) {
		for _, depth := range undoDepths {
			recent, err := tx.RecentEvidence(user, depth)
			if err != nil {
				return grade, err
			}
			if grade, err = lastGradeOf(recent); !errors.Is(err, errDeeper) || len(recent) < depth {
				break
			}
		}
		return grade, nil
	})
	if err == nil && grade.Seq == 0 {
		err = ErrNothingToUndo
	}
	return grade, err
}

type gradeKey int64 // of what is remembered

// errDeeper means that the grade may stand before what was looked at.
var errDeeper = errors.New("look further back")

// lastGradeOf returns the latest grade among entries, the newest first; none when it is not clear which one that is.
func lastGradeOf(recent []progress.Evidence) (progress.Evidence, error) {
	undone := map[int64]bool{}
	for _, e := range recent {
		switch {
		case e.Kind == progress.Merged, e.Imported: // which one was the last is not clear
			return progress.Evidence{}, nil
		case e.Kind == progress.Undone:
			undone[e.Ref] = true
		case e.Kind == progress.Graded && e.Attempt == 0 && !undone[e.Seq]:
			return e, nil
		}
	}
	return progress.Evidence{}, errDeeper
}

// UndoGrade takes a grade back and returns the card that it had graded. Seq is Today.Undo of the page that offered it:
// when that grade is not the last one any more (a double click, an old page), nothing is done.
func (s *Service) UndoGrade(ctx context.Context, a Actor, seq int64) (store.CardKey, error) {
	var key store.CardKey
	err := s.write(ctx, func(tx *store.Tx) error {
		grade, err := tx.Evidence(a.User.ID, seq)
		if errors.Is(err, store.ErrNotFound) || err == nil && (grade.Kind != progress.Graded || grade.Attempt != 0) {
			return ErrNothingToUndo
		}
		if err != nil {
			return err
		}
		key = store.CardKey{Question: grade.Question, Part: grade.Ratings[0].Part}
		last, err := lastGrade(tx, a.User.ID)
		if errors.Is(err, ErrNothingToUndo) || err == nil && last.Seq != seq {
			return nil
		}
		if err != nil {
			return err
		}
		return s.undo(tx, a.User, grade)
	})
	return key, err
}

// undo computes the question's state anew without the grade.
func (s *Service) undo(tx *store.Tx, u store.User, grade progress.Evidence) error {
	return s.replay(tx, u.ID, grade.Question, one(func() (progress.Evidence, error) {
		return tx.AppendEvidence(u.ID, progress.Evidence{
			Kind:     progress.Undone,
			Once:     fmt.Sprintf("u:%d", grade.Seq),
			Question: grade.Question,
			Score:    progress.NotJudged,
			Ref:      grade.Seq,
		})
	}))
}
