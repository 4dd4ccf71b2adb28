package torture

import (
	"testing"
)

func migrateChild(string) int { return 0 }
var _ testing.TB
