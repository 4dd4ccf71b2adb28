package practice_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"rehearse/admin"
	"rehearse/bank"
	"rehearse/practice"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/srs"
	"rehearse/store"
	"rehearse/store/storetest"
)

// library is a bank of files as an author writes them, with two candidates: one knows the question "ports" well, the
// other took the wrong choice.
type library struct {
	*world
	files       map[string]string // path below questions/ → text
	knows, took practice.Actor
	quizzes     [2]string // of the two
	others      []string  // what they ask beside it
	places      [2]int    // of the question in them
	id          string    // of the question that is looked at: it may be renamed
}

const portsFile = `---
id: net
title: Networks
---

## Which clients reach a server on 127.0.0.1?
<!-- id: ports, level: mid -->

- [x] Programs on the same machine
  > Loopback.
- [ ] Machines in the same subnet
  > No.
- [ ] Everybody
  > No.

It listens on loopback.

## Which port does HTTPS use?
<!-- id: https-port -->

### Accept

- = 443

### Explanation

IANA says so.
`

const otherFile = `---
id: other
title: Other things
---

## Who reaches a loopback server?
<!-- id: reach -->

- [x] Local programs
  > Yes.
- [ ] The subnet
  > No.

Loopback again.
`

// newLibrary returns a library in which the question was asked together with others.
func newLibrary(t *testing.T, others ...string) *library {
	t.Helper()
	l := &library{id: "ports", files: filesWith(others), others: others}
	l.world = &world{
		tester: t, path: storetest.Database(t),
		clock: &handClock{now: time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)},
	}
	l.openStore()
	t.Cleanup(func() { l.st.Close() })
	l.must(l.load())
	l.clock.add(time.Second)
	l.start()
	l.knows, l.took = l.candidate(), l.candidate()
	l.quizzes[0] = l.sit(l.knows, quiz.Practice, "ports", right)
	l.quizzes[1] = l.sit(l.took, quiz.Exam, "ports", func(q bank.Question) quiz.Response { return quiz.Response{Choices: []string{q.Choices[1].ID}} })
	l.places = [2]int{l.position(l.knows, l.quizzes[0], "ports"), l.position(l.took, l.quizzes[1], "ports")}
	for range 4 {
		l.clock.add(30 * 24 * time.Hour)
		l.grade("ports", srs.Easy)
	}
	return l
}

