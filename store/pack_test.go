package store

import (
	"encoding/json"
	"testing"

	"rehearse/progress"
	"rehearse/quiz"
)

// Whatever a response holds comes back as it was written, and one that only names choices is stored short.
func TestPack(t *testing.T) {
	var responses []string
	for _, r := range []quiz.Response{
		{},
		{Choices: []string{"c4546e91"}},
		{Choices: []string{"c4546e91", "8ad2c805"}, Unsure: true},
		{Choices: []string{"c4546e91"}, Unsure: true, Confidence: 1},
		{Choices: []string{"c4546e91"}, Confidence: 3},
		{Choices: []string{"c4546e91"}, Text: "and a text"},
		{Choices: []string{"a b", `c"d`, "e?f", "g!h", "{"}},
		{Choices: []string{"{"}},
		{Choices: []string{""}},
		{Choices: []string{"a"}, SelfMark: quiz.SelfMark{Marks: []int{1}, Rating: 2}},
		{Text: `{"choices":["a"]}`},
		{Blanks: []string{"x", ""}},
	} {
		data, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		responses = append(responses, string(data))
	}
	short := 0
	for _, data := range append(responses, "", `{"choices":["a"],"unsure":true,"unsure":true}`, `{"choices":["a"]}}`, `{"choices":["a"]`) {
		packed := pack(progress.Responded, data)
		if got := unpack(progress.Responded, packed); got != data {
			t.Errorf("%s is stored as %s, which is read as %s", data, packed, got)
		}
		if len(packed) < len(data) {
			short++
		}
		if other := pack(progress.Set, data); other != data || unpack(progress.Set, data) != data {
			t.Errorf("the data %s of another kind is stored as %s", data, other)
		}
	}
	if short < 4 {
		t.Errorf("%d responses are stored short", short)
	}
	if got := pack(progress.Responded, responses[2]); got != "c4546e91 8ad2c805?" {
		t.Errorf("two choices, unsure, are stored as %s", got)
	}
	if len(letterKinds) != len(kindLetters) {
		t.Error("two kinds share a letter")
	}
}

func TestByPlace(t *testing.T) {
	for query, want := range map[string]string{
		`SELECT 1`:                          `SELECT 1`,
		`VALUES ($1, $2, $3)`:               `VALUES (?, ?, ?)`,
		`a = $1 AND b = $2 OR a = $1`:       `a = ? AND b = ? OR a = ?1`,
		`a = $2, b = $3 WHERE id = $1`:      `a = ?2, b = ? WHERE id = ?1`,
		`$1$2$3$4$5$6$7$8$9$10$11, $9, $10`: `???????????, ?9, ?10`,
		`data -> '$.a' = $1`:                `data -> '$.a' = ?`,
	} {
		if got := byPlace(query); got != want {
			t.Errorf("byPlace(%q) = %q, want %q", query, got, want)
		}
	}
}
