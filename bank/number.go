package bank

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

const numberForm = "the number must be N, N ± D, N ± P% or A..B, then perhaps a unit in words, such as ms, /s or %; write it so, with decimal digits, a decimal point and _ between groups"

const number = `([-+−]?(?:[0-9][0-9_]*(?:\.[0-9_]+)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)`

// unitWord begins as a unit does. What else follows the digits is a number in another notation, such as 1,000 or 1/3.
const unitWord = `(?:/ ?)?[\p{L}%°\p{Sc}][^\s()]*`

var (
	rangeForm = regexp.MustCompile(`^` + number + `(?:\s*(±|\+-|\+/-|\.\.)\s*` + number + `(\s*%)?)?(?:\s*(` + unitWord + `(?: ` + unitWord + `)*))?$`)

	// notUnit is what passes for a unit but continues the number: 0x10, 3 to four, 2 h/1,5 h.
	notUnit = regexp.MustCompile(`(?i)(?:^|[^0-9._]|\.\.)0(?:x|[bo][0-9])|[0-9]\s*(?:to|or|and|until)(?: |$)|[0-9],[0-9]`)
)

// parseRange reads N, N ± D, N ± P% or A..B with an optional unit. A percent sign right behind the tolerance makes it
// relative. It returns what is wrong, or "".
func parseRange(text string) (r Range, fault string) {
	m := rangeForm.FindStringSubmatch(text)
	if m == nil || notUnit.MatchString(text) {
		return r, numberFault(text)
	}
	first, second := parseNumber(m[1]), parseNumber(m[3])
	r = Range{Value: first, Unit: m[5], Text: text}
	percent := m[4] != ""
	switch {
	case m[2] == "":
		r.Low, r.High = first, first
	case m[2] == "..":
		r.Low, r.High, r.Value = first, second, first+(second-first)/2
		if percent {
			r.Unit = strings.TrimSpace("% " + r.Unit)
		}
	case percent:
		r.Low, r.High = around(first, math.Abs(first)*second/100)
	default:
		r.Low, r.High = around(first, second)
	}
	switch {
	case math.IsInf(r.Low, 0) || math.IsInf(r.High, 0) || math.IsNaN(r.Value):
		return r, "the number is too large; write a smaller one"
	case r.Low > r.High:
		return r, "the range is empty; write the smaller number first, and tolerances without a minus sign"
	}
	return r, ""
}

// These are numbers as people write them elsewhere, at the start of an entry.
var (
	groupedForm      = regexp.MustCompile(`^([-+−]?[0-9]{1,3}(?:[,'’ \x{A0}\x{2009}\x{202F}][0-9]{3})+(?:\.[0-9]+)?)(?:[^0-9,.]|$)`)
	decimalCommaForm = regexp.MustCompile(`^([-+−]?[0-9]+,[0-9]+)(?:[^0-9,.]|$)`)
	groupSigns       = regexp.MustCompile(`[,'’ \x{A0}\x{2009}\x{202F}]`)
)

// numberFault says what to write instead of a text that is no number. 1,024 may have been meant as either number: it is
// taken for groups, as most people write it in English.
func numberFault(text string) string {
	if m := groupedForm.FindStringSubmatch(text); m != nil {
		return fmt.Sprintf("%q has marks between its groups that may be read as something else; write %s or %s", m[1],
			groupSigns.ReplaceAllString(m[1], "_"), groupSigns.ReplaceAllString(m[1], ""))
	}
	if m := decimalCommaForm.FindStringSubmatch(text); m != nil {
		return fmt.Sprintf("%q has a decimal comma; write %s", m[1], strings.Replace(m[1], ",", ".", 1))
	}
	return numberForm
}

func around(middle, tolerance float64) (low, high float64) {
	return middle - tolerance, middle + tolerance
}

// parseNumber reads a number that the form has let through; an overflow gives an infinity.
func parseNumber(text string) float64 {
	text = strings.NewReplacer("_", "", "−", "-").Replace(text)
	x, _ := strconv.ParseFloat(text, 64)
	return x
}
