// Package admin is what authors and the people who run a server do. Its methods read, decide and write in one
// transaction, as those of package practice do for candidates.
package admin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"rehearse/bank"
	"rehearse/progress"
	"rehearse/search"
	"rehearse/store"
)

// Report says what a load of content changed, as lists of question ids. An empty report means that nothing was written.
type Report struct {
	Bank       bool     `json:"bank,omitempty"` // its title or licence, or it is new
	Added      []string `json:"added,omitempty"`
	Edited     []string `json:"edited,omitempty"`     // wording or explanation; everybody's history is kept
	KeyChanged []string `json:"keyChanged,omitempty"` // cards are due now; old responses keep their score
	Corrected  []string `json:"corrected,omitempty"`  // the key was wrong; old responses are scored anew
	Reverted   []string `json:"reverted,omitempty"`   // a correction was taken back; so are its scores
	Reset      []string `json:"reset,omitempty"`      // the version was raised: memory starts anew
	Renamed    []Rename `json:"renamed,omitempty"`
	Moved      []string `json:"moved,omitempty"` // to another topic
	Retired    []string `json:"retired,omitempty"`
	Returned   []string `json:"returned,omitempty"`
	Relabelled []string `json:"relabelled,omitempty"` // tags, level, place in the file
	Topics     []string `json:"topics,omitempty"`     // ids of topics added, edited or retired
}

// Rename says that a question has another id now.
type Rename struct {
	From   string `json:"from"`
	To     string `json:"to"`
	Joined bool   `json:"joined,omitempty"` // both had a history, which is one now
}

// Empty reports whether nothing changed.
func (r Report) Empty() bool { return reflect.ValueOf(r).IsZero() }

// Publish makes the bank the live content, in one transaction. Questions of broken files stay as they are; questions of
// this bank that are nowhere in it are retired. A second load of the same content writes nothing. A load that would retire
// much of the bank is refused with a RetireError.
func Publish(ctx context.Context, st *store.Store, b bank.Bank) (Report, error) {
	return NewPublisher(st).Publish(ctx, b, false)
}

// PublishRetiring is Publish for a load that may retire any number of questions.
func PublishRetiring(ctx context.Context, st *store.Store, b bank.Bank) (Report, error) {
	return NewPublisher(st).Publish(ctx, b, true)
}

// errHeadsAlone is returned for a bank whose reader has let go of what the store, after another load, may no longer have.
var errHeadsAlone = errors.New("the load before is not known any more: all has to be read anew")

// Publisher publishes one content folder again and again. It remembers what it has published, so that topics which did
// not change cost nothing. Several goroutines may use it; they wait for each other.
type Publisher struct {
	store *store.Store
	mu    sync.Mutex
	last  *published
	live  map[string]int64 // revisions of the questions that were live before the first load, by id

	begin   func() func() // see rest; nil while nobody is served
	between func()        // the same, in the store's own goroutine
}

// published is the content of a bank after a load, as it is in the store.
type published struct {
	bank      string
	load      int64 // the latest load then: with another one in the store, all this is out of date
	topics    map[string]store.Topic
	questions map[string]*store.Question // never changed
	sums      map[string]string          // bank.Topic.Sum by topic; a broken one may lose questions to others and has none
	catalog   *store.Catalog             // what readers have of it; nil when it has to be read
}

// NewPublisher returns a publisher that has to look at everything the first time.
func NewPublisher(st *store.Store) *Publisher { return &Publisher{store: st} }

