package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// asset is what Chromium asks for without being told twice. What an installed app looks like (apple-touch-icon) it leaves alone.
var asset = regexp.MustCompile(`(?:href|src)="(/static/[^"]+\.(?:css|js|svg|woff2)|/manifest\.webmanifest)"`)

// wire counts what a first view of the start page costs (B9), as a browser without a cache asks for it.
func (b *bench) wire(context.Context) (err error) {
	b.note("wire")
	database, err := b.fresh("ours.db")
	if err != nil {
		return err
	}
	s, err := b.serve("rehearse", database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	page, err := s.page(get("/", "", ""))
	if err != nil {
		return err
	}
	requests, largest, total := 1, len(page), len(page)
	seen := map[string]bool{}
	c := client{addr: s.addr}
	defer c.close()
	for _, match := range asset.FindAllStringSubmatch(string(page), -1) {
		if path := match[1]; !seen[path] {
			seen[path] = true
			r, err := c.do([]byte("GET "+path+" HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: br, gzip\r\n\r\n"), nil)
			if err != nil || r.status != 200 {
				return errors.Join(err, fmt.Errorf("%s: status %d", path, r.status))
			}
			requests, largest, total = requests+1, max(largest, r.size), total+r.size
		}
	}
	b.add("B9", "first view of the start page: requests named in it, icon included", fmt.Sprint(requests), "≤ 4", requests <= 4, fmt.Sprintf("%d bytes in all", total))
	b.add("B9", "the same: the largest of them", fmt.Sprintf("%d bytes", largest), "≤ 14 KB", largest <= 14<<10, "")
	return nil
}

// loading measures pages while 10,000 questions are loaded (B4).
func (b *bench) loading(context.Context) (err error) {
	b.note("pages while content is loaded")
	dir := b.file("many")
	if err := errors.Join(writeBank(dir, 1), removeDatabase(b.file("many.db"))); err != nil {
		return err
	}
	all, err := b.makePeople(b.file("many.db"), 64, 1, "--content", dir)
	if err != nil {
		return err
	}
	s, err := b.serve("rehearse", b.file("many.db"), "--content", dir, "--log-format", "json")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	streams := reading(all, 64)
	knee, err := b.kneeOfPages(s.addr, streams)
	if err != nil {
		return err
	}
	rate := knee / 4
	quiet := open(s.addr, 5*time.Second, rate, streams)
	for i := range manyFiles {
		if err := writeTopic(dir, i, 0); err != nil {
			return err
		}
	}
	loads := func() int {
		log, _ := os.ReadFile(s.log) // it is there: the server runs
		return strings.Count(string(log), `"content loaded"`)
	}
	before, begin := loads(), time.Now()
	if err := s.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		return err
	}
	var busy latencies
	for loads() == before && time.Since(begin) < 2*time.Minute {
		o := open(s.addr, 250*time.Millisecond, rate, streams)
		if err := o.flaw(); err != nil {
			return err
		}
		busy = append(busy, o.times...)
	}
	took := time.Since(begin)
	if loads() == before {
		return errors.New("10,000 questions are not loaded after two minutes")
	}
	busy = busy.sorted()
	quotient := float64(busy.at(0.99)) / float64(quiet.times.at(0.99))
	b.add("B4", "question page at a quarter of what it reaches while 10,000 questions are loaded: p99 against quiet", number(quotient)+"×", "≤ 2×",
		quotient <= 2, fmt.Sprintf("%s ms against %s ms; loaded in %s s beside it, on one core", number(ms(busy.at(0.99))), number(ms(quiet.times.at(0.99))), number(took.Seconds())))
	return quiet.flaw()
}

// writeTopic writes a file of 50 questions; another edition has other texts.
func writeTopic(dir string, i, edition int) error {
	var text strings.Builder
	fmt.Fprintf(&text, "---\nid: topic-%d\ntitle: Topic %d\n---\n", i, i)
	for q := range 50 {
		n := i*50 + q
		fmt.Fprintf(&text, "\n## What does statement %d of part %d print?\n<!-- id: many-%d, difficulty: easy -->\n\nEdition %d.\n\n```js\nconsole.log(%d + 1);\n```\n\n", q, i, n, edition, n)
		fmt.Fprintf(&text, "- [x] The number `%d`\n- [ ] The number `%d`\n  > That is what it began with.\n- [ ] The text `%d1`\n  > Both are numbers.\n\nOne is added to the number %d.\n", n+1, n, n, n)
	}
	return os.WriteFile(filepath.Join(dir, "questions", fmt.Sprintf("topic-%d.md", i)), []byte(text.String()), 0o600)
}

