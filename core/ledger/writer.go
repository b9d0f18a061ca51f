package ledger

import (
	"cmp"
	"encoding/binary"
	"hash/crc32"
	"math"
	"slices"

	"leeway/core/internal/wire"
	"leeway/core/outcome"
	"leeway/core/schema"
)

// writer writes classes by their place in a table of names. The table is in order of
// what the names mean: codes tell which class came first, which is to change nothing.
type writer struct {
	shape  *outcome.Shape
	places []uint64 // by code; nil for numbers
	to     []byte
}

func newWriter(shape *outcome.Shape, magic string) *writer {
	w := &writer{shape: shape, to: append([]byte(magic), plain)}
	numbers := shape.Task == schema.Regression
	w.to = wire.Flag(w.to, numbers)
	if numbers {
		return w
	}
	codes, places := table(shape)
	w.places = places
	w.to = wire.Uint(w.to, uint64(len(codes)))
	for _, code := range codes {
		w.to = wire.Text(w.to, shape.Classes.Name(code))
	}
	return w
}

// table lists the classes of a shape as they are written, and their places in that by
// code, from 1 on; nil for numbers.
func table(shape *outcome.Shape) (codes []int32, places []uint64) {
	if shape.Task == schema.Regression {
		return nil, nil
	}
	codes, places = make([]int32, shape.Classes.Len()), make([]uint64, shape.Classes.Len())
	for code := range codes {
		codes[code] = int32(code)
	}
	slices.SortFunc(codes, func(a, b int32) int { return cmp.Compare(shape.Classes.Key(a), shape.Classes.Key(b)) })
	for at, code := range codes {
		places[code] = uint64(at) + 1
	}
	return codes, places
}

// place is that of a class in the table, from 1 on; 0 for none and for classes beyond
// those that are told apart.
func (w *writer) place(class float64) uint64 {
	if !(class >= 0) {
		return 0
	}
	return w.places[int(class)]
}

// outcome writes a class by its place in the table; or a number.
func (w *writer) outcome(x float64) {
	if w.places == nil {
		w.number(x)
		return
	}
	w.to = wire.Uint(w.to, w.place(x))
}

// number writes a number, NaN for a missing one.
func (w *writer) number(x float64) {
	w.to = binary.LittleEndian.AppendUint64(w.to, math.Float64bits(x))
}

func (w *writer) done() []byte {
	return binary.LittleEndian.AppendUint32(w.to, crc32.Checksum(w.to, castagnoli))
}

// order is that in which labels are written.
func (w *writer) order(a, b label) int {
	if w.places == nil {
		return a.compare(b)
	}
	return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(w.place(a.value), w.place(b.value)), a.age(b))
}
