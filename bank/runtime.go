package bank

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"rehearse/markdown"
)

// runtimes are the programs that can execute the key of an output question.
var runtimes = []string{"node-cjs", "node-esm", "go", "sqlite", "sh"}

// languageRuntimes is the runtime that the language of a fence stands for.
var languageRuntimes = map[string]string{
	"js": "node-cjs", "javascript": "node-cjs", "cjs": "node-cjs", "mjs": "node-esm",
	"go": "go", "golang": "go", "sql": "sqlite", "sqlite": "sqlite", "sh": "sh", "shell": "sh", "bash": "sh",
}

func (s *settings) readRuntimes(m markdown.Mapping, f markdown.Field) []string {
	items, _ := m.List(f)
	var found []string
	for _, it := range items {
		if !slices.Contains(runtimes, it.Text) {
			s.file.src.Errorf(it.At, "runtime-unknown", "%q is not a known runtime; write %s", it.Text, markdown.Either(runtimes))
			continue
		}
		found = append(found, it.Text)
	}
	return found
}

// defaultRuntimes returns the runtime of the first fence in the prompt, if its language has one.
func (f *file) defaultRuntimes(prompt []ast.Node) []string {
	for _, n := range prompt {
		if fence, ok := n.(*ast.FencedCodeBlock); ok {
			if r := languageRuntimes[f.doc.Language(fence)]; r != "" {
				return []string{r}
			}
			return nil
		}
	}
	return nil
}

// readMeta reads a question's meta comment into the settings. On one line it is a YAML flow mapping without braces,
// on several lines a block mapping.
func (s *settings) readMeta(c *comment) {
	text, base := []byte("{"+c.text+"}"), c.at-1
	if strings.Contains(strings.TrimSpace(c.text), "\n") {
		text, base = metaBlock(c)
	}
	m, ok := s.file.src.Mapping("meta", text, base)
	if !ok {
		return
	}
	s.read(m, questionKeys)
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
