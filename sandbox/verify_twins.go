package sandbox

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"rehearse/bank"
	"rehearse/markdown"
)

// prints finds in code of a runtime what prints something.
var prints = map[string]*regexp.Regexp{
	"node-cjs": regexp.MustCompile(`\bconsole\.(log|info|table)\(|\bprocess\.stdout\.write\(`),
	"node-esm": regexp.MustCompile(`\bconsole\.(log|info|table)\(|\bprocess\.stdout\.write\(`),
	"go":       regexp.MustCompile(`\bfmt\.Print|\bos\.Stdout\b`),
	"sh":       regexp.MustCompile(`(?m)(^|[;&|({]\s*|\b(do|then|else)\s+)\s*(echo|printf)\s`),
}

// elsewhere finds in code what it needs beside itself: a file of its own, or a shell's call of a program that is told to do
// something. Such code cannot be executed as it stands.
var elsewhere = regexp.MustCompile(`['"\s]\.{1,2}/|(?m)^\s*(sudo\s+)?(node|npm|npx|python3?|go|git|docker|curl|psql|redis-cli|kubectl)\s`)

// asksPrinted finds in a heading or a stem the question what is printed.
var asksPrinted = regexp.MustCompile(`(?i)\b(what|which|in (which|what) order)\b[^.?!]*\b(prints?|printed|logs?|logged|outputs?|writes? to (the console|stdout))\b[^.?!]*\?`)

// Twins returns a finding for every question with choices, or with a text or number to type, that asks what a program
// prints and has no twin: an output question about the same program, or one that either names in related. Only the key of
// an output question can be executed.
func Twins(questions []bank.Question) []markdown.Finding {
	var outputs []bank.Question
	for _, q := range questions {
		if q.Kind == bank.Output {
			outputs = append(outputs, q)
		}
	}
	var findings []markdown.Finding
	for _, q := range questions {
		if !asksWhatIsPrinted(q) || slices.ContainsFunc(outputs, func(o bank.Question) bool { return areTwins(q, o) }) {
			continue
		}
		findings = append(findings, markdown.Finding{
			Path: q.File, Line: q.Line, Col: 1, Severity: markdown.Warning, Code: "output-twin",
			Message: fmt.Sprintf("question %s asks what a program prints, and nothing executes it; make it an output question, or add one about the same code", q.ID),
		})
	}
	return findings
}

func asksWhatIsPrinted(q bank.Question) bool {
	if !slices.Contains([]bank.Kind{bank.Single, bank.Multiple, bank.Text, bank.Number}, q.Kind) || !asksPrinted.MatchString(prose(q)) {
		return false
	}
	return slices.ContainsFunc(q.Script.Programs, func(p bank.Program) bool {
		prints := prints[bank.RuntimeOf(p.Language)]
		return prints != nil && prints.MatchString(p.Code) && !elsewhere.MatchString(p.Code)
	})
}

func areTwins(q, output bank.Question) bool {
	if slices.Contains(q.Related, output.ID) || slices.Contains(output.Related, q.ID) {
		return true
	}
	return slices.ContainsFunc(q.Script.Programs, func(p bank.Program) bool {
		return slices.ContainsFunc(output.Script.Programs, func(o bank.Program) bool {
			return strings.TrimSpace(p.Code) == strings.TrimSpace(o.Code)
		})
	})
}
