package quiz

import (
	"time"

	"rehearse/bank"
)

// Tally adds up results of questions that the program marks. Scores are weighted by the questions' points.
type Tally struct {
	Questions int   // how many there are, unanswered ones included
	Answered  int   // how many have a response
	Right     int   // how many responses are entirely right
	Partial   int   // how many are right in part
	Score     int64 // micro-points earned
	Max       int64 // micro-points there were to earn
}

// add counts one question, answered or not.
func (t *Tally) add(item Item) {
	points := int64(max(1, item.Question.Points))
	t.Questions++
	t.Max += points * Full
	if item.Result == nil {
		return
	}
	t.Answered++
	t.Score += points * item.Result.Score
	switch item.Result.Verdict {
	case Right:
		t.Right++
	case Partial:
		t.Partial++
	}
}

// Summary is what an attempt came to.
type Summary struct {
	Tally                 // all questions that the program marks
	Topics   []TopicTally // those by topic, in order of appearance
	Mistakes []string     // ids of questions answered wrongly or in part, in order of appearance
	Skipped  []string     // ids of questions not answered, open ones included
	Open     []OpenMark   // open questions that were answered: never part of any score
	Seconds  int64        // from the start to the end, or to now
}

// TopicTally adds up one topic.
type TopicTally struct {
	Topic string // topic id
	Tally
}

// OpenMark is what candidates said of their own response to an open question.
type OpenMark struct {
	Position int
	Question string // id
	Rating   int    // 1 to 4, 0 while not marked
	Points   int    // of the rubric, as marked
	Max      int    // of the rubric
}

// Points returns the score of the attempt so far and what there is to earn, in micro-points weighted by the questions'
// points. Open questions count neither way.
func (a *Attempt) Points() (score, most int64) {
	var t Tally
	for _, item := range a.Items {
		if !item.Question.Kind.Open() {
			t.add(item)
		}
	}
	return t.Score, t.Max
}

// Summary returns what the attempt came to, or has come to at now while it is running.
func (a *Attempt) Summary(now time.Time) Summary {
	var s Summary
	topics := make(map[string]int)
	for position, item := range a.Items {
		id := item.Question.ID
		if item.Result == nil {
			s.Skipped = append(s.Skipped, id)
		}
		if item.Question.Kind.Open() {
			if item.Response != nil {
				s.Open = append(s.Open, openMark(position, *item.Question, item.Response.SelfMark))
			}
			continue
		}
		s.add(item)
		s.addTopic(topics, item)
		if item.Result != nil && item.Result.Verdict != Right {
			s.Mistakes = append(s.Mistakes, id)
		}
	}
	s.Seconds = a.seconds(now)
	return s
}

// Missed returns the ids of the questions that the program marks and that were not answered right, or not at all.
func (a *Attempt) Missed() []string {
	var ids []string
	for _, item := range a.Items {
		if !item.Question.Kind.Open() && (item.Result == nil || item.Result.Verdict != Right) {
			ids = append(ids, item.Question.ID)
		}
	}
	return ids
}

// Surprises returns the ids of the questions whose response was sure and not right. Before the attempt is finished they may
// tell what is still a secret.
func (a *Attempt) Surprises() []string {
	var ids []string
	for _, item := range a.Items {
		if item.Surprise() {
			ids = append(ids, item.Question.ID)
		}
	}
	return ids
}

// Surprise reports whether the response was sure, and not right.
func (it Item) Surprise() bool {
	return it.Result != nil && it.Response.Confidence == Sure && (it.Result.Verdict == Wrong || it.Result.Verdict == Partial)
}

// addTopic adds the item to its topic; index holds where each topic stands.
func (s *Summary) addTopic(index map[string]int, item Item) {
	topic := item.Question.Topic
	i, known := index[topic]
	if !known {
		i = len(s.Topics)
		index[topic] = i
		s.Topics = append(s.Topics, TopicTally{Topic: topic})
	}
	s.Topics[i].add(item)
}

func openMark(position int, q bank.Question, m SelfMark) OpenMark {
	met, all := RubricPoints(q, m)
	return OpenMark{Position: position, Question: q.ID, Rating: m.Rating, Points: met, Max: all}
}

// seconds returns how long the attempt took, or has taken.
func (a *Attempt) seconds(now time.Time) int64 {
	end := a.FinishedAt
	if end == 0 {
		end = a.inTime(now)
	}
	return max(0, end-a.StartedAt) / 1000
}
