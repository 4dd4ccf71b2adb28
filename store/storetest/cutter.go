package storetest

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/url"
	"path"
	"path/filepath"
	"sync/atomic"
	"testing"
)

// Cutter stands between a program and the server and, while it is on, breaks connections around commits: some before the
// server hears of the commit, some after it has committed and before the program hears of it.
type Cutter struct {
	URL    string // the database, through the cutter
	On     atomic.Bool
	Cuts   atomic.Int64 // connections broken
	Lose   atomic.Int64 // how many connections break next, at whatever is sent or while they are made
	Mute   atomic.Int64 // how many connections fall silent next, at whatever is sent, and stay open
	socket string
	seen   atomic.Int64 // commits
}

// NewCutter returns a cutter before the PostgreSQL database at a URL that NewPostgres returned.
func NewCutter(t testing.TB, database string) *Cutter {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	c := &Cutter{
		URL:    fmt.Sprintf("postgres://rehearse@%s/%s?sslmode=disable", listener.Addr(), path.Base(u.Path)),
		socket: filepath.Join(u.Query().Get("host"), ".s.PGSQL.5432"),
	}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go c.relay(client)
		}
	}()
	return c
}

// commit is in what the driver sends to run the statement COMMIT: it prepares each under a name made of its hash, and
// names it again, after a portal without a name, each time that it runs.
var commit = func() []byte {
	hash := sha256.Sum256([]byte("COMMIT"))
	return fmt.Appendf(nil, "\x00stmtcache_%x\x00", hash[:24])
}()

// loses reports whether the next connection breaks.
func (c *Cutter) loses() bool { return c.Lose.Load() > 0 && c.Lose.Add(-1) >= 0 }

func (c *Cutter) relay(client net.Conn) {
	defer client.Close()
	if c.loses() {
		return
	}
	server, err := net.Dial("unix", c.socket)
	if err != nil {
		return
	}
	defer server.Close()
	var swallow atomic.Bool // what the server says of a commit
	go func() {
		defer client.Close()
		buffer := make([]byte, 64<<10)
		for {
			n, err := server.Read(buffer)
			if err != nil || swallow.Load() {
				return
			}
			if _, err := client.Write(buffer[:n]); err != nil {
				return
			}
		}
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := client.Read(buffer)
		if err != nil || c.loses() {
			return
		}
		if c.Mute.Load() > 0 && c.Mute.Add(-1) >= 0 {
			_, _ = io.Copy(io.Discard, client) // until the program gives up
			return
		}
		if c.On.Load() && bytes.Contains(buffer[:n], commit) {
			switch c.seen.Add(1) % 5 {
			case 1:
				c.Cuts.Add(1)
				return
			case 3:
				c.Cuts.Add(1)
				swallow.Store(true)
			}
		}
		if _, err := server.Write(buffer[:n]); err != nil {
			return
		}
	}
}
