package practice

import (
	"rehearse/progress"
	"rehearse/store"
)

// recentPace is how many of the last entries of a log show a candidate's pace.
const recentPace = 200

// Pace returns how long a candidate takes lately.
func (s *Service) Pace(tx *store.Tx, u store.User) (progress.Pace, error) {
	return store.Remember(tx, u.ID, paceKey(u.ID), nil, func() (progress.Pace, error) {
		log, err := tx.RecentTimes(u.ID, recentPace)
		return progress.PaceOf(log), err
	})
}

type paceKey int64 // of what is remembered
