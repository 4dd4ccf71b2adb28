package store

import (
	"fmt"

	"rehearse/progress"
)

// Projection is everything that is computed from one candidate's log, but for what it adds to items.
type Projection struct {
	States map[int64]progress.State       // by question; of those met
	Topics map[int64]progress.TopicCounts // by topic; of those with a question that counts
	Days   map[int]progress.Activity      // by study day; of those with any activity
}

// NewProjection returns the projection of an empty log.
func NewProjection() Projection {
	return Projection{map[int64]progress.State{}, map[int64]progress.TopicCounts{}, map[int]progress.Activity{}}
}

// AddState adds the state of a question, and what it adds to its topic.
func (p Projection) AddState(s progress.State) {
	p.States[s.Question] = s
	if c := s.Counts(); c.Seen > 0 {
		p.Topics[s.Topic] = p.Topics[s.Topic].Plus(c)
	}
}

// AddActivity adds to a day.
func (p Projection) AddActivity(a progress.Activity) {
	sum := p.Days[a.Day].Plus(a)
	sum.Day = a.Day
	if sum.Empty() {
		delete(p.Days, a.Day)
		return
	}
	p.Days[a.Day] = sum
}

// LogMark changes whenever a candidate's log or the content does.
type LogMark struct {
	Seq  int64 // of the candidate's last evidence
	Load int64 // the last load of content
}

// LogMark returns where a candidate's log and the content stand. In an update, neither moves until it has ended.
func (tx *Tx) LogMark(user int64) (LogMark, error) {
	if err := tx.own(user); err != nil {
		return LogMark{}, err
	}
	const query = `SELECT last_seq, (SELECT coalesce(max(id), 0) FROM content_loads) FROM users WHERE id = $1`
	var m LogMark
	if err := tx.row(query, []any{user}, &m.Seq, &m.Load); err != nil {
		return m, fmt.Errorf("log of user %d: %w", user, err)
	}
	return m, nil
}

// Projection returns what is stored as computed from a candidate's log.
func (tx *Tx) Projection(user int64) (Projection, error) {
	p := NewProjection()
	const states = `
		SELECT question_id, topic_id, live, event_seq, seq, answers, last_score, surprise, last_at
		FROM question_progress
		WHERE user_id = $1`
	err := tx.rows(states, []any{user}, func(row scanner) error {
		var s progress.State
		err := row.Scan(&s.Question, &s.Topic, &s.Live, &s.EventSeq, &s.Seq, &s.Answers, &s.LastScore, &s.Surprise, &s.LastAt)
		p.States[s.Question] = s
		return err
	})
	if err != nil {
		return p, fmt.Errorf("progress of user %d: %w", user, err)
	}
	const cards = `
		SELECT question_id, part, state, step, stability, difficulty, due_at, last_at, interval, reviews, lapses, changed, suspended
		FROM cards
		WHERE user_id = $1
		ORDER BY question_id, part`
	err = tx.rows(cards, []any{user}, func(row scanner) error {
		var (
			question int64
			c        progress.Card
		)
		err := row.Scan(&question, &c.Part, &c.State, &c.Step, &c.Stability, &c.Difficulty, &c.DueAt, &c.LastAt, &c.Interval,
			&c.Reviews, &c.Lapses, &c.Changed, &c.Suspended)
		s := p.States[question]
		s.Question, s.Cards = question, append(s.Cards, c) // of a question that was never met it belongs to nothing
		p.States[question] = s
		return err
	})
	if err != nil {
		return p, fmt.Errorf("cards of user %d: %w", user, err)
	}
	if p.Topics, err = tx.TopicProgress(user); err != nil {
		return p, err
	}
	const days = `SELECT ` + activityColumns + ` FROM daily_activity WHERE user_id = $1`
	err = tx.rows(days, []any{user}, func(row scanner) error {
		a, err := scanActivity(row)
		p.Days[a.Day] = a
		return err
	})
	if err != nil {
		return p, fmt.Errorf("days of user %d: %w", user, err)
	}
	return p, nil
}

// PutProjection stores a projection in place of what was stored.
func (tx *Tx) PutProjection(user int64, p Projection) error {
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
		if err := tx.exec(query, user); err != nil {
			return fmt.Errorf("clear the progress of user %d: %w", user, err)
		}
	}
	for question, s := range p.States {
		if err := tx.putQuestionProgress(user, s); err != nil {
			return err
		}
		if err := tx.putCards(user, progress.NewState(question), s); err != nil {
			return err
		}
	}
	for topic, c := range p.Topics {
		if err := tx.addToTopic(user, topic, c); err != nil {
			return err
		}
	}
	for _, a := range p.Days {
		if err := tx.AddActivity(user, a); err != nil {
			return err
		}
	}
	return nil
}

// Stale reports whether the events of a question are on their way to everybody.
func (tx *Tx) Stale(question int64) (bool, error) {
	const query = `SELECT count(*) FROM stale_questions WHERE question_id = $1`
	var n int
	err := tx.row(query, []any{question}, &n)
	return n > 0, err
}

// LastRebuild returns the key of the last rebuild that corrected item statistics; 0 when there was none.
func (tx *Tx) LastRebuild() (int64, error) {
	const query = `SELECT coalesce(max(id), 0) FROM rebuilds`
	var id int64
	err := tx.row(query, nil, &id)
	return id, err
}

// AddRebuild notes that item statistics were corrected.
func (tx *Tx) AddRebuild() error {
	const insert = `INSERT INTO rebuilds (at) VALUES ($1)`
	return tx.exec(insert, tx.now)
}
