package bank

import "maps"

// Schema is a JSON Schema, draft 2020-12, or a part of one. It marshals with sorted keys.
type Schema map[string]any

// draft names the version of JSON Schema.
const draft = "https://json-schema.org/draft/2020-12/schema"

// Schemas returns what editors need to know of each kind of YAML in a bank: "bank" (bank.yaml), "front-matter" and
// "question" (the comment under a heading). They are made from the tables by which a bank is read.
func Schemas() map[string]Schema {
	manifest := map[string]key{}
	for name, k := range manifestKeys {
		manifest[name] = k.key
	}
	return map[string]Schema{
		"bank":         mappingSchema("bank.yaml: what a bank is called", manifest, "id", "title", "license"),
		"front-matter": mappingSchema("The front matter of a topic", frontKeys),
		"question":     mappingSchema("The comment under the heading of a question", questionKeys, "id"),
	}
}

// mappingSchema describes a mapping. Keys that begin with x- are the author's own.
func mappingSchema(title string, table map[string]key, required ...string) Schema {
	properties := Schema{}
	for name, k := range table {
		form := maps.Clone(k.form)
		form["description"] = k.help
		properties[name] = form
	}
	s := Schema{
		"$schema": draft, "title": title, "type": "object", "properties": properties,
		"patternProperties": Schema{"^x-": Schema{}}, "additionalProperties": false,
	}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}
