package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rehearse/bank"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/srs"
)

// errBack makes an update roll back on purpose.
var errBack = errors.New("back")

// script plays random operations on one store. Two scripts with the same seed do the same.
type script struct {
	*rand.Rand
	tx       *Tx
	catalog  *Catalog
	users    []int64
	slugs    []string
	attempts []int64
	load, at int64
	n        int
}

func (s *script) user() int64 { return s.users[s.IntN(len(s.users))] }

func (s *script) entry() Listed { return s.catalog.Questions[s.IntN(len(s.catalog.Questions))] }

func (s *script) attempt() int { return s.IntN(len(s.attempts)) }

func (s *script) slug() string { return s.slugs[s.attempt()] }

func (s *script) flag() bool { return s.IntN(2) == 0 }

func (s *script) bytes() []byte { return []byte{byte(s.IntN(40)), 0, 0xff} }

// text is what sorts, folds and escapes badly.
func (s *script) text() string {
	return []string{"", "a", "A", "Zürich", "ﬁ 'quoted' \\ \"x\"", "😀\n\t", "%_", "é"}[s.IntN(8)]
}

func (s *script) state(question int64) progress.State {
	state := progress.State{
		Question: question, Topic: int64(1 + s.IntN(2)), Live: s.flag(), EventSeq: s.Int64N(3), Seq: s.Int64N(9), Answers: s.IntN(3),
		LastScore: []int64{progress.NotJudged, 0, 333_333, progress.AllRight}[s.IntN(4)], LastAt: s.Int64N(1 << 41),
	}
	for part := range s.IntN(3) {
		state.Cards = append(state.Cards, progress.Card{Part: part, Changed: s.flag(), Card: srs.Card{
			State: srs.State(s.IntN(4)), Step: s.IntN(3), Stability: s.Float64() * 100, Difficulty: 1 / (s.Float64() + 0.1),
			DueAt: s.Int64N(1000), LastAt: s.Int64N(1 << 41), Interval: s.IntN(400), Reviews: s.IntN(9), Lapses: s.IntN(9),
		}})
	}
	return state
}

func (s *script) activity() progress.Activity {
	return progress.Activity{Day: s.IntN(5), Answers: s.IntN(3) - 1, Correct: s.IntN(2), Reviews: s.IntN(3) - 1, New: s.IntN(2), Duration: s.Int64N(3) - 1}
}

// answer makes what a call returned comparable.
func answer(values ...any) string {
	var b strings.Builder
	for _, v := range values {
		switch v := v.(type) {
		case error:
			switch {
			case errors.Is(v, ErrNotFound):
				b.WriteString("not found;")
			case errors.Is(v, ErrDuplicate):
				b.WriteString("duplicate;")
			default:
				b.WriteString("error;")
			}
		case *Attempt, map[string]*Question:
			text, err := json.Marshal(v) // follows pointers
			fmt.Fprintf(&b, "%s%v;", text, err)
		default:
			fmt.Fprintf(&b, "%+v;", v)
		}
	}
	return b.String()
}

