package progress

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rehearse/srs"
)

// foldLog is what one candidate did with question 7; the settings come first, as they do in every log.
var foldLog = []Evidence{
	{Seq: 1, At: noon, Kind: Set, Score: NotJudged, Data: `{"zone":"UTC","rollover":4}`},
	{Seq: 2, At: noon + 1, Kind: Graded, Question: 7, Score: NotJudged, Ratings: []PartRating{{0, srs.Good, 0}}},
	{Seq: 3, At: noon + 30*hour, Kind: Responded, Question: 7, Attempt: 1, Score: AllRight, Ratings: []PartRating{{0, srs.Good, 0}}},
	{Seq: 4, At: noon + 31*hour, Kind: Set, Score: NotJudged, Data: `{"zone":"Asia/Tokyo","rollover":4}`},
	{Seq: 5, At: noon + 90*hour, Kind: Responded, Question: 7, Attempt: 2, Held: true, Ratings: []PartRating{{0, srs.Again, 0}}},
	{Seq: 6, At: noon + 91*hour, Kind: Finished, Attempt: 2, Score: NotJudged},
}

func added(at int64) QuestionEvent {
	return QuestionEvent{Question: 7, Seq: 1, At: at, Kind: Added, Topic: 1}
}

func TestFoldInParts(t *testing.T) {
	p := newProjector(t)
	events := []QuestionEvent{
		added(noon - 1),
		{Question: 7, Seq: 2, At: noon + 20*hour, Kind: KeyChanged, Topic: 1},
		{Question: 7, Seq: 3, At: noon + 91*hour, Kind: Retired, Topic: 1},
		{Question: 7, Seq: 4, At: noon + 99*hour, Kind: Returned, Topic: 2},
	}
	var days, wantDays []Activity
	states, err := p.Fold(foldLog, events, func(a Activity) { days = append(days, a) })
	if err != nil {
		t.Fatal(err)
	}
	got := states[7]
	// The same by hand, one step at a time, as live updates take it.
	utc, _ := p.Calendar(Settings{Zone: "UTC", Rollover: 4})
	tokyo, _ := p.Calendar(Settings{Zone: "Asia/Tokyo", Rollover: 4})
	want := NewState(7)
	take := func(e Evidence, cal srs.Calendar) {
		t.Helper()
		var day Activity
		if want, day, err = p.Evidence(want, e, usual(t, p, cal)); err != nil {
			t.Fatal(err)
		}
		wantDays = append(wantDays, day)
	}
	want = p.Event(want, events[0])
	take(foldLog[1], utc)
	want = p.Event(want, events[1])
	take(foldLog[2], utc)
	want = p.Recalendar(want, utc, tokyo)
	want = p.Event(want, events[2]) // of the same millisecond as the end of the exam: before it
	take(Release(foldLog[4:5], foldLog[5])[0], tokyo)
	want = p.Event(want, events[3])
	if diff := cmp.Diff(wantDays, days); diff != "" {
		t.Errorf("days (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Fold (-want +got):\n%s", diff)
	}
	if !got.Live || got.Topic != 2 || got.EventSeq != 4 || got.Answers != 2 || got.LastScore != 0 {
		t.Errorf("Fold = %+v", got)
	}
}

