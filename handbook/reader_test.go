package handbook

import (
	"os"
	"path/filepath"
	"testing"
)

// A folder of guides that is a link to one elsewhere is read each time: an edit in it is not missed.
func TestReaderBehindALink(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	if err := os.Symlink(elsewhere, filepath.Join(dir, "guides")); err != nil {
		t.Fatal(err)
	}
	r := NewReader(os.DirFS(dir))
	for _, word := range []string{"one", "two"} {
		text := "---\ntitle: First\ncategory: technical\nsummary: Sum.\n---\n\n## One\n\nText " + word + ".\n"
		if err := os.WriteFile(filepath.Join(elsewhere, "first-guide.md"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		book, _, err := r.Read(Known{})
		if err != nil {
			t.Fatal(err)
		}
		if got := string(book.Texts["guides/first-guide.md"]); got != text {
			t.Errorf("text = %q, want %q", got, text)
		}
	}
}
