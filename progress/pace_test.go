package progress

import (
	"testing"
	"time"
)

func timed(kind EvidenceKind, seconds ...int64) (log []Evidence) {
	for _, s := range seconds {
		log = append(log, Evidence{Kind: kind, Duration: s * 1000})
	}
	return log
}

func TestPaceOf(t *testing.T) {
	cards := timed(Graded, 4, 6, 8, 10, 300)
	questions := timed(Responded, 20, 30, 40, 50, 60, 3000)
	open := timed(Responded, 900, 900, 900, 900, 900, 900)
	for i := range open {
		open[i].Score = NotJudged
	}
	inQuiz := timed(Graded, 90, 90, 90, 90, 90, 90, 90)
	for i := range inQuiz {
		inQuiz[i].Attempt = 1
	}
	tests := []struct {
		name string
		log  []Evidence
		want Pace
	}{
		{"nothing is known", nil, UsualPace},
		{"four are too few", cards[:4], UsualPace},
		{"the median of five", cards, Pace{8 * time.Second, UsualPace.Question}},
		{"the median of six", questions, Pace{UsualPace.Card, 45 * time.Second}},
		{"what candidates mark themselves says nothing", append(open, inQuiz...), UsualPace},
		{"what was not timed", timed(Graded, 0, 0, 0, 0, 0, 0), UsualPace},
		{"who clicks through is not that fast", append(timed(Graded, 1, 1, 1, 1, 1), timed(Responded, 2, 2, 2, 2, 2)...), quickest},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := PaceOf(tt.log); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestFill(t *testing.T) {
	pace := Pace{Card: 10 * time.Second, Question: 40 * time.Second}
	const five = 5 * time.Minute
	tests := []struct {
		cards, questions, reviews, answers int
	}{
		{0, 0, 0, 0},
		{100, 100, 30, 0},
		{10, 100, 10, 5},
		{0, 100, 0, 8}, // 7.5, to the nearest
		{0, 3, 0, 3},
		{28, 100, 28, 1},
	}
	for _, tt := range tests {
		reviews, answers := pace.Fill(five, tt.cards, tt.questions)
		if reviews != tt.reviews || answers != tt.answers {
			t.Errorf("%d cards, %d questions: %d reviews and %d answers, want %d and %d",
				tt.cards, tt.questions, reviews, answers, tt.reviews, tt.answers)
		}
	}
	slow := Pace{Card: time.Hour, Question: time.Hour}
	if reviews, answers := slow.Fill(five, 3, 3); reviews != 1 || answers != 0 {
		t.Errorf("a slow candidate: %d reviews and %d answers, want one review", reviews, answers)
	}
	if reviews, answers := slow.Fill(five, 0, 3); reviews != 0 || answers != 1 {
		t.Errorf("a slow candidate without cards: %d reviews and %d answers, want one answer", reviews, answers)
	}
	if got := pace.Minutes(7); got != 2 {
		t.Errorf("seven cards of 10 s: %d minutes, want 2", got)
	}
}
