package quiz

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rehearse/bank"
)

var start = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// newAttempt starts an attempt at the questions of the given kinds.
func newAttempt(mode Mode, kinds ...bank.Kind) *Attempt {
	a := &Attempt{Mode: mode, Seed: 42, StartedAt: start.UnixMilli()}
	for i, k := range kinds {
		q := question(k)
		a.Items = append(a.Items, Item{RevisionID: int64(i + 1), Question: &q})
	}
	return a
}

func record(t testing.TB, a *Attempt, position int, r Response, after time.Duration) Result {
	t.Helper()
	result, recorded, err := a.Record(position, r, start.Add(after))
	if err != nil || !recorded {
		t.Fatalf("Record(%d) = recorded %v, %v", position, recorded, err)
	}
	return result
}

var right, wrong = Response{Choices: []string{"b"}}, Response{Choices: []string{"c"}}

func TestRecordKeepsTheFirstResponse(t *testing.T) {
	a := newAttempt(Practice, bank.Single, bank.Single)
	first := record(t, a, 0, right, 5*time.Second)
	again, recorded, err := a.Record(0, wrong, start.Add(6*time.Second))
	if err != nil || recorded || !cmp.Equal(first, again) {
		t.Errorf("a second response gives %+v, recorded %v, %v; want the first result", again, recorded, err)
	}
	want := Item{
		RevisionID: 1, Question: a.Items[0].Question, Response: &right, Result: &first,
		AnsweredAt: start.UnixMilli() + 5000, Duration: 5000,
	}
	if diff := cmp.Diff(want, a.Items[0]); diff != "" {
		t.Errorf("item (-want +got):\n%s", diff)
	}
}

func TestRecordOutsideTheAttempt(t *testing.T) {
	a := newAttempt(Practice, bank.Single)
	for _, position := range []int{-1, 1} {
		if _, _, err := a.Record(position, right, start); !errors.Is(err, ErrNoPosition) {
			t.Errorf("Record(%d) says %v, want %v", position, err, ErrNoPosition)
		}
		if _, err := a.Layout(position); !errors.Is(err, ErrNoPosition) {
			t.Errorf("Layout(%d) says %v, want %v", position, err, ErrNoPosition)
		}
		if a.Reveal(position, start) {
			t.Errorf("Reveal(%d) is true", position)
		}
	}
}

func TestRecordAfterTheEnd(t *testing.T) {
	deadline := start.Add(time.Minute)
	tests := []struct {
		name   string
		finish bool
		at     time.Time
		want   error
	}{
		{"at the deadline", false, deadline, nil},
		{"within the grace", false, deadline.Add(Grace), nil},
		{"after the grace", false, deadline.Add(Grace + time.Millisecond), ErrFinished},
		{"after the candidate ended it", true, start.Add(time.Second), ErrFinished},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := newAttempt(Exam, bank.Single)
			a.Deadline = deadline.UnixMilli()
			if tt.finish {
				a.Finish(start)
			}
			_, recorded, err := a.Record(0, right, tt.at)
			if !errors.Is(err, tt.want) || recorded != (tt.want == nil) {
				t.Errorf("Record = recorded %v, %v; want %v", recorded, err, tt.want)
			}
			if a.Items[0].AnsweredAt > a.Deadline {
				t.Errorf("answered %d ms after the deadline", a.Items[0].AnsweredAt-a.Deadline)
			}
		})
	}
}

func TestRecordAgainAfterTheEndGivesTheFirstResult(t *testing.T) {
	a := newAttempt(Exam, bank.Single)
	first := record(t, a, 0, right, time.Second)
	a.Finish(start.Add(2 * time.Second))
	again, recorded, err := a.Record(0, wrong, start.Add(3*time.Second))
	if err != nil || recorded || !cmp.Equal(first, again) {
		t.Errorf("Record = %+v, recorded %v, %v; want the first result", again, recorded, err)
	}
}

func TestDuration(t *testing.T) {
	a := newAttempt(Practice, bank.Single, bank.Single, bank.Single, bank.Single)
	record(t, a, 2, right, 10*time.Second)
	record(t, a, 0, right, 25*time.Second)
	record(t, a, 1, right, 24*time.Second) // the clock was set back
	record(t, a, 3, right, 20*time.Hour)   // resumed on the next day
	var got []int64
	for _, item := range a.Items {
		got = append(got, item.Duration)
	}
	if diff := cmp.Diff([]int64{15_000, 0, 10_000, 1_800_000}, got); diff != "" {
		t.Errorf("durations in ms (-want +got):\n%s", diff)
	}
}

func TestFinish(t *testing.T) {
	a := newAttempt(Exam, bank.Single)
	if a.Finished(start.Add(1000 * time.Hour)) {
		t.Error("an attempt without deadline ends by itself")
	}
	if !a.Finish(start.Add(time.Minute)) || a.Finish(start.Add(time.Hour)) {
		t.Error("Finish ends an attempt other than once")
	}
	if want := start.Add(time.Minute).UnixMilli(); a.FinishedAt != want {
		t.Errorf("finished at %d, want %d", a.FinishedAt, want)
	}

	late := newAttempt(Exam, bank.Single)
	late.Deadline = start.Add(time.Minute).UnixMilli()
	if late.Finish(start.Add(time.Hour)); late.FinishedAt != late.Deadline {
		t.Errorf("past its deadline finished at %d, want %d", late.FinishedAt, late.Deadline)
	}
}

