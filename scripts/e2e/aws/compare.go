package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"leeway/core/state"
)

var quiet = log.New(io.Discard, "", 0)

// tree is a bucket's content by key.
type tree map[string][]byte

func keysOf(t tree) iter.Seq[string] { return maps.Keys(t) }

func readTree(dir string) (tree, error) {
	all := tree{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Name() == ".leeway" {
			return fs.SkipDir // the store's own
		}
		if err != nil || entry.IsDir() {
			return err
		}
		key, err := filepath.Rel(dir, path)
		if err == nil {
			all[filepath.ToSlash(key)], err = os.ReadFile(path)
		}
		return err
	})
	return all, err
}

func readBucket(ctx context.Context, store state.Store) (tree, error) {
	all := tree{}
	for info, err := range store.List(ctx, "") {
		if err != nil {
			return nil, err
		}
		object, err := store.Open(ctx, info.Key)
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(io.NewSectionReader(object, 0, info.Size))
		if err != nil {
			return nil, err
		}
		all[info.Key] = data
	}
	return all, nil
}

// kept is what of a bucket must be the same wherever it is: all that Leeway made,
// save for the cache, for claims and for what sinks and triggers said, which the folder
// has none of.
func (t tree) kept() tree {
	kept := tree{}
	for key, data := range t {
		if strings.HasPrefix(key, "state/") && !strings.Contains(key, "/delivered/") && !strings.HasSuffix(key, "/retrain.json") || strings.HasPrefix(key, "quarantine/") {
			kept[key] = data
		}
	}
	return kept
}

// differences names what differs, to the byte.
func differences(want, got tree) (all []string) {
	for _, key := range slices.Sorted(maps.Keys(want)) {
		switch data, ok := got[key]; {
		case !ok:
			all = append(all, "lacks "+key)
		case !bytes.Equal(data, want[key]):
			all = append(all, fmt.Sprintf("%s differs: %s, want %s", key, around(data, want[key]), around(want[key], data)))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[key]; !ok {
			all = append(all, "has "+key)
		}
	}
	return all
}

// around shows where a begins to differ from b.
func around(a, b []byte) string {
	at := 0
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	return fmt.Sprintf("%q", a[max(0, at-30):min(len(a), at+50)])
}

// newest is what does not hang on the portions that files came in: all but the
// history and the reports, and of these the newest of each window, without what
// tells when it was made and what it replaced.
func (t tree) newest() (tree, error) {
	made := tree{}
	for key, data := range t.kept() {
		parts := strings.Split(key, "/")
		if len(parts) < 4 || parts[0] != "state" {
			made[key] = data
			continue
		}
		switch parts[2] {
		case "reports":
		case "history":
			var summary struct{ Report string }
			if err := json.Unmarshal(data, &summary); err != nil {
				return nil, fmt.Errorf("%s: %w", key, err)
			}
			window := strings.TrimSuffix(parts[3], ".json")
			report := "state/" + parts[1] + "/reports/" + window + "/" + summary.Report + ".json"
			var fields map[string]any
			if err := json.Unmarshal(t[report], &fields); err != nil {
				return nil, fmt.Errorf("%s, which %s names: %w", report, key, err)
			}
			for _, name := range []string{"id", "created", "supersedes", "sinks"} {
				delete(fields, name)
			}
			plain, err := json.Marshal(fields)
			if err != nil {
				return nil, err
			}
			made["newest report of "+parts[1]+" "+window] = plain
		default:
			made[key] = data
		}
	}
	return made, nil
}
