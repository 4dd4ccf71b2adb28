package practice

import (
	"sync"
	"sync/atomic"

	"rehearse/bank"
	"rehearse/search"
	"rehearse/store"
)

// vocabulary is all words of a catalog, read when they are first asked for.
type vocabulary struct {
	reading sync.Mutex
	words   atomic.Pointer[search.Vocabulary]
}

// read returns the words. When they cannot be read they are not kept in part: the next search tries again.
func (v *vocabulary) read(tx *store.Tx, c *store.Catalog) (*search.Vocabulary, error) {
	if words := v.words.Load(); words != nil {
		return words, nil
	}
	if err := tx.Ping(); err != nil { // who reads has a connection already, and needs none that those who wait may hold
		return nil, err
	}
	v.reading.Lock()
	defer v.reading.Unlock()
	if words := v.words.Load(); words != nil {
		return words, nil
	}
	words := search.NewVocabulary()
	for _, listed := range c.All() {
		for _, tag := range listed.Tags {
			words.Add(tag)
		}
	}
	err := tx.Bodies(c, func(l *store.Listed, b *bank.Body) {
		if l.Secret() {
			return
		}
		for _, text := range append(store.Explanations(*b), b.Title.Text, b.Stem.Text) {
			words.Add(text)
		}
	})
	if err != nil {
		return nil, err
	}
	v.words.Store(words)
	return words, nil
}
