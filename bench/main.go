// Bench measures the program against yardsticks on the same machine in the same run and prints one table in Markdown. What each
// line means stands in docs/performance.md. The program under test has one processor, what asks it has another.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// bench is one run of everything.
type bench struct {
	out     string // folder of the programs that were built and of all that is written
	node    string
	short   bool
	people  []candidate // in people.db
	rows    []row
	grown   string // a database that was filled before
	content string // folder

	page   float64 // question pages a second at 64 connections
	answer float64 // answers a second at 64 clients
}

func main() {
	if len(os.Args) == 4 && os.Args[1] == "replay" {
		exit(replay(context.Background(), os.Args[2], os.Args[3]))
	}
	b := &bench{}
	flag.StringVar(&b.out, "out", "bench/out", "`folder` with the programs that were built")
	flag.StringVar(&b.node, "node", "node", "the Node that serves what the program is compared with")
	flag.BoolVar(&b.short, "short", false, "only what takes two minutes")
	only := flag.String("only", "", "the `parts` to measure, with commas between: pages, rendering, answers, growth, postgres, latency, loading, content, start, wire, overload")
	flag.StringVar(&b.grown, "grown", "", "a `database` that \"server seed\" filled, for growth; default: one with 200,000 responses is made")
	flag.StringVar(&b.content, "content", "", "the content `folder` that is served (default: the built-in one)")
	flag.Parse()
	pin()
	exit(b.run(context.Background(), *only))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// pin goes on as the same program on the processor of what measures and, where the system permits it, ahead of other programs:
// in a session of its own, whose group gets the processor first. Not by a real-time class: the threads of one program would then
// wait for each other for a tenth of a second at a time.
func pin() {
	const mark = "BENCH_PINNED"
	if os.Getenv(mark) != "" {
		_ = os.WriteFile("/proc/self/autogroup", []byte("-20"), 0) // who may not do this measures on a machine that does nothing else
		return
	}
	taskset, err := exec.LookPath("taskset")
	if err != nil {
		exit(err)
	}
	args := append([]string{"taskset", "-c", loadCore, "setsid", "--wait"}, os.Args...)
	exit(syscall.Exec(taskset, args, append(os.Environ(), mark+"=1")))
}

func (b *bench) run(ctx context.Context, only string) error {
	var err error
	if b.out, err = filepath.Abs(b.out); err != nil {
		return err
	}
	before := loadAverage()
	if err := b.prepare(); err != nil {
		return err
	}
	wanted := strings.Split(cmp.Or(only, "pages,rendering,answers,growth,postgres,latency,loading,content,start,wire,overload"), ",")
	if b.short {
		wanted = []string{"pages", "rendering", "answers", "growth"}
	}
	parts := map[string]func(context.Context) error{
		"pages": b.pages, "rendering": b.rendering, "answers": b.durable, "growth": b.growth, "latency": b.latency, "loading": b.loading, "content": b.contents,
		"start": b.starting, "wire": b.wire, "postgres": b.onPostgres, "overload": b.overload,
	}
	defer b.print(before)
	defer stopAll()
	for _, name := range wanted {
		part, ok := parts[name]
		if !ok {
			return fmt.Errorf("there is no part %q", name)
		}
		if err := part(ctx); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (b *bench) file(name string) string { return filepath.Join(b.out, name) }

func (b *bench) note(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...)
}

// serve starts the program on a database.
func (b *bench) serve(program, database string, flags ...string) (*server, error) {
	args := []string{b.file(program), "serve", "--addr", "ADDR", "--database", database, "--request-limits", "off"}
	if b.content != "" {
		args = append(args, "--content", b.content)
	}
	return start(b.out, "/healthz", append(args, flags...)...)
}

// prepare makes the database from which every run begins: 256 candidates with four quizzes of 40 questions.
func (b *bench) prepare() (err error) {
	b.note("preparing")
	if err := removeDatabase(b.file("people.db")); err != nil {
		return err
	}
	b.people, err = b.makePeople(b.file("people.db"), 256, 4)
	return err
}

// makePeople makes candidates in a database and closes it.
func (b *bench) makePeople(database string, n, quizzes int, flags ...string) (all []candidate, err error) {
	s, err := b.serve("rehearse", database, flags...)
	if err != nil {
		return nil, err
	}
	all, err = people(s.addr, n, quizzes)
	return all, errors.Join(err, s.stop())
}

// fresh copies people.db.
func (b *bench) fresh(name string) (string, error) {
	return b.file(name), copyDatabase(b.file("people.db"), b.file(name))
}
