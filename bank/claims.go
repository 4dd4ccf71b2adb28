package bank

import "regexp"

// claimMonths is how long a statement with a month is taken for true.
const claimMonths = 12

// claims warns of statements that have not been looked at for long.
func (v *review) claims() {
	oldest := v.today.AddDate(0, -claimMonths, 0)
	for _, f := range v.files {
		for _, c := range f.claims {
			if end := c.month.AddDate(0, 1, 0); end.Before(oldest) {
				f.src.Warnf(c.at, "stale-claim", "the statement is of %s; check it, then change the month", c.month.Format("January 2006"))
			}
		}
	}
}

var (
	latest   = regexp.MustCompile(`(?i)\b(?:latest|newest|current|most recent|recent) (?:stable |major |LTS )?(?:versions?|releases?) of\b`)
	commonJS = regexp.MustCompile(`\bCommonJS\b|\.cjs\b`)
	esModule = regexp.MustCompile(`\bES modules?\b|\bECMAScript modules?\b|\bESM\b|\.mjs\b`)
)

// checkVersion warns of a question that leaves open, or contradicts, where its answer holds.
func (q reviewed) checkVersion() {
	prompt := q.prompt()
	if vague := latest.FindString(prompt); vague != "" {
		q.warn("version-claim", "%q is another one next year; name the version", vague)
	}
	if q.Kind != Output || len(q.Runtimes) != 1 {
		return
	}
	cjs, esm := commonJS.MatchString(prompt), esModule.MatchString(prompt)
	switch runtime := q.Runtimes[0]; {
	case runtime == "node-cjs" && esm && !cjs:
		q.warn("version-claim", "the stem speaks of ES modules, and the key holds for node-cjs; correct one of the two, or write runtimes: [node-esm]")
	case runtime == "node-esm" && cjs && !esm:
		q.warn("version-claim", "the stem speaks of CommonJS, and the key holds for node-esm; correct one of the two, or write runtimes: [node-cjs]")
	}
}
