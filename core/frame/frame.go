// Package frame holds rows in memory: a [Block] is a bounded slice of a file,
// column by column, each column in one flat slice of its own type.
//
// Blocks are made by a [Reader] and reused: what Next fills is valid until the
// next call of Next. Nothing is allocated per row.
package frame

import (
	"errors"
	"io"
)

// BlockRows is the largest number of rows in a Block.
const BlockRows = 4096

// Type is how a column is laid out in memory.
type Type uint8

// The types.
const (
	Float  Type = iota + 1 // Floats
	Symbol                 // Codes into Symbols
	Bytes                  // Data cut by Offsets
	Time                   // Times
)

// State says whether a cell holds a value.
type State uint8

// The states of a cell.
const (
	Valid    State = iota
	Missing        // empty, null or absent
	Mistyped       // there, but not of the column's kind
)

// Column is one column of a Block. Of the value slices only that of its Type
// is used; a cell that is not Valid holds a zero there.
type Column struct {
	Type   Type
	States []State // one per row; nil when every cell is Valid

	Floats  []float64 // Float: finite, never -0
	Times   []int64   // Time: Unix nanoseconds UTC
	Codes   []uint32  // Symbol: index into Symbols
	Symbols *Symbols  // Symbol: the texts of the codes
	Data    []byte    // Bytes: the values, end to end
	Offsets []uint32  // Bytes: rows+1 of them; cell i is Data[Offsets[i]:Offsets[i+1]]
}

// Bytes is the value of a Bytes cell; it aliases the block.
func (c *Column) Bytes(row int) []byte { return c.Data[c.Offsets[row]:c.Offsets[row+1]] }

// Absent tells whether the column holds no cell of its block at all: a key
// that JSON Lines did not mention.
func (c *Column) Absent() bool { return c.Type == 0 }

// Block is a run of rows of one file. Columns stand in the order of the file's
// names; one whose kind is unset (skipped) has Type 0.
type Block struct {
	Rows    int
	First   int64 // 1-based number of the first row in the file; rows that were left out are numbered too
	Columns []Column
}

// Reader iterates over the blocks of a file.
type Reader interface {
	// Next fills the block with the following rows. It returns io.EOF when
	// none are left, with Rows == 0, and a fault.Error of kind Invalid when the
	// rest of the file cannot be read; what came before stays valid.
	Next(*Block) error

	// Faults says what was wrong with single rows and cells so far, counted by
	// place and kind. None of it stopped the reading.
	Faults() []Fault

	// Place is where the rows that Next gave end; it is valid until the next call
	// of Next. Where that failed for reasons that may pass, it is where it began.
	Place() *Place

	// Close releases the reader, not the object it reads from.
	Close() error
}

// Each hands every block that is left in a reader to take. The block is used
// again for the next one.
func Each(r Reader, take func(*Block)) error {
	var block Block
	for {
		err := r.Next(&block)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		take(&block)
	}
}

// Fault is something wrong with rows or cells of a file that did not stop the
// reading: ragged rows, bad bytes, a number that is none.
type Fault struct {
	Column string // "" when whole rows are concerned
	What   string // "row has 4 fields instead of 5", "not a number"
	Row    int64  // the first row concerned, 1-based
	Text   string // the first text concerned, cut to 64 bytes
	Count  int64  // how many rows or cells
}
