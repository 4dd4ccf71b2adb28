package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// pages compares the question page of 64 candidates with the same bytes from a bare handler, with Express's hello world, and with
// the same page made by Express, EJS and better-sqlite3 from the same file (B1).
func (b *bench) pages(context.Context) (err error) {
	b.note("pages")
	ours, err := b.fresh("ours.db")
	if err != nil {
		return err
	}
	theirs, err := b.fresh("express.db")
	if err != nil {
		return err
	}
	var running []*server
	defer func() {
		for _, s := range running {
			err = errors.Join(err, s.stop())
		}
	}()
	begin := func(path string, args ...string) (*server, error) {
		s, err := start(b.out, path, args...)
		if err == nil {
			running = append(running, s)
		}
		return s, err
	}
	program, err := begin("/healthz", b.file("rehearse"), "serve", "--addr", "ADDR", "--database", ours, "--request-limits", "off")
	if err != nil {
		return err
	}
	streams := reading(b.people, 64)
	page, err := program.page(streams[0].next())
	if err != nil {
		return err
	}
	if err := os.WriteFile(b.file("page.html"), page, 0o600); err != nil {
		return err
	}
	bare, err := begin("/", b.file("raw"), "ADDR", b.file("page.html"))
	if err != nil {
		return err
	}
	hello, err := begin("/", b.node, b.express("hello.js"), "ADDR")
	if err != nil {
		return err
	}
	app, err := begin("/ready", b.node, b.express("app.js"), "ADDR", theirs)
	if err != nil {
		return err
	}
	theirPage, err := app.page(streams[0].next())
	if err != nil {
		return err
	}
	plain := slices.Repeat([]stream{anybody("/")}, 64)
	values, steady, err := rounds(3, []string{"raw", "hello", "app"}, func() (map[string]float64, error) {
		once := map[string]float64{}
		for _, run := range []struct {
			name    string
			addr    string
			streams []stream
		}{{"raw", bare.addr, plain}, {"ours", program.addr, streams}, {"hello", hello.addr, plain}, {"app", app.addr, streams}} {
			o := closed(run.addr, b.time(3*time.Second), run.streams)
			if err := o.flaw(); err != nil {
				return nil, fmt.Errorf("%s: %w", run.name, err)
			}
			once[run.name] = o.rate()
		}
		return once, nil
	})
	if err != nil {
		return err
	}
	b.page = values["ours"].median()
	size := fmt.Sprintf("pages/s of %d bytes", len(page))
	b.compare("B1", "question page, 64 connections, as a share of a bare net/http handler with the same bytes", values["ours"], values["raw"], 0.75, steady, size)
	b.compare("B1", "the same against Express 5 saying hello world", values["ours"], values["hello"], 3, steady, size)
	b.compare("B1", "the same against Express 5 + EJS + better-sqlite3", values["ours"], values["app"], 6, steady,
		fmt.Sprintf("pages/s (theirs has %d bytes)", len(theirPage)))
	return nil
}

// anybody asks for a path.
func anybody(path string) stream { return same(get(path, "", "")) }

func (b *bench) express(name string) string {
	return filepath.Join(b.out, "..", "express", name)
}

// time is how long a run takes.
func (b *bench) time(full time.Duration) time.Duration {
	if b.short {
		return full * 2 / 3
	}
	return full
}

// rendering asks the Go benchmark of the question page (B2).
func (b *bench) rendering(context.Context) error {
	b.note("rendering")
	cmd := exec.Command("taskset", "-c", serverCore, "go", "test", "-run", "^$", "-bench", "RenderQuestion", "-benchmem", "-count", "3", "./views", "./web")
	cmd.Dir = filepath.Join(b.out, "..", "..")
	cmd.Env = append(os.Environ(), "REHEARSE_TEST_ENGINE=sqlite")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	var ns, allocations sample
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if len(f) < 8 || !strings.HasPrefix(f[0], "BenchmarkRenderQuestion") {
			continue
		}
		for i := 3; i < len(f); i++ {
			v, _ := strconv.ParseFloat(f[i-1], 64) // what stands before a unit is a number
			switch f[i] {
			case "ns/op":
				ns = append(ns, v/1000)
			case "allocs/op":
				allocations = append(allocations, v)
			}
		}
	}
	if len(ns) == 0 {
		b.skip("B2", "rendering the question page", "there is no benchmark RenderQuestion")
		return nil
	}
	b.add("B2", "rendering the question page", fmt.Sprintf("%s µs, %.0f allocations", ns, allocations.median()), "≤ 4 µs, ≤ 8 allocations",
		ns.median() <= 4 && allocations.median() <= 8, "")
	return nil
}

