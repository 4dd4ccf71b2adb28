package bank

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"rehearse/markdown"
)

// settings is what a front matter or a meta comment says.
type settings struct {
	Labels
	file    *file
	meta    markdown.Mapping // the keys of the meta comment
	id      use
	kind    Kind // asserted by type:, or ""
	kindAt  int
	shuffle string // "", "true" or "false"
	partial bool
	cased   bool
	ordered string // as shuffle
	writes  bool
	plan    string
	draft   bool
}

// labelKeys may stand in the front matter, for all questions of the file, and in a question's meta comment.
var labelKeys = map[string]key{
	"level":      oneWord("for whom it is meant", Levels(), func(s *settings, l Level) { s.Level = l }),
	"difficulty": oneWord("how hard it is for its level", Difficulties(), func(s *settings, d Difficulty) { s.Difficulty = d }),
	"use":        someWords("in which ways it may be put to people", Uses(), func(s *settings, u []Use) { s.Use = u }),
	"tags":       tokenList("what it is about; those of the file are added", func(s *settings, t []string) { s.Tags = union(s.Tags, t) }),
	"roles":      tokenList("for which jobs it matters; those of the file are added", func(s *settings, r []string) { s.Roles = union(s.Roles, r) }),
	"axes":       tokenList("what it measures in a skill check", func(s *settings, a []string) { s.Axes = a }),
	"license":    plainText("licence as an SPDX name, such as CC-BY-4.0", func(s *settings, l string) { s.License = l }),
	"source":     plainText("where it comes from", func(s *settings, t string) { s.Source = t }),
	"draft":      yesNo("true: it is read and not shown", func(s *settings, d bool) { s.draft = d }),
}

// frontKeys may stand in the front matter.
var frontKeys = merged(labelKeys, map[string]key{
	"id": identifier("id of the topic; without it the name of the file", func(s *settings, id string, _ markdown.Field) {
		if id != "" {
			s.file.topic.ID = id
		}
	}),
	"title":       plainText("title of the topic", func(s *settings, title string) { s.file.topic.Title = markdown.Fold(title) }),
	"description": plainText("what the topic is about, in a sentence", func(s *settings, d string) { s.file.topic.Description = d }),
	"order":       whole("place of the topic among the others, lowest first", 0, 1_000_000, func(s *settings, n int) { s.file.topic.Order = n }),
	"lang": {
		"language of the questions, such as en or pt-BR", patternForm(languageTag),
		func(s *settings, m markdown.Mapping, f markdown.Field) { s.file.topic.Lang = language(m, f) },
	},
	"authors": {
		"who wrote it",
		Schema{"type": "array", "items": textForm()},
		func(_ *settings, m markdown.Mapping, f markdown.Field) { _, _ = m.List(f) },
	},
	"format": whole("version of this format", 1, 1, func(*settings, int) {}),
})

// questionKeys may stand in a meta comment.
var questionKeys = merged(labelKeys, map[string]key{
	"id": identifier("id of the question, for ever", func(s *settings, id string, f markdown.Field) {
		s.id = use{id, f.ValueAt}
	}),
	"type": {
		"kind of question, which otherwise follows from what it contains",
		Schema{"enum": texts(Kinds())},
		func(s *settings, m markdown.Mapping, f markdown.Field) {
			s.kind, s.kindAt = Kind(oneOf(m, f, Kinds())), f.At
		},
	},
	"points":  whole("weight in a quiz, 1 without it", 1, 100, func(s *settings, n int) { s.Points = n }),
	"minutes": whole("time that it takes", 1, 600, func(s *settings, n int) { s.Minutes = n }),
	"version": whole("raised to let everybody learn it anew", 1, 1_000_000, func(s *settings, n int) { s.Version = n }),
	"shuffle": {
		"false: the choices keep their order",
		Schema{"type": "boolean"},
		func(s *settings, m markdown.Mapping, f markdown.Field) {
			s.shuffle, _ = m.OneOf(f, []string{"true", "false"})
		},
	},
	"partial": yesNo("true: part of the right choices earns part of the score", func(s *settings, p bool) { s.partial = p }),
	"case": oneWord("sensitive: capitals count", []string{"sensitive", "insensitive"}, func(s *settings, c string) {
		s.cased = c == "sensitive"
	}),
	"aliases": identifiers("former ids", func(s *settings, m markdown.Mapping, f markdown.Field) {
		s.Aliases = s.mentions(m, f, &s.file.aliases)
	}),
	"related": identifiers("ids of questions that go with it", func(s *settings, m markdown.Mapping, f markdown.Field) {
		s.Related = s.mentions(m, f, &s.file.related)
	}),
	"runtimes": {
		"where the output holds",
		Schema{"type": "array", "items": Schema{"enum": runtimes}},
		func(s *settings, m markdown.Mapping, f markdown.Field) { s.Runtimes = s.readRuntimes(m, f) },
	},
	"corrected": {
		"one entry for each time that the key was wrong, such as \"2026-11-20 why\"",
		Schema{"type": "array", "items": Schema{"type": "string", "pattern": `^\d{4}-\d{2}-\d{2} +\S`}},
		func(s *settings, m markdown.Mapping, f markdown.Field) { s.Corrected = s.corrections(m, f) },
	},
	"author": plainText("who wrote it", func(s *settings, a string) { s.Author = a }),
	"ordered": {
		"SQL: whether the order of the rows counts",
		Schema{"type": "boolean"},
		func(s *settings, m markdown.Mapping, f markdown.Field) {
			s.ordered, _ = m.OneOf(f, []string{"true", "false"})
		},
	},
	"writes": yesNo("SQL: the statement may change tables", func(s *settings, w bool) { s.writes = w }),
	"plan":   oneWord("SQL: index when no table may be scanned", []string{"index"}, func(s *settings, p string) { s.plan = p }),
})