// Publish makes the bank the live content, as the function Publish does. With retiring it may retire any number of
// questions.
func (pub *Publisher) Publish(ctx context.Context, b bank.Bank, retiring bool) (Report, error) {
	if b.ID == "" { // the manifest could not be read; nothing says whose questions these are
		return Report{}, errors.New("publish: the bank has no id")
	}
	pub.mu.Lock()
	defer pub.mu.Unlock()
	texts, err := pub.textsOf(b)
	if err != nil {
		return Report{}, err
	}
	var done *publication
	err = pub.store.UpdateAlone(ctx, func(tx *store.Tx) error {
		p := &publication{tx: tx, bank: b, retiring: retiring, last: pub.last, texts: texts, words: map[int64]*bank.Question{}, stemmer: search.Stemmer{}, between: pub.between}
		done = p
		return p.run()
	})
	if err != nil {
		return Report{}, fmt.Errorf("publish bank %s: %w", b.ID, err)
	}
	pub.last, pub.live = done.result(pub.store), nil
	return done.report, nil
}

// textsOf makes on every processor what is written down of questions that are new, as far as can be told.
func (pub *Publisher) textsOf(b bank.Bank) (map[string]store.Text, error) {
	var fresh []*bank.Question
	for _, t := range b.Topics {
		for i := range t.Questions {
			if q := &t.Questions[i]; pub.last == nil || pub.last.questions[q.ID] == nil {
				fresh = append(fresh, q)
			}
		}
	}
	made, errs := make([]store.Text, len(fresh)), make([]error, len(fresh))
	stemmers := sync.Pool{New: func() any { return search.Stemmer{} }}
	bank.Each(len(fresh), pub.begin, func(i int, between func()) {
		stemmer := stemmers.Get().(search.Stemmer)
		defer stemmers.Put(stemmer)
		made[i], errs[i] = store.TextOf(fresh[i], stemmer)
		if between != nil {
			between()
		}
	})
	texts := make(map[string]store.Text, len(fresh))
	for i, q := range fresh {
		texts[q.ID] = made[i]
	}
	return texts, errors.Join(errs...)
}

// found notes what is live before the first load.
func (pub *Publisher) found(live *store.Catalog) {
	pub.mu.Lock()
	defer pub.mu.Unlock()
	pub.live = map[string]int64{}
	for l := range live.Everything() {
		pub.live[l.Head.ID] = l.RevisionID
	}
}

// body returns the body of a question as it was last published.
func (pub *Publisher) body(id string) (bank.Body, error) {
	pub.mu.Lock()
	revision := pub.live[id]
	if pub.last != nil {
		if q := pub.last.questions[id]; q != nil {
			revision = q.Revision
		}
	}
	pub.mu.Unlock()
	return pub.store.Body(revision)
}

// remember notes with the latest load that what it left is what is read from a folder with this sum.
func (pub *Publisher) remember(ctx context.Context, sum string) error {
	pub.mu.Lock()
	defer pub.mu.Unlock()
	return pub.store.Update(ctx, func(tx *store.Tx) error { return tx.SetContentSum(pub.last.load, sum) })
}

// publication is one load while it runs.
type publication struct {
	tx        *store.Tx
	bank      bank.Bank
	retiring  bool       // any number of questions
	last      *published // the load before, nil when it is unknown or no longer what is stored
	bankID    int64
	before    int64 // the latest load
	topics    map[string]store.Topic
	questions map[string]*store.Question // themselves never changed
	inOrder   []*bank.Head               // of the load
	present   map[string]*bank.Head      // the same, by id
	searched  map[int64]bool             // questions whose words the search has, when the load before is not known
	texts     map[string]store.Text      // made before, of questions that seemed new, by id
	fresh     []newQuestion
	words     map[int64]*bank.Question // known ones whose words the search is to have, by key
	stemmer   search.Stemmer
	live      int   // questions before the load
	load, at  int64 // of the load's own row, once something changed
	report    Report
	between   func() // see rest; nil while nobody is served
}

// result returns what is published once the load is committed.
func (p *publication) result(st *store.Store) *published {
	r := &published{bank: p.bank.ID, load: max(p.before, p.load), topics: p.topics, questions: p.questions, sums: map[string]string{}}
	for _, t := range p.bank.Topics {
		r.sums[t.ID] = t.Sum
	}
	if r.catalog = p.earlier(); p.load > 0 {
		r.catalog = p.catalog(st, r.catalog)
	}
	return r
}

