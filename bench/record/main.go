// Record answers many questions with the program's own packages and writes down every statement of it, for loops that
// repeat them without the program: record BASE TRACE leaves the database as it was before at BASE, and prints how many answers.
package main

import (
	"bufio"
	"context"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"sync"

	"rehearse/admin"
	"rehearse/bank"
	"rehearse/content"
	"rehearse/practice"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/store"
)

const (
	candidates = 64
	quizzes    = 4
	length     = 40
)

func main() {
	if err := record(context.Background(), os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func record(ctx context.Context, base, trace string) (err error) {
	started, err := prepare(ctx, base)
	if err != nil {
		return err
	}
	work := base + ".answered"
	data, err := os.ReadFile(base)
	if err == nil {
		err = os.WriteFile(work, data, 0o600)
	}
	if err != nil {
		return err
	}
	file, err := os.Create(trace)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	to := &tracer{w: bufio.NewWriter(file), known: map[string]int{}}
	if err := answerAll(ctx, work, to, started); err != nil {
		return err
	}
	fmt.Println(candidates * quizzes * length)
	return to.w.Flush()
}

// one is a candidate with the attempts that are begun.
type one struct {
	user     store.User
	attempts []begun
}

type begun struct {
	slug    string
	choices []string // the one that is picked at each position
}

// prepare makes a database in which everybody has begun everything.
func prepare(ctx context.Context, path string) (all []one, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, err
	}
	st, err := store.Open(ctx, path, store.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	svc, err := service(ctx, st)
	if err != nil {
		return nil, err
	}
	for i := range candidates {
		who := one{user: store.NewUser(progress.Settings{Zone: "UTC", Rollover: 4})}
		for range quizzes {
			session := binary.BigEndian.AppendUint64(make([]byte, 24), uint64(i)+1)
			slug, user, err := svc.StartQuiz(ctx, practice.Actor{User: who.user, Session: session}, practice.NewQuiz{
				Title: "Mixed topics", Mode: quiz.Practice,
				Filter: quiz.Filter{Kinds: []bank.Kind{bank.Single}, Count: length},
			})
			if err != nil {
				return nil, err
			}
			who.user = user
			choices, err := firstChoices(ctx, st, svc, user.ID, slug)
			if err != nil {
				return nil, err
			}
			who.attempts = append(who.attempts, begun{slug, choices})
		}
		all = append(all, who)
	}
	return all, nil
}

func firstChoices(ctx context.Context, st *store.Store, svc *practice.Service, user int64, slug string) (ids []string, err error) {
	err = st.View(ctx, func(tx *store.Tx) error {
		at, err := tx.Attempt(user, slug, svc.Catalog())
		if err != nil {
			return err
		}
		for _, item := range at.Items {
			ids = append(ids, item.Question.Choices[0].ID)
		}
		return nil
	})
	return ids, err
}

func service(ctx context.Context, st *store.Store) (*practice.Service, error) {
	first := admin.NewDesk(content.FS, st, nil).Load(ctx, false)
	if first.Err != nil {
		return nil, first.Err
	}
	return practice.New(ctx, st, nil, first.Bank.ID)
}

// answerAll lets everybody answer at the same time.
func answerAll(ctx context.Context, path string, to *tracer, all []one) (err error) {
	st, err := store.Open(ctx, path, store.Options{Trace: to.statement})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	svc, err := service(ctx, st)
	if err != nil {
		return err
	}
	to.begin()
	failed := make([]error, len(all))
	var wg sync.WaitGroup
	for i, who := range all {
		wg.Go(func() { failed[i] = answer(ctx, svc, who) })
	}
	wg.Wait()
	return errors.Join(failed...)
}

func answer(ctx context.Context, svc *practice.Service, who one) error {
	for _, a := range who.attempts {
		for position, choice := range a.choices {
			r := quiz.Response{Choices: []string{choice}}
			if err := svc.Answer(ctx, practice.Actor{User: who.user}, a.slug, position, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// tracer writes statements: "S length" and the text for one that is new, "E number count" for one that is run, and a line for
// each argument: i and a whole number, r and a real one, n, or t or b and a length, and the bytes.
type tracer struct {
	w     *bufio.Writer
	known map[string]int
	on    bool
}

func (t *tracer) begin() { t.on = true }

func (t *tracer) statement(query string, args []any) {
	if !t.on {
		return
	}
	number, ok := t.known[query]
	if !ok {
		number = len(t.known)
		t.known[query] = number
		fmt.Fprintf(t.w, "S %d\n%s\n", len(query), query)
	}
	fmt.Fprintf(t.w, "E %d %d\n", number, len(args))
	for _, arg := range args {
		t.argument(arg)
	}
}

func (t *tracer) argument(arg any) {
	switch v := plain(arg).(type) {
	case nil:
		fmt.Fprintln(t.w, "n")
	case float64:
		fmt.Fprintf(t.w, "r %.17g\n", v)
	case string:
		fmt.Fprintf(t.w, "t %d\n%s\n", len(v), v)
	case []byte:
		fmt.Fprintf(t.w, "b %d\n%s\n", len(v), v)
	default:
		fmt.Fprintf(t.w, "i %d\n", v)
	}
}

// plain returns what the driver gets of an argument.
func plain(arg any) any {
	if v, ok := arg.(driver.Valuer); ok {
		value, err := v.Value()
		if err != nil {
			log.Fatal(err) // none of the program's arguments fails
		}
		return value
	}
	value, err := driver.DefaultParameterConverter.ConvertValue(arg)
	if err != nil {
		log.Fatal(err)
	}
	return value
}
