package sandbox

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"rehearse/quiz"
)

// With all the time in the world, a statement still gets no more than 32 MiB.
func TestHeapIsBounded(t *testing.T) {
	if err := limitHeap(); err != nil {
		t.Fatal(err)
	}
	d, err := openDatabase()
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	d.deadline = cpuTime() + time.Minute
	if err := d.build(Request{}); err != nil {
		t.Fatal(err)
	}
	d.guard.set(querying)
	const kept = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d),
		m(s) AS MATERIALIZED (SELECT CAST(zeroblob(900000) AS TEXT) || i FROM n) SELECT count(*) FROM m AS a WHERE a.s <> ''`
	for limit, want := range map[int]quiz.Refused{10: "", 60: quiz.TooHungry} {
		_, err := d.query(fmt.Sprintf(kept, limit))
		var refused quiz.Refused
		if err != nil {
			_, refused = d.verdict(err, "")
		}
		if refused != want {
			t.Errorf("%d times 0.9 MB: %q (%v), want %q", limit, refused, err, want)
		}
	}
}

func TestFramesThatAreCutShort(t *testing.T) {
	var text string
	for _, frame := range []string{"\x00\x00\x00\x09\"", "\x00\x00", "\xff\xff\xff\xff", "\x00\x00\x00\x02{}"} {
		if err := readFrame(strings.NewReader(frame), &text); err == nil || err == io.EOF {
			t.Errorf("frame %q: %v", frame, err)
		}
	}
	if err := readFrame(strings.NewReader(""), &text); err != io.EOF {
		t.Errorf("no frame: %v", err)
	}
}
