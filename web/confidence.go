package web

import (
	"math"
	"net/url"
	"strconv"

	"rehearse/locale"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/store"
	"rehearse/views"
)

var confidenceNames = [...]string{quiz.Unsure: said("Unsure"), quiz.FairlySure: said("Fairly sure"), quiz.Sure: said("Sure")}

// askConfidence puts the steps of confidence into the form of a question that the program judges, in place of "I'm not
// sure", for candidates who want to be asked, or were asked before what they typed was refused.
func askConfidence(l *locale.Language, u store.User, typed url.Values, f *views.AnswerForm) {
	if !u.Confidence && !typed.Has("confidence") || !f.AskUnsure {
		return
	}
	f.AskUnsure = false
	for _, step := range quiz.Confidences() {
		value := strconv.Itoa(int(step))
		f.Confidence = append(f.Confidence, views.Option{
			Value: value, Label: l.T(confidenceNames[step]), Note: l.F("%d %%", step.Percent()), Checked: typed.Get("confidence") == value,
		})
	}
}

// calibrationView shows how sure a candidate was against what was right, over some days.
func calibrationView(l *locale.Language, u store.User, days []progress.Activity) views.CalibrationView {
	c := progress.CalibrationOf(days)
	v := views.CalibrationView{Off: !u.Confidence}
	if c.N < progress.MinCalibration {
		if u.Confidence || c.N > 0 {
			v.Missing = l.N(progress.MinCalibration-c.N, "One more answer with a confidence, and a picture comes here.", "%d more answers with a confidence, and a picture comes here.")
		}
		return v
	}
	for i, s := range c.Steps {
		v.Steps = append(v.Steps, views.CalibrationStep{
			Label: l.T(confidenceNames[i+1]), Said: percent(s.Said), Right: s.Right, N: s.N,
			Share: percent(s.Share), Low: percent(s.Low), High: percent(s.High),
		})
	}
	v.Summary = calibrationText(l, c)
	v.Score = l.F("Brier score %s over %d answers of the last year: 0 is perfect, %s is what you would have by always saying how much is right overall.",
		hundredths(l, c.Brier()), c.N, hundredths(l, c.Uncertainty()))
	return v
}

// calibrationText says whether somebody trusts themselves too much. Less than five hundredths either way is not worth a word.
func calibrationText(l *locale.Language, c progress.Calibration) string {
	const slight = .05
	right := percent(float64(c.Right) / float64(c.N))
	said := percent(c.Bias() + float64(c.Right)/float64(c.N))
	switch {
	case c.Bias() > slight:
		return l.F("You said %d %% on average, and %d %% was right: you trust yourself too much.", said, right)
	case c.Bias() < -slight:
		return l.F("You said %d %% on average, and %d %% was right: you could trust yourself more.", said, right)
	default:
		return l.F("You said %d %% on average, and %d %% was right: your feeling can be trusted.", said, right)
	}
}

func percent(share float64) int { return int(math.Round(100 * share)) }

// hundredths writes a number between 0 and 1 with two decimals.
func hundredths(l *locale.Language, x float64) string {
	return l.F("%d.%02d", int(math.Round(100*x))/100, int(math.Round(100*x))%100)
}
