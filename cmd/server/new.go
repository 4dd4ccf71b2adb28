package main

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rehearse/bank"
	"rehearse/markdown"
)

// skeletons holds a file for each kind of question, and topic.md. $ID and $TITLE stand for what differs.
//
//go:embed skeletons
var skeletons embed.FS

// create writes the skeleton of a topic or a question: server new topic DIR NAME, server new question FILE [KIND].
func create(_ context.Context, p *program) error {
	const usage = "say \"new topic DIR NAME\" or \"new question FILE [KIND]\""
	if len(p.args) == 0 {
		return errors.New(usage)
	}
	switch what, args := p.args[0], p.args[1:]; {
	case what == "topic" && len(args) == 2:
		return newTopic(p, args[0], args[1])
	case what == "question" && len(args) == 1:
		return newQuestion(p, args[0], bank.Single)
	case what == "question" && len(args) == 2:
		return newQuestion(p, args[0], bank.Kind(args[1]))
	}
	return errors.New(usage)
}

// newTopic writes a topic with one question, and bank.yaml when the folder has none.
func newTopic(p *program, dir, name string) error {
	name = strings.TrimSuffix(name, ".md")
	if !bank.IsID(name) {
		return fmt.Errorf("%q cannot be the name of a topic; use 3 to 64 small letters, digits and hyphens", name)
	}
	if taken, err := idsBelow(dir); err != nil {
		return err
	} else if taken[name] {
		return fmt.Errorf("the folder has a topic %s already", name)
	}
	manifest := filepath.Join(dir, "bank.yaml")
	if _, err := os.Stat(manifest); errors.Is(err, fs.ErrNotExist) {
		if err := createFile(p, manifest, newManifest(dir)); err != nil {
			return err
		}
	}
	text, err := skeleton("topic", name)
	if err != nil {
		return err
	}
	question, err := skeleton(string(bank.Single), name+"-first")
	if err != nil {
		return err
	}
	return createFile(p, filepath.Join(dir, "questions", name+".md"), text+"\n"+question)
}

// newManifest returns a bank.yaml that is named for its folder.
func newManifest(dir string) string {
	name := "my-questions"
	if abs, err := filepath.Abs(dir); err == nil && bank.IsID(strings.ToLower(filepath.Base(abs))) {
		name = strings.ToLower(filepath.Base(abs))
	}
	return fmt.Sprintf("id: %s\ntitle: %s\nlicense: CC-BY-4.0\n", name, titleOf(name))
}

// createFile writes a file that must not be there yet, and says so.
func createFile(p *program, name, text string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already; it was not changed", name)
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Close()); err == nil {
		fmt.Fprintln(p.stdout, name)
	}
	return err
}

// newQuestion appends a question to a topic file. What the file holds stays as it is.
func newQuestion(p *program, name string, kind bank.Kind) error {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no file %s; server new topic makes one", name)
	}
	if err != nil {
		return err
	}
	if !slices.Contains(bank.Kinds(), kind) {
		return fmt.Errorf("%q is no kind of question; choose %s", kind, markdown.Either(kindNames()))
	}
	taken, err := idsBelow(bankFolder(name))
	if err != nil {
		return err
	}
	question, err := skeleton(string(kind), freeID(strings.TrimSuffix(filepath.Base(name), ".md"), kind, taken))
	if err != nil {
		return err
	}
	gap := "\n\n"[:2-min(2, len(text)-len(bytes.TrimRight(text, "\n")))]
	line := bytes.Count(text, []byte("\n")) + len(gap) + 1
	if bytes.Contains(text, []byte("\r\n")) {
		gap, question = strings.ReplaceAll(gap, "\n", "\r\n"), strings.ReplaceAll(question, "\n", "\r\n")
	}
	if err := appendFile(name, gap+question); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s:%d\n", name, line)
	return nil
}

func appendFile(name, text string) error {
	f, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

func kindNames() []string {
	var names []string
	for _, k := range bank.Kinds() {
		names = append(names, string(k))
	}
	return names
}

// bankFolder returns the content folder that a topic file belongs to: the nearest one above it with a bank.yaml.
func bankFolder(name string) string {
	start, err := filepath.Abs(filepath.Dir(name))
	if err != nil {
		return filepath.Dir(name)
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "bank.yaml")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return start
		}
	}
}

// idsBelow returns the ids of the topics and questions of a content folder; none when it does not exist.
func idsBelow(dir string) (map[string]bool, error) {
	taken := map[string]bool{}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return taken, nil
	}
	b, _, err := bank.Read(os.DirFS(dir))
	if err != nil {
		return nil, err
	}
	for _, f := range b.Broken {
		taken[f.Topic] = true
		for _, id := range f.Questions {
			taken[id] = true
		}
	}
	for _, t := range b.Topics {
		taken[t.ID] = true
		for _, q := range t.Questions {
			taken[q.ID] = true
			for _, alias := range q.Aliases {
				taken[alias] = true
			}
		}
	}
	return taken, nil
}

// freeID returns an id that no question has: the topic, the kind, and a number when that is taken.
func freeID(topic string, kind bank.Kind, taken map[string]bool) string {
	const room = 40 // characters of the topic: the whole must be an id
	if !bank.IsID(topic) {
		topic = "question"
	}
	stem := strings.TrimRight(topic[:min(room, len(topic))], "-") + "-" + string(kind)
	for n := 1; ; n++ {
		if id := fmt.Sprintf("%s-%d", stem, n); !taken[id] {
			return id
		}
	}
}

// skeleton returns the text of a skeleton with its id.
func skeleton(name, id string) (string, error) {
	text, err := skeletons.ReadFile("skeletons/" + name + ".md")
	if err != nil {
		return "", err
	}
	return strings.NewReplacer("$ID", id, "$TITLE", titleOf(id)).Replace(string(text)), nil
}

// titleOf turns an id into a title.
func titleOf(id string) string {
	words := strings.ReplaceAll(id, "-", " ")
	first, size := utf8.DecodeRuneInString(words)
	return string(unicode.ToUpper(first)) + words[size:]
}
