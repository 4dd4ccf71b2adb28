// Package static holds what every page needs beside its HTML: style sheets, scripts and icons. All files are served
// under one directory whose name is a hash of all of them, so that a browser may keep them for ever.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed css built js/live.js icons install worker dev
var files embed.FS

// Prefix is the directory of all addresses, below the base path of the site.
const Prefix = "/static/"

// AppCSS is the one style sheet that pages ask for: the sheets of css/, joined in the order of sheets.
const AppCSS = "css/app.css"

// AppJS is the one script that pages ask for. A test makes it of the modules in js.
const AppJS = "built/app.js"

// sheets is the order in which the style sheets apply.
var sheets = [...]string{"css/tokens.css", "css/base.css", "css/components.css", "css/print.css"}

// Assets is all static files in memory. It does not change after Load and may be used by several goroutines.
type Assets struct {
	dir    string           // "/static/<hash>/"
	byName map[string]asset // by name below dir
}

type asset struct {
	plain       []byte
	gzipped     func() []byte // compresses once, when it is first asked for
	contentType string
}

// Load reads the embedded files and joins the style sheets.
func Load() *Assets {
	contents := map[string][]byte{}
	must(fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		contents[name], err = files.ReadFile(name)
		return err
	}))
	var css []byte
	for _, name := range sheets {
		if contents[name] == nil {
			panic("static: no file " + name)
		}
		css = append(css, contents[name]...)
		delete(contents, name)
	}
	contents[AppCSS] = css
	for name, sheet := range contents {
		if path.Ext(name) == ".css" {
			contents[name] = squeeze(sheet)
		}
	}

	a := &Assets{byName: map[string]asset{}}
	names := make([]string, 0, len(contents))
	for name := range contents {
		names = append(names, name)
	}
	slices.Sort(names)
	hash := sha256.New()
	for _, name := range names {
		fmt.Fprintf(hash, "%s %d\n", name, len(contents[name]))
		hash.Write(contents[name])
		a.byName[name] = asset{
			contents[name], sync.OnceValue(func() []byte { return compress(contents[name]) }), contentType(name),
		}
	}
	a.dir = Prefix + hex.EncodeToString(hash.Sum(nil))[:12] + "/"
	return a
}

// Path returns the address of a file, without the base path of the site: "css/app.css" gives
// "/static/3fa9…/css/app.css". It panics when there is no such file, since names are written by us.
func (a *Assets) Path(name string) string {
	if _, ok := a.byName[name]; !ok {
		panic("static: no file " + name)
	}
	return a.dir + name
}

// Open returns the file at an address that Path gave, as it is and gzipped. The slices must not be changed. An address
// with another hash is not found: an old page must not get a new script under the old name.
func (a *Assets) Open(address string) (file, gzipped []byte, contentType string, ok bool) {
	name, ok := strings.CutPrefix(address, a.dir)
	if !ok {
		return nil, nil, "", false
	}
	f, ok := a.byName[name]
	if !ok {
		return nil, nil, "", false
	}
	return f.plain, f.gzipped(), f.contentType, true
}

// Names returns the names of all files that Path knows, sorted.
func (a *Assets) Names() []string {
	names := make([]string, 0, len(a.byName))
	for name := range a.byName {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	}
	panic("static: no content type for " + name)
}

// squeeze takes from a style sheet what is for those who read it: remarks, indents, and white space around {, } and ;.
func squeeze(css []byte) []byte {
	out := make([]byte, 0, len(css))
	for text, rest := css, []byte(nil); text != nil; text = rest {
		text, rest, _ = bytes.Cut(text, []byte("/*"))
		if _, after, ok := bytes.Cut(rest, []byte("*/")); ok {
			rest = after
		}
		for _, c := range text {
			last := byte('}')
			if len(out) > 0 {
				last = out[len(out)-1]
			}
			switch blank := strings.IndexByte(" \t\n", c) >= 0; {
			case blank && strings.IndexByte("{};\n", last) >= 0:
			case blank && c == '\n' || strings.IndexByte("{};", c) >= 0:
				out = append(bytes.TrimRight(out, " \t\n"), c)
			default:
				out = append(out, c)
			}
		}
	}
	return out
}

func compress(b []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	must(err)
	_, err = w.Write(b)
	must(err)
	must(w.Close())
	return out.Bytes()
}

// must stops the program for what can only fail when the program itself is broken.
func must(err error) {
	if err != nil {
		panic("static: " + err.Error())
	}
}
