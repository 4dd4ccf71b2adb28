package bank

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"rehearse/markdown"
)

// values are YAML values of every form that a key may want, and of forms that none wants.
var values = []string{
	"x", "abc", "quiz-1", "two words", `""`, "null", "~", "5", "0", "-1", "1.5", "100", "101", "601", "2000000", "true", "false", "yes",
	"[]", "[a]", "[a, a]", "[A]", "[1]", "[null]", "[[a]]", "[abc, -x-]", "[abc, def]", "[abc, abc]", "[quiz]", "[quiz, quiz]", "[quiz, nope]",
	"[interview, assessment]", "[sh, go]", "[sh, perl]", `["2026-11-20 why"]`, `["2026-11-20"]`, `["soon, why"]`, "{a: b}", "[{a: b}]",
	"junior", "senior", "hard", "single", "multiple", "sql", "en", "pt-BR", "e", "Not An Id", "sensitive", "index", "2026-11-20", "CC-BY-4.0",
}

// Whatever the reader takes, the schema takes, and the other way round: each key with each value.
func TestSchemasAgreeWithTheReader(t *testing.T) {
	tables := map[string]map[string]key{"front-matter": frontKeys, "question": questionKeys, "bank": {}}
	for name, k := range manifestKeys {
		tables["bank"][name] = k.key
	}
	for name, schema := range Schemas() {
		schema := plain(t, schema)
		delete(schema, "required") // one key at a time
		for _, k := range append(keysOf(tables[name]), "x-mine", "nonsense") {
			for _, v := range values {
				text := k + ": " + v + "\n"
				value := decode(t, text)
				problem := validate(schema, value)
				if _, isText := value.(map[string]any)[k].(string); k == "id" && !isText {
					continue // 100 can be an id, and editors are to want "100"
				}
				if read := readsWell(t, name, text); read != (problem == "") {
					t.Errorf("%s: %q: the reader takes it: %t; the schema says %q", name, k+": "+v, read, problem)
				}
			}
		}
	}
}

// readsWell reports whether the reader has nothing to say against a mapping of one key.
func readsWell(t *testing.T, name, text string) bool {
	t.Helper()
	if name == "bank" {
		_, src := readManifest(memory{manifestName: text})
		return !slices.ContainsFunc(src.Findings(), func(f markdown.Finding) bool { return !strings.Contains(f.Message, "bank.yaml has no") })
	}
	src, _ := markdown.Open("a.md", []byte(text))
	m, ok := src.Mapping("meta", src.Data, 0)
	s := newSettings(&file{src: src})
	table := frontKeys
	if name == "question" {
		table = questionKeys
	}
	s.read(m, table)
	return ok && len(src.Findings()) == 0
}

// The shipped questions fit the schemas, also with what must be there.
func TestShippedContentFitsTheSchemas(t *testing.T) {
	root := os.DirFS("../content")
	schemas := map[string]map[string]any{}
	for name, s := range Schemas() {
		schemas[name] = plain(t, s)
	}
	fits := func(name, where, text string) {
		if problem := validate(schemas[name], decode(t, text)); problem != "" {
			t.Errorf("%s: %s: %s", where, name, problem)
		}
	}
	manifest, err := fs.ReadFile(root, manifestName)
	if err != nil {
		t.Fatal(err)
	}
	fits("bank", manifestName, string(manifest))
	files, err := topicFiles(root)
	if err != nil {
		t.Fatal(err)
	}
	comment, questions := regexp.MustCompile(`(?s)<!--\s*(id:.*?)-->`), 0
	for _, name := range files {
		data, err := fs.ReadFile(root, name)
		if err != nil {
			t.Fatal(err)
		}
		front, _, _ := strings.Cut(strings.TrimPrefix(string(data), "---\n"), "\n---\n")
		fits("front-matter", name, front)
		for _, m := range comment.FindAllStringSubmatch(string(data), -1) {
			text := m[1]
			if !strings.Contains(strings.TrimSpace(text), "\n") {
				text = "{" + text + "}"
			}
			fits("question", name, text)
			questions++
		}
	}
	if questions < 140 {
		t.Errorf("only %d comments were checked", questions)
	}
	if validate(schemas["question"], map[string]any{"level": "mid"}) == "" || validate(schemas["bank"], map[string]any{"id": "abc"}) == "" {
		t.Error("a mapping without its id, or its title, fits")
	}
}

