package progress

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rehearse/srs"
)

func newProjector(t *testing.T) *Projector {
	t.Helper()
	return NewProjector()
}

// usual is how cards go on at the usual retention in a calendar.
func usual(t *testing.T, p *Projector, cal srs.Calendar) Course {
	t.Helper()
	s, err := p.scheduler(0)
	if err != nil {
		t.Fatal(err)
	}
	return Course{cal, s}
}

// noon is 2026-03-10 12:00 UTC, in ms.
var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC).UnixMilli()

const hour = 60 * 60 * 1000

func stable(days float64) Card { return Card{Card: srs.Card{State: srs.Review, Stability: days}} }

func TestMastered(t *testing.T) {
	changed := stable(50)
	changed.Changed = true
	tests := []struct {
		name  string
		score int64
		cards []Card
		want  bool
	}{
		{"right and stable", AllRight, []Card{stable(MasteredStability)}, true},
		{"not stable enough", AllRight, []Card{stable(MasteredStability - 0.01)}, false},
		{"one blank not stable", AllRight, []Card{stable(30), stable(3)}, false},
		{"last response in part right", 500_000, []Card{stable(50)}, false},
		{"never judged", NotJudged, []Card{stable(50)}, false},
		{"no card", AllRight, nil, false},
		{"key changed since", AllRight, []Card{changed}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := State{LastScore: test.score, Cards: test.cards}
			if got := s.Mastered(); got != test.want {
				t.Errorf("Mastered() = %v, want %v", got, test.want)
			}
		})
	}
}