// durable measures answers, each on the disk before it is acknowledged (B3).
func (b *bench) durable(ctx context.Context) error {
	base, trace := b.file("trace.db"), b.file("trace")
	if err := errors.Join(removeDatabase(base), removeDatabase(base+".answered")); err != nil {
		return err
	}
	recorded, err := output(b.file("record"), base, trace)
	if err != nil {
		return err
	}
	total, err := strconv.ParseFloat(recorded, 64)
	if err != nil {
		return err
	}
	clients := []int{1, 16, 64, 256}
	if b.short {
		clients = []int{64}
	}
	for _, n := range clients {
		if err := b.durableAt(ctx, n, base, trace, total); err != nil {
			return fmt.Errorf("answers from %d clients: %w", n, err)
		}
	}
	return nil
}

func (b *bench) durableAt(ctx context.Context, n int, base, trace string, total float64) error {
	b.note("answers from %d clients", n)
	var yardsticks []string
	if n == 64 {
		yardsticks = []string{"c", "go"}
	}
	values, steady, err := rounds(2, yardsticks, func() (map[string]float64, error) {
		once := map[string]float64{}
		run := func(name string, do func() (float64, error)) (err error) {
			once[name], err = do()
			return err
		}
		err := run("ours", func() (float64, error) { return b.answers(ctx, n, b.program("rehearse")) })
		if err == nil && n >= 16 && !b.short {
			err = run("normal", func() (float64, error) { return b.answers(ctx, n, b.program("normal")) })
		}
		if err == nil && n == 64 {
			err = errors.Join(
				run("express", func() (float64, error) { return b.answers(ctx, n, b.expressApp) }),
				run("c", func() (float64, error) { return b.loop(total, base, b.file("replay"), trace) }),
				run("go", func() (float64, error) { return b.loop(total, base, b.file("bench"), "replay", trace) }))
		}
		return once, err
	})
	if err != nil {
		return err
	}
	ours := values["ours"]
	if n == 64 {
		b.answer = ours.median()
		b.compare("B3", "durable answers, 64 clients, against a bare C loop with the same statements in batches of 64", ours, values["c"], 0.6, steady, "answers/s")
		b.compare("B3", "the same against a bare loop of the same driver", ours, values["go"], 0.8, steady, "answers/s")
		b.compare("B3", "the same against Express 5 + better-sqlite3 at FULL", ours, values["express"], 7, steady, "answers/s")
	}
	if normal := values["normal"]; len(normal) > 0 {
		b.compare("B3", fmt.Sprintf("FULL against NORMAL, %d clients", n), ours, normal, 0.95, true, "answers/s")
	} else if n != 64 {
		b.add("B3", fmt.Sprintf("durable answers, %d clients", n), ours.String()+" /s", "none", true, "")
	}
	return nil
}

// program starts the program on a database.
func (b *bench) program(name string) func(string) (*server, error) {
	return func(database string) (*server, error) { return b.serve(name, database) }
}

func (b *bench) expressApp(database string) (*server, error) {
	return start(b.out, "/ready", b.node, b.express("app.js"), "ADDR", database)
}

// kneeOfAnswers and kneeOfPages return how many 64 clients reach a second; a part that runs alone finds it out.
func (b *bench) kneeOfAnswers(ctx context.Context) (_ float64, err error) {
	if b.answer == 0 {
		b.answer, err = b.answers(ctx, 64, b.program("rehearse"))
	}
	return b.answer, err
}

