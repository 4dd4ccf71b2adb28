package main

import (
	"io/fs"
	"log/slog"
	"sync/atomic"

	"rehearse/admin"
	"rehearse/bank"
	"rehearse/handbook"
	"rehearse/markdown"
)

// shelf holds the handbook that is served.
type shelf struct {
	root fs.FS
	book atomic.Pointer[handbook.Book]
}

// follow reads the handbook anew after a load of the bank.
func (s *shelf) follow(l *admin.Loading, logger *slog.Logger) {
	if l.Err != nil {
		return
	}
	if err := s.load(l.Bank, logger); err != nil {
		logger.Error("handbook not loaded, the last good one is served", "error", err)
	}
}

// load reads the handbook beside a bank. A file with an error keeps its last good version.
func (s *shelf) load(b bank.Bank, logger *slog.Logger) error {
	book, findings, err := handbook.Read(s.root, known(b))
	if err != nil {
		return err
	}
	for _, f := range findings {
		if f.Severity == markdown.Error {
			logger.Warn("content error", "finding", f.String())
		}
	}
	book.KeepBroken(s.book.Load())
	s.book.Store(&book)
	logger.Info("handbook loaded", "guides", len(book.Guides), "roles", len(book.Roles), "plans", len(book.Plans),
		"interviews", len(book.Interviews), "sets", len(book.Sets), "assessments", len(book.Assessments), "broken", len(book.Broken))
	return nil
}

// known tells the handbook what questions there are. Those that serve assessments alone are shown nowhere.
func known(b bank.Bank) handbook.Known {
	k := handbook.Known{Unread: len(b.Broken) > 0}
	for _, t := range b.Topics {
		for _, q := range t.Questions {
			if !q.Secret() {
				k.Questions = append(k.Questions, handbook.Question{ID: q.ID, Topic: q.Topic, Tags: q.Tags, Axes: q.Axes})
			}
		}
	}
	return k
}
