package main

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// lull is how long a folder must be quiet before it is looked through: a file
// that is being copied changes many times.
const lull = 100 * time.Millisecond

// watch calls notify soon after something under logs/, reference/, labels/,
// config/ or retrain/ changes. Where the system has no notifications it returns without an
// error: the regular sweep finds everything.
func watch(ctx context.Context, bucket string, notify func()) error {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		<-ctx.Done()
		return nil
	}
	defer watcher.Close()
	for _, folder := range []string{".", "logs", "reference", "labels", "config", "retrain"} {
		follow(watcher, filepath.Join(bucket, folder), folder != ".")
	}
	quiet := time.NewTimer(lull)
	defer quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case event := <-watcher.Events:
			if event.Has(fsnotify.Create) && filepath.Base(event.Name) != "state" {
				follow(watcher, event.Name, true)
			}
			quiet.Reset(lull)
		case <-watcher.Errors: // an overflow: the sweep catches up
			quiet.Reset(lull)
		case <-quiet.C:
			notify()
		}
	}
}

// follow watches a folder and, if deep, all below it. A folder that is gone or
// not readable is left to the sweep.
func follow(watcher *fsnotify.Watcher, folder string, deep bool) {
	_ = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fs.SkipDir
		case !entry.IsDir():
			return nil
		case path != folder && (!deep || strings.HasPrefix(entry.Name(), ".")):
			return fs.SkipDir
		}
		return errors.Join(watcher.Add(path))
	})
}
