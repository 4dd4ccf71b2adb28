package admin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"rehearse/bank"
	"rehearse/handbook"
	"rehearse/markdown"
	"rehearse/store"
)

// Desk is the authors' side of a content folder: it loads the folder when it is told to, and remembers what came of it.
// Its methods may be called from many goroutines; loads wait for each other.
type Desk struct {
	root      fs.FS
	reader    *bank.Reader
	handbook  *handbook.Reader
	publisher *Publisher // nil when nothing is published
	tell      func(*Loading)

	mu      sync.Mutex // held by a load
	pause   func()     // see rest
	sum     string     // of the folder and the program before the first load; "" when it is unknown
	serve   func(context.Context) error
	good    map[string]goodTopic // by file
	program string
	last    atomic.Pointer[Loading]

	// Of a folder that was left unread at the start, since the store has what is in it:
	later  atomic.Bool           // nothing was loaded yet
	unread atomic.Bool           // nothing was even read
	early  func() *handbook.Book // without its questions
	bank   string                // the id of what is live
	since  time.Time
}

// goodTopic is a topic as it was when its file had no error.
type goodTopic struct {
	bank.Topic
	at time.Time
}

// NewDesk returns the desk of a content folder. Without a store nothing is published: the folder is only looked at. Tell
// is called after each load, and may be nil.
func NewDesk(root fs.FS, st *store.Store, tell func(*Loading)) *Desk {
	d := &Desk{pause: func() {}, root: root, reader: bank.NewReader(root), handbook: handbook.NewReader(root), tell: tell, good: map[string]goodTopic{}}
	if st != nil {
		d.publisher = NewPublisher(st)
	}
	d.last.Store(&Loading{Handbook: &handbook.Book{}, next: make(chan struct{})})
	return d
}

// Serve says what lets readers have a load that was published.
func (d *Desk) Serve(serve func(context.Context) error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.serve = serve
}

// Loading is a content folder as it was read at one time, and what came of it. It is never changed.
type Loading struct {
	At       time.Time
	Took     time.Duration
	Version  string // another one when anything is different
	Bank     bank.Bank
	Findings []markdown.Finding
	Topics   []DeskTopic // every topic that there is something to show of
	Handbook *handbook.Book
	Recorded Recorded

	Report  Report       // what publishing changed
	Refused *RetireError // nothing was published: too much would be retired
	Err     error        // the folder could not be read or published

	root  fs.FS
	texts map[string][]byte                  // of all topic files and those of the handbook, by path; nil for one that has to be read
	body  func(id string) (bank.Body, error) // of a question of which Topics has the head alone
	next  chan struct{}
}

// DeskTopic is a topic as authors see it.
type DeskTopic struct {
	bank.Topic
	Since time.Time // the file is broken, and this is how it was then; zero for one that is as it should be
}

// Has reports whether there is a file at this path.
func (l *Loading) Has(file string) bool {
	_, ok := l.texts[file]
	return ok
}

// Text returns a file, with LF as its line ends; false when there is no such file. Of one that was published it is the text that the
// file has now.
func (l *Loading) Text(file string) ([]byte, bool) {
	text, ok := l.texts[file]
	if !ok || text != nil {
		return text, ok
	}
	data, err := fs.ReadFile(l.root, file)
	src, _ := markdown.Open(file, data)
	return src.Data, err == nil
}

// Body returns the body of a question of which Topics has the head alone.
func (l *Loading) Body(id string) (bank.Body, error) { return l.body(id) }

// Errors returns how many findings keep a file from being loaded.
func (l *Loading) Errors() (n int) {
	for _, f := range l.Findings {
		if f.Severity == markdown.Error {
			n++
		}
	}
	return n
}

// Next is closed when there is a later loading that differs.
func (l *Loading) Next() <-chan struct{} { return l.next }

// Last returns the latest loading. A folder that was left unread at the start is read now; nothing of it is published, so
// what is live stays what it is until somebody asks for a load.
func (d *Desk) Last() *Loading {
	if d.unread.Load() {
		d.look(context.Background())
	}
	return d.last.Load()
}

// Peek returns the latest loading, without reading anything: it is empty for a folder that was left unread.
func (d *Desk) Peek() *Loading { return d.last.Load() }

// Handbook returns the handbook as it is now.
func (d *Desk) Handbook() *handbook.Book {
	if d.later.Load() {
		return d.early()
	}
	return d.last.Load().Handbook
}

// Load reads the folder, publishes it and lets readers have it. What went wrong is in the loading. Retiring says that any
// number of questions may be retired.
func (d *Desk) Load(ctx context.Context, retiring bool) (l *Loading) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.serve == nil {
		return d.load(ctx, retiring)
	}
	r := &rest{since: time.Now()}
	d.reader.Begin, d.publisher.begin, d.publisher.between = r.begin, r.begin, r.between
	done := make(chan struct{})
	go func() { // whose thread may be put behind others for good
		defer close(done)
		d.pause = r.begin()
		l = d.load(ctx, retiring)
	}()
	<-done
	return l
}

func (d *Desk) load(ctx context.Context, retiring bool) *Loading {
	before := d.before(ctx)
	l := d.begin(before)
	d.publish(ctx, l, retiring)
	if errors.Is(l.Err, errHeadsAlone) {
		begin := d.reader.Begin
		d.reader = bank.NewReader(d.root)
		d.reader.Begin = begin
		l = d.begin(before)
		d.publish(ctx, l, retiring)
	}
	d.end(l, before)
	d.later.Store(false)
	if d.tell != nil {
		d.tell(l)
	}
	return l
}

