package admin_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rehearse/admin"
	"rehearse/bank"
	"rehearse/progress"
	"rehearse/store"
	"rehearse/store/storetest"
)

// author is a store and the bank that is published to it.
type author struct {
	*testing.T
	st   *store.Store
	path string  // of the database
	db   *sql.DB // to look at the tables
	bank bank.Bank
}

func newAuthor(t *testing.T) *author {
	t.Helper()
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	path := storetest.Database(t)
	st, err := store.Open(t.Context(), path, store.Options{Clock: func() time.Time { return now }, Program: "this"})
	if err != nil {
		t.Fatal(err)
	}
	db, err := storetest.OpenTables(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		db.Close()
		st.Close()
	})
	a := &author{T: t, st: st, path: path, db: db}
	a.bank = bank.Bank{ID: "test", Title: "Test", License: "CC-BY-4.0", Topics: []bank.Topic{
		topic("alpha", "a1", "a2"),
		topic("beta", "b1", "b2"),
	}}
	return a
}

func topic(id string, questions ...string) bank.Topic {
	t := bank.Topic{ID: id, Title: id, Lang: "en", File: id + ".md", Intro: bank.Rich{Text: "Intro", HTML: "<p>Intro</p>"}}
	for i, q := range questions {
		t.Questions = append(t.Questions, question(q, id, i+1))
	}
	return t
}

func question(id, topic string, line int) bank.Question {
	q := bank.Question{ID: id, Topic: topic, File: topic + ".md", Line: line, BodyHash: id + " body 1", KeyHash: id + " key 1"}
	q.Level, q.Difficulty, q.Points, q.Use = "mid", "easy", 1, []bank.Use{bank.UseQuiz, bank.UseCard}
	q.Kind, q.Title = bank.Single, bank.Rich{Text: id, HTML: id}
	q.Choices = []bank.Choice{{ID: "yes", Text: bank.Rich{Text: "yes", HTML: "yes"}, Right: true}, {ID: "no", Text: bank.Rich{Text: "no", HTML: "no"}}}
	return q
}

func (a *author) publish() admin.Report {
	a.Helper()
	report, err := admin.Publish(a.Context(), a.st, a.bank)
	if err != nil {
		a.Fatal(err)
	}
	return report
}

func (a *author) question(topic, i int) *bank.Question { return &a.bank.Topics[topic].Questions[i] }

func (a *author) catalog() *store.Catalog {
	a.Helper()
	var c *store.Catalog
	err := a.st.View(a.Context(), func(tx *store.Tx) (err error) {
		c, err = tx.Catalog("test", nil)
		return err
	})
	if err != nil {
		a.Fatal(err)
	}
	return c
}

// rows returns the result of a query as lines.
func (a *author) rows(query string) []string {
	a.Helper()
	rows, err := a.db.QueryContext(context.Background(), query)
	if err != nil {
		a.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		a.Fatal(err)
	}
	var lines []string
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			a.Fatal(err)
		}
		var fields []string
		for i := range values {
			fields = append(fields, fmt.Sprint(*values[i].(*any)))
		}
		lines = append(lines, strings.Join(fields, " "))
	}
	if err := rows.Err(); err != nil {
		a.Fatal(err)
	}
	return lines
}

// dump returns all that the database holds.
func (a *author) dump() []string {
	a.Helper()
	var all []string
	for _, table := range storetest.Tables(a, a.db) {
		all = append(all, table)
		all = append(all, a.rows("SELECT * FROM "+table+storetest.InOrder(table))...)
	}
	return all
}

// events returns what happened to questions, as question, kind and topic, without the additions of the first load.
func (a *author) events() []string {
	a.Helper()
	return a.rows(`
		SELECT q.slug, e.kind, t.slug
		FROM question_events e
		JOIN questions q ON q.id = e.question_id
		JOIN topics t ON t.id = e.topic_id
		WHERE e.load_id > 1
		ORDER BY e.at, e.question_id, e.seq`)
}

var fix = []bank.Correction{{Date: "2026-03-10", Reason: "the key was wrong"}}

