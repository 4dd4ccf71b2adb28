package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// serverCore and loadCore are the processors of whatever is measured and of what measures it.
const (
	serverCore = "0"
	loadCore   = "1"
)

// server is a program that is measured, on a port of its own.
type server struct {
	addr    string
	cmd     *exec.Cmd
	log     string
	started time.Duration // from exec until the first page
}

// running are the servers that nobody has stopped yet.
var running = map[*server]bool{}

func stopAll() {
	for s := range running {
		_ = s.stop() // what went wrong is known already
	}
}

// freeAddr returns an address that nobody listens on at the moment.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// start runs a program on the processor of servers, with "ADDR" in its arguments replaced, and waits until it serves path.
func start(dir, path string, args ...string) (*server, error) {
	return startOn(serverCore, dir, path, args...)
}

// startOn is start on other processors.
func startOn(cores, dir, path string, args ...string) (*server, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "ADDR", addr)
	}
	s := &server{addr: addr, log: filepath.Join(dir, filepath.Base(args[0])+".log")}
	log, err := os.OpenFile(s.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	s.cmd = exec.Command("taskset", append([]string{"-c", cores}, args...)...)
	s.cmd.Stdout, s.cmd.Stderr, s.cmd.Dir = log, log, dir
	begin := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	running[s] = true
	if err := s.ready(path); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	s.started = time.Since(begin)
	return s, nil
}

// ready waits until a path is served.
func (s *server) ready(path string) error {
	var last error
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(500 * time.Microsecond) {
		c := client{addr: s.addr}
		r, err := c.do(get(path, "", ""), nil)
		c.close()
		if err == nil && r.status == 200 {
			return nil
		}
		last = errors.Join(err, fmt.Errorf("status %d", r.status))
	}
	return fmt.Errorf("%s is not served, see %s: %w", path, s.log, last)
}

// stop ends the program as a host does, and waits for it.
func (s *server) stop() error {
	delete(running, s)
	_ = s.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	err := s.cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) && !exit.Exited() { // by the signal: node and raw have no other end
		return nil
	}
	return err
}

// memory returns what the kernel says of the program's memory, in bytes: VmRSS is what it has, VmHWM the most that it had.
func (s *server) memory(field string) (int64, error) {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(s.cmd.Process.Pid) + "/status")
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(status), field+":")
	kib, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	return kib << 10, err
}

// page returns the body that the server answers a request with.
func (s *server) page(request []byte) ([]byte, error) {
	c := client{addr: s.addr}
	defer c.close()
	var body bytes.Buffer
	r, err := c.do(request, &body)
	if err == nil && r.status != 200 {
		err = fmt.Errorf("status %d", r.status)
	}
	return body.Bytes(), err
}

// copyDatabase copies a database that nobody has open.
func copyDatabase(from, to string) error {
	if err := removeDatabase(to); err != nil {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// output runs a program on the processor of servers and returns what it prints.
func output(args ...string) (string, error) {
	cmd := exec.Command("taskset", append([]string{"-c", serverCore}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}

// removeDatabase removes a database with what belongs to it, if it is there.
func removeDatabase(path string) (err error) {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if e := os.Remove(path + suffix); e != nil && !os.IsNotExist(e) {
			err = e
		}
	}
	return err
}
