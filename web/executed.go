package web

import (
	"maps"
	"slices"
	"strings"
	"time"

	"rehearse/bank"
	"rehearse/locale"
)

// executed says where and since when the key of a question is known to hold: "Key executed on Node 22, 24 (21 Nov 2026)".
// It is "" when nobody executed it, or when the key is not the current one.
func (s *site) executed(l *locale.Language, q bank.Question) string {
	current, ok := s.catalog().Listed(q.ID)
	if !ok || current.KeyHash != q.KeyHash || len(current.Executed) == 0 {
		return ""
	}
	since := current.Executed[0].Date
	releases := map[string][]string{}
	for _, e := range current.Executed {
		name, release := releaseOf(e)
		if !slices.Contains(releases[name], release) {
			releases[name] = append(releases[name], release)
		}
		since = min(since, e.Date) // it is not longer than this that all of it has been known
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(releases)) {
		slices.Sort(releases[name])
		parts = append(parts, strings.TrimSpace(name+" "+strings.Join(releases[name], ", ")))
	}
	date, err := time.Parse(time.DateOnly, since)
	if err != nil { // verified.json is checked when it is read
		return ""
	}
	return l.F("Key executed on %s (%s)", strings.Join(parts, "; "), l.Date(date, locale.Long))
}

// releaseOf returns the name and the release line of a runtime as candidates know them.
func releaseOf(e bank.Execution) (name, release string) {
	part := strings.Split(e.Version+"..", ".")
	switch e.Runtime {
	case "node-cjs", "node-esm":
		return "Node", part[0]
	case "go":
		return "Go", strings.Trim(part[0]+"."+part[1], ".")
	case "sqlite":
		return "SQLite", strings.Trim(part[0]+"."+part[1], ".")
	}
	return e.Version, "" // a shell has a name alone
}
