package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"rehearse/bank"
)

// formatBank puts the files of a content folder in order.
func formatBank(_ context.Context, p *program) error {
	root, err := p.folder()
	if err != nil {
		return err
	}
	done, err := bank.Format(root, true)
	if err != nil {
		return err
	}
	changed, kept := 0, 0
	for _, f := range done {
		path := joinPath(p.dir(), f.Path)
		if f.Kept != "" {
			kept++
			fmt.Fprintf(p.stderr, "%s: left alone: %s\n", path, f.Kept)
		}
		if !f.Changed() {
			continue
		}
		changed++
		if !p.cfg.check {
			if err := p.write(f); err != nil {
				return err
			}
		}
		fmt.Fprintln(p.stdout, path)
	}
	fmt.Fprintf(p.stderr, "files: %d, changed: %d, left alone: %d\n", len(done), changed, kept)
	if kept > 0 || p.cfg.check && changed > 0 {
		return errFindings
	}
	return nil
}

// fixFolder repairs what lint can repair, and says what.
func (p *program) fixFolder(root fs.FS) error {
	done, err := bank.Format(root, false)
	if err != nil {
		return err
	}
	for _, f := range done {
		path := joinPath(p.dir(), f.Path)
		if f.Kept != "" {
			fmt.Fprintf(p.stderr, "%s: left alone: %s\n", path, f.Kept)
		}
		if !f.Changed() {
			continue
		}
		if err := p.write(f); err != nil {
			return err
		}
		for _, m := range f.Mended {
			fmt.Fprintf(p.stderr, "%s:%d:%d: repaired %s\n", path, m.Line, m.Col, m.Code)
		}
	}
	return nil
}

// write replaces a file of the folder that was asked for.
func (p *program) write(f bank.Formatted) error {
	if p.dir() == "" {
		return errors.New("the built-in content cannot be changed; give a folder")
	}
	return rewriteFile(filepath.Join(p.dir(), filepath.FromSlash(f.Path)), f.Before, f.After)
}

// rewriteFile gives a file new content and keeps its mode. It is an error if the file no longer has the content before.
func rewriteFile(path string, before, after []byte) error {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, before) {
		return errors.Join(fmt.Errorf("%s was changed by somebody else meanwhile; run the command again", path), err)
	}
	return replaceFile(path, after, info.Mode().Perm())
}
