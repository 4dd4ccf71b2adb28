package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
)

// On PostgreSQL the updates of single candidates that wait at the same time share a transaction, as all do on SQLite. One
// statement locks the rows of all of them, what they read is asked for together, and what they write waits for the commit
// and goes with it, as one statement for all that write by the same one. A round trip costs far more than a row.
//
// Nothing is written before the last of them has run, so one that fails leaves nothing behind. What cannot be done this way
// is left to a transaction of its own: a candidate whose row another transaction holds, a write whose outcome is asked for
// at once, a read of what the update has written. So are all of a group that could not be committed.
type grouped struct {
	pg      *postgres
	queue   chan *member
	done    chan struct{}
	content *contentMemory
	load    [2]int64          // key and time of the last load of content, by which the content is remembered
	many    map[string]string // the statement for many rows, by that for one
}

func newGrouped(p *postgres) *grouped {
	return &grouped{pg: p, queue: make(chan *member, maxGroup), done: make(chan struct{}), content: newContentMemory(), many: map[string]string{}}
}

// member is an update of a group, and what runs its statements.
type member struct {
	ctx  context.Context
	user int64
	fn   func(*Tx) error
	done chan struct{}

	before, stamp   uint64 // of the candidate's row
	lastSeq, lastAt int64  // of the candidate's log, as it will be
	appended        bool
	writes          []write
	left            *kept

	next  func() (*reading, bool) // runs fn on until it waits for rows; false: it has ended
	stop  func()                  // ends it
	yield func(*reading) bool     // waits for rows
	asks  *reading                // what it waits for

	taken    atomic.Bool // by the loop, or by who gave up before it came to that
	aside    bool        // it needs a transaction of its own,
	sent     bool        // which may find that this one was committed
	err      error
	panicked any
	stack    []byte
}

// reading is a statement that reads, and its rows.
type reading struct {
	query string
	args  []any
	rows  []nativeRow
}

// write is a statement that waits for the commit.
type write struct {
	query string
	args  []any
}

// errNotHere ends an update that needs a transaction of its own.
var errNotHere = errors.New("not in a group of updates")

// updateOf is update for what concerns one candidate alone.
func (p *postgres) updateOf(ctx context.Context, user int64, fn func(*Tx) error) error {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.closed {
		return ErrClosed
	}
	voidStamp(ctx)
	m := &member{ctx: ctx, user: user, fn: fn, done: make(chan struct{})}
	select {
	case p.grouped.queue <- m:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-m.done:
	case <-ctx.Done():
		if m.taken.CompareAndSwap(false, true) {
			return ctx.Err()
		}
		<-m.done
	}
	if m.panicked != nil {
		panic(fmt.Sprintf("in an update: %v\n%s", m.panicked, m.stack))
	}
	if m.aside {
		return p.keepTrying(ctx, false, m.sent, fn)
	}
	return explainPostgres(mistake, m.err)
}

func (g *grouped) loop() {
	defer close(g.done)
	for first := range g.queue {
		group := slices.DeleteFunc(append([]*member{first}, waiting(g.queue, maxGroup-1)...), func(m *member) bool {
			return !m.taken.CompareAndSwap(false, true)
		})
		if len(group) == 0 {
			continue
		}
		g.run(group)
		for _, m := range group {
			close(m.done)
		}
	}
}

// run runs a group. When its transaction fails, each goes on by itself.
func (g *grouped) run(group []*member) {
	err := native(context.Background(), g.pg.writers, func(conn *pgx.Conn) error {
		err := g.runOn(context.Background(), conn, group)
		if err != nil && !conn.IsClosed() {
			_, _ = conn.Exec(context.Background(), "ROLLBACK") // where that fails, the connection is broken
		}
		return err
	})
	for _, m := range group {
		switch {
		case m.err != nil || m.panicked != nil || m.aside:
		case err != nil:
			m.aside = true
		default:
			g.leave(m)
		}
	}
	g.content.renew()
}

// leave remembers what a committed update leaves behind. No settings are written in a group.
func (g *grouped) leave(m *member) {
	if u, ok := g.pg.memory.user(m.user, m.before); ok {
		g.pg.memory.note(u, m.stamp)
	}
	if m.left != nil {
		g.pg.memory.leave(m.left, m.stamp)
	}
}

func (g *grouped) runOn(ctx context.Context, conn *pgx.Conn, group []*member) error {
	if err := g.begin(ctx, conn, group); err != nil {
		return err
	}
	var running []*member
	for _, m := range group {
		if m.aside {
			continue
		}
		g.start(m)
		defer m.stop()
		running = append(running, m)
	}
	for {
		waiting := running[:0]
		for _, m := range running {
			var more bool
			if m.asks, more = m.next(); more {
				waiting = append(waiting, m)
			}
		}
		if running = waiting; len(running) == 0 {
			return g.commit(ctx, conn, group)
		}
		if err := readFor(ctx, conn, running); err != nil {
			return err
		}
	}
}

