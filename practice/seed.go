package practice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"rehearse/bank"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/srs"
	"rehearse/store"
)

// Seed says what to fill a database with: what so many candidates would have left behind. Everything is drawn from
// Random and the two times, so the same seed gives the same rows.
//
// The first candidate gives a hundredth of all responses and goes through all questions. The others share the rest, and
// keep to questions of their own, each of which they meet two or three times. Attempts have seedAttempt questions, one in
// eight is an exam; after each of them some cards are graded.
type Seed struct {
	Responses  int // to questions; grades of cards come on top
	Candidates int
	Random     uint64
	From       time.Time // when the first of them came
	Until      time.Time
}

// Seeded is what a database was filled with.
type Seeded struct{ Candidates, Responses, Grades int }

const (
	seedAttempt = 10 // questions of an attempt
	seedGrades  = 3  // grades of cards after an attempt
)

// Errors of Seed.
var (
	ErrNotEmpty = errors.New("the database holds candidates; seed an empty one")
	ErrFewer    = errors.New("every candidate gives a response at least")
)

// Seed fills a database without candidates. When it is interrupted, those who are there are whole, but for the
// statistics of items that a server computes behind the answers.
func (s *Service) Seed(ctx context.Context, plan Seed, report Report) (Seeded, error) {
	if plan.Candidates < 1 || plan.Responses < plan.Candidates {
		return Seeded{}, ErrFewer
	}
	sd := &seeding{Service: s, Seed: plan, counts: store.ItemCounts{}, keys: map[int64]store.ItemKey{}, events: map[int64][]progress.QuestionEvent{}}
	if err := s.write(ctx, sd.begin); err != nil {
		return sd.done, err
	}
	ctx, stop := context.WithCancelCause(ctx)
	chunks := make(chan seedChunk) // one is made while the one before is written
	go func() {
		defer close(chunks)
		if err := sd.tell(ctx, chunks); err != nil {
			stop(err)
		}
	}()
	for c := range chunks {
		if err := sd.put(ctx, c); err != nil {
			stop(err)
		}
		report("responses", sd.done.Responses, plan.Responses)
	}
	if err := context.Cause(ctx); err != nil {
		return sd.done, err
	}
	stop(nil)
	return sd.done, s.write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if err := tx.AddAllItemCounts(sd.counts); err != nil {
			return err
		}
		return tx.AfterPasts()
	})
}

// seeding is the state of one Seed.
type seeding struct {
	*Service
	Seed
	questions []seedQuestion
	events    map[int64][]progress.QuestionEvent // by question
	keys      map[int64]store.ItemKey            // by revision
	attempts  int64                              // so far
	counts    store.ItemCounts
	done      Seeded
}

// seedQuestion is a question and what is answered to it.
type seedQuestion struct {
	store.Entry
	right, wrong []seedAnswer
}

// seedAnswer is a response as it stands in a log.
type seedAnswer struct {
	data    string
	score   int64
	ratings []progress.PartRating
}

// seedChunk is what is written in one update.
type seedChunk struct {
	pasts []store.Past
	done  Seeded
}

// seedChunkSize is how many responses one update writes, and at most those of one more candidate.
const seedChunkSize = 100_000

// begin looks at what is there. Questions whose right response is not plain from their key are left out: those that are
// open, run SQL, or accept patterns alone.
func (sd *seeding) begin(tx *store.Tx) error {
	users, err := tx.UserIDs()
	if err != nil {
		return err
	}
	if len(users) > 0 {
		return ErrNotEmpty
	}
	sd.questions = nil
	for _, listed := range sd.Catalog().All() {
		e, err := sd.Catalog().Whole(listed)
		if err != nil {
			return err
		}
		q := seedQuestion{Entry: *e}
		if e.Kind == bank.SQL || e.Kind.Open() || !q.answer() {
			continue
		}
		sd.questions = append(sd.questions, q)
		if sd.events[e.ID], err = tx.QuestionEvents(e.ID, 0); err != nil {
			return err
		}
		sd.keys[e.RevisionID] = store.ItemKey{Question: e.ID, KeyHash: e.KeyHash}
	}
	if len(sd.questions) == 0 {
		return ErrNoQuestions
	}
	return tx.RoomyCache()
}

// answer makes up the responses to a question; false when the right one is not plain.
func (q *seedQuestion) answer() bool {
	for _, r := range append(wrongResponses(q.Question), rightResponse(q.Question)) {
		for _, unsure := range []bool{false, false, false, true} {
			r.Unsure = unsure
			result := quiz.Score(q.Question, r)
			data, err := json.Marshal(r)
			if err != nil {
				return false
			}
			a := seedAnswer{string(data), result.Score, ratings(q.Question, result, unsure)}
			if result.Score == quiz.Full {
				q.right = append(q.right, a)
			} else {
				q.wrong = append(q.wrong, a)
			}
		}
	}
	return len(q.right) > 0 && len(q.wrong) > 0
}

