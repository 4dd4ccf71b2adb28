//go:build race

package practice_test

// Less than without the race detector: it makes SQLite ten times slower, and a history runs in one goroutine.
const (
	wantOperations = 1_000
	stepsOfARun    = "200"
)
