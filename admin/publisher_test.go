package admin_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rehearse/admin"
	"rehearse/bank"
	"rehearse/store"
)

// A publisher that remembers its loads leaves the same tables, says the same, and gives the same catalog as one that looks
// at everything each time: over edits that move, rename, join, break, retire and bring back. So does a desk, which lets go of what it
// has published; and so do both when somebody else has published meanwhile.
func TestRememberingChangesNothing(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 1))
			kept, fresh, lean := newAuthor(t), newAuthor(t), newAuthor(t)
			folder := fstest.MapFS{"bank.yaml": {Data: []byte("id: test\ntitle: Test\nlicense: MIT\n")}}
			reader, publisher, desk := bank.NewReader(folder), admin.NewPublisher(kept.st), admin.NewDesk(folder, lean.st, nil)
			var catalog *store.Catalog
			for step := range 20 {
				editFolder(rng, folder)
				b, _, err := reader.Read()
				if err != nil {
					t.Fatal(err)
				}
				if n := len(b.Topics); n > 0 && rng.IntN(4) == 0 {
					other := b
					other.Topics = b.Topics[:n-1]
					for _, a := range []*author{kept, fresh, lean} {
						if _, err := admin.PublishRetiring(t.Context(), a.st, other); err != nil {
							t.Fatal(err)
						}
					}
				}
				retiring := rng.IntN(3) > 0
				got, gotErr := publisher.Publish(t.Context(), b, retiring)
				want, wantErr := admin.NewPublisher(fresh.st).Publish(t.Context(), b, retiring)
				if fmt.Sprint(gotErr) != fmt.Sprint(wantErr) {
					t.Fatalf("step %d: error %v, want %v", step, gotErr, wantErr)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("step %d: the report differs (-fresh +remembering):\n%s", step, diff)
				}
				if diff := cmp.Diff(fresh.tables(), kept.tables()); diff != "" {
					t.Fatalf("step %d: the tables differ (-fresh +remembering):\n%s", step, diff)
				}
				loading := desk.Load(t.Context(), retiring)
				if loading.Err != nil || (loading.Refused == nil) != (wantErr == nil) {
					t.Fatalf("step %d: the desk says %v, %v, want %v", step, loading.Err, loading.Refused, wantErr)
				}
				if diff := cmp.Diff(want, loading.Report); diff != "" {
					t.Fatalf("step %d: the report of the desk differs (-fresh +desk):\n%s", step, diff)
				}
				if diff := cmp.Diff(fresh.tables(), lean.tables()); diff != "" {
					t.Fatalf("step %d: the tables of the desk differ (-fresh +desk):\n%s", step, diff)
				}
				if gotErr != nil && catalog == nil {
					continue
				}
				if diff := cmp.Diff(fresh.catalog(), lean.catalog(), sameCatalog); diff != "" {
					t.Fatalf("step %d: the catalog differs (-read +made with the load):\n%s", step, diff)
				}
				var full *store.Catalog
				err = kept.st.View(t.Context(), func(tx *store.Tx) (err error) {
					if catalog, err = tx.Catalog("test", catalog); err != nil {
						return err
					}
					full, err = tx.Catalog("test", nil)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				for e := range full.Everything() {
					if whole, err := full.Whole(e); err != nil || !cmp.Equal(whole.Listed(), *e) {
						t.Fatalf("step %d: %v: the body of %s is not what its head says: %+v", step, err, e.Head.ID, e)
					}
				}
				if err := kept.st.KeepCatalog(t.Context(), full); err != nil {
					t.Fatal(err)
				}
				err = kept.st.View(t.Context(), func(tx *store.Tx) error {
					again, err := tx.Catalog("test", nil)
					if diff := cmp.Diff(full, again, sameCatalog); diff != "" {
						t.Errorf("step %d: the catalog differs (-read from rows +kept):\n%s", step, diff)
					}
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(full, catalog, sameCatalog); diff != "" {
					t.Fatalf("step %d: the catalog differs (-read in full +read on):\n%s", step, diff)
				}
			}
		})
	}
}

// editFolder writes one of four files anew, with questions whose ids wander between files and names.
func editFolder(rng *rand.Rand, folder fstest.MapFS) {
	name := fmt.Sprintf("questions/topic-%c.md", 'a'+rng.IntN(4))
	if rng.IntN(6) == 0 {
		delete(folder, name)
		return
	}
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: Topic %d\n---\n\n", rng.IntN(2))
	for range rng.IntN(5) {
		n, id := rng.IntN(12), rng.IntN(12)
		alias := ""
		if rng.IntN(4) == 0 {
			alias = fmt.Sprintf(", aliases: [the-id-%d]", rng.IntN(12))
		}
		use := ""
		if rng.IntN(5) == 0 {
			use = ", use: [assessment]"
		}
		right := []string{"x ", " x"}[rng.IntN(2)]
		fmt.Fprintf(&b, "## Which one of %d?\n<!-- id: the-id-%d%s%s -->\n\n- [%c] one\n- [%c] two\n\nWhy %d.\n\n", n, id, alias, use, right[0], right[1], rng.IntN(2))
	}
	folder[name] = &fstest.MapFile{Data: []byte(b.String())}
}

// tables returns what loads write, without times.
func (a *author) tables() (rows []string) {
	a.Helper()
	for _, query := range []string{
		`SELECT 'bank', title, license, '', '', '', '', '' FROM banks`,
		`SELECT 'topic', slug, title, sort, file, live, '', '' FROM topics ORDER BY id`,
		`SELECT 'question', id, slug || ' in ' || topic_id || ' ' || file || ':' || line, revision_id, sort, labels, live, into_id || ' ' || load_id FROM questions ORDER BY id`,
		`SELECT 'revision', id, question_id, body_hash, key_hash, model, '', '' FROM revisions ORDER BY id`,
		`SELECT 'event', question_id, seq, kind, topic_id, revision_id, other, load_id FROM question_events ORDER BY question_id, seq`,
		`SELECT 'alias', slug, question_id, '', '', '', '', '' FROM aliases ORDER BY slug`,
		`SELECT 'load', id, summary, '', '', '', '', '' FROM content_loads ORDER BY id`,
	} {
		found, err := a.db.QueryContext(a.Context(), query)
		if err != nil {
			a.Fatal(err)
		}
		for found.Next() {
			var c [8]string
			if err := found.Scan(&c[0], &c[1], &c[2], &c[3], &c[4], &c[5], &c[6], &c[7]); err != nil {
				a.Fatal(err)
			}
			rows = append(rows, strings.Join(c[:], " | "))
		}
		if err := found.Err(); err != nil {
			a.Fatal(err)
		}
	}
	return rows
}

// sameCatalog compares catalogs but for the bodies that were asked for.
var sameCatalog = cmp.Options{cmp.AllowUnexported(store.Catalog{}), cmpopts.IgnoreFields(store.Catalog{}, "bodies", "kept")}
