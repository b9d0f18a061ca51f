package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"leeway/core/fault"
)

// footer is what is needed of the metadata at the end of a file.
type footer struct {
	elements []element
	groups   []group
}

// element is a node of the schema, in depth-first order.
type element struct {
	name       string
	physical   physical // none for groups
	length     int32    // of fixed-length values
	repetition int32    // 0 required, 1 optional, 2 repeated
	children   int32
	converted  int32 // the old annotation, -1 for none
	logical    logical
	scale      int32
}

// logical is the annotation of an element.
type logical struct {
	id     int16 // field number in the union LogicalType, 0 for none
	unit   int16 // of a time: 1 milliseconds, 2 microseconds, 3 nanoseconds
	local  bool  // a time without a zone
	scale  int32
	signed bool
}

// The annotations by their number in LogicalType.
const (
	logicalString    = 1
	logicalMap       = 2
	logicalList      = 3
	logicalEnum      = 4
	logicalDecimal   = 5
	logicalDate      = 6
	logicalTime      = 7
	logicalTimestamp = 8
	logicalInteger   = 10
	logicalJSON      = 12
	logicalUUID      = 14
	logicalFloat16   = 15
)

// group is a row group.
type group struct {
	rows   int64
	chunks []chunk // one per leaf of the schema
}

// chunk is where a column of a row group lies.
type chunk struct {
	physical int32
	codec    int32
	values   int64 // nulls included
	data     int64 // offset of the first data page
	dict     int64 // offset of the dictionary page, 0 for none or unknown
	size     int64 // compressed, in bytes
	found    bool  // the metadata is there
}

var (
	errMagic     = errors.New("is not a Parquet file")
	errCut       = fault.Cut("begins as a Parquet file, but ends too early")
	errEncrypted = &flaw{"is encrypted", "write it without encryption"}
	errOther     = &flaw{"has columns in other files", "write each file with all of its columns"}
)

// readFooter reads the metadata at the end of a file.
func readFooter(at io.ReaderAt, size int64) (*footer, error) {
	var tail [8]byte
	if size < 12 {
		return nil, footless(at)
	}
	if err := readFull(at, tail[:], size-8); err != nil {
		return nil, err
	}
	switch string(tail[4:]) {
	case "PAR1":
	case "PARE":
		return nil, errEncrypted
	default:
		return nil, footless(at)
	}
	length := int64(binary.LittleEndian.Uint32(tail[:]))
	if length > size-12 {
		return nil, fmt.Errorf("footer of %d bytes in a file of %d", length, size)
	}
	if length > MaxFooter {
		return nil, past("footer of %d MiB is larger than %d MiB", length>>20, MaxFooter>>20)
	}
	data := make([]byte, length)
	if err := readFull(at, data, size-8-length); err != nil {
		return nil, err
	}
	t := &thrift{data: data}
	f := &footer{}
	f.read(t)
	if t.err != nil {
		return nil, fmt.Errorf("footer %w", t.err)
	}
	return f, nil
}

// footless is the error of a file without a footer: one that begins as Parquet
// does may still be being written.
func footless(at io.ReaderAt) error {
	var head [4]byte
	if n, _ := at.ReadAt(head[:], 0); string(head[:n]) == "PAR1" {
		return errCut
	}
	return errMagic
}

// readFull reads all of p, unlike ReadAt without an io.EOF at the end.
func readFull(at io.ReaderAt, p []byte, offset int64) error {
	n, err := at.ReadAt(p, offset)
	if n == len(p) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		return errShort
	}
	return &sourceError{err}
}

// sourceError is an error of the storage, not of the file.
type sourceError struct{ err error }

func (e *sourceError) Error() string { return e.err.Error() }
func (e *sourceError) Unwrap() error { return e.err }

