package main

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	settle    = 15 * time.Millisecond  // of silence, after which an editor has finished writing
	settleMax = 250 * time.Millisecond // after which nobody waits for silence any longer
	pollEvery = time.Second            // where the system does not report changes
)

// watch calls changed when it has begun, and whenever something below a folder has changed, until ctx ends. Many changes in
// a row make one call.
// Where the system cannot watch, the folder is looked at every second.
func watch(ctx context.Context, dir string, logger *slog.Logger, changed func()) {
	for ctx.Err() == nil {
		err := notified(ctx, dir, changed)
		if ctx.Err() != nil {
			return
		}
		if errors.Is(err, errMoved) { // an editor or a deployment puts another folder in its place
			changed()
			pollUntil(ctx, func() bool { _, err := os.Stat(dir); return err == nil })
			continue
		}
		logger.Warn("the system does not report changes; the content folder is looked at every second", "folder", dir, "error", err)
		poll(ctx, dir, changed)
	}
}

// errMoved says that the folder itself is no longer where it was.
var errMoved = errors.New("the folder was moved or removed")

// notified watches by the system's means until ctx ends or they fail.
func notified(ctx context.Context, dir string, changed func()) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	defer w.Close()
	if err := watchBelow(w, dir); err != nil {
		return err
	}
	changed() // before the watch stood, nobody looked
	var (
		quiet = stopped() // runs anew with every change
		late  <-chan time.Time
	)
	settled := func() error {
		quiet.Stop()
		late = nil
		defer changed()
		return watchBelow(w, dir) // folders may have come
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-w.Errors:
			if !errors.Is(err, fsnotify.ErrEventOverflow) { // with an overflow something has changed, too
				return err
			}
		case event := <-w.Events:
			if event.Op == fsnotify.Chmod {
				continue
			}
			if filepath.Clean(event.Name) == filepath.Clean(dir) && event.Op&(fsnotify.Remove|fsnotify.Rename) != 0 {
				return errMoved
			}
		case <-quiet.C:
			if err := settled(); err != nil {
				return err
			}
			continue
		case <-late:
			if err := settled(); err != nil {
				return err
			}
			continue
		}
		quiet.Reset(settle)
		if late == nil {
			late = time.After(settleMax)
		}
	}
}

// stopped returns a timer that does not run.
func stopped() *time.Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
}

// watchBelow watches a folder and all folders below it. Watching one twice changes nothing.
func watchBelow(w *fsnotify.Watcher, dir string) error {
	return filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && name != dir: // gone meanwhile
			return nil
		case errors.Is(err, fs.ErrNotExist):
			return errMoved
		case err != nil:
			return err
		case !d.IsDir() && name != dir:
			return nil
		case name != dir && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		}
		return w.Add(name)
	})
}

// poll looks at the folder every second until ctx ends.
func poll(ctx context.Context, dir string, changed func()) {
	before := look(dir)
	changed()
	pollUntil(ctx, func() bool {
		if now := look(dir); now != before {
			before = now
			changed()
		}
		return false
	})
}

// pollUntil asks done every second until it says yes or ctx ends.
func pollUntil(ctx context.Context, done func() bool) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for !done() {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// look returns a number that differs when a file below the folder was changed, added or removed.
func look(dir string) uint64 {
	h := fnv.New64a()
	_ = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // gone meanwhile, or unreadable: the reader will say so
		}
		if name != dir && d.IsDir() && strings.HasPrefix(d.Name(), ".") {
			return fs.SkipDir
		}
		if info, err := os.Stat(name); err == nil && !info.IsDir() {
			fmt.Fprintln(h, name, info.Size(), info.ModTime().UnixNano())
		}
		return nil
	})
	return h.Sum64()
}
