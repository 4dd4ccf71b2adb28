package locale

import (
	"strconv"
	"strings"
	"time"
)

// Pattern is a form of a date; each language has its own way to write it.
type Pattern string

// The forms in which dates are written, by how they look in English.
const (
	Short     Pattern = "short"     // Sat 21 Nov
	Full      Pattern = "full"      // Saturday 21 November
	Long      Pattern = "long"      // 21 Nov 2026
	Month     Pattern = "month"     // Nov
	MonthYear Pattern = "monthyear" // November 2026
	Weekday   Pattern = "weekday"   // Sat
)

// Patterns returns all forms.
func Patterns() []Pattern { return []Pattern{Short, Full, Long, Month, MonthYear, Weekday} }

// dates is how a language writes dates. In a pattern {d} is the day, {m} and {M} the short and the long month, {w} and {W}
// the short and the long weekday, {y} the year.
type dates struct {
	Patterns      map[Pattern]string `yaml:"patterns"`
	Months        []string           `yaml:"months"` // from January
	ShortMonths   []string           `yaml:"short-months"`
	Weekdays      []string           `yaml:"weekdays"` // from Sunday
	ShortWeekdays []string           `yaml:"short-weekdays"`
}

func (d *dates) format(t time.Time, p Pattern) string {
	year, month, day := t.Date()
	b, rest := make([]byte, 0, 32), d.Patterns[p]
	for {
		before, field, found := strings.Cut(rest, "{")
		b = append(b, before...)
		if !found {
			return string(b)
		}
		field, rest, _ = strings.Cut(field, "}")
		switch field {
		case "d":
			b = strconv.AppendInt(b, int64(day), 10)
		case "m":
			b = append(b, d.ShortMonths[month-1]...)
		case "M":
			b = append(b, d.Months[month-1]...)
		case "w":
			b = append(b, d.ShortWeekdays[t.Weekday()]...)
		case "W":
			b = append(b, d.Weekdays[t.Weekday()]...)
		case "y":
			b = strconv.AppendInt(b, int64(year), 10)
		default: // a fault of the file, which tests find by it
			b = append(append(append(b, '{'), field...), '}')
		}
	}
}
