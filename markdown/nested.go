package markdown

import "go.yaml.in/yaml/v3"

// Nested returns a value that must itself be a list of keys.
func (m Mapping) Nested(f Field) (Mapping, bool) {
	if f.value.Kind != yaml.MappingNode {
		m.wrong(f.ValueAt, f, "is not a list of keys; write one \"key: value\" a line below it")
		return Mapping{}, false
	}
	return m.below(f, f.value), true
}

// NestedList returns a value that must be a list, each entry of which is a list of keys.
func (m Mapping) NestedList(f Field) ([]Mapping, bool) {
	if f.value.Kind != yaml.SequenceNode {
		m.wrong(f.ValueAt, f, "is not a list; begin each entry with \"- \"")
		return nil, false
	}
	var entries []Mapping
	for _, n := range f.value.Content {
		if n.Kind != yaml.MappingNode {
			m.wrong(f.offset(n), f, "has an entry without keys; write \"- key: value\"")
			return nil, false
		}
		entries = append(entries, m.below(f, n))
	}
	return entries, true
}

func (m Mapping) below(f Field, n *yaml.Node) Mapping {
	nested := Mapping{Prefix: m.Prefix, src: m.src}
	nested.addFields(n, f.offset)
	return nested
}

// At returns the offset of the mapping: that of its first key.
func (m Mapping) At() int {
	if len(m.Fields) == 0 {
		return 0
	}
	return m.Fields[0].At
}
