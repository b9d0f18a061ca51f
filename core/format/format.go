// Package format reads the files that people drop: delimited text, JSON Lines
// and Parquet, plain or compressed with gzip or zstd. What a file is, is found
// by its content, never by its name.
//
// [Open] looks at the beginning of a file; its [File.Heads] are what a contract
// is inferred from or matched with; [File.Read] then yields typed blocks. The
// same table gives the same blocks in every format. Memory is bounded whatever
// the size of the file, of a record or of an archive; what is past a declared
// limit is an error of kind fault.Invalid with a hint.
package format

import (
	"errors"
	"io"
	"slices"

	"leeway/core/frame"
	"leeway/core/schema"
)

// Source is a file to read.
type Source struct {
	Name   string      // for messages
	Stream io.Reader   // the content, read once from the start
	At     io.ReaderAt // random access, nil for a stream such as standard input
	Size   int64       // in bytes, if At is set
}

// Options say what is known of a file beforehand.
type Options struct {
	Header   []string // names of the columns of delimited text without a header; nil: found out
	Headless bool     // delimited text has no header, whatever its first record looks like
	Missing  []string // spellings of a missing value, instead of the default; nil: the default
	Head     int      // rows that Heads gives; 0 means 5,000
}

// The most that Heads looks at.
const (
	headRows  = 5_000
	headBytes = 2 << 20
)

// File is an open file.
type File struct {
	source  Source
	options Options
	format  string
	notes   []string
	heads   []schema.Head
	rows    int64
	late    bool // columns may first appear anywhere in the file
	read    func(columns []schema.Column, from *frame.Place) (frame.Reader, error)
	close   func()
}

// Open finds out what src is and reads its beginning. nil options are the
// defaults.
func Open(src Source, o *Options) (*File, error) {
	f := &File{source: src, close: func() {}}
	if o != nil {
		f.options = *o
	}
	if f.options.Head <= 0 {
		f.options.Head = headRows
	}
	if err := f.sniff(); err != nil {
		f.close()
		return nil, err
	}
	f.blank()
	return f, nil
}

// blank makes the configured spellings of a missing value null in the heads,
// so that they do not count when kinds are inferred.
func (f *File) blank() {
	for _, head := range f.heads {
		for i := range head.Cells {
			if slices.Contains(f.options.Missing, head.Cells[i].Text) {
				head.Cells[i] = schema.Cell{Native: schema.NativeNull}
			}
		}
	}
}

// Format is what the file is: "csv", "csv.gz", "jsonl.zst", "parquet"...
func (f *File) Format() string { return f.format }

// Notes says what was assumed about the file, one line each.
func (f *File) Notes() []string { return f.notes }

// Heads gives every column of the file, in its order, with its first cells.
func (f *File) Heads() []schema.Head { return f.heads }

// Rows is how many rows the file has: known of Parquet, of text judged by its
// beginning and its size, which says too few if it is compressed and 0 for a
// stream.
func (f *File) Rows() int64 { return f.rows }

// Read yields the rows as blocks. columns says, for each of Heads, what to read
// it as; one with no kind or role ignore is skipped. Further columns are those
// that the file should have besides: a key of JSON Lines may first appear far
// behind the beginning, and is read from there on. In blocks before it such a
// column is absent, as it is in all blocks of a file that does not have it; the
// blocks of other formats end with the columns of Heads. A file with random
// access may be read any number of times, a stream once.
func (f *File) Read(columns []schema.Column) (frame.Reader, error) { return f.ReadFrom(columns, nil) }

// ReadFrom is Read from where a reader of the same bytes, with the same options and
// columns, was; nil is the beginning. Plain text and the row groups of Parquet are
// gone on with at once; what is compressed is unpacked up to there again, which is
// much quicker than reading it, and captured events are taken apart again.
func (f *File) ReadFrom(columns []schema.Column, from *frame.Place) (frame.Reader, error) {
	if !f.late {
		columns = columns[:min(len(columns), len(f.heads))]
	}
	if from != nil && from.Row == 0 {
		from = nil
	}
	return f.read(columns, from)
}

// resumable is a reader that can go on at a place.
type resumable interface {
	frame.Reader
	Resume(at *frame.Place) error
}

// resumed goes on at a place, if there is one.
func resumed(r resumable, from *frame.Place) (frame.Reader, error) {
	if from == nil {
		return r, nil
	}
	if err := r.Resume(from); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// Close releases what Open acquired, not the source. No block can be read
// afterwards.
func (f *File) Close() error {
	f.close()
	f.close = func() {} // its memory may be another's by now
	return nil
}