func TestPublish(t *testing.T) {
	remove := func(a *author) { a.bank.Topics[0].Questions = a.bank.Topics[0].Questions[:1] }
	tests := []struct {
		name    string
		before  func(*author) // a load between the first and the one that is tested
		change  func(*author)
		want    admin.Report
		events  []string // of all loads after the first
		catalog string   // topics with their questions; "" as at first
	}{
		{name: "nothing", change: func(*author) {}},
		{
			name: "empty lists instead of none",
			change: func(a *author) {
				q := a.question(0, 0)
				q.Tags, q.Roles, q.Related, q.Hints, q.Rubric = []string{}, []string{}, []string{}, []bank.Rich{}, []bank.Criterion{}
			},
		},
		{name: "title of the bank", change: func(a *author) { a.bank.Title = "New" }, want: admin.Report{Bank: true}},
		{name: "title of a topic", change: func(a *author) { a.bank.Topics[1].Title = "New" }, want: admin.Report{Topics: []string{"beta"}}},
		{
			name: "order of topics", change: func(a *author) { a.bank.Topics[0].Order = 5 },
			want: admin.Report{Topics: []string{"alpha"}}, catalog: "beta: b1 b2, alpha: a1 a2",
		},
		{
			name: "wording",
			change: func(a *author) {
				a.question(0, 1).Title, a.question(0, 1).BodyHash = bank.Rich{Text: "new", HTML: "new"}, "a2 body 2"
			},
			want: admin.Report{Edited: []string{"a2"}},
		},
		{
			name: "key",
			change: func(a *author) {
				q := a.question(0, 1)
				q.Choices[0].Right, q.Choices[1].Right, q.BodyHash, q.KeyHash = false, true, "a2 body 2", "a2 key 2"
			},
			want: admin.Report{KeyChanged: []string{"a2"}}, events: []string{"a2 key-changed alpha"},
		},
		{
			name:   "key, there and back",
			before: func(a *author) { a.question(0, 1).KeyHash = "a2 key 2" },
			change: func(a *author) { a.question(0, 1).KeyHash = "a2 key 1" },
			want:   admin.Report{KeyChanged: []string{"a2"}},
			events: []string{"a2 key-changed alpha", "a2 key-changed alpha"},
		},
		{
			name: "moved",
			change: func(a *author) {
				a.bank.Topics[1].Questions = append(a.bank.Topics[1].Questions, question("a2", "beta", 3))
				remove(a)
			},
			want: admin.Report{Moved: []string{"a2"}}, events: []string{"a2 moved beta"}, catalog: "alpha: a1, beta: b1 b2 a2",
		},
		{
			name: "file renamed with its topic",
			change: func(a *author) {
				a.bank.Topics[0] = topic("gamma", "a1", "a2")
				a.bank.Topics[0].Order = -1
			},
			want:   admin.Report{Moved: []string{"a1", "a2"}, Topics: []string{"gamma", "alpha"}},
			events: []string{"a1 moved gamma", "a2 moved gamma"}, catalog: "gamma: a1 a2, beta: b1 b2",
		},
		{
			name: "retired", change: remove,
			want: admin.Report{Retired: []string{"a2"}}, events: []string{"a2 retired alpha"}, catalog: "alpha: a1, beta: b1 b2",
		},
		{
			name: "topic retired", change: func(a *author) { a.bank.Topics = a.bank.Topics[1:] },
			want:   admin.Report{Retired: []string{"a1", "a2"}, Topics: []string{"alpha"}},
			events: []string{"a1 retired alpha", "a2 retired alpha"}, catalog: "beta: b1 b2",
		},
		{
			name: "still retired", before: remove, change: func(*author) {},
			events: []string{"a2 retired alpha"}, catalog: "alpha: a1, beta: b1 b2",
		},
		{
			name: "come back", before: remove,
			change: func(a *author) {
				a.bank.Topics[0].Questions = append(a.bank.Topics[0].Questions, question("a2", "alpha", 2))
			},
			want: admin.Report{Returned: []string{"a2"}}, events: []string{"a2 retired alpha", "a2 returned alpha"},
		},
		{
			name: "come back elsewhere with another key", before: remove,
			change: func(a *author) {
				q := question("a2", "beta", 3)
				q.KeyHash = "a2 key 2"
				a.bank.Topics[1].Questions = append(a.bank.Topics[1].Questions, q)
			},
			want:   admin.Report{Returned: []string{"a2"}, KeyChanged: []string{"a2"}},
			events: []string{"a2 retired alpha", "a2 returned beta", "a2 key-changed beta"}, catalog: "alpha: a1, beta: b1 b2 a2",
		},
		{
			name: "file broken",
			change: func(a *author) {
				a.bank.Broken = []bank.BrokenFile{{File: "alpha.md"}}
				a.bank.Topics = a.bank.Topics[1:]
			},
		},
		{
			name: "file broken and renamed, its topic readable",
			change: func(a *author) {
				a.bank.Broken = []bank.BrokenFile{{File: "new.md", Topic: "alpha"}}
				a.bank.Topics = a.bank.Topics[1:]
			},
		},
		{
			name: "file broken and renamed, one question readable",
			change: func(a *author) {
				a.bank.Broken = []bank.BrokenFile{{File: "new.md", Topic: "new", Questions: []string{"a2"}}}
				a.bank.Topics = a.bank.Topics[1:]
			},
			want: admin.Report{Retired: []string{"a1"}}, events: []string{"a1 retired alpha"}, catalog: "alpha: a2, beta: b1 b2",
		},
		{
			name: "file broken, a question of it moved to a good one",
			change: func(a *author) {
				a.bank.Broken = []bank.BrokenFile{{File: "alpha.md", Topic: "alpha", Questions: []string{"a1"}}}
				a.bank.Topics = a.bank.Topics[1:]
				a.bank.Topics[0].Questions = append(a.bank.Topics[0].Questions, question("a2", "beta", 3))
			},
			want: admin.Report{Moved: []string{"a2"}}, events: []string{"a2 moved beta"}, catalog: "alpha: a1, beta: b1 b2 a2",
		},
		{
			name: "labels", change: func(a *author) { a.question(0, 1).Tags = []string{"new"} },
			want: admin.Report{Relabelled: []string{"a2"}},
		},
		{
			name: "order in the file",
			change: func(a *author) {
				q := a.bank.Topics[0].Questions
				q[0], q[1] = q[1], q[0]
				q[0].Line, q[1].Line = 1, 2
			},
			want: admin.Report{Relabelled: []string{"a2", "a1"}}, catalog: "alpha: a2 a1, beta: b1 b2",
		},
		{
			name: "order of choices",
			change: func(a *author) {
				c := a.question(0, 1).Choices
				c[0], c[1] = c[1], c[0]
			},
			want: admin.Report{Edited: []string{"a2"}},
		},
		{
			name: "id changed, with an alias and another wording",
			change: func(a *author) {
				q := a.question(0, 1)
				q.ID, q.Aliases, q.BodyHash = "a9", []string{"a2"}, "a2 body 2"
			},
			want:    admin.Report{Renamed: []admin.Rename{{From: "a2", To: "a9"}}, Edited: []string{"a9"}},
			events:  []string{"a9 renamed alpha"},
			catalog: "alpha: a1 a9, beta: b1 b2",
		},
		{
			name:   "id changed, the same body",
			change: func(a *author) { a.question(0, 1).ID = "a9" },
			want:   admin.Report{Renamed: []admin.Rename{{From: "a2", To: "a9"}}},
			events: []string{"a9 renamed alpha"}, catalog: "alpha: a1 a9, beta: b1 b2",
		},
		{
			name:   "id changed and back, with another body",
			before: func(a *author) { a.question(0, 1).ID = "a9" },
			change: func(a *author) { a.question(0, 1).ID, a.question(0, 1).BodyHash = "a2", "a2 body 2" },
			want:   admin.Report{Renamed: []admin.Rename{{From: "a9", To: "a2"}}, Edited: []string{"a2"}},
			events: []string{"a2 renamed alpha", "a2 renamed alpha"},
		},
		{
			name:   "id changed, another body and no alias",
			change: func(a *author) { a.question(0, 1).ID, a.question(0, 1).BodyHash = "a9", "a9 body" },
			want:   admin.Report{Added: []string{"a9"}, Retired: []string{"a2"}},
			events: []string{"a2 retired alpha", "a9 added alpha"}, catalog: "alpha: a1 a9, beta: b1 b2",
		},
		{
			name: "the same body under a new id, the old one still there",
			change: func(a *author) {
				a.bank.Topics[1].Questions = append(a.bank.Topics[1].Questions, func() bank.Question { q := *a.question(0, 1); q.ID = "b3"; return q }())
			},
			want: admin.Report{Added: []string{"b3"}}, events: []string{"b3 added beta"}, catalog: "alpha: a1 a2, beta: b1 b2 b3",
		},
		{
			name:   "alias of a question that is still there",
			change: func(a *author) { a.question(1, 0).Aliases = []string{"a2"} },
			want:   admin.Report{Relabelled: []string{"b1"}},
		},
		{
			name: "alias of a question in a broken file",
			change: func(a *author) {
				a.question(1, 0).Aliases = []string{"a2"}
				a.bank.Broken = []bank.BrokenFile{{File: "alpha.md"}}
				a.bank.Topics = a.bank.Topics[1:]
			},
			want: admin.Report{Relabelled: []string{"b1"}},
		},
		{
			name:   "joined with a question that is there",
			change: func(a *author) { remove(a); a.question(1, 0).Aliases = []string{"a2"} },
			want:   admin.Report{Renamed: []admin.Rename{{From: "a2", To: "b1", Joined: true}}, Relabelled: []string{"b1"}},
			events: []string{"a2 became alpha", "b1 absorbed beta"}, catalog: "alpha: a1, beta: b1 b2",
		},
		{
			name:   "joined long after it was retired",
			before: remove,
			change: func(a *author) { a.question(1, 0).Aliases = []string{"a2"} },
			want:   admin.Report{Renamed: []admin.Rename{{From: "a2", To: "b1", Joined: true}}, Relabelled: []string{"b1"}},
			events: []string{"a2 retired alpha", "a2 became alpha", "b1 absorbed beta"}, catalog: "alpha: a1, beta: b1 b2",
		},
		{
			name:   "joined, then the id is used anew",
			before: func(a *author) { remove(a); a.question(1, 0).Aliases = []string{"a2"} },
			change: func(a *author) {
				a.question(1, 0).Aliases = nil
				a.bank.Topics[0].Questions = append(a.bank.Topics[0].Questions, question("a2", "alpha", 2))
			},
			want:   admin.Report{Added: []string{"a2"}, Relabelled: []string{"b1"}},
			events: []string{"a2 became alpha", "b1 absorbed beta", "a2 added alpha"},
		},
		{
			name:   "key corrected",
			change: func(a *author) { a.question(0, 1).KeyHash, a.question(0, 1).Corrected = "a2 key 2", fix },
			want:   admin.Report{Corrected: []string{"a2"}}, events: []string{"a2 key-corrected alpha"},
		},
		{
			name:   "key corrected and back",
			before: func(a *author) { a.question(0, 1).KeyHash, a.question(0, 1).Corrected = "a2 key 2", fix },
			change: func(a *author) { a.question(0, 1).KeyHash, a.question(0, 1).Corrected = "a2 key 1", nil },
			want:   admin.Report{Reverted: []string{"a2"}}, events: []string{"a2 key-corrected alpha", "a2 key-reverted alpha"},
		},
		{
			name:   "key corrected, then the old key with the entry kept",
			before: func(a *author) { a.question(0, 1).KeyHash, a.question(0, 1).Corrected = "a2 key 2", fix },
			change: func(a *author) { a.question(0, 1).KeyHash = "a2 key 1" },
			want:   admin.Report{KeyChanged: []string{"a2"}}, events: []string{"a2 key-corrected alpha", "a2 key-changed alpha"},
		},
		{
			name:   "key corrected, then a third key without the entry",
			before: func(a *author) { a.question(0, 1).KeyHash, a.question(0, 1).Corrected = "a2 key 2", fix },
			change: func(a *author) { a.question(0, 1).KeyHash, a.question(0, 1).Corrected = "a2 key 3", nil },
			want:   admin.Report{KeyChanged: []string{"a2"}}, events: []string{"a2 key-corrected alpha", "a2 key-changed alpha"},
		},
		{
			name:   "an entry without another key",
			change: func(a *author) { a.question(0, 1).Corrected = fix },
			want:   admin.Report{Relabelled: []string{"a2"}},
		},
		{
			name:   "another key with an entry that was there",
			before: func(a *author) { a.question(0, 1).Corrected = fix },
			change: func(a *author) { a.question(0, 1).KeyHash = "a2 key 2" },
			want:   admin.Report{KeyChanged: []string{"a2"}}, events: []string{"a2 key-changed alpha"},
		},
		{
			name:   "come back with a corrected key",
			before: remove,
			change: func(a *author) {
				q := question("a2", "alpha", 2)
				q.KeyHash, q.Corrected = "a2 key 2", fix
				a.bank.Topics[0].Questions = append(a.bank.Topics[0].Questions, q)
			},
			want:   admin.Report{Returned: []string{"a2"}, Corrected: []string{"a2"}},
			events: []string{"a2 retired alpha", "a2 returned alpha", "a2 key-corrected alpha"},
		},
		{
			name: "version written", change: func(a *author) { a.question(0, 1).Version = 1 },
			want: admin.Report{Relabelled: []string{"a2"}},
		},
		{
			name: "version raised", change: func(a *author) { a.question(0, 1).Version = 2 },
			want: admin.Report{Relabelled: []string{"a2"}, Reset: []string{"a2"}}, events: []string{"a2 reset alpha"},
		},
		{
			name:   "version lowered",
			before: func(a *author) { a.question(0, 1).Version = 2 },
			change: func(a *author) { a.question(0, 1).Version = 1 },
			want:   admin.Report{Relabelled: []string{"a2"}}, events: []string{"a2 reset alpha"},
		},
		{
			name: "new question",
			change: func(a *author) {
				a.bank.Topics[0].Questions = append(a.bank.Topics[0].Questions, question("a3", "alpha", 3))
			},
			want: admin.Report{Added: []string{"a3"}}, events: []string{"a3 added alpha"}, catalog: "alpha: a1 a2 a3, beta: b1 b2",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := newAuthor(t)
			a.publish()
			if test.before != nil {
				test.before(a)
				a.publish()
			}
			before := a.dump()
			test.change(a)
			if diff := cmp.Diff(test.want, a.publish()); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
			after := a.dump()
			if test.want.Empty() {
				if diff := cmp.Diff(before, after); diff != "" {
					t.Errorf("an empty report, but the database changed (-before +after):\n%s", diff)
				}
			}
			if diff := cmp.Diff(test.events, a.events()); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
			c := a.catalog()
			var topics []string
			for _, topic := range c.Topics {
				line := topic.Slug + ":"
				for _, q := range topic.Questions {
					line += " " + q.Head.ID
				}
				topics = append(topics, line)
			}
			want := test.catalog
			if want == "" {
				want = "alpha: a1 a2, beta: b1 b2"
			}
			if got := strings.Join(topics, ", "); got != want {
				t.Errorf("catalog = %q, want %q", got, want)
			}
			if report := a.publish(); !report.Empty() {
				t.Errorf("the same once more: report %+v, want an empty one", report)
			}
			if diff := cmp.Diff(after, a.dump()); diff != "" {
				t.Errorf("the same once more changed the database (-before +after):\n%s", diff)
			}
		})
	}
}