// keep are the operations that take no key from the engine, so that they may be rolled back: SQLite gives a key again
// that PostgreSQL leaves out.
var keep = []func(*script) string{
	func(s *script) string {
		u := User{ID: s.user(), NewPerDay: s.IntN(99), TwoButtons: s.flag(), KeysOff: s.flag(), Confidence: s.flag(), Theme: []string{"", "dark"}[s.IntN(2)], Hidden: []string{"", "weak activity"}[s.IntN(2)], Font: []string{"", "legible"}[s.IntN(2)], Timers: []Timers{"", TimersNone}[s.IntN(2)]}
		u.Settings = progress.Settings{Zone: s.text(), Rollover: s.IntN(24), Interview: s.IntN(30000), Retention: 80 * s.IntN(2)}
		return answer(s.tx.PutUser(u))
	},
	func(s *script) string { return answer(s.tx.AddSession(s.bytes(), s.user())) },
	func(s *script) string { return answer(s.tx.RenewSession(s.user(), s.bytes())) },
	func(s *script) string { return answer(s.tx.PruneSessions(s.tx.Now()-s.Int64N(100_000), 1+s.IntN(50))) },
	func(s *script) string {
		nonce := s.bytes()
		_, err := s.tx.UsedForm(nonce)
		if err == nil {
			return "used"
		}
		return answer(err, s.tx.AddUsedForm(nonce, s.user(), s.attempts[s.attempt()]))
	},
	func(s *script) string {
		e := s.entry()
		return answer(s.tx.AppendEvidence(s.user(), progress.Evidence{
			Kind: []progress.EvidenceKind{progress.Responded, progress.Graded, progress.Set, progress.Finished}[s.IntN(4)],
			Once: fmt.Sprint(s.IntN(300)), Question: []int64{e.ID, 0}[s.IntN(2)], Revision: e.RevisionID,
			Attempt: s.attempts[s.attempt()] * int64(s.IntN(2)), Position: s.IntN(3), Held: s.flag(),
			Score:  []int64{progress.NotJudged, 0, 500_000, progress.AllRight}[s.IntN(4)],
			Unsure: s.flag(), Confidence: quiz.Confidence(s.IntN(4)), Duration: s.Int64N(1 << 40), Ref: s.Int64N(5), Data: `{"text":` + strconv.Quote("x") + `}`,
			Ratings: []progress.PartRating{{Part: s.IntN(2), Rating: srs.Good}},
		}))
	},
	func(s *script) string {
		return answer(s.tx.SetResponse(s.attempts[s.attempt()], s.IntN(3), s.Int64N(9)))
	},
	func(s *script) string {
		return answer(s.tx.SetMark(s.attempts[s.attempt()], s.IntN(3), 0))
	},
	func(s *script) string { return answer(s.tx.SetSkipped(s.attempts[s.attempt()], s.IntN(4))) },
	func(s *script) string {
		return answer(s.tx.SetFinished(s.attempts[s.attempt()], s.tx.Now()*int64(s.IntN(2))))
	},
	func(s *script) string {
		user, question := s.user(), s.entry().ID
		before, err := s.tx.State(user, question)
		return answer(before, err, s.tx.PutState(user, before, s.state(question)))
	},
	func(s *script) string { return answer(s.tx.AddActivity(s.user(), s.activity())) },
	func(s *script) string {
		return answer(s.tx.AddItemCounts(ItemCounts{{s.entry().ID, "key"}: {"xo": s.Int64N(1<<40) - 1<<39}}))
	},
	func(s *script) string {
		if s.IntN(20) > 0 {
			return ""
		}
		return answer(s.tx.ClearProgress(s.user()))
	},
	func(s *script) string { return answer(s.tx.ServerKey(s.text(), s.bytes())) },
	func(s *script) string { return answer(s.tx.SetBookmark(s.user(), s.entry().ID, s.flag())) },
	func(s *script) string { return answer(s.tx.PutNote(s.user(), s.entry().ID, s.text())) },
	func(s *script) string {
		return answer(s.tx.AnswerReport(s.Int64N(50), s.text(), s.flag()))
	},
	func(s *script) string { return answer(s.tx.ReadReports(s.user(), s.tx.Now()-s.Int64N(10_000))) },
	func(s *script) string {
		from, into := s.user(), s.user()
		if from == into {
			return ""
		}
		return answer(s.tx.MoveBookmarks(from, into), s.tx.MoveNotes(from, into), s.tx.MoveReports(from, into))
	},
	func(s *script) string {
		kind := []progress.QuestionEventKind{progress.Moved, progress.KeyChanged, progress.Retired, progress.Returned}[s.IntN(4)]
		e := s.entry()
		return answer(s.tx.AppendQuestionEvent(s.load, progress.QuestionEvent{Question: e.ID, At: s.tx.Now(), Kind: kind, Topic: e.TopicID}))
	},
	func(s *script) string { return answer(s.tx.SetFresh(s.entry().ID)) },
	func(s *script) string {
		e := s.entry()
		q := Question{ID: e.ID, Slug: e.Head.ID, Topic: e.TopicID, Revision: e.RevisionID, File: s.text(), Line: s.IntN(99), Sort: s.IntN(5), Live: s.IntN(5) > 0}
		q.Labels = &bank.Labels{Use: bank.Uses()}
		return answer(s.tx.PutQuestion(q))
	},
}

// create are the operations that take a key.
var create = []func(*script) string{
	func(s *script) string {
		if len(s.users) > 40 {
			return ""
		}
		u, err := s.tx.AddUser(progress.Settings{Zone: s.text(), Rollover: s.IntN(24)})
		s.users = append(s.users, u.ID)
		return answer(u, err)
	},
	func(s *script) string {
		slug := fmt.Sprint(s.text(), s.n)
		a := Attempt{User: s.user(), Slug: slug, Title: s.text(), Listed: s.catalog.All()[:3], Attempt: practiceAt(s.tx.Now())}
		a.Seed, a.Deadline = s.Uint64(), []int64{0, s.tx.Now() + s.Int64N(100_000)}[s.IntN(2)]
		if s.flag() {
			a.Mode = quiz.Exam
		}
		id, err := s.tx.AddAttempt(a)
		s.attempts, s.slugs = append(s.attempts, id), append(s.slugs, slug)
		return answer(id, err)
	},
	func(s *script) (out string) {
		if s.IntN(10) > 0 {
			return ""
		}
		var err error
		s.load, s.at, err = s.tx.AddContentLoad(1)
		return answer(s.load, s.at, err, s.tx.DescribeContentLoad(s.load, s.text()))
	},
	func(s *script) string {
		q := bank.Question{ID: "x", BodyHash: fmt.Sprint(s.IntN(5)), KeyHash: s.text()}
		q.Explanation.Text = s.text()
		return answer(s.tx.PutRevision(s.entry().ID, &q))
	},
	func(s *script) string {
		e := s.entry()
		r := Report{Question: e.ID, Revision: e.RevisionID, Kind: ReportKinds()[s.IntN(5)], Text: s.text()}
		return answer(s.tx.AddReport(s.user(), r))
	},
	func(s *script) string {
		return answer(s.tx.PutBank(bank.Bank{ID: s.text(), Title: s.text(), License: "x"}))
	},
}

