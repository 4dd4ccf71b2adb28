package static

import "testing"

func TestSqueeze(t *testing.T) {
	for css, want := range map[string]string{
		"":                              "",
		"a b > c {\n  color: red;\n}\n": "a b > c{color: red;}",
		"/* x { */\n@media (a)  {\n\n\tp :not(q) ,\n  r { margin: 0 1px } }": "@media (a){p :not(q) ,\nr{margin: 0 1px}}",
		"a{}/* one *//* two */ b{}/* never ends":                             "a{}b{}never ends",
		"a{b:c;;d:e}/**/":                                                    "a{b:c;;d:e}",
	} {
		if got := string(squeeze([]byte(css))); got != want {
			t.Errorf("squeeze(%q) = %q, want %q", css, got, want)
		}
	}
}
