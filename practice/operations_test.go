//go:build !race

package practice_test

const (
	wantOperations = 10_000 // random operations that TestLiveEqualsRebuilt plays at least
	stepsOfARun    = "800"  // on average
)