var look = []func(*script) string{
	func(s *script) string { return answer(s.tx.User(int64(s.IntN(50)))) },
	func(s *script) string { return answer(s.tx.UserIDs()) },
	func(s *script) string {
		found, err := s.tx.Session(s.bytes())
		found.Stamp = 0 // a random one on PostgreSQL
		return answer(found, err)
	},
	func(s *script) string { return answer(s.tx.UsedForm(s.bytes())) },
	func(s *script) string { return answer(s.tx.Attempt(s.user(), s.slug(), s.catalog)) },
	func(s *script) string { return answer(s.tx.AttemptLines(s.user(), s.IntN(3), 1+s.IntN(5))) },
	func(s *script) string { return answer(s.tx.RunningAttempts(s.user(), s.tx.Now(), 1+s.IntN(5))) },
	func(s *script) string { return answer(s.tx.CountAttempts(s.user())) },
	func(s *script) string {
		expired, err := s.tx.Expired(s.tx.Now()+s.Int64N(100_000), 1000)
		return answer(len(expired), err)
	},
	func(s *script) string { return answer(s.tx.Log(s.user())) },
	func(s *script) string { return answer(s.tx.RecentEvidence(s.user(), 1+s.IntN(9))) },
	func(s *script) string { return answer(s.tx.QuestionLog(s.user(), s.entry().ID)) },
	func(s *script) string { return answer(s.tx.EvidenceOnce(s.user(), fmt.Sprint(s.IntN(300)))) },
	func(s *script) string { return answer(s.tx.Evidence(s.user(), s.Int64N(20))) },
	func(s *script) string { return answer(s.tx.History(s.user(), s.entry().ID, 1+s.IntN(9))) },
	func(s *script) string { return answer(s.tx.State(s.user(), s.entry().ID)) },
	func(s *script) string { return answer(s.tx.TopicProgress(s.user())) },
	func(s *script) string { return answer(s.tx.LastScores(s.user())) },
	func(s *script) string {
		user := s.user()
		all, err := s.tx.LastScores(user)
		some, wrong := s.tx.LastScoresOf(user, slices.Collect(maps.Keys(all)))
		if !maps.Equal(all, some) {
			panic(fmt.Sprintf("the scores are %v, and one by one %v", all, some))
		}
		return answer(some, errors.Join(err, wrong))
	},
	func(s *script) string { return answer(s.tx.MetQuestions(s.user())) },
	func(s *script) string { return answer(s.tx.Days(s.user(), s.IntN(4))) },
	func(s *script) string {
		known, err := s.tx.Known(s.user())
		if err != nil {
			return answer(err)
		}
		return answer(*known)
	},
	func(s *script) string { return answer(s.tx.DueTimes(s.user(), s.Int64N(500), s.Int64N(1000))) },
	func(s *script) string { return answer(s.tx.Bookmarks(s.user())) },
	func(s *script) string { return answer(s.tx.Bookmarked(s.user(), s.entry().ID)) },
	func(s *script) string { return answer(s.tx.Note(s.user(), s.entry().ID)) },
	func(s *script) string { return answer(s.tx.Reports(s.user(), s.entry().ID)) },
	func(s *script) string { return answer(s.tx.CountReports(s.user())) },
	func(s *script) string { return answer(s.tx.UnreadReports(s.user())) },
	func(s *script) string { return answer(s.tx.BankReports("test", s.flag(), s.IntN(3), 1+s.IntN(9))) },
	func(s *script) string { return answer(s.tx.CountBankReports("test")) },
	func(s *script) string { return answer(s.tx.QuestionEvents(s.entry().ID, s.Int64N(3))) },
	func(s *script) string { return answer(s.tx.StaleQuestion()) },
	func(s *script) string { return answer(s.tx.BehindOn(s.entry().ID, 1000)) },
	func(s *script) string { return answer(s.tx.Topics(1)) },
	func(s *script) string {
		questions, err := s.tx.Questions(1)
		out := answer(err)
		for _, slug := range slices.Sorted(maps.Keys(questions)) {
			q := *questions[slug]
			labels := *q.Labels
			q.Labels = nil
			out += answer(q, labels)
		}
		return out
	},
	func(s *script) string { return answer(s.tx.Revision(s.Int64N(20))) },
	func(s *script) string { return answer(s.tx.ContentVersion()) },
	func(s *script) string { return answer(s.tx.Now()) },
}

