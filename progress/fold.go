package progress

import (
	"encoding/json"
	"fmt"

	"rehearse/srs"
)

// Fold computes the state of one question from nothing: log holds the candidate's entries about that question together
// with all their Finished and Set entries, by seq; events are the question's, by seq. Each entry that adds to a day or
// an item is handed to each with its effect; each may be nil.
func (p *Projector) Fold(question int64, log []Evidence, events []QuestionEvent, each func(Evidence, Effect)) (State, error) {
	s := NewState(question)
	var cal srs.Calendar
	for _, e := range Effective(log) {
		// An event of the same millisecond stands before the entry: a load never shares its time with an earlier entry.
		for len(events) > 0 && events[0].At <= e.At {
			s, events = p.Event(s, events[0]), events[1:]
		}
		if e.Kind == Set {
			next, err := p.setCalendar(e)
			if err != nil {
				return s, err
			}
			if cal.Zone != nil {
				s = p.Recalendar(s, cal, next)
			}
			cal = next
		}
		if e.Question != question {
			continue
		}
		next, effect, err := p.Evidence(s, e, cal)
		if err != nil {
			return s, err
		}
		s = next
		if each != nil {
			each(e, effect)
		}
	}
	for _, ev := range events {
		s = p.Event(s, ev)
	}
	return s, nil
}

func (p *Projector) setCalendar(e Evidence) (srs.Calendar, error) {
	var set Settings
	if err := json.Unmarshal([]byte(e.Data), &set); err != nil {
		return srs.Calendar{}, fmt.Errorf("settings of evidence %d: %w", e.Seq, err)
	}
	return p.Calendar(set)
}