// overload sends three times as many answers as are ever stored, or as many as this program can send, and newcomers without
// number (B10).
func (b *bench) overload(ctx context.Context) error {
	b.note("overload")
	const connections, flood, lasting = 3000, 64, 30 * time.Second
	database := b.file("overload.db")
	if err := removeDatabase(database); err != nil {
		return err
	}
	proxied := []string{"--request-limits", "on", "--trusted-proxies", "127.0.0.1/32"}
	knee, err := b.kneeOfAnswers(ctx)
	if err != nil {
		return err
	}
	perSitting := float64(connections * quizLength)
	all, err := b.makePeople(database, connections, 1+int(2*knee*lasting.Seconds()/perSitting), "--trusted-proxies", "127.0.0.1/32")
	if err != nil {
		return err
	}
	s, err := b.serve("rehearse", database, proxied...)
	if err != nil {
		return err
	}
	streams, acknowledged := answering(all, connections, true)
	quiet := open(s.addr, 3*time.Second, knee/4, streams[:64])
	coming := make(chan outcome)
	go func() {
		var new []stream
		for i := range flood {
			new = append(new, newcomers{fmt.Sprintf("172.16.%d.1", i)})
		}
		coming <- open(s.addr, lasting, knee/2, new)
	}()
	rush := open(s.addr, lasting, 3*knee, streams)
	newcomers := <-coming
	time.Sleep(5 * time.Second)
	calm := open(s.addr, 3*time.Second, knee/4, streams[:64])
	peak, err := s.memory("VmHWM")
	if err := errors.Join(err, s.stop()); err != nil {
		return err
	}
	stored, err := count(ctx, database, responded)
	if err != nil {
		return err
	}
	check, wrong := exec.Command(b.file("rehearse"), "check", "--database", database).CombinedOutput()
	offered := 0
	for _, n := range rush.statuses {
		offered += n
	}
	offeredRate := float64(offered) / rush.took.Seconds()
	b.add("B10", "answers admitted under overload for 30 s: p99", number(ms(rush.times.at(0.99)))+" ms", "≤ 1000 ms", rush.times.at(0.99) <= time.Second,
		fmt.Sprintf("%.0f answers/s came (%s× of %.0f/s), %.0f/s were stored; statuses %v, of newcomers %v", offeredRate, number(offeredRate/knee), knee, rush.rate(), rush.statuses, newcomers.statuses))
	honest := rush.without+newcomers.without+rush.broken+newcomers.broken == 0 && rush.statuses[500] == 0
	b.add("B10", "the rest is answered 503 with Retry-After", fmt.Sprintf("%d others, %d broken connections", rush.without+newcomers.without+rush.statuses[500], rush.broken+newcomers.broken), "none", honest, "")
	b.add("B10", "memory at most", fmt.Sprintf("%d MB", peak/1_000_000), "< 256 MB", peak < 256_000_000, fmt.Sprintf("%d connections", connections+flood))
	b.add("B10", "answers stored that were not acknowledged, or the other way; findings of check", fmt.Sprintf("%d; %s", stored-acknowledged(), strings.TrimSpace(lastLine(string(check)))), "0",
		stored == acknowledged() && wrong == nil, fmt.Sprintf("%d answers", stored))
	limit := 2 * quiet.times.at(0.99)
	b.add("B10", "five seconds later, a quarter of the knee: p99", number(ms(calm.times.at(0.99)))+" ms", fmt.Sprintf("≤ %s ms, twice as before; no refusal", number(ms(limit))),
		calm.flaw() == nil && calm.times.at(0.99) <= limit, fmt.Sprint(calm.statuses))
	return quiet.flaw()
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
