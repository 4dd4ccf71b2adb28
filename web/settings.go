package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"rehearse/locale"
	"rehearse/practice"
	"rehearse/store"
	"rehearse/views"
)

// choice is a setting with a few values.
type choice struct {
	field   string
	options []views.Option // labels are said in the language of the page
	get     func(u *store.User) string
	set     func(u *store.User, value string)
	shown   func(v *views.SettingsView) *[]views.Option
}

var choices = []choice{
	{
		"theme",
		[]views.Option{{Value: "system", Label: said("As the system")}, {Value: "light", Label: said("Light")}, {Value: "dark", Label: said("Dark")}},
		func(u *store.User) string { return orDefault(u.Theme, "system") },
		func(u *store.User, value string) { u.Theme = unless(value, "system") },
		func(v *views.SettingsView) *[]views.Option { return &v.Themes },
	},
	{
		"font",
		[]views.Option{{Value: "usual", Label: said("Usual")}, {Value: "legible", Label: said("Larger and wider")}},
		func(u *store.User) string { return orDefault(u.Font, "usual") },
		func(u *store.User, value string) { u.Font = unless(value, "usual") },
		func(v *views.SettingsView) *[]views.Option { return &v.Fonts },
	},
	{
		"timers",
		[]views.Option{
			{Value: "shown", Label: said("Show the time left")},
			{Value: "hidden", Label: said("Hide the time left")},
			{Value: "half", Label: said("Half as long again")},
			{Value: "double", Label: said("Twice as long")},
			{Value: "none", Label: said("No limits")},
		},
		func(u *store.User) string { return orDefault(string(u.Timers), "shown") },
		func(u *store.User, value string) { u.Timers = store.Timers(unless(value, "shown")) },
		func(v *views.SettingsView) *[]views.Option { return &v.Timers },
	},
	{
		"keys", onOff,
		func(u *store.User) string { return pick(u.KeysOff, "off", "on") },
		func(u *store.User, value string) { u.KeysOff = value == "off" },
		func(v *views.SettingsView) *[]views.Option { return &v.Keys },
	},
	{
		"confidence", onOff,
		func(u *store.User) string { return pick(u.Confidence, "on", "off") },
		func(u *store.User, value string) { u.Confidence = value == "on" },
		func(v *views.SettingsView) *[]views.Option { return &v.Confidence },
	},
}

var onOff = []views.Option{{Value: "on", Label: said("On")}, {Value: "off", Label: said("Off")}}

func pick(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

// unless returns a value, "" for the one that stands for nothing.
func unless(value, nothing string) string {
	if value == nothing {
		return ""
	}
	return value
}

// settings shows the form of the settings.
func (s *site) settings(c Ctx) error {
	u := s.user(c)
	form := url.Values{
		"zone": {u.Settings.Zone}, "rollover": {strconv.Itoa(u.Settings.Rollover)}, "language": {orDefault(u.Language, "auto")},
	}
	for _, choice := range choices {
		form.Set(choice.field, choice.get(&u))
	}
	return s.showSettings(c, http.StatusOK, form, nil)
}

func (s *site) showSettings(c Ctx, status int, form url.Values, problems views.Problems) error {
	l, u := s.language(c), s.user(c)
	v := views.SettingsView{Zone: form.Get("zone"), Zones: zones, Problems: problems, Cards: cardsSentence(l, u)}
	for hour := range 24 {
		v.Rollover = append(v.Rollover, views.Option{Value: strconv.Itoa(hour), Label: fmt.Sprintf("%02d:00", hour)})
	}
	check(v.Rollover, form.Get("rollover"))
	v.Languages = []views.Option{{Value: "auto", Label: l.T("As the browser")}}
	for _, other := range locale.Languages() {
		v.Languages = append(v.Languages, views.Option{Value: other.Tag, Label: other.Name})
	}
	check(v.Languages, form.Get("language"))
	for _, choice := range choices {
		options := slices.Clone(choice.options)
		for i := range options {
			options[i].Label = l.T(options[i].Label)
		}
		check(options, form.Get(choice.field))
		*choice.shown(&v) = options
	}
	return s.view(c, status, "settings", said("Settings"), func(_ *store.Tx, p views.Page) (templ.Component, error) {
		if c.QueryParam("saved") != "" {
			p.Flash = p.L.T("Saved.")
		}
		return views.Settings(p, v), nil
	})
}

// cardsSentence says what is set for the cards.
func cardsSentence(l *locale.Language, u store.User) string {
	return l.F("%d new a day, recall of %d %%.", u.NewPerDay, retentionOf(u))
}

// saveSettings stores the settings.
func (s *site) saveSettings(c Ctx) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	want, problems := s.readSettings(s.language(c), s.user(c), form)
	if len(problems) > 0 {
		return s.showSettings(c, http.StatusUnprocessableEntity, form, problems)
	}
	err = s.act(c, func(a practice.Actor) (store.User, error) {
		return s.Practice.PutSettings(c.Request().Context(), a, want)
	})
	if err != nil {
		return err
	}
	return redirect(c, s.links.Settings()+"?saved=1")
}

// readSettings reads a form. What is not in it stays as it is.
func (s *site) readSettings(l *locale.Language, u store.User, form url.Values) (store.User, views.Problems) {
	var problems views.Problems
	refuse := func(field, text string) { problems = append(problems, views.Problem{Field: field, Text: l.T(text)}) }

	for _, choice := range choices {
		value := form.Get(choice.field)
		switch {
		case slices.ContainsFunc(choice.options, func(o views.Option) bool { return o.Value == value }):
			choice.set(&u, value)
		case form.Has(choice.field):
			refuse(choice.field, said("Choose one of these."))
		}
	}
	switch language := form.Get("language"); language {
	case "auto", "":
		u.Language = ""
	default:
		if _, ok := locale.ByTag(language); !ok {
			refuse("language", said("Choose one of the languages."))
			break
		}
		u.Language = language
	}
	u.Settings.Zone = strings.TrimSpace(form.Get("zone"))
	if !s.knownZone(u.Settings.Zone) {
		refuse("zone", said("There is no such time zone. Write it like Europe/Berlin, or UTC."))
	}
	if form.Has("rollover") {
		hour, err := strconv.Atoi(form.Get("rollover"))
		if err != nil || hour < 0 || hour > 23 {
			refuse("rollover", said("Choose an hour of the day."))
		}
		u.Settings.Rollover = hour
	}
	return u, problems
}

// zones are offered while typing; every IANA name is accepted.
var zones = []string{
	"UTC", "Africa/Cairo", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi", "America/Argentina/Buenos_Aires",
	"America/Bogota", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Mexico_City", "America/New_York",
	"America/Sao_Paulo", "America/Toronto", "Asia/Bangkok", "Asia/Dhaka", "Asia/Dubai", "Asia/Hong_Kong", "Asia/Jakarta",
	"Asia/Karachi", "Asia/Kolkata", "Asia/Manila", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Tehran", "Asia/Tokyo",
	"Australia/Melbourne", "Australia/Perth", "Australia/Sydney", "Europe/Amsterdam", "Europe/Athens", "Europe/Berlin",
	"Europe/Dublin", "Europe/Helsinki", "Europe/Istanbul", "Europe/Kyiv", "Europe/Lisbon", "Europe/London", "Europe/Madrid",
	"Europe/Moscow", "Europe/Paris", "Europe/Prague", "Europe/Rome", "Europe/Stockholm", "Europe/Vienna", "Europe/Warsaw",
	"Europe/Zurich", "Pacific/Auckland",
}
