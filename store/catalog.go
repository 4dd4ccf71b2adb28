package store

import (
	"cmp"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"rehearse/bank"
)

// Catalog is the live content of one bank, never changed: pages are served from it. The heads of its questions are in
// memory, their bodies are read when they are asked for. Questions that serve assessments alone stand apart: no list, page
// or search of questions knows them.
type Catalog struct {
	Title     string
	License   string
	Load      int64          // the latest load that is in it
	Topics    []CatalogTopic // by Sort, then slug
	Questions []Listed       // by topic, then place in the file
	Secret    []Listed       // questions that serve assessments alone, by topic, then place in the file
	topics    map[string]int
	slugs     map[string]int
	ids       map[int64]int
	revisions map[int64]int
	bodies    bodies
	bank      int64       // its key
	kept      atomic.Bool // for the next start
}

// CatalogTopic is a live topic with its questions.
type CatalogTopic struct {
	Topic
	Questions []Listed // a part of Catalog.Questions
}

// Listed is a live question as lists know it, with its keys in the store.
type Listed struct {
	ID         int64
	TopicID    int64
	RevisionID int64
	*bank.Head     // shared by all catalogs that have it, and never changed
	Sort       int // place in the file
}

// Entry is a question in one of its revisions, with its keys in the store.
type Entry struct {
	ID         int64
	TopicID    int64
	RevisionID int64
	bank.Question
	Sort int // place in the file
}

// Listed returns the question as lists know it.
func (e *Entry) Listed() Listed {
	return Listed{ID: e.ID, TopicID: e.TopicID, RevisionID: e.RevisionID, Head: e.Question.Head(), Sort: e.Sort}
}

// Topic returns the live topic with this slug.
func (c *Catalog) Topic(slug string) (CatalogTopic, error) {
	i, ok := c.topics[slug]
	if !ok {
		return CatalogTopic{}, fmt.Errorf("topic %q: %w", slug, ErrNotFound)
	}
	return c.Topics[i], nil
}

// Question returns the live question with this slug. It is not to be changed.
func (c *Catalog) Question(slug string) (*Entry, error) {
	i, ok := c.slugs[slug]
	if !ok {
		return nil, fmt.Errorf("question %q: %w", slug, ErrNotFound)
	}
	return c.entry(i)
}

// ByID returns the live question with this key. It is not to be changed.
func (c *Catalog) ByID(id int64) (*Entry, error) {
	i, ok := c.ids[id]
	if !ok {
		return nil, fmt.Errorf("question %d: %w", id, ErrNotFound)
	}
	return c.entry(i)
}

// Current returns the live question whose current revision has this key. It is not to be changed.
func (c *Catalog) Current(revision int64) (*Entry, error) {
	i, ok := c.revisions[revision]
	if !ok {
		return nil, fmt.Errorf("current revision %d: %w", revision, ErrNotFound)
	}
	return c.entry(i)
}

// current returns the live question whose current revision has this key, without its body; false when there is none.
func (c *Catalog) current(revision int64) (*Listed, bool) {
	i, ok := c.revisions[revision]
	if !ok {
		return nil, false
	}
	return &c.Questions[i], true
}

// Listed returns the live question with this slug without its body; false when there is none.
func (c *Catalog) Listed(slug string) (*Listed, bool) {
	i, ok := c.slugs[slug]
	if !ok {
		return nil, false
	}
	return &c.Questions[i], true
}

// Live returns the live question with this key without its body; false when there is none.
func (c *Catalog) Live(id int64) (*Listed, bool) {
	i, ok := c.ids[id]
	if !ok {
		return nil, false
	}
	return &c.Questions[i], true
}

// Whole returns a question of the catalog with its body; one of Secret, too. It is not to be changed.
func (c *Catalog) Whole(e *Listed) (*Entry, error) {
	if i, ok := c.revisions[e.RevisionID]; ok {
		return c.entry(i)
	}
	entry, _, err := c.bodies.entry(e)
	return entry, err
}

// All returns all questions, in their order.
func (c *Catalog) All() []*Listed {
	all := make([]*Listed, len(c.Questions))
	for i := range c.Questions {
		all[i] = &c.Questions[i]
	}
	return all
}

// Everything goes through all questions, and then those of Secret.
func (c *Catalog) Everything() iter.Seq[*Listed] {
	return func(yield func(*Listed) bool) {
		for _, list := range [][]Listed{c.Questions, c.Secret} {
			for i := range list {
				if !yield(&list[i]) {
					return
				}
			}
		}
	}
}

// Find returns the live questions with these keys: in the order of the keys when they are ranked, else in that of the
// catalog. Other keys are passed over.
func (c *Catalog) Find(ids []int64, ranked bool) []*Listed {
	var places []int
	for _, id := range ids {
		if i, ok := c.ids[id]; ok {
			places = append(places, i)
		}
	}
	if !ranked {
		slices.Sort(places)
	}
	found := make([]*Listed, len(places))
	for i, place := range places {
		found[i] = &c.Questions[place]
	}
	return found
}

