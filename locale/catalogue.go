package locale

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"sync"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

//go:embed *.yaml
var files embed.FS

// catalogue is the file of one language.
type catalogue struct {
	Dates  dates                        `yaml:"dates"`
	Texts  map[string]string            `yaml:"texts"`
	Counts map[string]map[string]string `yaml:"counts"` // by the English text for many: form → text
}

var formNames = map[string]plural.Form{
	"zero": plural.Zero, "one": plural.One, "two": plural.Two, "few": plural.Few, "many": plural.Many, "other": plural.Other,
}

// read reads a catalogue.
func read(tag string) (*said, error) {
	data, err := files.ReadFile(tag + ".yaml")
	if err != nil {
		return nil, err
	}
	var c catalogue
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&c); err != nil {
		return nil, fmt.Errorf("locale %s: %w", tag, err)
	}
	l := &said{texts: c.Texts, forms: map[string]map[plural.Form]string{}, dates: c.Dates}
	for english, forms := range c.Counts {
		l.forms[english] = map[plural.Form]string{}
		for name, text := range forms {
			form, ok := formNames[name]
			if !ok {
				return nil, fmt.Errorf("locale %s: %q has a form %q", tag, english, name)
			}
			l.forms[english][form] = text
		}
	}
	return l, nil
}

// all is every language, by its name in itself.
var all = []*Language{known("en", "English"), known("de", "Deutsch")}

func known(tag, name string) *Language {
	return &Language{Tag: tag, Name: name, tag: language.MustParse(tag), said: sync.OnceValue(func() *said {
		s, err := read(tag)
		if err != nil {
			panic(err) // the files are part of the program, and a test reads them
		}
		return s
	})}
}

var matcher = sync.OnceValue(func() language.Matcher {
	var tags []language.Tag
	for _, l := range all {
		tags = append(tags, l.tag)
	}
	return language.NewMatcher(tags)
})

// Languages returns the languages of the interface, English first.
func Languages() []*Language { return all }

// English returns the language in which the interface is written.
func English() *Language { return all[0] }

// ByTag returns the language with a tag.
func ByTag(tag string) (*Language, bool) {
	for _, l := range all {
		if l.Tag == tag {
			return l, true
		}
	}
	return nil, false
}

// Match returns the language that fits an Accept-Language header best; English when none does.
func Match(accept string) *Language {
	if accept == "" || accept == "en" || len(accept) > 200 {
		return English()
	}
	matched.Lock()
	defer matched.Unlock()
	l := matched.by[accept]
	if l == nil {
		if len(matched.by) >= 1000 {
			clear(matched.by)
		}
		_, i := language.MatchStrings(matcher(), accept)
		l = all[i]
		matched.by[accept] = l
	}
	return l
}

// matched remembers what fits: browsers send few different headers, and to understand one takes as long as half a page.
var matched = struct {
	sync.Mutex
	by map[string]*Language
}{by: map[string]*Language{}}

type key struct{}

// With returns a context that carries a language to the components of a page.
func With(ctx context.Context, l *Language) context.Context { return context.WithValue(ctx, key{}, l) }

// From returns the language of a context, English without one.
func From(ctx context.Context) *Language {
	if l, ok := ctx.Value(key{}).(*Language); ok {
		return l
	}
	return English()
}
