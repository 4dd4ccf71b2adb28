package store

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"rehearse/progress"
)

// Past is all that one candidate is made to have done, and what is computed from it.
type Past struct {
	User     int64
	Settings progress.Settings
	Began    int64  // ms UTC
	Session  []byte // the hash of the session's id
	Log      []progress.Evidence
	Attempts []DoneAttempt
	Projection
}

// DoneAttempt is a finished attempt of a Past.
type DoneAttempt struct {
	PastAttempt
	Right     int
	Revisions []int64 // by position
	Seqs      []int64 // of the responses, by position
}

// RoomyCache gives the connection that writes 256 MB to keep pages in. It is for an update before many that write all
// over the file; PostgreSQL has its own settings for that.
func (tx *Tx) RoomyCache() error {
	if tx.postgres {
		return nil
	}
	return tx.exec("PRAGMA cache_size = -262144")
}

// AddPasts stores new candidates with all that they did. They are new, so nobody else writes to what is theirs.
func (tx *Tx) AddPasts(pasts []Past) error {
	var (
		users     = tx.into("users", "id, created_at, last_seq, last_at, zone, rollover, new_per_day")
		sessions  = tx.into("sessions", "hash, user_id, created_at, renewed_at")
		attempts  = tx.into("attempts", "id, slug, user_id, mode, seed, title, started_at, deadline, finished_at, items, gradable, correct")
		items     = tx.into("attempt_items", "attempt_id, position, revision_id, evidence_seq")
		evidence  = tx.into("evidence", "user_id, "+evidenceColumns)
		questions = tx.into("question_progress", "user_id, question_id, topic_id, live, event_seq, seq, answers, last_score, surprise, last_at")
		cards     = tx.into("cards", "user_id, question_id, part, state, step, stability, difficulty, due_at, last_at, interval, reviews, lapses, changed, suspended")
		topics    = tx.into("topic_progress", "user_id, topic_id, seen, answered, correct, mastered")
		days      = tx.into("daily_activity", "user_id, "+activityColumns)
	)
	for _, p := range pasts {
		last := p.Log[len(p.Log)-1]
		users.add(p.User, p.Began, last.Seq, last.At, p.Settings.Zone, p.Settings.Rollover, DefaultNewPerDay)
		sessions.add(p.Session, p.User, p.Began, last.At)
		for _, a := range p.Attempts {
			n := len(a.Revisions)
			attempts.add(a.ID, a.Slug, p.User, string(a.Mode), int64(a.Seed), a.Title, a.StartedAt, a.Deadline, a.FinishedAt, n, n, a.Right)
			for i, revision := range a.Revisions {
				items.add(a.ID, i, revision, a.Seqs[i])
			}
		}
		for _, e := range p.Log {
			score := sql.NullInt64{Int64: e.Score, Valid: e.Score != progress.NotJudged}
			evidence.add(p.User, e.Seq, e.At, kindLetters[e.Kind], storedOnce(e), e.Question, e.Revision, e.Attempt, e.Position, e.Held, e.Imported, score,
				progress.FormatRatings(e.Ratings), e.Unsure, int(e.Confidence), e.Duration, e.Ref, pack(e.Kind, e.Data))
		}
		for _, question := range slices.Sorted(maps.Keys(p.States)) {
			s := p.States[question]
			questions.add(p.User, question, s.Topic, s.Live, s.EventSeq, s.Seq, s.Answers, s.LastScore, s.Surprise, s.LastAt)
			for _, c := range s.Cards {
				cards.add(p.User, question, c.Part, int(c.State), c.Step, c.Stability, c.Difficulty, c.DueAt, c.LastAt, c.Interval, c.Reviews,
					c.Lapses, c.Changed, c.Suspended)
			}
		}
		for _, topic := range slices.Sorted(maps.Keys(p.Topics)) {
			c := p.Topics[topic]
			topics.add(p.User, topic, c.Seen, c.Answered, c.Correct, c.Mastered)
		}
		for _, day := range slices.Sorted(maps.Keys(p.Days)) {
			a := p.Days[day]
			days.add(p.User, a.Day, a.Answers, a.Correct, a.Reviews, a.New, a.Duration, a.Young, a.YoungRight, a.Mature, a.MatureRight,
				a.Said[0].N, a.Said[0].Right, a.Said[1].N, a.Said[1].Right, a.Said[2].N, a.Said[2].Right)
		}
	}
	// In the order of their references.
	for _, table := range []*rowsInto{users, sessions, attempts, items, evidence, questions, cards, topics, days} {
		if err := table.write(); err != nil {
			return err
		}
	}
	return nil
}

// AddAllItemCounts stores counts where there are none, and notes that every log is in them.
func (tx *Tx) AddAllItemCounts(c ItemCounts) error {
	scores := tx.into("item_scores", "question_id, key_hash, part, n")
	for _, key := range slices.SortedFunc(maps.Keys(c), ItemKey.Compare) {
		for _, part := range slices.Sorted(maps.Keys(c[key])) {
			if n := c[key][part]; n != 0 {
				scores.add(key.Question, key.KeyHash, part, n)
			}
		}
	}
	if err := scores.write(); err != nil {
		return err
	}
	return tx.exec(`UPDATE users SET scored_seq = last_seq WHERE scored_seq < last_seq`)
}

// AfterPasts makes the database ready for use after many rows were added: new keys come after theirs, and PostgreSQL
// knows how many there are.
func (tx *Tx) AfterPasts() error {
	if !tx.postgres {
		return nil
	}
	for _, query := range []string{setNextKey("users"), setNextKey("attempts"), "ANALYZE"} {
		if err := tx.exec(query); err != nil {
			return err
		}
	}
	return nil
}

// rowsInto gathers rows of a table and writes many with each statement.
type rowsInto struct {
	tx      *Tx
	insert  string
	columns int
	args    []any
}

func (tx *Tx) into(table, columns string) *rowsInto {
	return &rowsInto{tx: tx, insert: "INSERT INTO " + table + " (" + columns + ") VALUES ", columns: strings.Count(columns, ",") + 1}
}

func (r *rowsInto) add(values ...any) { r.args = append(r.args, values...) }

// manyRows is how many rows a statement writes.
const manyRows = 64

// write writes all rows, what is left of them one at a time: so there are two statements for a table, which stay prepared.
func (r *rowsInto) write() error {
	for _, rows := range []int{manyRows, 1} {
		n, query := rows*r.columns, r.insert+r.tx.places(rows, r.columns)
		for ; len(r.args) >= n; r.args = r.args[n:] {
			if err := r.tx.exec(query, r.args[:n]...); err != nil {
				return fmt.Errorf("%s…: %w", r.insert, err)
			}
		}
	}
	return nil
}

// places returns the places of values: ($1, $2), ($3, $4) and so on; on SQLite without the numbers, which it looks up in a
// list that it goes through from the beginning for each.
func (tx *Tx) places(rows, columns int) string {
	var b strings.Builder
	for i := range rows * columns {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%columns == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		if tx.postgres {
			fmt.Fprintf(&b, "$%d", i+1)
		} else {
			b.WriteString("?")
		}
	}
	return b.String() + ")"
}
