package bank

import (
	"errors"
	"io/fs"
	"strings"

	"rehearse/markdown"
)

// manifestName is the file that gives a bank its identity.
const manifestName = "bank.yaml"

// manifestKey is a key of bank.yaml with the field that it fills.
type manifestKey struct {
	key
	field func(*Bank) *string
}

var manifestKeys = map[string]manifestKey{
	"id":      {key{help: "id of the bank, for ever: it ties progress to questions", form: patternForm(idForm)}, func(b *Bank) *string { return &b.ID }},
	"title":   {key{help: "what the bank is called", form: textForm()}, func(b *Bank) *string { return &b.Title }},
	"license": {key{help: "licence of the questions as an SPDX name", form: textForm()}, func(b *Bank) *string { return &b.License }},
}

// readManifest reads bank.yaml. A key that is missing or wrong leaves its field empty.
func readManifest(fsys fs.FS) (Bank, *markdown.Source) {
	var b Bank
	data, err := fs.ReadFile(fsys, manifestName)
	src, readable := markdown.Open(manifestName, data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		src.Errorf(0, "bank-missing", "the content folder has no bank.yaml; add one with id, title and license")
		return b, src
	case err != nil:
		src.Errorf(0, "bank-missing", "bank.yaml cannot be read (%v); make it readable", err)
		return b, src
	case !readable:
		return b, src
	}
	m, ok := src.Mapping("bank", src.Data, 0)
	if !ok {
		return b, src
	}
	for _, f := range m.Fields {
		k, known := manifestKeys[f.Key]
		if strings.HasPrefix(f.Key, "x-") {
			continue
		}
		if !known {
			m.Unknown(f, keysOf(manifestKeys))
			continue
		}
		value, ok := m.Words(f)
		if ok && f.Key == "id" && !idForm.MatchString(value) {
			src.Errorf(f.ValueAt, "id-form", idFormMessage, value)
			value = ""
		}
		*k.field(&b) = value
	}
	for _, key := range []string{"id", "title", "license"} {
		if !m.Has(key) {
			src.Errorf(0, "bank-value", "bank.yaml has no %s; add one", key)
		}
	}
	return b, src
}
