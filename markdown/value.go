package markdown

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Each reader of a value reports a value of the wrong form and then returns false.

// Item is one entry of a list value.
type Item struct {
	Text string
	At   int
}

// Words returns a value that must be text. Numbers and dates are taken as they are written.
func (m Mapping) Words(f Field) (string, bool) {
	return m.scalar(f, f.value)
}

func (m Mapping) scalar(f Field, n *yaml.Node) (string, bool) {
	text := strings.TrimSpace(n.Value)
	if n.Kind != yaml.ScalarNode {
		m.wrong(f.offset(n), f, "is not a text; write one value")
		return "", false
	}
	if text == "" || n.ShortTag() == "!!null" {
		m.wrong(f.offset(n), f, "is empty; give a value or remove the key")
		return "", false
	}
	return text, true
}

// OneOf returns a value that must be one of the allowed words.
func (m Mapping) OneOf(f Field, allowed []string) (string, bool) {
	text, ok := m.Words(f)
	if !ok {
		return "", false
	}
	return m.allowed(f, Item{text, f.ValueAt}, allowed)
}

func (m Mapping) allowed(f Field, it Item, allowed []string) (string, bool) {
	if slices.Contains(allowed, it.Text) {
		return it.Text, true
	}
	m.wrong(it.At, f, "is %q; write %s", it.Text, Either(allowed))
	return "", false
}

// List returns a value that must be a list of texts.
func (m Mapping) List(f Field) ([]Item, bool) {
	if f.value.Kind != yaml.SequenceNode {
		m.wrong(f.ValueAt, f, "is not a list; write [a, b]")
		return nil, false
	}
	var items []Item
	for _, n := range f.value.Content {
		text, ok := m.scalar(f, n)
		if !ok {
			return nil, false
		}
		items = append(items, Item{text, f.offset(n)})
	}
	return items, true
}

// ListOf returns a value that must be a list without repetition, each entry of which matches the pattern.
// The form says in words what the pattern wants.
func (m Mapping) ListOf(f Field, pattern *regexp.Regexp, form string) ([]string, bool) {
	items, ok := m.List(f)
	var texts []string
	for _, it := range items {
		switch {
		case !pattern.MatchString(it.Text):
			m.wrong(it.At, f, "has the entry %q; write %s", it.Text, form)
			ok = false
		case slices.Contains(texts, it.Text):
			m.wrong(it.At, f, "has %q twice; keep one", it.Text)
			ok = false
		default:
			texts = append(texts, it.Text)
		}
	}
	return texts, ok
}

// Subset returns a value that must be a list of allowed words, at least one.
func (m Mapping) Subset(f Field, allowed []string) ([]string, bool) {
	items, ok := m.List(f)
	if ok && len(items) == 0 {
		m.wrong(f.ValueAt, f, "is empty; write at least one of %s", strings.Join(allowed, ", "))
		return nil, false
	}
	var texts []string
	for _, it := range items {
		text, fine := m.allowed(f, it, allowed)
		ok = ok && fine
		if fine && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts, ok
}

// Whole returns a value that must be a whole number from low to high.
func (m Mapping) Whole(f Field, low, high int) (int, bool) {
	n, err := strconv.Atoi(f.value.Value)
	if f.value.Kind != yaml.ScalarNode || err != nil || n < low || n > high {
		m.wrong(f.ValueAt, f, "is not a whole number from %d to %d; write one", low, high)
		return 0, false
	}
	return n, true
}

// Yes returns a value that must be true or false.
func (m Mapping) Yes(f Field) (value, ok bool) {
	text, ok := m.OneOf(f, []string{"true", "false"})
	return text == "true", ok
}

func (m Mapping) wrong(at int, f Field, format string, args ...any) {
	m.src.Errorf(at, m.Prefix+"-value", "%s "+format, append([]any{f.Key}, args...)...)
}

// Unknown reports a key that is not among the known ones, with the nearest of those.
func (m Mapping) Unknown(f Field, known []string) {
	remedy := "remove it, or begin it with x- to keep it for yourself"
	if near := Nearest(f.Key, known); near != "" {
		remedy = "did you mean " + near + "?"
	}
	m.src.Errorf(f.At, m.Prefix+"-key", "%s is not a known key; %s", f.Key, remedy)
}

// Has reports whether the mapping has a key.
func (m Mapping) Has(key string) bool {
	return slices.ContainsFunc(m.Fields, func(f Field) bool { return f.Key == key })
}

// Wrong reports a value of the wrong form.
func (m Mapping) Wrong(f Field, message string) {
	m.wrong(f.ValueAt, f, "%s", message)
}
