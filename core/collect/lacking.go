package collect

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"leeway/core/internal/words"
	"leeway/core/lay"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/state"
)

// lacking is a file with the columns of the contract that it does not have.
type lacking struct {
	file    string
	columns []string
}

// place remembers how a file's columns differ from the contract.
func (c *Collection) place(file string, match *schema.Match) {
	c.files = append(c.files, lacking{file, match.Missing})
	c.Unexpected = words.Union(c.Unexpected, match.Unexpected)
	c.rename(match.Renamed)
}

// rename notes columns that have another name in a file.
func (c *Collection) rename(names map[string]string) {
	if c.Renamed == nil && len(names) > 0 {
		c.Renamed = map[string]string{}
	}
	maps.Copy(c.Renamed, names)
}

// Whole is the collection once all its files are in it. A column that no file has
// is missing as such and leaves the profile; one that only some lack is missing
// in their rows, of which there is a note. c stays as it is, for more files may
// come.
func (c *Collection) Whole() *Collection {
	whole := *c
	whole.Notes, whole.Missing = slices.Clip(c.Notes), slices.Clip(c.Missing)
	files := map[string][]string{}
	for _, one := range c.files {
		for _, name := range one.columns {
			files[name] = append(files[name], one.file)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if len(files[name]) < len(c.files) {
			whole.Notes = words.Union(whole.Notes, []string{partly(name, files[name], len(c.files))})
		} else {
			whole.Missing = append(whole.Missing, name)
		}
	}
	whole.Profile = lay.Omit(c.Profile, whole.Missing)
	return &whole
}

// namedFiles is how many files a note names.
const namedFiles = 3

// partly says which files lack a column that others have.
func partly(column string, files []string, of int) string {
	names := slices.Sorted(slices.Values(files))
	more := ""
	if len(names) > namedFiles {
		more = fmt.Sprintf(" and %d more", len(names)-namedFiles)
		names = names[:namedFiles]
	}
	return fmt.Sprintf("the column %q is not in %d of %d files, in whose rows it is missing: %s%s", column, len(files), of, strings.Join(names, ", "), more)
}

// Take adds what is to be said of a batch to the collection.
func (c *Collection) Take(batch *state.Batch, part state.Part) {
	c.Objects = append(c.Objects, report.Object{
		Key: batch.Key, Rows: part.Rows, Bytes: batch.Size, ETag: batch.Hash, Format: batch.Format, Faults: batch.Faults,
	})
	c.Dropped += lay.Share(lay.Dropped(batch.Faults), part.Rows, batch.Rows)
	c.Notes = words.Union(c.Notes, batch.Notes)
	c.place(batch.Key, &schema.Match{Missing: batch.Missing, Unexpected: batch.Unexpected, Renamed: batch.Renamed})
}

// Join adds what is to be said of another collection's files.
func (c *Collection) Join(o *Collection) {
	c.Objects = append(c.Objects, o.Objects...)
	c.Dropped += o.Dropped
	c.Notes = words.Union(c.Notes, o.Notes)
	for _, one := range o.files {
		if !slices.ContainsFunc(c.files, func(f lacking) bool { return f.file == one.file }) { // else it spans both
			c.files = append(c.files, one)
		}
	}
	c.Unexpected = words.Union(c.Unexpected, o.Unexpected)
	c.rename(o.Renamed)
}
