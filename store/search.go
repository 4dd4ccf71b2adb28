package store

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"rehearse/bank"
	"rehearse/search"
)

// maxSearched is how much of a text is looked through, in bytes of its stems: PostgreSQL takes no more than a megabyte of
// words for a row.
const maxSearched = 100_000

// Searched returns the questions of a bank that the search looks through.
func (tx *Tx) Searched(bankID int64) (map[int64]bool, error) {
	const query = `
		SELECT q.id
		FROM questions q
		JOIN search_texts t ON t.question_id = q.id
		WHERE q.bank_id = $1 AND t.edition = $2`
	found := map[int64]bool{}
	err := tx.rows(query, []any{bankID, search.Edition}, func(row scanner) error {
		var id int64
		err := row.Scan(&id)
		found[id] = true
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("searched questions of bank %d: %w", bankID, err)
	}
	return found, nil
}

// searchColumns are those of search_texts, in the order of Words.row.
const searchColumns = "question_id, edition, title, stem, tags, explanation"

// indexFrom lets SQLite's index have the words of all questions from one on. It is one statement for many rows, since the index is
// written out after each.
const indexFrom = `
	INSERT INTO search_index (rowid, title, stem, tags, explanation)
	SELECT question_id, title, stem, tags, explanation
	FROM search_texts
	WHERE question_id >= $1`

// Words is what the search looks through of a question: stems with a space between them.
type Words struct{ title, stem, tags, explanation string }

// WordsOf returns the words of a question, nil for one that no page shows.
func WordsOf(q *bank.Question, stemmer search.Stemmer) *Words {
	if q.Secret() {
		return nil
	}
	return &Words{searched(stemmer, q.Title.Text), searched(stemmer, q.Stem.Text), searched(stemmer, q.Tags...), searched(stemmer, Explanations(q.Body)...)}
}

func (w *Words) row(question int64) []any {
	return []any{question, search.Edition, w.title, w.stem, w.tags, w.explanation}
}

// PutSearched lets the search look through questions as they are now, by key; nil takes one out. It takes many at once, since the index
// is written out after each statement.
func (tx *Tx) PutSearched(words map[int64]*Words) error {
	for keys := range slices.Chunk(slices.Sorted(maps.Keys(words)), manyRows) {
		args, texts := make([]any, len(keys)), tx.into("search_texts", searchColumns)
		for i, key := range keys {
			args[i] = key
			if w := words[key]; w != nil {
				texts.add(w.row(key)...)
			}
		}
		these := ` WHERE question_id IN ` + tx.places(1, len(keys))
		if err := tx.exec(`DELETE FROM search_texts`+these, args...); err != nil {
			return err
		}
		if err := texts.write(); err != nil {
			return err
		}
		if tx.postgres {
			continue
		}
		const index = `
			INSERT INTO search_index (rowid, title, stem, tags, explanation)
			SELECT question_id, title, stem, tags, explanation
			FROM search_texts`
		if err := tx.exec(index+these, args...); err != nil {
			return err
		}
	}
	return nil
}

// Explanations returns what is read about a question after it was answered.
func Explanations(b bank.Body) []string {
	return []string{b.Explanation.Text, b.Answer.Text, b.WhyAsked.Text, b.StrongAnswer.Text, b.FollowUps.Text}
}

// searched returns the stems of texts.
func searched(stemmer search.Stemmer, texts ...string) string {
	stems := stemmer.Stems(strings.Join(texts, "\n"))
	if len(stems) <= maxSearched {
		return stems
	}
	return stems[:strings.LastIndexByte(stems[:maxSearched], ' ')]
}

// DropRetiredSearched takes out of the search what is not live any more.
func (tx *Tx) DropRetiredSearched(bankID int64) error {
	const query = `
		DELETE FROM search_texts
		WHERE question_id IN (SELECT id FROM questions WHERE bank_id = $1 AND (live = 0 OR into_id <> 0))`
	return tx.exec(query, bankID)
}

// maxRanked is how many hits are put in the order of how well they fit. Words that more questions have say little, and
// ranking costs more than finding.
const maxRanked = 2000

// Search returns the questions of all banks that a query hits: best first, or in no order when they are more than
// maxRanked; ranked says which.
func (tx *Tx) Search(q search.Query) (found []int64, ranked bool, err error) {
	if q.Empty() {
		return nil, true, nil
	}
	find, rank, match := sqliteSearch, sqliteRank, sqliteMatch(q)
	if tx.postgres {
		find, rank, match = postgresSearch, postgresRank, postgresMatch(q)
	}
	found, err = tx.hits(find, match)
	if err != nil || len(found) < 2 || len(found) > maxRanked {
		return found, len(found) < 2, err
	}
	found, err = tx.hits(find+rank, match)
	return found, true, err
}

func (tx *Tx) hits(query, match string) ([]int64, error) {
	var found []int64
	err := tx.rows(query, []any{match}, func(row scanner) error {
		var id int64
		err := row.Scan(&id)
		found = append(found, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("search for %q: %w", match, err)
	}
	return found, nil
}

// joinTerms writes the stems of a query with the engine's words for "and" and "or" between them.
func joinTerms(q search.Query, term func(string) string, and, or string) string {
	var terms []string
	for _, stem := range q.Stems() {
		terms = append(terms, term(stem))
	}
	if q.Any {
		and = or
	}
	return strings.Join(terms, and)
}
