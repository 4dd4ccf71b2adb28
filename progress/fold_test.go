package progress

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rehearse/srs"
)

// foldLog is what one candidate did with question 7; the settings come first, as they do in every log.
var foldLog = []Evidence{
	{Seq: 1, At: noon, Kind: Set, Score: NotJudged, Data: `{"zone":"UTC","rollover":4}`},
	{Seq: 2, At: noon + 1, Kind: Graded, Question: 7, Score: NotJudged, Ratings: []PartRating{{0, srs.Good}}},
	{Seq: 3, At: noon + 30*hour, Kind: Responded, Question: 7, Attempt: 1, Score: AllRight, Ratings: []PartRating{{0, srs.Good}}},
	{Seq: 4, At: noon + 31*hour, Kind: Set, Score: NotJudged, Data: `{"zone":"Asia/Tokyo","rollover":4}`},
	{Seq: 5, At: noon + 90*hour, Kind: Responded, Question: 7, Attempt: 2, Held: true, Ratings: []PartRating{{0, srs.Again}}},
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
	var seqs []int64
	states, err := p.Fold(foldLog, events, func(e Evidence, _ Effect) { seqs = append(seqs, e.Seq) })
	if err != nil {
		t.Fatal(err)
	}
	got := states[7]
	if diff := cmp.Diff([]int64{2, 3, 6}, seqs); diff != "" {
		t.Errorf("entries with an effect (-want +got):\n%s", diff)
	}

	// The same by hand, one step at a time, as live updates take it.
	utc, _ := p.Calendar(Settings{"UTC", 4})
	tokyo, _ := p.Calendar(Settings{"Asia/Tokyo", 4})
	want := NewState(7)
	take := func(e Evidence, cal srs.Calendar) {
		t.Helper()
		if want, _, err = p.Evidence(want, e, cal); err != nil {
			t.Fatal(err)
		}
	}
	want = p.Event(want, events[0])
	take(foldLog[1], utc)
	want = p.Event(want, events[1])
	take(foldLog[2], utc)
	want = p.Recalendar(want, utc, tokyo)
	want = p.Event(want, events[2]) // of the same millisecond as the end of the exam: before it
	take(Release(foldLog[4:5], foldLog[5])[0], tokyo)
	want = p.Event(want, events[3])
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
