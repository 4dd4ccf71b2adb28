package progress

import "rehearse/quiz"

// Hits are responses of one kind and how many of them were entirely right.
type Hits struct{ N, Right int }

// Plus returns the sum h + g.
func (h Hits) Plus(g Hits) Hits { return Hits{h.N + g.N, h.Right + g.Right} }

// Confident are the judged responses given with a confidence, by step from unsure to sure.
type Confident [3]Hits

// Plus returns the sum c + d.
func (c Confident) Plus(d Confident) Confident {
	for i := range c {
		c[i] = c[i].Plus(d[i])
	}
	return c
}

// Minus returns what takes c back.
func (c Confident) Minus() Confident {
	for i := range c {
		c[i] = Hits{-c[i].N, -c[i].Right}
	}
	return c
}

// confident returns what an entry says of its candidate's confidence; nothing when none was given.
func confident(e Evidence) (c Confident) {
	if e.Confidence != quiz.Unasked && e.Score != NotJudged {
		c[e.Confidence-quiz.Unsure] = Hits{1, one(e.Score == AllRight)}
	}
	return c
}

// Surprising reports whether a response was sure and not right. Such mistakes are the ones best corrected (Butterfield
// and Metcalfe 2001).
func Surprising(score int64, c quiz.Confidence) bool {
	return c == quiz.Sure && score != NotJudged && score < AllRight
}

// MinCalibration is the number of responses below which nothing is said of a candidate's calibration.
const MinCalibration = 10

// Calibration compares how sure a candidate was with how often they were right.
type Calibration struct {
	Steps [3]CalibrationStep
	Hits
}

// CalibrationStep is one step of confidence: of N responses with which the candidate claimed the chance Said, the share
// Share was right.
type CalibrationStep struct {
	Hits
	Said     float64
	Share    float64 // 0 when N is 0
	Interval         // in which Share lies
}

// CalibrationOf adds up days of activity.
func CalibrationOf(days []Activity) Calibration {
	var sum Confident
	for _, d := range days {
		sum = sum.Plus(d.Said)
	}
	var c Calibration
	for i, step := range quiz.Confidences() {
		s := CalibrationStep{Hits: sum[i], Said: float64(step.Percent()) / 100}
		s.Share = share(s.Hits)
		s.Interval = shareInterval(s.Share, s.N)
		c.Steps[i] = s
		c.Hits = c.Plus(s.Hits)
	}
	return c
}

func share(h Hits) float64 {
	if h.N == 0 {
		return 0
	}
	return float64(h.Right) / float64(h.N)
}

// mean returns the mean over all responses of what a step comes to; 0 without any.
func (c Calibration) mean(of func(CalibrationStep) float64) float64 {
	if c.N == 0 {
		return 0
	}
	sum := 0.0
	for _, s := range c.Steps {
		sum += float64(s.N) * of(s)
	}
	return sum / float64(c.N)
}

// Brier returns the mean of (said − outcome)², the outcome being 1 for right and 0 for wrong (Brier 1950): 0 is perfect,
// 0.25 is what always saying 50 % comes to.
func (c Calibration) Brier() float64 {
	return c.mean(func(s CalibrationStep) float64 {
		wrong, right := s.Said*s.Said, (1-s.Said)*(1-s.Said)
		return s.Share*right + (1-s.Share)*wrong
	})
}

// Uncertainty returns the Brier score of somebody who always says the share that is right overall. Brier is
// Reliability − Resolution + Uncertainty (Murphy 1973).
func (c Calibration) Uncertainty() float64 { return share(c.Hits) * (1 - share(c.Hits)) }

// Reliability returns the mean squared distance of what was said from what was right: 0 for somebody well calibrated.
func (c Calibration) Reliability() float64 {
	return c.mean(func(s CalibrationStep) float64 { return (s.Said - s.Share) * (s.Said - s.Share) })
}

// Resolution returns how far the steps are apart in what was right: 0 when they tell nothing from anything.
func (c Calibration) Resolution() float64 {
	overall := share(c.Hits)
	return c.mean(func(s CalibrationStep) float64 { return (s.Share - overall) * (s.Share - overall) })
}

// Bias returns by how much the mean of what was said exceeds the share that was right: above 0 is overconfident.
func (c Calibration) Bias() float64 {
	return c.mean(func(s CalibrationStep) float64 { return s.Said }) - share(c.Hits)
}
