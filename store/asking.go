package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
)

// asking reads the sessions of requests on PostgreSQL. Each page asks for one, and a statement costs both sides far more than
// a row of it: so what came while a statement was under way is asked for together by the next. Each session is read after it
// was asked for, as it would be by a statement of its own, and who is alone waits for nobody.
type asking struct {
	queue chan *ask
	quit  chan struct{}
}

// ask is one request for a session.
type ask struct {
	hash  []byte
	found Session
	err   error
	done  chan struct{}
}

// maxAsked is how many sessions one statement asks for at most.
const maxAsked = 64

func newAsking() *asking {
	return &asking{queue: make(chan *ask, maxAsked), quit: make(chan struct{})}
}

// session returns the session with this hash.
func (p *postgres) session(ctx context.Context, hash []byte) (Session, error) {
	a := &ask{hash: hash, done: make(chan struct{})}
	select {
	case p.asking.queue <- a:
	case <-p.asking.quit:
		return Session{}, ErrClosed
	case <-ctx.Done():
		return Session{}, ctx.Err()
	}
	select {
	case <-a.done:
		return a.found, a.err
	case <-p.asking.quit:
		return Session{}, ErrClosed
	case <-ctx.Done():
		return Session{}, ctx.Err()
	}
}

// answerAsks answers until the store is closed.
func (p *postgres) answerAsks() {
	for {
		select {
		case first := <-p.asking.queue:
			p.answer(append([]*ask{first}, waiting(p.asking.queue, maxAsked-1)...))
		case <-p.asking.quit:
			return
		}
	}
}

// waiting takes what waits in a queue, up to limit.
func waiting[T any](queue <-chan T, limit int) (found []T) {
	for len(found) < limit {
		select {
		case v, ok := <-queue:
			if !ok {
				return found
			}
			found = append(found, v)
		default:
			return found
		}
	}
	return found
}

// longestAsking is how long a statement may take that asks for sessions: everybody waits for it, and a connection may be dead
// without anybody having said so.
const longestAsking = 3 * time.Second

// answer reads all sessions that are asked for.
func (p *postgres) answer(all []*ask) {
	var found map[string]answered
	err := p.patiently(context.Background(), func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, longestAsking)
		defer cancel()
		found = map[string]answered{}
		return p.readSessions(ctx, all, found)
	})
	err = explainPostgres(luckOf(err), err)
	for _, a := range all {
		got, ok := found[string(a.hash)]
		switch {
		case err != nil:
			a.err = err
		case !ok:
			a.err = ErrNotFound
		default:
			a.found, a.err = got.session, got.err
		}
		close(a.done)
	}
}

// answered is what became of one request for a session: a row that cannot be read concerns nobody else.
type answered struct {
	session Session
	err     error
}

// readSessions reads sessions, and the candidates of those whose is not remembered under the stamp that it has now.
func (p *postgres) readSessions(ctx context.Context, all []*ask, found map[string]answered) error {
	hashes := make([][]byte, len(all))
	for i, a := range all {
		hashes[i] = a.hash
	}
	return native(ctx, p.readers, func(conn *pgx.Conn) error {
		var unknown [][]byte
		rows, _ := conn.Query(ctx, sessionsAsked, hashes) // its error is that of the rows
		err := eachNative(rows, func(row scanner) error {
			var (
				s     Session
				hash  []byte
				user  int64
				stamp int64
				known bool
			)
			err := row.Scan(&hash, &user, &stamp, &s.RenewedAt, &s.Author, &s.AuthorAt)
			s.Stamp = uint64(stamp)
			if s.User, known = p.memory.user(user, s.Stamp); known && !p.memory.check {
				found[string(hash)] = answered{session: s}
			} else {
				unknown = append(unknown, hash)
			}
			return err
		})
		if err != nil || len(unknown) == 0 {
			return err
		}
		rows, _ = conn.Query(ctx, sessionsWhole, unknown)
		return eachNative(rows, func(row scanner) error {
			var hash []byte
			s, err := scanSession(row, &hash) // the hash first
			if err != nil {
				found[string(hash)] = answered{err: err}
				return nil
			}
			if u, known := p.memory.user(s.User.ID, s.Stamp); known && u != s.User {
				panic(fmt.Sprintf("store: remembered: %+v; stored: %+v", u, s.User))
			}
			found[string(hash)] = answered{session: s}
			p.memory.note(s.User, s.Stamp)
			return nil
		})
	})
}

// native calls do with a connection as the driver knows it.
func native(ctx context.Context, db *sql.DB, do func(*pgx.Conn) error) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(driver any) error { return do(driver.(*stdlib.Conn).Conn()) })
}

// eachNative calls scan for each row.
func eachNative(rows pgx.Rows, scan func(scanner) error) error {
	defer rows.Close()
	for rows.Next() {
		row, err := nativeValues(rows)
		if err == nil {
			err = scan(row)
		}
		if err != nil {
			return err
		}
	}
	return rows.Err()
}

// nativeRow is a row as the driver gives it.
type nativeRow []any

// Scan does what that of sql.Rows does, for the types that this package scans into.
func (r nativeRow) Scan(dest ...any) error { return assignAll(dest, r) }

// nativeValues reads a row. What most columns are is read here: to look up how costs several times as much.
func nativeValues(rows pgx.Rows) (row nativeRow, err error) {
	raw, fields := rows.RawValues(), rows.FieldDescriptions()
	row = make(nativeRow, len(raw))
	for i, v := range raw {
		binaryForm := fields[i].Format == pgx.BinaryFormatCode
		switch kind := fields[i].DataTypeOID; {
		case v == nil:
		case kind == pgtype.Int8OID && binaryForm:
			row[i] = int64(binary.BigEndian.Uint64(v))
		case kind == pgtype.TextOID:
			row[i] = string(v)
		case kind == pgtype.ByteaOID && binaryForm:
			row[i] = bytes.Clone(v)
		default:
			if row, err = rows.Values(); err == nil {
				row.widen()
			}
			return row, err
		}
	}
	return row, nil
}

// widen makes all integers of one type, as database/sql does.
func (r nativeRow) widen() {
	for i, v := range r {
		if n, ok := v.(int32); ok {
			r[i] = int64(n)
		}
	}
}
