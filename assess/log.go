package assess

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
)

// Version names the model and the way items are chosen. It is raised whenever a log would be recomputed to other numbers.
const Version = "2pl-eap61/1"

// Log is a session as it is stored and handed out: enough to recompute every estimate and every draw. Items that were not
// asked are not in it.
type Log struct {
	Version   string    `json:"version"`
	Seed      uint64    `json:"seed,string"` // as text, because not every reader of JSON has 64-bit integers
	Rules     Rules     `json:"rules"`
	Blueprint Blueprint `json:"blueprint"`
	Roles     []Role    `json:"roles,omitempty"`
	Steps     []Step    `json:"steps"`
	Stop      Stop      `json:"stop,omitempty"` // "" while it runs
	Result    *Result   `json:"result,omitempty"`
}

// Step is one item that was asked.
type Step struct {
	Position int       `json:"position"` // from 0
	Item     Item      `json:"item"`     // with the parameters that were used
	Why      Why       `json:"why"`
	Response *Response `json:"response,omitempty"`
	After    *Ability  `json:"after,omitempty"` // the estimate with this response

	// Corrected says whether the response is right by a key that was corrected after the session. The result counts that;
	// what was asked next rested on what was believed then.
	Corrected *bool `json:"corrected,omitempty"`
}

// Counts reports whether the step has a response that counts.
func (st Step) Counts() bool { return st.Response != nil && !st.Why.Pilot && !st.Response.Seen }

// scored reports whether the step counts, and whether its response is right by the key that stands.
func (st Step) scored() (right, counts bool) {
	if !st.Counts() {
		return false, false
	}
	if st.Corrected != nil {
		return *st.Corrected, true
	}
	return st.Response.Right, true
}

// Correct returns the log of a finished session whose responses are right as given, by position, because keys were
// corrected since. Positions that right does not have stay as they are.
func (l Log) Correct(right map[int]bool) Log {
	l.Steps = slices.Clone(l.Steps)
	for i := range l.Steps {
		st := &l.Steps[i]
		r, ok := right[st.Position]
		if !ok || st.Response == nil {
			continue
		}
		st.Corrected = nil
		if r != st.Response.Right {
			st.Corrected = &r
		}
	}
	if l.Stop != "" {
		result := l.result()
		l.Result = &result
	}
	return l
}

// Response is what the model needs to know of what a candidate submitted.
type Response struct {
	Right   bool `json:"right"`
	Skipped bool `json:"skipped,omitempty"` // counts as wrong
	Seen    bool `json:"seen,omitempty"`    // the key was shown elsewhere while the item waited: it does not count
}

// Recompute works a log out anew from its seed, item parameters and responses. It returns the log with the numbers as they
// come out, and a sentence for each that differs from what the log says. The error says that the log is none of this
// model version, or no log that a session can have written.
func Recompute(log Log) (Log, []string, error) {
	if log.Version != Version {
		return Log{}, nil, fmt.Errorf("the log was written by model version %q, and this is %q", log.Version, Version)
	}
	s, err := open(Log{
		Version: Version, Seed: log.Seed, Rules: log.Rules, Blueprint: log.Blueprint, Roles: log.Roles,
	}, itemsOf(log))
	if err != nil {
		return Log{}, nil, err
	}
	var differ []string
	for position, step := range log.Steps {
		if s.waiting() != nil || step.Position != position {
			return Log{}, nil, fmt.Errorf("step %d: out of order", position)
		}
		again, err := s.again(step)
		if err != nil {
			return Log{}, nil, fmt.Errorf("step %d: %w", position, err)
		}
		differ = append(differ, differences(fmt.Sprintf("step %d", position), step, again)...)
	}
	if log.Stop != "" {
		s.finish(s.reason(log.Stop))
	}
	if log.Stop != s.log.Stop {
		differ = append(differ, fmt.Sprintf("stop is %q, recomputed %q", log.Stop, s.log.Stop))
	}
	differ = append(differ, differences("result", log.Result, s.log.Result)...)
	return s.Log(), differ, nil
}

func itemsOf(log Log) []Item {
	items := make([]Item, len(log.Steps))
	for i, step := range log.Steps {
		items[i] = step.Item
	}
	return items
}

// again asks a step anew and records its response. What depends on items that were not asked, and so on items that the log
// does not have, is taken from it: how many were eligible, and what the others of the best would have told.
func (s *Session) again(step Step) (Step, error) {
	r := step.Response
	if r != nil && r.Right && r.Skipped {
		return Step{}, errors.New("a skipped item cannot be right")
	}
	if step.Why.Pilot == step.Item.Scored() {
		return Step{}, fmt.Errorf("item %s: scored items are no pilots, and pilots are not scored", step.Item.ID)
	}
	why := step.Why
	why.Before = s.belief.theta().Ability()
	d := newDice(s.log.Seed, uint64(step.Position))
	n := len(why.Best)
	if why.Pilot {
		n = why.Eligible
	}
	if n < 1 {
		return Step{}, errors.New("nothing to draw from")
	}
	why.Draw = d.below(n)
	if !why.Pilot {
		why.Best = append([]float64(nil), why.Best...)
		why.Best[why.Draw] = step.Item.Information(why.Before.Theta)
	}
	s.ask(Step{Position: step.Position, Item: step.Item, Why: why, Corrected: step.Corrected})
	if r != nil {
		s.record(*r)
	}
	return s.log.Steps[step.Position], nil
}

// reason returns why a session that is over ended: by the rules, if they say so, else as the log has it.
func (s *Session) reason(logged Stop) Stop {
	if stop := s.log.Rules.stop(s.belief.theta().Ability(), s.scored); stop != "" {
		return stop
	}
	if logged == Precise || logged == Length {
		return ""
	}
	return logged
}

// differences names the fields in which two values of one type differ, in full precision.
func differences(name string, logged, again any) []string {
	return compare(name, reflect.ValueOf(logged), reflect.ValueOf(again))
}

func compare(name string, x, y reflect.Value) []string {
	switch x.Kind() {
	case reflect.Pointer:
		if x.IsNil() != y.IsNil() {
			return []string{name + " is there in one and missing in the other"}
		}
		if x.IsNil() {
			return nil
		}
		return compare(name, x.Elem(), y.Elem())
	case reflect.Struct:
		var out []string
		for i := range x.NumField() {
			field := x.Type().Field(i)
			inner := name + " " + field.Name
			if field.Anonymous {
				inner = name
			}
			out = append(out, compare(inner, x.Field(i), y.Field(i))...)
		}
		return out
	case reflect.Slice:
		if x.Len() != y.Len() {
			return []string{fmt.Sprintf("%s has %d entries, recomputed %d", name, x.Len(), y.Len())}
		}
		var out []string
		for i := range x.Len() {
			out = append(out, compare(fmt.Sprintf("%s %d", name, i), x.Index(i), y.Index(i))...)
		}
		return out
	default:
		if !x.Equal(y) {
			return []string{fmt.Sprintf("%s is %v, recomputed %v", name, x, y)}
		}
		return nil
	}
}
