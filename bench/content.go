package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// manyFiles is how many files of 50 questions there are where there are many.
const manyFiles = 200

// contents measures 10,000 questions: read for the first time, found unchanged, edited, and what memory they take (B6).
func (b *bench) contents(context.Context) (err error) {
	b.note("content")
	dir, database := b.file("contents"), b.file("contents.db")
	if err := errors.Join(writeBank(dir, manyFiles), removeDatabase(database)); err != nil {
		return err
	}
	serve := func(flags ...string) (*server, error) {
		args := []string{b.file("rehearse"), "serve", "--addr", "ADDR", "--database", database, "--content", dir, "--log-format", "json", "--request-limits", "off"}
		return startOn(serverCore+","+loadCore, b.out, "/", append(args, flags...)...)
	}
	if err := b.cold(serve); err != nil {
		return err
	}
	if err := b.unchanged(serve); err != nil {
		return err
	}
	return b.edited(dir, serve)
}

// cold reads all of it, in a new database.
func (b *bench) cold(serve func(...string) (*server, error)) error {
	s, err := serve()
	if err != nil {
		return err
	}
	time.Sleep(5 * time.Second) // what follows a start
	idle, err := s.memory("VmRSS")
	if err := errors.Join(err, s.stop()); err != nil {
		return err
	}
	seconds := s.started.Seconds()
	b.add("B6", "10,000 questions in a new database: first page after exec, on two processors", number(seconds)+" s", "≤ 3 s", seconds <= 3,
		fmt.Sprintf("each with a line of code; %s s of processor time in all", number((s.cmd.ProcessState.UserTime()+s.cmd.ProcessState.SystemTime()).Seconds())))
	b.add("B6", "the same: memory of the idle server after that", megabytes(idle), "≤ 64 MB", idle <= 64e6, "")
	return nil
}

// unchanged starts on what is there already, and then serves 256 connections.
func (b *bench) unchanged(serve func(...string) (*server, error)) error {
	var parts, wholes sample
	for range 3 {
		s, err := serve()
		if err != nil {
			return err
		}
		took, err := s.logged("content as at the last start", "took_ms")
		if err := errors.Join(err, s.stop()); err != nil {
			return err
		}
		parts, wholes = append(parts, took), append(wholes, ms(s.started))
	}
	s, err := serve()
	if err != nil {
		return err
	}
	time.Sleep(3 * time.Second)
	idle, idleErr := s.memory("VmRSS")
	all, err := people(s.addr, 256, 2)
	if err := errors.Join(err, idleErr, s.forgetPeak()); err != nil {
		return err
	}
	pages := closed(s.addr, 5*time.Second, reading(all, 256))
	streams, _ := answering(all, 256, false)
	answers := closed(s.addr, 5*time.Second, streams)
	busy, err := s.memory("VmHWM")
	if err := errors.Join(err, pages.flaw(), answers.err, s.stop()); err != nil { // some answers may be refused for being too many
		return err
	}
	b.add("B6", "10,000 questions found unchanged at a start: what that takes", parts.String()+" ms", "≤ 30 ms", parts.median() <= 30, fmt.Sprintf("first page after exec: %s ms", wholes))
	b.add("B6", "the same: memory of the idle server after that", megabytes(idle), "≤ 64 MB", idle <= 64e6, "")
	b.add("B6", "the same: memory at most with 256 busy connections", megabytes(busy), "≤ 128 MB", busy <= 128e6, fmt.Sprintf("%.0f pages/s, then %.0f answers/s", pages.rate(), answers.rate()))
	return nil
}

// edited waits for the first page that shows an edit, which a server that watches the folder finds by itself.
func (b *bench) edited(dir string, serve func(...string) (*server, error)) (err error) {
	s, err := serve("--watch")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	var times latencies
	for edition := range 12 {
		time.Sleep(2 * time.Second) // the watch has begun, and the edit before has come to rest
		begin := time.Now()
		if err := writeTopic(dir, 7, edition+1); err != nil {
			return err
		}
		want := fmt.Appendf(nil, "Edition %d.", edition+1)
		for {
			page, err := s.page(get("/questions/many-350", "", ""))
			if err != nil {
				return err
			}
			if bytes.Contains(page, want) {
				break
			}
			if time.Since(begin) > time.Minute {
				return errors.New("an edit is not shown after a minute")
			}
			time.Sleep(time.Millisecond)
		}
		if edition > 1 { // the first ones find a server that has just started
			times = append(times, time.Since(begin))
		}
	}
	times = times.sorted()
	b.add("B6", "one file of 50 edited: until a page shows it, with --watch", number(ms(times.at(0.5)))+" ms", "≤ 100 ms", times.at(0.5) <= 100*time.Millisecond,
		fmt.Sprintf("the slowest of %d: %s ms; 15 ms of silence are waited for", len(times), number(ms(times.at(1)))))
	return nil
}

// writeBank writes a new content folder.
func writeBank(dir string, files int) error {
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(filepath.Join(dir, "questions"), 0o750)); err != nil {
		return err
	}
	for i := range files {
		if err := writeTopic(dir, i, 0); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(dir, "bank.yaml"), []byte("id: many\ntitle: Many\nlicense: CC-BY-4.0\n"), 0o600)
}

// logged returns a number from the last line of the server's log with a message.
func (s *server) logged(message, field string) (float64, error) {
	log, err := os.ReadFile(s.log)
	if err != nil {
		return 0, err
	}
	lines := bytes.Split(log, []byte("\n"))
	for i := len(lines) - 1; i >= 0; i-- {
		var line map[string]any
		if json.Unmarshal(lines[i], &line) == nil && line["msg"] == message {
			if n, ok := line[field].(float64); ok {
				return n, nil
			}
		}
	}
	return 0, fmt.Errorf("%s: no line %q with %s", s.log, message, field)
}

// forgetPeak lets the most memory that the program had count from now on.
func (s *server) forgetPeak() error {
	return os.WriteFile("/proc/"+strconv.Itoa(s.cmd.Process.Pid)+"/clear_refs", []byte("5"), 0o600)
}

func megabytes(n int64) string { return fmt.Sprintf("%d MB", n/1_000_000) }
