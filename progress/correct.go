package progress

import "slices"

// Correction says by which revision a response is to be scored.
type Correction struct {
	Response Evidence      // as it was appended
	Latest   Evidence      // the response with its last correction, as it counts now
	Revision int64         // by which it should count
	Cause    QuestionEvent // the last correction, or the taking back of one
}

// Corrections returns the responses of a log that count by another revision than the corrections among the events say.
// Log and events are as for Fold; key returns the key hash of a revision. Responses that the program did not judge have
// nothing to correct, and those held by a running attempt wait until it is finished.
func Corrections(log []Evidence, events []QuestionEvent, key func(revision int64) (string, error)) ([]Correction, error) {
	events = EventsInOrder(events)
	if !slices.ContainsFunc(events, func(ev QuestionEvent) bool { return ev.Kind == KeyCorrected }) {
		return nil, nil
	}
	finished := map[int64]bool{}
	latest := map[int64]Evidence{}
	for _, e := range InOrder(log) {
		switch e.Kind {
		case Finished:
			finished[e.Attempt] = true
		case Corrected:
			latest[e.Ref] = e
		}
	}
	var out []Correction
	for _, e := range log {
		if e.Kind != Responded || e.Score == NotJudged || e.Held && !finished[e.Attempt] {
			continue
		}
		k, err := key(e.Revision)
		if err != nil {
			return nil, err
		}
		c := Correction{Response: e, Latest: e}
		if l, ok := latest[e.Seq]; ok {
			c.Latest.Score, c.Latest.Ratings, c.Latest.Revision = l.Score, l.Ratings, l.Revision
		}
		c.Revision, c.Cause = decides(e, k, events)
		if c.Revision != c.Latest.Revision {
			out = append(out, c)
		}
	}
	return out, nil
}

// span is the time of the responses that count by a revision since a correction.
type span struct {
	from, to int64 // ms UTC, to is not part of it
	QuestionEvent
}

// decides returns the revision by which a response with this key counts, and the last event that had a say in it.
func decides(e Evidence, key string, events []QuestionEvent) (revision int64, cause QuestionEvent) {
	var spans []span
	question := e.Question
	at := givenAt(e, key, events)
	for _, ev := range events {
		if ev.Kind == Absorbed && ev.Other == question {
			question = ev.Question
		}
		if ev.Question != question {
			continue
		}
		switch ev.Kind {
		case KeyCorrected:
			spans = append(spans, span{to: ev.At, QuestionEvent: ev})
			cause = ev
		case KeyReverted:
			spans = revert(spans, ev)
			cause = ev
		}
	}
	for _, s := range slices.Backward(spans) {
		if s.from <= at && at < s.to {
			return s.Revision, cause
		}
	}
	return e.Revision, cause
}

// revert takes corrections back. What was answered under their keys counts by the key that is in force again.
func revert(spans []span, ev QuestionEvent) []span {
	i := slices.IndexFunc(spans, func(s span) bool { return s.Kind == KeyCorrected && s.Question == ev.Question && s.Seq == ev.Other })
	if i < 0 {
		return spans
	}
	return append(spans[:i:i], span{from: spans[i].to, to: ev.At, QuestionEvent: ev})
}

// givenAt returns when a response counts as given. A running attempt keeps the keys that it began with: a response by a
// key that was replaced meanwhile counts as given just before that.
func givenAt(e Evidence, key string, events []QuestionEvent) int64 {
	at, inForce := e.At, ""
	for _, ev := range events {
		if ev.Question != e.Question {
			continue
		}
		if ev.At > e.At {
			break
		}
		if inForce == key && ev.Key != key {
			at = ev.At - 1
		}
		inForce = ev.Key
	}
	if inForce == key {
		return e.At
	}
	return at
}
