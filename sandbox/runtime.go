package sandbox

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"rehearse/bank"
)

// The limits of one run. Time is wall-clock time; compiling is not part of it.
const (
	runTime      = 10 * time.Second
	compileTime  = 2 * time.Minute
	maxPrinted   = 1 << 20  // bytes on each of stdout and stderr
	maxMemory    = 2 << 20  // KiB of data that one process may hold; 1 GiB is too little for a worker of Node 24
	maxFile      = 16 << 20 // bytes in one file
	maxProcesses = 64
)

// Runtime is one program on this machine that can execute keys.
type Runtime struct {
	Name    string // as in bank.Labels.Runtimes
	Version string // such as 24.21.0
	run     func(ctx context.Context, q bank.Question) (Printed, error)
}

// Printed is what a program did.
type Printed struct {
	Text    string // what it wrote to stdout
	Errors  string // what it wrote to stderr
	Status  string // why it ended, "" when it ended well
	Stopped bool   // it broke a limit
}

// FindRuntimes returns the runtimes of this machine. Node is taken from the paths in nodes, which may be several lines of
// it, or from PATH when there are none; a path that was given and does not run is an error. What is not on the machine is
// left out. SQLite is part of this program.
func FindRuntimes(ctx context.Context, nodes []string) ([]Runtime, error) {
	given := len(nodes) > 0
	if path, err := exec.LookPath("node"); !given && err == nil {
		nodes = []string{path}
	}
	var found []Runtime
	for _, name := range nodes {
		path, version, err := findNode(ctx, name)
		if err != nil && given {
			return nil, err
		}
		if err == nil {
			found = append(found, nodeRuntime("node-cjs", version, path, "program.cjs"), nodeRuntime("node-esm", version, path, "program.mjs"))
		}
	}
	if r, ok := goRuntime(ctx); ok {
		found = append(found, r)
	}
	if path, err := exec.LookPath("sh"); err == nil {
		found = append(found, shRuntime(path))
	}
	found = append(found, sqliteRuntime())
	slices.SortStableFunc(found, func(a, b Runtime) int { return cmp.Compare(a.line(), b.line()) })
	return found, nil
}

// line returns the release line of a runtime, within which keys should not change: 24 of Node 24.21.0, 26 of Go 1.26.8,
// 0 where versions play no part.
func (r Runtime) line() int { return Line(r.Name, r.Version) }

// Line returns the release line that a version of a runtime belongs to.
func Line(name, version string) int {
	if name == "go" {
		version = strings.TrimPrefix(version, "1.")
	}
	major, _, _ := strings.Cut(version, ".")
	n, err := strconv.Atoi(major)
	if err != nil || name != "go" && !isNode(name) {
		return 0
	}
	return n
}

func isNode(name string) bool { return name == "node-cjs" || name == "node-esm" }

// findNode returns the absolute path of a Node binary, since programs run in a folder of their own, and its version.
func findNode(ctx context.Context, name string) (path, version string, err error) {
	ctx, cancel := context.WithTimeout(ctx, runTime)
	defer cancel()
	if path, err = exec.LookPath(name); err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		return "", "", fmt.Errorf("node: %w", err)
	}
	out, err := exec.CommandContext(ctx, path, "--version").Output()
	version = strings.TrimPrefix(strings.TrimSpace(string(out)), "v")
	if err == nil && Line("node-cjs", version) == 0 {
		err = fmt.Errorf("its version is %q", version)
	}
	if err != nil {
		return "", "", fmt.Errorf("node %s: %w", path, err)
	}
	return path, version, nil
}

// nodeRuntime runs a program from a file whose name says which kind of module it is.
func nodeRuntime(name, version, path, file string) Runtime {
	return Runtime{Name: name, Version: version, run: func(ctx context.Context, q bank.Question) (Printed, error) {
		return inFolder(map[string]string{file: program(q, name)}, func(dir string) (Printed, error) {
			return confined(ctx, dir, path, file)
		})
	}}
}

// shRuntime is known by the shell that stands behind the name sh: it has no version of its own.
func shRuntime(path string) Runtime {
	version := "sh"
	if real, err := filepath.EvalSymlinks(path); err == nil {
		version = filepath.Base(real)
	}
	return Runtime{Name: "sh", Version: version, run: func(ctx context.Context, q bank.Question) (Printed, error) {
		return inFolder(map[string]string{"program.sh": program(q, "sh")}, func(dir string) (Printed, error) {
			return confined(ctx, dir, path, "program.sh")
		})
	}}
}

