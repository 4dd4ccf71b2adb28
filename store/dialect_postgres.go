package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"rehearse/search"
)

// Statements that SQLite has no use for. The numbers are the names of advisory locks.
const (
	takeMigrationLock = `SELECT pg_advisory_xact_lock(7265686501)`
	takeContentLock   = `SELECT pg_advisory_xact_lock(7265686502)`
	shareContentLock  = `SELECT pg_advisory_xact_lock_shared(7265686502)`
	holdContentLock   = `SELECT pg_advisory_lock(7265686502)` // until the connection ends
	shareServingLock  = `SELECT pg_try_advisory_lock_shared(7265686503)`
	takeServingLock   = `SELECT pg_try_advisory_lock(7265686503)`
	writeSomething    = `SELECT pg_logical_emit_message(true, 'rehearse', '')`
	notifyContent     = `NOTIFY rehearse_content`
	listenContent     = `LISTEN rehearse_content`
)

// setNextKey lets the keys that a table gives come after those that it has. SQLite does so by itself.
func setNextKey(table string) string {
	return fmt.Sprintf(`SELECT setval(pg_get_serial_sequence('%[1]s', 'id'), max(id)) FROM %[1]s HAVING max(id) > 0`, table)
}

func openPostgres(ctx context.Context, url string, opts Options) (*Store, error) {
	p := &postgres{clock: &clock{now: opts.Clock}, memory: newMemory(opts.CheckMemory), serving: opts.Serving, asking: newAsking()}
	p.grouped = newGrouped(p)
	config, err := postgresConfig(url)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err) // says the URL without its password
	}
	name := fmt.Sprintf("%s on %s", config.Database, config.Host)
	p.writers = stdlib.OpenDB(*config)
	p.writers.SetMaxOpenConns(maxUpdates)
	p.writers.SetMaxIdleConns(maxUpdates)
	reading := config.Copy()
	reading.RuntimeParams["default_transaction_read_only"] = "on"
	p.readers = stdlib.OpenDB(*reading)
	p.readers.SetMaxOpenConns(maxViews + 3) // three more: one listens, one reads sessions, and one bodies while every view holds its own
	p.readers.SetMaxIdleConns(maxViews + 3)
	go p.answerAsks()
	go p.grouped.loop()
	if err := p.begin(ctx, opts); err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", name, err), p.stop())
	}
	return ready(ctx, &Store{readers: p.readers, views: make(chan struct{}, maxViews), pg: p, program: opts.Program}, opts)
}

// postgresConfig reads a URL and adds the settings of every connection, and why:
//   - lock_timeout, idle_in_transaction_session_timeout: a process that hangs does not keep the others for ever;
//   - statement_timeout: when it ends the wait for a standby, PostgreSQL reports the commit as done all the same;
//   - keep-alive: a server that went away without a word is noticed within about 11 s, while an update is still tried.
func postgresConfig(url string) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	for name, value := range map[string]string{
		"application_name": "rehearse", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "60s",
		"statement_timeout": "0",
	} {
		if config.RuntimeParams[name] == "" {
			config.RuntimeParams[name] = value
		}
	}
	dialer := &net.Dialer{
		Timeout:         5 * time.Second,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 5 * time.Second, Interval: 2 * time.Second, Count: 3},
		Control:         giveUp,
	}
	config.DialFunc = dialer.DialContext
	return config, nil
}

// begin checks the server, migrates the database and sets the clock.
func (p *postgres) begin(ctx context.Context, opts Options) error {
	conn, err := p.writers.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := checkServer(ctx, conn); err != nil {
		return err
	}
	if err := migratePostgres(ctx, conn, postgresMigrations, opts); err != nil {
		return err
	}
	switch {
	case opts.Serving:
		heard, err := p.attend(ctx)
		if err != nil {
			return err
		}
		p.listens.Store(heard)
	case opts.Alone:
		if p.alone, err = p.takeAlone(ctx); err != nil {
			return err
		}
	}
	p.clock.last, err = lastTime(ctx, conn)
	return err
}

// checkServer refuses a server whose settings are not what the promises of this package need.
func checkServer(ctx context.Context, conn *sql.Conn) error {
	var (
		version               int
		text, encoding, syncs string
	)
	const query = `
		SELECT current_setting('server_version_num')::int, current_setting('server_version'),
			current_setting('server_encoding'), current_setting('synchronous_commit')`
	if err := conn.QueryRowContext(ctx, query).Scan(&version, &text, &encoding, &syncs); err != nil {
		return fmt.Errorf("read the settings of the server: %w", err)
	}
	switch {
	case version < 150000:
		return fmt.Errorf("the server is PostgreSQL %s, needed is 15 or later", text)
	case encoding != "UTF8":
		return fmt.Errorf("the encoding of the database is %s, needed is UTF8", encoding)
	case syncs == "off":
		return errors.New("synchronous_commit is off, so that answers could be lost after they were acknowledged; set it to on")
	}
	return nil
}

//go:embed migrations/postgres/*.sql
var postgresMigrations embed.FS

// migratePostgres brings the database to the schema of this program, each step in one transaction that waits for other
// processes doing the same.
func migratePostgres(ctx context.Context, conn *sql.Conn, scripts fs.FS, opts Options) error {
	files, err := fs.Glob(scripts, "migrations/postgres/*.sql") // sorted by number
	if err != nil {
		return err
	}
	if opts.Existing {
		return hasSchema(ctx, conn, len(files))
	}
	for done := false; !done; {
		if done, err = migrateStep(ctx, conn, scripts, files); err != nil {
			return err
		}
	}
	return nil
}

