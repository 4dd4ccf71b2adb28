package views

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/a-h/templ"

	"rehearse/locale"
)

// A page in a frame that was kept is the page that is made without one.
func TestKeptFrames(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(texts ...string) string { return texts[r.IntN(len(texts))] }
	flip := func() bool { return r.IntN(2) == 0 }
	parts := new(Parts)
	for range 1000 {
		p := samplePage(pick("", "today", "settings"), pick("", hostile, "x\ue000y"))
		p.L = locale.Languages()[r.IntN(len(locale.Languages()))]
		p.Description, p.Owner = pick("", hostile), pick("", "own")
		p.Theme, p.Font, p.License, p.Sheet = pick("", "light", "dark"), pick("", "legible"), pick("", "CC BY 4.0", "<x>"), pick("", "css/desk.css")
		p.KeysOff, p.NoIndex, p.Worker, p.DueCount = flip(), flip(), flip(), r.IntN(3)
		made := func(parts *Parts) string {
			p.Parts = parts
			var b bytes.Buffer
			ctx := templ.WithChildren(locale.With(t.Context(), p.L), templ.Raw("content"))
			if err := Layout(p).Render(ctx, &b); err != nil {
				t.Fatal(err)
			}
			return b.String()
		}
		if want, got := made(nil), made(parts); got != want {
			t.Fatalf("in a frame:\n%s\nwithout:\n%s", got, want)
		}
	}
}