func TestPublishFirst(t *testing.T) {
	a := newAuthor(t)
	want := admin.Report{Bank: true, Added: []string{"a1", "a2", "b1", "b2"}, Topics: []string{"alpha", "beta"}}
	if diff := cmp.Diff(want, a.publish()); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	c := a.catalog()
	if c.Title != "Test" || c.License != "CC-BY-4.0" {
		t.Errorf("catalog: title %q, licence %q", c.Title, c.License)
	}
	for _, wantTopic := range a.bank.Topics {
		for _, q := range wantTopic.Questions {
			e, err := c.Question(q.ID)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(q, e.Question); diff != "" {
				t.Errorf("question %s (-published +catalog):\n%s", q.ID, diff)
			}
			byID, err := c.ByID(e.ID)
			if diff := cmp.Diff(e, byID); diff != "" || err != nil {
				t.Errorf("ByID(%d): %v (-want +got):\n%s", e.ID, err, diff)
			}
			current, err := c.Current(e.RevisionID)
			if diff := cmp.Diff(e, current); diff != "" || err != nil {
				t.Errorf("Current(%d): %v (-want +got):\n%s", e.RevisionID, err, diff)
			}
		}
	}
	if stale := a.rows("SELECT * FROM stale_questions"); stale != nil {
		t.Errorf("new questions are stale: %v", stale)
	}
}