// rightResponse returns the response that the key of a question says, as far as it says one.
func rightResponse(q bank.Question) quiz.Response {
	var r quiz.Response
	for _, c := range q.Choices {
		if c.Right {
			r.Choices = append(r.Choices, c.ID)
		}
	}
	if len(q.Accept) > 0 {
		r.Text = q.Accept[0].Literal
		if in := q.Accept[0].Range; in != nil {
			r.Text = strings.TrimSpace(fmt.Sprintf("%v %s", in.Value, in.Unit))
		}
	}
	if q.Kind == bank.Output {
		r.Text = q.Output
	}
	for _, item := range q.Order {
		r.Order = append(r.Order, item.ID)
	}
	for _, p := range q.Pairs {
		if r.Pairs == nil {
			r.Pairs = map[string]string{}
		}
		r.Pairs[p.Left.ID] = p.Right.ID
	}
	for _, b := range q.Blanks {
		r.Blanks = append(r.Blanks, b.Answer)
	}
	return r
}

// wrongResponses returns one response for each choice alone, or one that says nothing to the point.
func wrongResponses(q bank.Question) []quiz.Response {
	var all []quiz.Response
	for _, c := range q.Choices {
		all = append(all, quiz.Response{Choices: []string{c.ID}})
	}
	if len(all) > 0 {
		return all
	}
	r := quiz.Response{Blanks: make([]string, len(q.Blanks))}
	switch {
	case len(q.Order) > 0:
		for i := range q.Order {
			r.Order = append(r.Order, q.Order[len(q.Order)-1-i].ID)
		}
	case len(q.Pairs) > 0:
		r.Pairs = map[string]string{q.Pairs[0].Left.ID: q.Pairs[0].Right.ID}
	case len(q.Blanks) == 0:
		r.Text = "0.5 of it"
	}
	return []quiz.Response{r}
}

