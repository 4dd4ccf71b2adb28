package srs

// A card forgotten LeechLapses times, and again every LeechEvery times, costs more than it gives: another way to learn
// it is due. The numbers are those of Anki.
const (
	LeechLapses = 8
	LeechEvery  = 4
)

// Leech reports whether a card has just been forgotten so often that its candidate should be told.
func (c Card) Leech() bool {
	return c.Lapses >= LeechLapses && (c.Lapses-LeechLapses)%LeechEvery == 0
}
