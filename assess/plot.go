package assess

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Plot is one chart of the report, in the coordinates of its SVG (640 by 264): all is placed when it is made.
type Plot struct {
	Title, Summary string
	XName, YName   string
	Lines          []PlotLine
	Bars           []PlotBar
	XTicks, YTicks []PlotTick

	lowX, highX, highY float64
}

// PlotLine is one series; Dash tells series apart without colour.
type PlotLine struct{ Name, Dash, Points string }

// PlotBar is one column, with its text for who points at it.
type PlotBar struct {
	X, Y, W, H string
	Title      string
}

// PlotTick is a mark on an axis.
type PlotTick struct{ At, Label string }

// The drawing area, in the SVG's units.
const (
	plotLeft, plotRight = 48.0, 632.0
	plotTop, plotBottom = 12.0, 212.0
)

// newPlot returns a chart with its axes; x runs from lowX to highX, y from 0 to at least highY.
func newPlot(title, xName, yName string, lowX, highX, stepX, highY float64) Plot {
	stepY := niceStep(highY)
	p := Plot{Title: title, XName: xName, YName: yName, lowX: lowX, highX: highX, highY: float64(stepY * max(1, math.Ceil(highY/stepY-1e-9)))}
	for i := 0; float64(i) <= (highX-lowX)/stepX+1e-9; i++ {
		x := lowX + float64(float64(i)*stepX)
		p.XTicks = append(p.XTicks, PlotTick{p.x(x), label(x)})
	}
	for i := 0; float64(i) <= p.highY/stepY+1e-9; i++ {
		y := float64(float64(i) * stepY)
		p.YTicks = append(p.YTicks, PlotTick{p.y(y), label(y)})
	}
	return p
}

// niceStep returns a round distance of ticks that divides an axis into two to five parts.
func niceStep(high float64) float64 {
	if !(high > 0) {
		return 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(high)))
	for _, part := range []float64{0.2, 0.5, 1} {
		if high/float64(unit*part) <= 5 {
			return float64(unit * part)
		}
	}
	return float64(unit * 2)
}

func (p Plot) x(v float64) string {
	return coordinate(plotLeft + float64((v-p.lowX)/(p.highX-p.lowX)*(plotRight-plotLeft)))
}

func (p Plot) y(v float64) string {
	return coordinate(plotBottom - float64(v/p.highY*(plotBottom-plotTop)))
}

func coordinate(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

func label(v float64) string {
	return strconv.FormatFloat(math.Round(float64(v*1000))/1000, 'f', -1, 64)
}

// line adds a series through points.
func (p *Plot) line(name, dash string, xs, ys []float64) {
	var points []string
	for i := range xs {
		points = append(points, p.x(xs[i])+","+p.y(ys[i]))
	}
	p.Lines = append(p.Lines, PlotLine{name, dash, strings.Join(points, " ")})
}

// bar adds a column from one x to another.
func (p *Plot) bar(from, to, height float64, title string) {
	left, right := p.position(from), p.position(to)
	top := plotBottom - float64(height/p.highY*(plotBottom-plotTop))
	p.Bars = append(p.Bars, PlotBar{coordinate(left), coordinate(top), coordinate(max(0.5, right-left-1)), coordinate(plotBottom - top), title})
}

func (p Plot) position(v float64) float64 {
	return plotLeft + float64((v-p.lowX)/(p.highX-p.lowX)*(plotRight-plotLeft))
}

// Plots returns the charts of a report.
func (r Report) Plots() []Plot {
	return []Plot{r.errorPlot(), r.exposurePlot(), r.lengthPlot(), r.supplyPlot()}
}

// errorPlot shows how far off estimates are, by ability.
func (r Report) errorPlot() Plot {
	var xs, rmse, se []float64
	top := r.Rules.SE
	for _, b := range r.Bands {
		if b.N >= 10 {
			xs = append(xs, (b.From+b.To)/2)
			rmse, se = append(rmse, b.RMSE), append(se, b.SE)
			top = max(top, b.RMSE, b.SE)
		}
	}
	p := newPlot("Error by ability", "true ability θ, in logits", "logits", -3, 3, 1, top)
	p.line("actual error (RMSE)", "", xs, rmse)
	p.line("error that sessions state (SE)", "6 3", xs, se)
	p.line("error asked for", "2 3", []float64{-3, 3}, []float64{r.Rules.SE, r.Rules.SE})
	p.Summary = fmt.Sprintf("Over all candidates the error is %.2f logits, and sessions state %.2f.", r.All.RMSE, r.All.SE)
	return p
}

// exposurePlot shows how often items are asked, most asked first.
func (r Report) exposurePlot() Plot {
	n := float64(max(1, len(r.Exposure)))
	p := newPlot("How often items are asked", "items, the most asked first", "share of sessions", 0, n, niceStep(n), max(r.MaxShare, 0.1))
	for i, e := range r.Exposure {
		p.bar(float64(i), float64(i+1), e.Share, fmt.Sprintf("%s: %.0f %%", e.ID, float64(100*e.Share)))
	}
	p.Summary = fmt.Sprintf("The most asked item is in %.0f %% of sessions; %d of %d items are never asked.", float64(100*r.MaxShare), len(r.Dead), r.Items)
	return p
}

// lengthPlot shows how long sessions are.
func (r Report) lengthPlot() Plot {
	most := 0
	for _, n := range r.Lengths {
		most = max(most, n)
	}
	total := float64(max(1, r.Candidates))
	end := float64(len(r.Lengths))
	p := newPlot("Length of sessions", "scored items", "share of sessions", 0, end, niceStep(end), float64(most)/total)
	for i, n := range r.Lengths {
		share := float64(n) / total
		if n > 0 {
			p.bar(float64(i), float64(i+1), share, fmt.Sprintf("%d items: %.1f %%", i, float64(100*share)))
		}
	}
	p.Summary = fmt.Sprintf("Sessions have %.1f scored items and take %.0f minutes on average.", r.All.Length, r.Minutes)
	return p
}

// supplyPlot shows where the bank has items.
func (r Report) supplyPlot() Plot {
	var counts [12]int
	most := 0
	for _, e := range r.Exposure {
		i := max(0, min(len(counts)-1, int(math.Floor(float64(2*e.B)))+len(counts)/2))
		counts[i]++
		most = max(most, counts[i])
	}
	p := newPlot("Difficulty of the items", "b, in logits", "items", -3, 3, 1, float64(most))
	for i, n := range counts {
		from := float64(i-len(counts)/2) / 2
		p.bar(from, from+0.5, float64(n), fmt.Sprintf("%d items from %v to %v", n, from, from+0.5))
	}
	p.Summary = fmt.Sprintf("%d items; two thirds of candidates are between −1 and 1.", r.Items)
	return p
}
