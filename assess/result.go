package assess

import "slices"

// State says what the parameters of items rest on, and so what may be claimed.
type State string

// The states, in the order in which a bank goes through them.
const (
	Pilot       State = "pilot"       // on authors' labels: a score and topics, no comparison with others
	Provisional State = "provisional" // on at least 10 first responses an item: b is useful
	Calibrated  State = "calibrated"  // on at least 100, a estimated, and the fit checked
)

// How many first responses make b useful, and a.
const (
	ProvisionalN = 10
	CalibratedN  = 100
)

// State returns the state of an item.
func (it Item) State() State {
	switch {
	case it.N >= CalibratedN && it.FreeA && it.Fits:
		return Calibrated
	case it.N >= ProvisionalN:
		return Provisional
	}
	return Pilot
}

// StateOf returns the lowest state among the scored items: a result claims no more than its weakest part allows.
func StateOf(items []Item) State {
	lowest := Calibrated
	none := true
	for _, it := range items {
		if !it.Scored() {
			continue
		}
		none = false
		switch it.State() {
		case Pilot:
			return Pilot
		case Provisional:
			lowest = Provisional
		}
	}
	if none {
		return Pilot
	}
	return lowest
}

// Result is what a session says when it is over.
type Result struct {
	Scored int `json:"scored"` // items that count
	Ability
	Score  Score          `json:"score"`
	State  State          `json:"state"`
	Level  string         `json:"level,omitempty"` // as Statement; "" when nothing was scored
	Levels []LevelChance  `json:"levels"`
	Topics []TopicAbility `json:"topics"`
	Roles  []Readiness    `json:"roles,omitempty"`
}

// result works out what the steps of a log say, by the keys that stand.
func (l Log) result() Result {
	b := newBelief(Prior())
	var items []Item
	for _, step := range l.Steps {
		if right, counts := step.scored(); counts {
			b = b.after(step.Item, right)
			items = append(items, step.Item)
		}
	}
	posterior := b.theta()
	r := Result{Scored: len(items), Ability: posterior.Ability(), State: StateOf(items), Levels: posterior.Levels()}
	r.Score = r.Ability.Score()
	if r.Scored > 0 {
		r.Level = Statement(r.Levels)
	}
	p := newProfile(l.profileTopics(), l.Steps, l.Rules.Rho, b.weights())
	r.Topics = p.abilities(l.Steps)
	for _, role := range l.Roles {
		r.Roles = append(r.Roles, p.readiness(role, r.Scored))
	}
	return r
}

// profileTopics returns the topics of the blueprint, then those that only roles weigh.
func (l Log) profileTopics() []string {
	var topics []string
	add := func(shares []Share) {
		for _, s := range shares {
			if !slices.Contains(topics, s.Topic) {
				topics = append(topics, s.Topic)
			}
		}
	}
	add(l.Blueprint)
	for _, r := range l.Roles {
		add(r.Weights)
	}
	return topics
}