// Pool returns the heads of the questions, which are not to be changed.
func (c *Catalog) Pool() []*bank.Head {
	pool := make([]*bank.Head, len(c.Questions))
	for i := range c.Questions {
		pool[i] = c.Questions[i].Head
	}
	return pool
}

// Catalog reads the live content of the bank with this slug. When there is an earlier catalog of the bank, only the
// questions that were loaded since are read.
func (tx *Tx) Catalog(bankSlug string, before *Catalog) (*Catalog, error) {
	c, err := tx.emptyCatalog(bankSlug)
	if err != nil {
		return nil, err
	}
	if before != nil && before.Load == c.Load {
		return before, nil
	}
	if offered := tx.store.offered.Load(); offered != nil && offered.bank == c.bank && offered.Load == c.Load {
		return offered, nil
	}
	if before == nil {
		if ok, err := tx.readKept(c); ok || err != nil {
			return c, err
		}
	}
	topics, err := tx.Topics(c.bank)
	if err != nil {
		return nil, err
	}
	questions, err := tx.liveQuestions(c.bank, before)
	if err != nil {
		return nil, err
	}
	var live []Topic
	for _, t := range topics {
		if t.Live {
			live = append(live, t)
		}
	}
	c.fill(live, questions)
	return c, nil
}

// emptyCatalog returns the catalog of a bank, with nothing in it yet.
func (tx *Tx) emptyCatalog(bankSlug string) (*Catalog, error) {
	c := &Catalog{}
	c.bodies.read, c.bodies.most = tx.store.body, maxBodies
	const query = `SELECT id, title, license FROM banks WHERE slug = $1`
	err := tx.row(query, []any{bankSlug}, &c.bank, &c.Title, &c.License)
	if err == nil {
		c.Load, err = tx.LastContentLoad(c.bank)
	}
	if err != nil {
		return nil, fmt.Errorf("bank %q: %w", bankSlug, err)
	}
	return c, nil
}

// NewCatalog returns a catalog of topics that no store has: their questions have keys that mean nothing outside of it. Body reads
// what topics of heads do not have, by the id of a question; it may be nil when there are none.
func NewCatalog(title, license string, topics []bank.Topic, body func(id string) (bank.Body, error)) *Catalog {
	c := &Catalog{Title: title, License: license}
	for i := range topics {
		t := &topics[i]
		topic := CatalogTopic{Topic: Topic{
			ID: int64(i + 1), Slug: t.ID, Title: t.Title, Description: t.Description, Lang: t.Lang, License: t.License,
			Sort: t.Order, File: t.File, Intro: t.Intro, Live: true,
		}}
		for n, head := range t.AllHeads() {
			key := int64(i+1)<<32 + int64(n) // a file has far fewer
			c.Questions = append(c.Questions, Listed{ID: key, TopicID: topic.ID, RevisionID: key, Head: head, Sort: n})
		}
		c.Topics = append(c.Topics, topic)
	}
	c.index()
	c.bodies.most = maxBodies
	c.bodies.read = func(revision int64) (bank.Body, int, error) {
		b, err := body(c.Questions[c.revisions[revision]].Head.ID)
		return b, smallBody, err
	}
	for i := range topics {
		for n, q := range topics[i].Questions {
			at := c.ids[int64(i+1)<<32+int64(n)]
			c.bodies.whole[at].Store(c.Questions[at].with(q.Body))
		}
	}
	return c
}

// Offer lets the next who reads the catalog of this bank have one that was made with its latest load, as long as there is no later one.
func (s *Store) Offer(c *Catalog) { s.offered.Store(c) }

// LoadedCatalog returns the catalog that a load leaves behind, as reading it would: of the bank with this key, its live topics and its
// live questions, in any order.
func (s *Store) LoadedCatalog(bankID, load int64, of bank.Bank, topics []Topic, questions []Loaded) *Catalog {
	c := &Catalog{Title: of.Title, License: of.License, Load: load, bank: bankID}
	c.bodies.read, c.bodies.most = s.body, maxBodies
	c.fill(topics, questions)
	return c
}

// Loaded is a live question on its way into a catalog.
type Loaded struct {
	ID, Topic, Revision int64
	Sort                int
	*bank.Head
	place int // of the topic among those of the catalog, from 1; 0: it is not among them
}

