package admin_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rehearse/admin"
	"rehearse/bank"
)

const oneTopic = `---
title: Ports
---

## Which port is for HTTPS?

<!-- id: https-port -->

- [x] 443 <!-- right -->
- [ ] 80 <!-- wrong -->

It is 443.
`

func topicFolder() fstest.MapFS {
	folder := fstest.MapFS{}
	for name, text := range map[string]string{
		"bank.yaml":          "id: mine\ntitle: Mine\nlicense: CC-BY-4.0\n",
		"questions/ports.md": oneTopic,
		"questions/other.md": strings.ReplaceAll(oneTopic, "https-port", "tls-port"),
		"pic.png":            "a picture",
		".git/index":         "1",
	} {
		folder[name] = &fstest.MapFile{Data: []byte(text), ModTime: time.Unix(1, 0)}
	}
	return folder
}

// A folder is left unread only when nothing is different that a load could depend on.
func TestUnchanged(t *testing.T) {
	put := func(name, text string) func(fstest.MapFS) {
		return func(f fstest.MapFS) { f[name] = &fstest.MapFile{Data: []byte(text), ModTime: time.Unix(1, 0)} }
	}
	remove := func(name string) func(fstest.MapFS) { return func(f fstest.MapFS) { delete(f, name) } }
	for _, tc := range []struct {
		name    string
		before  func(fstest.MapFS)
		change  func(fstest.MapFS)
		program string
		want    string
	}{
		{name: "as it was", want: "mine"},
		{name: "the clone was fetched into", change: put(".git/index", "2"), want: "mine"},
		{name: "another program", program: "2"},
		{name: "an unknown program", program: "-"},
		{name: "a file of the same size and time", change: put("questions/ports.md", strings.ReplaceAll(oneTopic, "443", "444"))},
		{name: "a file less", change: remove("questions/other.md")},
		{name: "a file more", change: put("questions/third.md", strings.ReplaceAll(oneTopic, "https-port", "ssh-port"))},
		{name: "another title", change: put("bank.yaml", "id: mine\ntitle: Our\nlicense: CC-BY-4.0\n")},
		{name: "a picture less", change: remove("pic.png")},
		{name: "keys were executed", change: put("verified.json", "[]")},
		{name: "with a mistake", before: put("questions/third.md", strings.ReplaceAll(oneTopic, "[x]", "[ ]"))},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a, folder := newAuthor(t), topicFolder()
			if tc.before != nil {
				tc.before(folder)
			}
			desk := admin.NewDesk(folder, a.st, nil)
			if id, err := desk.Unchanged(t.Context(), "1"); id != "" || err != nil {
				t.Fatalf("an empty store has %q, %v", id, err)
			}
			if l := desk.Load(t.Context(), false); l.Err != nil {
				t.Fatal(l.Err)
			}
			if tc.change != nil {
				tc.change(folder)
			}
			program := map[string]string{"": "1", "-": ""}[tc.program]
			if tc.program == "2" {
				program = "2"
			}
			next := admin.NewDesk(folder, a.st, nil)
			if id, err := next.Unchanged(t.Context(), program); id != tc.want || err != nil {
				t.Fatalf("Unchanged = %q, %v, want %q", id, err, tc.want)
			}
			if tc.want != "" {
				next.LeaveUnread(nil)
			}
			if l := next.Last(); tc.want != "" && (len(l.Topics) != 2 || !l.Report.Empty()) {
				t.Errorf("who looks at the desk finds %d topics, %+v", len(l.Topics), l.Report)
			}
		})
	}
}