// earlier returns the catalog of the load before, nil when it is not known.
func (p *publication) earlier() *store.Catalog {
	if p.last == nil {
		return nil
	}
	return p.last.catalog
}

// catalog returns what readers have of the load, nil when it has to be read: what broken files held is known from the load before
// alone.
func (p *publication) catalog(st *store.Store, before *store.Catalog) *store.Catalog {
	var (
		topics    []store.Topic
		questions = make([]store.Loaded, 0, len(p.questions))
		held      map[int64]*bank.Head
	)
	for _, t := range p.topics {
		if t.Live {
			topics = append(topics, t)
		}
	}
	add := func(q *store.Question, head *bank.Head) {
		questions = append(questions, store.Loaded{ID: q.ID, Topic: q.Topic, Revision: q.Revision, Sort: q.Sort, Head: head})
	}
	for _, head := range p.inOrder { // they are sorted quickly, since this is nearly their order
		add(p.questions[head.ID], head)
	}
	for slug, q := range p.questions {
		if !q.Live || p.has(slug) {
			continue
		}
		if held == nil {
			held = headsOf(before)
		}
		head := held[q.ID]
		if head == nil {
			return nil
		}
		add(q, head)
	}
	return st.LoadedCatalog(p.bankID, p.load, p.bank, topics, questions)
}

func (p *publication) run() error {
	var err error
	if p.bankID, p.report.Bank, err = p.tx.PutBank(p.bank); err != nil {
		return err
	}
	if err := p.recall(); err != nil {
		return err
	}
	if slices.ContainsFunc(p.bank.Topics, func(t bank.Topic) bool { return t.Lean() && !p.asBefore(t) }) {
		return errHeadsAlone
	}
	p.present = make(map[string]*bank.Head, p.bank.Size())
	for _, t := range p.bank.Topics {
		heads := t.AllHeads()
		for i := range heads {
			p.inOrder = append(p.inOrder, heads[i])
			p.present[heads[i].ID] = heads[i]
		}
	}
	for _, q := range p.questions {
		if q.Live {
			p.live++
		}
	}
	if err := p.rename(); err != nil {
		return err
	}
	for _, t := range p.bank.Topics {
		if err := p.publishTopic(t); err != nil {
			return fmt.Errorf("topic %s: %w", t.ID, err)
		}
	}
	if err := p.add(); err != nil {
		return err
	}
	if err := p.retire(); err != nil {
		return err
	}
	words := make(map[int64]*store.Words, len(p.words))
	for key, q := range p.words {
		words[key] = store.WordsOf(q, p.stemmer)
	}
	if err := p.tx.PutSearched(words); err != nil {
		return err
	}
	if p.last == nil || len(p.report.Retired)+len(p.report.Renamed) > 0 {
		if err := p.tx.DropRetiredSearched(p.bankID); err != nil {
			return err
		}
	}
	return p.describe()
}

// headsOf returns the heads of all questions of a catalog by key; it may be nil.
func headsOf(c *store.Catalog) map[int64]*bank.Head {
	heads := map[int64]*bank.Head{}
	if c != nil {
		for l := range c.Everything() {
			heads[l.ID] = l.Head
		}
	}
	return heads
}

// recall reads what is published: from memory, when nobody has loaded anything since.
func (p *publication) recall() (err error) {
	if p.before, err = p.tx.LastContentLoad(p.bankID); err != nil {
		return err
	}
	if p.last != nil && p.last.bank == p.bank.ID && p.last.load == p.before {
		p.topics, p.questions = maps.Clone(p.last.topics), maps.Clone(p.last.questions)
		return nil
	}
	p.last = nil
	if p.searched, err = p.tx.Searched(p.bankID); err != nil {
		return err
	}
	if p.topics, err = p.tx.Topics(p.bankID); err != nil {
		return err
	}
	p.questions, err = p.tx.Questions(p.bankID)
	return err
}

