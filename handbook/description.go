package handbook

import (
	"fmt"
	"strings"
)

// Description returns a role as a job description in Markdown, in the language of the handbook. Name gives the words for
// a skill.
func (r Role) Description(name func(skill string) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n", r.Title, r.Summary)
	if r.CharterText != "" {
		fmt.Fprintf(&b, "\n%s\n", r.CharterText)
	}
	bullets(&b, "## What you own", r.Owns)
	bullets(&b, "## What you share", r.Shares)
	bullets(&b, "## What you hand over", r.HandsOver)
	var skills []string
	for _, s := range r.Skills {
		skills = append(skills, name(s.ID)+": "+s.Level)
	}
	bullets(&b, "## Skills and levels", skills)
	for i, rung := range r.Ladder {
		if i == 0 {
			b.WriteString("\n## Levels\n")
		}
		bullets(&b, "### "+strings.ToUpper(rung.Level[:1])+rung.Level[1:], rung.Expected)
	}
	return b.String()
}

// bullets writes a heading with its points, or nothing without any.
func bullets(b *strings.Builder, heading string, points []string) {
	if len(points) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n\n", heading)
	for _, p := range points {
		fmt.Fprintf(b, "- %s\n", p)
	}
}