// tell makes up all candidates, in chunks.
func (sd *seeding) tell(ctx context.Context, chunks chan<- seedChunk) error {
	var c seedChunk
	for i := range sd.Candidates {
		n := sd.share(i)
		past, err := sd.past(i, n)
		if err != nil {
			return fmt.Errorf("candidate %d: %w", i+1, err)
		}
		c.pasts = append(c.pasts, past)
		c.done.Candidates++
		c.done.Responses += n
		c.done.Grades += len(past.Log) - n - len(past.Attempts) - 1
		if c.done.Responses < seedChunkSize && i+1 < sd.Candidates {
			continue
		}
		select {
		case chunks <- c:
			c = seedChunk{}
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

// share returns how many responses candidate i gives. Of two neighbours, one gives half as many again as the usual and
// the other half of it; the last one what is left.
func (sd *seeding) share(i int) int {
	others := sd.Candidates - 1
	if others == 0 {
		return sd.Responses
	}
	first := min(max(1, sd.Responses/100), sd.Responses-others)
	rest := sd.Responses - first
	each := rest / others
	n := each
	switch half := each / 2; {
	case i == 0:
		return first
	case i%2 == 1 && i < others: // its neighbour gives the rest of both
		n += half
	case i%2 == 0:
		n -= half
	}
	if i == others {
		n += rest - each*others
	}
	return n
}

func (sd *seeding) put(ctx context.Context, c seedChunk) error {
	err := sd.write(ctx, func(tx *store.Tx) error {
		if _, err := tx.User(c.pasts[0].User); !errors.Is(err, store.ErrNotFound) {
			return err // nil: a second run after one whose commit was never confirmed
		}
		return tx.AddPasts(c.pasts)
	})
	if err != nil {
		return err
	}
	sd.done.Candidates += c.done.Candidates
	sd.done.Responses += c.done.Responses
	sd.done.Grades += c.done.Grades
	return nil
}

// past makes up candidate i with n responses, and adds to the statistics of items.
func (sd *seeding) past(i, n int) (store.Past, error) {
	t := sd.teller(i, n)
	for t.left > 0 {
		t.attempt()
	}
	t.past.Projection = store.NewProjection()
	var events []progress.QuestionEvent
	for question := range t.last {
		events = append(events, sd.events[question]...)
	}
	states, err := sd.projector.Fold(t.past.Log, events, t.past.AddActivity)
	if err != nil {
		return t.past, err
	}
	for _, state := range states {
		t.past.AddState(state)
	}
	attempts, err := progress.ItemAttempts(t.past.Log, func(int64) bool { return false })
	for _, a := range attempts {
		sd.counts.Add(sd.keys[a.Revision], a, 1)
	}
	return t.past, err
}

// teller makes up what one candidate did, in the order in which it was done.
type teller struct {
	*seeding
	*rand.Rand
	past  store.Past
	left  int // responses still to give
	at    int64
	gap   int64 // from the beginning of one attempt to that of the next, ms
	skill float64
	first int // question, and how many of them
	pool  int
	given int
	last  map[int64]int64 // seq of the last entry about each question met
}

// zones are where candidates live.
var zones = []string{"Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"}

func (sd *seeding) teller(i, n int) *teller {
	t := &teller{seeding: sd, Rand: rand.New(rand.NewPCG(sd.Random, uint64(i))), left: n, last: map[int64]int64{}}
	t.skill, t.first, t.pool = 0.3+0.5*t.Float64(), t.IntN(len(sd.questions)), len(sd.questions)
	began, span := float64(sd.From.UnixMilli()), float64(sd.Until.Sub(sd.From).Milliseconds())
	if i > 0 {
		t.pool = min(t.pool, max(seedAttempt, n*2/5))
		late := span * 0.9 * t.Float64()
		began, span = began+late, span-late
	}
	size := min(seedAttempt, t.pool)
	t.at, t.gap = int64(began), int64(span)/int64((n+size-1)/size)
	t.past = store.Past{User: int64(i + 1), Began: t.at, Session: make([]byte, 32)}
	for b := range t.past.Session {
		t.past.Session[b] = byte(t.Uint32())
	}
	t.past.Settings = progress.Settings{Zone: zones[t.IntN(len(zones))], Rollover: 4}
	data, _ := json.Marshal(t.past.Settings) // never fails
	t.append(progress.Evidence{Kind: progress.Set, Once: "s:" + t.text(), Data: string(data)})
	return t
}

// text returns 80 bits as 16 characters, as randomText does.
func (t *teller) text() string {
	const digits = "abcdefghijklmnopqrstuvwxyz234567"
	var b [16]byte
	for i := range b {
		b[i] = digits[t.IntN(len(digits))]
	}
	return string(b[:])
}

func (t *teller) append(e progress.Evidence) progress.Evidence {
	e.Seq, e.At = int64(len(t.past.Log)+1), t.at
	if e.Kind != progress.Responded {
		e.Score = progress.NotJudged
	}
	if e.Question != 0 {
		t.last[e.Question] = e.Seq
	}
	t.past.Log = append(t.past.Log, e)
	return e
}

// attempt makes up an attempt and the grades after it, which together take at most half of the time until the next one.
func (t *teller) attempt() {
	n := min(seedAttempt, t.left, t.pool)
	t.attempts++
	begin, pace := t.at, min(40_000, t.gap/2/(seedAttempt+seedGrades))
	a := store.DoneAttempt{PastAttempt: store.PastAttempt{
		ID: t.attempts, Slug: t.text(), Mode: quiz.Practice, Seed: t.Uint64() >> 1, Title: fmt.Sprintf("%d questions", n), StartedAt: begin,
	}}
	if t.IntN(8) == 0 {
		a.Mode = quiz.Exam
	}
	for position := range n {
		t.respond(&a, position, pace)
	}
	a.FinishedAt = t.at
	t.append(progress.Evidence{Kind: progress.Finished, Once: onceFinish(a.ID), Attempt: a.ID})
	t.past.Attempts = append(t.past.Attempts, a)
	t.left -= n
	for range min(seedGrades, n) {
		t.grade(pace)
	}
	t.at = max(t.at, begin+t.gap)
}

func (t *teller) respond(a *store.DoneAttempt, position int, pace int64) {
	q := &t.questions[t.place(t.given)]
	took := t.spend(pace)
	answers := q.wrong
	if again := float64(t.given/t.pool) / 10; t.Float64() < min(0.95, t.skill+again) {
		answers = q.right
	}
	t.given++
	answer := answers[t.IntN(len(answers))]
	e := t.append(progress.Evidence{
		Kind: progress.Responded, Once: onceAnswer(a.ID, position), Question: q.ID, Revision: q.RevisionID, Attempt: a.ID, Position: position,
		Held: a.Mode.Holds(), Score: answer.score, Ratings: answer.ratings, Duration: took, Data: answer.data,
		Unsure: strings.Contains(answer.data, `"unsure":true`),
	})
	a.Revisions, a.Seqs = append(a.Revisions, q.RevisionID), append(a.Seqs, e.Seq)
	if answer.score == quiz.Full {
		a.Right++
	}
}

// grade makes up a grade of a card that was met, unless the question that is drawn has none.
func (t *teller) grade(pace int64) {
	q := t.questions[t.place(t.IntN(min(t.given, t.pool)))]
	took := t.spend(pace)
	if !q.Serves(bank.UseCard) {
		return
	}
	parts := q.Parts()
	rating := progress.PartRating{Part: parts[t.IntN(len(parts))], Rating: srs.Good}
	if t.Float64() > t.skill+0.2 {
		rating.Rating = srs.Again
	}
	t.append(progress.Evidence{
		Kind: progress.Graded, Once: onceGrade(t.text()), Question: q.ID, Revision: q.RevisionID, Ratings: []progress.PartRating{rating}, Duration: took,
	})
}

// place returns the question that the candidate meets as the nth: neighbours are of different topics.
func (t *teller) place(n int) int {
	const stride = 7919 // a prime: all questions are met unless their number is a multiple of it
	all := len(t.questions)
	if all%stride == 0 {
		return (t.first + n%t.pool) % all
	}
	return (t.first + n%t.pool*stride) % all
}

// spend lets time pass, at most pace, and returns how long (ms).
func (t *teller) spend(pace int64) int64 {
	took := 1 + pace/4 + t.Int64N(1+pace*3/4)
	t.at += took
	return took
}
