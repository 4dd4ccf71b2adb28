package store

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"rehearse/bank"
)

// Catalog is the live content of one bank, in memory and never changed: pages are served from it. Questions that serve
// assessments alone are not in it.
type Catalog struct {
	Title     string
	License   string
	Topics    []CatalogTopic // by Sort, then slug
	Questions []Entry        // by topic, then place in the file
	topics    map[string]int
	slugs     map[string]int
	ids       map[int64]int
	revisions map[int64]int
}

// CatalogTopic is a live topic with its questions.
type CatalogTopic struct {
	Topic
	Questions []Entry // a part of Catalog.Questions
}

// Entry is a live question with its current body and its keys in the store.
type Entry struct {
	ID         int64
	TopicID    int64
	RevisionID int64
	bank.Question
}

// Topic returns the live topic with this slug.
func (c *Catalog) Topic(slug string) (CatalogTopic, error) {
	i, ok := c.topics[slug]
	if !ok {
		return CatalogTopic{}, fmt.Errorf("topic %q: %w", slug, ErrNotFound)
	}
	return c.Topics[i], nil
}

// Question returns the live question with this slug.
func (c *Catalog) Question(slug string) (Entry, error) { return pick(c.Questions, c.slugs, slug) }

// ByID returns the live question with this key.
func (c *Catalog) ByID(id int64) (Entry, error) { return pick(c.Questions, c.ids, id) }

// Current returns the live question whose current revision has this key.
func (c *Catalog) Current(revision int64) (Entry, error) {
	return pick(c.Questions, c.revisions, revision)
}

func pick[K comparable](entries []Entry, index map[K]int, key K) (Entry, error) {
	i, ok := index[key]
	if !ok {
		return Entry{}, fmt.Errorf("question %v: %w", key, ErrNotFound)
	}
	return entries[i], nil
}

// All returns all questions, in their order.
func (c *Catalog) All() []*Entry {
	all := make([]*Entry, len(c.Questions))
	for i := range c.Questions {
		all[i] = &c.Questions[i]
	}
	return all
}

// Find returns the live questions with these keys: in the order of the keys when they are ranked, else in that of the
// catalog. Other keys are passed over.
func (c *Catalog) Find(ids []int64, ranked bool) []*Entry {
	var places []int
	for _, id := range ids {
		if i, ok := c.ids[id]; ok {
			places = append(places, i)
		}
	}
	if !ranked {
		slices.Sort(places)
	}
	found := make([]*Entry, len(places))
	for i, place := range places {
		found[i] = &c.Questions[place]
	}
	return found
}

// Pool returns the questions themselves.
func (c *Catalog) Pool() []bank.Question {
	pool := make([]bank.Question, len(c.Questions))
	for i, e := range c.Questions {
		pool[i] = e.Question
	}
	return pool
}

// Catalog reads the live content of the bank with this slug.
func (tx *Tx) Catalog(bankSlug string) (*Catalog, error) {
	c := &Catalog{topics: map[string]int{}, slugs: map[string]int{}, ids: map[int64]int{}, revisions: map[int64]int{}}
	const query = `SELECT id, title, license FROM banks WHERE slug = $1`
	var bankID int64
	if err := tx.row(query, []any{bankSlug}, &bankID, &c.Title, &c.License); err != nil {
		return nil, fmt.Errorf("bank %q: %w", bankSlug, err)
	}
	topics, err := tx.Topics(bankID)
	if err != nil {
		return nil, err
	}
	byTopic, err := tx.liveEntries(bankID)
	if err != nil {
		return nil, err
	}
	for _, t := range topics {
		if t.Live {
			c.Topics = append(c.Topics, CatalogTopic{Topic: t, Questions: byTopic[t.ID]})
		}
	}
	slices.SortFunc(c.Topics, func(a, b CatalogTopic) int {
		return cmp.Or(cmp.Compare(a.Sort, b.Sort), cmp.Compare(a.Slug, b.Slug))
	})
	c.index()
	return c, nil
}

func (c *Catalog) index() {
	for i := range c.Topics {
		t := &c.Topics[i]
		c.topics[t.Slug] = i
		start := len(c.Questions)
		for _, e := range t.Questions {
			e.Question.Topic = t.Slug
			at := len(c.Questions)
			c.slugs[e.Question.ID], c.ids[e.ID], c.revisions[e.RevisionID] = at, at, at
			c.Questions = append(c.Questions, e)
		}
		t.Questions = c.Questions[start:len(c.Questions):len(c.Questions)]
	}
}

func (tx *Tx) liveEntries(bankID int64) (map[int64][]Entry, error) {
	const query = `
		SELECT q.id, q.topic_id, q.revision_id, q.slug, q.file, q.line, q.labels, r.body_hash, r.key_hash, r.model
		FROM questions q
		JOIN revisions r ON r.id = q.revision_id
		WHERE q.bank_id = $1 AND q.live = 1
		ORDER BY q.topic_id, q.sort, q.id`
	entries := map[int64][]Entry{}
	err := tx.rows(query, []any{bankID}, func(row scanner) error {
		var (
			e             Entry
			q             = &e.Question
			labels, model string
		)
		err := row.Scan(&e.ID, &e.TopicID, &e.RevisionID, &q.ID, &q.File, &q.Line, &labels, &q.BodyHash, &q.KeyHash, &model)
		if err != nil {
			return err
		}
		if err := unmarshalQuestion(q, labels, model); err != nil || q.Secret() {
			return err
		}
		entries[e.TopicID] = append(entries[e.TopicID], e)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("questions of bank %d: %w", bankID, err)
	}
	return entries, nil
}

func unmarshalQuestion(q *bank.Question, labels, model string) error {
	if err := json.Unmarshal([]byte(labels), &q.Labels); err != nil {
		return fmt.Errorf("labels of question %s: %w", q.ID, err)
	}
	if err := json.Unmarshal([]byte(model), &q.Body); err != nil {
		return fmt.Errorf("body of question %s: %w", q.ID, err)
	}
	return nil
}

// Revision returns a question as it was in a revision, with the labels that it has now. When another question took it
// in, ID is that one's: what is done from now on belongs to it.
func (tx *Tx) Revision(id int64) (Entry, error) {
	const query = `
		SELECT CASE WHEN q.into_id = 0 THEN q.id ELSE q.into_id END, q.topic_id, r.id, q.slug, t.slug, q.file, q.line, q.labels, r.body_hash, r.key_hash, r.model
		FROM revisions r
		JOIN questions q ON q.id = r.question_id
		JOIN topics t ON t.id = q.topic_id
		WHERE r.id = $1`
	var (
		e             Entry
		q             = &e.Question
		labels, model string
	)
	err := tx.row(query, []any{id}, &e.ID, &e.TopicID, &e.RevisionID, &q.ID, &q.Topic, &q.File, &q.Line, &labels,
		&q.BodyHash, &q.KeyHash, &model)
	if err != nil {
		return Entry{}, fmt.Errorf("revision %d: %w", id, err)
	}
	return e, unmarshalQuestion(q, labels, model)
}
