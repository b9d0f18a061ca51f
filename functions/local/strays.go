package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/core/state"
)

// strays are what lies in a bucket and is not read, each with the reason and what
// to do: files directly under logs/, labels/ or reference/, folders whose name
// cannot be a model's, configurations of another name, links that lead nowhere.
func strays(ctx context.Context, pipeline *monitor.Monitor, bucket string) (found []error, err error) {
	keys, err := pipeline.DB.Strays(ctx)
	if err != nil {
		return nil, err
	}
	for _, place := range []string{"logs", "labels", "reference"} {
		entries, err := os.ReadDir(filepath.Join(bucket, place))
		if err != nil {
			continue // the folder is not there: nothing lies in it
		}
		for _, entry := range entries {
			if !entry.IsDir() && state.IsData(entry.Name()) {
				keys = append(keys, place+"/"+entry.Name())
			}
		}
	}
	for _, key := range keys {
		hint := "move it to logs/<model>/, where <model> has letters, digits, - _ and . only"
		if strings.HasPrefix(key, "config/") {
			hint = "name it config/<model>.yaml"
		}
		found = append(found, &fault.Error{Kind: fault.Invalid, Object: key, Err: errors.New("belongs to no model and is not read"), Hint: hint})
	}
	for _, place := range []string{"logs", "labels", "reference", "config"} {
		found = append(found, deadLinks(bucket, place)...)
	}
	return found, nil
}

// deadLinks are symbolic links below a folder that lead nowhere: to the store
// there is nothing in such a place.
func deadLinks(bucket, place string) (found []error) {
	_ = filepath.WalkDir(filepath.Join(bucket, place), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Type()&fs.ModeSymlink == 0 || !state.IsData(entry.Name()) {
			return nil // what cannot be listed, the run itself says
		}
		if dead := deadLink(path); dead != nil {
			key, _ := filepath.Rel(bucket, path) // it is below the bucket
			found = append(found, &fault.Error{Kind: fault.NotFound, Object: filepath.ToSlash(key), Err: dead, Hint: mendLink})
		}
		return nil
	})
	return found
}

const mendLink = "mend the link, or remove it"

// deadLink says where a symbolic link leads that leads nowhere; nil if the path is
// none.
func deadLink(path string) error {
	target, err := os.Readlink(path)
	if err != nil {
		return nil
	}
	if _, err := os.Stat(path); err == nil || os.IsPermission(err) {
		return nil
	}
	return fmt.Errorf("a symbolic link to %s that leads nowhere", target)
}

// tellStrays says on stderr what is not read.
func (s *shell) tellStrays(ctx context.Context, pipeline *monitor.Monitor, bucket string) error {
	found, err := strays(ctx, pipeline, bucket)
	for _, one := range found {
		s.say("%v", one)
	}
	return err
}
