package storetest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// cluster is a running PostgreSQL server with nothing in it.
type cluster struct {
	dir    string // everything of it, sockets included
	shell  *exec.Cmd
	parent io.Closer // the shell ends the server when this is closed, which the end of the process does, too
	admin  *sql.DB
}

// The shell outlives a test process that was killed: it ends the server and takes the folder away when its input ends.
const keeper = `
	"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c full_page_writes=off \
		-c max_connections=200 -c shared_buffers=32MB -c log_min_messages=fatal >"$2/log" 2>&1 </dev/null &
	server=$!
	read -r end
	kill -INT $server
	wait $server
	rm -rf "$2"`

func startCluster() (*cluster, error) {
	bin, err := Binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "pg") // short: the name of a socket has at most 107 bytes
	if err != nil {
		return nil, err
	}
	as, err := Unprivileged(dir)
	if err != nil {
		return nil, err
	}
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", filepath.Join(dir, "data"), "-U", "rehearse", "-A", "trust",
		"-E", "UTF8", "--locale", "C.UTF-8", "--no-sync")
	initdb.SysProcAttr, initdb.Dir = as, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("initdb: %w\n%s", err, out), os.RemoveAll(dir))
	}
	c := &cluster{dir: dir, shell: exec.Command("/bin/sh", "-c", keeper, "sh", bin, dir)}
	c.shell.SysProcAttr, c.shell.Dir = &syscall.SysProcAttr{Setpgid: true}, dir // an interrupt is for the tests alone
	if as != nil {
		c.shell.SysProcAttr.Credential = as.Credential
	}
	if c.parent, err = c.shell.StdinPipe(); err != nil {
		return nil, err
	}
	if err := c.shell.Start(); err != nil {
		return nil, err
	}
	if c.admin, err = sql.Open("pgx", c.url("postgres")); err != nil {
		return nil, err
	}
	c.admin.SetMaxOpenConns(1)
	return c, c.waitUntilUp()
}

func (c *cluster) waitUntilUp() error {
	var err error
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if err = c.admin.PingContext(context.Background()); err == nil {
			return nil
		}
	}
	log, _ := os.ReadFile(filepath.Join(c.dir, "log"))
	c.stop()
	return fmt.Errorf("the server does not answer: %w\n%s", err, log)
}

func (c *cluster) url(database string) string {
	return "postgres:///" + database + "?host=" + url.QueryEscape(c.dir) + "&user=rehearse&sslmode=disable"
}

func (c *cluster) stop() {
	c.admin.Close()
	c.parent.Close()
	_ = c.shell.Wait() // the server's exit code says nothing that matters here
}

// Binaries returns the folder of the newest PostgreSQL, 15 or later.
func Binaries() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // Debian keeps each version apart
	slices.SortFunc(found, func(a, b string) int { return versionOf(b) - versionOf(a) })
	if path, err := exec.LookPath("initdb"); err == nil {
		found = append(found, path)
	}
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		found = append(found, filepath.Join(string(bytes.TrimSpace(out)), "initdb"))
	}
	for _, path := range found {
		if _, err := os.Stat(path); err == nil && (versionOf(path) == 0 || versionOf(path) >= 15) {
			return filepath.Dir(path), nil
		}
	}
	return "", errors.New("there is no PostgreSQL 15 or later here (initdb is not found); install the package postgresql")
}

func versionOf(path string) int {
	v, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path)))) // …/15/bin/initdb; 0: not in the path
	return v
}

// Unprivileged returns how to start programs as somebody who is not root, which PostgreSQL refuses to run as, and gives
// them the folder.
func Unprivileged(dir string) (*syscall.SysProcAttr, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.Atoi(u.Uid)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.Atoi(u.Gid)
		if err != nil {
			return nil, err
		}
		as := &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
		return as, os.Chown(dir, uid, gid)
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is no user postgres or nobody")
}
