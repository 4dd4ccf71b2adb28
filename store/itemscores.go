package store

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"rehearse/progress"
)

// ItemCounts is what item statistics of some responses are computed from: by item, then by part, as the table item_scores
// says. Adding and taking away in any order comes to the same.
type ItemCounts map[ItemKey]map[string]int64

// Add counts what an attempt says about an item, by times.
func (c ItemCounts) Add(key ItemKey, a progress.ItemAttempt, times int64) {
	x, rest := int64(math.Round(100*a.X)), int64(math.Round(100*a.Rest))
	c.add(key, "x"+strconv.FormatInt(x, 10), times)
	c.add(key, "o"+strconv.FormatInt(rest, 10), times)
	c.add(key, "xo", times*x*rest)
	c.add(key, "ms", times*a.Duration)
	for _, choice := range a.Choices {
		c.add(key, "c"+choice, times)
		c.add(key, "r"+choice, times*rest)
	}
}

// AddItemCounts adds counts to those stored.
func (tx *Tx) AddItemCounts(c ItemCounts) error {
	const add = `
		INSERT INTO item_scores AS s (question_id, key_hash, part, n)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (question_id, key_hash, part) DO UPDATE SET n = s.n + $4`
	const forget = `DELETE FROM item_scores WHERE question_id = $1 AND key_hash = $2 AND part = $3 AND n = 0`
	for _, key := range slices.SortedFunc(maps.Keys(c), ItemKey.Compare) {
		for _, part := range slices.Sorted(maps.Keys(c[key])) {
			n := c[key][part]
			if n == 0 {
				continue
			}
			err := tx.exec(add, key.Question, key.KeyHash, part, n)
			if err == nil && n < 0 {
				err = tx.exec(forget, key.Question, key.KeyHash, part)
			}
			if err != nil {
				return fmt.Errorf("scores of question %d: %w", key.Question, err)
			}
		}
	}
	return nil
}

// ScoredSeq returns up to where a candidate's log is in the counts.
func (tx *Tx) ScoredSeq(user int64) (seq int64, err error) {
	const query = `SELECT scored_seq FROM users WHERE id = $1`
	err = tx.row(query, []any{user}, &seq)
	return seq, err
}

// SetScoredSeq notes that a candidate's log is in the counts up to a seq, if it was up to another one before; false when not.
func (tx *Tx) SetScoredSeq(user, from, to int64) (bool, error) {
	if err := tx.own(user); err != nil {
		return false, err
	}
	const query = `UPDATE users SET scored_seq = $1 WHERE id = $2 AND scored_seq = $3`
	n, err := tx.affect(query, to, user, from)
	return n > 0, err
}

// Scored is a candidate, and up to where their log is in the counts.
type Scored struct{ User, Seq int64 }

// Scored returns all candidates, without those who were merged into others.
func (tx *Tx) Scored() ([]Scored, error) {
	const query = `SELECT id, scored_seq FROM users WHERE merged_into = 0 ORDER BY id`
	var all []Scored
	err := tx.rows(query, nil, func(row scanner) error {
		var s Scored
		err := row.Scan(&s.User, &s.Seq)
		all = append(all, s)
		return err
	})
	return all, err
}

// Unscored returns a candidate, after the one given, whose log has grown since it was counted; false when there is none.
func (tx *Tx) Unscored(after int64) (user int64, found bool, err error) {
	const query = `SELECT id FROM users WHERE scored_seq < last_seq AND merged_into = 0 AND id > $1 ORDER BY id LIMIT 1`
	err = tx.row(query, []any{after}, &user)
	if errors.Is(err, ErrNotFound) {
		return 0, false, nil
	}
	return user, err == nil, err
}

// ItemCounts returns all counts.
func (tx *Tx) ItemCounts() (ItemCounts, error) {
	const query = `SELECT question_id, key_hash, part, n FROM item_scores`
	counts := ItemCounts{}
	err := tx.rows(query, nil, func(row scanner) error {
		var (
			key  ItemKey
			part string
			n    int64
		)
		err := row.Scan(&key.Question, &key.KeyHash, &part, &n)
		counts.add(key, part, n)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("scores of items: %w", err)
	}
	return counts, nil
}

func (c ItemCounts) add(key ItemKey, part string, n int64) {
	if c[key] == nil {
		c[key] = map[string]int64{}
	}
	c[key][part] += n
}

// Plus adds other counts.
func (c ItemCounts) Plus(d ItemCounts) {
	for key, parts := range d {
		for part, n := range parts {
			c.add(key, part, n)
		}
	}
}

// Minus returns the counts c - d, without those that are 0.
func (c ItemCounts) Minus(d ItemCounts) ItemCounts {
	out := ItemCounts{}
	for key, parts := range c {
		for part, n := range parts {
			if n != d[key][part] {
				out.add(key, part, n-d[key][part])
			}
		}
	}
	for key, parts := range d {
		for part, n := range parts {
			if _, both := c[key][part]; !both && n != 0 {
				out.add(key, part, -n)
			}
		}
	}
	return out
}

// ItemScore is what the statistics of one item are computed from.
type ItemScore struct {
	Scores   progress.ItemScores
	Duration int64                  // ms, of all attempts together
	Picked   []progress.ChoiceCount // by id; which are right is not known here
}

// ItemScores returns what the statistics of a bank's live questions are computed from, by their current keys.
func (tx *Tx) ItemScores(bankSlug string) (map[int64]*ItemScore, error) {
	const query = `
		SELECT s.question_id, s.part, s.n
		FROM banks b
		JOIN questions q ON q.bank_id = b.id AND q.live = 1
		JOIN revisions r ON r.id = q.revision_id
		JOIN item_scores s ON s.question_id = q.id AND s.key_hash = r.key_hash
		WHERE b.slug = $1
		ORDER BY s.question_id, s.part`
	all := map[int64]*ItemScore{}
	err := tx.rows(query, []any{bankSlug}, func(row scanner) error {
		var (
			question, n int64
			part        string
		)
		if err := row.Scan(&question, &part, &n); err != nil {
			return err
		}
		if all[question] == nil {
			all[question] = &ItemScore{}
		}
		return all[question].take(part, n)
	})
	if err != nil {
		return nil, fmt.Errorf("scores of bank %s: %w", bankSlug, err)
	}
	for _, s := range all {
		slices.SortFunc(s.Picked, func(a, b progress.ChoiceCount) int { return cmp.Compare(a.ID, b.ID) })
	}
	return all, nil
}

// take takes one row in.
func (s *ItemScore) take(part string, n int64) error {
	switch {
	case part == "xo":
		s.Scores.XO = n
	case part == "ms":
		s.Duration = n
	case strings.HasPrefix(part, "c"):
		s.choice(part[1:]).N = int(n)
	case strings.HasPrefix(part, "r"):
		s.choice(part[1:]).Rest = n
	default:
		bin, err := strconv.Atoi(part[1:])
		if err != nil || bin < 0 || bin > 100 {
			return fmt.Errorf("part %q of an item's scores", part)
		}
		if part[0] == 'x' {
			s.Scores.X[bin] = int32(n)
			s.Scores.N += int(n)
		} else {
			s.Scores.O[bin] = int32(n)
		}
	}
	return nil
}

// choice returns the count of a choice.
func (s *ItemScore) choice(id string) *progress.ChoiceCount {
	i := slices.IndexFunc(s.Picked, func(c progress.ChoiceCount) bool { return c.ID == id })
	if i < 0 {
		s.Picked = append(s.Picked, progress.ChoiceCount{ID: id})
		i = len(s.Picked) - 1
	}
	return &s.Picked[i]
}
