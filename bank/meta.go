package bank

import "strings"

// readMeta reads a question's meta comment into the settings. On one line it is a YAML flow mapping without braces,
// on several lines a block mapping.
func (s *settings) readMeta(c *comment) {
	text, base := metaText(c)
	m, ok := s.file.src.Mapping("meta", text, base)
	if !ok {
		return
	}
	s.meta = m
	s.read(m, questionKeys)
}

// metaText returns the YAML of a comment, and where its first byte would stand in the file.
func metaText(c *comment) (text []byte, base int) {
	if strings.Contains(strings.TrimSpace(c.text), "\n") {
		return metaBlock(c)
	}
	return []byte("{" + c.text + "}"), c.at - 1
}

// metaBlock returns a comment of several lines as YAML. A first key that stands beside the opener is indented as
// the second one is; the offset of the text moves accordingly.
func metaBlock(c *comment) (text []byte, base int) {
	first, rest, _ := strings.Cut(c.text, "\n")
	trimmed := strings.TrimLeft(first, " \t")
	if strings.TrimSpace(first) == "" {
		return []byte(c.text), c.at
	}
	indent := 0
	for line := range strings.SplitSeq(rest, "\n") {
		if strings.TrimSpace(line) != "" {
			indent = len(line) - len(strings.TrimLeft(line, " "))
			break
		}
	}
	base = c.at + len(first) - len(trimmed) - indent
	return []byte(strings.Repeat(" ", indent) + trimmed + "\n" + rest), base
}
