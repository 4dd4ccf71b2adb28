package static

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

var update = flag.Bool("update", false, "rewrite "+AppJS)

// The script of the pages is made of the modules in js: one request instead of ten, and half the bytes. Modules are what
// one writes and reads.
func TestBundleIsCurrent(t *testing.T) {
	r := api.Build(api.BuildOptions{
		EntryPoints: []string{"js/app.js"}, Bundle: true, Format: api.FormatIIFE, Target: api.ESNext,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, LineLimit: 120, LegalComments: api.LegalCommentsNone,
		Banner: map[string]string{"js": "// Made of the modules in js: go test ./static -update"},
	})
	if len(r.Errors) > 0 {
		t.Fatal(r.Errors)
	}
	want := r.OutputFiles[0].Contents
	if *update {
		if err := os.WriteFile(AppJS, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(AppJS)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what the modules in js make: go test ./static -update", AppJS)
	}
}