func (f *footer) read(t *thrift) {
	chunks := 0
	t.fields(tStruct, func(id int16, kind byte) {
		switch id {
		case 2:
			n, item := t.list(kind)
			for i := 0; i < n && t.err == nil; i++ {
				if i == 4*MaxColumns {
					t.fail(past("has more than %d columns", MaxColumns))
				}
				f.elements = append(f.elements, readElement(t, item))
			}
		case 4:
			n, item := t.list(kind)
			for i := 0; i < n && t.err == nil; i++ {
				g := readGroup(t, item)
				if chunks += len(g.chunks) + 1; chunks > MaxChunks {
					t.fail(past("has more than %d columns in its row groups", MaxChunks))
				}
				f.groups = append(f.groups, g)
			}
		default:
			t.skip(kind)
		}
	})
}

func readElement(t *thrift, kind byte) element {
	e := element{physical: none, converted: -1}
	t.fields(kind, func(id int16, kind byte) {
		switch id {
		case 1:
			e.physical = physical(t.small(kind))
		case 2:
			e.length = t.small(kind)
		case 3:
			e.repetition = t.small(kind)
		case 4:
			e.name = string(t.bytes(kind))
		case 5:
			e.children = t.small(kind)
		case 6:
			e.converted = t.small(kind)
		case 7:
			e.scale = t.small(kind)
		case 10:
			e.logical = readLogical(t, kind)
		default:
			t.skip(kind)
		}
	})
	return e
}

func readLogical(t *thrift, kind byte) logical {
	var l logical
	t.fields(kind, func(id int16, kind byte) {
		l.id = id
		switch id {
		case logicalDecimal:
			t.fields(kind, func(id int16, kind byte) {
				if id == 1 {
					l.scale = t.small(kind)
				} else {
					t.skip(kind)
				}
			})
		case logicalTime, logicalTimestamp:
			t.fields(kind, func(id int16, kind byte) {
				switch id {
				case 1:
					l.local = !t.truth(kind)
				case 2:
					t.fields(kind, func(id int16, kind byte) { l.unit = id; t.skip(kind) })
				default:
					t.skip(kind)
				}
			})
		case logicalInteger:
			t.fields(kind, func(id int16, kind byte) {
				if id == 2 {
					l.signed = t.truth(kind)
				} else {
					t.skip(kind)
				}
			})
		default:
			t.skip(kind)
		}
	})
	return l
}

func readGroup(t *thrift, kind byte) group {
	var g group
	t.fields(kind, func(id int16, kind byte) {
		switch id {
		case 1:
			n, item := t.list(kind)
			for i := 0; i < n && t.err == nil; i++ {
				if i == MaxColumns {
					t.fail(past("has more than %d columns", MaxColumns))
				}
				c := readChunk(t, item)
				if !c.found {
					t.fail(errThrift)
				}
				g.chunks = append(g.chunks, c)
			}
		case 3:
			g.rows = t.integer(kind)
		default:
			t.skip(kind)
		}
	})
	return g
}

func readChunk(t *thrift, kind byte) chunk {
	var c chunk
	t.fields(kind, func(id int16, kind byte) {
		switch id {
		case 1:
			if len(t.bytes(kind)) > 0 {
				t.fail(errOther)
			}
		case 3:
			c.found = true
			t.fields(kind, func(id int16, kind byte) { c.readMeta(t, id, kind) })
		case 8, 9:
			t.fail(errEncrypted)
		default:
			t.skip(kind)
		}
	})
	return c
}

func (c *chunk) readMeta(t *thrift, id int16, kind byte) {
	switch id {
	case 1:
		c.physical = t.small(kind)
	case 4:
		c.codec = t.small(kind)
	case 5:
		c.values = t.integer(kind)
	case 7:
		c.size = t.integer(kind)
	case 9:
		c.data = t.integer(kind)
	case 11:
		c.dict = t.integer(kind)
	default:
		t.skip(kind)
	}
}

// span is where the pages of a chunk begin and end.
func (c *chunk) span() (start, end int64) {
	start = c.data
	if c.dict > 0 && c.dict < start {
		start = c.dict
	}
	return start, start + c.size
}
