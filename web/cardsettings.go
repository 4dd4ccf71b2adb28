package web

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"rehearse/locale"
	"rehearse/practice"
	"rehearse/progress"
	"rehearse/srs"
	"rehearse/store"
	"rehearse/views"
)

var efforts = []struct {
	value, label string
	effort       srs.Effort
}{
	{"normal", said("Normal"), srs.Normal}, {"fewer", said("Fewer"), srs.Fewer}, {"none", said("None"), srs.None},
}

// weekdayField names the field of a day of the week, 0 for Monday.
func weekdayField(day int) string { return "day" + strconv.Itoa(day+1) }

// aMonday is a study day that was a Monday: 1970-01-05.
const aMonday = 4

// cardSettings shows the form of what each day holds.
func (s *site) cardSettings(c Ctx) error {
	u := s.user(c)
	form := url.Values{
		"new": {strconv.Itoa(u.NewPerDay)}, "reviews": {strconv.Itoa(u.ReviewsPerDay)}, "retention": {strconv.Itoa(retentionOf(u))},
		"interview": {interviewField(u.Settings.Interview)}, "buttons": {pick(u.TwoButtons, "two", "four")},
	}
	for day, effort := range u.Week {
		form.Set(weekdayField(day), efforts[effort].value)
	}
	return s.showCardSettings(c, http.StatusOK, form, nil)
}

func (s *site) showCardSettings(c Ctx, status int, form url.Values, problems views.Problems) error {
	return s.view(c, status, "cards", said("Settings of the cards"), func(_ *store.Tx, p views.Page) (templ.Component, error) {
		if c.QueryParam("saved") != "" {
			p.Flash = p.L.T("Saved.")
		}
		v := views.CardSettingsView{
			New: form.Get("new"), Reviews: form.Get("reviews"), Retention: form.Get("retention"),
			Interview: form.Get("interview"), Problems: problems,
			Buttons: []views.Option{
				{Value: "four", Label: p.L.T("Four"), Note: p.L.T("Again, Hard, Good, Easy")},
				{Value: "two", Label: p.L.T("Two"), Note: p.L.T("Again, Good")},
			},
		}
		check(v.Buttons, form.Get("buttons"))
		for day := range len(srs.Week{}) {
			d := views.CardDay{Name: weekdayField(day), Title: p.L.Date(dayDate(aMonday+day), locale.Weekday)}
			for _, e := range efforts {
				d.Options = append(d.Options, views.Option{Value: e.value, Label: p.L.T(e.label)})
			}
			check(d.Options, form.Get(d.Name))
			v.Days = append(v.Days, d)
		}
		return views.CardSettings(p, v), nil
	})
}

// saveCardSettings stores what each day holds.
func (s *site) saveCardSettings(c Ctx) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	cal, err := s.calendar(c)
	if err != nil {
		return err
	}
	want, problems := readCardSettings(s.language(c), s.user(c), form, cal.Day(time.Now()))
	if len(problems) > 0 {
		return s.showCardSettings(c, http.StatusUnprocessableEntity, form, problems)
	}
	err = s.act(c, func(a practice.Actor) (store.User, error) {
		return s.Practice.PutSettings(c.Request().Context(), a, want)
	})
	if err != nil {
		return err
	}
	return redirect(c, s.links.CardSettings()+"?saved=1")
}

// retentionOf returns the chance of recall that a candidate aims at, in percent.
func retentionOf(u store.User) int { return cmp.Or(u.Settings.Retention, progress.DefaultRetention) }

// readCardSettings reads a form. What is not in it stays as it is.
func readCardSettings(l *locale.Language, u store.User, form url.Values, today int) (store.User, views.Problems) {
	var problems views.Problems
	refuse := func(field, text string) { problems = append(problems, views.Problem{Field: field, Text: text}) }
	number := func(field string, now *int, least, most int, refusal string) {
		if !form.Has(field) {
			return
		}
		n, err := strconv.Atoi(strings.TrimSpace(form.Get(field)))
		if err != nil || n < least || n > most {
			refuse(field, refusal)
		}
		*now = n
	}
	number("new", &u.NewPerDay, 0, 999, l.T("Give a number between 0 and 999."))
	number("reviews", &u.ReviewsPerDay, 0, 9999, l.T("Give a number between 0 and 9999."))
	const least, most = progress.MinRetention, progress.MaxRetention
	number("retention", &u.Settings.Retention, least, most, l.F("Give a number between %d and %d.", least, most))
	if u.Settings.Retention == progress.DefaultRetention {
		u.Settings.Retention = 0
	}
	switch buttons := form.Get("buttons"); buttons {
	case "two", "four":
		u.TwoButtons = buttons == "two"
	case "":
	default:
		refuse("buttons", l.T("Choose four buttons or two."))
	}
	if form.Has("interview") {
		day, ok := readInterview(form.Get("interview"), u.Settings.Interview, today)
		if u.Settings.Interview = day; !ok {
			refuse("interview", l.T("Give a date from today on, at most two years ahead, or leave it empty."))
		}
	}
	for day := range u.Week {
		known := false
		for _, e := range efforts {
			if form.Get(weekdayField(day)) == e.value {
				u.Week[day], known = e.effort, true
			}
		}
		if !known && form.Has(weekdayField(day)) {
			refuse(weekdayField(day), l.T("Choose normal, fewer or none."))
		}
	}
	return u, problems
}