// refused are statements that break a rule of the schema.
var refused = []func(*script) string{
	func(s *script) string { return answer(s.tx.PutUser(User{ID: s.user(), NewPerDay: -1})) },
	func(s *script) string { return answer(s.tx.AddSession([]byte("new"), 9999)) },
	func(s *script) string {
		return answer(s.tx.SetResponse(s.attempts[0], 0, 1), s.tx.AddSession(nil, s.user()))
	},
	func(s *script) string {
		return answer(s.tx.AppendEvidence(s.user(), progress.Evidence{Kind: "guessed", Once: "never"}))
	},
}

// TestBothEnginesAnswerAlike plays the same random operations on both engines and compares all that they answer, and all
// that is in their tables in the end.
func TestBothEnginesAnswerAlike(t *testing.T) {
	lite, pg := onBoth(t)
	operations := 20_000
	if raceDetector { // which makes each of them take five times as long; make test plays all of them without it
		operations = 3_000
	}
	if n, err := strconv.Atoi(os.Getenv("REHEARSE_TEST_OPERATIONS")); err == nil {
		operations = n
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	const batch = 25
	clocks := [2]*handClock{newClock(), newClock()}
	stores := [2]*Store{lite, pg}
	lite.writer.clock.now, pg.pg.clock.now = clocks[0].Now, clocks[1].Now
	scripts := [2]*script{}
	for i, st := range stores {
		c := content(t, st, "q1", "q2", "q3", "q4", "q5", "q6")
		scripts[i] = &script{Rand: rand.New(rand.NewPCG(seed, 1)), catalog: c, load: 1, users: []int64{addUser(t, st).ID}}
		do(t, st, func(tx *Tx) error {
			s := scripts[i]
			s.tx = tx
			create[1](s)
			return nil
		})
	}
	choice := rand.New(rand.NewPCG(seed, 2))
	done := 0
	play := func(kind string, list []func(*script) string, count int, back bool) {
		picks := make([]int, count)
		for i := range picks {
			picks[i] = choice.IntN(len(list))
		}
		step := time.Duration(choice.IntN(5000)) * time.Millisecond
		turn := choice.Uint64()
		var answers [2][]string
		var failed [2]bool
		for i, st := range stores {
			clocks[i].add(step)
			run := st.Update
			if kind == "look" {
				run = st.View
			}
			before := *scripts[i]
			err := run(t.Context(), func(tx *Tx) error { // which may run twice
				s := scripts[i]
				*s = before
				s.Rand = rand.New(rand.NewPCG(turn, 3))
				s.tx, answers[i] = tx, nil
				tx.anyone() // attempts are written to by their keys alone
				for _, pick := range picks {
					s.n++
					answers[i] = append(answers[i], list[pick](s))
				}
				if back {
					return errBack
				}
				return nil
			})
			failed[i] = err != nil
			if failed[i] != (back || kind == "refused") {
				t.Fatalf("%s on engine %d: error %v; answers %q", kind, i, err, answers[i])
			}
		}
		for k := range picks {
			if answers[0][k] != answers[1][k] {
				t.Fatalf("operation %d (%s %d):\nsqlite   %s\npostgres %s", done+k, kind, picks[k], answers[0][k], answers[1][k])
			}
		}
		done += count
	}
	for done < operations {
		switch n := choice.IntN(20); {
		case n < 8:
			play("keep", keep, batch, false)
		case n < 10:
			play("keep", keep, batch, true)
		case n < 12:
			play("create", create, 5, false)
		case n < 13:
			play("refused", refused, 1, false)
		default:
			play("look", look, batch, false)
		}
	}
	for _, st := range stores {
		do(t, st, func(tx *Tx) error { return tx.exec(`UPDATE users SET stamp = 0`) })
	}
	tables, err := lite.tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, table := range tables {
		var sums [2]TableSum
		for i, st := range stores {
			see(t, st, func(tx *Tx) (err error) {
				sums[i], err = tx.sum(table, func(int) {})
				return err
			})
		}
		if sums[0] != sums[1] {
			t.Errorf("table %s: sqlite %d rows %x, postgres %d rows %x", table.name, sums[0].Rows, sums[0].Hash[:4], sums[1].Rows, sums[1].Hash[:4])
		}
		rows += sums[0].Rows
	}
	t.Logf("%d operations, %d rows in the end", done, rows)
}
