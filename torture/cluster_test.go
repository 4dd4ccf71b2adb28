package torture

import (
	"bytes"
	"database/sql"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"rehearse/store/storetest"
)

// node is a PostgreSQL server of its own, which writes to the disk as in production.
type node struct {
	t    testing.TB
	bin  string
	dir  string
	port int
	as   *syscall.SysProcAttr

	shell  *exec.Cmd // nil: not running
	parent io.Closer
	log    *output
}

// The shell outlives a test process that was killed, and crashes the server then. SIGQUIT makes a server end at once,
// without writing anything back: what starts next recovers as after a crash.
const nodeKeeper = `
	"$1/postgres" -D "$2/data" -k "$2" -h 127.0.0.1 -p "$3" -c max_connections=100 -c shared_buffers=32MB \
		-c wal_keep_size=256MB -c wal_receiver_timeout=5s -c wal_retrieve_retry_interval=100ms </dev/null &
	server=$!
	read -r end
	kill -QUIT $server
	wait $server`

// newNode returns a node without data.
func newNode(t testing.TB) *node {
	t.Helper()
	n := &node{t: t, log: new(output)}
	var err error
	if n.bin, err = storetest.Binaries(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("PostgreSQL is needed where CI is true: %v", err)
		}
		cannot(t, "PostgreSQL under load", err.Error())
	}
	if n.dir, err = os.MkdirTemp("", "pgnode"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(n.dir) })
	if n.as, err = storetest.Unprivileged(n.dir); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n.port = listener.Addr().(*net.TCPAddr).Port
	listener.Close()
	t.Cleanup(n.crash)
	return n
}

// run runs a program of PostgreSQL as the server's user.
func (n *node) run(program string, args ...string) {
	n.t.Helper()
	cmd := exec.Command(filepath.Join(n.bin, program), args...)
	cmd.SysProcAttr, cmd.Dir = n.as, n.dir
	var out bytes.Buffer // not CombinedOutput: a server that goes on would keep its pipe open
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		n.t.Fatalf("%s: %v\n%s", program, err, &out)
	}
}

// addr is where the node listens.
func (n *node) addr() string { return fmt.Sprintf("127.0.0.1:%d", n.port) }

func (n *node) url(database string) string {
	return fmt.Sprintf("postgres://rehearse@%s/%s?sslmode=disable", n.addr(), database)
}

// init makes an empty cluster.
func (n *node) init() {
	n.t.Helper()
	n.run("initdb", "-D", filepath.Join(n.dir, "data"), "-U", "rehearse", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync")
}

// follow makes the node a standby of another one, with a copy of all its data.
func (n *node) follow(primary *node) {
	n.t.Helper()
	if err := os.RemoveAll(filepath.Join(n.dir, "data")); err != nil {
		n.t.Fatal(err)
	}
	n.run("pg_basebackup", "-D", filepath.Join(n.dir, "data"), "-d", primary.url("postgres"), "-R", "-c", "fast", "-X", "stream", "--no-sync")
}

// start starts the server and waits until it takes connections.
func (n *node) start() {
	n.t.Helper()
	n.shell = exec.Command("/bin/sh", "-c", nodeKeeper, "sh", n.bin, n.dir, fmt.Sprint(n.port))
	n.shell.SysProcAttr, n.shell.Dir = n.as, n.dir
	n.shell.Stdout, n.shell.Stderr = n.log, n.log
	var err error
	if n.parent, err = n.shell.StdinPipe(); err != nil {
		n.t.Fatal(err)
	}
	if err := n.shell.Start(); err != nil {
		n.t.Fatal(err)
	}
	n.waitFor("SELECT true")
}

// crash ends the server at once, if it runs.
func (n *node) crash() {
	if n.shell == nil {
		return
	}
	n.parent.Close()
	_ = n.shell.Wait() // says that it was killed
	n.shell = nil
}

// killProcess kills one of the server's own processes, upon which the server restarts all of them and recovers.
func (n *node) killProcess() {
	n.t.Helper()
	var pid int
	n.query("SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'", &pid)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		n.t.Fatal(err)
	}
}

// promote makes a standby a primary.
func (n *node) promote() {
	n.t.Helper()
	n.query("SELECT pg_promote(true, 30)", new(bool))
}

// exec runs a statement in the database postgres.
func (n *node) exec(statements ...string) {
	n.t.Helper()
	db, err := sql.Open("pgx", n.url("postgres"))
	if err != nil {
		n.t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			n.t.Fatalf("%s: %v\n%s", s, err, tail(n.log.String()))
		}
	}
}

func (n *node) query(query string, dest any) {
	n.t.Helper()
	if err := n.ask(query, dest); err != nil {
		n.t.Fatalf("%s: %v\n%s", query, err, tail(n.log.String()))
	}
}

func (n *node) ask(query string, dest any) error { return n.askIn("postgres", query, dest) }

func (n *node) askIn(database, query string, dest any) error {
	db, err := sql.Open("pgx", n.url(database))
	if err != nil {
		return err
	}
	defer db.Close()
	return db.QueryRow(query).Scan(dest)
}

// waitFor waits until a query says true.
func (n *node) waitFor(query string) {
	n.t.Helper()
	var err error
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		var yes bool
		if err = n.ask(query, &yes); err == nil && yes {
			return
		}
	}
	n.t.Fatalf("waited a minute for %s: %v\n%s", query, err, tail(n.log.String()))
}

// inSync waits until a standby has everything, and each commit waits for it.
func (n *node) inSync() {
	n.t.Helper()
	n.waitFor("SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = 'sync'")
}
