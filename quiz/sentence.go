package quiz

import "fmt"

// Sentence is something to be told to a candidate. It is written in English; whoever shows it may say it in another
// language.
type Sentence struct {
	Format string // with the verbs of package fmt
	Args   []any
}

// sentence writes a sentence.
func sentence(format string, args ...any) Sentence { return Sentence{format, args} }

// String returns the sentence in English, "" for none.
func (s Sentence) String() string { return fmt.Sprintf(s.Format, s.Args...) }
