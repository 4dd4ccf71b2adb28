package assess

import (
	"fmt"
	"math"
)

// Item is one question as the model knows it. Its JSON form is part of the log of a session.
type Item struct {
	ID      string  `json:"id"`
	Topic   string  `json:"topic"`
	Concept string  `json:"concept,omitempty"` // items of one concept are variants of each other; "" has none
	Level   string  `json:"level,omitempty"`   // the author's label
	A       float64 `json:"a"`                 // discrimination, above 0
	B       float64 `json:"b"`                 // difficulty, in logits
	C       float64 `json:"c"`                 // chance to guess, 0 to below 1
	SD      float64 `json:"sd,omitempty"`      // how unsure B is, in logits; 0 is known exactly
	N       int     `json:"n,omitempty"`       // first responses that the parameters rest on
	FreeA   bool    `json:"freeA,omitempty"`   // A was estimated
	Fits    bool    `json:"fits,omitempty"`    // the model was compared with the responses, and they agree
	New     bool    `json:"new,omitempty"`     // asked unscored, to learn its parameters
	Seen    bool    `json:"seen,omitempty"`    // this candidate knows its key: asked unscored if at all
	Minutes float64 `json:"minutes,omitempty"` // time that it takes; 0 is not known
}

// Check returns an error that names the parameter which no item can have.
func (it Item) Check() error {
	switch {
	case it.ID == "":
		return fmt.Errorf("item without an id")
	case !(it.A > 0 && it.A <= 10):
		return fmt.Errorf("item %s: a is %v, which is not above 0 and at most 10", it.ID, it.A)
	case !(it.B >= -10 && it.B <= 10):
		return fmt.Errorf("item %s: b is %v, which is not between -10 and 10", it.ID, it.B)
	case !(it.C >= 0 && it.C < 1):
		return fmt.Errorf("item %s: c is %v, which is not from 0 to below 1", it.ID, it.C)
	case !(it.SD >= 0 && it.SD <= 10):
		return fmt.Errorf("item %s: sd is %v, which is not between 0 and 10", it.ID, it.SD)
	case it.N < 0 || !(it.Minutes >= 0 && it.Minutes <= 1e6):
		return fmt.Errorf("item %s: a count or a time is out of range", it.ID)
	}
	return nil
}

// Scored reports whether a response to the item counts.
func (it Item) Scored() bool { return !it.New && !it.Seen }

// Chance returns P(θ), the probability of a right response at theta: c + (1−c)/(1+exp(−a(θ−b))) (Birnbaum 1968), averaged
// over what is not known of b.
func (it Item) Chance(theta float64) float64 { return it.curve().chance(theta) }

// Information returns I(θ) = a²·((P−c)/(1−c))²·(1−P)/P, the Fisher information of a response at theta (Birnbaum 1968).
// Its unit is 1/logit².
func (it Item) Information(theta float64) float64 { return it.curve().information(theta) }

// curve is what the chance of a right response depends on.
type curve struct{ slope, b, c float64 }

func (it Item) curve() curve { return curve{it.slope(), it.B, it.C} }

func (v curve) chance(theta float64) float64 {
	return v.c + float64((1-v.c)*logistic(float64(v.slope*(theta-v.b))))
}

// miss returns the chance of a wrong response: 1 − P, and still above 0 where P rounds to 1.
func (v curve) miss(theta float64) float64 {
	return float64((1 - v.c) * logistic(float64(v.slope*(v.b-theta))))
}

func (v curve) information(theta float64) float64 {
	p := v.chance(theta)
	knows := float64(v.slope*(p-v.c)) / (1 - v.c)
	return float64(float64(knows*knows)*(1-p)) / p
}

// blur is (16√3/15π)², which makes a logistic curve and a normal one most alike.
const blur = 256.0 * 3 / (225 * math.Pi * math.Pi)

// slope returns a as flattened by not knowing b: a logistic curve averaged over a normal b of spread sd is close to one with
// a/√(1+a²·sd²·(16√3/15π)²) (Zeger, Liang and Albert 1988, eq. 3.2).
func (it Item) slope() float64 {
	spread := float64(it.A * it.SD)
	return it.A / math.Sqrt(1+float64(float64(spread*spread)*blur))
}

// AuthorSD is how far, in logits, an author's label may be off: the spread of the prior on b.
const AuthorSD = 0.8

// AuthorB returns what an author's labels say about b before anybody has responded.
func AuthorB(level, difficulty string) (float64, error) {
	b, ok := map[string]float64{"junior": -1, "mid": 0, "senior": 1, "staff": 1.5}[level]
	if !ok {
		return 0, fmt.Errorf("level %q is not junior, mid, senior or staff", level)
	}
	shift, ok := map[string]float64{"easy": -0.5, "medium": 0, "hard": 0.5}[difficulty]
	if !ok {
		return 0, fmt.Errorf("difficulty %q is not easy, medium or hard", difficulty)
	}
	return b + shift, nil
}
