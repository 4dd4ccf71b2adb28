package web

import (
	"strings"
	"time"

	"rehearse/locale"
	"rehearse/practice"
	"rehearse/store"
	"rehearse/views"
)

// furthestInterview is how many days ahead an interview may be.
const furthestInterview = 730

// interviewView says how a candidate stands for an interview; empty without one ahead.
func (s *site) interviewView(l *locale.Language, tx *store.Tx, u store.User) (v views.InterviewView, err error) {
	r, ahead, err := s.Practice.Readiness(tx, u)
	if err != nil || !ahead {
		return v, err
	}
	v.Left = l.T("Your interview is today. Good luck!")
	if r.Left > 0 {
		v.Left = l.N(r.Left, "Your interview is tomorrow.", "%d days until your interview.")
	}
	v.Date = l.Date(dayDate(r.Day), locale.Full)
	v.Ready = readyText(l, r)
	return v, nil
}

func readyText(l *locale.Language, r practice.Readiness) string {
	if r.Seen == 0 {
		return l.F("None of the %d cards has been reviewed yet.", r.Cards)
	}
	text := l.F("If you reviewed nothing more, you would recall about %d %% of %s you have seen; %d are still new.", percent(r.Recall), l.N(r.Seen, "the %d card", "the %d cards"), r.Cards-r.Seen)
	if r.Due > 0 {
		text += " " + l.N(r.Due, "%d card comes due before it.", "%d cards come due before it.")
	}
	return text
}

// readInterview reads the date of an interview from a form, as a study day; 0 for none. Before is what is stored: a date
// that has passed since may stay.
func readInterview(text string, before, today int) (day int, ok bool) {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0, true
	}
	date, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, false
	}
	day = int(date.Unix() / (24 * 60 * 60))
	return day, day == before || day >= today && day <= today+furthestInterview
}

// interviewField writes a study day as the form has it.
func interviewField(day int) string {
	if day == 0 {
		return ""
	}
	return dayDate(day).Format(time.DateOnly)
}
