package sandbox

import (
	"context"
	"slices"

	"rehearse/bank"
)

// sql runs the author's statement of a question answered by SQL, in the SQLite that candidates' statements meet.
func (v *verification) sql(ctx context.Context, q bank.Question) (Result, error) {
	r := Result{Question: q}
	c := Check{State: Passed, Runtime: "sqlite", Line: q.Line, Col: 1}
	i := slices.IndexFunc(v.runtimes, func(rt Runtime) bool { return rt.Name == c.Runtime })
	if i < 0 {
		c.State, c.Detail = NotVerified, "sqlite is not among the runtimes"
		r.Checks = append(r.Checks, c)
		return r, nil
	}
	c.Version = v.runtimes[i].Version
	if c.Recorded = v.onRecord(q, v.runtimes[i]); c.Recorded != "" {
		r.Checks = append(r.Checks, c)
		return r, nil
	}
	faults, err := v.pool.CheckQuestion(ctx, q)
	for _, f := range faults {
		bad := c
		bad.State, bad.Code, bad.Detail, bad.Remedy, bad.Line, bad.Col = False, f.Code, f.Text, f.Remedy, f.At.Line, f.At.Col
		r.Checks = append(r.Checks, bad)
	}
	if len(faults) == 0 {
		r.Checks = append(r.Checks, c)
	}
	return r, err
}
