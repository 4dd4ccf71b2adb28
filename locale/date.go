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

func (d dates) format(t time.Time, p Pattern) string {
	return strings.NewReplacer(
		"{d}", strconv.Itoa(t.Day()),
		"{m}", d.ShortMonths[t.Month()-1],
		"{M}", d.Months[t.Month()-1],
		"{w}", d.ShortWeekdays[t.Weekday()],
		"{W}", d.Weekdays[t.Weekday()],
		"{y}", strconv.Itoa(t.Year()),
	).Replace(d.Patterns[p])
}
