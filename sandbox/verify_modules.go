package sandbox

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"rehearse/bank"
	"rehearse/markdown"
)

// moduleNamed finds in a prompt which kind of Node module a program is.
var moduleNamed = regexp.MustCompile(`(?i)\bCommonJS\b|\bES[ -]?modules?\b|\bESM\b|\.[cm]js\b|"type": ?"module"`)

// compareModules runs a program of Node that passed as the other kind of module, too. When that prints something else, the
// prompt must say which kind it asks about.
func (v *verification) compareModules(ctx context.Context, r *Result) error {
	q := r.Question
	other := otherModule(q)
	if other == "" || namesModule(q) || r.State() == False {
		return nil
	}
	for i := len(v.runtimes) - 1; i >= 0; i-- { // the newest is enough
		rt := v.runtimes[i]
		if rt.Name != other || !executed(r.Checks, rt.Version) {
			continue
		}
		printed, err := rt.run(ctx, q)
		if err != nil {
			return fmt.Errorf("%s %s: %w", rt.Name, rt.Version, err)
		}
		if detail, line := falsify(q.Output, printed); detail != "" && !tellsItsKind(printed) {
			r.Findings = append(r.Findings, markdown.Finding{
				Path: q.File, Line: q.Script.Key.Line + line, Col: q.Script.Key.Col, Severity: markdown.Warning, Code: "runtime-differs",
				Message: fmt.Sprintf("as %s the program prints something else (%s); say in the prompt that it is %s", moduleName(other), detail, moduleName(q.Runtimes[0])),
			})
		}
		return nil
	}
	return nil
}

// executed reports whether a key was executed just now, not read from the record, with a version.
func executed(checks []Check, version string) bool {
	return slices.ContainsFunc(checks, func(c Check) bool {
		return isNode(c.Runtime) && c.State == Passed && c.Version == version && c.Recorded == ""
	})
}

// otherModule returns the runtime of Node for which the key was not said to hold, "" when there is none.
func otherModule(q bank.Question) string {
	cjs, esm := slices.Contains(q.Runtimes, "node-cjs"), slices.Contains(q.Runtimes, "node-esm")
	switch {
	case cjs && !esm:
		return "node-esm"
	case esm && !cjs:
		return "node-cjs"
	}
	return ""
}

func moduleName(runtime string) string {
	if runtime == "node-esm" {
		return "an ES module"
	}
	return "CommonJS"
}

// namesModule reports whether the prompt, or the language of its code, says which kind of module the program is.
func namesModule(q bank.Question) bool {
	return moduleNamed.MatchString(prose(q)) || slices.ContainsFunc(q.Script.Programs, func(p bank.Program) bool {
		return p.Language == "cjs" || p.Language == "mjs"
	})
}

// tellsItsKind reports whether a program cannot run as the kind of module that it was run as, so that everybody can see
// of which kind it is: it uses require or import.
func tellsItsKind(p Printed) bool {
	return strings.Contains(p.Errors, "in ES module scope") || strings.Contains(p.Errors, "SyntaxError")
}
