package bank

import (
	"maps"
	"regexp"
	"slices"
)

// idForm is the form of the ids of banks, topics and questions.
var idForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,62}[a-z0-9]$`)

const idFormMessage = "%q is not an id; use 3 to 64 small letters, digits and hyphens, no hyphen at either end"

// use is an id, an alias or a mention of one, with its place.
type use struct {
	name string
	at   int
}

// owner is the file and place where a name was first used.
type owner struct {
	file  *file
	at    int
	alias bool
}

// checkNames reports topics and questions that share an id, over all files. Names are dealt out in the order of the
// files: the second use is the fault. Live ids come before aliases, so that an alias never takes an id away.
func checkNames(files []*file) {
	size := 0
	for _, f := range files {
		size += len(f.ids) + len(f.aliases)
	}
	topics, names := make(map[string]*file, len(files)), make(map[string]owner, size)
	for _, f := range files {
		if first := topics[f.topic.ID]; first != nil && f.topic.ID != "" {
			f.src.Errorf(0, "file-name", "the topic id %s is taken by %s; rename the file or give another id", f.topic.ID, first.src.Path)
		} else {
			topics[f.topic.ID] = f
		}
		for _, u := range f.ids {
			f.claim(names, u, false)
		}
	}
	for _, f := range files {
		for _, u := range f.aliases {
			f.claim(names, u, true)
		}
	}
	for _, f := range files {
		for _, u := range f.related {
			if _, ok := names[u.name]; !ok {
				f.src.Errorf(u.at, "related-dangling", "no question has the id %s; correct or remove it", u.name)
			}
		}
	}
}

// claim records a name, or reports that it is taken.
func (f *file) claim(names map[string]owner, u use, alias bool) {
	first, taken := names[u.name]
	if !taken {
		names[u.name] = owner{f, u.at, alias}
		return
	}
	line, col := first.file.src.Position(first.at)
	if alias && !first.alias {
		f.src.Errorf(u.at, "alias-live", "the alias %s is the id of a question at %s:%d:%d; remove it", u.name, first.file.src.Path, line, col)
		return
	}
	f.src.Errorf(u.at, "id-dup", "%s is already used at %s:%d:%d; choose another id", u.name, first.file.src.Path, line, col)
}

// keysOf returns the keys of a table in alphabetical order.
func keysOf[V any](table map[string]V) []string {
	return slices.Sorted(maps.Keys(table))
}

// IsID reports whether a name can be the id of a bank, a topic or a question.
func IsID(name string) bool { return idForm.MatchString(name) }
