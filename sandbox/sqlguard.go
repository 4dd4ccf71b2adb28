package sandbox

import (
	"math"
	"slices"
	"strconv"
	"strings"

	sqlite3 "modernc.org/sqlite/lib"
)

// guard decides what may be prepared. What it does not know it refuses.
type guard struct {
	mode   guardMode
	denied bool // it refused something since it was last set
}

type guardMode int

const (
	ourselves guardMode = iota // settings of the connection
	building                   // the author's data set
	querying                   // reads only
	writing                    // changes rows and makes indexes
)

// reading is what every query needs.
var reading = []int32{sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}

// alsoIn is what else is allowed by mode.
var alsoIn = map[guardMode][]int32{
	building: {
		sqlite3.SQLITE_CREATE_TABLE, sqlite3.SQLITE_CREATE_INDEX, sqlite3.SQLITE_CREATE_VIEW, sqlite3.SQLITE_CREATE_TRIGGER,
		sqlite3.SQLITE_DROP_TABLE, sqlite3.SQLITE_DROP_INDEX, sqlite3.SQLITE_DROP_VIEW, sqlite3.SQLITE_DROP_TRIGGER,
		sqlite3.SQLITE_ALTER_TABLE, sqlite3.SQLITE_REINDEX, sqlite3.SQLITE_ANALYZE,
		sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE,
		sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_SAVEPOINT,
	},
	writing: {
		sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE,
		sqlite3.SQLITE_CREATE_INDEX, sqlite3.SQLITE_REINDEX, // an index is filled by reindexing
	},
}

// functions that could reach out of the database. They are not built in here; this stays so if that changes.
var barred = []string{"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer", "sqlite_compileoption_get"}

// allows answers SQLite's authorizer. What first and second name depends on the action.
func (g *guard) allows(action int32, first, second string) bool {
	ok := g.mode == ourselves || g.permits(action, first, second)
	g.denied = g.denied || !ok
	return ok
}

func (g *guard) permits(action int32, first, second string) bool {
	if !slices.Contains(reading, action) && !slices.Contains(alsoIn[g.mode], action) {
		return false
	}
	switch action {
	case sqlite3.SQLITE_FUNCTION:
		return !slices.Contains(barred, strings.ToLower(second))
	case sqlite3.SQLITE_READ:
		name := strings.ToLower(first)
		return !strings.HasPrefix(name, "pragma_") && !slices.Contains([]string{"sqlite_dbpage", "dbstat", "sqlite_stmt", "bytecode", "tables_used"}, name)
	}
	return true
}

// set goes over to another mode.
func (g *guard) set(mode guardMode) { *g = guard{mode: mode} }

// realText writes a real so that it does not look like an integer.
func realText(f float64) string {
	if math.IsInf(f, 0) {
		return map[bool]string{true: "Inf", false: "-Inf"}[f > 0]
	}
	text := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}

// validText returns bytes as text that any database can keep.
func validText(b []byte) string {
	return strings.ReplaceAll(strings.ToValidUTF8(string(b), "\uFFFD"), "\x00", "\uFFFD")
}
