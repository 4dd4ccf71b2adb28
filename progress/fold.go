package progress

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
)

// States are the states of a question and of those that it took in, by question.
type States map[int64]State

// Fold computes the states of a question and of those that it took in, from nothing: log holds the candidate's entries
// about them together with all their entries that concern no question; events are those of all these questions, in any
// order. Each entry is handed to each with what it adds to its day; each may be nil.
func (p *Projector) Fold(log []Evidence, events []QuestionEvent, each func(Activity)) (States, error) {
	f := folding{p: p, states: States{}, into: map[int64]int64{}, events: EventsInOrder(events)}
	log = Effective(log)
	if err := f.firstCourse(log); err != nil {
		return nil, err
	}
	for _, e := range log {
		f.eventsUntil(e.At)
		if e.Kind == Set {
			next, err := p.setCourse(e)
			if err != nil {
				return nil, err
			}
			for q, s := range f.states {
				if f.set { // the first setting is that of the beginning
					f.states[q] = p.Recalendar(s, f.course.Calendar, next.Calendar)
				}
			}
			f.course, f.set = next, true
		}
		if e.Question == 0 {
			continue
		}
		next, day, err := p.Evidence(f.of(e.Question), e, f.course)
		if err != nil {
			return nil, err
		}
		f.states[next.Question] = next
		if each != nil {
			each(day)
		}
	}
	f.eventsUntil(1<<63 - 1)
	return f.states, nil
}

// EventsInOrder returns the events of several questions in the order in which they take effect.
func EventsInOrder(events []QuestionEvent) []QuestionEvent {
	return slices.SortedFunc(slices.Values(events), func(a, b QuestionEvent) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Question, b.Question), cmp.Compare(a.Seq, b.Seq))
	})
}

type folding struct {
	p      *Projector
	states States
	into   map[int64]int64 // which question took in which
	events []QuestionEvent // still to come
	course Course
	set    bool // a setting has stood in the log
}

// firstCourse begins with the first setting of the log. Entries before it came from somebody else's log.
func (f *folding) firstCourse(log []Evidence) (err error) {
	i := slices.IndexFunc(log, func(e Evidence) bool { return e.Kind == Set })
	if i >= 0 {
		f.course, err = f.p.setCourse(log[i])
	}
	return err
}

// of returns the state that evidence about a question goes to.
func (f *folding) of(question int64) State {
	for f.into[question] != 0 {
		question = f.into[question]
	}
	if s, ok := f.states[question]; ok {
		return s
	}
	return NewState(question)
}

// eventsUntil lets the events up to a time take effect. An event of the same millisecond stands before an entry: a load
// never shares its time with an earlier entry.
func (f *folding) eventsUntil(at int64) {
	for len(f.events) > 0 && f.events[0].At <= at {
		ev := f.events[0]
		f.events = f.events[1:]
		s, ok := f.states[ev.Question]
		if !ok {
			s = NewState(ev.Question)
		}
		if ev.Kind == Absorbed {
			if other, ok := f.states[ev.Other]; ok {
				s = s.absorb(other)
			}
			f.into[ev.Other] = ev.Question
		}
		f.states[ev.Question] = f.p.Event(s, ev)
	}
}

func (p *Projector) setCourse(e Evidence) (Course, error) {
	var set Settings
	if err := json.Unmarshal([]byte(e.Data), &set); err != nil {
		return Course{}, fmt.Errorf("settings of evidence %d: %w", e.Seq, err)
	}
	return p.Course(set)
}
