package bank

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// Ids are salted by what they stand for, so that the two sides of a pair do not share theirs when their texts agree.
const (
	choiceSalt = ""
	orderSalt  = ""
	leftSalt   = "left\x00"
	rightSalt  = "right\x00"
)

// idLength is how many hex digits of the hash make an id, as long as they tell the texts of a question apart.
const idLength = 8

// newID returns the id of a text, longer than usual when another text of the question has it already.
func (b *builder) newID(salt, text string) string {
	sum := sha256.Sum256([]byte(salt + text))
	full := hex.EncodeToString(sum[:])
	length := idLength
	for length < len(full) && b.hasID(full[:length]) {
		length += idLength
	}
	return full[:length]
}

func (b *builder) hasID(id string) bool {
	var ids []string
	for _, c := range b.q.Choices {
		ids = append(ids, c.ID)
	}
	for _, it := range append(slices.Clone(b.q.Order), b.q.Decoys...) {
		ids = append(ids, it.ID)
	}
	for _, p := range b.q.Pairs {
		ids = append(ids, p.Left.ID, p.Right.ID)
	}
	return slices.Contains(ids, id)
}