// hasSchema refuses a database that does not have the schema of this program.
func hasSchema(ctx context.Context, conn *sql.Conn, want int) error {
	const query = `SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_version'`
	var made int
	if err := conn.QueryRowContext(ctx, query).Scan(&made); err != nil {
		return fmt.Errorf("look for the schema version: %w", err)
	}
	if made == 0 {
		return ErrEmpty
	}
	have, err := postgresVersion(ctx, conn)
	switch {
	case err != nil:
		return err
	case have < want:
		return errOlder(have, want)
	case have > want:
		return errNewer(have, want)
	}
	return nil
}

func postgresVersion(ctx context.Context, db querier) (have int, err error) {
	rows, err := db.QueryContext(ctx, `SELECT coalesce(max(version), 0) FROM schema_version`)
	if err != nil {
		return 0, fmt.Errorf("read the schema version: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		err = rows.Scan(&have)
	}
	return have, errors.Join(err, rows.Err())
}

func migrateStep(ctx context.Context, conn *sql.Conn, scripts fs.FS, files []string) (done bool, err error) {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	// Without the lock, two processes could create the same table; with it, waiting is not bounded by lock_timeout.
	if _, err := tx.ExecContext(ctx, "SET LOCAL lock_timeout = 0; "+takeMigrationLock); err != nil {
		return false, fmt.Errorf("lock for migrations: %w", err)
	}
	const table = `CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)`
	if _, err := tx.ExecContext(ctx, table); err != nil {
		return false, err
	}
	have, err := postgresVersion(ctx, tx)
	switch {
	case err != nil:
		return false, err
	case have > len(files):
		return false, errNewer(have, len(files))
	case have == len(files):
		return true, nil
	}
	script, err := fs.ReadFile(scripts, files[have])
	if err != nil {
		return false, err
	}
	if _, err := tx.ExecContext(ctx, string(script)); err != nil {
		return false, fmt.Errorf("migrate to schema %d: %w", have+1, err)
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO schema_version (version) VALUES ($1)`, have+1); err != nil {
		return false, fmt.Errorf("migrate to schema %d: %w", have+1, err)
	}
	return false, tx.Commit()
}

// luckOf returns the luck of an error that says what it is about.
func luckOf(err error) luck {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		var refused *pgconn.ConnectError
		var network net.Error
		if errors.As(err, &refused) || errors.As(err, &network) || errors.Is(err, sql.ErrConnDone) ||
			errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.DeadlineExceeded) || pgconn.SafeToRetry(err) {
			return bad
		}
		return mistake
	}
	switch e.Code {
	case "23505": // unique_violation
		return clash
	case "40001", "40P01", // serialization_failure, deadlock_detected
		"55P03",                   // lock_not_available
		"57P01", "57P02", "57P03", // admin_shutdown, crash_shutdown, cannot_connect_now
		"53300", // too_many_connections
		"25006": // read_only_sql_transaction: a standby that is about to be promoted
		return bad
	}
	if e.Code[:2] == "08" { // connection exceptions
		return bad
	}
	return mistake
}

// explainPostgres adds to an error what it means for the people concerned.
func explainPostgres(luck luck, err error) error {
	meaning := ErrAway
	var e *pgconn.PgError
	if errors.As(err, &e) {
		switch e.Code {
		case "53100": // disk_full
			meaning = ErrFull
		case "25006": // read_only_sql_transaction
			meaning = ErrReadOnly
		case "40001", "40P01", "55P03", "53300": // see luckOf
			meaning = ErrBusy
		case "XX001", "XX002": // data_corrupted, index_corrupted
			meaning = ErrDamaged
		case "58030": // io_error
			meaning = ErrDisk
		}
	}
	if err == nil || meaning == ErrAway && luck != bad || errors.Is(err, meaning) {
		return err
	}
	return fmt.Errorf("%w: %w", meaning, err)
}

// postgresColumns describes all columns, see scanTables.
const postgresColumns = `
	SELECT t.relname, c.attname, format_type(c.atttypid, NULL), NOT c.attnotnull,
		coalesce(array_position(k.conkey, c.attnum), 0)
	FROM pg_class t
	JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped AND c.attgenerated = ''
	LEFT JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'p'
	WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace
		AND t.relname NOT IN ('schema_version', '` + copyMark + `')
	ORDER BY t.oid, c.attnum`

// postgresSearch finds questions by an expression of tsquery; postgresRank after it puts the best first. A word counts
// most in the title.
const (
	postgresSearch = `SELECT question_id FROM search_texts WHERE words @@ CAST(CAST($1 AS TEXT) AS TSQUERY)`
	postgresRank   = ` ORDER BY ts_rank('{0.1, 0.4, 0.6, 1.0}', words, CAST(CAST($1 AS TEXT) AS TSQUERY)) DESC, question_id`
)

// postgresMatch writes a query as an expression of tsquery. Stems are letters and digits alone.
func postgresMatch(q search.Query) string {
	return joinTerms(q, func(stem string) string {
		if q.Opens(stem) {
			return "'" + stem + "':*"
		}
		return "'" + stem + "'"
	}, " & ", " | ")
}
