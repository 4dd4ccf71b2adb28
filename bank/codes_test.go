package bank

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rehearse/markdown"
)

// inBytes are the codes that no archive can show: bytes_test.go plants them, beside a twin that stays silent.
var inBytes = []string{"file-encoding", "file-read", "file-size", "image-size", "question-size"}

// ofVerify are the codes of package sandbox, whose tests plant them.
var ofVerify = []string{"runtime-differs", "output-twin", "output-false", "query-setup", "query-plan"}

// ofHandbook returns the codes of package handbook, whose tests plant them.
func ofHandbook(name string) bool {
	return slices.ContainsFunc(handbookCodes.Codes, func(c Code) bool { return c.Name == name })
}

// ofTheBank are the codes about the whole bank, whose innocent twin is a bank of its own.
var ofTheBank = map[string]string{
	"bank-missing": "good-bank", "bank-yaml": "good-bank", "bank-key": "good-bank", "bank-dup": "good-bank", "bank-value": "good-bank",
	"key-leak": "key-leak-good", "coverage": "coverage-good",
}

// TestCodes walks the table of codes: each is reported somewhere in the sources, each is planted in an archive, and in
// the same archive its nearest innocent twin stays silent.
func TestCodes(t *testing.T) {
	planted := plantedCodes(t)
	reported := reportedCodes(t)
	names := map[string]bool{}
	for _, c := range allCodes() {
		if names[c.Name] {
			t.Errorf("%s is in the table twice", c.Name)
		}
		names[c.Name] = true
		if !slices.Contains(reported, c.Name) {
			t.Errorf("%s is in the table, and nothing reports it", c.Name)
		}
		if c.Means == "" || c.Remedy == "" || len(c.Why) < 20 {
			t.Errorf("%s lacks words: %+v", c.Name, c)
		}
		checkPlanted(t, c, planted[c.Name])
	}
	for _, c := range reported {
		if !names[c] {
			t.Errorf("%s is reported and not in the table", c)
		}
	}
}

func allCodes() []Code {
	var all []Code
	for _, g := range Codes() {
		all = append(all, g.Codes...)
	}
	return all
}

// planted is where a code is expected.
type planted struct {
	severities map[markdown.Severity]bool
	twin       bool // beside a file that stays silent
}

func checkPlanted(t *testing.T, c Code, p planted) {
	t.Helper()
	if slices.Contains(ofVerify, c.Name) {
		return
	}
	if ofHandbook(c.Name) {
		data, err := os.ReadFile("../handbook/read_test.go")
		if err != nil || !strings.Contains(string(data), string(c.Severity)+" "+c.Name+": ") {
			t.Errorf("the tests of handbook do not plant %s (%v)", c.Name, err)
		}
		return
	}
	if slices.Contains(inBytes, c.Name) {
		data, err := os.ReadFile("bytes_test.go")
		if err != nil || !strings.Contains(string(data), `"`+c.Name+`"`) {
			t.Errorf("bytes_test.go does not plant %s (%v)", c.Name, err)
		}
		return
	}
	if !p.severities[c.Severity] {
		t.Errorf("no archive plants %s as %s", c.Name, c.Severity)
	}
	if len(p.severities) > 1 != c.Both {
		t.Errorf("%s has the severities %v, and Both is %v", c.Name, p.severities, c.Both)
	}
	if bank := ofTheBank[c.Name]; bank != "" {
		checkGoodBank(t, bank)
	} else if !p.twin {
		t.Errorf("no archive with %s has a file that stays silent", c.Name)
	}
}

// checkGoodBank fails unless there is an archive with this name in which nothing is found.
func checkGoodBank(t *testing.T, name string) {
	t.Helper()
	paths, _ := filepath.Glob("testdata/*/" + name + ".txtar")
	if len(paths) != 1 || readArchive(t, paths[0]).files["findings"] != "" {
		t.Errorf("%s is not an archive without findings", name)
	}
}

func plantedCodes(t *testing.T) map[string]planted {
	t.Helper()
	all := map[string]planted{}
	for _, pattern := range []string{"testdata/findings/*.txtar", "testdata/review/*.txtar"} {
		paths, _ := filepath.Glob(pattern)
		for _, p := range paths {
			a := readArchive(t, p)
			twin := slices.ContainsFunc(a.names, func(name string) bool { return strings.Contains(name, "good") })
			for _, m := range regexp.MustCompile(`(?m)^\S+ (error|warning) ([a-z0-9-]+):`).FindAllStringSubmatch(a.files["findings"], -1) {
				one := all[m[2]]
				if one.severities == nil {
					one.severities = map[markdown.Severity]bool{}
				}
				one.severities[markdown.Severity(m[1])] = true
				one.twin = one.twin || twin
				all[m[2]] = one
			}
		}
	}
	return all
}

// reportedCodes returns the codes that stand in calls in the sources.
func reportedCodes(t *testing.T) []string {
	t.Helper()
	code := regexp.MustCompile(`(?:[eE]rrorf|[wW]arnf|fail|warn|warnChoice)\([^"\n]*"([a-z0-9]+(?:-[a-z]+)?)"`)
	prefixed := regexp.MustCompile(`(?:m\.Prefix|prefix)\+"-([a-z]+)"`)
	var codes []string
	literal := regexp.MustCompile(`(?:Code: |Code:   |fault\(|Fault\{)"([a-z-]+)"`)
	for _, file := range sources(t, "../sandbox") {
		for _, m := range literal.FindAllStringSubmatch(file, -1) {
			codes = append(codes, m[1])
		}
	}
	ofHandbook := regexp.MustCompile(`"((?:guide|role|plan|set|link|assessment)-[a-z]+|interview-tag)"`)
	for _, file := range sources(t, "../handbook") {
		for _, m := range ofHandbook.FindAllStringSubmatch(file, -1) {
			codes = append(codes, m[1])
		}
	}
	for _, file := range sources(t, ".", "../markdown") {
		for _, m := range code.FindAllStringSubmatch(file, -1) {
			codes = append(codes, m[1])
		}
		for _, m := range prefixed.FindAllStringSubmatch(file, -1) {
			for _, prefix := range []string{"fm", "meta", "bank"} {
				codes = append(codes, prefix+"-"+m[1])
			}
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// TestManual compares section 4 of the manual with the table, or rewrites it.
func TestManual(t *testing.T) {
	const path, from, to = "../docs/authoring.md", "<!-- codes: written by a test -->\n", "<!-- end of codes -->\n"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(data), from)
	have, after, closed := strings.Cut(rest, to)
	if !found || !closed {
		t.Fatalf("%s has no place for the codes", path)
	}
	want := manual()
	switch {
	case have == want:
	case *update:
		if err := os.WriteFile(path, []byte(before+from+want+to+after), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s differs from the table of codes; go test ./bank -run Manual -update writes it", path)
	}
}

func manual() string {
	var b strings.Builder
	for _, g := range Codes() {
		fmt.Fprintf(&b, "\n### %s\n\n| Code | | Means | Do this |\n| --- | --- | --- | --- |\n", g.Title)
		for _, c := range g.Codes {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", c.Name, c.Marks(), c.Means, c.Remedy)
		}
	}
	return b.String() + "\n"
}
