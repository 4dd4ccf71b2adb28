package practice

import (
	"rehearse/progress"
	"rehearse/store"
)

// recentPace is how many of the last entries of a log show a candidate's pace.
const recentPace = 200

// Pace returns how long a candidate takes lately.
func (s *Service) Pace(tx *store.Tx, u store.User) (progress.Pace, error) {
	log, err := tx.RecentEvidence(u.ID, recentPace)
	if err != nil {
		return progress.Pace{}, err
	}
	return progress.PaceOf(log), nil
}
