package assess

import "fmt"

// Rules are the settings of a session.
type Rules struct {
	SE     float64 `json:"se"`     // it ends below this standard error, in logits
	Min    int     `json:"min"`    // not before so many scored items
	Max    int     `json:"max"`    // and after so many in any case
	Random int     `json:"random"` // the next item is drawn from so many best ones
	Cap    float64 `json:"cap"`    // the share of sessions an item may be in: the nearer to it, the more it gives way to others
	Pilots int     `json:"pilots"` // unscored items at most, 0 to 3
	Rho    float64 `json:"rho"`    // correlation of a topic's ability with the general one, 0 to below 1
}

// DefaultRules are those of a skill check.
func DefaultRules() Rules {
	return Rules{SE: 0.35, Min: 10, Max: 30, Random: 5, Cap: 0.3, Pilots: 2, Rho: 0.7}
}

// Check returns an error that names the setting which is out of range.
func (r Rules) Check() error {
	switch {
	case !(r.SE >= 0 && r.SE <= 1):
		return fmt.Errorf("rules: se is %v, which is not between 0 and 1", r.SE)
	case r.Min < 0 || r.Max < 1 || r.Max > 1000 || r.Min > r.Max:
		return fmt.Errorf("rules: %d to %d items, which is no range within 1 to 1000", r.Min, r.Max)
	case r.Random < 1 || r.Random > 50:
		return fmt.Errorf("rules: random is %d, which is not between 1 and 50", r.Random)
	case !(r.Cap > 0 && r.Cap <= 1):
		return fmt.Errorf("rules: cap is %v, which is not above 0 and at most 1", r.Cap)
	case r.Pilots < 0 || r.Pilots > 3:
		return fmt.Errorf("rules: pilots is %d, which is not between 0 and 3", r.Pilots)
	case !(r.Rho >= 0 && r.Rho < 1):
		return fmt.Errorf("rules: rho is %v, which is not from 0 to below 1", r.Rho)
	}
	return nil
}

// Stop says why a session ended.
type Stop string

// The reasons to stop. While a session runs there is none.
const (
	Precise   Stop = "precise"   // the standard error is below the one asked for
	Length    Stop = "length"    // the greatest number of items was asked
	Exhausted Stop = "exhausted" // no item is left that may be asked
	TimeUp    Stop = "time"      // the deadline passed
	GivenUp   Stop = "given up"  // the candidate ended it
)

// stop returns why a session of n scored items at that ability ends, or "".
func (r Rules) stop(a Ability, n int) Stop {
	switch {
	case n >= r.Min && n > 0 && a.SE < r.SE:
		return Precise
	case n >= r.Max:
		return Length
	}
	return ""
}
