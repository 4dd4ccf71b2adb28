package handbook

import (
	"cmp"
	"math"
	"slices"
)

// Evidence is what somebody has shown in one skill of a role.
type Evidence struct {
	Answered int // questions up to the level asked for, by the last judged response to each
	Right    int // of those
	Measured bool
	Short    float64 // Measured: how far the estimate of a skill check is below the level, in logits; negative above it
}

// Standing is how somebody stands with a skill.
type Standing string

// The standings.
const (
	Lacking Standing = "gap"
	Unknown Standing = "unknown" // nothing was shown
	Scant   Standing = "scant"   // nothing is missing, by very few answers
	Met     Standing = "met"
)

const (
	usualCut = 65 // percent, for roles that give none
	prior    = 4  // as many answers as the assumption weighs that somebody is just what the role asks for
	enough   = 5  // answers from which on a skill may be called met
)

// Asks returns the percentage of right answers that a role asks for.
func (r Role) Asks() int { return cmp.Or(r.Cut, usualCut) }

// Gap returns how many percentage points of right answers somebody lacks, 0 when none. A few wrong answers are a small
// gap: they are weighed against prior answers at the role's cut. A skill check counts instead of the answers, since its
// questions fit the level: near even odds a logit is 25 percentage points.
func (r Role) Gap(e Evidence) (points int, standing Standing) {
	cut := r.Asks()
	switch {
	case e.Measured:
		points = int(math.Ceil(25 * e.Short))
	case e.Answered == 0:
		return 0, Unknown
	default:
		points = cut - (100*e.Right+cut*prior)/(e.Answered+prior)
	}
	switch {
	case points > 0:
		return points, Lacking
	case !e.Measured && e.Answered < enough:
		return 0, Scant
	}
	return 0, Met
}

// Shown is a skill of a role with what somebody has shown in it.
type Shown struct {
	Skill
	Evidence
	Gap      int // percentage points
	Standing Standing
}

// Show lays evidence over the skills of a role: the largest gaps first, then what is not known, then what is met.
func (r Role) Show(evidence func(Skill) Evidence) []Shown {
	var all []Shown
	for _, skill := range r.Skills {
		e := evidence(skill)
		gap, standing := r.Gap(e)
		all = append(all, Shown{skill, e, gap, standing})
	}
	order := []Standing{Lacking, Unknown, Scant, Met}
	slices.SortStableFunc(all, func(a, b Shown) int {
		return cmp.Or(slices.Index(order, a.Standing)-slices.Index(order, b.Standing), b.Gap-a.Gap)
	})
	return all
}

// Contrast is a skill that at least one of two roles asks for.
type Contrast struct {
	ID   string
	A, B string // levels, "" where a role does not ask for it
}

// Compare returns the skills of two roles, those first whose levels lie farthest apart.
func Compare(a, b Role) []Contrast {
	var all []Contrast
	for _, s := range a.Skills {
		all = append(all, Contrast{ID: s.ID, A: s.Level, B: b.level(s.ID)})
	}
	for _, s := range b.Skills {
		if a.level(s.ID) == "" {
			all = append(all, Contrast{ID: s.ID, B: s.Level})
		}
	}
	slices.SortStableFunc(all, func(x, y Contrast) int { return y.distance() - x.distance() })
	return all
}

// distance returns how many levels lie between two roles; not asked for is below the lowest.
func (c Contrast) distance() int {
	levels := Levels()
	d := slices.Index(levels, c.A) - slices.Index(levels, c.B)
	return max(d, -d)
}

// level returns the level that a role asks for in a skill, or "".
func (r Role) level(skill string) string {
	s, _ := find(r.Skills, func(s Skill) bool { return s.ID == skill })
	return s.Level
}
