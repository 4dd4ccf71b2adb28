package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// client is one connection that is kept. It reads what it needs of a response and allocates nothing for it.
type client struct {
	addr string
	conn net.Conn
	in   *bufio.Reader
}

// reply is a response as far as anybody here wants to know it.
type reply struct {
	status     int
	location   string // set on redirects alone
	cookie     string // name=value of the one that was set
	retryAfter bool
	size       int // of the body, bytes
}

const patience = 30 * time.Second // with one response

func (c *client) close() {
	if c.conn != nil {
		c.conn.Close()
	}
	c.conn = nil
}

// do sends a request and reads the whole response into body, which may be nil.
func (c *client) do(request []byte, body io.Writer) (reply, error) {
	if c.conn == nil {
		conn, err := net.Dial("tcp", c.addr)
		if err != nil {
			return reply{}, err
		}
		c.conn, c.in = conn, bufio.NewReaderSize(conn, 32<<10)
	}
	_ = c.conn.SetDeadline(time.Now().Add(patience)) // an open connection takes it
	if _, err := c.conn.Write(request); err != nil {
		c.close()
		return reply{}, err
	}
	r, err := read(c.in, body)
	if err != nil {
		c.close()
	}
	return r, err
}

func read(in *bufio.Reader, body io.Writer) (r reply, err error) {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return r, err
	}
	if len(line) < 12 {
		return r, fmt.Errorf("response begins with %q", line)
	}
	if r.status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return r, err
	}
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return r, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if err := r.header(line); err != nil {
			return r, err
		}
	}
	if body == nil {
		_, err = in.Discard(r.size)
		return r, err
	}
	_, err = io.CopyN(body, in, int64(r.size))
	return r, err
}

func (r *reply) header(line []byte) (err error) {
	name, value, _ := bytes.Cut(line, []byte(":"))
	value = bytes.TrimSpace(value)
	switch {
	case is(name, "Content-Length"):
		r.size, err = strconv.Atoi(string(value))
	case is(name, "Location"):
		r.location = string(value)
	case is(name, "Retry-After"):
		r.retryAfter = true
	case is(name, "Set-Cookie"):
		r.cookie, _, _ = strings.Cut(string(value), ";")
	case is(name, "Transfer-Encoding"):
		err = errors.New("a response came in chunks")
	}
	return err
}

func is(name []byte, header string) bool {
	return len(name) == len(header) && bytes.EqualFold(name, []byte(header))
}

// get and post return requests. From is the address that a proxy would name; "" for none.
func get(path, cookie, from string) []byte {
	return []byte("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields(cookie, from) + "\r\n")
}

func post(path, cookie, from, form string) []byte {
	return []byte("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields(cookie, from) +
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + strconv.Itoa(len(form)) + "\r\n\r\n" + form)
}

func fields(cookie, from string) (text string) {
	if cookie != "" {
		text = "Cookie: " + cookie + "\r\n"
	}
	if from != "" {
		text += "X-Forwarded-For: " + from + "\r\n"
	}
	return text
}

// stream is what one connection asks for.
type stream interface {
	next() []byte // nil: there is nothing more to ask
	answered(reply)
}

// same asks for one thing again and again.
type same []byte

func (s same) next() []byte { return s }

func (same) answered(reply) {}

// outcome is what a load came to.
type outcome struct {
	took     time.Duration
	statuses map[int]int
	without  int       // refusals that do not say when to come back
	times    latencies // of responses other than refusals
	broken   int       // connections
	err      error     // of one of them
}

// good counts the responses that are neither errors nor refusals.
func (o outcome) good() (n int) {
	for status, count := range o.statuses {
		if status >= 200 && status < 400 {
			n += count
		}
	}
	return n
}

// rate is how many good responses came a second.
func (o outcome) rate() float64 { return float64(o.good()) / o.took.Seconds() }

// flaw is an error when anything but a good response came.
func (o outcome) flaw() error {
	n := 0
	for _, count := range o.statuses {
		n += count
	}
	if o.broken > 0 || n != o.good() || n == 0 {
		return fmt.Errorf("responses by status: %v; %d connections broke: %v", o.statuses, o.broken, o.err)
	}
	return nil
}

// closed lets every stream send its next request as soon as the one before is answered, until the time is over or one has
// nothing more to ask.
func closed(addr string, d time.Duration, streams []stream) outcome {
	var over atomic.Bool
	stop := time.AfterFunc(d, func() { over.Store(true) })
	defer stop.Stop()
	start := time.Now()
	return load(addr, streams, func(part *outcome, c *client, s stream) {
		for !over.Load() {
			request := s.next()
			if request == nil {
				over.Store(true)
				return
			}
			part.ask(c, s, request, time.Now())
		}
	}, start)
}

// open sends requests at a rate (per second), whether or not those before are answered, on as many connections as there are
// streams. Times count from when a request was meant to be sent: what waits for a connection waits for the server.
func open(addr string, d time.Duration, rate float64, streams []stream) outcome {
	var sent atomic.Int64
	start := time.Now()
	return load(addr, streams, func(part *outcome, c *client, s stream) {
		for {
			due := time.Duration(float64(sent.Add(1)-1) / rate * float64(time.Second))
			if due >= d || time.Since(start) >= d+time.Second { // who is later than that is never asked for
				return
			}
			time.Sleep(time.Until(start.Add(due)))
			request := s.next()
			if request == nil {
				return
			}
			part.ask(c, s, request, start.Add(due))
		}
	}, start)
}

func load(addr string, streams []stream, drive func(*outcome, *client, stream), start time.Time) outcome {
	parts := make([]outcome, len(streams))
	var wg sync.WaitGroup
	for i, s := range streams {
		wg.Go(func() {
			c := &client{addr: addr}
			defer c.close()
			parts[i].statuses = map[int]int{}
			drive(&parts[i], c, s)
		})
	}
	wg.Wait()
	all := outcome{took: time.Since(start), statuses: map[int]int{}}
	for _, part := range parts {
		for status, n := range part.statuses {
			all.statuses[status] += n
		}
		all.times = append(all.times, part.times...)
		all.without += part.without
		all.broken += part.broken
		if part.err != nil {
			all.err = part.err
		}
	}
	slices.Sort(all.times)
	return all
}

// ask sends a request that was due at a time.
func (o *outcome) ask(c *client, s stream, request []byte, due time.Time) {
	r, err := c.do(request, nil)
	if err != nil {
		o.broken++
		o.err = err
		return
	}
	o.statuses[r.status]++
	if r.status == 503 || r.status == 429 {
		if !r.retryAfter {
			o.without++
		}
	} else {
		o.times = append(o.times, time.Since(due))
	}
	s.answered(r)
}
