package bank

import (
	"regexp"
	"strings"
	"time"
)

// claimMonths is how long a statement with a month is taken for true.
const claimMonths = 12

// claims warns of statements that have not been looked at for long.
func (v *review) claims() {
	oldest := v.today.AddDate(0, -claimMonths, 0)
	for _, f := range v.files {
		f.doc.Claims(func(at int, month time.Time) {
			if end := month.AddDate(0, 1, 0); end.Before(oldest) {
				f.src.Warnf(at, "stale-claim", "the statement is of %s; check it, then change the month", month.Format("January 2006"))
			}
		})
	}
}

var (
	latest = regexp.MustCompile(`(?i)\b(?:latest|newest|current|most recent|recent) (?:stable |major |LTS )?(?:versions?|releases?) of\b`)

	// runtimeVersions is how a text names the version of a runtime.
	runtimeVersions = map[string]*regexp.Regexp{
		"node-cjs": regexp.MustCompile(`(?i)\bnode(?:\.js)?(?:,? versions?)? v?\d`),
		"node-esm": regexp.MustCompile(`(?i)\bnode(?:\.js)?(?:,? versions?)? v?\d`),
		"go":       regexp.MustCompile(`(?i)\b(?:go|golang) ?1\.\d+`),
		"sqlite":   regexp.MustCompile(`(?i)\bsqlite ?3`),
		"sh":       regexp.MustCompile(`(?i)\b(?:posix|bash|dash|sh)\b`),
	}
)

// checkVersion warns of a question whose answer depends on a version that it does not name.
func (q reviewed) checkVersion() {
	if vague := latest.FindString(q.prompt()); vague != "" {
		q.warn("version-claim", "%q is another one next year; name the version", vague)
		return
	}
	if q.Kind != Output {
		return
	}
	text := strings.Join([]string{q.file.topic.Title, q.file.topic.Description, q.file.topic.Intro.Text, q.prompt()}, "\n")
	for _, r := range q.Runtimes {
		if named := runtimeVersions[r]; named != nil && !named.MatchString(text) {
			q.warn("version-claim", "neither the stem nor the introduction of the file names the version of %s; say where the output holds", r)
			return
		}
	}
}