// begin reads the folder. One that cannot be read is as it was.
func (d *Desk) begin(before *Loading) *Loading {
	l := &Loading{At: time.Now(), root: d.root, next: make(chan struct{})}
	if d.publisher != nil {
		l.body = d.publisher.body
	}
	served := d.Handbook()
	if l.Err = d.read(l, served); l.Err != nil {
		l.Bank, l.Topics, l.texts, l.body, l.Recorded, l.Handbook = before.Bank, before.Topics, before.texts, before.body, before.Recorded, served
	}
	return l
}

// end makes a loading the latest one.
func (d *Desk) end(l, before *Loading) {
	l.Took = time.Since(l.At)
	l.Version = d.version(l)
	d.last.Store(l)
	d.unread.Store(false)
	if l.Version == before.Version {
		l.next = before.next // those who wait for a change go on waiting
	} else {
		close(before.next)
	}
}

func (d *Desk) read(l *Loading, earlier *handbook.Book) (err error) {
	if d.publisher == nil { // a preview is to say all that can be said; a server is to be quick
		l.Bank, l.Findings, err = d.reader.Lint(l.At)
	} else {
		l.Bank, l.Findings, err = d.reader.Read()
	}
	if err != nil {
		return fmt.Errorf("read the content: %w", err)
	}
	l.Recorded = ReadRecorded(d.root)
	l.texts = d.reader.Texts()
	whole := map[string]bool{}
	for _, t := range l.Bank.Topics {
		d.good[t.File] = goodTopic{t, l.At}
		l.Topics = append(l.Topics, DeskTopic{Topic: t})
		whole[t.ID] = true
	}
	for _, f := range l.Bank.Broken {
		if t, ok := d.good[f.File]; ok && !whole[t.ID] {
			l.Topics = append(l.Topics, DeskTopic{t.Topic, t.at})
		}
	}
	for file := range d.good {
		if !l.Has(file) {
			delete(d.good, file)
		}
	}
	return d.readHandbook(l, earlier)
}

// ErrNoBank is returned for a folder that does not say whose questions it holds.
var ErrNoBank = errors.New(`the content folder has no usable bank.yaml; create one with the lines "id: my-bank", "title: My questions" and "license: CC-BY-4.0"`)

// publish publishes what was read, if it could be read and there is a store. What went wrong is in the loading.
func (d *Desk) publish(ctx context.Context, l *Loading, retiring bool) {
	switch {
	case l.Err != nil || d.publisher == nil:
		return
	case l.Bank.ID == "":
		l.Err = ErrNoBank
		return
	}
	d.pause()
	makeHeads(l.Bank.Topics)
	l.Report, l.Err = d.publisher.Publish(ctx, l.Bank, retiring)
	if errors.As(l.Err, &l.Refused) {
		l.Err = nil
		return
	}
	if l.Err == nil {
		l.Err = d.serveNow(ctx)
	}
	if l.Err == nil {
		l.Err = d.remember(ctx, l)
	}
	if l.Err == nil {
		d.letGo(l)
	}
}

// serveNow lets readers have what was published.
func (d *Desk) serveNow(ctx context.Context) error {
	if c := d.publisher.last.catalog; c != nil {
		d.publisher.store.Offer(c)
	}
	if d.serve == nil {
		return nil
	}
	return d.serve(ctx)
}

// makeHeads makes the heads of topics that have none, which readers, the desk and the publisher then share. Those of many questions
// are put close together: they would lie among all that was needed to read them, and keep its pages.
func makeHeads(topics []bank.Topic) {
	var fresh []*bank.Head
	for i := range topics {
		if t := &topics[i]; t.Heads == nil {
			t.Heads = t.AllHeads()
			fresh = append(fresh, t.Heads...)
		}
	}
	const many = 1000
	if len(fresh) < many {
		return
	}
	close := map[*bank.Head]*bank.Head{}
	for i, h := range store.Together(fresh) {
		close[fresh[i]] = h
	}
	for _, t := range topics {
		for i, h := range t.Heads {
			if together := close[h]; together != nil {
				t.Heads[i] = together
			}
		}
	}
}

// letGo forgets of a loading what the store has now: of 10,000 questions 100 MB.
func (d *Desk) letGo(l *Loading) {
	d.reader.LetGo(&l.Bank)
	for i, t := range l.Bank.Topics { // those of l.Topics come in the same order, before others
		l.Topics[i].Topic = t
		if t.Lean() {
			d.good[t.File] = goodTopic{t, l.At}
			l.texts[t.File] = nil
		}
	}
}

// version returns a hash over all that can be seen of a loading.
func (d *Desk) version(l *Loading) string {
	h := sha256.New()
	fmt.Fprintln(h, d.reader.Sum(), l.Bank.ID, l.Bank.Title, l.Bank.License, l.Recorded, l.Refused, l.Err)
	for _, f := range l.Findings {
		fmt.Fprintln(h, f)
	}
	for _, t := range l.Topics {
		fmt.Fprintln(h, t.ID, t.Sum, t.Since)
	}
	for _, file := range slices.Sorted(maps.Keys(l.Handbook.Texts)) {
		fmt.Fprintln(h, file, l.Handbook.Texts[file])
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}
