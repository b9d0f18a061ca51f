package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"leeway/core/monitor"
	"leeway/core/state"
)

// strays lists what lies in a bucket where no model will ever read it: files
// directly under logs/, labels/ or reference/, and folders whose name cannot be
// a model's.
func strays(ctx context.Context, pipeline *monitor.Monitor, bucket string) ([]string, error) {
	found, err := pipeline.DB.Strays(ctx)
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
				found = append(found, place+"/"+entry.Name())
			}
		}
	}
	return found, nil
}

// tellStrays says on stderr what is left lying.
func (s *shell) tellStrays(ctx context.Context, pipeline *monitor.Monitor, bucket string) error {
	found, err := strays(ctx, pipeline, bucket)
	for _, name := range found {
		if strings.HasPrefix(name, "config/") {
			s.say("%s: belongs to no model and is not read: name it config/<model>.yaml", name)
			continue
		}
		s.say("%s: belongs to no model and is not read: move it to logs/<model>/, where <model> has letters, digits, - _ and . only", name)
	}
	return err
}
