package bank

import (
	"regexp"
	"slices"

	"rehearse/markdown"
)

// key is one key of a front matter or a meta comment: how its value is read, and what the schema for editors says of it.
// Both come from the same function below, so that they cannot disagree.
type key struct {
	help string
	form Schema
	set  setter
}

// setter takes the value of a key over into the settings.
type setter func(s *settings, m markdown.Mapping, f markdown.Field)

// plainText is a key whose value is a text.
func plainText(help string, set func(*settings, string)) key {
	return key{help, textForm(), func(s *settings, m markdown.Mapping, f markdown.Field) {
		text, _ := m.Words(f)
		set(s, text)
	}}
}

// oneWord is a key whose value is one of the allowed words.
func oneWord[T ~string](help string, allowed []T, set func(*settings, T)) key {
	return key{help, Schema{"enum": texts(allowed)}, func(s *settings, m markdown.Mapping, f markdown.Field) {
		word, _ := m.OneOf(f, texts(allowed))
		set(s, T(word))
	}}
}

// someWords is a key whose value is a list of at least one of the allowed words.
func someWords[T ~string](help string, allowed []T, set func(*settings, []T)) key {
	form := Schema{"type": "array", "items": Schema{"enum": texts(allowed)}, "minItems": 1}
	return key{help, form, func(s *settings, m markdown.Mapping, f markdown.Field) {
		found, _ := m.Subset(f, texts(allowed))
		var sorted []T
		for _, w := range allowed {
			if slices.Contains(found, string(w)) {
				sorted = append(sorted, w)
			}
		}
		set(s, sorted)
	}}
}

// yesNo is a key whose value is true or false.
func yesNo(help string, set func(*settings, bool)) key {
	return key{help, Schema{"type": "boolean"}, func(s *settings, m markdown.Mapping, f markdown.Field) {
		yes, _ := m.Yes(f)
		set(s, yes)
	}}
}

// whole is a key whose value is a whole number from low to high.
func whole(help string, low, high int, set func(*settings, int)) key {
	form := Schema{"type": "integer", "minimum": low, "maximum": high}
	return key{help, form, func(s *settings, m markdown.Mapping, f markdown.Field) {
		n, _ := m.Whole(f, low, high)
		set(s, n)
	}}
}

// tokenList is a key whose value is a list of tags, roles or axes.
func tokenList(help string, set func(*settings, []string)) key {
	word := Schema{"type": []string{"string", "integer", "boolean"}, "pattern": tokenText}
	form := Schema{"type": "array", "items": word, "uniqueItems": true}
	return key{help, form, func(s *settings, m markdown.Mapping, f markdown.Field) {
		found, _ := m.ListOf(f, tokenForm(), "a word of small letters, digits and hyphens")
		set(s, found)
	}}
}

// identifier is a key whose value is an id. Set gets "" for what is none.
func identifier(help string, set func(*settings, string, markdown.Field)) key {
	return key{help, patternForm(idForm), func(s *settings, m markdown.Mapping, f markdown.Field) {
		set(s, s.readID(m, f), f)
	}}
}

// identifiers is a key whose value is a list of ids.
func identifiers(help string, set setter) key {
	return key{help, Schema{"type": "array", "items": patternForm(idForm)}, set}
}

// Numbers are read as they are written, wherever a text is.
func textForm() Schema {
	return Schema{"type": []string{"string", "number", "boolean"}, "pattern": `\S`}
}

// patternForm is a text that matches the pattern. Editors are to ask for quotes around one that looks like a number.
func patternForm(pattern *regexp.Regexp) Schema {
	return Schema{"type": "string", "pattern": pattern.String()}
}

// isQuestionKey reports whether a name is that of a key of meta comments.
func isQuestionKey(name string) bool {
	_, known := questionKeys[name]
	return known
}
