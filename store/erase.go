package store

import "fmt"

// owned are the tables with rows of candidates, those that refer to others first, each with what its rows of one
// candidate ($1) are. A test walks the schema and names the tables that are missing.
var owned = []ownedTable{
	{"cards", "user_id = $1"},
	{"question_progress", "user_id = $1"},
	{"topic_progress", "user_id = $1"},
	{"daily_activity", "user_id = $1"},
	{"bookmarks", "user_id = $1"},
	{"notes", "user_id = $1"},
	{"reports", "user_id = $1"},
	{"evidence", "user_id = $1"},
	{"attempt_items", "attempt_id IN (SELECT id FROM attempts WHERE user_id = $1)"},
	{"skill_checks", "attempt_id IN (SELECT id FROM attempts WHERE user_id = $1)"},
	{"used_forms", "user_id = $1"},
	{"attempts", "user_id = $1"},
	{"sessions", "user_id = $1"},
	{"users", "id = $1"},
}

// OwnedTables returns the names of the tables that have rows of candidates.
func OwnedTables() []string {
	var names []string
	for _, o := range owned {
		names = append(names, o.table)
	}
	return names
}

type ownedTable struct{ table, where string }

// Erase deletes everything of a candidate, and of those whose logs they took in. What they added to the statistics of items
// is not taken back by it. ErrNotFound means that there is no such candidate.
func (tx *Tx) Erase(user int64) error {
	if _, err := tx.User(user); err != nil {
		return err
	}
	const query = `SELECT id FROM users WHERE merged_into = $1 AND merged_into <> 0 ORDER BY id`
	var all []int64
	err := tx.rows(query, []any{user}, func(row scanner) error {
		var id int64
		err := row.Scan(&id)
		all = append(all, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("merged into user %d: %w", user, err)
	}
	const mark = `INSERT INTO server_keys (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING`
	if tx.shared == nil { // on SQLite
		if err := tx.exec(mark, scrubMark, []byte{}); err != nil {
			return err
		}
	}
	for _, id := range append(all, user) {
		for _, o := range owned {
			if err := tx.exec("DELETE FROM "+o.table+" WHERE "+o.where, id); err != nil {
				return fmt.Errorf("erase %s of user %d: %w", o.table, id, err)
			}
		}
	}
	return nil
}