// What another folder made of the bank meanwhile is not what this one holds, though nothing in it has changed.
func TestUnchangedFolderOfAChangedBank(t *testing.T) {
	a, folder := newAuthor(t), topicFolder()
	load := func(folder fstest.MapFS, want string) {
		t.Helper()
		desk := admin.NewDesk(folder, a.st, nil)
		if id, err := desk.Unchanged(t.Context(), "1"); id != want || err != nil {
			t.Fatalf("Unchanged = %q, %v, want %q", id, err, want)
		}
		if l := desk.Load(t.Context(), false); l.Err != nil {
			t.Fatal(l.Err)
		}
	}
	load(folder, "")
	load(folder, "mine")
	other := topicFolder()
	other["questions/ports.md"].Data = []byte(strings.ReplaceAll(oneTopic, "Which port", "What port"))
	load(other, "")
	load(folder, "")
	load(folder, "mine")
	load(other, "")

	beside := topicFolder() // what differs is not stored: both are known from then on
	beside["questions/ports.md"], beside["notes.txt"] = other["questions/ports.md"], &fstest.MapFile{Data: []byte("2")}
	load(beside, "")
	load(other, "mine")
	load(beside, "mine")

	torn := topicFolder() // written to between the first look and the load, and then put back
	torn["questions/ports.md"].Data = []byte(strings.ReplaceAll(oneTopic, "Which port", "Whose port"))
	desk := admin.NewDesk(torn, a.st, nil)
	if _, err := desk.Unchanged(t.Context(), "1"); err != nil {
		t.Fatal(err)
	}
	first := torn["questions/other.md"].Data
	torn["questions/other.md"].Data = []byte(strings.ReplaceAll(string(first), "It is", "That is"))
	if l := desk.Load(t.Context(), false); l.Err != nil {
		t.Fatal(l.Err)
	}
	torn["questions/other.md"].Data = first
	load(torn, "")
}

// whole returns the topics of a loading with all their questions, wherever these are.
func whole(t *testing.T, l *admin.Loading) (topics []admin.DeskTopic) {
	t.Helper()
	for _, topic := range l.Topics {
		for _, head := range topic.Heads {
			body, err := l.Body(head.ID)
			if err != nil {
				t.Fatal(err)
			}
			topic.Questions = append(topic.Questions, bank.Question{
				ID: head.ID, Topic: head.Topic, File: head.File, Line: head.Line, Labels: head.Labels, Body: body, BodyHash: head.BodyHash, KeyHash: head.KeyHash,
			})
		}
		topic.Heads = nil
		topics = append(topics, topic)
	}
	return topics
}

// The first load of a folder that was left unread knows what its files were like when they had no error.
func TestLeftUnreadThenBroken(t *testing.T) {
	a, folder := newAuthor(t), topicFolder()
	folder["questions/ports.md"].Data = []byte(oneTopic + strings.ReplaceAll(oneTopic[strings.Index(oneTopic, "## "):], "https-port -->", "secret-port, use: [assessment] -->"))
	load := func(desk *admin.Desk) *admin.Loading { return desk.Load(t.Context(), false) }
	loaded := admin.NewDesk(folder, a.st, nil)
	if _, err := loaded.Unchanged(t.Context(), "1"); err != nil {
		t.Fatal(err)
	}
	first := load(loaded)
	if first.Err != nil || first.Errors() > 0 {
		t.Fatal(first.Err, first.Findings)
	}
	next := func() *admin.Desk {
		t.Helper()
		desk := admin.NewDesk(folder, a.st, nil)
		if id, err := desk.Unchanged(t.Context(), "1"); id != "mine" || err != nil {
			t.Fatalf("Unchanged = %q, %v", id, err)
		}
		desk.LeaveUnread(nil)
		return desk
	}
	same := func(l *admin.Loading) {
		t.Helper()
		ignore := cmp.Options{cmpopts.EquateEmpty(), cmpopts.IgnoreFields(bank.Topic{}, "Sum"), cmpopts.IgnoreFields(admin.DeskTopic{}, "Since")}
		byID := cmpopts.SortSlices(func(a, b admin.DeskTopic) bool { return a.ID < b.ID })
		if d := cmp.Diff(whole(t, first), whole(t, l), ignore, byID); d != "" {
			t.Error(d)
		}
	}
	looked, loadedAnew, gone := next(), next(), next()
	whole := folder["questions/ports.md"].Data
	folder["questions/ports.md"].Data = []byte(strings.ReplaceAll(string(whole), "[x]", "[ ]"))
	if l := looked.Peek(); len(l.Topics) != 0 || !l.At.IsZero() {
		t.Error("a peek read the folder")
	}
	same(looked.Last())
	same(load(looked))
	same(load(loadedAnew))
	delete(folder, "questions/ports.md")
	delete(folder, "questions/other.md")
	if l := gone.Last(); len(l.Topics) != 0 {
		t.Errorf("files that are gone are shown: %d topics", len(l.Topics))
	}
}
