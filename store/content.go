package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"rehearse/bank"
	"rehearse/progress"
	"rehearse/search"
)

// Topic is the row of a topic.
type Topic struct {
	ID          int64
	Slug        string
	Title       string
	Description string
	Lang        string
	License     string
	Sort        int
	File        string
	Intro       bank.Rich
	Live        bool
}

// Question is the row of a question, without its body.
type Question struct {
	ID       int64
	Slug     string
	Topic    int64
	Revision int64 // the current one
	BodyHash string
	KeyHash  string
	File     string
	Line     int
	Sort     int
	Labels   *bank.Labels // not to be changed
	Live     bool
	Load     int64 // the load that last changed it, or the model of its revision
}

// Banks returns the slugs of all banks.
func (tx *Tx) Banks() ([]string, error) {
	const query = `SELECT slug FROM banks ORDER BY slug`
	var slugs []string
	err := tx.rows(query, nil, func(row scanner) error {
		var slug string
		err := row.Scan(&slug)
		slugs = append(slugs, slug)
		return err
	})
	return slugs, err
}

// PutBank stores a bank's title and licence and returns its key. Changed says whether anything was written.
func (tx *Tx) PutBank(b bank.Bank) (id int64, changed bool, err error) {
	const query = `SELECT id, title, license FROM banks WHERE slug = $1`
	var title, license string
	err = tx.row(query, []any{b.ID}, &id, &title, &license)
	switch {
	case errors.Is(err, ErrNotFound):
		const insert = `INSERT INTO banks (slug, title, license) VALUES ($1, $2, $3) RETURNING id`
		id, err = tx.insert(insert, b.ID, b.Title, b.License)
		return id, true, err
	case err != nil:
		return 0, false, fmt.Errorf("bank %s: %w", b.ID, err)
	case title == b.Title && license == b.License:
		return id, false, nil
	}
	const update = `UPDATE banks SET title = $1, license = $2 WHERE id = $3`
	return id, true, tx.exec(update, b.Title, b.License, id)
}

