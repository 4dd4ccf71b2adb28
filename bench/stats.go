package main

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// maxSpread is how far the runs of a yardstick may lie apart before a comparison with it is worth nothing.
const maxSpread = 0.15

// sample is what several runs of one thing gave.
type sample []float64

// median returns the middle value; 0 of none.
func (s sample) median() float64 {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// spread returns how far the values lie apart, as a share of their median.
func (s sample) spread() float64 {
	m := s.median()
	if m == 0 {
		return 0
	}
	return (slices.Max(s) - slices.Min(s)) / m
}

// over returns the quotients of runs that were made one after the other: what slowed one round slowed both.
func (s sample) over(yardstick sample) sample {
	quotients := make(sample, 0, len(s))
	for i := range min(len(s), len(yardstick)) {
		quotients = append(quotients, s[i]/yardstick[i])
	}
	return quotients
}

// String says the median and the spread.
func (s sample) String() string {
	return fmt.Sprintf("%s ± %.0f %%", number(s.median()), 50*s.spread())
}

// number writes a value with three digits, and whole ones from a hundred on.
func number(v float64) string {
	switch a := math.Abs(v); {
	case a >= 100:
		return fmt.Sprintf("%.0f", v)
	case a >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// latencies are times of responses, sorted.
type latencies []time.Duration

func (l latencies) sorted() latencies { return slices.Sorted(slices.Values(l)) }

// at returns the time within which a share of the responses came; 0 when there were none.
func (l latencies) at(share float64) time.Duration {
	if len(l) == 0 {
		return 0
	}
	rank := int(math.Ceil(share*float64(len(l)))) - 1
	return l[min(max(rank, 0), len(l)-1)]
}

// ms returns a time in milliseconds.
func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// rounds makes three rounds of runs, each thing once a round, and three more while the runs of a yardstick lie too far apart, up to
// tries times. It returns the values of the last three rounds by the name of the thing, and whether the yardsticks agree.
func rounds(tries int, yardsticks []string, run func() (map[string]float64, error)) (values map[string]sample, steady bool, err error) {
	for range tries {
		values = map[string]sample{}
		for range 3 {
			once, err := run()
			if err != nil {
				return nil, false, err
			}
			for name, value := range once {
				values[name] = append(values[name], value)
			}
		}
		steady = true
		for _, name := range yardsticks {
			steady = steady && values[name].spread() <= maxSpread
		}
		if steady {
			break
		}
	}
	return values, steady, nil
}
