package bank

import (
	"errors"
	"io/fs"
	"strings"

	"rehearse/markdown"
)

// manifestName is the file that gives a bank its identity.
const manifestName = "bank.yaml"

var manifestKeys = map[string]func(*Bank) *string{
	"id":      func(b *Bank) *string { return &b.ID },
	"title":   func(b *Bank) *string { return &b.Title },
	"license": func(b *Bank) *string { return &b.License },
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
		field := manifestKeys[f.Key]
		if strings.HasPrefix(f.Key, "x-") {
			continue
		}
		if field == nil {
			m.Unknown(f, keysOf(manifestKeys))
			continue
		}
		value, ok := m.Words(f)
		if ok && f.Key == "id" && !idForm.MatchString(value) {
			src.Errorf(f.ValueAt, "id-form", idFormMessage, value)
			value = ""
		}
		*field(&b) = value
	}
	for _, key := range []string{"id", "title", "license"} {
		if !m.Has(key) {
			src.Errorf(0, "bank-value", "bank.yaml has no %s; add one", key)
		}
	}
	return b, src
}
