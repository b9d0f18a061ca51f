package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// vector is a run of values that are there, as they are stored.
type vector struct {
	n     int
	fixed []byte // little-endian values of the leaf's width; truth values are bytes
	data  []byte // of byte arrays
	spans []span // where each of them lies in data
}

type span struct{ from, to uint32 }

// at is the bytes of a value.
func (v *vector) at(i, width int) []byte {
	if width == 0 {
		s := v.spans[i]
		return v.data[s.from:s.to]
	}
	return v.fixed[i*width : (i+1)*width]
}

func le32(b []byte) uint32 { return binary.LittleEndian.Uint32(b) }
func le64(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }

// values reads the values of a page in runs.
type values struct {
	leaf       *leaf
	dictionary vector // of the chunk
	known      bool   // there is a dictionary
	number     int    // of the dictionary: changes with it

	encoding int32
	left     int    // how many values the page can hold at most
	data     []byte // PLAIN: what was not read
	bit      int    // PLAIN truth values: the next bit
	runs     hybrid // positions, truth values
	ints     delta  // DELTA_BINARY_PACKED, or lengths
	prefixes delta  // DELTA_BYTE_ARRAY
	before   []byte // DELTA_BYTE_ARRAY: the value before
	taken    int    // BYTE_STREAM_SPLIT: values read
	count    int    // BYTE_STREAM_SPLIT: values in the page

	run     vector // what read returned, in the scratch memory below
	fixed   []byte
	text    []byte
	spans   []span
	words   []uint64
	lengths []uint64
	small   []uint32
}

// begin forgets the dictionary: a chunk begins.
func (v *values) begin(l *leaf) {
	v.leaf, v.known = l, false
	v.number++
}

// readDictionary reads the dictionary page of a chunk.
func (v *values) readDictionary(c *codec, h *header, data []byte) error {
	if v.known {
		return errors.New("has two dictionaries in a row group")
	}
	if h.encoding != encPlain && h.encoding != encPlainDict {
		return fmt.Errorf("has a dictionary in an unknown encoding (%d)", h.encoding)
	}
	if v.leaf.physical == boolean {
		return errors.New("has a dictionary of truth values")
	}
	n, d, least := int(h.values), &v.dictionary, 4
	if v.leaf.width > 0 {
		least = v.leaf.width
	}
	if n > len(data)/least {
		return errShort
	}
	var err error
	if d.data, err = c.room(d.data, len(data)); err != nil {
		return err
	}
	copy(d.data, data) // the page may lie in memory that the next one takes
	if d.n = n; v.leaf.width > 0 {
		d.fixed = d.data
	} else if d.spans, _, err = cut(grow(d.spans, n), d.data, 0); err != nil {
		return err
	}
	v.known = true
	return nil
}

// grow makes a slice of n elements in the memory of s; they hold anything.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// cut finds byte arrays, each behind its length, from data[at:] on. It returns
// where the next one begins.
func cut(spans []span, data []byte, at int) ([]span, int, error) {
	for i := range spans {
		if len(data)-at < 4 {
			return nil, 0, errShort
		}
		n := uint64(le32(data[at:]))
		at += 4
		if n > uint64(len(data)-at) {
			return nil, 0, errShort
		}
		spans[i] = span{uint32(at), uint32(at) + uint32(n)}
		at += int(n)
	}
	return spans, at, nil
}

// open begins with the values of a page.
func (v *values) open(h *header, data []byte) error {
	v.encoding, v.left, v.data, v.bit = h.encoding, int(h.values), data, 0
	l := v.leaf
	switch h.encoding {
	case encPlain:
		return nil
	case encDict, encPlainDict:
		return v.openPositions(data)
	case encRLE:
		if l.physical == boolean {
			if len(data) < 4 || uint64(le32(data)) > uint64(len(data)-4) {
				return v.none(data)
			}
			v.runs.reset(data[4:4+le32(data)], 1)
			return nil
		}
	case encDelta:
		if l.physical == int32s || l.physical == int64s {
			return v.ints.reset(data, v.left)
		}
	case encDeltaLength:
		if l.width == 0 {
			return v.openLengths(data)
		}
	case encDeltaBytes:
		if l.width == 0 || l.physical == fixedLengths {
			return v.openPrefixes(data)
		}
	case encSplit:
		if l.width > 0 && l.physical != boolean && l.physical != int96s {
			v.taken, v.count = 0, len(data)/l.width
			return nil
		}
	}
	return fmt.Errorf("has a page in an unknown encoding (%d)", h.encoding)
}

// none accepts an empty page, which holds nulls alone.
func (v *values) none(data []byte) error {
	if len(data) > 0 {
		return errShort
	}
	v.left = 0
	return nil
}

func (v *values) openPositions(data []byte) error {
	if len(data) == 0 {
		return v.none(data)
	}
	if !v.known {
		return errors.New("has positions in a dictionary that is not there")
	}
	if data[0] > 32 {
		return errors.New("has positions of more than 32 bits")
	}
	v.runs.reset(data[1:], uint(data[0]))
	return nil
}

func (v *values) openLengths(data []byte) error {
	if err := v.ints.reset(data, v.left); err != nil {
		return err
	}
	ahead := v.ints
	var err error
	v.data, err = ahead.rest()
	return err
}