func TestReveal(t *testing.T) {
	now := start.Add(time.Minute)
	for _, mode := range Modes() {
		a := newAttempt(mode, bank.Single, bank.Single)
		record(t, a, 0, right, time.Second)
		got := []bool{a.Reveal(0, now), a.Reveal(1, now)}
		a.Finish(now)
		got = append(got, a.Reveal(0, now), a.Reveal(1, now))
		if want := []bool{mode == Practice, false, true, true}; !slices.Equal(got, want) {
			t.Errorf("%s: revealed %v, want %v", mode, got, want)
		}
	}
	// While a response may still come in, nothing is shown that could improve it.
	a := newAttempt(Exam, bank.Single)
	a.Deadline = now.UnixMilli()
	if a.Reveal(0, now.Add(Grace)) || !a.Reveal(0, now.Add(Grace+time.Millisecond)) {
		t.Error("the key is not shown exactly from the end of the grace on")
	}
}

func TestMark(t *testing.T) {
	a := newAttempt(Exam, bank.Interview, bank.Single, bank.Card)
	record(t, a, 0, Response{Text: "first measure"}, time.Second)
	record(t, a, 1, right, time.Second)
	m := SelfMark{Marks: []int{0, 2}, Rating: 3}
	if _, err := a.Mark(0, m, start.Add(time.Second)); !errors.Is(err, ErrNotMarked) {
		t.Errorf("marked before the model answer is shown: %v", err)
	}
	a.Finish(start.Add(time.Minute))
	now := start.Add(time.Hour)
	if recorded, err := a.Mark(0, m, now); err != nil || !recorded {
		t.Fatalf("Mark = %v, %v", recorded, err)
	}
	if recorded, err := a.Mark(0, SelfMark{Rating: 1}, now); err != nil || recorded {
		t.Errorf("a second mark: recorded %v, %v", recorded, err)
	}
	if got := *a.Items[0].Response; !cmp.Equal(got, Response{Text: "first measure", SelfMark: m}) {
		t.Errorf("response %+v", got)
	}
	for position, want := range map[int]error{1: ErrNotMarked, 2: ErrNotMarked, 3: ErrNoPosition} {
		if _, err := a.Mark(position, m, now); !errors.Is(err, want) {
			t.Errorf("Mark(%d) says %v, want %v", position, err, want)
		}
	}
}

func TestSummary(t *testing.T) {
	a := newAttempt(Practice, bank.Single, bank.Single, bank.Cloze, bank.Interview, bank.Single, bank.Card, bank.Single)
	ids := []string{"q0", "q1", "q2", "q3", "q4", "q5", "q6"}
	for i, topic := range []string{"loop", "sql", "loop", "loop", "sql", "loop", "sql"} {
		a.Items[i].Question.ID, a.Items[i].Question.Topic = ids[i], topic
	}
	a.Items[2].Question.Points = 3
	record(t, a, 0, right, time.Second)
	record(t, a, 1, wrong, 2*time.Second)
	record(t, a, 2, Response{Blanks: []string{"setImmediate", "check", ""}}, 3*time.Second)
	record(t, a, 3, Response{SelfMark: SelfMark{Marks: []int{0, 2}, Rating: 2}}, 4*time.Second)
	record(t, a, 4, right, 5*time.Second)
	a.Finish(start.Add(90*time.Second + 600*time.Millisecond))

	want := Summary{
		Tally: Tally{Questions: 5, Answered: 4, Right: 2, Partial: 1, Score: 3_999_998, Max: 7_000_000},
		Topics: []TopicTally{
			{"loop", Tally{Questions: 2, Answered: 2, Right: 1, Partial: 1, Score: 2_999_998, Max: 4_000_000}},
			{"sql", Tally{Questions: 3, Answered: 2, Right: 1, Score: 1_000_000, Max: 3_000_000}},
		},
		Mistakes: []string{"q1", "q2"},
		Skipped:  []string{"q5", "q6"},
		Open:     []OpenMark{{Position: 3, Question: "q3", Rating: 2, Points: 5, Max: 6}},
		Seconds:  90,
	}
	got := a.Summary(start.Add(time.Hour))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	if score, most := a.Points(); score != want.Score || most != want.Max {
		t.Errorf("Points = %d, %d, want %d, %d", score, most, want.Score, want.Max)
	}
	if got := a.Answered(); got != 5 {
		t.Errorf("Answered = %d, want 5", got)
	}
}

// However often and in whatever order responses arrive, the first to a position stands and the sums add up.
func TestRecordIsIdempotent(t *testing.T) {
	judged := int64(len(slices.DeleteFunc(bank.Kinds(), bank.Kind.Open)))
	rapid.Check(t, func(t *rapid.T) {
		a := newAttempt(rapid.SampledFrom(Modes()).Draw(t, "mode"), bank.Kinds()...)
		firsts := make(map[int]Result)
		for range rapid.IntRange(0, 30).Draw(t, "responses") {
			position := rapid.IntRange(0, len(a.Items)-1).Draw(t, "position")
			got, recorded, err := a.Record(position, responses().Draw(t, "response"), start)
			if err != nil {
				t.Fatal(err)
			}
			first, answered := firsts[position]
			if recorded == answered {
				t.Fatalf("recorded %v at position %d, answered before: %v", recorded, position, answered)
			}
			if !answered {
				firsts[position] = got
			} else if !cmp.Equal(first, got) {
				t.Fatalf("position %d gave %+v and then %+v", position, first, got)
			}
		}
		var sum int64
		for _, r := range firsts {
			sum += r.Score
		}
		if score, most := a.Points(); score != sum || most != Full*judged || a.Answered() != len(firsts) {
			t.Fatalf("%d of %d points, %d answered; want %d of %d, %d", score, most, a.Answered(), sum, Full*judged, len(firsts))
		}
	})
}