func (b *bench) kneeOfPages(addr string, streams []stream) (float64, error) {
	if b.page == 0 {
		o := closed(addr, 2*time.Second, streams)
		if err := o.flaw(); err != nil {
			return 0, err
		}
		b.page = o.rate()
	}
	return b.page, nil
}

const responded = `SELECT count(*) FROM evidence WHERE kind = 'r'`

// answers lets n clients answer and returns how many answers a second were acknowledged. All of them are stored, and no other.
func (b *bench) answers(ctx context.Context, n int, begin func(database string) (*server, error)) (float64, error) {
	database, err := b.fresh("answers.db")
	if err != nil {
		return 0, err
	}
	s, err := begin(database)
	if err != nil {
		return 0, err
	}
	streams, acknowledged := answering(b.people, n, false)
	o := closed(s.addr, b.time(4*time.Second), streams)
	if err := errors.Join(o.flaw(), s.stop()); err != nil {
		return 0, err
	}
	stored, err := count(ctx, database, responded)
	if err == nil && stored != acknowledged() {
		err = fmt.Errorf("%d answers are stored, %d were acknowledged", stored, acknowledged())
	}
	return o.rate(), err
}

// loop runs a program that repeats a trace on a copy of the database that it begins from.
func (b *bench) loop(total float64, base, program string, args ...string) (float64, error) {
	database := b.file("loop.db")
	if err := copyDatabase(base, database); err != nil {
		return 0, err
	}
	args = slices.Insert(args, len(args)-1, database)
	out, err := output(append([]string{program}, args...)...)
	if err != nil {
		return 0, err
	}
	seconds, err := strconv.ParseFloat(out, 64)
	return total / seconds, err
}

var seeds = regexp.MustCompile(`(?m)^\s+seed\s`)

// growth compares answers in a database that holds many responses with those in one that holds none (B5).
func (b *bench) growth(ctx context.Context) error {
	help, err := exec.Command(b.file("rehearse"), "help").CombinedOutput()
	if err != nil {
		return err
	}
	if !seeds.Match(help) {
		b.skip("B5", "answers beside many responses", "the program has no command seed")
		return nil
	}
	b.note("growth")
	empty, err := b.kneeOfAnswers(ctx)
	if err != nil {
		return err
	}
	database, err := b.grow()
	if err != nil {
		return err
	}
	before, err := count(ctx, database, responded)
	if err != nil {
		return err
	}
	size, err := os.Stat(database)
	if err != nil {
		return err
	}
	all, err := b.makePeople(database, 64, 8)
	if err != nil {
		return err
	}
	s, err := b.serve("rehearse", database)
	if err != nil {
		return err
	}
	streams, acknowledged := answering(all, 64, false)
	o := closed(s.addr, b.time(4*time.Second), streams)
	if err := errors.Join(o.flaw(), s.stop()); err != nil {
		return err
	}
	stored, err := count(ctx, database, responded)
	if err != nil || stored-before != acknowledged() {
		return errors.Join(err, fmt.Errorf("%d answers are stored, %d were acknowledged", stored-before, acknowledged()))
	}
	b.compare("B5", fmt.Sprintf("durable answers, 64 clients, beside %d responses, against an empty database", before), sample{o.rate()}, sample{empty}, 0.75, true, "answers/s")
	each := float64(size.Size()) / float64(before)
	b.add("B5", fmt.Sprintf("disk for each of %d responses, questions and indexes included", before), number(each)+" bytes", "≤ 120", each <= 120, "")
	return nil
}

// grow returns a database that holds many responses.
func (b *bench) grow() (string, error) {
	if b.grown != "" {
		return b.grown, nil
	}
	database := b.file("grown.db")
	if err := removeDatabase(database); err != nil {
		return "", err
	}
	_, err := output(b.file("rehearse"), "seed", "--responses", "200000", "--database", database)
	return database, err
}

