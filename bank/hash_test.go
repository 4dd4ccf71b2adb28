package bank

import (
	"maps"
	"strings"
	"testing"
)

// hashesOf reads the archive of the worked example after an edit and returns the hashes of all its questions.
func hashesOf(t *testing.T, edit func(string) string) (body, key map[string]string) {
	t.Helper()
	a := readArchive(t, "testdata/models/example.txtar")
	folder := a.folder("findings", "model")
	file := folder["questions/event-loop.md"]
	file.Data = []byte(edit(string(file.Data)))
	b, findings, err := Read(folder)
	if err != nil || len(b.Topics) != 1 {
		t.Fatalf("the edit breaks the file: %v %v", lines(findings), err)
	}
	body, key = map[string]string{}, map[string]string{}
	for _, q := range b.Topics[0].Questions {
		body[q.ID], key[q.ID] = q.BodyHash, q.KeyHash
	}
	return body, key
}

func replace(old, new string) func(string) string {
	return func(s string) string {
		if !strings.Contains(s, old) {
			panic("the example does not contain " + old)
		}
		return strings.Replace(s, old, new, 1)
	}
}

// TestHashesSurviveLayout: layout, labels and the order of choices and questions change no hash.
func TestHashesSurviveLayout(t *testing.T) {
	body, key := hashesOf(t, func(s string) string { return s })
	edits := map[string]func(string) string{
		"CRLF":     func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"BOM":      func(s string) string { return "\uFEFF" + s },
		"wrapped":  replace("A microtask runs as soon as the current callback returns; a timer callback\nwaits for", "A microtask runs\nas soon as the\ncurrent callback returns; a timer\ncallback waits for"),
		"joined":   replace("Ask which thread does the work.", "Ask which   thread does\nthe work."),
		"choices":  replace("- [ ] `fs.readFile(path, cb)`\n  > The read happens on the thread pool.\n- [ ] `dns.lookup(host, cb)`\n", "- [ ] `dns.lookup(host, cb)`\n- [ ] `fs.readFile(path, cb)`\n  > The read happens on the thread pool.\n"),
		"loose":    replace("- [ ] `setImmediate` callbacks\n", "\n- [ ] `setImmediate` callbacks\n\n"),
		"bullets":  func(s string) string { return strings.ReplaceAll(s, "\n- [", "\n* [") },
		"emphasis": replace("Ask which thread", "Ask *which* thread"),
		"escapes":  replace("right after nextTick.", `right after next&#84;ick\.`),
		"table":    replace("| `setTimeout`       | timers phase     |", "|`setTimeout`|timers phase|"),
		"rows":     replace("| `setTimeout`       | timers phase     |\n| `setImmediate`     | check phase      |", "| `setImmediate`     | check phase      |\n| `setTimeout`       | timers phase     |"),
		"numbers":  replace("1. timers\n2. pending callbacks\n3. poll", "1. timers\n1. pending callbacks\n1. poll"),
		"labels":   replace("difficulty: easy, tags: [microtasks]", "difficulty: hard, level: staff, tags: [other], points: 3, version: 2"),
		"notes":    replace("### Hint\n", "<!-- a note -->\n\n---\n\n### HINT:\n"),
		"blank":    replace("run in the {{c2::check}}\nphase", "run in\nthe {{c2::check}} phase"),
		"case":     replace("- `EADDRINUSE`", "- ` eaddrinuse `"),
	}
	for name, edit := range edits {
		t.Run(name, func(t *testing.T) {
			gotBody, gotKey := hashesOf(t, edit)
			if !maps.Equal(key, gotKey) {
				t.Errorf("key hashes differ: %v", different(key, gotKey))
			}
			if name != "case" && !maps.Equal(body, gotBody) {
				t.Errorf("body hashes differ: %v", different(body, gotBody))
			}
		})
	}
}

// TestHashesTellEdits: wording changes the body hash of one question alone, an edit of the key both of its hashes.
func TestHashesTellEdits(t *testing.T) {
	body, key := hashesOf(t, func(s string) string { return s })
	tests := []struct {
		name, id, old, new string
		key                bool
	}{
		{"title", "loop-first-after-script", "What runs first once", "What runs first when", false},
		{"why", "loop-first-after-script", "Close: they", "Near: they", false},
		{"wrong choice", "loop-first-after-script", "`setImmediate` callbacks", "`setImmediate` functions", false},
		{"link", "loop-first-after-script", "/understanding-processnexttick)", "/next-tick)", false},
		{"hint", "loop-blocking-calls", "does the work", "works", false},
		{"code", "output-nexttick-promise-timer", "'timer'), 0)", "'timer'), 1)", false},
		{"caption", "match-call-to-queue", "| Runs in          |", "| Runs             |", false},
		{"blank's hint", "cloze-check-phase", "the phase that waits for I/O", "waits for I/O", false},
		{"feedback", "listen-port-taken", "may not bind", "must not bind", false},
		{"answer of a card", "card-microtask-vs-timer", "as soon as", "once", false},
		{"weight of a criterion", "interview-latency-spikes", "- (2) Names", "- (1) Names", false},
		{"right choice moves", "loop-first-after-script", "- [ ] promise reactions", "- [x] promise reactions", true},
		{"literal", "listen-port-taken", "- `EADDRINUSE`", "- `EADDRNOTAVAIL`", true},
		{"pattern", "listen-port-taken", "^err(or)?", "^error", true},
		{"rejected", "listen-port-taken", "- `EACCES`", "- `EPERM`", true},
		{"number", "libuv-pool-size", "- = 4", "- = 4 ± 1", true},
		{"output", "output-nexttick-promise-timer", "main\ntick\n", "tick\nmain\n", true},
		{"order", "loop-phase-order", "1. timers\n2. pending callbacks", "1. pending callbacks\n2. timers", true},
		{"pair", "match-call-to-queue", "| microtask queue  |", "| poll phase       |", true},
		{"decoy", "match-call-to-queue", "| microtask queue  |\n", "| microtask queue  |\n|  | poll phase |\n", true},
		{"variant", "cloze-check-phase", "setImmediate|setImmediate()", "setImmediate", true},
		{"card number", "cloze-check-phase", "{{c3::", "{{c2::", true},
		{"case", "listen-port-taken", "level: junior", "level: junior, case: sensitive", true},
		{"partial", "loop-blocking-calls", "aliases:", "partial: true\naliases:", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			gotBody, gotKey := hashesOf(t, replace(test.old, test.new))
			if got := different(body, gotBody); got != test.id {
				t.Errorf("body hash changed of %q, want %q", got, test.id)
			}
			want := ""
			if test.key {
				want = test.id
			}
			if got := different(key, gotKey); got != want {
				t.Errorf("key hash changed of %q, want %q", got, want)
			}
		})
	}
}

func different(a, b map[string]string) string {
	var ids []string
	for id := range a {
		if a[id] != b[id] {
			ids = append(ids, id)
		}
	}
	return strings.Join(ids, " ")
}

func TestIDsAreDistinct(t *testing.T) {
	b := builder{}
	first := b.newID(orderSalt, "text")
	b.q.Order = append(b.q.Order, Item{ID: first})
	second := b.newID(orderSalt, "text")
	if len(first) != 8 || len(second) != 16 || !strings.HasPrefix(second, first) {
		t.Errorf("ids of one text = %s and %s, want 8 and 16 digits of one hash", first, second)
	}
	if left, right := b.newID(leftSalt, "x"), b.newID(rightSalt, "x"); left == right {
		t.Errorf("both sides of a pair have the id %s", left)
	}
}
