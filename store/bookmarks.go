package store

import "fmt"

// Bookmarks returns the questions that a candidate has marked. One that another question took in counts as that one.
func (tx *Tx) Bookmarks(user int64) (map[int64]bool, error) {
	if err := tx.own(user); err != nil {
		return nil, err
	}
	const query = `
		SELECT CASE WHEN q.into_id = 0 THEN q.id ELSE q.into_id END
		FROM bookmarks b
		JOIN questions q ON q.id = b.question_id
		WHERE b.user_id = $1`
	marked := map[int64]bool{}
	err := tx.rows(query, []any{user}, func(row scanner) error {
		var id int64
		err := row.Scan(&id)
		marked[id] = true
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("bookmarks of user %d: %w", user, err)
	}
	return marked, nil
}

// Bookmarked reports whether a candidate has marked a question, or one that it took in.
func (tx *Tx) Bookmarked(user, question int64) (bool, error) {
	if err := tx.own(user); err != nil {
		return false, err
	}
	const query = `
		SELECT count(*)
		FROM bookmarks
		WHERE user_id = $1 AND (question_id = $2 OR question_id IN (SELECT id FROM questions WHERE into_id = $2 AND into_id <> 0))`
	return Remember(tx, user, bookmarkKey{user, question}, nil, func() (bool, error) {
		var n int
		if err := tx.row(query, []any{user, question}, &n); err != nil {
			return false, fmt.Errorf("bookmark of user %d: %w", user, err)
		}
		return n > 0, nil
	})
}

type bookmarkKey struct{ user, question int64 } // of what is remembered

// SetBookmark marks a question for a candidate, or takes the mark away.
func (tx *Tx) SetBookmark(user, question int64, on bool) error {
	if err := tx.own(user); err != nil {
		return err
	}
	const add = `INSERT INTO bookmarks (user_id, question_id, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	const remove = `
		DELETE FROM bookmarks
		WHERE user_id = $1 AND (question_id = $2 OR question_id IN (SELECT id FROM questions WHERE into_id = $2 AND into_id <> 0))`
	var err error
	if on {
		err = tx.exec(add, user, question, tx.now)
	} else {
		err = tx.exec(remove, user, question)
	}
	if err != nil {
		return fmt.Errorf("bookmark question %d for user %d: %w", question, user, err)
	}
	return nil
}

// MoveBookmarks hands the bookmarks of one candidate to another.
func (tx *Tx) MoveBookmarks(from, into int64) error {
	if err := tx.ownBoth(from, into); err != nil {
		return err
	}
	const add = `
		INSERT INTO bookmarks (user_id, question_id, at)
		SELECT $2, question_id, at FROM bookmarks WHERE user_id = $1
		ON CONFLICT DO NOTHING`
	const remove = `DELETE FROM bookmarks WHERE user_id = $1`
	if err := tx.exec(add, from, into); err != nil {
		return fmt.Errorf("bookmarks of user %d: %w", from, err)
	}
	return tx.exec(remove, from)
}
