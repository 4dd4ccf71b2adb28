//go:build race

package torture

func init() { raced = true }