// lockRows locks the rows of candidates. Who is locked by another transaction is left out: nobody waits for a row, so no two
// transactions wait for each other. No load can come before the end, so it does not matter that the last one is looked up
// before a row is locked.
const lockRows = `
	SELECT u.id, u.stamp, u.last_seq, u.last_at, coalesce(l.id, 0), coalesce(l.at, 0)
	FROM users u
	LEFT JOIN (SELECT id, at FROM content_loads ORDER BY id DESC LIMIT 1) AS l ON TRUE
	WHERE u.id = ANY ($1)
	FOR UPDATE OF u SKIP LOCKED`

// begin begins the transaction and locks the candidates' rows. Of two updates of one candidate, one goes aside.
func (g *grouped) begin(ctx context.Context, conn *pgx.Conn, group []*member) error {
	users, byUser := make([]int64, len(group)), map[int64]*member{}
	for i, m := range group {
		users[i], byUser[m.user] = m.user, m
		m.aside = true
	}
	var load [2]int64
	batch := &pgx.Batch{}
	batch.Queue("BEGIN")
	if g.pg.alone == nil {
		batch.Queue(shareContentLock)
	}
	batch.Queue(lockRows, users).Query(func(rows pgx.Rows) error {
		return eachNative(rows, func(row scanner) error {
			var user, before int64
			var m member
			if err := row.Scan(&user, &before, &m.lastSeq, &m.lastAt, &load[0], &load[1]); err != nil {
				return err
			}
			own := byUser[user]
			own.before, own.lastSeq, own.lastAt, own.aside = uint64(before), m.lastSeq, m.lastAt, false
			return nil
		})
	})
	if err := conn.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("begin updates: %w", err)
	}
	if load != g.load {
		g.content, g.load = newContentMemory(), load
	}
	return nil
}

// start prepares an update to be run, on a stack of its own: so it can wait for rows while others go on. They take turns,
// and no two run at a time.
func (g *grouped) start(m *member) {
	clock := g.pg.clock
	tx := &Tx{
		ctx: context.WithoutCancel(m.ctx), run: m, now: clock.tick(), clock: clock, postgres: true,
		memory: g.pg.memory, content: g.content, shared: &shared{}, owned: []int64{m.user}, of: &stamped{user: m.user, stamp: m.before},
	}
	tx.pass(max(m.lastAt, g.load[1]))
	m.stamp = rand.Uint64()
	m.next, m.stop = iter.Pull(func(yield func(*reading) bool) {
		m.yield = yield
		if m.err = m.ctx.Err(); m.err == nil {
			m.call(tx)
		}
		m.left = tx.left
		if m.aside {
			m.err, m.panicked = nil, nil
		}
	})
}

func (m *member) call(tx *Tx) {
	defer func() {
		if p := recover(); p != nil {
			m.panicked, m.stack = p, debug.Stack()
		}
	}()
	m.err = tx.outcome(m.fn(tx))
}

// readFor reads what updates wait for.
func readFor(ctx context.Context, conn *pgx.Conn, all []*member) error {
	batch := &pgx.Batch{}
	for _, m := range all {
		batch.Queue(m.asks.query, m.asks.args...).Query(m.asks.fill)
	}
	if err := conn.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("read for updates: %w", err)
	}
	return nil
}

func (r *reading) fill(rows pgx.Rows) error {
	return eachNative(rows, func(row scanner) error {
		r.rows = append(r.rows, row.(nativeRow))
		return nil
	})
}

func (m *member) exec(context.Context, string, []any) (int64, error) {
	m.aside = true
	return 0, errNotHere
}

func (m *member) each(_ context.Context, query string, args []any, scan func(scanner) error) error {
	r := &reading{query: query, args: args}
	if _, writes := target(query); writes || m.aside || m.wrote(query) || !m.yield(r) {
		m.aside = true
		return errNotHere
	}
	for _, row := range r.rows {
		if err := scan(row); err != nil {
			m.aside = true // it may be of a type that only database/sql reads
			return err
		}
	}
	return nil
}

// wrote reports whether the update has written to a table that a statement may read.
func (m *member) wrote(query string) bool {
	for _, w := range m.writes {
		from, _ := target(w.query)
		if table := strings.Fields(from)[0]; strings.Contains(query, table) {
			return true
		}
	}
	return m.appended && strings.Contains(query, "users")
}

func (m *member) later(query string, args []any) {
	if from, _ := target(query); strings.HasPrefix(from, "users") { // putRows writes that row, once
		m.aside = true
	}
	m.writes = append(m.writes, write{query, args})
}

// append appends an entry to the log of the candidate, whose row is locked. An entry that is there already fails the group.
func (m *member) append(tx *Tx, insert string, at int64, args []any) error {
	if err := tx.later(insert, args...); err != nil {
		return err
	}
	m.appended = true
	m.lastSeq++
	m.lastAt = max(m.lastAt, at)
	return nil
}

