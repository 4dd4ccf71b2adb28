package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"rehearse/admin"
	"rehearse/practice"
	"rehearse/store"
)

// seedYears is how long ago the first made-up candidate came.
const seedYears = 2

// seed fills a database with what candidates that are made up would have left in it.
func seed(ctx context.Context, p *program) (err error) {
	if err := makeUpContent(p); err != nil {
		return err
	}
	root, err := contentRoot(p.cfg.content)
	if err != nil {
		return err
	}
	if file, isFile := store.File(p.cfg.database); isFile {
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			return fmt.Errorf("folder of the database: %w", err)
		}
	}
	until := time.Now().UTC().Truncate(24 * time.Hour) // the same seed gives the same rows all day
	from := until.AddDate(-seedYears, 0, 0)
	clock := func() time.Time { return from } // the content is there before the candidates are
	st, closeStore, err := openAlone(ctx, p.cfg.database, store.Options{Clock: clock})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeStore()) }()
	start := time.Now()
	loading := admin.NewDesk(root, st, nil).Load(ctx, false)
	if loading.Err != nil {
		return loading.Err
	}
	svc, err := practice.New(ctx, st, nil, loading.Bank.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%d questions loaded in %s\n", loading.Bank.Size(), since(start))
	show := newMeter(p.stderr)
	start = time.Now()
	done, err := svc.Seed(ctx, practice.Seed{
		Responses: p.cfg.responses, Candidates: p.cfg.candidates, Random: p.cfg.seed, From: from, Until: until,
	}, show.report)
	show.end()
	if err != nil {
		return err
	}
	took := since(start)
	fmt.Fprintf(p.stdout, "%d candidates gave %d responses and graded %d cards: written in %s, %.0f responses a second\n",
		done.Candidates, done.Responses, done.Grades, took, float64(done.Responses)/took.Seconds())
	return nil
}

// makeUpContent writes the questions that were asked for into a new content folder.
func makeUpContent(p *program) error {
	if p.cfg.questions == 0 {
		return nil
	}
	if p.cfg.content == "" {
		return errors.New("--questions needs --content, a new folder to write them to")
	}
	if _, err := os.Stat(p.cfg.content); err == nil {
		return fmt.Errorf("%s is there; questions that are made up go to a new folder", p.cfg.content)
	}
	files := admin.MadeUp(p.cfg.questions, p.cfg.seed)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(p.cfg.content, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(files[name]), 0o640); err != nil {
			return err
		}
	}
	return nil
}
