package progress

import (
	"fmt"
	"regexp"
	"slices"
	"sync"
	"time"

	"rehearse/srs"
)

// MasteredStability is the stability, in days, from which a right answer counts as mastered: recall is expected to stay
// above 90 % for three weeks.
const MasteredStability = 21

// State is what the log says of one candidate and one question.
type State struct {
	Question  int64
	Topic     int64 // where it is counted
	Live      bool
	EventSeq  int64 // the last question event taken in
	Seq       int64 // the last evidence taken in; 0: never met
	Answers   int   // responses judged by the program
	LastScore int64 // of the last of them; NotJudged: none
	Surprise  bool  // the last of them was sure, and not right
	LastAt    int64 // ms UTC of the last evidence
	Cards     []Card
}

// Card is a candidate's memory of one part of a question.
type Card struct {
	Part int
	srs.Card
	Changed   bool // the key changed since the last review
	Suspended bool // not shown until the candidate wants it back
}

// NewState returns the state of a question that the candidate has not met.
func NewState(question int64) State { return State{Question: question, LastScore: NotJudged} }

// Card returns the card of a part; false when there is none yet.
func (s State) Card(part int) (Card, bool) {
	for _, c := range s.Cards {
		if c.Part == part {
			return c, true
		}
	}
	return Card{Part: part}, false
}

// withCard returns the state with the card put in its place. The receiver's cards are not changed.
func (s State) withCard(c Card) State {
	s.Cards = slices.Clone(s.Cards)
	i, found := slices.BinarySearchFunc(s.Cards, c.Part, func(have Card, part int) int { return have.Part - part })
	if found {
		s.Cards[i] = c
	} else {
		s.Cards = slices.Insert(s.Cards, i, c)
	}
	return s
}

// suspend puts a card aside or brings it back. One that was never reviewed is not there once it is back.
func (s State) suspend(part int, aside bool) State {
	c, ok := s.Card(part)
	c.Suspended = aside
	if ok && !aside && c.State == srs.New {
		s.Cards = slices.DeleteFunc(slices.Clone(s.Cards), func(c Card) bool { return c.Part == part })
		if len(s.Cards) == 0 {
			s.Cards = nil
		}
		return s
	}
	if !ok && !aside {
		return s
	}
	return s.withCard(c)
}

// Mastered reports whether the last judged response was right and every card of the question is stable for
// MasteredStability days. Open questions are never mastered: nobody but the candidate judged them.
func (s State) Mastered() bool {
	if s.LastScore != AllRight || len(s.Cards) == 0 {
		return false
	}
	for _, c := range s.Cards {
		if c.Stability < MasteredStability || c.Changed {
			return false
		}
	}
	return true
}

// TopicCounts are numbers of questions of a topic.
type TopicCounts struct {
	Seen     int // met
	Answered int // judged at least once
	Correct  int // last judged response right
	Mastered int
}

// Plus returns the sum c + d.
func (c TopicCounts) Plus(d TopicCounts) TopicCounts {
	return TopicCounts{c.Seen + d.Seen, c.Answered + d.Answered, c.Correct + d.Correct, c.Mastered + d.Mastered}
}

// Minus returns the difference c - d.
func (c TopicCounts) Minus(d TopicCounts) TopicCounts {
	return TopicCounts{c.Seen - d.Seen, c.Answered - d.Answered, c.Correct - d.Correct, c.Mastered - d.Mastered}
}

