package bank

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Normal returns the form in which two short texts are compared: trimmed, white space folded, NFC, and in folded
// case unless case matters.
func Normal(s string, caseMatters bool) string {
	s = norm.NFC.String(strings.Join(strings.Fields(s), " "))
	if caseMatters {
		return s
	}
	return norm.NFC.String(cases.Fold().String(s))
}

// NormalOutput returns the form in which printed output is compared: LF line ends, without blanks at line ends and
// without empty lines at the end.
func NormalOutput(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t\r")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}
