package bank

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
)

// hashVersion is part of every hash: raising it changes them all, deliberately.
const hashVersion = 1

// keyForm is all that decides right or wrong, in a form whose JSON is the same for equal keys. Open kinds have
// nothing in it but their kind: a person judges them.
type keyForm struct {
	Version int
	Kind    Kind
	Right   []string   // texts of the right choices, sorted
	Partial bool       //
	Cased   bool       //
	Accept  []string   // sorted
	Reject  []string   // sorted
	Output  string     //
	Order   []string   // in order
	Pairs   []string   // sorted
	Decoys  []string   // sorted
	Blanks  []keyBlank // in order
	SQL     *keySQL    `json:",omitempty"` // came later: without it the form of the other kinds stays as it was
}

type keySQL struct {
	Setups  []string // in order: the first is the one shown
	Query   string
	Check   string
	Ordered bool
	Plan    string
	Writes  bool
}

type keyBlank struct {
	Card    int
	Answers []string // sorted
}

// keyHash returns the hash of all that decides right or wrong.
func keyHash(b Body) string {
	k := keyForm{Version: hashVersion, Kind: b.Kind, Partial: b.Partial, Cased: b.CaseMatters, Output: b.Output}
	for _, c := range b.Choices {
		if c.Right {
			k.Right = append(k.Right, c.Text.Text)
		}
	}
	k.Accept, k.Reject = entryKeys(b.Accept, b.CaseMatters), entryKeys(b.Reject, b.CaseMatters)
	for _, it := range b.Order {
		k.Order = append(k.Order, it.Text.Text)
	}
	for _, p := range b.Pairs {
		k.Pairs = append(k.Pairs, digest([]string{p.Left.Text.Text, p.Right.Text.Text}))
	}
	for _, it := range b.Decoys {
		k.Decoys = append(k.Decoys, it.Text.Text)
	}
	for _, blank := range b.Blanks {
		k.Blanks = append(k.Blanks, blankKey(blank, b.CaseMatters))
	}
	if b.Kind == SQL {
		k.SQL = &keySQL{richTexts(b.Setups), b.Query.Text, b.Check.Text, b.Ordered, b.Plan, b.Writes}
	}
	slices.Sort(k.Right)
	slices.Sort(k.Pairs)
	slices.Sort(k.Decoys)
	return digest(k)
}

func blankKey(blank Blank, cased bool) keyBlank {
	k := keyBlank{Card: blank.Card}
	for _, answer := range append([]string{blank.Answer}, blank.Variants...) {
		k.Answers = append(k.Answers, Normal(answer, cased))
	}
	slices.Sort(k.Answers)
	k.Answers = slices.Compact(k.Answers)
	return k
}

// entryKeys returns the entries as they decide: their order does not count.
func entryKeys(entries []Entry, cased bool) []string {
	var keys []string
	for _, e := range entries {
		switch {
		case e.Range != nil:
			keys = append(keys, digest([]any{e.Range.Low, e.Range.High, e.Range.Unit}))
		case e.Pattern != "":
			keys = append(keys, digest([]string{"pattern", e.Pattern}))
		default:
			keys = append(keys, digest([]string{"literal", Normal(e.Literal, cased)}))
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// bodyHash returns the hash of all that is shown. The key is shown, too, once a response is given, so that equal
// body hashes imply equal keys.
func bodyHash(b Body) string {
	shown := b.texts()
	shown.Version, shown.Key = hashVersion, keyHash(b)
	return digest(shown)
}

// bodyForm is all that is shown, as canonical text, in a form whose JSON is the same for equal bodies.
type bodyForm struct {
	Version  int
	Key      string
	Parts    []string   // title, stem and the sections of prose, in a fixed order
	Choices  []string   // sorted: their order is not part of the question
	Accept   [][]string // in order: the first is shown as the answer
	Reject   [][]string
	Captions []string
	Pairs    []string // sorted
	Blanks   [][]string
	Hints    []string
	Rubric   []string
}

func (b Body) texts() bodyForm {
	f := bodyForm{Accept: entryTexts(b.Accept), Reject: entryTexts(b.Reject)}
	for _, r := range []Rich{b.Title, b.Stem, b.Explanation, b.Answer, b.WhyAsked, b.StrongAnswer, b.RedFlags, b.FollowUps, b.References} {
		f.Parts = append(f.Parts, r.Text)
	}
	for _, c := range b.Choices {
		f.Choices = append(f.Choices, digest([]string{c.Text.Text, c.Why.Text}))
	}
	for _, p := range b.Pairs {
		f.Pairs = append(f.Pairs, digest([]string{p.Left.Text.Text, p.Right.Text.Text}))
	}
	for _, blank := range b.Blanks {
		f.Blanks = append(f.Blanks, append([]string{blank.Hint, blank.Answer}, blank.Variants...))
	}
	for _, c := range b.Rubric {
		f.Rubric = append(f.Rubric, fmt.Sprint(c.Points, " ", c.Text.Text))
	}
	f.Captions, f.Hints = richTexts(b.Captions), richTexts(b.Hints)
	slices.Sort(f.Choices)
	slices.Sort(f.Pairs)
	return f
}

func richTexts(rich []Rich) []string {
	var texts []string
	for _, r := range rich {
		texts = append(texts, r.Text)
	}
	return texts
}

func entryTexts(entries []Entry) [][]string {
	var texts [][]string
	for _, e := range entries {
		number := ""
		if e.Range != nil {
			number = e.Range.Text
		}
		texts = append(texts, []string{e.Literal, e.Pattern, number, e.Feedback.Text})
	}
	return texts
}

// digest returns the hex SHA-256 of a value's JSON, which is unambiguous: no two values that differ share it.
func digest(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("bank: hashing %T: %v", value, err))
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