// asBefore reports whether a topic is what the load before published.
func (p *publication) asBefore(t bank.Topic) bool {
	return p.last != nil && t.Sum != "" && p.last.sums[t.ID] == t.Sum
}

func (p *publication) publishTopic(t bank.Topic) error {
	have := p.topics[t.ID]
	want := store.Topic{
		ID: have.ID, Slug: t.ID, Title: t.Title, Description: t.Description, Lang: t.Lang, License: t.License,
		Sort: t.Order, File: t.File, Intro: t.Intro, Live: true,
	}
	if have != want {
		id, err := p.tx.PutTopic(p.bankID, want)
		if err != nil {
			return err
		}
		want.ID = id
		p.topics[t.ID] = want
		p.report.Topics = append(p.report.Topics, t.ID)
	}
	if p.asBefore(t) {
		return nil
	}
	for i := range t.Questions {
		if p.between != nil {
			p.between()
		}
		q := &t.Questions[i]
		if err := p.publishQuestion(want.ID, i, q); err != nil {
			return fmt.Errorf("question %s: %w", q.ID, err)
		}
	}
	return nil
}

func (p *publication) publishQuestion(topic int64, sort int, q *bank.Question) error {
	var have store.Question
	head, known := p.present[q.ID], p.questions[q.ID]
	if known != nil {
		have = *known
	}
	want := store.Question{
		ID: have.ID, Slug: head.ID, Topic: topic, Revision: have.Revision, BodyHash: head.BodyHash, KeyHash: head.KeyHash,
		File: head.File, Line: q.Line, Sort: sort, Labels: &head.Labels, Live: true, Load: have.Load,
	}
	if known == nil {
		p.fresh = append(p.fresh, newQuestion{want, q})
		return nil
	}
	var (
		rendered bool
		err      error
	)
	if want.Revision, rendered, err = p.tx.PutRevision(want.ID, q); err != nil {
		return err
	}
	same, err := equal(have, want)
	if err != nil {
		return err
	}
	if !same || rendered {
		if err := p.begin(); err != nil {
			return err
		}
		want.Load = p.load
		if err := p.tx.PutQuestion(want); err != nil {
			return err
		}
	}
	if same && rendered {
		p.report.Edited = append(p.report.Edited, q.ID)
	}
	if !same || rendered || p.last == nil && !p.searched[want.ID] && !q.Secret() {
		p.words[want.ID] = q
	}
	p.questions[head.ID] = &want
	return p.note(have, want, same)
}

// newQuestion is a question that nobody knew before.
type newQuestion struct {
	row      store.Question
	question *bank.Question
}

// add adds the new questions, after the known ones: their keys are dealt out here.
func (p *publication) add() error {
	if len(p.fresh) == 0 {
		return nil
	}
	if err := p.begin(); err != nil {
		return err
	}
	questions, err := p.tx.NewQuestions(p.bankID, p.load, p.at)
	if err != nil {
		return err
	}
	rows := make([]store.Question, len(p.fresh)) // in one piece: they stay, and most of what lies beside each does not
	for i, n := range p.fresh {
		if p.between != nil {
			p.between()
		}
		text, ok := p.texts[n.row.Slug]
		if !ok {
			if text, err = store.TextOf(n.question, p.stemmer); err != nil {
				return err
			}
		}
		if rows[i], err = questions.Add(n.row, text); err != nil {
			return err
		}
		p.questions[n.row.Slug] = &rows[i]
		p.report.Added = append(p.report.Added, n.row.Slug)
	}
	return questions.End()
}

// equal compares two questions as they are stored, where an empty list is no list.
func equal(a, b store.Question) (bool, error) {
	x, err := json.Marshal(a)
	if err != nil {
		return false, err
	}
	y, err := json.Marshal(b)
	return bytes.Equal(x, y), err
}

