package practice_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rehearse/admin"
	"rehearse/bank"
	"rehearse/practice"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/store"
	"rehearse/store/storetest"
)

// handClock is moved by hand.
type handClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// testing.T or rapid.T.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// world is a server with its database file, its authors' questions and a clock.
type world struct {
	tester
	path      string
	clock     *handClock
	st        *store.Store
	svc       *practice.Service
	questions []question
}

// question is what an author changes.
type question struct {
	id, topic    string
	kind         bank.Kind
	use          []bank.Use
	key, wording int // counted up by edits
	parts        int // of a cloze question
	out          bool
	version      int
	body         string // what stays when the id changes; "" is the id
	aliases      []string
	corrected    []bank.Correction
	wrong        []int // the keys before each correction
}

// correct changes the key and says that the old one was wrong.
func (q *question) correct() {
	q.wrong = append(q.wrong, q.key)
	q.corrected = append(slices.Clone(q.corrected), bank.Correction{Date: "2026-03-11", Reason: fmt.Sprintf("key %d was wrong", q.key)})
	q.key++
}

// revert takes the last correction back.
func (q *question) revert() {
	if last := len(q.wrong) - 1; last >= 0 {
		q.key, q.wrong, q.corrected = q.wrong[last], q.wrong[:last], q.corrected[:last:last]
	}
}

// rename gives the question another id; with an alias the wording may change along, without it the body tells.
func (q *question) rename(id string, alias bool) {
	if q.body == "" {
		q.body = q.id
	}
	if alias {
		q.aliases = append(slices.Clone(q.aliases), q.id)
		q.wording++
	}
	q.id = id
}

var (
	everywhere = []bank.Use{bank.UseQuiz, bank.UseCard}
	quizOnly   = []bank.Use{bank.UseQuiz}
)

// standard is the bank that most tests begin with.
func standard() []question {
	return []question{
		{id: "single", topic: "alpha", kind: bank.Single, use: everywhere},
		{id: "multiple", topic: "alpha", kind: bank.Multiple, use: everywhere},
		{id: "cloze", topic: "beta", kind: bank.Cloze, use: everywhere, parts: 2},
		{id: "open", topic: "beta", kind: bank.Card, use: everywhere},
		{id: "text", topic: "beta", kind: bank.Text, use: quizOnly},
	}
}

// six are as many questions as a quiz needs for item statistics.
func six() (qs []question) {
	for i := range progress.MinOthers + 1 {
		qs = append(qs, question{id: fmt.Sprintf("one-of-six-%d", i), topic: "gamma", kind: bank.Single, use: quizOnly})
	}
	return qs
}

// answerSix answers a whole quiz of them.
func (w *world) answerSix(a practice.Actor) {
	w.Helper()
	var ids []string
	for _, q := range six() {
		ids = append(ids, q.id)
	}
	slug := w.quiz(a, quiz.Practice, 0, ids...)
	for _, id := range ids {
		w.answer(a, slug, id, right)
	}
}

func rich(format string, args ...any) bank.Rich {
	text := fmt.Sprintf(format, args...)
	return bank.Rich{Text: text, HTML: text}
}

