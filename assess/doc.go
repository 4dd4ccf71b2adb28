// Package assess measures ability with item response theory: which item to ask next, when to stop, what the responses say
// and how sure that is, what the items are worth, and what a bank of items can measure at all.
//
// Ability θ (theta) is in logits: 0 is the middle of the scale, its spread among candidates is 1. An item has a
// discrimination a, a difficulty b on the scale of θ and a chance c to guess it. The model is the two-parameter logistic with
// fixed guessing (Birnbaum 1968), the estimate the mean of the posterior on a grid (Bock and Mislevy 1982), and its standard
// error the posterior's standard deviation. docs/science.md has formulas, sources, and what simulations measured.
//
// A session can be recomputed from its Log, bit for bit on every machine. Go may fuse x*y + z into one operation that rounds
// once, and does so on some architectures only, and math.Exp has assembly of its own on others: here every product is
// rounded by an explicit conversion, and exp and log are written out in portable.go.
//
// The package reads no clock and does no I/O; randomness comes from seeds that the caller gives.
package assess
