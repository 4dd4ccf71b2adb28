package assess

import (
	"fmt"
	"slices"
	"strings"
)

// Text returns the report for a terminal.
func (r Report) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d simulated candidates, seed %d, %d items, %s, model %s\n\n", r.Candidates, r.Seed, r.Items, r.State, r.Version)
	a := r.All
	fmt.Fprintf(&b, "error (RMSE) %.3f   bias %+.3f   stated SE %.3f   95 %% coverage %.3f\n", a.RMSE, a.Bias, a.SE, a.Coverage)
	fmt.Fprintf(&b, "%.1f items and %.0f minutes a session; SE below %.2f in %.0f %%\n", a.Length, r.Minutes, r.Rules.SE, float64(100*a.Precise))
	for _, stop := range r.StopList() {
		fmt.Fprintf(&b, "  stopped: %-10s %6.1f %%\n", stop, r.StopPercent(stop))
	}
	fmt.Fprintf(&b, "\n%-8s %7s %7s %9s %7s %9s %14s\n", "level", "n", "RMSE", "coverage", "named", "misnamed", "measurable")
	for _, l := range r.Levels {
		fmt.Fprintf(&b, "%-8s %7d %7.3f %9.3f %7.3f %9.3f %14s\n", l.Level, l.N, l.RMSE, l.Coverage, l.Named, l.Misnamed, yesNo(l.Measurable))
	}
	fmt.Fprintf(&b, "\nexposure: at most %.1f %% of sessions; %d of %d items never asked\n", float64(100*r.MaxShare), len(r.Dead), r.Items)
	writeList(&b, "items never asked", r.Dead)
	writeList(&b, "concepts never asked", r.DeadIdeas)
	if len(r.Advice) == 0 {
		b.WriteString("\nevery topic has enough items for every level\n")
		return b.String()
	}
	fmt.Fprintf(&b, "\nwrite, so that sessions find items that fit:\n%-24s %-8s %5s %6s %6s %6s\n", "topic", "level", "b", "have", "want", "add")
	for _, w := range r.Advice {
		fmt.Fprintf(&b, "%-24s %-8s %+5.1f %6d %6d %6d\n", w.Topic, w.Level, w.B, w.Have, w.Want, w.Add)
	}
	return b.String()
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

func writeList(b *strings.Builder, name string, list []string) {
	if len(list) > 0 {
		fmt.Fprintf(b, "%s: %s\n", name, strings.Join(list, ", "))
	}
}

// StopList returns the reasons for which sessions stopped, in alphabetical order.
func (r Report) StopList() []Stop {
	var list []Stop
	for stop := range r.Stops {
		list = append(list, stop)
	}
	slices.Sort(list)
	return list
}

// StopPercent returns the share of sessions that stopped for a reason, in percent.
func (r Report) StopPercent(stop Stop) float64 {
	return float64(100*float64(r.Stops[stop])) / float64(max(1, r.Candidates))
}
