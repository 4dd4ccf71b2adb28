package quiz

import "rehearse/bank"

// decodeMatch reads a right item for every left one. One right item may be given to several: that is merely wrong.
func decodeMatch(f *form, _ bank.Question, layout Layout) Response {
	const prefix = "pair-"
	f.strangers(prefix, len(layout.Options))
	pairs := make(map[string]string, len(layout.Options))
	for _, o := range layout.Options {
		field := prefix + o.ID
		value := f.first(field)
		right, ok := bankID(layout.Right, value)
		switch {
		case value == "":
			f.refuse(field, "Choose what belongs to this.")
		case !ok:
			f.refuse(field, "This is not among the answers offered; choose again.")
		default:
			pairs[o.BankID] = right
		}
	}
	return Response{Pairs: pairs}
}

// scoreMatch gives the share of pairs that are right.
func scoreMatch(q bank.Question, r Response) Result {
	var result Result
	right := 0
	for _, p := range q.Pairs {
		pair := PairResult{Left: p.Left.ID, Want: p.Right.ID, Got: r.Pairs[p.Left.ID]}
		if pair.Right = pair.Got == pair.Want; pair.Right {
			right++
		}
		result.Pairs = append(result.Pairs, pair)
	}
	return result.share(right, len(q.Pairs))
}
