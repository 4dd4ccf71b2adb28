package progress

import (
	"math"
	"testing"

	"rehearse/quiz"
)

// By hand: of four unsure two were right, of four fairly sure three, of two sure one.
// Brier = (4·.25 + 3·.0625 + .5625 + .0025 + .9025)/10 = .2655.
// Reliability = (4·0 + 4·0 + 2·.45²)/10 = .0405, resolution = (4·.1² + 4·.15² + 2·.1²)/10 = .015,
// uncertainty = .6·.4 = .24; bias = (4·.5 + 4·.75 + 2·.95)/10 − .6 = .09.
func TestCalibration(t *testing.T) {
	c := CalibrationOf([]Activity{
		{Said: Confident{{3, 2}, {4, 3}, {}}},
		{Answers: 9},
		{Said: Confident{{1, 0}, {}, {2, 1}}},
	})
	if want := (Hits{10, 6}); c.Hits != want {
		t.Errorf("Hits = %+v, want %+v", c.Hits, want)
	}
	for _, figure := range []struct {
		name      string
		got, want float64
	}{
		{"Brier", c.Brier(), .2655},
		{"Reliability", c.Reliability(), .0405},
		{"Resolution", c.Resolution(), .015},
		{"Uncertainty", c.Uncertainty(), .24},
		{"Bias", c.Bias(), .09},
		{"share of unsure", c.Steps[0].Share, .5},
		{"share of fairly sure", c.Steps[1].Share, .75},
		{"share of sure", c.Steps[2].Share, .5},
		// Wilson's interval of 1 in 2: (1/2 + z²/4 ± z·√(1/8 + z²/16)) / (1 + z²/2) with z = 1.959964.
		{"low of sure", c.Steps[2].Low, .094531},
		{"high of sure", c.Steps[2].High, .905469},
	} {
		if math.Abs(figure.got-figure.want) > 1e-6 {
			t.Errorf("%s = %.6f, want %.6f", figure.name, figure.got, figure.want)
		}
	}
}

func TestCalibrationOfExtremes(t *testing.T) {
	for _, test := range []struct {
		name  string
		said  Confident
		brier float64
	}{
		{"nothing", Confident{}, 0},
		{"always unsure", Confident{{8, 5}, {}, {}}, .25},
		{"sure and right", Confident{{}, {}, {5, 5}}, .0025},
		{"sure and wrong", Confident{{}, {}, {5, 0}}, .9025},
	} {
		c := CalibrationOf([]Activity{{Said: test.said}})
		if got := c.Brier(); math.Abs(got-test.brier) > 1e-12 {
			t.Errorf("%s: Brier = %v, want %v", test.name, got, test.brier)
		}
		if parts := c.Reliability() - c.Resolution() + c.Uncertainty(); math.Abs(parts-test.brier) > 1e-12 {
			t.Errorf("%s: the parts of Brier add up to %v, want %v", test.name, parts, test.brier)
		}
	}
}

func TestConfident(t *testing.T) {
	for _, test := range []struct {
		name string
		e    Evidence
		want Confident
		odd  bool
	}{
		{"not asked", Evidence{Score: AllRight}, Confident{}, false},
		{"sure, right", Evidence{Score: AllRight, Confidence: quiz.Sure}, Confident{{}, {}, {1, 1}}, false},
		{"sure, wrong", Evidence{Score: 0, Confidence: quiz.Sure}, Confident{{}, {}, {1, 0}}, true},
		{"sure, right in part", Evidence{Score: AllRight / 2, Confidence: quiz.Sure}, Confident{{}, {}, {1, 0}}, true},
		{"fairly sure, wrong", Evidence{Score: 0, Confidence: quiz.FairlySure}, Confident{{}, {1, 0}, {}}, false},
		{"unsure, right", Evidence{Score: AllRight, Confidence: quiz.Unsure}, Confident{{1, 1}, {}, {}}, false},
		{"not judged", Evidence{Score: NotJudged, Confidence: quiz.Sure}, Confident{}, false},
	} {
		if got := confident(test.e); got != test.want {
			t.Errorf("%s: confident = %v, want %v", test.name, got, test.want)
		}
		if got := Surprising(test.e.Score, test.e.Confidence); got != test.odd {
			t.Errorf("%s: Surprising = %v, want %v", test.name, got, test.odd)
		}
	}
}
