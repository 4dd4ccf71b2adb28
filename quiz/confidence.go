package quiz

// Confidence is how sure candidates say they are of a response, before they know the key. It never counts as score.
type Confidence int

// The steps of confidence. The numbers are stored.
const (
	Unasked    Confidence = 0
	Unsure     Confidence = 1
	FairlySure Confidence = 2
	Sure       Confidence = 3
)

// Confidences returns the steps that can be chosen, least sure first.
func Confidences() [3]Confidence { return [3]Confidence{Unsure, FairlySure, Sure} }

// Percent returns the chance, in percent, that a step claims for the response to be entirely right; 0 for Unasked. Forms
// show it beside the word, so that a step means the same to everybody.
func (c Confidence) Percent() int { return [...]int{0, 50, 75, 95}[c] }

// confidence reads the step chosen in a form; none need be.
func (f *form) confidence() Confidence {
	text := f.first("confidence")
	if text == "" {
		return Unasked
	}
	n, ok := number(text, int(Sure))
	if !ok {
		f.refuse("confidence", "Choose how sure you are from the steps offered.")
	}
	return Confidence(n)
}
