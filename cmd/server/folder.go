package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"rehearse/content"
)

// contentRoot returns a content folder, or the built-in one.
func contentRoot(dir string) (fs.FS, error) {
	if dir == "" {
		return content.FS, nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("content folder: %w", err)
	}
	if whole := contentAbove(dir); whole != "" {
		return nil, fmt.Errorf("%s is a part of the content folder %s; give that", dir, whole)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("content folder %s is a file; give the folder with bank.yaml and questions/", dir)
	}
	return os.DirFS(dir), nil
}

// contentAbove returns the content folder that a path is a part of, such as that of its questions folder or of one of its
// files; "" for a content folder itself, and for what belongs to none.
func contentAbove(path string) string {
	whole, err := filepath.Abs(path)
	if err != nil || isBank(whole) {
		return ""
	}
	for part := whole; ; part = filepath.Dir(part) {
		parent := filepath.Dir(part)
		switch {
		case parent == part:
			return ""
		case isBank(parent):
			if filepath.Base(part) != "questions" && isDir(filepath.Join(parent, "questions")) {
				return "" // it only happens to lie there
			}
			return asGiven(path, parent)
		}
	}
}

func isBank(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "bank.yaml"))
	return err == nil
}

func isDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// asGiven returns an absolute path as the person would write it who gave another one: relative to the working directory
// unless that one was absolute, too.
func asGiven(path, abs string) string {
	here, err := os.Getwd()
	if err != nil || filepath.IsAbs(path) {
		return abs
	}
	if rel, err := filepath.Rel(here, abs); err == nil {
		return rel
	}
	return abs
}

// joinPath puts the folder that was asked for before a path, so that editors find the file.
func joinPath(dir, path string) string {
	if dir == "" {
		return path
	}
	return strings.TrimRight(dir, "/") + "/" + path
}