// Counts returns what the question adds to the counts of its topic. A retired question adds nothing.
func (s State) Counts() TopicCounts {
	if !s.Live || s.Seq == 0 {
		return TopicCounts{}
	}
	return TopicCounts{
		Seen:     1,
		Answered: one(s.Answers > 0),
		Correct:  one(s.LastScore == AllRight),
		Mastered: one(s.Mastered()),
	}
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Activity is what one study day holds.
type Activity struct {
	Day      int // study day
	Answers  int // responses to questions
	Correct  int
	Reviews  int   // grades of cards
	New      int   // cards met first as cards
	Duration int64 // ms

	// Grades of cards that waited for a study day, the first of their day; by the interval waited against
	// srs.MatureInterval. Right is what was not rated Again.
	Young, YoungRight   int
	Mature, MatureRight int

	Said Confident // answers given with a confidence
}

// Plus returns the sum of two activities of one day.
func (a Activity) Plus(b Activity) Activity {
	return Activity{
		Day: a.Day, Answers: a.Answers + b.Answers, Correct: a.Correct + b.Correct, Reviews: a.Reviews + b.Reviews,
		New: a.New + b.New, Duration: a.Duration + b.Duration, Young: a.Young + b.Young, YoungRight: a.YoungRight + b.YoungRight,
		Mature: a.Mature + b.Mature, MatureRight: a.MatureRight + b.MatureRight, Said: a.Said.Plus(b.Said),
	}
}

// Empty reports whether a day with this activity is not kept.
func (a Activity) Empty() bool { return a.Answers == 0 && a.Reviews == 0 && a.Duration == 0 }

// Minus returns the activity that takes a back.
func (a Activity) Minus() Activity {
	return Activity{
		Day: a.Day, Answers: -a.Answers, Correct: -a.Correct, Reviews: -a.Reviews, New: -a.New, Duration: -a.Duration,
		Young: -a.Young, YoungRight: -a.YoungRight, Mature: -a.Mature, MatureRight: -a.MatureRight, Said: a.Said.Minus(),
	}
}

// recalled returns what a grade of a card at a time says of the candidate's memory: nothing when the card was in its
// steps, or reviewed before on the same day.
func recalled(c Card, r srs.Rating, at int64, cal srs.Calendar) Activity {
	if c.State != srs.Review || cal.Day(timeOf(c.LastAt)) >= cal.Day(timeOf(at)) {
		return Activity{}
	}
	right := one(r != srs.Again)
	if c.Interval < srs.MatureInterval {
		return Activity{Young: 1, YoungRight: right}
	}
	return Activity{Mature: 1, MatureRight: right}
}

// Projector folds entries into states.
type Projector struct {
	zones      sync.Map // IANA name → *time.Location: loading one reads and parses its table
	schedulers sync.Map // retention in percent → *srs.Scheduler
}

// Course is how the cards of a candidate with certain settings go on.
type Course struct {
	srs.Calendar
	*srs.Scheduler
}

// zoneName is the form of an IANA name. What else the time package would load is another spelling of the same zone, of
// which there are endlessly many ("Europe/./Berlin"), or belongs to this machine alone ("Local", "localtime"): a rebuild
// elsewhere would come to other days.
var zoneName = regexp.MustCompile(`^[A-Z][A-Za-z0-9_+-]{1,30}(/[A-Za-z0-9_+-]{1,30}){0,2}$`)

// NewProjector returns a projector.
func NewProjector() *Projector { return &Projector{} }

// Course returns how the cards of a candidate with these settings go on.
func (p *Projector) Course(set Settings) (Course, error) {
	cal, err := p.Calendar(set)
	if err != nil {
		return Course{}, err
	}
	scheduler, err := p.scheduler(set.Retention)
	return Course{cal, scheduler}, err
}

func (p *Projector) scheduler(retention int) (*srs.Scheduler, error) {
	if s, ok := p.schedulers.Load(retention); ok {
		return s.(*srs.Scheduler), nil
	}
	wanted := srs.DefaultRetention
	if retention != 0 {
		wanted = float64(retention) / 100
	}
	if retention != 0 && (retention < MinRetention || retention > MaxRetention) {
		return nil, fmt.Errorf("retention of %d %% is not between %d and %d", retention, MinRetention, MaxRetention)
	}
	s, err := srs.NewScheduler(wanted, srs.MaxInterval)
	if err == nil {
		p.schedulers.Store(retention, s)
	}
	return s, err
}

// Calendar returns the calendar of a candidate with these settings.
func (p *Projector) Calendar(set Settings) (srs.Calendar, error) {
	if set.Rollover < 0 || set.Rollover > 23 {
		return srs.Calendar{}, fmt.Errorf("rollover hour %d is not between 0 and 23", set.Rollover)
	}
	if zone, ok := p.zones.Load(set.Zone); ok {
		return srs.Calendar{Zone: zone.(*time.Location), Rollover: set.Rollover, Interview: set.Interview}, nil
	}
	if set.Zone == "Local" || !zoneName.MatchString(set.Zone) {
		return srs.Calendar{}, fmt.Errorf("time zone %q is not the name of a place", set.Zone)
	}
	zone, err := time.LoadLocation(set.Zone)
	if err != nil {
		return srs.Calendar{}, fmt.Errorf("time zone %q: %w", set.Zone, err)
	}
	p.zones.Store(set.Zone, zone)
	return srs.Calendar{Zone: zone, Rollover: set.Rollover, Interview: set.Interview}, nil
}

// Event returns the state after a content load's event. A changed key makes the cards due at once.
func (p *Projector) Event(s State, ev QuestionEvent) State {
	s.Topic, s.EventSeq = ev.Topic, ev.Seq
	switch ev.Kind {
	case Added, Returned:
		s.Live = true
	case Retired:
		s.Live = false
	case KeyChanged:
		s.Cards = slices.Clone(s.Cards)
		for i := range s.Cards {
			s.Cards[i].Changed = true
			s.Cards[i].DueAt = min(s.Cards[i].DueAt, ev.At)
		}
	case Reset:
		s.Cards = nil
	case Became:
		s.Live = false
	case Moved, Renamed, KeyCorrected, KeyReverted, Absorbed: // what they do is done to the log, or by absorb
	}
	return s
}

// absorb returns the state after the question took in another one. Of two cards of one part the more stable one stays.
func (s State) absorb(o State) State {
	if o.Seq == 0 {
		return s
	}
	if o.LastScore != NotJudged && (s.LastScore == NotJudged || o.LastAt > s.LastAt) {
		s.LastScore, s.Surprise = o.LastScore, o.Surprise
	}
	s.Answers += o.Answers
	s.Seq, s.LastAt = max(s.Seq, o.Seq), max(s.LastAt, o.LastAt)
	for _, c := range o.Cards {
		if have, ok := s.Card(c.Part); !ok || c.Stability > have.Stability {
			s = s.withCard(c)
		}
	}
	return s
}

// Evidence returns the state after an entry that concerns its question, and what the entry adds to its day. Course is the candidate's
// at the time of the entry.
func (p *Projector) Evidence(s State, e Evidence, course Course) (State, Activity, error) {
	cal := course.Calendar
	day := Activity{Day: cal.Day(timeOf(e.At)), Duration: e.Duration}
	if e.Kind == Undone || e.Kind == Corrected { // Effective did the rest; the card counts as touched
		s.Seq = e.Seq
		day.Duration = 0
		return s, day, nil
	}
	if e.Kind == Suspended || e.Kind == Resumed {
		s = s.suspend(e.Position, e.Kind == Suspended)
		s.Seq, s.LastAt = e.Seq, e.At
		return s, day, nil
	}
	switch {
	case e.Kind == Responded:
		day.Answers = 1
		day.Correct = one(e.Score == AllRight)
		day.Said = confident(e)
	case e.Kind == Graded && e.Attempt == 0:
		day.Reviews = 1
	}
	if e.Score != NotJudged {
		s.Answers++
		s.LastScore, s.Surprise = e.Score, Surprising(e.Score, e.Confidence)
	}
	for _, r := range e.Ratings {
		card, met := s.Card(r.Part)
		if !met && day.Reviews > 0 {
			day.New = 1
		}
		if day.Reviews > 0 {
			day = day.Plus(recalled(card, r.Rating, e.At, cal))
		}
		next, err := course.Next(card.Card, r.Rating, timeOf(e.At), cal)
		if err != nil {
			return s, Activity{}, fmt.Errorf("schedule question %d part %d: %w", e.Question, r.Part, err)
		}
		s = s.withCard(Card{Part: r.Part, Card: next.Moved(r.Days, cal), Suspended: card.Suspended})
	}
	s.Seq, s.LastAt = e.Seq, e.At
	return s, day, nil
}

// Recalendar returns the state after the candidate's calendar changed: a card that waits for a study day waits for the
// same date in the new calendar.
func (p *Projector) Recalendar(s State, from, to srs.Calendar) State {
	s.Cards = slices.Clone(s.Cards)
	for i, c := range s.Cards {
		if c.State == srs.Review {
			s.Cards[i].DueAt = to.Start(from.Day(timeOf(c.DueAt))).UnixMilli()
		}
	}
	return s
}

func timeOf(ms int64) time.Time { return time.UnixMilli(ms) }