// fill puts topics and questions in their order.
func (c *Catalog) fill(topics []Topic, questions []Loaded) {
	slices.SortFunc(topics, func(a, b Topic) int {
		return cmp.Or(cmp.Compare(a.Sort, b.Sort), cmp.Compare(a.Slug, b.Slug))
	})
	place := map[int64]int{}
	for i, t := range topics {
		c.Topics = append(c.Topics, CatalogTopic{Topic: t})
		place[t.ID] = i + 1
	}
	for i := range questions {
		questions[i].place = place[questions[i].Topic]
	}
	questions = slices.DeleteFunc(questions, func(q Loaded) bool { return q.place == 0 })
	slices.SortFunc(questions, func(a, b Loaded) int {
		return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.Sort, b.Sort), cmp.Compare(a.ID, b.ID))
	})
	c.Questions = make([]Listed, 0, len(questions))
	for _, q := range questions {
		l := Listed{ID: q.ID, TopicID: q.Topic, RevisionID: q.Revision, Head: q.Head, Sort: q.Sort}
		if slug := topics[q.place-1].Slug; l.Topic != slug { // read from its row, which has a key instead
			head := *q.Head
			head.Topic, l.Head = slug, &head
		}
		if l.Secret() {
			c.Secret = append(c.Secret, l)
		} else {
			c.Questions = append(c.Questions, l)
		}
	}
	c.index()
}

// index gives each topic its questions and makes the ways to find one.
func (c *Catalog) index() {
	size := len(c.Questions)
	c.bodies.whole = make([]atomic.Pointer[Entry], size)
	c.topics, c.slugs = make(map[string]int, len(c.Topics)), make(map[string]int, size)
	c.ids, c.revisions = make(map[int64]int, size), make(map[int64]int, size)
	at := 0
	for i := range c.Topics {
		t := &c.Topics[i]
		c.topics[t.Slug] = i
		start := at
		for ; at < size && c.Questions[at].TopicID == t.ID; at++ {
			e := &c.Questions[at]
			c.slugs[e.Head.ID], c.ids[e.ID], c.revisions[e.RevisionID] = at, at, at
		}
		t.Questions = c.Questions[start:at:at]
	}
}

// liveQuestions returns the live questions.
func (tx *Tx) liveQuestions(bankID int64, before *Catalog) ([]Loaded, error) {
	if before == nil {
		before = &Catalog{Load: -1}
	}
	changed, gone, err := tx.entriesSince(bankID, before.Load)
	if err != nil {
		return nil, err
	}
	var live []Loaded
	for l := range before.Everything() {
		if !gone[l.ID] {
			live = append(live, Loaded{ID: l.ID, Topic: l.TopicID, Revision: l.RevisionID, Sort: l.Sort, Head: l.Head})
		}
	}
	for _, e := range changed {
		live = append(live, Loaded{ID: e.ID, Topic: e.TopicID, Revision: e.RevisionID, Sort: e.Sort, Head: e.Question.Head()})
	}
	return live, nil
}

// entriesSince returns the live questions that were loaded after a load, and the keys of all that were loaded.
func (tx *Tx) entriesSince(bankID, load int64) (entries []*Entry, loaded map[int64]bool, err error) {
	const query = `
		SELECT q.id, q.topic_id, q.revision_id, q.slug, q.file, q.line, q.sort, q.live, q.labels, r.body_hash, r.key_hash, r.model
		FROM questions q
		JOIN revisions r ON r.id = q.revision_id
		WHERE q.bank_id = $1 AND q.load_id > $2`
	loaded = map[int64]bool{}
	var all []*storedEntry
	decode, wait := decoders()
	err = tx.rows(query, []any{bankID, load}, func(row scanner) error {
		var (
			e    storedEntry
			q    = &e.Question
			live bool
		)
		err := row.Scan(&e.ID, &e.TopicID, &e.RevisionID, &q.ID, &q.File, &q.Line, &e.Sort, &live, &e.labels, &q.BodyHash, &q.KeyHash, &e.model)
		if err != nil {
			return err
		}
		loaded[e.ID] = true
		if live {
			all = append(all, &e)
			decode <- &e
		}
		return nil
	})
	wait()
	entries = make([]*Entry, len(all))
	for i, e := range all {
		entries[i], err = &e.Entry, cmp.Or(err, e.err)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("questions of bank %d: %w", bankID, err)
	}
	return entries, loaded, nil
}

// storedEntry is an entry whose JSON is decoded while further ones are read.
type storedEntry struct {
	Entry
	labels, model string
	err           error
}

// decoders decode what they are sent, on every processor, until wait is called.
func decoders() (decode chan<- *storedEntry, wait func()) {
	var (
		work    = make(chan *storedEntry, 64)
		running sync.WaitGroup
	)
	for range runtime.GOMAXPROCS(0) {
		running.Go(func() {
			for e := range work {
				e.err = unmarshalQuestion(&e.Question, e.labels, e.model)
				e.labels, e.model = "", ""
			}
		})
	}
	return work, func() { close(work); running.Wait() }
}

func unmarshalQuestion(q *bank.Question, labels, model string) error {
	if err := fromJSON([]byte(labels), &q.Labels); err != nil {
		return fmt.Errorf("labels of question %s: %w", q.ID, err)
	}
	if err := fromJSON([]byte(model), &q.Body); err != nil {
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
