package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func TestPathAndOpenAgree(t *testing.T) {
	a := Load()
	if len(a.Names()) == 0 {
		t.Fatal("Names() is empty")
	}
	for _, name := range a.Names() {
		address := a.Path(name)
		if !regexp.MustCompile(`^/static/[0-9a-f]{12}/` + regexp.QuoteMeta(name) + `$`).MatchString(address) {
			t.Errorf("Path(%q) = %q, want /static/<hash>/%s", name, address, name)
		}
		file, gzipped, contentType, ok := a.Open(address)
		if !ok || len(file) == 0 || contentType == "" {
			t.Errorf("Open(%q) = %d bytes, type %q, %v, want a file", address, len(file), contentType, ok)
		}
		r, err := gzip.NewReader(bytes.NewReader(gzipped))
		if err != nil {
			t.Fatalf("Open(%q): %v", address, err)
		}
		if plain, err := io.ReadAll(r); err != nil || !bytes.Equal(plain, file) {
			t.Errorf("Open(%q): gzip holds %d bytes (%v), want the %d of the file", address, len(plain), err, len(file))
		}
	}
}

func TestOpenRefusesOtherAddresses(t *testing.T) {
	a := Load()
	for _, address := range []string{"", "/", "/static/", "/static/000000000000/css/app.css", "css/app.css", a.Path(AppCSS) + "x", a.Path(AppCSS) + "/../../icons/favicon.svg"} {
		if _, _, _, ok := a.Open(address); ok {
			t.Errorf("Open(%q) found a file, want none", address)
		}
	}
}

func TestPathPanicsOnUnknownName(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error(`Path("css/typo.css") did not panic`)
		}
	}()
	Load().Path("css/typo.css")
}

func TestHashIsStable(t *testing.T) {
	if a, b := Load().Path(AppCSS), Load().Path(AppCSS); a != b {
		t.Errorf("two loads gave %q and %q, want one address", a, b)
	}
}

// The first visit loads everything, so the sizes are part of what the pages promise. Only the worker and what an installed
// app needs are no part of a page: browsers ask for them once it is there, or not at all. What is in dev is for those who work
// on the program.
func TestBudgets(t *testing.T) {
	a := Load()
	sizes := map[string]int{}
	for _, name := range a.Names() {
		_, gzipped, _, _ := a.Open(a.Path(name))
		dir := name[:strings.Index(name, "/")]
		if name == "css/desk.css" {
			dir = "css of authors" // who alone load it, beside the other
		}
		sizes[dir] += len(gzipped)
	}
	for dir, budget := range map[string]int{"css": 12 << 10, "css of authors": 2 << 10, "built": 5 << 10, "js": 1 << 10, "icons": 1 << 10, "worker": 4 << 10, "install": 24 << 10, "dev": 1 << 10} {
		t.Logf("%s: %d bytes gzipped", dir, sizes[dir])
		if sizes[dir] > budget {
			t.Errorf("%s is %d bytes gzipped, want at most %d", dir, sizes[dir], budget)
		}
	}
}

func TestNothingComesFromOutside(t *testing.T) {
	a := Load()
	for _, name := range a.Names() {
		file, _, _, _ := a.Open(a.Path(name))
		text := strings.ReplaceAll(string(file), "http://www.w3.org/2000/svg", "")
		for _, bad := range []string{"http:", "https:", "@import", "url(", "innerHTML", "eval(", ".style."} {
			if strings.Contains(text, bad) {
				t.Errorf("%s contains %q", name, bad)
			}
		}
	}
}

// Only tokens.css names colours, and in both themes every text is readable on its ground.
func TestContrast(t *testing.T) {
	css, _, _, _ := Load().Open(Load().Path(AppCSS))
	tokens := readTokens(string(css))
	type pair struct {
		text, ground string
		want         float64
	}
	pairs := []pair{
		{"on-accent", "accent", 4.5},
		{"on-accent", "accent-strong", 4.5},
		{"on-mark", "good", 4.5},
		{"on-mark", "bad", 4.5},
		{"on-mark", "mixed", 4.5},
		{"good", "good-tint", 4.5},
		{"bad", "bad-tint", 4.5},
		{"mixed", "mixed-tint", 4.5},
		{"bad", "mixed-tint", 4.5},
		{"good", "mixed-tint", 4.5},
		{"accent", "accent-tint", 4.5},
		{"accent-strong", "accent-tint", 4.5},
		{"edge", "page", 3},
		{"accent", "page", 4.5},
		{"edge", "accent-tint", 3},
		{"edge", "sunk", 3},
	}
	for _, ground := range []string{"page", "sunk", "accent-tint", "good-tint", "bad-tint", "mixed-tint"} {
		pairs = append(pairs, pair{"text", ground, 7}, pair{"soft", ground, 4.5})
	}
	for _, text := range []string{"faint", "good", "bad", "mixed", "code-text", "code-keyword", "code-string", "code-number", "code-name", "code-comment"} {
		pairs = append(pairs, pair{text, "page", 4.5}, pair{text, "sunk", 4.5})
	}
	for i, theme := range []string{"light", "dark"} {
		for _, p := range pairs {
			got := contrast(t, tokens.colour(t, p.text, i), tokens.colour(t, p.ground, i))
			if got < p.want {
				t.Errorf("%s: --%s on --%s has contrast %.2f, want %.1f", theme, p.text, p.ground, got, p.want)
			}
		}
	}
}

type tokens map[string]string

func readTokens(css string) tokens {
	ts := tokens{}
	for _, m := range regexp.MustCompile(`--([a-z0-9-]+):\s*([^;}]+)`).FindAllStringSubmatch(css, -1) {
		if _, ok := ts[m[1]]; !ok {
			ts[m[1]] = m[2]
		}
	}
	return ts
}

// colour resolves a token in one theme: 0 light, 1 dark.
func (ts tokens) colour(t *testing.T, name string, theme int) string {
	t.Helper()
	value, ok := ts[name]
	if !ok {
		t.Fatalf("no token --%s", name)
	}
	if inner, ok := strings.CutPrefix(value, "light-dark("); ok {
		value = strings.TrimSpace(strings.Split(strings.TrimSuffix(inner, ")"), ", ")[theme])
	}
	if inner, ok := strings.CutPrefix(value, "var(--"); ok {
		return ts.colour(t, strings.TrimSuffix(inner, ")"), theme)
	}
	return value
}

// contrast is the ratio of WCAG 2.2, from 1 to 21.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	if len(colour) != 7 || colour[0] != '#' {
		t.Fatalf("colour %q is not #rrggbb", colour)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func TestColoursAreTokens(t *testing.T) {
	for _, name := range sheets[1:] {
		file, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`#[0-9a-fA-F]{6}\b`).FindAllString(string(file), -1) {
			t.Errorf("%s names the colour %s; use a token", name, m)
		}
	}
}