// build returns the question as package bank would read it. An edit of the key keeps what is shown, and the other way
// round.
func (q question) build(line int) bank.Question {
	out := bank.Question{ID: q.id, Topic: q.topic, File: q.topic + ".md", Line: line}
	out.Level, out.Difficulty, out.Points, out.Use = "mid", "easy", 1, q.use
	out.Kind, out.Title = q.kind, rich("%s, wording %d", q.id, q.wording)
	out.Version, out.Aliases, out.Corrected = q.version, q.aliases, q.corrected
	switch q.kind {
	case bank.Single, bank.Multiple:
		for i := range 3 {
			right := i == q.key%3 || q.kind == bank.Multiple && i == (q.key+1)%3
			out.Choices = append(out.Choices, bank.Choice{ID: fmt.Sprintf("choice-%d", i), Text: rich("choice %d", i), Right: right})
		}
		out.Partial = q.kind == bank.Multiple
	case bank.Cloze:
		for i := range q.parts {
			out.Blanks = append(out.Blanks, bank.Blank{Card: i + 1, Answer: fmt.Sprintf("blank %d of key %d", i+1, q.key)})
		}
	case bank.Text:
		out.Accept = []bank.Entry{{Literal: fmt.Sprintf("key %d", q.key)}}
	case bank.SQL:
		out.Setups = []bank.Rich{rich("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)"), rich("CREATE TABLE t (a)")}
		out.Query = rich("SELECT a + %d AS a FROM t", q.key)
	case bank.Card:
		out.Answer = rich("answer %d", q.key)
	}
	body := cmp.Or(q.body, q.id)
	out.BodyHash = hash(body, q.kind, q.wording, q.key, q.parts)
	out.KeyHash = hash(body, q.kind, q.key, q.parts)
	return out
}

func hash(values ...any) string {
	sum := sha256.Sum256([]byte(fmt.Sprint(values...)))
	return hex.EncodeToString(sum[:])
}

func newWorld(t testing.TB, questions ...question) *world {
	t.Helper()
	w := makeWorld(t, storetest.Database(t), questions)
	t.Cleanup(func() { w.st.Close() })
	return w
}

func makeWorld(t tester, path string, questions []question) *world {
	t.Helper()
	w := &world{
		tester: t, path: path, questions: questions,
		clock: &handClock{now: time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)},
	}
	w.openStore()
	w.publish()
	w.clock.add(time.Second) // the load took a moment after the last entry
	w.start()
	return w
}

func (w *world) openStore() {
	w.Helper()
	st, err := store.Open(context.Background(), w.path, store.Options{Clock: w.clock.Now, CheckMemory: true})
	w.must(err)
	w.st = st
}

func (w *world) start() {
	w.Helper()
	svc, err := practice.New(context.Background(), w.st, pool, "test")
	w.must(err)
	w.svc = svc
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatalf("%v", err)
	}
}

func (w *world) wantErr(doing string, got, want error) {
	w.Helper()
	if !errors.Is(got, want) {
		w.Errorf("%s: error %v, want %v", doing, got, want)
	}
}

// publish loads the questions that are not out.
func (w *world) publish() {
	w.Helper()
	b := bank.Bank{ID: "test", Title: "Test"}
	topics := map[string]*bank.Topic{}
	for i, q := range w.questions {
		if q.out {
			continue
		}
		if topics[q.topic] == nil {
			topics[q.topic] = &bank.Topic{ID: q.topic, Title: q.topic, Lang: "en", File: q.topic + ".md"}
		}
		topics[q.topic].Questions = append(topics[q.topic].Questions, q.build(i+1))
	}
	for _, t := range topics {
		b.Topics = append(b.Topics, *t)
	}
	slices.SortFunc(b.Topics, func(x, y bank.Topic) int { return cmp.Compare(x.ID, y.ID) })
	_, err := admin.Publish(context.Background(), w.st, b)
	w.must(err)
	if w.svc != nil {
		w.must(w.svc.Reload(context.Background()))
	}
}

// edit changes a question and publishes.
func (w *world) edit(id string, change func(*question)) {
	w.Helper()
	i := slices.IndexFunc(w.questions, func(q question) bool { return q.id == id })
	change(&w.questions[i])
	w.publish()
}

func (w *world) view(fn func(*store.Tx) error) {
	w.Helper()
	w.must(w.st.View(context.Background(), fn))
}

// visitor returns somebody who was never here.
func (w *world) visitor() practice.Actor {
	session := sha256.Sum256([]byte(fmt.Sprint(time.Now().UnixNano(), w.clock.now)))
	return practice.Actor{
		User:    store.User{Settings: progress.Settings{Zone: "UTC", Rollover: 4}, NewPerDay: store.DefaultNewPerDay},
		Session: session[:],
	}
}