func TestFoldWithoutAnUndoneGrade(t *testing.T) {
	p := newProjector(t)
	events := []QuestionEvent{added(noon - 1)}
	log := append(foldLog[:3:3], Evidence{Seq: 4, At: noon + 32*hour, Kind: Undone, Question: 7, Score: NotJudged, Ref: 2})
	got, err := p.Fold(log, events, nil)
	if err != nil {
		t.Fatal(err)
	}
	without, err := p.Fold([]Evidence{foldLog[0], foldLog[2]}, events, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := without[7]
	want.Seq = 4
	if diff := cmp.Diff(want, got[7]); diff != "" {
		t.Errorf("Fold (-without the grade +with it undone):\n%s", diff)
	}
}

func TestFoldRefusesBrokenSettings(t *testing.T) {
	for _, data := range []string{"", "{", `{"zone":"Mars/Olympus","rollover":4}`} {
		log := []Evidence{{Seq: 1, At: noon, Kind: Set, Data: data}}
		if _, err := newProjector(t).Fold(log, nil, nil); err == nil {
			t.Errorf("Fold with settings %q: no error", data)
		}
	}
}

func TestFoldOfARunningExamIsUnmet(t *testing.T) {
	states, err := newProjector(t).Fold(foldLog[4:5], []QuestionEvent{added(noon)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := states[7]
	if got.Seq != 0 || got.Counts() != (TopicCounts{}) {
		t.Errorf("Fold = %+v, want a question not met", got)
	}
}

// Entries of somebody else's log may be older than the first setting of one's own.
func TestFoldBeforeTheFirstSetting(t *testing.T) {
	p := newProjector(t)
	set := Evidence{Seq: 1, At: noon + 50*hour, Kind: Set, Score: NotJudged, Data: `{"zone":"Asia/Tokyo","rollover":4}`}
	grade := Evidence{Seq: 2, At: noon, Kind: Graded, Question: 7, Score: NotJudged, Ratings: []PartRating{{0, srs.Easy, 0}}}
	tokyo, err := p.Calendar(Settings{Zone: "Asia/Tokyo", Rollover: 4})
	if err != nil {
		t.Fatal(err)
	}
	want, wantDay, err := p.Evidence(p.Event(NewState(7), added(noon-1)), grade, usual(t, p, tokyo))
	if err != nil {
		t.Fatal(err)
	}
	var day Activity
	got, err := p.Fold([]Evidence{set, grade}, []QuestionEvent{added(noon - 1)}, func(a Activity) { day = a })
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got[7]); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(wantDay, day); diff != "" {
		t.Errorf("day (-want +got):\n%s", diff)
	}
}

func TestFoldOfAQuestionThatTookInAnother(t *testing.T) {
	p := newProjector(t)
	rate := func(seq, at, question int64, rating srs.Rating) Evidence {
		return Evidence{Seq: seq, At: at, Kind: Responded, Question: question, Attempt: seq, Score: AllRight, Ratings: []PartRating{{0, rating, 0}}}
	}
	log := []Evidence{
		foldLog[0],
		rate(2, noon+1, 8, srs.Easy),
		rate(3, noon+2, 7, srs.Again),
		rate(4, noon+60*hour, 8, srs.Good), // of an attempt that was running when 7 took 8 in
	}
	log[2].Score = 0
	events := []QuestionEvent{
		added(noon - 1),
		{Question: 8, Seq: 1, At: noon - 1, Kind: Added, Topic: 2},
		{Question: 7, Seq: 2, At: noon + 50*hour, Kind: Absorbed, Topic: 1, Other: 8},
		{Question: 8, Seq: 2, At: noon + 50*hour, Kind: Became, Topic: 2, Other: 7},
	}
	got, err := p.Fold(log, events, nil)
	if err != nil {
		t.Fatal(err)
	}
	alone, err := p.Fold(append(log[:2:2], Evidence{Seq: 4, At: noon + 60*hour, Kind: Responded, Question: 8, Attempt: 4, Score: AllRight, Ratings: []PartRating{{0, srs.Good, 0}}}), events[1:2], nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(alone[8].Cards, got[7].Cards); diff != "" {
		t.Errorf("the more stable card goes on (-alone +joined):\n%s", diff)
	}
	if s := got[7]; s.Answers != 3 || s.LastScore != AllRight || s.Seq != 4 || !s.Live {
		t.Errorf("the question that took the other in: %+v", s)
	}
	if s := got[8]; s.Live || s.Answers != 1 || s.Counts() != (TopicCounts{}) {
		t.Errorf("the question that was taken in: %+v", s)
	}
}
