package practice

import (
	"context"
	"errors"

	"rehearse/store"
)

// MaxReports is how many of a candidate's reports may be open at a time.
const MaxReports = 20

// ErrTooManyReports is returned to a candidate who has MaxReports open.
var ErrTooManyReports = errors.New("too many reports are open")

// SetBookmark marks a question, or takes the mark away.
func (s *Service) SetBookmark(ctx context.Context, a Actor, question int64, on bool) (store.User, error) {
	return s.keep(ctx, a, func(tx *store.Tx, user int64) error { return tx.SetBookmark(user, question, on) })
}

// PutNote stores what a candidate writes down about a question, in Markdown; "" deletes it.
func (s *Service) PutNote(ctx context.Context, a Actor, question int64, text string) (store.User, error) {
	return s.keep(ctx, a, func(tx *store.Tx, user int64) error { return tx.PutNote(user, question, text) })
}

// AddReport tells the authors what is wrong with a question. The same report, while it is open, counts once.
func (s *Service) AddReport(ctx context.Context, a Actor, r store.Report) (store.User, error) {
	return s.keep(ctx, a, func(tx *store.Tx, user int64) error {
		open, err := tx.CountReports(user)
		if err == nil && open >= MaxReports {
			err = ErrTooManyReports
		}
		if err != nil {
			return err
		}
		return tx.AddReport(user, r)
	})
}

// ReadReports notes that a candidate has read what the authors answered up to a time (ms UTC).
func (s *Service) ReadReports(ctx context.Context, a Actor, until int64) error {
	return s.store.Update(ctx, func(tx *store.Tx) error { return tx.ReadReports(a.User.ID, until) })
}

func (s *Service) keep(ctx context.Context, a Actor, put func(tx *store.Tx, user int64) error) (store.User, error) {
	err := s.update(ctx, &a, func(tx *store.Tx) error {
		if err := s.admit(tx, &a); err != nil {
			return err
		}
		return put(tx, a.User.ID)
	})
	return a.User, err
}
