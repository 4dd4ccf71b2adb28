package sandbox

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAForkBombIsStopped(t *testing.T) {
	if !namespaces() {
		missing(t, "the kernel counts no processes here: this would be a real one")
	}
	for name, code := range map[string]string{
		"that waits":         "bomb() { bomb | bomb & wait; }; bomb",
		"that leaves":        "bomb() { bomb | bomb & }; bomb; sleep 100",
		"in its own session": "i=0; while :; do setsid sleep 100 & done",
	} {
		t.Run(name, func(t *testing.T) {
			p := runOne(t, "sh", "sh", code)
			// It is stopped for its processes, unless the kernel's limit has made it give up before that was seen.
			held := strings.Contains(p.Errors, "Cannot fork")
			if !held && (!p.Stopped || !strings.Contains(p.Status, "more than 64 processes")) {
				t.Errorf("got %+v", p)
			}
		})
	}
}

func TestProgramsHaveNoNetworkButTheirOwn(t *testing.T) {
	if !namespaces() {
		missing(t, "there are no namespaces here")
	}
	p := runOne(t, "node-cjs", "js", "const os = require('node:os'), net = require('node:net');\n"+
		"console.log(Object.keys(os.networkInterfaces()).join() || 'none', process.pid < 10);\n"+
		"net.connect(53, '192.0.2.1').on('error', (e) => console.log(e.code));")
	if p.Text != "lo true\nENETUNREACH\n" && p.Text != "none true\nENETUNREACH\n" {
		t.Errorf("got %+v", p)
	}
}

// A Node below a folder that is root's alone must run for root, too.
func TestAProgramOutOfReachOfNobodyRuns(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "closed")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	shell, err := os.ReadFile("/bin/sh")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "sh")
	if err := os.WriteFile(path, shell, 0o755); err != nil {
		t.Fatal(err)
	}
	p, err := inFolder(nil, func(dir string) (Printed, error) { return confined(t.Context(), dir, path, "-c", "echo here; id -u") })
	if err != nil || !strings.HasPrefix(p.Text, "here\n") {
		t.Errorf("got %+v, %v", p, err)
	}
}

// What root owns is safe from the programs that root verifies.
func TestRootsProgramsCannotWriteRootsFiles(t *testing.T) {
	if os.Getuid() != 0 || !namespaces() {
		missing(t, "this is about root, where there are namespaces")
	}
	file := filepath.Join(os.TempDir(), "rehearse-of-root")
	if err := os.WriteFile(file, []byte("before"), 0o644); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(file)
	p := runOne(t, "sh", "sh", "echo after > "+file+"; cat "+file)
	if data, err := os.ReadFile(file); err != nil || string(data) != "before" || p.Text != "before" {
		t.Errorf("the file holds %q, %v; %+v", data, err, p)
	}
}