// note puts on record how a known question changed.
func (p *publication) note(have, want store.Question, same bool) error {
	if !have.Live {
		if err := p.event(progress.Returned, want, &p.report.Returned); err != nil {
			return err
		}
	} else if have.Topic != want.Topic {
		if err := p.event(progress.Moved, want, &p.report.Moved); err != nil {
			return err
		}
	}
	switch {
	case have.KeyHash != want.KeyHash:
		if err := p.changeKey(have, want); err != nil {
			return err
		}
	case have.BodyHash != want.BodyHash:
		p.report.Edited = append(p.report.Edited, want.Slug)
	case !same && have.Live && have.Topic == want.Topic:
		p.report.Relabelled = append(p.report.Relabelled, want.Slug)
	}
	if version(want) > version(have) {
		return p.event(progress.Reset, want, &p.report.Reset)
	}
	return nil
}

// version returns the version of a question; one that the author did not write is the first.
func version(q store.Question) int { return max(1, q.Labels.Version) }

// retire takes out of use what is nowhere in the bank. What a broken file held, or may have held, is spared.
func (p *publication) retire() error {
	live := map[int64]bool{} // topics that still have questions
	for _, t := range p.bank.Topics {
		live[p.topics[t.ID].ID] = true
	}
	var gone []store.Question
	for slug, q := range p.questions {
		switch {
		case !q.Live || p.has(slug):
		case p.spared(q):
			live[q.Topic] = true
		default:
			gone = append(gone, *q)
		}
	}
	slices.SortFunc(gone, func(a, b store.Question) int { return strings.Compare(a.Slug, b.Slug) })
	if err := p.guard(gone); err != nil {
		return err
	}
	for _, q := range gone {
		if err := p.begin(); err != nil {
			return err
		}
		q.Live, q.Load = false, p.load
		p.questions[q.Slug] = &q
		if err := p.tx.PutQuestion(q); err != nil {
			return err
		}
		if err := p.event(progress.Retired, q, &p.report.Retired); err != nil {
			return err
		}
	}
	for _, slug := range slices.Sorted(maps.Keys(p.topics)) {
		t := p.topics[slug]
		if !t.Live || live[t.ID] {
			continue
		}
		t.Live = false
		p.topics[slug] = t
		if _, err := p.tx.PutTopic(p.bankID, t); err != nil {
			return err
		}
		p.report.Topics = append(p.report.Topics, slug)
	}
	return nil
}

func (p *publication) spared(q *store.Question) bool {
	return slices.ContainsFunc(p.bank.Broken, func(f bank.BrokenFile) bool {
		return f.File == q.File || f.Topic != "" && p.topics[f.Topic].ID == q.Topic || slices.Contains(f.Questions, q.Slug)
	})
}

// has reports whether the load has a question with this id.
func (p *publication) has(slug string) bool {
	_, ok := p.present[slug]
	return ok
}

// event appends to the question's log and to a list of the report.
func (p *publication) event(kind progress.QuestionEventKind, q store.Question, list *[]string) error {
	*list = append(*list, q.Slug)
	_, err := p.append(kind, q, 0)
	return err
}

// append appends to the question's log and returns the entry's seq.
func (p *publication) append(kind progress.QuestionEventKind, q store.Question, other int64) (int64, error) {
	if err := p.begin(); err != nil {
		return 0, err
	}
	return p.tx.AppendQuestionEvent(p.load, progress.QuestionEvent{
		Question: q.ID, At: p.at, Kind: kind, Topic: q.Topic, Revision: q.Revision, Other: other,
	})
}

// begin stores the load's own row, once.
func (p *publication) begin() (err error) {
	if p.load == 0 {
		p.load, p.at, err = p.tx.AddContentLoad(p.bankID)
	}
	return err
}

func (p *publication) describe() error {
	if p.report.Empty() {
		return nil
	}
	if err := p.begin(); err != nil {
		return err
	}
	summary, err := json.Marshal(p.report)
	if err != nil {
		return err
	}
	return p.tx.DescribeContentLoad(p.load, string(summary))
}
