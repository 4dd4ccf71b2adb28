package progress

// FirstResponses returns the first responses of a candidate that the program judged, to each question at most one, as they
// count: by the keys that are known to be right, those of an unfinished exam not at all. What came after the candidate had
// seen the answer on a card is none of them, nor is what came from a file. Root names for a question the one that took it in, if any.
func FirstResponses(log []Evidence, root func(question int64) int64) []Evidence {
	met := map[int64]bool{}
	var first []Evidence
	for _, e := range Effective(log) {
		if e.Kind != Responded && e.Kind != Graded {
			continue
		}
		e.Question = root(e.Question)
		if e.Kind == Responded && e.Score != NotJudged && !met[e.Question] && !e.Imported {
			first = append(first, e)
		}
		met[e.Question] = true
	}
	return first
}
