package bank

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

const (
	testFront   = "---\ntitle: Topic\n---\n\n"
	testChoices = "- [x] one\n  > Yes.\n- [ ] two\n  > No.\n"
)

// withFile returns a bank of one file.
func withFile(data string) fstest.MapFS {
	return fstest.MapFS{
		manifestName:       {Data: []byte("id: test-bank\ntitle: Test\nlicense: MIT\n")},
		"questions/one.md": {Data: []byte(data)},
	}
}

func question(body string) string {
	return "## Which?\n<!-- id: the-id -->\n\n" + body + "\n" + testChoices
}

// TestBytes is for what cannot be written down in an archive.
func TestBytes(t *testing.T) {
	good := testFront + question("")
	long := strings.Repeat("word ", 14_000)
	tests := []struct {
		name, data, at, code string // code "" wants silence
	}{
		{"latin 1", testFront + question("caf\xe9"), "8:4", "file-encoding"},
		{"NUL", "---\ntitle: \x00\n---\n", "2:8", "file-encoding"},
		{"lone CR", testFront + question("a\rb"), "8:2", "file-encoding"},
		{"C1 control", testFront + question("a\u0085"), "8:2", "file-encoding"},
		{"reserved mark", testFront + question("\uE000"), "8:1", "file-encoding"},
		{"CRLF", strings.ReplaceAll(good, "\n", "\r\n"), "", ""},
		{"BOM", "\uFEFF" + good, "", ""},
		{"BOM elsewhere", testFront + question("a\uFEFF"), "8:2", "file-invisible"},
		{"tab and emoji", testFront + question("a\tb 👍"), "", ""},
		{"large file", testFront + strings.Repeat(" ", 2<<20), "1:1", "file-size"},
		{"large question", testFront + "## First\n<!-- id: first-one -->\n\n" + testChoices + "\n" + question(long), "13:1", "question-size"},
		{"largest question", testFront + question(strings.TrimSpace(long[:64<<10-200])), "", ""},
		{"large because a fence is open", testFront + question("```js\n"+strings.Repeat("f()\n", 20_000)), "8:1", "fence-open"},
		{"large HTML", testFront + question(strings.Repeat(strings.Repeat("|", 19)+"\n"+strings.Repeat("|-", 18)+"|\n"+
			strings.Repeat("|a\n", 50)+"\n", 120)), "5:1", "question-size"},
		{"unclosed front matter with BOM", "\uFEFF---\ntitle: T\n", "1:1", "fm-open"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, findings, err := Read(withFile(test.data))
			if err != nil {
				t.Fatal(err)
			}
			got := lines(findings)
			if test.code == "" && got != "" || !strings.HasPrefix(got, prefixOf(test.at, test.code)) || strings.Count(got, "\n") > 1 {
				t.Errorf("findings:\n%swant %s %s", got, test.at, test.code)
			}
		})
	}
}

// prefixOf returns how a finding in the test's file begins.
func prefixOf(at, code string) string {
	if code == "" || at == "" {
		return ""
	}
	severity := "error"
	if code == "file-invisible" {
		severity = "warning"
	}
	return "questions/one.md:" + at + ": " + severity + " " + code + ":"
}

func TestImageSize(t *testing.T) {
	folder := withFile(testFront + question("![a chart](chart.png)"))
	for size, code := range map[int]string{2<<20 - 1: "", 2 << 20: "image-size"} {
		folder["questions/chart.png"] = &fstest.MapFile{Data: make([]byte, size)}
		_, findings, err := Read(folder)
		got := lines(findings)
		if err != nil || !strings.HasPrefix(got, prefixOf("8:1", code)) || code == "" && got != "" {
			t.Errorf("an image of %d bytes: %s %v, want %q", size, got, err, code)
		}
	}
}

// unreadable is a folder one file of which cannot be opened.
type unreadable struct {
	fstest.MapFS
	name string
}

func (u unreadable) ReadFile(name string) ([]byte, error) {
	if name == u.name {
		return nil, errors.New("permission denied")
	}
	return fs.ReadFile(u.MapFS, name)
}

func TestUnreadable(t *testing.T) {
	folder := withFile(testFront + question(""))
	for name, code := range map[string]string{manifestName: "bank-missing", "questions/one.md": "file-read"} {
		b, findings, err := Read(unreadable{folder, name})
		if err != nil || len(findings) != 1 || findings[0].Code != code {
			t.Errorf("%s cannot be opened: %v %v, want %s", name, findings, err, code)
		}
		if code == "file-read" && len(b.Broken) != 1 {
			t.Errorf("Broken = %v, want the file", b.Broken)
		}
	}
}
