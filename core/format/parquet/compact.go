package parquet

import (
	"encoding/binary"
	"errors"
	"math"
)

// thrift reads the compact protocol of Thrift, in which Parquet writes its
// footer and page heads. The first error stays: after it everything reads as
// zero and ends.
type thrift struct {
	data []byte
	at   int
	err  error
}

// The types of the compact protocol.
const (
	tStop   = 0
	tTrue   = 1
	tFalse  = 2
	tByte   = 3
	tInt16  = 4
	tInt32  = 5
	tInt64  = 6
	tDouble = 7
	tBinary = 8
	tList   = 9
	tSet    = 10
	tMap    = 11
	tStruct = 12
)

// nesting bounds how deep unknown fields may nest.
const nesting = 32

var (
	errShort  = errors.New("ends too early")
	errThrift = errors.New("is not a valid structure")
)

func (t *thrift) fail(err error) {
	if t.err == nil {
		t.err = err
	}
	t.at = len(t.data)
}

func (t *thrift) byte() byte {
	if t.at >= len(t.data) {
		t.fail(errShort)
		return 0
	}
	t.at++
	return t.data[t.at-1]
}

func (t *thrift) varint() uint64 {
	x, n := binary.Uvarint(t.data[t.at:])
	if n <= 0 {
		if n == 0 {
			t.fail(errShort)
		} else {
			t.fail(errThrift)
		}
		return 0
	}
	t.at += n
	return x
}

func (t *thrift) zigzag() int64 {
	x := t.varint()
	return int64(x>>1) ^ -int64(x&1)
}

// integer reads a field of the given type as a whole number.
func (t *thrift) integer(kind byte) int64 {
	switch kind {
	case tByte:
		return int64(int8(t.byte()))
	case tInt16, tInt32, tInt64:
		return t.zigzag()
	}
	t.fail(errThrift)
	return 0
}

// small reads an integer that must fit 32 bits.
func (t *thrift) small(kind byte) int32 {
	x := t.integer(kind)
	if x < math.MinInt32 || x > math.MaxInt32 {
		t.fail(errThrift)
		return 0
	}
	return int32(x)
}

// truth reads a field of a struct that is true or false.
func (t *thrift) truth(kind byte) bool {
	if kind != tTrue && kind != tFalse {
		t.fail(errThrift)
	}
	return kind == tTrue
}

// bytes reads a text; it aliases the data.
func (t *thrift) bytes(kind byte) []byte {
	if kind != tBinary {
		t.fail(errThrift)
		return nil
	}
	n := t.varint()
	if n > uint64(len(t.data)-t.at) {
		t.fail(errShort)
		return nil
	}
	t.at += int(n)
	return t.data[t.at-int(n) : t.at]
}

// list reads the beginning of a list or set. An element takes at least a byte,
// so its length never exceeds what is left.
func (t *thrift) list(kind byte) (n int, element byte) {
	if kind != tList && kind != tSet {
		t.fail(errThrift)
		return 0, 0
	}
	head := t.byte()
	size := uint64(head >> 4)
	if size == 15 {
		size = t.varint()
	}
	if size > uint64(len(t.data)-t.at) {
		t.fail(errShort)
		return 0, 0
	}
	return int(size), head & 15
}

// fields calls read for every field of a struct; read must consume the field
// or skip it.
func (t *thrift) fields(kind byte, read func(id int16, kind byte)) {
	if kind != tStruct {
		t.fail(errThrift)
		return
	}
	var id int16
	for t.err == nil {
		head := t.byte()
		if head&15 == tStop {
			return
		}
		if delta := head >> 4; delta != 0 {
			id += int16(delta)
		} else {
			id = int16(t.zigzag())
		}
		read(id, head&15)
	}
}

// skip passes over a field that nobody asked for.
func (t *thrift) skip(kind byte) { t.pass(kind, nesting) }

func (t *thrift) pass(kind byte, depth int) {
	if depth == 0 {
		t.fail(errThrift)
		return
	}
	switch kind {
	case tTrue, tFalse:
	case tByte:
		t.byte()
	case tInt16, tInt32, tInt64:
		t.varint()
	case tDouble:
		if len(t.data)-t.at < 8 {
			t.fail(errShort)
			return
		}
		t.at += 8
	case tBinary:
		t.bytes(kind)
	case tList, tSet:
		n, element := t.list(kind)
		for i := 0; i < n && t.err == nil; i++ {
			t.passElement(element, depth-1)
		}
	case tMap:
		n := t.varint()
		if n == 0 {
			return
		}
		kinds := t.byte()
		for i := uint64(0); i < n && t.err == nil; i++ {
			t.passElement(kinds>>4, depth-1)
			t.passElement(kinds&15, depth-1)
		}
	case tStruct:
		t.fields(kind, func(_ int16, kind byte) { t.pass(kind, depth-1) })
	default:
		t.fail(errThrift)
	}
}

// passElement passes over an element of a list or map, where a truth value
// takes a byte that it does not take in a struct.
func (t *thrift) passElement(kind byte, depth int) {
	if kind == tTrue || kind == tFalse {
		t.byte()
		return
	}
	t.pass(kind, depth)
}
