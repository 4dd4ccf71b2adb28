package quiz

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"rehearse/bank"
)

// decodeNumber reads the response to a number question. What is not a number, or has a unit that the question does not
// use, is sent back rather than marked wrong: nobody should lose a right number over "60 calls".
func decodeNumber(f *form, q bank.Question, layout Layout) Response {
	response := decodeText(f, q, layout)
	given, err := parseQuantity(response.Text)
	if err != nil {
		f.refuse("text", "Write a number, such as 4, 2.5 or 250 ms.")
		return response
	}
	known := func(e bank.Entry) bool { return e.Range != nil && unitFits(*e.Range, given, q.CaseMatters) }
	if !slices.ContainsFunc(q.Accept, known) && !slices.ContainsFunc(q.Reject, known) {
		advice := unitAdvice(q)
		f.refuse("text", advice.Format, advice.Args...)
	}
	return response
}

// unitAdvice says how the number is to be written. The unit stands in the prompt, so it gives nothing away.
func unitAdvice(q bank.Question) Sentence {
	for _, e := range q.Accept {
		if e.Range != nil && e.Range.Unit != "" {
			return sentence("Give the number in %s, or alone.", e.Range.Unit)
		}
	}
	return sentence("Give the number alone, without a unit.")
}

// scoreNumber compares a response with the ranges. A unit that is left out is taken as meant; another unit is wrong.
func scoreNumber(q bank.Question, r Response) Result {
	result := Result{Answer: shownNumber(q)}
	given, err := parseQuantity(r.Text)
	if err != nil {
		result.Message = sentence("This is not a number.")
		return result.allOrNothing(false)
	}
	for i, e := range q.Accept {
		if e.Range == nil || !within(*e.Range, given.value) {
			continue
		}
		if !unitFits(*e.Range, given, q.CaseMatters) {
			result.Message = unitMessage(e.Range.Unit)
			continue
		}
		result.Message = Sentence{}
		result.Entry = &EntryResult{Accepted: true, Index: i, Feedback: e.Feedback}
		return result.allOrNothing(true)
	}
	for i, e := range q.Reject {
		if e.Range != nil && within(*e.Range, given.value) && unitFits(*e.Range, given, q.CaseMatters) {
			result.Entry = &EntryResult{Index: i, Feedback: e.Feedback}
			break
		}
	}
	return result.allOrNothing(false)
}

func shownNumber(q bank.Question) string {
	for _, e := range q.Accept {
		if e.Range != nil {
			return e.Range.Text
		}
	}
	return ""
}

func unitMessage(unit string) Sentence {
	if unit == "" {
		return sentence("The number is right, but it has no unit.")
	}
	return sentence("The number is right, but its unit is %s.", unit)
}

// within reports whether x lies in the range. The slack of 10⁻¹² of the bounds only makes good the rounding of bounds
// that were computed from a percentage.
func within(r bank.Range, x float64) bool {
	slack := 1e-12 * max(math.Abs(r.Low), math.Abs(r.High))
	return r.Low-slack <= x && x <= r.High+slack
}

func unitFits(r bank.Range, given quantity, caseMatters bool) bool {
	return given.unit == "" || bank.Normal(given.unit, caseMatters) == bank.Normal(r.Unit, caseMatters)
}

// quantity is a number with the unit written after it, if any.
type quantity struct {
	value float64
	unit  string
}

// quantityForm is a decimal number and a unit. Digits may be grouped in threes by commas or spaces, or anyhow by
// underscores. A unit does not begin with a digit or a sign of punctuation that could belong to the number.
var quantityForm = regexp.MustCompile(
	`^([+-]?) ?(\d{1,3}(?:[, ]\d{3})+|\d+(?:_\d+)*)?(\.\d*)?([eE][+-]?\d+)?\s*([^\s\d.,_+-].*)?$`)

// parseQuantity reads a number as people type it: full-width digits, the true minus sign and digit groups are understood.
func parseQuantity(s string) (quantity, error) {
	s = strings.Join(strings.Fields(width.Fold.String(s)), " ")
	s = strings.ReplaceAll(s, "−", "-")
	m := quantityForm.FindStringSubmatch(s)
	if m == nil || m[2] == "" && len(m[3]) < 2 {
		return quantity{}, fmt.Errorf("%q is not a number", s)
	}
	digits := strings.NewReplacer(",", "", " ", "", "_", "").Replace(m[2])
	value, err := strconv.ParseFloat(m[1]+digits+m[3]+m[4], 64)
	if err != nil { // out of range: 1e309
		return quantity{}, fmt.Errorf("%q is not a number: %w", s, err)
	}
	return quantity{value, m[5]}, nil
}