// syncs returns how long the device takes to keep a page, many times.
func (b *bench) syncs() (l latencies, err error) {
	file, err := os.Create(b.file("sync"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	page := make([]byte, 4096)
	for range 500 {
		begin := time.Now()
		if _, err := file.Write(page); err != nil {
			return nil, err
		}
		if err := file.Sync(); err != nil {
			return nil, err
		}
		l = append(l, time.Since(begin))
	}
	slices.Sort(l)
	return l, nil
}

// latency sends at a fixed rate, whatever comes back (B4).
func (b *bench) latency(ctx context.Context) error {
	b.note("latency")
	if err := b.pageLatency(); err != nil {
		return err
	}
	knee, err := b.kneeOfAnswers(ctx)
	if err != nil {
		return err
	}
	device, err := b.syncs()
	if err != nil {
		return err
	}
	database, err := b.fresh("answers.db")
	if err != nil {
		return err
	}
	s, err := b.serve("rehearse", database)
	if err != nil {
		return err
	}
	streams, acknowledged := answering(b.people, 256, false)
	rate := knee / 2
	warm := open(s.addr, time.Second, rate, streams) // until everybody's quiz was read once, as its page does before an answer
	o := open(s.addr, min(10*time.Second, time.Duration(25_000/rate*float64(time.Second))), rate, streams)
	if err := errors.Join(warm.flaw(), o.flaw(), s.stop()); err != nil {
		return err
	}
	stored, err := count(ctx, database, responded)
	if err != nil || stored != acknowledged() {
		return errors.Join(err, fmt.Errorf("%d answers are stored, %d were acknowledged", stored, acknowledged()))
	}
	limit := 10*ms(device.at(0.99)) + 5
	b.add("B4", "answers at half of what 64 clients reach: p99", number(ms(o.times.at(0.99)))+" ms", fmt.Sprintf("≤ %s ms", number(limit)),
		ms(o.times.at(0.99)) <= limit, fmt.Sprintf("%.0f/s, p50 %s ms; the device syncs in %s ms, p99 %s ms", rate, number(ms(o.times.at(0.5))), number(ms(device.at(0.5))), number(ms(device.at(0.99)))))
	b.add("B4", "the same: the slowest", number(ms(o.times.at(1)))+" ms", "≤ 50 ms", o.times.at(1) <= 50*time.Millisecond,
		fmt.Sprintf("of %d in %.0f s", len(o.times), o.took.Seconds()))
	return nil
}

func (b *bench) pageLatency() (err error) {
	database, err := b.fresh("ours.db")
	if err != nil {
		return err
	}
	s, err := b.serve("rehearse", database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	bare, err := start(b.out, "/", b.file("raw"), "ADDR", b.file("page.html"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bare.stop()) }()
	streams, plain := reading(b.people, 64), slices.Repeat([]stream{anybody("/")}, 64)
	knee, err := b.kneeOfPages(s.addr, streams)
	if err != nil {
		return err
	}
	rate := knee / 2
	values, _, err := rounds(1, nil, func() (map[string]float64, error) {
		raw, ours := open(bare.addr, 4*time.Second, rate, plain), open(s.addr, 4*time.Second, rate, streams)
		return map[string]float64{"raw": ms(raw.times.at(0.99)), "ours": ms(ours.times.at(0.99))}, errors.Join(raw.flaw(), ours.flaw())
	})
	if err != nil {
		return err
	}
	more := values["ours"].median() - values["raw"].median()
	b.add("B4", "question page at half of what it reaches: p99 beyond a bare handler's at the same rate", number(more)+" ms", "≤ 0.5 ms",
		more <= 0.5, fmt.Sprintf("%.0f/s: %s ms against %s ms", rate, values["ours"], values["raw"]))
	return nil
}

// starting measures how long a visitor waits who comes when the program is started (B7).
func (b *bench) starting(context.Context) error {
	b.note("start")
	var times sample
	for range 5 {
		s, err := start(b.out, "/", b.file("rehearse"), "serve", "--addr", "ADDR", "--database", b.file("people.db"))
		if err != nil {
			return err
		}
		times = append(times, ms(s.started))
		if err := s.stop(); err != nil {
			return err
		}
	}
	b.add("B7", "start page answered after exec, warm database, the bank that ships", times.String()+" ms", "≤ 50 ms", math.Round(times.median()) <= 50, "")
	return nil
}
