package ledger

import (
	"iter"
	"slices"

	"leeway/core/outcome"
)

// Shelf is ledgers of one shape that are gone through as often as is asked, each
// being valid until the next: they need not all be in memory.
type Shelf struct {
	Shape *outcome.Shape
	All   iter.Seq[*Ledger]
}

// Of are ledgers that are in memory; nil for none.
func Of(ledgers ...*Ledger) *Shelf {
	if len(ledgers) == 0 {
		return nil
	}
	return &Shelf{ledgers[0].shape, slices.Values(ledgers)}
}

// chunkBytes is how much memory the rows of a chunk take.
const chunkBytes = 8 << 20

// ChunkRows is after how many rows of a file its predictions are cut into chunks, so
// that those of a large one are never in memory as a whole: some 400,000 with one
// score. The state has files cut so: it must stay what it is.
func ChunkRows(shape *outcome.Shape) int {
	return chunkBytes / New(shape).RowBytes()
}

// RowBytes is how much memory a row takes.
func (l *Ledger) RowBytes() int {
	const id, number, classes = 8, 8, 4
	if l.shape.Classes == nil {
		return id + number*l.stride
	}
	return id + number*l.stride + classes
}