// openPrefixes begins with values that share their beginnings with the value
// before: all lengths of those stand first.
func (v *values) openPrefixes(data []byte) error {
	if err := v.prefixes.reset(data, v.left); err != nil {
		return err
	}
	v.before = v.before[:0]
	ahead := v.prefixes
	rest, err := ahead.rest()
	if err != nil {
		return err
	}
	return v.openLengths(rest)
}

// indexed tells whether the page holds positions in the dictionary.
func (v *values) indexed() bool { return v.encoding == encDict || v.encoding == encPlainDict }

// positions are the next n values of an indexed page.
func (v *values) positions(n int) ([]uint32, error) {
	if n > v.left {
		return nil, errShort
	}
	v.left -= n
	v.small = grow(v.small, n)
	if err := v.runs.read(v.small); err != nil {
		return nil, err
	}
	for _, x := range v.small {
		if uint64(x) >= uint64(v.dictionary.n) {
			return nil, errors.New("has positions beyond the end of its dictionary")
		}
	}
	return v.small, nil
}

// read gives the next n values of a page that is not indexed, valid until the
// next call.
func (v *values) read(n int) (*vector, error) {
	if n > v.left {
		return nil, errShort
	}
	v.left -= n
	v.run = vector{n: n}
	var err error
	switch v.encoding {
	case encPlain:
		err = v.readPlain(n)
	case encRLE:
		v.small = grow(v.small, n)
		if err = v.runs.read(v.small); err == nil {
			v.run.fixed = grow(v.fixed, n)
			v.fixed = v.run.fixed
			for i, x := range v.small {
				v.fixed[i] = byte(x)
			}
		}
	case encDelta:
		err = v.readInts(n)
	case encDeltaLength:
		err = v.readLengths(n)
	case encDeltaBytes:
		err = v.readPrefixes(n)
	case encSplit:
		err = v.readSplit(n)
	}
	return &v.run, err
}

func (v *values) readPlain(n int) error {
	switch width := v.leaf.width; {
	case v.leaf.physical == boolean:
		if v.bit+n > 8*len(v.data) {
			return errShort
		}
		v.fixed = grow(v.fixed, n)
		for i := range v.fixed {
			v.fixed[i] = v.data[v.bit>>3] >> (v.bit & 7) & 1
			v.bit++
		}
		v.run.fixed = v.fixed
	case width > 0:
		if n > len(v.data)/width {
			return errShort
		}
		v.run.fixed, v.data = v.data[:n*width], v.data[n*width:]
	default:
		spans, end, err := cut(grow(v.spans, n), v.data, 0)
		if err != nil {
			return err
		}
		v.spans = spans
		v.run.data, v.run.spans = v.data[:end], spans
		v.data = v.data[end:]
	}
	return nil
}

func (v *values) readInts(n int) error {
	v.words = grow(v.words, n)
	if err := v.ints.read(v.words); err != nil {
		return err
	}
	width := v.leaf.width
	v.fixed = grow(v.fixed, n*width)
	if width == 4 {
		for i, x := range v.words {
			binary.LittleEndian.PutUint32(v.fixed[4*i:], uint32(x))
		}
	} else {
		for i, x := range v.words {
			binary.LittleEndian.PutUint64(v.fixed[8*i:], x)
		}
	}
	v.run.fixed = v.fixed
	return nil
}

func (v *values) readLengths(n int) error {
	v.lengths = grow(v.lengths, n)
	if err := v.ints.read(v.lengths); err != nil {
		return err
	}
	v.spans = grow(v.spans, n)
	at := uint64(0)
	for i, length := range v.lengths {
		if length > uint64(len(v.data))-at {
			return errShort
		}
		v.spans[i] = span{uint32(at), uint32(at + length)}
		at += length
	}
	v.run.data, v.run.spans = v.data[:at], v.spans
	v.data = v.data[at:]
	return nil
}

func (v *values) readPrefixes(n int) error {
	v.words = grow(v.words, n)
	if err := v.prefixes.read(v.words); err != nil {
		return err
	}
	if err := v.readLengths(n); err != nil {
		return err
	}
	v.text = v.text[:0]
	for i, prefix := range v.words {
		if prefix > uint64(len(v.before)) {
			return errors.New("has prefixes longer than the value before")
		}
		from := len(v.text)
		v.text = append(v.text, v.before[:prefix]...)
		v.text = append(v.text, v.run.at(i, 0)...)
		if len(v.text) > MaxText {
			return errText
		}
		v.spans[i] = span{uint32(from), uint32(len(v.text))}
		v.before = append(v.before[:prefix], v.text[from+int(prefix):]...)
	}
	v.run.data = v.text
	if width := v.leaf.width; width > 0 {
		for _, s := range v.spans {
			if int(s.to-s.from) != width {
				return errShort
			}
		}
		v.run.fixed = v.text
	}
	return nil
}

// readSplit gathers values whose first bytes stand together, then the second
// bytes and so on.
func (v *values) readSplit(n int) error {
	if n > v.count-v.taken {
		return errShort
	}
	width := v.leaf.width
	v.fixed = grow(v.fixed, n*width)
	for j := range width {
		column := v.data[j*v.count+v.taken:][:n]
		for i, b := range column {
			v.fixed[i*width+j] = b
		}
	}
	v.taken += n
	v.run.fixed = v.fixed
	return nil
}
