// Package quiz runs attempts: it chooses questions from a bank, arranges them, reads what a candidate submits, scores
// it, and keeps count.
//
// An Attempt pins the revisions of its questions and a seed. From those follow the questions drawn (Choose), the order
// in which choices are shown (NewLayout) and every result (Score), so an attempt can be replayed exactly. Pages carry
// only the option ids of a Layout, never the bank's ids, and nothing shown before a response depends on the key.
//
// Everything here is pure: times and seeds are arguments.
package quiz
