package admin

import (
	"context"

	"rehearse/store"
)

// AnswerReport stores what an author answers to a candidate's report, and whether the report is closed by it.
func AnswerReport(ctx context.Context, st *store.Store, id int64, answer string, closed bool) error {
	return st.Update(ctx, func(tx *store.Tx) error { return tx.AnswerReport(id, answer, closed) })
}