// candidate returns somebody who has written before.
func (w *world) candidate() practice.Actor {
	w.Helper()
	a := w.visitor()
	u, err := w.svc.PutSettings(context.Background(), a, a.User)
	w.must(err)
	return practice.Actor{User: u}
}

// quiz starts an attempt with all questions of the given ids, or with all.
func (w *world) quiz(a practice.Actor, mode quiz.Mode, limit time.Duration, ids ...string) string {
	w.Helper()
	slug, _, err := w.svc.StartQuiz(context.Background(), a, practice.NewQuiz{
		Title: "Test", Mode: mode, Limit: limit, Filter: quiz.Filter{Questions: ids, Count: 50},
	})
	w.must(err)
	return slug
}

func (w *world) attempt(a practice.Actor, slug string) *store.Attempt {
	w.Helper()
	var at *store.Attempt
	w.view(func(tx *store.Tx) (err error) {
		at, err = tx.Attempt(a.User.ID, slug, w.svc.Catalog())
		return err
	})
	return at
}

// position returns where a question stands in an attempt.
func (w *world) position(a practice.Actor, slug, id string) int {
	w.Helper()
	items := w.attempt(a, slug).Items
	i := slices.IndexFunc(items, func(it quiz.Item) bool { return it.Question.ID == id })
	if i < 0 {
		w.Fatalf("attempt %s has no question %s", slug, id)
	}
	return i
}

func (w *world) answer(a practice.Actor, slug, id string, r func(bank.Question) quiz.Response) {
	w.Helper()
	position := w.position(a, slug, id)
	w.must(w.svc.Answer(context.Background(), a, slug, position, r(*w.attempt(a, slug).Items[position].Question)))
}

func right(q bank.Question) quiz.Response {
	r := quiz.Response{Text: "an answer"}
	for _, c := range q.Choices {
		if c.Right {
			r.Choices = append(r.Choices, c.ID)
		}
	}
	for _, b := range q.Blanks {
		r.Blanks = append(r.Blanks, b.Answer)
	}
	if len(q.Accept) > 0 {
		r.Text = q.Accept[0].Literal
	}
	if q.Kind == bank.SQL {
		r.Text = q.Query.Text
	}
	return r
}

func unsure(q bank.Question) quiz.Response {
	r := right(q)
	r.Unsure = true
	return r
}

func wrong(q bank.Question) quiz.Response {
	return quiz.Response{Text: "something else", Choices: []string{"no such choice"}, Blanks: make([]string, len(q.Blanks))}
}

// partly answers the first choice or blank right and no other.
func partly(q bank.Question) quiz.Response {
	r := right(q)
	r.Choices = r.Choices[:min(1, len(r.Choices))]
	for i := range r.Blanks {
		if i > 0 {
			r.Blanks[i] = ""
		}
	}
	return r
}

func (w *world) key(id string, part int) store.CardKey {
	w.Helper()
	var questions map[string]*store.Question // with the retired ones
	w.view(func(tx *store.Tx) (err error) {
		questions, err = tx.Questions(1)
		return err
	})
	return store.CardKey{Question: questions[id].ID, Part: part}
}

func (w *world) turn(a practice.Actor, key store.CardKey) practice.Turn {
	w.Helper()
	var turn practice.Turn
	w.view(func(tx *store.Tx) (err error) {
		turn, err = w.svc.Turn(tx, a.User, key)
		return err
	})
	return turn
}

func (w *world) today(a practice.Actor) practice.Today {
	w.Helper()
	var today practice.Today
	w.view(func(tx *store.Tx) (err error) {
		today, err = w.svc.Today(tx, a.User, practice.Selection{})
		return err
	})
	return today
}

