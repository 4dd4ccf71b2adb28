package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"rehearse/locale"
	"rehearse/practice"
	"rehearse/store"
	"rehearse/views"
)

// settings shows the form of the settings.
func (s *site) settings(c Ctx) error {
	u := s.user(c)
	form := url.Values{
		"zone":       {u.Settings.Zone},
		"new":        {strconv.Itoa(u.NewPerDay)},
		"buttons":    {pick(u.TwoButtons, "two", "four")},
		"language":   {orDefault(u.Language, "auto")},
		"theme":      {orDefault(u.Theme, "system")},
		"keys":       {pick(u.KeysOff, "off", "on")},
		"confidence": {pick(u.Confidence, "on", "off")},
	}
	return s.showSettings(c, http.StatusOK, form, nil)
}

func pick(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

func (s *site) showSettings(c Ctx, status int, form url.Values, problems views.Problems) error {
	l := s.language(c)
	v := views.SettingsView{
		Zone:     form.Get("zone"),
		Zones:    zones,
		NewCards: form.Get("new"),
		Buttons: []views.Option{
			{Value: "four", Label: l.T("Four"), Note: l.T("Again, Hard, Good, Easy")},
			{Value: "two", Label: l.T("Two"), Note: l.T("Again, Good")},
		},
		Themes:     []views.Option{{Value: "system", Label: l.T("As the system")}, {Value: "light", Label: l.T("Light")}, {Value: "dark", Label: l.T("Dark")}},
		Confidence: []views.Option{{Value: "off", Label: l.T("Off")}, {Value: "on", Label: l.T("On")}},
		Keys:       []views.Option{{Value: "on", Label: l.T("On")}, {Value: "off", Label: l.T("Off")}},

		Problems: problems,
	}
	v.Languages = []views.Option{{Value: "auto", Label: l.T("As the browser")}}
	for _, other := range locale.Languages() {
		v.Languages = append(v.Languages, views.Option{Value: other.Tag, Label: other.Name})
	}
	check(v.Languages, form.Get("language"))
	check(v.Buttons, form.Get("buttons"))
	check(v.Themes, form.Get("theme"))
	check(v.Keys, form.Get("keys"))
	check(v.Confidence, form.Get("confidence"))
	return s.view(c, status, "settings", said("Settings"), func(_ *store.Tx, p views.Page) (templ.Component, error) {
		if c.QueryParam("saved") != "" {
			p.Flash = p.L.T("Saved.")
		}
		return views.Settings(p, v), nil
	})
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

func (s *site) readSettings(l *locale.Language, u store.User, form url.Values) (store.User, views.Problems) {
	var problems views.Problems
	refuse := func(field, text string) { problems = append(problems, views.Problem{Field: field, Text: l.T(text)}) }

	u.Settings.Zone = strings.TrimSpace(form.Get("zone"))
	if !s.knownZone(u.Settings.Zone) {
		refuse("zone", said("There is no such time zone. Write it like Europe/Berlin, or UTC."))
	}
	n, err := strconv.Atoi(strings.TrimSpace(form.Get("new")))
	if err != nil || n < 0 || n > 999 {
		refuse("new", said("Give a number between 0 and 999."))
	}
	u.NewPerDay = n
	switch buttons := form.Get("buttons"); buttons {
	case "two", "four":
		u.TwoButtons = buttons == "two"
	default:
		refuse("buttons", said("Choose four buttons or two."))
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
	switch theme := form.Get("theme"); theme {
	case "light", "dark":
		u.Theme = theme
	case "system":
		u.Theme = ""
	default:
		refuse("theme", said("Choose one of the themes."))
	}
	switch keys := form.Get("keys"); keys {
	case "on", "off":
		u.KeysOff = keys == "off"
	default:
		refuse("keys", said("Choose on or off."))
	}
	switch confidence := form.Get("confidence"); confidence {
	case "on", "off":
		u.Confidence = confidence == "on"
	case "": // an older form
	default:
		refuse("confidence", said("Choose on or off."))
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
