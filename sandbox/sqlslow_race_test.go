//go:build race

package sandbox_test

// slow: the race detector slows SQLite down, in the children, too. Statements may meet the limit of time before another one.
const slow = true
