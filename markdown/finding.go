// Package markdown is what every reader of authored Markdown shares: a source file with its front matter and
// positions, findings for its author, and the way from the syntax tree to plain text and to safe HTML.
//
// A file is UTF-8 with LF or CRLF line ends and may begin with a byte order mark. The dialect is GitHub's (tables,
// task lists, strikethrough, bare links) with footnotes and with blanks, {{…}}. Raw HTML is limited to a few tags;
// everything else that looks like a tag is a finding, because <string> meant as text vanishes in a browser.
//
// Reading goes Open, Source.Front, Source.Parse; faults gather in the Source on the way. Nothing here panics or
// takes unbounded time or space on a hostile file: caps are checked before parsing, and HTML is sanitised after
// rendering although nothing unsafe should reach the sanitiser.
package markdown

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// Severity says whether a finding keeps a file from being used.
type Severity string

// The severities of a finding.
const (
	Error   Severity = "error"   // the file is not loaded
	Warning Severity = "warning" // the file is loaded, but its author should look
)

// Finding is one fault in a file, with its place and its remedy.
type Finding struct {
	Path     string   // path below the content root
	Line     int      // from 1
	Col      int      // counts bytes, from 1
	Severity Severity //
	Code     string   // stable name of the rule, such as "fence-open"
	Message  string   // the fault and the remedy in one sentence
	Fixable  bool     // the program can repair it
}

// String returns the finding in the form path:line:col: severity code: message.
func (f Finding) String() string {
	return fmt.Sprintf("%s:%d:%d: %s %s: %s", f.Path, f.Line, f.Col, f.Severity, f.Code, f.Message)
}

// Sort orders findings by path, line and column, and by code where those are equal.
func Sort(findings []Finding) {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col),
			cmp.Compare(a.Code, b.Code))
	})
}

// Errorf adds an error at a byte offset of the source. The same code at the same place is added once.
func (s *Source) Errorf(at int, code, format string, args ...any) {
	s.add(at, Error, code, fmt.Sprintf(format, args...))
}

// Warnf adds a warning at a byte offset of the source. The same code at the same place is added once.
func (s *Source) Warnf(at int, code, format string, args ...any) {
	s.add(at, Warning, code, fmt.Sprintf(format, args...))
}

func (s *Source) add(at int, severity Severity, code, message string) {
	line, col := s.Position(at)
	f := Finding{Path: s.Path, Line: line, Col: col, Severity: severity, Code: code, Message: message}
	p := place{line, col, code}
	if _, have := s.found[p]; !have {
		s.found[p] = len(s.findings)
		s.findings = append(s.findings, f)
	}
}

// place tells findings apart.
type place struct {
	line, col int
	code      string
}

// Findings returns what was found so far, sorted.
func (s *Source) Findings() []Finding {
	findings := slices.Clone(s.findings)
	Sort(findings)
	return findings
}

// Fork returns a source to which findings can be added without s getting them.
func (s *Source) Fork() *Source {
	fork := *s
	fork.findings, fork.found, fork.fixes = slices.Clone(s.findings), maps.Clone(s.found), slices.Clone(s.fixes)
	return &fork
}

// Broken reports whether an error was found so far.
func (s *Source) Broken() bool {
	return slices.ContainsFunc(s.findings, func(f Finding) bool { return f.Severity == Error })
}
