package quiz

import (
	"fmt"

	"rehearse/bank"
)

// kind is what quiz must know of a kind of question: how a form becomes a response, and what a response is worth.
type kind struct {
	decode func(*form, bank.Question, Layout) Response
	score  func(bank.Question, Response) Result
}

// kindOf returns how questions of a kind are decoded and scored.
func kindOf(k bank.Kind) (kind, bool) {
	switch k {
	case bank.Single:
		return kind{decodeSingle, scoreSingle}, true
	case bank.Multiple:
		return kind{decodeMultiple, scoreMultiple}, true
	case bank.Text:
		return kind{decodeText, scoreText}, true
	case bank.Number:
		return kind{decodeNumber, scoreNumber}, true
	case bank.Output:
		return kind{decodeText, scoreOutput}, true
	case bank.Order:
		return kind{decodeOrder, scoreOrder}, true
	case bank.Match:
		return kind{decodeMatch, scoreMatch}, true
	case bank.Cloze:
		return kind{decodeCloze, scoreCloze}, true
	case bank.SQL:
		return kind{decodeSQL, scoreSQL}, true
	case bank.Interview, bank.Card:
		return kind{decodeOpen, scoreOpen}, true
	default:
		return kind{}, false
	}
}

// mustKind is kindOf for a question out of the bank. A kind that is missing here is a fault of this package, which
// its tests find.
func mustKind(k bank.Kind) kind {
	found, ok := kindOf(k)
	if !ok {
		panic(fmt.Sprintf("quiz: no rules for questions of kind %q", k))
	}
	return found
}

// Score says what a response to a question is worth. It is pure: the same question and response always give the same
// result, whenever and wherever it is computed. What a statement came to is part of the response: its Run.
func Score(q bank.Question, r Response) Result {
	return mustKind(q.Kind).score(q, r)
}

// Rescorable reports whether a response to a question of one kind can be scored by the key of another kind: whether both
// are judged by the program, and answered in the same way.
func Rescorable(from, to bank.Kind) bool {
	way := map[bank.Kind]string{bank.Single: "choices", bank.Multiple: "choices", bank.Text: "text", bank.Number: "text", bank.Output: "text"}
	return !from.Open() && !to.Open() && (from == to || way[from] != "" && way[from] == way[to])
}

// ResponseFromForm reads the fields of a submitted form, or returns a sentence for each field that must be mended.
// Option ids are those of the layout that the candidate saw. The fields are
//
//	single, multiple     choice=<option>, for multiple repeated
//	text, number, output text
//	sql                  text
//	order                order-<option>=<place from 1>
//	match                pair-<option on the left>=<option on the right>
//	cloze                blank-<number from 1>
//	interview, card      text, and mark=<number of a criterion from 1> repeated and rating=1…4, all optional
//	every kind           unsure=1 or confidence=1…3, optional
//
// Fields of other names are ignored. What is refused never depends on the key.
func ResponseFromForm(values map[string][]string, q bank.Question, layout Layout) (Response, map[string]Sentence) {
	f := &form{values: values}
	response := mustKind(q.Kind).decode(f, q, layout)
	response.Confidence = f.confidence()
	response.Unsure = f.checked("unsure") || response.Confidence == Unsure
	if len(f.problems) > 0 {
		return Response{}, f.problems
	}
	return response, nil
}
