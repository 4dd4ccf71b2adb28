package practice

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rehearse/bank"
	"rehearse/quiz"
	"rehearse/sandbox"
	"rehearse/store"
)

// needRun is how a closure of write asks for what a statement comes to. Statements run outside of transactions.
type needRun struct {
	question  bank.Question
	statement string
	answering bool // the response is being given now: what is refused is returned to the candidate
}

func (n *needRun) Error() string { return "a statement has to be run first" }

// runKey names a run: the key of the question decides all of it but the statement.
type runKey struct{ keyHash, statement string }

func (n *needRun) key() runKey { return runKey{n.question.KeyHash, n.statement} }

// write is store.Update for what may have to run statements: when the closure asks for a run, all that it did is taken
// back, the statement is run, and the closure is called again. It must not rely on being called once.
func (s *Service) write(ctx context.Context, do func(*store.Tx) error) error {
	return s.writeOf(ctx, 0, do)
}

// writeOf is write for what concerns one candidate alone; 0: it may concern others.
func (s *Service) writeOf(ctx context.Context, user int64, do func(*store.Tx) error) error {
	for {
		err := s.store.UpdateOf(ctx, user, do)
		var need *needRun
		if !errors.As(err, &need) {
			return err
		}
		run, err := s.carryOut(ctx, need)
		if err != nil {
			return err
		}
		s.runs.Store(need.key(), run)
		defer s.runs.Delete(need.key())
	}
}

// runOf returns what a statement comes to, or asks for it.
func (s *Service) runOf(q bank.Question, statement string, answering bool) (quiz.Run, error) {
	need := &needRun{question: q, statement: statement, answering: answering}
	if run, ok := s.runs.Load(need.key()); ok {
		return run.(quiz.Run), nil
	}
	return quiz.Run{}, need
}

// addRun adds to the response to a question of kind sql what its statement comes to, unless it will not be recorded anyway.
func (s *Service) addRun(at *store.Attempt, position int, r *quiz.Response, now time.Time) error {
	r.Run = nil
	item, err := at.At(position)
	if err != nil || item.Question.Kind != bank.SQL || item.Result != nil || at.Finished(now) || r.Text == "" {
		return err
	}
	run, err := s.runOf(*item.Question, r.Text, true)
	r.Run = &run
	return err
}

// carryOut runs a statement. One that was marked before and is refused now, by a key that was corrected since, counts as
// wrong; it is tried again first, since a limit of time may be met on a busy machine.
func (s *Service) carryOut(ctx context.Context, n *needRun) (quiz.Run, error) {
	const tries = 3
	var refusal *quiz.Refusal
	for range tries {
		run, err := s.sandbox.Answer(ctx, n.question, n.statement)
		if err == nil || n.answering || !errors.As(err, &refusal) {
			return run, notRun(err)
		}
	}
	return quiz.Run{Error: &quiz.QueryError{Text: refusal.Error()}}, nil
}

// Try runs a statement on the data set that a question of kind sql shows. Nothing is compared and nothing recorded.
func (s *Service) Try(ctx context.Context, q bank.Question, statement string) (sandbox.Outcome, error) {
	if q.Kind != bank.SQL {
		return sandbox.Outcome{}, fmt.Errorf("question %s of kind %s: %w", q.ID, q.Kind, store.ErrNotFound)
	}
	out, err := s.sandbox.Try(ctx, q, statement)
	return out, notRun(err)
}

// notRun is ErrNotRun for what is no fault of the statement.
func notRun(err error) error {
	if errors.Is(err, sandbox.ErrBusy) || errors.Is(err, sandbox.ErrBroken) || errors.Is(err, sandbox.ErrQuestion) {
		return fmt.Errorf("%w: %w", ErrNotRun, err)
	}
	return err
}
