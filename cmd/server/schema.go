package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"rehearse/bank"
	"rehearse/markdown"
)

// schema prints the JSON Schema of one kind of YAML in a bank, or of all of them as definitions.
func schema(_ context.Context, p *program) error {
	all := bank.Schemas()
	var document any = bank.Schema{"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A bank of questions", "$defs": all}
	switch {
	case len(p.args) > 1:
		return fmt.Errorf("unexpected argument %q; give one name", p.args[1])
	case len(p.args) == 1:
		one, known := all[p.args[0]]
		if !known {
			return fmt.Errorf("there is no schema %q; choose %s", p.args[0], markdown.Either(slices.Sorted(maps.Keys(all))))
		}
		document = one
	}
	encoder := json.NewEncoder(p.stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(document)
}
