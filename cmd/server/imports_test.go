package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayImport is the shape of the program: every package with those of ours that it may import. Dependencies point one way,
// from the top of the table to its bottom.
var mayImport = map[string][]string{
	"cmd/server": {"web", "practice", "admin", "store", "sandbox", "progress", "quiz", "handbook", "bank", "markdown", "srs", "assess", "views", "static", "content"},
	"web":        {"practice", "admin", "store", "progress", "quiz", "handbook", "bank", "markdown", "srs", "assess", "search", "views", "locale", "static"},
	"practice":   {"store", "sandbox", "progress", "quiz", "bank", "markdown", "srs", "assess", "search"},
	"admin":      {"store", "progress", "quiz", "handbook", "bank", "markdown", "srs", "assess", "search"},
	"store":      {"progress", "quiz", "bank", "markdown", "srs", "assess", "search"},
	"sandbox":    {"quiz", "bank", "markdown"},
	"progress":   {"quiz", "bank", "srs", "assess"},

	"store/storetest": {}, // for tests alone
	"quiz":            {"bank"},
	"bank":            {"markdown"},
	"handbook":        {"markdown"},
	"markdown":        {},
	"srs":             {},
	"assess":          {},
	"search":          {},
	"views":           {"locale"},
	"locale":          {},
	"static":          {},
	"content":         {},
}

// onlyIn names the packages that may know a library: a name here covers all that is below it.
var onlyIn = map[string][]string{
	"database/sql":                {"store", "store/storetest"},
	"modernc.org":                 {"store", "sandbox"},
	"github.com/jackc/pgx/v5":     {"store", "store/storetest"},
	"github.com/fsnotify":         {"cmd/server"},
	"github.com/labstack/echo":    {"web"},
	"github.com/gorilla/sessions": {"web"},
	"github.com/a-h/templ":        {"views", "web"},
}

// Tests are left out: they may reach for real parts from anywhere.
func TestImportsPointOneWay(t *testing.T) {
	imports := moduleImports(t, "../..")
	for _, pkg := range slices.Sorted(maps.Keys(imports)) {
		allowed, known := mayImport[pkg]
		if !known {
			t.Errorf("package %s is not in the table: say there what it may import", pkg)
			continue
		}
		for name, file := range imports[pkg] {
			if ours, ok := strings.CutPrefix(name, "rehearse/"); ok && !slices.Contains(allowed, ours) {
				t.Errorf("%s: package %s must not import %s", file, pkg, ours)
			}
			for library, users := range onlyIn {
				if within(name, library) && !slices.Contains(users, pkg) {
					t.Errorf("%s: only %s may import %s", file, strings.Join(users, " and "), name)
				}
			}
		}
	}
	for pkg := range mayImport {
		if imports[pkg] == nil {
			t.Errorf("the table names package %s, which has no code", pkg)
		}
	}
}

// within reports whether an import path is a library, a package below it, or another major version of either.
func within(name, library string) bool {
	return name == library || strings.HasPrefix(name, library+"/")
}

// moduleImports returns, for each package below root, its imports, each with a file that has it.
func moduleImports(t *testing.T, root string) map[string]map[string]string {
	t.Helper()
	imports := map[string]map[string]string{}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skipDir(name)
		}
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := path.Dir(name)
		if imports[pkg] == nil {
			imports[pkg] = map[string]string{}
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			imports[pkg][imported] = name
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return imports
}

// skipDir leaves out what is no part of the program: other modules, test data, hidden and built things.
func skipDir(name string) error {
	base := path.Base(name)
	switch {
	case name == ".":
		return nil
	case name == "e2e", name == "tools", name == "bench", name == "bin", base == "testdata", strings.HasPrefix(base, "."):
		return fs.SkipDir
	}
	return nil
}
