package bank

import (
	"slices"

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

// programs returns the fenced blocks among the nodes of a prompt.
func (f *file) programs(prompt []ast.Node) []Program {
	var found []Program
	for _, n := range prompt {
		if fence, ok := n.(*ast.FencedCodeBlock); ok {
			found = append(found, Program{Language: f.doc.Language(fence), Code: f.doc.Code(fence)})
		}
	}
	return found
}

// codeAt returns the place of the first line inside a fenced block.
func (f *file) codeAt(fence *ast.FencedCodeBlock) Place {
	line, col := f.src.Position(f.doc.At(fence))
	return Place{line + 1, col}
}

// RuntimeOf returns the runtime that executes code in a language unless the question says otherwise, "" when none does.
func RuntimeOf(language string) string { return languageRuntimes[language] }

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