// memory is a folder of one level.
type memory map[string]string

func (m memory) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

func (m memory) ReadFile(name string) ([]byte, error) { return []byte(m[path.Base(name)]), nil }

// plain returns a schema as a program reads it that was given its JSON.
func plain(t *testing.T, s Schema) map[string]any {
	t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	return got
}

// decode returns YAML as JSON has it: a date is a text.
func decode(t *testing.T, text string) any {
	t.Helper()
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(text), &n); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return nodeValue(n.Content[0])
}

func nodeValue(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = nodeValue(n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := []any{}
		for _, c := range n.Content {
			list = append(list, nodeValue(c))
		}
		return list
	}
	var v any
	if tag := n.ShortTag(); tag == "!!timestamp" || n.Decode(&v) != nil {
		return n.Value
	}
	if i, ok := v.(int); ok {
		return float64(i)
	}
	return v
}

// validate returns what is wrong with a value by the part of JSON Schema that we use, "" when nothing is. A keyword that
// it does not know is wrong, too.
func validate(schema map[string]any, v any) string {
	for _, word := range slices.Sorted(maps.Keys(schema)) {
		if problem := keyword(schema, word, v); problem != "" {
			return problem
		}
	}
	return ""
}

func keyword(schema map[string]any, word string, v any) string {
	list, isList := v.([]any)
	number, isNumber := v.(float64)
	text, isText := v.(string)
	object, isObject := v.(map[string]any)
	bad := false
	switch arg := schema[word]; word {
	case "$schema", "title", "description", "patternProperties":
	case "type":
		bad = !ofType(arg, v)
	case "enum":
		bad = !slices.ContainsFunc(arg.([]any), func(one any) bool { return reflect.DeepEqual(one, v) })
	case "pattern":
		bad = isText && !regexp.MustCompile(arg.(string)).MatchString(text)
	case "minimum":
		bad = isNumber && number < arg.(float64)
	case "maximum":
		bad = isNumber && number > arg.(float64)
	case "minItems":
		bad = isList && float64(len(list)) < arg.(float64)
	case "uniqueItems":
		for i := range list {
			bad = bad || slices.ContainsFunc(list[:i], func(one any) bool { return reflect.DeepEqual(one, list[i]) })
		}
	case "items":
		for _, item := range list {
			if problem := validate(arg.(map[string]any), item); problem != "" {
				return problem
			}
		}
	case "required":
		for _, name := range arg.([]any) {
			_, has := object[name.(string)]
			bad = bad || isObject && !has
		}
	case "properties":
		for name, part := range arg.(map[string]any) {
			if value, has := object[name]; has {
				if problem := validate(part.(map[string]any), value); problem != "" {
					return name + ": " + problem
				}
			}
		}
	case "additionalProperties":
		for name := range object {
			_, known := schema["properties"].(map[string]any)[name]
			bad = bad || !known && !own(schema, name)
		}
	default:
		return "unknown keyword " + word
	}
	if bad {
		return fmt.Sprintf("%s: %v does not fit %v", word, v, schema[word])
	}
	return ""
}

// own reports whether patternProperties allow a name.
func own(schema map[string]any, name string) bool {
	for pattern := range schema["patternProperties"].(map[string]any) {
		if regexp.MustCompile(pattern).MatchString(name) {
			return true
		}
	}
	return false
}

func ofType(arg, v any) bool {
	allowed, ok := arg.([]any)
	if !ok {
		allowed = []any{arg}
	}
	is := map[string]bool{}
	switch v := v.(type) {
	case string:
		is["string"] = utf8.ValidString(v)
	case bool:
		is["boolean"] = true
	case float64:
		is["number"], is["integer"] = true, v == float64(int(v))
	case []any:
		is["array"] = true
	case map[string]any:
		is["object"] = true
	case nil:
		is["null"] = true
	}
	return slices.ContainsFunc(allowed, func(name any) bool { return is[name.(string)] })
}