// An older revision stays as it was, and with it what attempts have shown.
func TestPublishKeepsOldRevisions(t *testing.T) {
	a := newAuthor(t)
	a.publish()
	old, err := a.catalog().Question("a1")
	if err != nil {
		t.Fatal(err)
	}
	q := a.question(0, 0)
	q.Title, q.BodyHash = bank.Rich{Text: "new", HTML: "new"}, "a1 body 2"
	a.publish()
	if _, err := a.catalog().Current(old.RevisionID); !errors.Is(err, store.ErrNotFound) {
		t.Error("the old revision is still current")
	}
	err = a.st.View(t.Context(), func(tx *store.Tx) error {
		got, err := tx.Revision(old.RevisionID)
		if diff := cmp.Diff(old, &got); diff != "" {
			t.Errorf("old revision (-before +after):\n%s", diff)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestPublishRefusesABankWithoutID(t *testing.T) {
	a := newAuthor(t)
	a.publish()
	before := a.dump()
	a.bank.ID = ""
	if _, err := admin.Publish(t.Context(), a.st, a.bank); err == nil {
		t.Error("no error")
	}
	if diff := cmp.Diff(before, a.dump()); diff != "" {
		t.Errorf("the database changed (-before +after):\n%s", diff)
	}
}

func TestPublishOfAnotherBankRetiresNothing(t *testing.T) {
	a := newAuthor(t)
	a.publish()
	other := bank.Bank{ID: "other", Title: "Other", Topics: []bank.Topic{topic("alpha", "a1")}}
	if _, err := admin.Publish(t.Context(), a.st, other); err != nil {
		t.Fatal(err)
	}
	if got := len(a.catalog().Questions); got != 4 {
		t.Errorf("questions of the first bank = %d, want 4", got)
	}
}

func TestEventsOfOneLoadShareATimeAfterAllBefore(t *testing.T) {
	a := newAuthor(t)
	a.publish()
	a.bank.Topics = a.bank.Topics[1:]
	a.publish()
	var times []int64
	err := a.st.View(t.Context(), func(tx *store.Tx) error {
		for _, slug := range []string{"a1", "a2"} {
			questions, err := tx.Questions(1)
			if err != nil {
				return err
			}
			var events []progress.QuestionEvent
			if events, err = tx.QuestionEvents(questions[slug].ID, 0); err != nil {
				return err
			}
			for _, e := range events {
				times = append(times, e.At)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(times) != 4 || times[0] != times[2] || times[1] != times[3] || times[0] >= times[1] {
		t.Errorf("times of added, retired of two questions = %v, want two equal pairs, the second later", times)
	}
}

func TestPublishRefusesToRetireMuch(t *testing.T) {
	many := func(n int) (ids []string) {
		for i := range n {
			ids = append(ids, fmt.Sprintf("m%03d", i))
		}
		return ids
	}
	tests := []struct {
		name       string
		live, left int
		refused    bool
		says       string
	}{
		{"five of five", 5, 0, false, ""},
		{"five of ten", 10, 5, false, ""},
		{"six of sixty: a tenth", 60, 54, false, ""},
		{"six of 59", 59, 53, true, "would retire 6 of 59 questions"},
		{"all of 59", 59, 0, true, "the folder holds none of them"},
		{"ten of a hundred", 100, 90, false, ""},
		{"eleven of a hundred", 100, 89, true, "ids were probably changed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := newAuthor(t)
			a.bank.Topics = []bank.Topic{topic("many", many(test.live)...)}
			a.publish()
			before := a.dump()
			a.bank.Topics[0].Questions = a.bank.Topics[0].Questions[:test.left]
			_, err := admin.Publish(t.Context(), a.st, a.bank)
			var refused *admin.RetireError
			if errors.As(err, &refused) != test.refused || err != nil && !strings.Contains(err.Error(), test.says) {
				t.Fatalf("Publish: %v, want refused %v: %s", err, test.refused, test.says)
			}
			if !test.refused {
				return
			}
			if diff := cmp.Diff(before, a.dump()); diff != "" {
				t.Errorf("a refused load changed (-before +after):\n%s", diff)
			}
			report, err := admin.PublishRetiring(t.Context(), a.st, a.bank)
			if err != nil || len(report.Retired) != test.live-test.left {
				t.Errorf("PublishRetiring = %d retired, %v", len(report.Retired), err)
			}
		})
	}
}