// load publishes the files as the server does.
func (l *library) load() error {
	l.Helper()
	root := fstest.MapFS{"bank.yaml": {Data: []byte("id: test\ntitle: Test\nlicense: CC-BY-4.0\n")}}
	for name, text := range l.files {
		root["questions/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	b, _, err := bank.Read(root)
	l.must(err)
	if _, err := admin.Publish(context.Background(), l.st, b); err != nil {
		return err
	}
	if l.svc == nil {
		return nil
	}
	l.must(l.svc.Reload(context.Background()))
	return l.svc.CatchUp(context.Background())
}

// grade lets the one who knows it review a card.
func (l *library) grade(id string, rating srs.Rating) {
	l.Helper()
	key := l.key(id, 0)
	_, err := l.svc.GradeCard(context.Background(), l.knows, practice.Grade{Card: key, Seq: l.turn(l.knows, key).Seq, Rating: rating})
	l.must(err)
}

// replace changes the text of a file.
func (l *library) replace(file string, oldnew ...string) {
	l.Helper()
	for i := 0; i < len(oldnew); i += 2 {
		if !strings.Contains(l.files[file], oldnew[i]) {
			l.Fatalf("%s has no %q", file, oldnew[i])
		}
	}
	l.files[file] = strings.NewReplacer(oldnew...).Replace(l.files[file])
}

// snapshot is what the matrix looks at.
type snapshot struct {
	Shown  bool
	Cards  [2][]progress.Card
	Scores [2]quiz.Verdict
	Right  [2]int            // as the list of attempts counts
	Stats  map[string]string // by key hash: how many answers, by their score
	Key    string            // in force
	Topics [2]map[int64]progress.TopicCounts
}

func (l *library) look() snapshot {
	l.Helper()
	s := snapshot{Stats: map[string]string{}}
	if e, ok := l.svc.Catalog().Listed(l.id); ok {
		s.Shown, s.Key = true, e.KeyHash
	}
	for i, a := range []practice.Actor{l.knows, l.took} {
		s.Cards[i] = l.state(a, l.id).Cards
		s.Scores[i] = l.attempt(a, l.quizzes[i]).Items[l.places[i]].Result.Verdict
		l.view(func(tx *store.Tx) error {
			lines, err := tx.AttemptLines(a.User.ID, 0, 1)
			s.Right[i] = lines[0].Right
			s.Topics[i], _ = tx.TopicProgress(a.User.ID)
			if len(l.others) > 0 {
				delete(s.Topics[i], l.state(a, l.others[0]).Topic)
			}
			return err
		})
	}
	l.must(l.svc.ScoreItems(context.Background(), 0))
	for line := range strings.Lines(l.dump("item_scores")) {
		var question, n int64
		var key, part string
		if _, err := fmt.Sscanf(line, " question_id=%d key_hash=%s part=%s n=%d", &question, &key, &part, &n); err == nil && part[0] == 'x' && part != "xo" {
			s.Stats[key] += fmt.Sprintf("%s: %d ", part, n)
		}
	}
	return s
}

// words says what became of each of the four things, in the words of docs/authoring.md.
func words(before, after snapshot, now int64) [4]string {
	return [4]string{cardWord(before, after, now), scoreWord(before, after), statsWord(before, after), topicWord(before, after)}
}

func cardWord(before, after snapshot, now int64) string {
	a, b := before.Cards, after.Cards
	changed := func(cards []progress.Card) bool { return len(cards) == 1 && cards[0].Changed && cards[0].DueAt <= now }
	switch {
	case !after.Shown && cmp.Equal(a, b):
		return "out of the queue, kept"
	case cmp.Equal(a, b):
		return "kept"
	case len(b[0])+len(b[1]) == 0:
		return "new again"
	case changed(b[0]) && changed(b[1]) && a[0][0].Stability == b[0][0].Stability:
		return "due now and marked as changed, memory kept"
	case b[0][0].Stability < a[0][0].Stability && b[1][0].Stability > a[1][0].Stability:
		return "computed anew"
	}
	return fmt.Sprintf("unclear: %+v became %+v", a, b)
}

func scoreWord(before, after snapshot) string {
	switch {
	case before.Scores == after.Scores && before.Right == after.Right:
		return "kept"
	case after.Scores == [2]quiz.Verdict{before.Scores[1], before.Scores[0]} && after.Right == [2]int{before.Right[1], before.Right[0]}:
		return "by the corrected key"
	}
	return fmt.Sprintf("unclear: %v %v became %v %v", before.Scores, before.Right, after.Scores, after.Right)
}

func statsWord(before, after snapshot) string {
	switch {
	case cmp.Equal(before.Stats, after.Stats) && (!after.Shown || after.Stats[after.Key] != ""):
		return "kept"
	case cmp.Equal(before.Stats, after.Stats):
		return "start anew"
	case before.Key != after.Key && after.Stats[before.Key] == "" && after.Stats[after.Key] == before.Stats[before.Key]:
		return "moved to the corrected key"
	}
	return fmt.Sprintf("unclear: %v became %v", before.Stats, after.Stats)
}

func topicWord(before, after snapshot) string {
	a, b := before.Topics, after.Topics
	sum := func(counts map[int64]progress.TopicCounts) (all progress.TopicCounts) {
		for _, c := range counts {
			all = progress.TopicCounts{Seen: all.Seen + c.Seen, Answered: all.Answered + c.Answered, Correct: all.Correct + c.Correct, Mastered: all.Mastered + c.Mastered}
		}
		return all
	}
	unmastered := sum(a[0])
	unmastered.Mastered--
	switch {
	case cmp.Equal(a, b):
		return "kept"
	case len(b[0])+len(b[1]) == 0:
		return "not counted"
	case sum(b[0]) == sum(a[0]) && sum(b[1]) == sum(a[1]):
		return "under the new topic"
	case sum(a[0]).Seen == 2 && len(b[0]) == 1 && sum(b[0]).Seen == 1 && sum(b[0]).Mastered == 1 && sum(b[1]) == sum(a[1]):
		return "as one question, under the new topic"
	case sum(b[0]) == unmastered && sum(b[1]) == sum(a[1]):
		return "kept, but not mastered"
	case sum(b[0]).Correct == sum(a[0]).Correct-1 && sum(b[1]).Correct == sum(a[1]).Correct+1:
		return "counted anew"
	}
	return fmt.Sprintf("unclear: %+v became %+v", a, b)
}

// swap makes the second choice the right one.
func (l *library) swap() {
	l.Helper()
	l.replace("net.md", "- [x] Programs", "- [ ] Programs", "- [ ] Machines", "- [x] Machines")
}

func (l *library) correctKey() {
	l.Helper()
	l.swap()
	l.replace("net.md", "id: ports, level: mid", `id: ports, level: mid, corrected: ["2026-07-01 the key was wrong"]`)
}

var edits = []struct {
	name   string
	before func(*library) // a load between the answers and the edit
	edit   func(*library)
	want   [4]string // card schedule, past scores, item statistics, topic progress

	refused bool // the load
}{
	{
		name: "reword the stem", want: [4]string{"kept", "kept", "kept", "kept"},
		edit: func(l *library) { l.replace("net.md", "Which clients reach", "Who reaches") },
	},
	{
		name: "reword a distractor, a reason or the explanation", want: [4]string{"kept", "kept", "kept", "kept"},
		edit: func(l *library) {
			l.replace("net.md", "It listens on loopback.", "It is bound to loopback.", "] Everybody\n  > No.", "] Anybody\n  > Never.")
		},
	},
	{
		name: "reorder choices", want: [4]string{"kept", "kept", "kept", "kept"},
		edit: func(l *library) {
			const first, second = "- [x] Programs on the same machine\n  > Loopback.\n", "- [ ] Machines in the same subnet\n  > No.\n"
			l.replace("net.md", first+second, second+first)
		},
	},
	{
		name: "reorder questions", want: [4]string{"kept", "kept", "kept", "kept"},
		edit: func(l *library) {
			head, rest, _ := strings.Cut(l.files["net.md"], "## ")
			first, second, _ := strings.Cut(rest, "## ")
			l.files["net.md"] = head + "## " + strings.TrimSpace(second) + "\n\n## " + first
		},
	},
	{
		name: "change labels: tags, level, difficulty, points", want: [4]string{"kept", "kept", "kept", "kept"},
		edit: func(l *library) { l.replace("net.md", "level: mid", "level: senior, tags: [tcp], points: 3") },
	},
	{
		name: "rename a file that has an `id:`", want: [4]string{"kept", "kept", "kept", "kept"},
		edit: func(l *library) { l.files["networks.md"] = l.files["net.md"]; delete(l.files, "net.md") },
	},
	{
		name: "move a question to another file", want: [4]string{"kept", "kept", "kept", "under the new topic"},
		edit: func(l *library) {
			i := strings.Index(portsFile, "## Which clients")
			j := strings.Index(portsFile, "## Which port")
			l.files["net.md"] = portsFile[:i] + portsFile[j:]
			l.files["other.md"] += "\n" + portsFile[i:j]
		},
	},
	{
		name: "change an id and list the old one in `aliases:`", want: [4]string{"kept", "kept", "kept", "kept"},
		edit: func(l *library) {
			l.replace("net.md", "id: ports", "id: ports-2, aliases: [ports]", "Which clients reach", "Who reaches")
			l.id = "ports-2"
		},
	},
	{
		name: "change an id and nothing else", want: [4]string{"kept", "kept", "kept", "kept"},
		edit: func(l *library) { l.replace("net.md", "id: ports", "id: ports-3"); l.id = "ports-3" },
	},
	{
		name:   "list an id in `aliases:` of a question that has a history, too",
		before: func(l *library) { l.sit(l.knows, quiz.Practice, "reach", right) },
		want:   [4]string{"kept", "kept", "kept", "as one question, under the new topic"},
		edit: func(l *library) {
			i, j := strings.Index(portsFile, "## Which clients"), strings.Index(portsFile, "## Which port")
			l.files["net.md"] = portsFile[:i] + portsFile[j:]
			l.replace("other.md", "id: reach", "id: reach, aliases: [ports]")
			l.id = "reach"
		},
	},
	{
		name: "split a question in two, one of which keeps the id", want: [4]string{"kept", "kept", "kept", "kept"},
		edit: func(l *library) {
			l.replace("net.md", "Which clients reach a server on 127.0.0.1?", "Which local clients reach a server?")
			l.files["net.md"] += "\n## Which clients reach 0.0.0.0?\n<!-- id: ports-all -->\n\n- [x] All\n  > Yes.\n- [ ] None\n  > No.\n\nIt is every address.\n"
		},
	},
	{
		name: "change the key", edit: (*library).swap,
		want: [4]string{"due now and marked as changed, memory kept", "kept", "start anew", "kept, but not mastered"},
	},
	{
		name: "change the key and add an entry to `corrected:`", edit: (*library).correctKey,
		want: [4]string{"computed anew", "by the corrected key", "moved to the corrected key", "counted anew"},
	},
	{
		name: "raise `version:`", edit: func(l *library) { l.replace("net.md", "level: mid", "level: mid, version: 2") },
		want: [4]string{"new again", "kept", "kept", "kept, but not mastered"},
	},
	{
		name: "remove a question, or make it a draft", edit: func(l *library) { l.replace("net.md", "level: mid", "draft: true") },
		want: [4]string{"out of the queue, kept", "kept", "kept", "not counted"},
	},
	{
		name: "bring the id back", want: [4]string{"kept", "kept", "kept", "kept"},
		edit: func(l *library) {
			l.replace("net.md", "level: mid", "draft: true")
			l.must(l.load())
			l.clock.add(24 * time.Hour)
			l.replace("net.md", "draft: true", "level: mid")
		},
	},
	{
		name: "leave an error in a file",
		edit: func(l *library) {
			l.swap()
			l.replace("net.md", "level: mid", "level: mid, colour: red")
		},
		want: [4]string{"kept", "kept", "kept", "kept"},
	},
	{
		name: "lose half the folder", refused: true,
		before: (*library).grow, edit: func(l *library) { l.shrink(); delete(l.files, "net.md") },
		want: [4]string{"kept", "kept", "kept", "kept"},
	},
}

// filesWith returns the files, with one more that has the other questions of a quiz.
func filesWith(others []string) map[string]string {
	files := map[string]string{"net.md": portsFile, "other.md": otherFile}
	if len(others) == 0 {
		return files
	}
	text := "---\nid: zfill\ntitle: To fill a quiz\n---\n"
	for _, id := range others {
		text += fmt.Sprintf("\n## Is %s enough?\n<!-- id: %s -->\n\n- [x] Yes\n- [ ] No\n\nIt is.\n", id, id)
	}
	files["zfill.md"] = text
	return files
}

// enough are as many other questions as item statistics want.
var enough = []string{"fill-1", "fill-2", "fill-3", "fill-4", "fill-5"}

// sit answers a quiz of a question and the others.
func (l *library) sit(a practice.Actor, mode quiz.Mode, id string, r func(bank.Question) quiz.Response) string {
	l.Helper()
	slug := l.quiz(a, mode, 0, append([]string{id}, l.others...)...)
	for _, id := range l.others {
		l.answer(a, slug, id, right)
	}
	l.answer(a, slug, id, r)
	return slug
}

// grow adds eight files of one question each.
func (l *library) grow() {
	l.Helper()
	for i := range 8 {
		l.files[fmt.Sprintf("more-%d.md", i)] = fmt.Sprintf("---\ntitle: More %d\n---\n\n## Is %d even?\n<!-- id: even-%d -->\n\n- [x] %d\n- [ ] Other\n\nIt is.\n", i, i, i, i)
	}
	l.must(l.load())
}

// shrink loses six of them.
func (l *library) shrink() {
	for i := range 6 {
		delete(l.files, fmt.Sprintf("more-%d.md", i))
	}
}

// TestEdits is the table of section 5 of docs/authoring.md: every edit, and what it does to every kind of progress.
func TestEdits(t *testing.T) {
	published := publishedRules(t)
	for _, test := range edits {
		t.Run(test.name, func(t *testing.T) {
			l := newLibrary(t, enough...)
			if test.before != nil {
				test.before(l)
			}
			before := l.look()
			if before.Scores != [2]quiz.Verdict{quiz.Right, quiz.Wrong} || before.Topics[0][1].Mastered != 1 {
				t.Fatalf("before the edit: %+v", before)
			}
			test.edit(l)
			var refused *admin.RetireError
			if err := l.load(); errors.As(err, &refused) != test.refused || err != nil && !test.refused {
				t.Fatalf("load: %v", err)
			}
			l.clock.add(time.Second)
			after := l.look()
			if diff := cmp.Diff(test.want, words(before, after, l.clock.Now().UnixMilli())); diff != "" {
				t.Errorf("card, scores, statistics, topics (-want +got):\n%s", diff)
			}
			if got, ok := published[test.name]; !ok || got != test.want {
				t.Errorf("docs/authoring.md says %q of it, want %q", got, test.want)
			}
			l.checkRebuild()
			if diff := cmp.Diff(after, l.look()); diff != "" {
				t.Errorf("after a rebuild (-before +after):\n%s", diff)
			}
		})
	}
}

// publishedRules reads the table out of the documentation.
func publishedRules(t *testing.T) map[string][4]string {
	t.Helper()
	text, err := os.ReadFile("../docs/authoring.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "| You | Card schedule |")
	rules := map[string][4]string{}
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		if len(cells) != 5 {
			if strings.TrimSpace(line) == "" {
				break
			}
			continue
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rules[cells[0]] = [4]string(cells[1:])
	}
	return rules
}

// What is undone in the files is undone in people's progress.
func TestEditsAreTakenBack(t *testing.T) {
	tests := []struct {
		name string
		edit func(*library)
	}{
		{"reword", func(l *library) { l.replace("net.md", "Which clients reach", "Who reaches") }},
		{"move", func(l *library) {
			l.files["other.md"] += "\n" + l.files["net.md"][strings.Index(portsFile, "## Which clients"):]
			delete(l.files, "net.md")
		}},
		{"change an id", func(l *library) { l.replace("net.md", "id: ports", "id: ports-3") }},
		{"change an id, with an alias and another wording", func(l *library) {
			l.replace("net.md", "id: ports", "id: ports-2, aliases: [ports]", "Which clients reach", "Who reaches")
		}},
		{"correct the key", (*library).correctKey},
		{"retire", func(l *library) { l.replace("net.md", "level: mid", "draft: true") }},
		{"leave an error", func(l *library) { l.replace("net.md", "level: mid", "colour: red") }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := newLibrary(t)
			before := l.look()
			test.edit(l)
			l.must(l.load())
			l.clock.add(time.Hour)
			l.files = map[string]string{"net.md": portsFile, "other.md": otherFile}
			l.must(l.load())
			if diff := cmp.Diff(before, l.look()); diff != "" {
				t.Errorf("there and back (-before +after):\n%s", diff)
			}
			l.checkRebuild()
		})
	}
}

func TestACorrectionIsOnRecord(t *testing.T) {
	l := newLibrary(t)
	logs := func() (out []string) {
		for _, a := range []practice.Actor{l.knows, l.took} {
			for _, e := range l.log(a) {
				if e.Kind == progress.Responded || e.Kind == progress.Corrected {
					out = append(out, fmt.Sprintf("%d %s %d %s ref %d", e.Seq, e.Kind, e.Score, progress.FormatRatings(e.Ratings), e.Ref))
				}
			}
		}
		return out
	}
	before := l.log(l.took)
	l.correctKey()
	l.must(l.load())
	want := []string{
		"2 responded 1000000 0:3 ref 0", "8 corrected 0 0:1 ref 2",
		"2 responded 0 0:1 ref 0", "4 corrected 1000000 0:3 ref 2",
	}
	if diff := cmp.Diff(want, logs()); diff != "" {
		t.Errorf("responses and corrections (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, l.log(l.took)[:len(before)]); diff != "" {
		t.Errorf("what was on record changed (-before +after):\n%s", diff)
	}
	var all []store.Correction
	news := func() (out []string) {
		for _, a := range []practice.Actor{l.knows, l.took} {
			l.view(func(tx *store.Tx) (err error) {
				unread, err := tx.Unread(a.User.ID, 10)
				for _, n := range unread {
					out = append(out, fmt.Sprintf("%s %d to %d: %s", n.Slug, n.Cause.Was, n.Entry.Score, n.Reason))
				}
				if err == nil {
					all, err = tx.Corrections("test", 10)
				}
				return err
			})
		}
		return out
	}
	if diff := cmp.Diff([]string{"ports 1000000 to 0: the key was wrong", "ports 0 to 1000000: the key was wrong"}, news()); diff != "" {
		t.Errorf("unread (-want +got):\n%s", diff)
	}
	if len(all) != 1 || all[0].Date != "2026-07-01" || all[0].Rescored != 2 || all[0].Changed != 2 || all[0].Reverted != 0 {
		t.Errorf("Corrections = %+v", all)
	}
	l.must(l.svc.ReadNews(context.Background(), l.knows, 8))
	l.must(l.svc.ReadNews(context.Background(), l.took, 99)) // there is no such entry
	if diff := cmp.Diff([]string{"ports 0 to 1000000: the key was wrong"}, news()); diff != "" {
		t.Errorf("unread after one has read (-want +got):\n%s", diff)
	}
	l.must(l.svc.CatchUp(context.Background()))
	l.must(l.svc.Rebuild(context.Background(), quiet))
	if diff := cmp.Diff(want, logs()); diff != "" {
		t.Errorf("once more (-want +got):\n%s", diff)
	}
	l.files["net.md"] = portsFile
	l.must(l.load())
	news()
	if len(all) != 1 || all[0].Reverted == 0 {
		t.Errorf("Corrections once it is taken back = %+v", all)
	}
}

// A running attempt keeps the questions that it began with, but a key that is known to be wrong marks nobody.
func TestRunningAttemptsAreCorrected(t *testing.T) {
	for _, mode := range quiz.Modes() {
		for _, when := range []string{"before", "after"} {
			t.Run(string(mode)+", answered "+when+" the correction", func(t *testing.T) {
				l := newLibrary(t)
				a := l.candidate()
				slug := l.quiz(a, mode, 0, "ports", "https-port")
				answer := func() {
					l.answer(a, slug, "ports", func(q bank.Question) quiz.Response { return quiz.Response{Choices: []string{q.Choices[1].ID}} })
				}
				if when == "before" {
					answer()
				}
				l.correctKey()
				l.must(l.load())
				if when == "after" {
					answer()
				}
				if held := l.state(a, "ports"); mode == quiz.Exam && held.Seq != 0 {
					t.Errorf("a running exam shows %+v", held)
				}
				l.must(l.svc.Finish(context.Background(), a, slug))
				at := l.attempt(a, slug)
				if got := at.Items[l.position(a, slug, "ports")].Result.Verdict; got != quiz.Right {
					t.Errorf("verdict %s, want right", got)
				}
				if got := l.state(a, "ports"); got.LastScore != progress.AllRight || got.Answers != 1 {
					t.Errorf("state %+v, want one right answer", got)
				}
				l.checkRebuild()
			})
		}
	}
}

func TestALoadThatRetiresMuchIsRefused(t *testing.T) {
	l := newLibrary(t)
	l.grow()
	before, tables := l.look(), l.dump("questions", "topics", "question_events", "content_loads")
	l.shrink()
	var refused *admin.RetireError
	if err := l.load(); !errors.As(err, &refused) {
		t.Fatalf("load of half the folder: %v, want a RetireError", err)
	}
	if refused.Retired != 6 || refused.Live != 11 || len(refused.Files) != 6 {
		t.Errorf("refused: %+v", refused)
	}
	if !strings.Contains(refused.Error(), "half a copy") {
		t.Errorf("message: %s", refused)
	}
	if diff := cmp.Diff(before, l.look()); diff != "" {
		t.Errorf("a refused load changed (-before +after):\n%s", diff)
	}
	if after := l.dump("questions", "topics", "question_events", "content_loads"); after != tables {
		t.Errorf("a refused load wrote:\n%s", diffLines(tables, after))
	}
}
