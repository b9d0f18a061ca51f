package main

import (
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"leeway/core/compare"
	"leeway/core/compat/sagemaker"
	"leeway/core/report"
)

// exported makes the report of a check, and the documents of another tool if they
// are wanted.
func (f *checkFlags) exported(c *compare.Comparison) (*report.Report, error) {
	r, err := compare.Compare(c)
	if err != nil || f.export == "" {
		return r, err
	}
	files, err := sagemaker.Exports(c.Reference.Profile, c.Current.Profile, r)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(f.export, 0o755); err != nil {
		return nil, pathError(f.export, err)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := create(filepath.Join(f.export, name), func(w io.Writer) error { return wholly(w, files[name]) }); err != nil {
			return nil, err
		}
	}
	return r, nil
}
