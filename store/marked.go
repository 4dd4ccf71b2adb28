package store

import (
	"fmt"

	"rehearse/srs"
)

// Memories returns a candidate's cards of live questions that were reviewed and are not put aside, with what is needed to
// tell how likely they are recalled: State, Stability, LastAt and DueAt.
func (tx *Tx) Memories(user int64) (map[CardKey]srs.Card, error) {
	const query = `
		SELECT c.question_id, c.part, c.state, c.stability, c.last_at, c.due_at
		FROM cards c
		JOIN questions q ON q.id = c.question_id
		WHERE c.user_id = $1 AND c.state <> 0 AND c.suspended = 0 AND q.live = 1`
	cards := map[CardKey]srs.Card{}
	err := tx.rows(query, []any{user}, func(row scanner) error {
		var (
			k CardKey
			c srs.Card
		)
		err := row.Scan(&k.Question, &k.Part, &c.State, &c.Stability, &c.LastAt, &c.DueAt)
		cards[k] = c
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("memories of user %d: %w", user, err)
	}
	return cards, nil
}

// MarkedCard is a card that stands out: put aside, or forgotten again and again.
type MarkedCard struct {
	CardKey
	Seq       int64 // the last evidence about its question
	Lapses    int
	Suspended bool
}

// MarkedCards returns a candidate's cards of live questions that stand out, those forgotten most first.
func (tx *Tx) MarkedCards(user int64) ([]MarkedCard, error) {
	const query = `
		SELECT c.question_id, c.part, p.seq, c.lapses, c.suspended
		FROM cards c
		JOIN question_progress p ON p.user_id = c.user_id AND p.question_id = c.question_id
		JOIN questions q ON q.id = c.question_id
		WHERE c.user_id = $1 AND (c.suspended = 1 OR c.lapses >= $2) AND q.live = 1
		ORDER BY c.lapses DESC, c.question_id, c.part`
	var cards []MarkedCard
	err := tx.rows(query, []any{user, srs.LeechLapses}, func(row scanner) error {
		var c MarkedCard
		err := row.Scan(&c.Question, &c.Part, &c.Seq, &c.Lapses, &c.Suspended)
		cards = append(cards, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("marked cards of user %d: %w", user, err)
	}
	return cards, nil
}
