package store

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sort"
	"unsafe"

	"rehearse/progress"
)

// State returns what is known of a candidate and a question; a fresh state when they have not met.
func (tx *Tx) State(user, question int64) (progress.State, error) {
	if err := tx.own(user); err != nil {
		return progress.State{}, err
	}
	const query = `
		SELECT topic_id, live, event_seq, seq, answers, last_score, surprise, last_at
		FROM question_progress
		WHERE user_id = $1 AND question_id = $2`
	s := progress.NewState(question)
	err := tx.row(query, []any{user, question}, &s.Topic, &s.Live, &s.EventSeq, &s.Seq, &s.Answers, &s.LastScore, &s.Surprise, &s.LastAt)
	if errors.Is(err, ErrNotFound) {
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("progress of user %d with question %d: %w", user, question, err)
	}
	s.Cards, err = tx.cardsOf(user, question)
	return s, err
}

func (tx *Tx) cardsOf(user, question int64) ([]progress.Card, error) {
	const query = `
		SELECT part, state, step, stability, difficulty, due_at, last_at, interval, reviews, lapses, changed, suspended
		FROM cards
		WHERE user_id = $1 AND question_id = $2
		ORDER BY part`
	var cards []progress.Card
	err := tx.rows(query, []any{user, question}, func(row scanner) error {
		var c progress.Card
		err := row.Scan(&c.Part, &c.State, &c.Step, &c.Stability, &c.Difficulty, &c.DueAt, &c.LastAt, &c.Interval, &c.Reviews,
			&c.Lapses, &c.Changed, &c.Suspended)
		cards = append(cards, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("cards of user %d for question %d: %w", user, question, err)
	}
	return cards, nil
}

// PutState stores a state, and moves the counts of the topics by what changed against the state before.
func (tx *Tx) PutState(user int64, before, after progress.State) error {
	if err := tx.own(user); err != nil {
		return err
	}
	if err := tx.putQuestionProgress(user, after); err != nil {
		return err
	}
	if err := tx.putCards(user, before, after); err != nil {
		return err
	}
	if before.Topic == after.Topic {
		return tx.addToTopic(user, after.Topic, after.Counts().Minus(before.Counts()))
	}
	if err := tx.addToTopic(user, before.Topic, progress.TopicCounts{}.Minus(before.Counts())); err != nil {
		return err
	}
	return tx.addToTopic(user, after.Topic, after.Counts())
}

// DropState forgets a state: nothing of it is left in the log.
func (tx *Tx) DropState(user int64, before progress.State) error {
	if err := tx.own(user); err != nil {
		return err
	}
	tx.touch(user, before.Question)
	for _, query := range []string{
		`DELETE FROM question_progress WHERE user_id = $1 AND question_id = $2`,
		`DELETE FROM cards WHERE user_id = $1 AND question_id = $2`,
	} {
		if err := tx.later(query, user, before.Question); err != nil {
			return fmt.Errorf("forget question %d of user %d: %w", before.Question, user, err)
		}
	}
	return tx.addToTopic(user, before.Topic, progress.TopicCounts{}.Minus(before.Counts()))
}

func (tx *Tx) putQuestionProgress(user int64, s progress.State) error {
	tx.touch(user, s.Question)
	const put = `
		INSERT INTO question_progress (user_id, question_id, topic_id, live, event_seq, seq, answers, last_score, surprise,
			last_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (user_id, question_id) DO UPDATE
		SET topic_id = excluded.topic_id, live = excluded.live, event_seq = excluded.event_seq, seq = excluded.seq,
			answers = excluded.answers, last_score = excluded.last_score, surprise = excluded.surprise,
			last_at = excluded.last_at`
	err := tx.later(put, user, s.Question, s.Topic, s.Live, s.EventSeq, s.Seq, s.Answers, s.LastScore, s.Surprise, s.LastAt)
	if err != nil {
		return fmt.Errorf("progress of user %d with question %d: %w", user, s.Question, err)
	}
	return nil
}

func (tx *Tx) putCards(user int64, before, after progress.State) error {
	const forget = `DELETE FROM cards WHERE user_id = $1 AND question_id = $2 AND part = $3`
	for _, c := range before.Cards {
		if _, kept := after.Card(c.Part); kept {
			continue
		}
		if err := tx.later(forget, user, after.Question, c.Part); err != nil {
			return fmt.Errorf("card %d.%d of user %d: %w", after.Question, c.Part, user, err)
		}
	}
	const put = `
		INSERT INTO cards (user_id, question_id, part, state, step, stability, difficulty, due_at, last_at, interval, reviews,
			lapses, changed, suspended)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (user_id, question_id, part) DO UPDATE
		SET state = excluded.state, step = excluded.step, stability = excluded.stability, difficulty = excluded.difficulty,
			due_at = excluded.due_at, last_at = excluded.last_at, interval = excluded.interval, reviews = excluded.reviews,
			lapses = excluded.lapses, changed = excluded.changed, suspended = excluded.suspended`
	for _, c := range after.Cards {
		if old, had := before.Card(c.Part); had && old == c {
			continue
		}
		err := tx.later(put, user, after.Question, c.Part, int(c.State), c.Step, c.Stability, c.Difficulty, c.DueAt, c.LastAt,
			c.Interval, c.Reviews, c.Lapses, c.Changed, c.Suspended)
		if err != nil {
			return fmt.Errorf("card %d.%d of user %d: %w", after.Question, c.Part, user, err)
		}
	}
	return nil
}

func (tx *Tx) addToTopic(user, topic int64, d progress.TopicCounts) error {
	if d == (progress.TopicCounts{}) {
		return nil
	}
	const add = `
		INSERT INTO topic_progress AS t (user_id, topic_id, seen, answered, correct, mastered)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (user_id, topic_id) DO UPDATE
		SET seen = t.seen + excluded.seen, answered = t.answered + excluded.answered, correct = t.correct + excluded.correct,
			mastered = t.mastered + excluded.mastered`
	if err := tx.later(add, user, topic, d.Seen, d.Answered, d.Correct, d.Mastered); err != nil {
		return fmt.Errorf("topic %d of user %d: %w", topic, user, err)
	}
	if d.Seen > 0 {
		return nil
	}
	// A row that counts nothing is not there after a rebuild either.
	const forget = `DELETE FROM topic_progress WHERE user_id = $1 AND topic_id = $2 AND seen = 0`
	return tx.later(forget, user, topic)
}

// AddActivity adds what entries of a candidate's log contribute to a study day.
func (tx *Tx) AddActivity(user int64, a progress.Activity) error {
	if err := tx.own(user); err != nil {
		return err
	}
	if a == (progress.Activity{Day: a.Day}) {
		return nil
	}
	tx.touchDay(user, a.Day)
	const add = `
		INSERT INTO daily_activity AS d (user_id, day, answers, correct, reviews, new, duration, young, young_right, mature, mature_right,
			unsure, unsure_right, fairly, fairly_right, sure, sure_right)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
		ON CONFLICT (user_id, day) DO UPDATE
		SET answers = d.answers + excluded.answers, correct = d.correct + excluded.correct, reviews = d.reviews + excluded.reviews,
			new = d.new + excluded.new, duration = d.duration + excluded.duration, young = d.young + excluded.young,
			young_right = d.young_right + excluded.young_right, mature = d.mature + excluded.mature, mature_right = d.mature_right + excluded.mature_right,
			unsure = d.unsure + excluded.unsure, unsure_right = d.unsure_right + excluded.unsure_right, fairly = d.fairly + excluded.fairly,
			fairly_right = d.fairly_right + excluded.fairly_right, sure = d.sure + excluded.sure, sure_right = d.sure_right + excluded.sure_right`
	if err := tx.later(add, user, a.Day, a.Answers, a.Correct, a.Reviews, a.New, a.Duration, a.Young, a.YoungRight, a.Mature,
		a.MatureRight, a.Said[0].N, a.Said[0].Right, a.Said[1].N, a.Said[1].Right, a.Said[2].N, a.Said[2].Right); err != nil {
		return fmt.Errorf("activity of user %d: %w", user, err)
	}
	if min(a.Answers, a.Reviews) >= 0 && a.Duration >= 0 && a.Answers+a.Reviews > 0 { // it counts something
		return nil
	}
	const forget = `DELETE FROM daily_activity WHERE user_id = $1 AND day = $2 AND answers = 0 AND reviews = 0 AND duration = 0`
	return tx.later(forget, user, a.Day)
}

// ItemKey names what item statistics are kept for: one version of the key of a question.
type ItemKey struct {
	Question int64
	KeyHash  string
}

// Compare orders keys, so that updates touch shared rows in one order.
func (k ItemKey) Compare(l ItemKey) int {
	return cmp.Or(cmp.Compare(k.Question, l.Question), cmp.Compare(k.KeyHash, l.KeyHash))
}

// ItemKey returns the item that a revision belongs to.
func (tx *Tx) ItemKey(revision int64) (ItemKey, error) {
	const query = `SELECT question_id, key_hash FROM revisions WHERE id = $1`
	var k ItemKey
	if err := tx.row(query, []any{revision}, &k.Question, &k.KeyHash); err != nil {
		return k, fmt.Errorf("item of revision %d: %w", revision, err)
	}
	return k, nil
}

// ClearProgress deletes what was computed from a candidate's log, for a rebuild.
func (tx *Tx) ClearProgress(user int64) error {
	if err := tx.own(user); err != nil {
		return err
	}
	tx.touchAll(user)
	for _, query := range []string{
		`DELETE FROM question_progress WHERE user_id = $1`,
		`DELETE FROM cards WHERE user_id = $1`,
		`DELETE FROM topic_progress WHERE user_id = $1`,
		`DELETE FROM daily_activity WHERE user_id = $1`,
	} {
		if err := tx.later(query, user); err != nil {
			return fmt.Errorf("clear progress of user %d: %w", user, err)
		}
	}
	return nil
}

// MetQuestions returns the keys of all questions in a candidate's projections.
func (tx *Tx) MetQuestions(user int64) ([]int64, error) {
	if err := tx.own(user); err != nil {
		return nil, err
	}
	const query = `SELECT question_id FROM question_progress WHERE user_id = $1 ORDER BY question_id`
	var ids []int64
	err := tx.rows(query, []any{user}, func(row scanner) error {
		var id int64
		err := row.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

// TopicProgress returns a candidate's counts by topic key.
func (tx *Tx) TopicProgress(user int64) (map[int64]progress.TopicCounts, error) {
	const query = `SELECT topic_id, seen, answered, correct, mastered FROM topic_progress WHERE user_id = $1`
	counts := map[int64]progress.TopicCounts{}
	err := tx.rows(query, []any{user}, func(row scanner) error {
		var (
			topic int64
			c     progress.TopicCounts
		)
		err := row.Scan(&topic, &c.Seen, &c.Answered, &c.Correct, &c.Mastered)
		counts[topic] = c
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("topics of user %d: %w", user, err)
	}
	return counts, nil
}

// LastScores returns, by question key, the score of a candidate's last judged response, or progress.NotJudged for a
// question that was only met.
func (tx *Tx) LastScores(user int64) (map[int64]int64, error) {
	known, err := tx.Known(user)
	if err != nil {
		return nil, err
	}
	scores := make(map[int64]int64, len(known.Met))
	for _, m := range known.Met {
		scores[m.Question] = m.LastScore
	}
	return scores, nil
}

// scoresAtOnce is how many questions LastScoresOf asks about in one statement.
const scoresAtOnce = 25

var lastScoresOf = `
	SELECT question_id, last_score FROM question_progress
	WHERE user_id = $1 AND question_id IN ($2` + numbered(3, scoresAtOnce+1) + `)`

// numbered returns the places from one number to another, each after a comma.
func numbered(from, to int) (places string) {
	for i := from; i <= to; i++ {
		places += fmt.Sprintf(", $%d", i)
	}
	return places
}

// LastScoresOf is LastScores for some questions alone: it costs the same however many the candidate has met.
func (tx *Tx) LastScoresOf(user int64, questions []int64) (map[int64]int64, error) {
	scores := map[int64]int64{}
	for chunk := range slices.Chunk(questions, scoresAtOnce) {
		args := []any{user}
		for i := range scoresAtOnce { // what is missing at the end is asked for once more
			args = append(args, chunk[min(i, len(chunk)-1)])
		}
		err := tx.rows(lastScoresOf, args, func(row scanner) error {
			var question, score int64
			err := row.Scan(&question, &score)
			scores[question] = score
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("some scores of user %d: %w", user, err)
		}
	}
	return scores, nil
}

const activityColumns = `day, answers, correct, reviews, new, duration, young, young_right, mature, mature_right,
	unsure, unsure_right, fairly, fairly_right, sure, sure_right`

func scanActivity(row scanner) (a progress.Activity, err error) {
	err = row.Scan(&a.Day, &a.Answers, &a.Correct, &a.Reviews, &a.New, &a.Duration, &a.Young, &a.YoungRight, &a.Mature, &a.MatureRight,
		&a.Said[0].N, &a.Said[0].Right, &a.Said[1].N, &a.Said[1].Right, &a.Said[2].N, &a.Said[2].Right)
	return a, err
}

const daysFrom = `
	SELECT ` + activityColumns + `
	FROM daily_activity
	WHERE user_id = $1 AND day >= $2
	ORDER BY day DESC`

// Days returns a candidate's days of activity from the given study day on, newest first. They are not to be changed.
func (tx *Tx) Days(user int64, from int) ([]progress.Activity, error) {
	return Remember(tx, user, daysKey{user, from}, nil, func() (days, error) { return tx.days(user, from) })
}

// days returns days after an update by what was remembered before it: only the days since the first that was written are read.
func (tx *Tx) days(user int64, from int) (days, error) {
	r, ok := tx.before(user, daysKey{user, from})
	if !ok {
		return tx.storedDays(user, from)
	}
	touched, ok := tx.memory.days.since(user, r.number)
	if !ok {
		return tx.storedDays(user, from)
	}
	before := r.value.(days)
	if len(touched) == 0 {
		return before, nil
	}
	first := int(slices.Min(touched))
	fresh, err := tx.storedDays(user, max(from, first))
	older := sort.Search(len(before), func(i int) bool { return before[i].Day < first })
	patched := append(fresh, before[older:]...)
	if err != nil || !tx.memory.check {
		return patched, err
	}
	return patched, tx.compare(daysKey{user, from}, patched, func() (any, error) { return tx.storedDays(user, from) })
}

func (tx *Tx) storedDays(user int64, from int) (found days, err error) {
	err = tx.rows(daysFrom, []any{user, from}, func(row scanner) error {
		a, err := scanActivity(row)
		found = append(found, a)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("days of user %d: %w", user, err)
	}
	return found, nil
}

// days are days of activity as they are remembered.
type days []progress.Activity

// Size returns how many bytes they take.
func (d days) Size() int { return 64 + len(d)*int(unsafe.Sizeof(progress.Activity{})) }

type daysKey struct { // of what is remembered
	user int64
	from int
}

// DueTimes returns how many of a candidate's cards are due at which time (ms UTC) from a time until before another.
func (tx *Tx) DueTimes(user, from, until int64) (map[int64]int, error) {
	if tx.memory == nil {
		return tx.storedDueTimes(user, from, until)
	}
	r, ok := tx.recall(knownKey(user))
	if !ok {
		return tx.storedDueTimes(user, from, until)
	}
	tx.take(r.owner)
	times := r.value.(*Known).dueTimes(from, until)
	if !tx.memory.check {
		return times, nil
	}
	return times, tx.compare(knownKey(user), times, func() (any, error) { return tx.storedDueTimes(user, from, until) })
}

func (tx *Tx) storedDueTimes(user, from, until int64) (map[int64]int, error) {
	const query = `
		SELECT due_at, count(*)
		FROM cards
		WHERE user_id = $1 AND due_at >= $2 AND due_at < $3 AND suspended = 0
		GROUP BY due_at`
	times := map[int64]int{}
	err := tx.rows(query, []any{user, from, until}, func(row scanner) error {
		var (
			at int64
			n  int
		)
		err := row.Scan(&at, &n)
		times[at] = n
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("due times of user %d: %w", user, err)
	}
	return times, nil
}