// Topics returns all topics of a bank by slug, retired ones included.
func (tx *Tx) Topics(bankID int64) (map[string]Topic, error) {
	const query = `
		SELECT id, slug, title, description, lang, license, sort, file, intro, live
		FROM topics
		WHERE bank_id = $1`
	topics := map[string]Topic{}
	err := tx.rows(query, []any{bankID}, func(row scanner) error {
		var (
			t     Topic
			intro string
		)
		if err := row.Scan(&t.ID, &t.Slug, &t.Title, &t.Description, &t.Lang, &t.License, &t.Sort, &t.File, &intro, &t.Live); err != nil {
			return err
		}
		if err := fromJSON([]byte(intro), &t.Intro); err != nil {
			return fmt.Errorf("intro of topic %s: %w", t.Slug, err)
		}
		topics[t.Slug] = t
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("topics of bank %d: %w", bankID, err)
	}
	return topics, nil
}

// PutTopic inserts the topic when its ID is 0, else updates its row, and returns its key.
func (tx *Tx) PutTopic(bankID int64, t Topic) (int64, error) {
	intro, err := json.Marshal(t.Intro)
	if err != nil {
		return 0, fmt.Errorf("topic %s: %w", t.Slug, err)
	}
	if t.ID == 0 {
		const insert = `
			INSERT INTO topics (bank_id, slug, title, description, lang, license, sort, file, intro, live)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			RETURNING id`
		return tx.insert(insert, bankID, t.Slug, t.Title, t.Description, t.Lang, t.License, t.Sort, t.File, string(intro), t.Live)
	}
	const update = `
		UPDATE topics
		SET title = $1, description = $2, lang = $3, license = $4, sort = $5, file = $6, intro = $7, live = $8
		WHERE id = $9`
	return t.ID, tx.exec(update, t.Title, t.Description, t.Lang, t.License, t.Sort, t.File, string(intro), t.Live, t.ID)
}

// Questions returns all questions of a bank by slug, retired ones included, without those that others took in.
func (tx *Tx) Questions(bankID int64) (map[string]*Question, error) {
	const query = `
		SELECT q.id, q.slug, q.topic_id, q.revision_id, r.body_hash, r.key_hash, q.file, q.line, q.sort, q.labels, q.live, q.load_id
		FROM questions q
		JOIN revisions r ON r.id = q.revision_id
		WHERE q.bank_id = $1 AND q.into_id = 0`
	questions := map[string]*Question{}
	err := tx.rows(query, []any{bankID}, func(row scanner) error {
		var (
			q      Question
			labels string
		)
		err := row.Scan(&q.ID, &q.Slug, &q.Topic, &q.Revision, &q.BodyHash, &q.KeyHash, &q.File, &q.Line, &q.Sort, &labels, &q.Live, &q.Load)
		if err != nil {
			return err
		}
		if err := fromJSON([]byte(labels), &q.Labels); err != nil {
			return fmt.Errorf("labels of question %s: %w", q.Slug, err)
		}
		questions[q.Slug] = &q
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("questions of bank %d: %w", bankID, err)
	}
	return questions, nil
}

// PutQuestion updates the row of a question.
func (tx *Tx) PutQuestion(q Question) error {
	labels, err := json.Marshal(q.Labels)
	if err != nil {
		return fmt.Errorf("question %s: %w", q.Slug, err)
	}
	const update = `
		UPDATE questions
		SET slug = $1, topic_id = $2, revision_id = $3, file = $4, line = $5, sort = $6, labels = $7, live = $8, load_id = $9
		WHERE id = $10`
	return tx.exec(update, q.Slug, q.Topic, q.Revision, q.File, q.Line, q.Sort, string(labels), q.Live, q.Load, q.ID)
}

// PutRevision returns the key of the question's revision with these hashes. It is stored when it is new; when it was
// stored by a program that rendered it differently, its rendering is replaced. Changed says whether anything was written.
func (tx *Tx) PutRevision(questionID int64, q *bank.Question) (id int64, changed bool, err error) {
	model, err := modelOf(q)
	if err != nil {
		return 0, false, err
	}
	const query = `SELECT id, model FROM revisions WHERE question_id = $1 AND body_hash = $2 AND key_hash = $3`
	var have string
	err = tx.row(query, []any{questionID, q.BodyHash, q.KeyHash}, &id, &have)
	switch {
	case errors.Is(err, ErrNotFound):
		const insert = `
			INSERT INTO revisions (question_id, body_hash, key_hash, model, created_at)
			VALUES ($1, $2, $3, $4, $5)
			RETURNING id`
		id, err = tx.insert(insert, questionID, q.BodyHash, q.KeyHash, model, tx.now)
		return id, true, err
	case err != nil:
		return 0, false, fmt.Errorf("revision of question %s: %w", q.ID, err)
	case have == model:
		return id, false, nil
	}
	const update = `UPDATE revisions SET model = $1 WHERE id = $2`
	return id, true, tx.exec(update, model, id)
}

// NewQuestions adds questions that nobody knew before, with their revision, the event of their coming and the words that the
// search is to find them by: many rows with a statement, which is what a first load consists of.
type NewQuestions struct {
	tx                                 *Tx
	bank, load, at                     int64
	first, question, revision          int64 // keys: of the first one, and of the latest
	waiting                            int   // rows
	questions, revisions, events, word *rowsInto
}

// NewQuestions begins with a load that is known to change something, so that no other update runs beside it. Nothing else may add
// questions or revisions until the end.
func (tx *Tx) NewQuestions(bankID, load, at int64) (*NewQuestions, error) {
	n := &NewQuestions{
		tx: tx, bank: bankID, load: load, at: at,
		questions: tx.into("questions", "id, bank_id, slug, topic_id, revision_id, file, line, sort, labels, live, load_id"),
		revisions: tx.into("revisions", "id, question_id, body_hash, key_hash, model, created_at"),
		events:    tx.into("question_events", "question_id, seq, at, kind, topic_id, revision_id, other, load_id"),
		word:      tx.into("search_texts", searchColumns),
	}
	const latest = `SELECT (SELECT coalesce(max(id), 0) FROM questions), (SELECT coalesce(max(id), 0) FROM revisions)`
	err := tx.row(latest, nil, &n.question, &n.revision)
	n.first = n.question + 1
	return n, err
}

// Add adds a question and returns it with its keys.
func (n *NewQuestions) Add(q Question, text Text) (Question, error) {
	n.question, n.revision = n.question+1, n.revision+1
	q.ID, q.Revision, q.Load = n.question, n.revision, n.load
	n.questions.add(q.ID, n.bank, q.Slug, q.Topic, q.Revision, q.File, q.Line, q.Sort, text.Labels, 1, q.Load)
	n.revisions.add(q.Revision, q.ID, q.BodyHash, q.KeyHash, text.Model, n.at)
	n.events.add(q.ID, 1, n.at, string(progress.Added), q.Topic, q.Revision, 0, n.load)
	if text.Words != nil {
		n.word.add(text.Words.row(q.ID)...)
	}
	if n.waiting++; n.waiting < manyRows {
		return q, nil
	}
	return q, n.write()
}

// write writes what waits, in the order of references.
func (n *NewQuestions) write() error {
	n.waiting = 0
	for _, table := range []*rowsInto{n.questions, n.revisions, n.events, n.word} {
		if err := table.write(); err != nil {
			return err
		}
	}
	return nil
}

// End writes what is left. Nothing may be read of the new questions before.
func (n *NewQuestions) End() error {
	if err := n.write(); err != nil {
		return err
	}
	if !n.tx.postgres {
		return n.tx.exec(indexFrom, n.first)
	}
	return errors.Join(n.tx.exec(setNextKey("questions")), n.tx.exec(setNextKey("revisions")))
}

// Text is what is written down of a question, which takes longer to make than to store.
type Text struct {
	Labels, Model string // JSON of bank.Labels and of bank.Body
	Words         *Words // nil: the search is not to find it
}

// TextOf returns what is written down of a question.
func TextOf(q *bank.Question, stemmer search.Stemmer) (Text, error) {
	labels, err := json.Marshal(q.Labels)
	if err != nil {
		return Text{}, fmt.Errorf("question %s: %w", q.ID, err)
	}
	model, err := modelOf(q)
	return Text{string(labels), model, WordsOf(q, stemmer)}, err
}

// modelOf returns the JSON of a body. It is no part of a page, so < and > stand as they are: much of it is HTML.
func modelOf(q *bank.Question) (string, error) {
	var model strings.Builder
	encoder := json.NewEncoder(&model)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(q.Body); err != nil {
		return "", fmt.Errorf("question %s: %w", q.ID, err)
	}
	return strings.TrimSuffix(model.String(), "\n"), nil
}

// AddContentLoad stores what a load did and returns its key and its time, which is after every earlier entry's. It is the
// time of the update from then on.
func (tx *Tx) AddContentLoad(bankID int64) (id, at int64, err error) {
	if err := tx.beginLoad(); err != nil {
		return 0, 0, err
	}
	at = tx.clock.next()
	tx.now = at
	const insert = `INSERT INTO content_loads (bank_id, at, summary) VALUES ($1, $2, '') RETURNING id`
	id, err = tx.insert(insert, bankID, at)
	return id, at, err
}

// LastContentLoad returns the key of the latest load that changed anything of the bank, 0 when none did.
func (tx *Tx) LastContentLoad(bankID int64) (id int64, err error) {
	const query = `SELECT coalesce(max(id), 0) FROM content_loads WHERE bank_id = $1`
	return id, tx.row(query, []any{bankID}, &id)
}

// DescribeContentLoad stores the summary of a load.
func (tx *Tx) DescribeContentLoad(id int64, summary string) error {
	const update = `UPDATE content_loads SET summary = $1 WHERE id = $2`
	return tx.exec(update, summary, id)
}

// SetContentSum notes that the live content of a bank is what is read from a folder with this sum, as long as nothing was
// loaded since the given load. Four folders are known, the latest first: some may differ in what is not stored, such as guides.
func (tx *Tx) SetContentSum(load int64, sum string) error {
	const update = `UPDATE content_loads SET sum = substr(CAST($1 AS TEXT) || ' ' || sum, 1, 4 * 65 - 1) WHERE id = $2` // of 64 digits each
	return tx.exec(update, sum, load)
}

// ContentWithSum returns the slug of the bank whose live content is what is read from a folder with this sum.
func (tx *Tx) ContentWithSum(sum string) (slug string, err error) {
	const query = `
		SELECT b.slug
		FROM banks b
		JOIN content_loads l ON l.id = (SELECT max(id) FROM content_loads WHERE bank_id = b.id)
		WHERE l.sum LIKE '%' || CAST($1 AS TEXT) || '%'`
	return slug, tx.row(query, []any{sum}, &slug)
}

// ContentVersion returns a number that every load which changed something raises.
func (tx *Tx) ContentVersion() (int64, error) {
	const query = `SELECT coalesce(max(id), 0) FROM content_loads`
	var version int64
	if err := tx.row(query, nil, &version); err != nil {
		return 0, fmt.Errorf("version of the content: %w", err)
	}
	return version, nil
}

// AppendQuestionEvent appends to the log of a question and returns the entry's seq. Events that concern people who have
// met the question mark it as stale.
func (tx *Tx) AppendQuestionEvent(load int64, ev progress.QuestionEvent) (seq int64, err error) {
	const insert = `
		INSERT INTO question_events (question_id, seq, at, kind, topic_id, revision_id, other, load_id)
		VALUES ($1, (SELECT coalesce(max(seq), 0) + 1 FROM question_events WHERE question_id = $1), $2, $3, $4, $5, $6, $7)
		RETURNING seq`
	seq, err = tx.insert(insert, ev.Question, ev.At, string(ev.Kind), ev.Topic, ev.Revision, ev.Other, load)
	if err != nil {
		return 0, fmt.Errorf("event %s of question %d: %w", ev.Kind, ev.Question, err)
	}
	if ev.Kind == progress.Added {
		return seq, nil
	}
	const stale = `INSERT INTO stale_questions (question_id) VALUES ($1) ON CONFLICT DO NOTHING`
	return seq, tx.exec(stale, ev.Question)
}

// QuestionEvents returns the events of a question after seq, oldest first. They must not be changed.
func (tx *Tx) QuestionEvents(question, after int64) ([]progress.QuestionEvent, error) {
	if tx.content == nil {
		return tx.questionEvents(question, after)
	}
	all, err := fromContent(tx.content, func(m *contentMemory) map[int64][]progress.QuestionEvent { return m.events }, question,
		func() ([]progress.QuestionEvent, error) { return tx.questionEvents(question, 0) })
	i := 0
	for i < len(all) && all[i].Seq <= after {
		i++
	}
	return slices.Clip(all[i:]), err
}

func (tx *Tx) questionEvents(question, after int64) ([]progress.QuestionEvent, error) {
	const query = `
		SELECT e.seq, e.at, e.kind, e.topic_id, e.revision_id, coalesce(r.key_hash, ''), e.other
		FROM question_events e
		LEFT JOIN revisions r ON r.id = e.revision_id
		WHERE e.question_id = $1 AND e.seq > $2
		ORDER BY e.seq`
	var events []progress.QuestionEvent
	err := tx.rows(query, []any{question, after}, func(row scanner) error {
		ev := progress.QuestionEvent{Question: question}
		if err := row.Scan(&ev.Seq, &ev.At, &ev.Kind, &ev.Topic, &ev.Revision, &ev.Key, &ev.Other); err != nil {
			return err
		}
		events = append(events, ev)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("events of question %d: %w", question, err)
	}
	return events, nil
}

// AllQuestionEvents returns what loads did to all questions, by question.
func (tx *Tx) AllQuestionEvents() ([]progress.QuestionEvent, error) {
	const query = `
		SELECT e.question_id, e.seq, e.at, e.kind, e.topic_id, e.revision_id, coalesce(r.key_hash, ''), e.other
		FROM question_events e
		LEFT JOIN revisions r ON r.id = e.revision_id
		ORDER BY e.question_id, e.seq`
	var events []progress.QuestionEvent
	err := tx.rows(query, nil, func(row scanner) error {
		var ev progress.QuestionEvent
		err := row.Scan(&ev.Question, &ev.Seq, &ev.At, &ev.Kind, &ev.Topic, &ev.Revision, &ev.Key, &ev.Other)
		events = append(events, ev)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("events of all questions: %w", err)
	}
	return events, nil
}

// StaleQuestion returns a question whose events have not reached everybody's projections; false when there is none.
func (tx *Tx) StaleQuestion() (question int64, ok bool, err error) {
	const query = `SELECT question_id FROM stale_questions ORDER BY question_id LIMIT 1`
	err = tx.row(query, nil, &question)
	if errors.Is(err, ErrNotFound) {
		return 0, false, nil
	}
	return question, err == nil, err
}

// SetFresh says that the question's events have reached everybody. When there are people behind on it after all, because
// of a load in the meantime, it stays stale.
func (tx *Tx) SetFresh(question int64) error {
	const query = `
		DELETE FROM stale_questions
		WHERE question_id = $1 AND NOT EXISTS (
			SELECT 1
			FROM question_progress
			WHERE question_id = $1
				AND event_seq < (SELECT max(seq) FROM question_events WHERE question_id = $1))`
	return tx.exec(query, question)
}

// BehindOn returns up to limit candidates whose progress with the question has not taken in all of its events, and makes them
// the update's.
func (tx *Tx) BehindOn(question int64, limit int) ([]int64, error) {
	const query = `
		SELECT user_id
		FROM question_progress
		WHERE question_id = $1
			AND event_seq < (SELECT max(seq) FROM question_events WHERE question_id = $1)
		ORDER BY user_id
		LIMIT $2`
	var users []int64
	err := tx.rows(query, []any{question, limit}, func(row scanner) error {
		var user int64
		if err := row.Scan(&user); err != nil {
			return err
		}
		users = append(users, user)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("people behind on question %d: %w", question, err)
	}
	for _, user := range users { // before anything is written that their own updates write as well
		if err := tx.own(user); err != nil {
			return nil, err
		}
	}
	return users, nil
}
