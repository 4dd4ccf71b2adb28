package markdown

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// maxYAML is the longest YAML text that is parsed, in bytes.
const maxYAML = 64 << 10

// maxYAMLDepth is how deep flow collections may be nested.
const maxYAMLDepth = 12

// Mapping is the keys of a YAML mapping in the order of the file. Its findings begin with Prefix: fm-key, meta-value.
type Mapping struct {
	Fields []Field
	Prefix string
	src    *Source
}

// Field is one key with its value.
type Field struct {
	Key     string
	At      int // offset of the key
	ValueAt int // offset of the value
	value   *yaml.Node
	offset  func(*yaml.Node) int
}

var yamlLine = regexp.MustCompile(`line (\d+): `)

// Mapping reads YAML whose first byte stands at offset base of the file. Repeated keys, anchors and aliases are
// errors. It returns false when the text is not a mapping.
func (s *Source) Mapping(prefix string, text []byte, base int) (Mapping, bool) {
	m := Mapping{Prefix: prefix, src: s}
	if len(text) > maxYAML || nestedFlow(text) {
		s.Errorf(base, prefix+"-yaml", "the YAML is too long or too deeply nested; keep it to a flat list of keys")
		return m, false
	}
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		at, message := yamlFault(text, err)
		s.Errorf(base+at, prefix+"-yaml", "the YAML cannot be read (%s); quote values that contain : # [ ] { } or quotes", message)
		return m, false
	}
	if len(root.Content) == 0 {
		return m, true
	}
	top, offset := root.Content[0], offsets(text, base)
	if top.Kind != yaml.MappingNode {
		s.Errorf(offset(top), prefix+"-yaml", "the YAML is not a list of keys; write one \"key: value\" a line")
		return m, false
	}
	if n := findAlias(top); n != nil {
		s.Errorf(offset(n), prefix+"-yaml", "anchors, aliases and tags are not allowed; write the value out")
		return m, false
	}
	m.addFields(top, offset)
	return m, true
}

func (m *Mapping) addFields(top *yaml.Node, offset func(*yaml.Node) int) {
	seen := map[string]bool{}
	for i := 0; i+1 < len(top.Content); i += 2 {
		key, value := top.Content[i], top.Content[i+1]
		f := Field{Key: key.Value, At: offset(key), ValueAt: offset(value), value: value, offset: offset}
		if key.Kind != yaml.ScalarNode {
			m.src.Errorf(f.At, m.Prefix+"-yaml", "a key must be a word; write \"key: value\"")
			continue
		}
		if seen[f.Key] {
			m.src.Errorf(f.At, m.Prefix+"-dup", "%s is given twice; keep one", f.Key)
			continue
		}
		seen[f.Key] = true
		m.Fields = append(m.Fields, f)
	}
}

// offsets returns a function from a node to its offset in the file. YAML counts columns in characters.
func offsets(text []byte, base int) func(*yaml.Node) int {
	starts := lineStarts(text)
	return func(n *yaml.Node) int {
		if n.Line < 1 || n.Line > len(starts) {
			return base
		}
		at := starts[n.Line-1]
		for i := 1; i < n.Column && at < len(text); i++ {
			_, size := utf8.DecodeRune(text[at:])
			at += size
		}
		return base + at
	}
}

// yamlFault returns where the parser gave up and what it said, without its prefix.
func yamlFault(text []byte, err error) (at int, message string) {
	message = strings.TrimPrefix(err.Error(), "yaml: ")
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		message = strings.Replace(message, m[0], "", 1)
		starts := lineStarts(text)
		if n, err := strconv.Atoi(m[1]); err == nil && n >= 1 && n <= len(starts) {
			at = starts[n-1]
		}
	}
	return at, message
}

// nestedFlow reports whether brackets are opened deeper than a human would.
func nestedFlow(text []byte) bool {
	depth := 0
	for _, b := range text {
		switch b {
		case '[', '{':
			if depth++; depth > maxYAMLDepth {
				return true
			}
		case ']', '}':
			depth--
		}
	}
	return false
}

// findAlias returns the first node that is an alias or carries an anchor or a tag of its own.
func findAlias(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode || n.Anchor != "" || n.Style&yaml.TaggedStyle != 0 {
		return n
	}
	for _, c := range n.Content {
		if found := findAlias(c); found != nil {
			return found
		}
	}
	return nil
}
