package progress

import (
	"fmt"
	"math"
)

// Flag is a task for the author of an item.
type Flag struct {
	Code   string `json:"code"`
	Choice string `json:"choice,omitempty"` // id of the choice that it is about
	Text   string `json:"text"`
}

// What an item has to show before anything is said, and what is said something about.
const (
	MinFlagN          = 30
	tooEasy           = 0.95
	overGuessing      = 0.05
	lowDiscrimination = 15.0 // percent
	lowEfficiency     = 20.0
	// healthyDiscrimination is what the upper end of the interval must stay below.
	healthyDiscrimination = 25.0
	rarelyChosen          = 0.05
	farFromLabel          = 1.5 // logits
	unlikely              = 2.58
	sameItem              = 0.5
)

// Flags returns what an author should look at. Guess is the chance to be right without knowing anything. A flag is raised only
// when chance does not explain it, and never on fewer than 30 attempts.
func Flags(f ItemFigures, choices []ChoiceFigures, guess float64) []Flag {
	if f.N < MinFlagN {
		return nil
	}
	var out []Flag
	add := func(code, choice, text string, args ...any) {
		out = append(out, Flag{code, choice, fmt.Sprintf(text, args...)})
	}
	share := 100 * f.Facility.Value
	switch {
	case f.Facility.Value > tooEasy:
		add("too-easy", "", "%.0f %% of %d are right: it tells nobody apart; can it be guessed?", share, f.N)
	case f.FacilityInterval.High < guess+overGuessing:
		add("too-hard", "", "%.0f %% of %d are right, and guessing gives %.0f %%; is the key right?", share, f.N, 100*guess)
	}
	// The interval must not reach what healthy items have. On very easy and very hard items even the best discrimination is
	// low: efficiency allows for that.
	low := f.Discrimination.Known && f.Discrimination.Value < lowDiscrimination
	if low && f.DiscriminationFrom.High < healthyDiscrimination && f.Efficiency.Value < lowEfficiency {
		add("low-discrimination", "", "discrimination is %.0f %%: those who do well on other items do no better here; is it about something else?", math.Round(f.Discrimination.Value)+0) // never -0
	}
	key, wrong := bestKey(choices), 0
	for _, c := range choices {
		if !c.Right {
			wrong += c.N
		}
	}
	distractors := len(choices) - keys(choices)
	for _, c := range choices {
		if c.Right {
			continue
		}
		if c.Share.Value < rarelyChosen && ignored(c.N, wrong, distractors) {
			add("dead-distractor", c.ID, "%d of %d picked it, and %d another wrong choice: it misleads nobody", c.N, f.N, wrong-c.N)
		}
		if c.Correlation.Known && c.Z > unlikely {
			add("able-pick-distractor", c.ID, "those who do well on other items pick this wrong choice; can it be defended?")
			if key != nil && key.MeanRest.Known && key.MeanRest.Value < c.MeanRest.Value {
				add("wrong-key", c.ID, "those who pick it do better on other items than those who pick the key: the key is probably wrong")
			}
		}
	}
	return out
}

// FlagLabel says whether the author's label and the estimated difficulty b are far apart, both in logits, with the standard
// error of the estimate.
func FlagLabel(author, b, se float64, n int) []Flag {
	if n < MinFlagN || math.Abs(author-b) <= farFromLabel || math.Abs(author-b) < z95*se {
		return nil
	}
	than := "harder"
	if b < author {
		than = "easier"
	}
	return []Flag{{Code: "label-off", Text: fmt.Sprintf("it is %s than its label says, by %.1f logits", than, math.Abs(author-b))}}
}

// FlagFit says whether the responses to an item, as far as it was calibrated, go another way than the model has it.
func FlagFit(calibrated, fits bool) []Flag {
	if !calibrated || fits {
		return nil
	}
	return []Flag{{Code: "misfit", Text: "its responses do not follow the ability of the candidates as the model expects; is the key right, and is it about its topic?"}}
}

// bestKey returns the right choice that most picked, or nil.
func bestKey(choices []ChoiceFigures) *ChoiceFigures {
	var best *ChoiceFigures
	for i, c := range choices {
		if c.Right && (best == nil || c.N > best.N) {
			best = &choices[i]
		}
	}
	return best
}

func keys(choices []ChoiceFigures) int {
	n := 0
	for _, c := range choices {
		if c.Right {
			n++
		}
	}
	return n
}

// ignored reports whether a distractor was picked so rarely, among those who were wrong, that a third of its fair part would
// give so few in less than 1 of 200 cases. On an easy item all distractors are rare, and none is dead for that.
func ignored(picked, wrong, distractors int) bool {
	if distractors < 2 {
		return false
	}
	p := 1 / (3 * float64(distractors))
	chance := math.Pow(1-p, float64(wrong)) // of none
	sum := chance
	for k := 1; k <= picked; k++ {
		chance *= float64(wrong-k+1) / float64(k) * p / (1 - p)
		sum += chance
	}
	return sum < 0.005
}