func (w *world) state(a practice.Actor, id string) progress.State {
	w.Helper()
	var s progress.State
	w.view(func(tx *store.Tx) (err error) {
		s, err = tx.State(a.User.ID, w.key(id, 0).Question)
		return err
	})
	return s
}

func (w *world) log(a practice.Actor) []progress.Evidence {
	w.Helper()
	var log []progress.Evidence
	w.view(func(tx *store.Tx) (err error) {
		log, err = tx.Log(a.User.ID)
		return err
	})
	return log
}

// kinds returns the kinds of a log's entries, oldest first, without the settings at its beginning.
func (w *world) kinds(a practice.Actor) string {
	w.Helper()
	var kinds []string
	for _, e := range w.log(a)[1:] {
		kinds = append(kinds, string(e.Kind))
	}
	return strings.Join(kinds, " ")
}

var projections = []string{"question_progress", "cards", "topic_progress", "daily_activity", "item_scores"}

// dump returns the rows of tables as text, in the order in which they are kept: that of their keys.
func (w *world) dump(tables ...string) string {
	w.Helper()
	db, err := storetest.OpenTables(w.path)
	w.must(err)
	defer db.Close()
	var b strings.Builder
	for _, table := range tables {
		fmt.Fprintf(&b, "%s\n", table)
		rows, err := db.Query("SELECT * FROM " + table + storetest.InOrder(table))
		w.must(err)
		columns, err := rows.Columns()
		w.must(err)
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			w.must(rows.Scan(values...))
			for i := range values {
				if columns[i] == "stamp" { // a random one
					continue
				}
				fmt.Fprintf(&b, " %s=%v", columns[i], *values[i].(*any))
			}
			b.WriteByte('\n')
		}
		w.must(errors.Join(rows.Err(), rows.Close()))
	}
	return b.String()
}

// checkRebuild fails when a rebuild from nothing leads to other projections than the updates did, or when Check finds
// anything, before the last load has reached everybody or after.
func (w *world) checkRebuild() {
	w.Helper()
	w.checkFinds()
	w.must(w.svc.CatchUp(context.Background()))
	w.checkFinds()
	w.must(w.svc.ScoreItems(context.Background(), 0))
	live := w.dump(projections...)
	for _, table := range projections {
		w.exec("DELETE FROM " + table)
	}
	w.must(w.svc.Rebuild(context.Background(), quiet))
	if rebuilt := w.dump(projections...); live != rebuilt {
		w.Fatalf("a rebuild differs (-live +rebuilt):\n%s", diffLines(live, rebuilt))
	}
}

func quiet(string, int, int) {}

// checkFinds fails when Check does not find exactly one line for each of the given texts, with the text in it.
func (w *world) checkFinds(want ...string) {
	w.Helper()
	found, err := w.svc.Check(context.Background(), quiet)
	w.must(err)
	ok := len(found) == len(want)
	for i := 0; ok && i < len(want); i++ {
		ok = strings.Contains(found[i], want[i])
	}
	if !ok {
		w.Fatalf("Check found:\n%s\nwant lines with:\n%s", strings.Join(found, "\n"), strings.Join(want, "\n"))
	}
}

// exec changes the database behind the program's back.
func (w *world) exec(query string) {
	w.Helper()
	db, err := storetest.ChangeTables(w.path)
	w.must(err)
	_, err = db.Exec(query)
	w.must(errors.Join(err, db.Close()))
}

// diffLines returns the lines that only one of two texts has.
func diffLines(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	var out []string
	for _, line := range x {
		if !slices.Contains(y, line) {
			out = append(out, "-"+line)
		}
	}
	for _, line := range y {
		if !slices.Contains(x, line) {
			out = append(out, "+"+line)
		}
	}
	return strings.Join(out, "\n")
}

func settingsOf(e progress.Evidence) progress.Settings {
	var set progress.Settings
	_ = json.Unmarshal([]byte(e.Data), &set)
	return set
}
