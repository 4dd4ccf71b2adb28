package practice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"rehearse/bank"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/srs"
	"rehearse/store"
)

// NewQuiz is what a candidate asks for.
type NewQuiz struct {
	Title  string // in words, for lists
	Filter quiz.Filter
	Mode   quiz.Mode
	Limit  time.Duration // 0: none
	First  []string      // ids of questions that come first, in this order, if they are drawn
}

// StartQuiz draws questions and starts an attempt. It returns the attempt's slug and the candidate.
func (s *Service) StartQuiz(ctx context.Context, a Actor, n NewQuiz) (slug string, user store.User, err error) {
	return s.startFrom(ctx, a, s.Catalog().Pool(), n)
}

// startFrom is StartQuiz with a part of the live questions.
func (s *Service) startFrom(ctx context.Context, a Actor, pool []*bank.Head, n NewQuiz) (slug string, user store.User, err error) {
	c, seed := s.Catalog(), randomSeed()
	var questions []*store.Listed
	for _, q := range quiz.Choose(pool, n.Filter, seed) {
		l, ok := c.Listed(q.ID)
		if !ok {
			return "", store.User{}, fmt.Errorf("question %q: %w", q.ID, store.ErrNotFound)
		}
		questions = append(questions, l)
	}
	if len(questions) == 0 {
		return "", store.User{}, ErrNoQuestions
	}
	slices.SortStableFunc(questions, func(a, b *store.Listed) int {
		return rank(n.First, a.Head.ID) - rank(n.First, b.Head.ID)
	})
	fresh := randomText()
	err = s.update(ctx, &a, func(tx *store.Tx) error {
		slug = fresh
		used, err := tx.UsedForm([]byte(a.Once))
		switch {
		case err == nil && tx.Now()-used.At <= retryWindow.Milliseconds():
			slug, a.User, err = s.reuse(tx, a, used)
			return err
		case err == nil: // a page that the browser kept while it was away, for another quiz
			a.Once = ""
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		if err := s.admit(tx, &a); err != nil {
			return err
		}
		if _, err := tx.AttemptAt(a.User.ID, slug, c, store.NoPosition); !errors.Is(err, store.ErrNotFound) {
			return err // nil: a second run after one whose commit was never confirmed
		}
		at := newAttempt(tx, a.User, slug, n.Title, n.Mode, seed, questions)
		if limit := a.User.Timers.Limit(n.Limit); limit > 0 {
			at.Deadline = at.StartedAt + limit.Milliseconds()
		}
		id, err := tx.AddAttempt(at)
		if err != nil || a.Once == "" {
			return err
		}
		return tx.AddUsedForm([]byte(a.Once), a.User.ID, id)
	})
	return slug, a.User, err
}

// newAttempt returns an attempt that is to be stored.
func newAttempt(tx *store.Tx, u store.User, slug, title string, mode quiz.Mode, seed uint64, questions []*store.Listed) store.Attempt {
	at := store.Attempt{Slug: slug, User: u.ID, Title: title, Listed: questions}
	at.Mode, at.Seed, at.StartedAt = mode, seed, tx.Now()
	return at
}

// newAttemptOf returns an attempt with one question, to go on with.
func newAttemptOf(tx *store.Tx, u store.User, slug, title string, mode quiz.Mode, seed uint64, e *store.Entry) store.Attempt {
	l := e.Listed()
	at := newAttempt(tx, u, slug, title, mode, seed, []*store.Listed{&l})
	at.Entries, at.Items, at.Skipped = []*store.Entry{e}, []quiz.Item{{RevisionID: e.RevisionID, Question: &e.Question}}, make([]bool, 1)
	return at
}

// rank is the place of a question among those that come first, and behind them for all others.
func rank(first []string, id string) int {
	if i := slices.Index(first, id); i >= 0 {
		return i
	}
	return len(first)
}

// RepeatMistakes starts an attempt with the questions of another one that were not answered right, or not at all, and are
// still live. What was answered with confidence comes first.
func (s *Service) RepeatMistakes(ctx context.Context, a Actor, slug string) (string, error) {
	var mistakes, surprises []string
	err := s.store.View(ctx, func(tx *store.Tx) error {
		at, err := tx.Attempt(a.User.ID, slug, s.Catalog())
		if err != nil {
			return err
		}
		surprises = at.Surprises()
		switch {
		case at.Finished(tx.Time()):
			mistakes = at.Missed()
		case at.Mode == quiz.Practice: // those of a running exam are a secret
			mistakes = at.Summary(tx.Time()).Mistakes
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	if len(mistakes) == 0 { // an empty list would not restrict the draw
		return "", ErrNoQuestions
	}
	again, _, err := s.StartQuiz(ctx, a, NewQuiz{
		Title:  "Mistakes, once more",
		Mode:   quiz.Practice,
		Filter: quiz.Filter{Questions: mistakes, Count: len(mistakes)},
		First:  surprises,
	})
	return again, err
}

// attempt calls do with one of the candidate's attempts, in one update. It has the question of one position, see store.AttemptAt.
func (s *Service) attempt(ctx context.Context, a Actor, slug string, position int, do func(*store.Tx, store.User, *store.Attempt) error) error {
	return s.attemptOf(ctx, 0, a, slug, position, do)
}

// attemptOf is attempt with the user of writeOf.
func (s *Service) attemptOf(ctx context.Context, user int64, a Actor, slug string, position int, do func(*store.Tx, store.User, *store.Attempt) error) error {
	return s.writeOf(ctx, user, func(tx *store.Tx) error {
		at, err := tx.AttemptAt(a.User.ID, slug, s.Catalog(), position)
		if err != nil {
			return err
		}
		if err := a.refresh(tx); err != nil {
			return err
		}
		return do(tx, a.User, at)
	})
}

// Answer records the response to a position of an attempt. A second response to it changes nothing.
func (s *Service) Answer(ctx context.Context, a Actor, slug string, position int, r quiz.Response) error {
	return s.attemptOf(ctx, a.User.ID, a, slug, position, func(tx *store.Tx, u store.User, at *store.Attempt) error {
		if at.Mode == quiz.Check {
			return fmt.Errorf("attempt %d is a skill check: %w", at.ID, store.ErrNotFound)
		}
		return s.answer(tx, u, at, position, r)
	})
}

func (s *Service) answer(tx *store.Tx, u store.User, at *store.Attempt, position int, r quiz.Response) error {
	r.SelfMark = quiz.SelfMark{} // marked after the strong answer was seen, never before
	if err := s.addRun(at, position, &r, tx.Time()); err != nil {
		return err
	}
	result, recorded, err := at.Record(position, r, tx.Time())
	if err != nil || !recorded {
		return err
	}
	item, entry := at.Items[position], at.Entries[position]
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	e := progress.Evidence{
		Kind:       progress.Responded,
		Once:       onceAnswer(at.ID, position),
		Question:   entry.ID,
		Revision:   entry.RevisionID,
		Attempt:    at.ID,
		Position:   position,
		Held:       at.Mode.Holds(),
		Score:      result.Score,
		Ratings:    ratings(*item.Question, result, r.Unsure),
		Unsure:     r.Unsure,
		Confidence: r.Confidence,
		Duration:   item.Duration,
		Data:       string(data),
	}
	if result.Verdict == quiz.Self {
		e.Score = progress.NotJudged
	}
	e, err = s.record(tx, u, e)
	if err != nil {
		return err
	}
	if err := tx.SetResponse(at.ID, position, e.Seq); err != nil {
		return err
	}
	if err := tx.KeepAnswered(at, e); err != nil {
		return err
	}
	if at.Mode != quiz.Check && at.Answered() == len(at.Items) { // answers are final: nothing is left to do
		return s.finish(tx, u, at)
	}
	return nil
}

func onceAnswer(attempt int64, position int) string {
	return progress.Evidence{Kind: progress.Responded, Attempt: attempt, Position: position}.UsualOnce()
}

func onceMark(attempt int64, position int) string { return fmt.Sprintf("m:%d:%d", attempt, position) }

func onceFinish(attempt int64) string {
	return progress.Evidence{Kind: progress.Finished, Attempt: attempt}.UsualOnce()
}

// ratings says how a response moves the cards of its question.
func ratings(q bank.Question, result quiz.Result, unsure bool) []progress.PartRating {
	if q.Kind.Open() || !q.Serves(bank.UseCard) {
		return nil
	}
	var out []progress.PartRating
	for _, part := range q.Parts() {
		out = append(out, progress.PartRating{Part: part, Rating: srs.RatingOf(result.CardRight(part), unsure)})
	}
	return out
}

// OneQuestion is a question shown outside an attempt, as its signed form carries it.
type OneQuestion struct {
	Revision int64
	Seed     uint64 // decides the layout
	Nonce    []byte // the form is good for one response
	ShownAt  int64  // ms UTC
}

// longest is the longest time that a question shown on its own is taken to have been looked at.
const longest = 30 * time.Minute

// retryWindow is how long a form that was sent twice leads to what came of it, even for a browser whose first answer,
// with its cookie, never arrived: that is what a double click does.
const retryWindow = 10 * time.Second

// AnswerOne records the response to a question shown outside an attempt, as an attempt of one question. It returns that
// attempt and the candidate.
func (s *Service) AnswerOne(ctx context.Context, a Actor, q OneQuestion, r quiz.Response) (slug string, user store.User, err error) {
	err = s.update(ctx, &a, func(tx *store.Tx) error {
		used, err := tx.UsedForm(q.Nonce)
		switch {
		case err == nil:
			slug, user, err = s.reuse(tx, a, used)
			return err
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		entry, err := tx.Shown(s.Catalog(), q.Revision)
		if err != nil {
			return err
		}
		probe := newAttemptOf(tx, a.User, "", "", quiz.Practice, q.Seed, entry)
		if err := s.addRun(&probe, 0, &r, tx.Time()); err != nil { // before anything is written, which others would wait for
			return err
		}
		visitor := a.Visitor()
		if err := s.admit(tx, &a); err != nil {
			return err
		}
		if visitor && r.Confidence != 0 { // who says how sure they are is asked from then on
			a.User.Confidence = true
			if err := tx.PutUser(a.User); err != nil {
				return err
			}
		}
		user = a.User
		at := newAttemptOf(tx, a.User, randomText(), entry.Title.Text, quiz.Practice, q.Seed, entry)
		at.StartedAt = min(at.StartedAt, max(q.ShownAt, at.StartedAt-longest.Milliseconds()))
		if at.ID, err = tx.AddAttempt(at); err != nil {
			return err
		}
		slug = at.Slug
		if err := tx.AddUsedForm(q.Nonce, a.User.ID, at.ID); err != nil {
			return err
		}
		return s.answer(tx, a.User, &at, 0, r)
	})
	return slug, user, err
}

// reuse finds what came of a form that was sent before. A browser without a session joins the candidate only if this very
// form made that candidate a moment ago: the token stands in a page, so it must not open anything that was there before.
func (s *Service) reuse(tx *store.Tx, a Actor, used store.UsedForm) (string, store.User, error) {
	if a.User.ID == used.User {
		u, err := tx.User(a.User.ID) // locks the row: what was never confirmed is not confirmed without the standby
		return used.Attempt, u, err
	}
	if !a.Visitor() || !used.Fresh || tx.Now()-used.At > retryWindow.Milliseconds() {
		return "", store.User{}, ErrFormUsed
	}
	u, err := tx.User(used.User)
	if err != nil {
		return "", store.User{}, err
	}
	return used.Attempt, u, tx.AddSession(a.Session, u.ID)
}

// Skip notes that a position was passed over.
func (s *Service) Skip(ctx context.Context, a Actor, slug string, position int) error {
	return s.attempt(ctx, a, slug, position, func(tx *store.Tx, _ store.User, at *store.Attempt) error {
		if _, err := at.At(position); err != nil || at.Finished(tx.Time()) || at.Mode == quiz.Check {
			return err
		}
		return tx.SetSkipped(at.ID, position)
	})
}

// Mark records how candidates judge their own open answer. It moves the card and nothing else.
func (s *Service) Mark(ctx context.Context, a Actor, slug string, position int, m quiz.SelfMark) error {
	if !srs.Rating(m.Rating).Valid() {
		return badRating(srs.Rating(m.Rating))
	}
	return s.attempt(ctx, a, slug, position, func(tx *store.Tx, u store.User, at *store.Attempt) error {
		recorded, err := at.Mark(position, m, tx.Time())
		if err != nil || !recorded {
			return err
		}
		data, err := json.Marshal(m)
		if err != nil {
			return err
		}
		entry := at.Entries[position]
		e := progress.Evidence{
			Kind:     progress.Graded,
			Once:     onceMark(at.ID, position),
			Question: entry.ID,
			Revision: entry.RevisionID,
			Attempt:  at.ID,
			Position: position,
			Score:    progress.NotJudged,
			Data:     string(data),
		}
		if entry.Serves(bank.UseCard) {
			e.Ratings = []progress.PartRating{{Rating: srs.Rating(m.Rating)}}
		}
		if e, err = s.record(tx, u, e); err != nil {
			return err
		}
		return tx.SetMark(at.ID, position, e.Seq)
	})
}

// Finish ends an attempt. What an exam held takes effect now.
func (s *Service) Finish(ctx context.Context, a Actor, slug string) error {
	return s.attempt(ctx, a, slug, store.NoPosition, s.finish)
}

func (s *Service) finish(tx *store.Tx, u store.User, at *store.Attempt) error {
	if !at.Finish(tx.Time()) {
		return nil
	}
	held, err := s.held(tx, u, at)
	if err != nil {
		return err
	}
	finished, err := tx.AppendEvidence(u.ID, progress.Evidence{
		Kind:    progress.Finished,
		Once:    onceFinish(at.ID),
		Attempt: at.ID,
		Score:   progress.NotJudged,
	})
	if err != nil {
		return err
	}
	if err := tx.SetFinished(at.ID, at.FinishedAt); err != nil {
		return err
	}
	if at.Mode == quiz.Check {
		if err := s.closeLog(tx, at); err != nil {
			return err
		}
	}
	for _, e := range progress.Release(held, finished) {
		stored, current, err := s.current(tx, u.ID, e.Question)
		if err != nil {
			return err
		}
		if err := s.project(tx, u, e, stored, current); err != nil {
			return err
		}
	}
	for _, e := range held {
		if err := s.correctNew(tx, u.ID, e); err != nil {
			return err
		}
	}
	return nil
}

// held returns what an attempt holds, by position; of another mode than exam that is nothing. Their questions are settled.
func (s *Service) held(tx *store.Tx, u store.User, at *store.Attempt) ([]progress.Evidence, error) {
	if !at.Mode.Holds() {
		return nil, nil
	}
	var held []progress.Evidence
	for position, item := range at.Items {
		if item.Response == nil {
			continue
		}
		e, err := tx.Response(u.ID, at.ID, position)
		if err != nil {
			return nil, err
		}
		e.Question = at.Listed[position].ID // which may have taken it in since
		if _, _, err := s.settle(tx, u.ID, e.Question); err != nil {
			return nil, err
		}
		held = append(held, e)
	}
	return held, nil
}

// FinishExpired ends attempts whose deadline is over, so that what they held takes effect even when nobody returns to
// them. It returns how many it ended. An attempt that cannot be ended does not keep the others from it.
func (s *Service) FinishExpired(ctx context.Context) (int, error) {
	const chunk = 50
	var expired []store.Attempt
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		expired, err = tx.Expired(tx.Now()-quiz.Grace.Milliseconds(), chunk)
		return err
	})
	if err != nil {
		return 0, err
	}
	ended := 0
	var failed error
	for _, e := range expired {
		if err := s.Finish(ctx, Actor{User: store.User{ID: e.User}}, e.Slug); err != nil {
			failed = errors.Join(failed, fmt.Errorf("finish attempt %d: %w", e.ID, err))
			continue
		}
		ended++
	}
	return ended, failed
}
