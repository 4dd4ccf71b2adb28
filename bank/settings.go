package bank

import (
	"maps"
	"regexp"
	"slices"
	"strings"
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
	draft   bool
}

// setter takes one key over into the settings.
type setter func(s *settings, m markdown.Mapping, f markdown.Field)

// labelKeys may stand in the front matter, for all questions of the file, and in a question's meta comment.
var labelKeys = map[string]setter{
	"level": func(s *settings, m markdown.Mapping, f markdown.Field) {
		s.Level = Level(oneOf(m, f, Levels()))
	},
	"difficulty": func(s *settings, m markdown.Mapping, f markdown.Field) {
		s.Difficulty = Difficulty(oneOf(m, f, Difficulties()))
	},
	"use":     func(s *settings, m markdown.Mapping, f markdown.Field) { s.Use = uses(m, f) },
	"tags":    func(s *settings, m markdown.Mapping, f markdown.Field) { s.Tags = union(s.Tags, tokens(m, f)) },
	"roles":   func(s *settings, m markdown.Mapping, f markdown.Field) { s.Roles = union(s.Roles, tokens(m, f)) },
	"axes":    func(s *settings, m markdown.Mapping, f markdown.Field) { s.Axes = tokens(m, f) },
	"license": func(s *settings, m markdown.Mapping, f markdown.Field) { s.License, _ = m.Words(f) },
	"source":  func(s *settings, m markdown.Mapping, f markdown.Field) { s.Source, _ = m.Words(f) },
	"draft":   func(s *settings, m markdown.Mapping, f markdown.Field) { s.draft, _ = m.Yes(f) },
}

// frontKeys may stand in the front matter.
var frontKeys = merged(labelKeys, map[string]setter{
	"id": func(s *settings, m markdown.Mapping, f markdown.Field) {
		if id := s.readID(m, f); id != "" {
			s.file.topic.ID = id
		}
	},
	"title": func(s *settings, m markdown.Mapping, f markdown.Field) {
		title, _ := m.Words(f)
		s.file.topic.Title = markdown.Fold(title)
	},
	"description": func(s *settings, m markdown.Mapping, f markdown.Field) { s.file.topic.Description, _ = m.Words(f) },
	"order": func(s *settings, m markdown.Mapping, f markdown.Field) {
		s.file.topic.Order, _ = m.Whole(f, 0, 1_000_000)
	},
	"lang":    func(s *settings, m markdown.Mapping, f markdown.Field) { s.file.topic.Lang = language(m, f) },
	"authors": func(s *settings, m markdown.Mapping, f markdown.Field) { _, _ = m.List(f) },
	"format":  func(s *settings, m markdown.Mapping, f markdown.Field) { _, _ = m.Whole(f, 1, 1) },
})

// questionKeys may stand in a meta comment.
var questionKeys = merged(labelKeys, map[string]setter{
	"id": func(s *settings, m markdown.Mapping, f markdown.Field) {
		s.id = use{s.readID(m, f), f.ValueAt}
	},
	"type": func(s *settings, m markdown.Mapping, f markdown.Field) {
		s.kind, s.kindAt = Kind(oneOf(m, f, append(Kinds(), "sql"))), f.At
	},
	"points":  func(s *settings, m markdown.Mapping, f markdown.Field) { s.Points, _ = m.Whole(f, 1, 100) },
	"minutes": func(s *settings, m markdown.Mapping, f markdown.Field) { s.Minutes, _ = m.Whole(f, 1, 600) },
	"version": func(s *settings, m markdown.Mapping, f markdown.Field) { s.Version, _ = m.Whole(f, 1, 1_000_000) },
	"shuffle": func(s *settings, m markdown.Mapping, f markdown.Field) { s.shuffle, _ = m.OneOf(f, yesNo) },
	"partial": func(s *settings, m markdown.Mapping, f markdown.Field) { s.partial, _ = m.Yes(f) },
	"case": func(s *settings, m markdown.Mapping, f markdown.Field) {
		s.cased = oneOf(m, f, caseWords) == "sensitive"
	},
	"aliases":   func(s *settings, m markdown.Mapping, f markdown.Field) { s.Aliases = s.mentions(m, f, &s.file.aliases) },
	"related":   func(s *settings, m markdown.Mapping, f markdown.Field) { s.Related = s.mentions(m, f, &s.file.related) },
	"runtimes":  func(s *settings, m markdown.Mapping, f markdown.Field) { s.Runtimes = s.readRuntimes(m, f) },
	"corrected": func(s *settings, m markdown.Mapping, f markdown.Field) { s.Corrected = s.corrections(m, f) },
	"author":    func(s *settings, m markdown.Mapping, f markdown.Field) { s.Author, _ = m.Words(f) },
	"ordered":   func(_ *settings, m markdown.Mapping, f markdown.Field) { _, _ = m.Yes(f) },
	"writes":    func(_ *settings, m markdown.Mapping, f markdown.Field) { _, _ = m.Yes(f) },
	"plan":      func(_ *settings, m markdown.Mapping, f markdown.Field) { _, _ = m.OneOf(f, []string{"index"}) },
})

var (
	yesNo     = []string{"true", "false"}
	caseWords = []string{"sensitive", "insensitive"}
)

func merged(tables ...map[string]setter) map[string]setter {
	all := map[string]setter{}
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
func (s *settings) read(m markdown.Mapping, table map[string]setter) {
	for _, f := range m.Fields {
		set, known := table[f.Key]
		switch {
		case known:
			before := s.Labels
			set(s, m, f)
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

func uses(m markdown.Mapping, f markdown.Field) []Use {
	words, _ := m.Subset(f, texts(Uses()))
	var found []Use
	for _, u := range Uses() {
		if slices.Contains(words, string(u)) {
			found = append(found, u)
		}
	}
	return found
}

var tokenForm = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{N}][\p{Ll}\p{Lo}\p{N}.+#-]{0,63}$`)

// tokens returns a list of tags, roles or axes.
func tokens(m markdown.Mapping, f markdown.Field) []string {
	words, _ := m.ListOf(f, tokenForm, "a word of small letters, digits and hyphens")
	return words
}

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