func TestCounts(t *testing.T) {
	tests := []struct {
		name  string
		state State
		want  TopicCounts
	}{
		{"never met", State{Live: true, LastScore: NotJudged}, TopicCounts{}},
		{"only seen", State{Live: true, Seq: 3, LastScore: NotJudged}, TopicCounts{Seen: 1}},
		{"wrong", State{Live: true, Seq: 3, Answers: 2}, TopicCounts{Seen: 1, Answered: 1}},
		{"right", State{Live: true, Seq: 3, Answers: 1, LastScore: AllRight}, TopicCounts{Seen: 1, Answered: 1, Correct: 1}},
		{
			"mastered",
			State{Live: true, Seq: 3, Answers: 1, LastScore: AllRight, Cards: []Card{stable(30)}},
			TopicCounts{Seen: 1, Answered: 1, Correct: 1, Mastered: 1},
		},
		{"retired", State{Seq: 3, Answers: 1, LastScore: AllRight, Cards: []Card{stable(30)}}, TopicCounts{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := test.state.Counts(); got != test.want {
				t.Errorf("Counts() = %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestMinus(t *testing.T) {
	if got, want := (TopicCounts{4, 3, 2, 1}).Minus(TopicCounts{1, 1, 1, 1}), (TopicCounts{3, 2, 1, 0}); got != want {
		t.Errorf("TopicCounts.Minus = %+v, want %+v", got, want)
	}
	if got, want := (Activity{20000, 5, 4, 3, 2, 1, 9, 8, 7, 6, Confident{{2, 1}, {}, {4, 3}}}).Minus(), (Activity{20000, -5, -4, -3, -2, -1, -9, -8, -7, -6, Confident{{-2, -1}, {}, {-4, -3}}}); got != want {
		t.Errorf("Activity.Minus = %+v, want %+v", got, want)
	}
}

func TestStreak(t *testing.T) {
	tests := []struct {
		name string
		days []int
		want int
	}{
		{"nothing yet", nil, 0},
		{"today", []int{100}, 1},
		{"yesterday, today still open", []int{99}, 1},
		{"the day before, yesterday forgiven", []int{98}, 1},
		{"too long ago", []int{97}, 0},
		{"three in a row", []int{100, 99, 98}, 3},
		{"one day missed", []int{100, 98, 97}, 3},
		{"every other day", []int{100, 98, 96}, 3},
		{"two days missed", []int{100, 97, 96}, 1},
		{"a day ahead, from another time zone", []int{101, 100, 99}, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Streak(test.days, 100); got != test.want {
				t.Errorf("Streak(%v, 100) = %d, want %d", test.days, got, test.want)
			}
		})
	}
}

func TestWithCardKeepsTheReceiver(t *testing.T) {
	s := State{Cards: []Card{{Part: 1}, {Part: 3}}}
	next := s.withCard(Card{Part: 2, Changed: true}).withCard(Card{Part: 1, Changed: true})
	if diff := cmp.Diff([]Card{{Part: 1}, {Part: 3}}, s.Cards); diff != "" {
		t.Errorf("receiver (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Card{{Part: 1, Changed: true}, {Part: 2, Changed: true}, {Part: 3}}, next.Cards); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
	if _, ok := next.Card(4); ok {
		t.Error("Card(4) is there, want not")
	}
}

func TestCalendarRefuses(t *testing.T) {
	p := newProjector(t)
	for _, set := range []Settings{
		{Zone: "Mars/Olympus", Rollover: 4}, {Zone: "Local", Rollover: 4}, {Zone: "UTC", Rollover: 24}, {Zone: "UTC", Rollover: -1}, {Zone: "../etc/passwd", Rollover: 4},
	} {
		if cal, err := p.Calendar(set); err == nil {
			t.Errorf("Calendar(%+v) = %+v, want an error", set, cal)
		}
	}
	for range 2 { // read, then remembered
		cal, err := p.Calendar(Settings{Zone: "Asia/Tokyo", Rollover: 5})
		if err != nil || cal.Zone.String() != "Asia/Tokyo" || cal.Rollover != 5 {
			t.Errorf("Calendar(Asia/Tokyo, 5) = %+v, %v", cal, err)
		}
	}
}

// Another retention counts from the next grade on, in a fold as in live updates.
func TestRetention(t *testing.T) {
	p := newProjector(t)
	log := []Evidence{
		{Seq: 1, At: noon, Kind: Set, Score: NotJudged, Data: `{"zone":"UTC","rollover":4}`},
		{Seq: 2, At: noon + 1, Kind: Graded, Question: 7, Score: NotJudged, Ratings: []PartRating{{0, srs.Easy, 0}}},
	}
	later := Evidence{Seq: 4, At: noon + 200*hour, Kind: Graded, Question: 7, Score: NotJudged, Ratings: []PartRating{{0, srs.Good, 0}}}
	intervals := map[string]int{}
	for _, data := range []string{
		`{"zone":"UTC","rollover":4}`, `{"zone":"UTC","rollover":4,"retention":90}`, `{"zone":"UTC","rollover":4,"retention":80}`,
		`{"zone":"UTC","rollover":4,"retention":97}`,
	} {
		set := Evidence{Seq: 3, At: noon + 100*hour, Kind: Set, Score: NotJudged, Data: data}
		before, err := p.Fold(log, []QuestionEvent{added(noon - 1)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		after, err := p.Fold([]Evidence{log[0], log[1], set}, []QuestionEvent{added(noon - 1)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("%s moves a card before its next grade:\n%s", data, diff)
		}
		folded, err := p.Fold([]Evidence{log[0], log[1], set, later}, []QuestionEvent{added(noon - 1)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		course, err := p.setCourse(set)
		if err != nil {
			t.Fatal(err)
		}
		live, _, err := p.Evidence(after[7], later, course)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(folded[7], live); diff != "" {
			t.Errorf("%s (-fold +live):\n%s", data, diff)
		}
		intervals[data] = live.Cards[0].Interval
	}
	const usual, same, loose, strict = `{"zone":"UTC","rollover":4}`, `{"zone":"UTC","rollover":4,"retention":90}`,
		`{"zone":"UTC","rollover":4,"retention":80}`, `{"zone":"UTC","rollover":4,"retention":97}`
	if i := intervals; i[same] != i[usual] || i[loose] <= 2*i[usual] || 2*i[strict] >= i[usual] {
		t.Errorf("intervals %v: want 90 %% as usual, 80 %% more than twice that, 97 %% less than half", i)
	}
	for _, retention := range []int{-1, 1, 79, 98, 100} {
		if _, err := p.Course(Settings{Zone: "UTC", Retention: retention}); err == nil {
			t.Errorf("a retention of %d %%: no error", retention)
		}
	}
}

func TestEvents(t *testing.T) {
	p := newProjector(t)
	due := Card{Card: srs.Card{State: srs.Review, DueAt: noon + 9*hour, Reviews: 2}}
	overdue := Card{Part: 1, Card: srs.Card{State: srs.Review, DueAt: noon - 9*hour, Reviews: 2}}
	s := State{Question: 7, Topic: 1, Live: true, EventSeq: 1, Seq: 4, Cards: []Card{due, overdue}}
	changedDue, changedOverdue := due, overdue
	changedDue.Changed, changedDue.DueAt = true, noon
	changedOverdue.Changed = true
	with := func(change func(*State)) State {
		out := s
		out.EventSeq = 2
		change(&out)
		return out
	}
	tests := []struct {
		name string
		kind QuestionEventKind
		want State
	}{
		{"moved", Moved, with(func(s *State) { s.Topic = 2 })},
		{"retired", Retired, with(func(s *State) { s.Topic, s.Live = 2, false })},
		{"returned", Returned, with(func(s *State) { s.Topic = 2 })},
		{"key changed", KeyChanged, with(func(s *State) { s.Topic, s.Cards = 2, []Card{changedDue, changedOverdue} })},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := p.Event(s, QuestionEvent{Question: 7, Seq: 2, At: noon, Kind: test.kind, Topic: 2})
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("Event (-want +got):\n%s", diff)
			}
			if s.Cards[0] != due {
				t.Error("the state before was changed")
			}
		})
	}
}

func TestEvidenceEffects(t *testing.T) {
	p := newProjector(t)
	cal := srs.Calendar{Rollover: 4}
	day := cal.Day(timeOf(noon))
	met := State{Question: 7, Live: true, Seq: 2, Answers: 3, LastScore: AllRight, Cards: []Card{{Card: srs.Card{State: srs.Learning, LastAt: noon, DueAt: noon, Stability: 2, Difficulty: 5, Reviews: 1, Step: 1}}}}
	good := []PartRating{{0, srs.Good, 0}}
	tests := []struct {
		name  string
		state State
		entry Evidence
		want  Activity
	}{
		{
			"first response, right", NewState(7),
			Evidence{Kind: Responded, Score: AllRight, Ratings: good, Duration: 900, Attempt: 1},
			Activity{Day: day, Answers: 1, Correct: 1, Duration: 900},
		},
		{
			"later response, in part right", met,
			Evidence{Kind: Responded, Score: 250_000, Ratings: good, Duration: 900, Attempt: 1},
			Activity{Day: day, Answers: 1, Duration: 900},
		},
		{
			"open response", NewState(7),
			Evidence{Kind: Responded, Score: NotJudged, Duration: 900, Attempt: 1},
			Activity{Day: day, Answers: 1, Duration: 900},
		},
		{
			"mark of an open response", NewState(7),
			Evidence{Kind: Graded, Score: NotJudged, Ratings: good, Attempt: 1},
			Activity{Day: day},
		},
		{
			"new card", NewState(7),
			Evidence{Kind: Graded, Score: NotJudged, Ratings: good, Duration: 900},
			Activity{Day: day, Reviews: 1, New: 1, Duration: 900},
		},
		{
			"card met before", met,
			Evidence{Kind: Graded, Score: NotJudged, Ratings: good, Duration: 900},
			Activity{Day: day, Reviews: 1, Duration: 900},
		},
		{
			"undone", met,
			Evidence{Kind: Undone, Score: NotJudged, Ref: 2, Duration: 900},
			Activity{Day: day},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.entry.Question, test.entry.Seq, test.entry.At = 7, 5, noon
			state, got, err := p.Evidence(test.state, test.entry, usual(t, p, cal))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("day (-want +got):\n%s", diff)
			}
			if state.Seq != 5 {
				t.Errorf("Seq = %d, want 5", state.Seq)
			}
		})
	}
}

func TestEvidenceRefusesARatingThatIsNone(t *testing.T) {
	entry := Evidence{Kind: Graded, At: noon, Score: NotJudged, Ratings: []PartRating{{0, 0, 0}}}
	p := newProjector(t)
	if _, _, err := p.Evidence(NewState(7), entry, usual(t, p, srs.Calendar{})); err == nil {
		t.Error("Evidence with rating 0: no error")
	}
}

func TestAReviewClearsTheMarkOfAChangedKey(t *testing.T) {
	p := newProjector(t)
	s := State{Cards: []Card{{Part: 1, Changed: true}, {Part: 2, Changed: true}}}
	s, _, err := p.Evidence(s, Evidence{Kind: Graded, Seq: 1, At: noon, Score: NotJudged, Ratings: []PartRating{{1, srs.Good, 0}}}, usual(t, p, srs.Calendar{}))
	if err != nil {
		t.Fatal(err)
	}
	if s.Cards[0].Changed || !s.Cards[1].Changed {
		t.Errorf("Changed = %v, %v, want false, true", s.Cards[0].Changed, s.Cards[1].Changed)
	}
}

func TestRecalendar(t *testing.T) {
	p := newProjector(t)
	tokyo, err := p.Calendar(Settings{Zone: "Asia/Tokyo", Rollover: 4})
	if err != nil {
		t.Fatal(err)
	}
	utc := srs.Calendar{Zone: time.UTC, Rollover: 4}
	due := utc.Start(20600).UnixMilli()
	s := State{Cards: []Card{
		{Part: 1, Card: srs.Card{State: srs.Review, DueAt: due}},
		{Part: 2, Card: srs.Card{State: srs.Learning, DueAt: due}},
	}}
	got := p.Recalendar(s, utc, tokyo)
	if want := tokyo.Start(20600).UnixMilli(); got.Cards[0].DueAt != want {
		t.Errorf("card in review is due at %d, want %d", got.Cards[0].DueAt, want)
	}
	if got.Cards[1].DueAt != due {
		t.Errorf("card in its steps is due at %d, want %d", got.Cards[1].DueAt, due)
	}
	if diff := cmp.Diff(s, p.Recalendar(got, tokyo, utc)); diff != "" {
		t.Errorf("there and back (-want +got):\n%s", diff)
	}
}

// What a day says of memory: the first review of a card that waited for days, by how long it waited.
func TestRecalled(t *testing.T) {
	const day = 24 * 60 * 60 * 1000
	at := int64(20000) * day
	card := func(state srs.State, interval int, daysAgo int64) Card {
		return Card{Card: srs.Card{State: state, Interval: interval, LastAt: at - daysAgo*day}}
	}
	tests := []struct {
		name   string
		card   Card
		rating srs.Rating
		want   Activity
	}{
		{"new", Card{}, srs.Good, Activity{}},
		{"in its steps", card(srs.Relearning, 0, 1), srs.Good, Activity{}},
		{"young", card(srs.Review, 20, 20), srs.Hard, Activity{Young: 1, YoungRight: 1}},
		{"young, forgotten", card(srs.Review, 1, 1), srs.Again, Activity{Young: 1}},
		{"mature", card(srs.Review, 21, 30), srs.Good, Activity{Mature: 1, MatureRight: 1}},
		{"mature, forgotten", card(srs.Review, 21, 30), srs.Again, Activity{Mature: 1}},
		{"once more on the same day", card(srs.Review, 21, 0), srs.Good, Activity{}},
	}
	for _, test := range tests {
		if got := recalled(test.card, test.rating, at, srs.Calendar{}); got != test.want {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
}