// goRuntime is the Go tool of this machine. It compiles with its own cache and outside of the limits of a run: without
// cgo and without a network, compiling executes nothing of the program.
func goRuntime(ctx context.Context) (Runtime, bool) {
	path, err := exec.LookPath("go")
	if err != nil {
		return Runtime{}, false
	}
	cmd := exec.CommandContext(ctx, path, "env", "GOVERSION", "GOCACHE")
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN=local")
	out, err := cmd.Output()
	facts := strings.Fields(string(out))
	if err != nil || len(facts) != 2 {
		return Runtime{}, false
	}
	version, cache := strings.TrimPrefix(facts[0], "go"), facts[1]
	run := func(ctx context.Context, q bank.Question) (Printed, error) {
		// The language is that of the line which the question names: the meaning of a program may hang on it.
		language := Line("go", version)
		if named := linesNamed(q, "go"); !named.empty() {
			language = min(language, named.highest())
		}
		files := map[string]string{"program.go": program(q, "go"), "go.mod": fmt.Sprintf("module program\n\ngo 1.%d\n", language)}
		return inFolder(files, func(dir string) (Printed, error) {
			if refused, err := compileGo(ctx, path, cache, dir); err != nil || refused.Status != "" {
				return refused, err
			}
			return confined(ctx, dir, filepath.Join(dir, "program"))
		})
	}
	return Runtime{Name: "go", Version: version, run: run}, true
}

// compileGo makes dir/program. A program that does not compile is refused with what the compiler said.
func compileGo(ctx context.Context, path, cache, dir string) (Printed, error) {
	ctx, cancel := context.WithTimeout(ctx, compileTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "build", "-o", "program", ".")
	cmd.Dir = dir
	cmd.Env = append(environment(dir), "TMPDIR="+os.TempDir(), "GOCACHE="+cache, "GOPATH="+filepath.Join(dir, "gopath"), "GOENV=off", "GOFLAGS=", "GOPROXY=off",
		"GOTOOLCHAIN=local", "GOWORK=off", "GOTELEMETRY=off", "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if _, failed := err.(*exec.ExitError); failed && ctx.Err() == nil {
		return Printed{Errors: string(out), Status: "does not compile"}, nil
	}
	if err != nil {
		return Printed{}, fmt.Errorf("go build: %w", err)
	}
	return Printed{}, nil
}

// inFolder calls fn with a temporary folder that holds the files.
func inFolder(files map[string]string, fn func(dir string) (Printed, error)) (p Printed, err error) {
	dir, err := os.MkdirTemp("", "rehearse-verify-")
	if err != nil {
		return Printed{}, err
	}
	defer os.RemoveAll(dir)
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return Printed{}, err
		}
	}
	return fn(dir)
}

// program returns the code of a question that a runtime executes: the first block of the prompt in a language of that
// runtime, for SQLite all such blocks. "" means that there is none.
func program(q bank.Question, runtime string) string {
	var code strings.Builder
	for _, p := range q.Script.Programs {
		if !runs(runtime, p.Language) {
			continue
		}
		code.WriteString(p.Code)
		if runtime != "sqlite" {
			break
		}
	}
	return code.String()
}

// runs reports whether a runtime executes a language. Both kinds of Node module run each other's files: which kind a
// program is does not always show.
func runs(runtime, language string) bool {
	own := bank.RuntimeOf(language)
	return own == runtime || isNode(own) && isNode(runtime)
}

// lines are the release lines of a runtime that a prompt names.
type lines struct {
	exact []int
	from  int // "or later", 0 without
}

func (l lines) empty() bool { return len(l.exact) == 0 && l.from == 0 }

func (l lines) has(line int) bool {
	return l.empty() || slices.Contains(l.exact, line) || l.from > 0 && line >= l.from
}

func (l lines) highest() int { return max(l.from, slices.Max(append([]int{0}, l.exact...))) }

// A version is named as a sentence would: Node 22, Node.js 22 or 24, Node 22, 24 and 26, Node 22 or later, Go 1.26.
var (
	nodeNamed = regexp.MustCompile(`\bNode(?:\.js)? v?(\d+(?:\.\d+)*(?:(?:, | or |, or | and |, and )v?\d+(?:\.\d+)*\b)*)( or (?:later|newer|above)|\+)?`)
	goNamed   = regexp.MustCompile(`\bGo (1\.\d+(?:\.\d+)*(?:(?:, | or |, or | and |, and )1\.\d+(?:\.\d+)*\b)*)( or (?:later|newer|above)|\+)?`)
	oneNamed  = regexp.MustCompile(`\d+(?:\.\d+)*`)
)

// linesNamed returns the lines of a runtime that the prompt of a question names. Elsewhere its key need not hold.
func linesNamed(q bank.Question, runtime string) lines {
	named := nodeNamed
	switch {
	case runtime == "go":
		named = goNamed
	case !isNode(runtime):
		return lines{}
	}
	var l lines
	for _, m := range named.FindAllStringSubmatch(prose(q), -1) {
		for _, version := range oneNamed.FindAllString(m[1], -1) {
			l.exact = append(l.exact, Line(runtime, version))
		}
		if m[2] != "" {
			l.from = slices.Min(l.exact)
			l.exact = nil
		}
	}
	return l
}

// prose returns the prompt of a question without its code.
func prose(q bank.Question) string {
	text := q.Title.Text + "\n" + q.Stem.Text
	for _, p := range q.Script.Programs {
		text = strings.ReplaceAll(text, strings.TrimSpace(p.Code), "")
	}
	return text
}
