package web

import (
	"slices"
	"strings"

	"rehearse/locale"
	"rehearse/practice"
	"rehearse/store"
	"rehearse/views"
)

// todayParts are the parts of today's page that can be hidden, in its order.
var todayParts = [...]struct{ name, label string }{
	{"due", said("Cards due")},
	{"continue", said("Quizzes to continue")},
	{"weak", said("Topics worth another look")},
	{"activity", said("Activity and streak")},
}

// arrange takes from today's page what its candidate does not want to see, and offers the choice.
func arrange(l *locale.Language, v *views.TodayView, hidden string) {
	names := strings.Fields(hidden)
	for _, part := range todayParts {
		shown := !slices.Contains(names, part.name)
		v.Parts = append(v.Parts, views.Option{Value: part.name, Label: l.T(part.label), Checked: shown})
		if shown {
			continue
		}
		switch part.name {
		case "due":
			v.NoDue = true
		case "continue":
			v.Continue = nil
		case "weak":
			v.Weak = nil
		case "activity":
			v.Activity, v.Streak = views.HeatMap{}, ""
		}
	}
}

// arrangeToday takes which parts of today's page are to be shown.
func (s *site) arrangeToday(c Ctx) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	var hidden []string
	for _, part := range todayParts {
		if !slices.Contains(form["show"], part.name) {
			hidden = append(hidden, part.name)
		}
	}
	want := s.user(c)
	want.Hidden = strings.Join(hidden, " ")
	err = s.act(c, func(a practice.Actor) (store.User, error) {
		return s.Practice.PutSettings(c.Request().Context(), a, want)
	})
	if err != nil {
		return err
	}
	return redirect(c, s.links.Home())
}
