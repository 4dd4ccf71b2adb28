package assess

import "math"

// The levels that a result can name, lowest first, and the abilities between them.
var (
	levels = [...]string{"junior", "mid", "senior"}
	cuts   = [...]float64{-0.5, 0.5}
)

// Sure is the probability from which on a level is named.
const Sure = 0.8

// LevelChance is how probable a level is.
type LevelChance struct {
	Level string  `json:"level"`
	P     float64 `json:"p"`
}

// Levels returns the probability of each level, lowest first. They add up to 1.
func (p Posterior) Levels() []LevelChance {
	out := make([]LevelChance, len(levels))
	below := 0.0
	for i, name := range levels {
		upTo := 1.0
		if i < len(cuts) {
			upTo = 1 - p.Above(cuts[i])
		}
		out[i] = LevelChance{name, upTo - below}
		below = upTo
	}
	return out
}

// Statement returns what may be said of the level: a level that is at least as probable as Sure, else "between mid and
// senior" for two neighbours that are so together, else "between junior and senior", which is to say nothing.
func Statement(chances []LevelChance) string {
	for _, c := range chances {
		if c.P >= Sure {
			return c.Level
		}
	}
	best, sum := -1, 0.0
	for i := range len(chances) - 1 {
		if both := chances[i].P + chances[i+1].P; both >= Sure && both > sum {
			best, sum = i, both
		}
	}
	if best < 0 {
		return "between " + chances[0].Level + " and " + chances[len(chances)-1].Level
	}
	return "between " + chances[best].Level + " and " + chances[best+1].Level
}

// LevelOf returns the level of an ability that is known exactly.
func LevelOf(theta float64) string {
	i := 0
	for i < len(cuts) && theta >= cuts[i] {
		i++
	}
	return levels[i]
}

// z80 is how many standard errors an interval of 80 % reaches to each side.
const z80 = 1.28

// Score is an ability on the scale that candidates see, 0 to 300, with 150 in the middle and 50 points to a logit.
type Score struct {
	Points int `json:"points"`
	Error  int `json:"error"` // half the width of the 80 % interval, in points
}

// Score returns 150 + 50·θ, clamped to 0…300, ± 1.28·SE on that scale.
func (a Ability) Score() Score {
	return Score{
		Points: int(math.Round(max(0, min(300, 150+float64(50*a.Theta))))),
		Error:  int(math.Round(float64(50 * float64(z80*a.SE)))),
	}
}
