package views

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rehearse/locale"
)

var update = flag.Bool("update", false, "write the golden pages anew")

// The question page is written by hand: it is what was agreed on, byte by byte.
func TestQuestionPageIsTheGoldenPage(t *testing.T) {
	t.Cleanup(func() { sampleParts = nil })
	for _, l := range locale.Languages() {
		golden := "testdata/question." + l.Tag + ".html"
		for _, parts := range []*Parts{nil, new(Parts)} {
			sampleParts = parts
			for range 2 { // the second one from memory
				var b bytes.Buffer
				if err := questionPage().Render(locale.With(t.Context(), l), &b); err != nil {
					t.Fatal(err)
				}
				if *update {
					if err := os.WriteFile(golden, b.Bytes(), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), b.String()); diff != "" {
					t.Errorf("%s (-golden +rendered):\n%s", golden, diff)
				}
			}
		}
	}
}
