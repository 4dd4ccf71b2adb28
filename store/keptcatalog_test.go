package store

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rehearse/bank"
	"rehearse/store/storetest"
)

func TestDecodeIsWhatWasEncoded(t *testing.T) {
	want := keptCatalog{
		Topics: []Topic{{ID: 1, Slug: "a", Title: "Ä", Sort: -3, Intro: bank.Rich{Text: "t", HTML: "<p>t"}, Live: true}, {}},
		Questions: []Listed{{ID: 1 << 40, Head: &bank.Head{
			ID: "q", Labels: bank.Labels{Tags: []string{}, Use: bank.Uses(), Executed: []bank.Execution{{}}, Corrected: []bank.Correction{{Date: "d"}}},
			Parts: []int{1, 2}, Block: true,
		}}, {Head: &bank.Head{}}},
	}
	data := encode(want)
	var got keptCatalog
	if err := decode(bytes.Clone(data), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-encoded +decoded):\n%s", diff)
	}
	for n := range data {
		if err := decode(bytes.Clone(data[:n]), &keptCatalog{}); err == nil {
			t.Errorf("the first %d of %d bytes can be decoded", n, len(data))
		}
	}
}

// FuzzDecode looks for data that decode does not come back from.
func FuzzDecode(f *testing.F) {
	f.Add(encode(keptCatalog{Topics: []Topic{{Slug: "a"}}, Secret: []Listed{{Head: &bank.Head{}}}}))
	f.Fuzz(func(_ *testing.T, data []byte) { _ = decode(data, &keptCatalog{}) })
}

// What is kept is read by the same program after the same load, and by nobody else.
func TestKeptCatalog(t *testing.T) {
	database := storetest.Database(t)
	with := func(program string) *Store {
		t.Helper()
		st, err := Open(t.Context(), database, Options{Program: program})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = st.Close() })
		return st
	}
	read := func(st *Store) (c *Catalog) {
		t.Helper()
		see(t, st, func(tx *Tx) (err error) { c, err = tx.Catalog("test", nil); return err })
		return c
	}
	one := with("one")
	rows := content(t, one, "q1", "q2", "q3")
	if rows.kept.Load() {
		t.Fatal("something is kept before anything was")
	}
	if err := one.KeepCatalog(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	kept := read(one)
	if !kept.kept.Load() {
		t.Error("what was kept is not read")
	}
	if diff := cmp.Diff(whole(rows), whole(kept)); diff != "" {
		t.Errorf("questions (-rows +kept):\n%s", diff)
	}
	if diff := cmp.Diff(rows.Topics, kept.Topics); diff != "" {
		t.Errorf("topics (-rows +kept):\n%s", diff)
	}
	if err := one.Close(); err != nil {
		t.Fatal(err)
	}
	two := with("two")
	if read(two).kept.Load() {
		t.Error("another program reads it")
	}
	if err := two.KeepCatalog(t.Context(), read(two)); err != nil || !read(two).kept.Load() {
		t.Errorf("what another program kept is in the way: %v", err)
	}
	do(t, two, func(tx *Tx) error { return tx.exec(`UPDATE kept_catalogs SET data = $1`, []byte{1, 2, 3}) })
	if c := read(two); c.kept.Load() || len(c.Questions) != 3 {
		t.Errorf("of a damaged row came %d questions", len(c.Questions))
	}
	if err := two.KeepCatalog(t.Context(), read(two)); err != nil {
		t.Fatal(err)
	}
	do(t, two, func(tx *Tx) error { _, _, err := tx.AddContentLoad(rows.bank); return err })
	if read(two).kept.Load() {
		t.Error("it is read after another load")
	}
	rows.kept.Store(false)
	if err := two.KeepCatalog(t.Context(), rows); err != nil || read(two).kept.Load() {
		t.Errorf("a catalog that is out of date is kept: %v", err)
	}
}

// However many bodies are asked for, a bounded number stays, and each is the one that was asked for.
func TestBodiesAreBounded(t *testing.T) {
	st, _ := newStore(t)
	c := content(t, st, "q1", "q2", "q3", "q4")
	c.bodies.most = 3 << 10 // room for one
	done := make(chan error)
	for range 4 {
		go func() {
			for i := range 400 {
				e, err := c.Whole(&c.Questions[i%4])
				if err == nil && (e.Question.ID != c.Questions[i%4].Head.ID || e.Accept == nil) {
					t.Errorf("asked for %s, got %+v", c.Questions[i%4].Head.ID, e)
				}
				if err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	there := 0
	for i := range c.bodies.whole {
		if c.bodies.whole[i].Load() != nil {
			there++
		}
	}
	if there != len(c.bodies.order) || there != 1 || c.bodies.bytes > c.bodies.most {
		t.Errorf("%d bodies are there, %d are known, of %d bytes", there, len(c.bodies.order), c.bodies.bytes)
	}
}