func merged(tables ...map[string]key) map[string]key {
	all := map[string]key{}
	for _, t := range tables {
		maps.Copy(all, t)
	}
	return all
}

// newSettings returns the settings of a file that says nothing.
func newSettings(f *file) settings {
	return settings{file: f, Labels: Labels{Level: "mid", Difficulty: "medium", Points: 1}}
}

// inherited returns what a question takes over from its file.
func (f *file) inherited() settings {
	s := f.front
	s.draft = false
	s.Tags, s.Roles = slices.Clone(s.Tags), slices.Clone(s.Roles)
	return s
}

// read takes over all keys of the table and reports the others. Keys that begin with x- are the author's own.
func (s *settings) read(m markdown.Mapping, table map[string]key) {
	for _, f := range m.Fields {
		k, known := table[f.Key]
		switch {
		case known:
			before := s.Labels
			k.set(s, m, f)
			s.keepDefaults(before)
		case !strings.HasPrefix(f.Key, "x-"):
			m.Unknown(f, keysOf(table))
		}
	}
}

// keepDefaults restores what a faulty value has emptied.
func (s *settings) keepDefaults(before Labels) {
	if s.Level == "" {
		s.Level = before.Level
	}
	if s.Difficulty == "" {
		s.Difficulty = before.Difficulty
	}
	s.Points = max(s.Points, 1)
}

func oneOf[T ~string](m markdown.Mapping, f markdown.Field, allowed []T) string {
	word, _ := m.OneOf(f, texts(allowed))
	return word
}

func texts[T ~string](words []T) []string {
	plain := make([]string, len(words))
	for i, w := range words {
		plain[i] = string(w)
	}
	return plain
}

const tokenText = `^[\p{Ll}\p{Lo}\p{N}][\p{Ll}\p{Lo}\p{N}.+#-]{0,63}$`

// tokenForm takes 7 ms and 4 MB to compile, which a start that reads no file does without.
var tokenForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(tokenText) })

// union returns a followed by what only b has.
func union(a, b []string) []string {
	for _, word := range b {
		if !slices.Contains(a, word) {
			a = append(a, word)
		}
	}
	return a
}

var languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

func language(m markdown.Mapping, f markdown.Field) string {
	text, ok := m.Words(f)
	if ok && !languageTag.MatchString(text) {
		m.Wrong(f, "is not a language tag; write one such as en or pt-BR")
		return ""
	}
	return text
}

func (s *settings) readID(m markdown.Mapping, f markdown.Field) string {
	id, ok := m.Words(f)
	if ok && !idForm.MatchString(id) {
		s.file.src.Errorf(f.ValueAt, "id-form", idFormMessage, id)
		return ""
	}
	return id
}

// mentions returns a list of ids and notes their places for the checks over the whole bank.
func (s *settings) mentions(m markdown.Mapping, f markdown.Field, places *[]use) []string {
	items, _ := m.List(f)
	var ids []string
	for _, it := range items {
		if !idForm.MatchString(it.Text) {
			s.file.src.Errorf(it.At, "id-form", idFormMessage, it.Text)
			continue
		}
		*places = append(*places, use{it.Text, it.At})
		ids = append(ids, it.Text)
	}
	return ids
}

// corrections returns the entries of corrected:, each a date and a reason.
func (s *settings) corrections(m markdown.Mapping, f markdown.Field) []Correction {
	items, _ := m.List(f)
	var found []Correction
	for _, it := range items {
		date, reason, _ := strings.Cut(it.Text, " ")
		if _, err := time.Parse(time.DateOnly, date); err != nil || strings.TrimSpace(reason) == "" {
			s.file.src.Errorf(it.At, "corrected-form", `%q is not a date with a reason; write "YYYY-MM-DD what was wrong"`, it.Text)
			continue
		}
		found = append(found, Correction{date, strings.TrimSpace(reason)})
	}
	return found
}
