package views

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/a-h/templ/parser/v2"
	"github.com/a-h/templ/parser/v2/visitor"
)

// spoken are the attributes whose value is read by or to people.
var spoken = map[string]bool{"aria-label": true, "title": true, "placeholder": true, "alt": true, "content": true}

// literal are words that are the same in every language.
var literal = map[string]bool{
	"Rehearse": true, "Space": true, "Enter": true, "a": true, "f": true, "g": true, "n": true, "m": true, "x": true, "s": true, "t": true, "q": true,
	"c": true, "i": true, "p": true, "u": true, "U": true, "S": true, "M": true, "N": true, "· Rehearse": true,
	"width=device-width, initial-scale=1": true, "light dark": true, "noindex": true,
}

func words(text string) bool {
	text = strings.TrimSpace(text)
	return !literal[text] && strings.IndexFunc(text, unicode.IsLetter) >= 0
}

// A word that stands in a component as it is would be English in every language.
func TestEveryWordCanBeTranslated(t *testing.T) {
	files, err := filepath.Glob("*.templ")
	if err != nil || len(files) == 0 {
		t.Fatalf("files %v, error %v", files, err)
	}
	for _, name := range files {
		file, err := parser.Parse(name)
		if err != nil {
			t.Fatal(err)
		}
		v := visitor.New()
		v.Text = func(n *parser.Text) error {
			if words(n.Value) {
				t.Errorf("%s:%d: %q: write say(ctx, …)", name, n.Range.From.Line+1, n.Value)
			}
			return nil
		}
		v.ConstantAttribute = func(n *parser.ConstantAttribute) error {
			if spoken[n.Key.String()] && words(n.Value) {
				t.Errorf("%s:%d: %s=%q: write say(ctx, …)", name, n.Range.From.Line+1, n.Key, n.Value)
			}
			return nil
		}
		if err := file.Visit(v); err != nil {
			t.Fatal(err)
		}
	}
}