// putRows counts what groups appended, and gives stamps.
const putRows = `
	UPDATE users
	SET stamp = v.stamp, last_seq = v.last_seq, last_at = v.last_at
	FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS v (id, stamp, last_seq, last_at)
	WHERE users.id = v.id`

// commit writes what all have left to it. A candidate whose update had nothing to write gets a stamp as well: what it found
// may never have been confirmed to anybody, and after this commit a standby has it.
func (g *grouped) commit(ctx context.Context, conn *pgx.Conn, group []*member) error {
	var done []*member
	var users, stamps, seqs, times []int64
	for _, m := range group {
		if m.aside || m.err != nil || m.panicked != nil {
			continue
		}
		done = append(done, m)
		users, stamps, seqs, times = append(users, m.user), append(stamps, int64(m.stamp)), append(seqs, m.lastSeq), append(times, m.lastAt)
	}
	batch := &pgx.Batch{}
	batch.Queue(putRows, users, stamps, seqs, times)
	for {
		query, rows := nextWrites(done)
		if query == "" {
			break
		}
		if err := g.queueWrites(ctx, conn, batch, query, rows); err != nil {
			return err
		}
	}
	batch.Queue("COMMIT")
	for _, m := range done {
		m.sent = true
	}
	if err := conn.SendBatch(ctx, batch).Close(); err != nil { // the first of them; those behind it are not run
		return fmt.Errorf("commit updates: %w", err)
	}
	return nil
}

// nextWrites takes what comes next of those that have come least far, and all that goes with it as one statement. What updates
// of different candidates write concerns different rows, so their order does not matter; of each of them it is kept.
func nextWrites(all []*member) (query string, rows [][]any) {
	most := 0
	for _, m := range all {
		if len(m.writes) > most {
			most, query = len(m.writes), m.writes[0].query
		}
	}
	for _, m := range all {
		if len(m.writes) > 0 && m.writes[0].query == query {
			rows = append(rows, m.writes[0].args)
			m.writes = m.writes[1:]
		}
	}
	return query, rows
}

// queueWrites puts a statement into a batch that does for each row of arguments what query does.
func (g *grouped) queueWrites(ctx context.Context, conn *pgx.Conn, batch *pgx.Batch, query string, rows [][]any) error {
	many, known := g.many[query]
	if !known {
		described, err := conn.Prepare(ctx, "", query)
		if err != nil {
			return fmt.Errorf("describe %s: %w", query, err)
		}
		var types []string
		for _, oid := range described.ParamOIDs {
			kind, ok := conn.TypeMap().TypeForOID(oid)
			if !ok {
				return fmt.Errorf("describe %s: type %d is not known", query, oid)
			}
			types = append(types, kind.Name)
		}
		many = forMany(query, types)
		g.many[query] = many
	}
	if len(rows) == 1 || many == "" {
		for _, row := range rows {
			batch.Queue(query, row...)
		}
		return nil
	}
	columns := make([]any, len(rows[0]))
	for i := range columns {
		column := make([]any, len(rows))
		for j, row := range rows {
			column[j] = row[i]
		}
		columns[i] = column
	}
	batch.Queue(many, columns...)
	return nil
}

var argument = regexp.MustCompile(`\$(\d+)`)

// forMany returns the statement that does for each row of arguments what another one does for one; its arguments are arrays
// of what have these types. It returns "" where the statement has no form that it knows.
func forMany(query string, types []string) string {
	var arrays, names []string
	for i, kind := range types {
		arrays, names = append(arrays, fmt.Sprintf("$%d::%s[]", i+1, kind)), append(names, fmt.Sprintf("p%d", i+1))
	}
	from := "unnest(" + strings.Join(arrays, ", ") + ") AS v (" + strings.Join(names, ", ") + ")"
	of := func(part string) string { return argument.ReplaceAllString(part, "v.p$1") }
	query = strings.TrimLeft(query, " \t\n")
	where := strings.LastIndex(query, "WHERE ")
	switch {
	case strings.HasPrefix(query, "INSERT "):
		into, values, _ := strings.Cut(query, "VALUES (")
		end := closing(values)
		if end < 0 || argument.MatchString(values[end:]) {
			return ""
		}
		return into + "SELECT " + of(values[:end]) + " FROM " + from + values[end+1:]
	case where > 0 && strings.HasPrefix(query, "UPDATE "):
		return of(query[:where]) + "FROM " + from + " " + of(query[where:])
	case where > 0 && strings.HasPrefix(query, "DELETE "):
		return of(query[:where]) + "USING " + from + " " + of(query[where:])
	}
	return ""
}

// closing returns where the parenthesis ends inside which a text begins, -1: nowhere.
func closing(text string) int {
	depth := 1
	for i, c := range text {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			return i
		}
	}
	return -1
}
