package bank

import (
	"io/fs"
	"time"

	"rehearse/markdown"
)

// Lint reads a bank as Read does and also reviews it: the findings of the review are warnings about the craft of its
// questions and about the bank as a whole, which keep nothing from being used. Files with errors are not reviewed, nor
// are drafts. Statements that age are judged by the day given.
func Lint(fsys fs.FS, today time.Time) (Bank, []markdown.Finding, error) {
	return NewReader(fsys).Lint(today)
}

// Lint reads and reviews the bank as the function Lint does. All of it is reviewed each time.
func (r *Reader) Lint(today time.Time) (Bank, []markdown.Finding, error) {
	b, found, err := r.readBank()
	if err != nil {
		return b, nil, err
	}
	v := review{today: today, manifest: found.manifest}
	for _, f := range found.files {
		if f.src.Broken() || f.draft {
			continue
		}
		v.files = append(v.files, f)
		for i := range f.asked {
			if q := &f.asked[i]; !q.draft {
				v.questions = append(v.questions, reviewed{q, f})
			}
		}
	}
	v.all()
	return b, found.findings(), nil
}

// review is one look at a whole bank.
type review struct {
	today     time.Time
	manifest  *markdown.Source // takes the findings that are about no file
	files     []*file
	questions []reviewed
}

// reviewed is a question with its file.
type reviewed struct {
	*asked
	file *file
}

func (q reviewed) warn(code, format string, args ...any) {
	q.file.src.Warnf(q.at, code, format, args...)
}

// warnChoice warns of the choice with this index.
func (q reviewed) warnChoice(i int, code, format string, args ...any) {
	q.file.src.Warnf(q.choices[i], code, format, args...)
}

// prompt returns the whole stem as text, the heading included.
func (q reviewed) prompt() string { return q.Title.Text + "\n" + q.Stem.Text }

func (v *review) all() {
	v.repeated()
	v.keyLeak()
	v.giveAways()
	v.claims()
	v.coverage()
	v.tags()
	for _, q := range v.questions {
		q.checkAbove()
		q.checkVersion()
	}
}

// checkAbove warns of choices about the other choices. One in the wrong place is told so first.
func (q reviewed) checkAbove() {
	for i, c := range q.Choices {
		if c.Last && i == len(q.Choices)-1 {
			q.warnChoice(i, "choice-above", "%q lets people infer the answer; write a choice of its own, or ask for several", c.Text.Text)
		}
	}
}
