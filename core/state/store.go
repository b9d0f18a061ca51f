package state

import (
	"context"
	"io"
	"iter"
	"time"
)

// Store holds objects: the bucket, the state, the folder. Keys are slash
// separated, relative and clean ([CheckKey]). Implementations are safe for
// concurrent use by any number of goroutines and processes, and pass
// storetest.Run.
//
// Errors are fault.Errors: NotFound for a key that does not exist, Conflict
// for a precondition that does not hold, Denied, Exhausted (no space), Invalid
// (an unsafe key), Unavailable for everything that may pass.
type Store interface {
	// Open opens an object. What is read is one version: an object that is
	// replaced meanwhile is still read as it was.
	Open(ctx context.Context, key string) (Object, error)

	// Put writes an object whole or not at all: after a crash at any instant a
	// reader sees the old object or the new one. nil options overwrite.
	Put(ctx context.Context, key string, body io.Reader, options *PutOptions) (Info, error)

	// List yields the objects whose key starts with prefix, in ascending byte
	// order of their keys. An error ends the iteration.
	List(ctx context.Context, prefix string) iter.Seq2[Info, error]

	// Delete removes an object; a missing one is no error. It is not ordered
	// against a conditional Put of the same key at the same moment.
	Delete(ctx context.Context, key string) error
}

// PutOptions are the preconditions of a Put, of which at most one is set, and
// what it may save itself.
type PutOptions struct {
	IfAbsent bool   // only if no object has the key
	IfMatch  string // only if the object's ETag is this one

	// Fleeting objects may be gone or damaged after the machine went down; that
	// the process was killed does them no harm. It spares waiting for a disk.
	Fleeting bool
}

// Object is an open object.
type Object interface {
	io.ReaderAt
	io.Closer
	Info() Info
}

// Info describes an object. ETag changes whenever the content does; it is
// opaque otherwise: equal bytes may or may not keep it.
type Info struct {
	Key      string
	Size     int64
	ETag     string
	Modified time.Time
}

// Busy is what a [Store] may offer besides: whether somebody holds the object
// open for writing at this moment. False if that cannot be known.
type Busy interface {
	Busy(ctx context.Context, key string) bool
}

// Folders is what a [Store] may offer besides: the names directly below prefix
// ("" or ending in a slash) that have something below them, ascending. Without
// it the names are found by listing every object.
type Folders interface {
	Folders(ctx context.Context, prefix string) ([]string, error)
}
