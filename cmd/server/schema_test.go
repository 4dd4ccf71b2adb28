package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestSchemaPrintsOneOrAll(t *testing.T) {
	_, all, _ := runCommand(t, "schema")
	var document struct {
		Defs map[string]json.RawMessage `json:"$defs"`
	}
	if err := json.Unmarshal([]byte(all), &document); err != nil || len(document.Defs) != 3 {
		t.Fatalf("schema prints %d definitions: %v\n%s", len(document.Defs), err, all)
	}
	for name := range document.Defs {
		code, out, _ := runCommand(t, "schema", name)
		if code != exitDone || !json.Valid([]byte(out)) || !strings.Contains(out, `"$schema": "https://json-schema.org/draft/2020-12/schema"`) {
			t.Errorf("schema %s: code %d\n%s", name, code, out)
		}
	}
	if code, _, errs := runCommand(t, "schema", "bnak"); code != exitCannot || !strings.Contains(errs, "choose bank, front-matter or question") {
		t.Errorf("schema bnak: code %d, %q", code, errs)
	}
}
