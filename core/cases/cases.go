// Package cases keeps a sample of rows with what a model knew of each, what it
// said, and what came true: what tells why a model got worse, and for whom.
//
// A [Sample] is taken while rows are read: those of the smallest hashes, so that
// it comes out the same whatever the order of rows and their split into files. A
// row is kept as 32 bits of each cell (see [sketch.NumberCode] and
// [sketch.TextCode]), with its id's hash, by which labels that come later find
// it. [Sample.Table] gives the rows with a label, column by column.
package cases

import (
	"iter"
	"math"
	"slices"

	"leeway/core/frame"
	"leeway/core/outcome"
	"leeway/core/schema"
	"leeway/core/sketch"
)

// Bound is how many distinct rows a sample keeps at most, and Stored how many that
// of a file's share of a window is stored with. A window's sample has no more than
// that, however many files it is of, so that their number changes nothing.
const (
	Bound  = 20_000
	Stored = 4096
)

// mostCells bounds the cells of a sample, so that wide tables keep fewer rows.
const mostCells = 2_000_000

// Column is a column of the sample.
type Column struct {
	Name    string
	Numeric bool // codes are of numbers, in their order; else of categories
}

// ColumnsOf lists the columns of a contract that the model may know rows by,
// ascending by name.
func ColumnsOf(contract *schema.Schema) []Column {
	var all []Column
	for i := range contract.Columns {
		c := &contract.Columns[i]
		known := c.Role == schema.Feature || c.Role == schema.Segment || c.Role == schema.Sensitive
		if known && (c.Kind.Quantitative() || c.Kind.Discrete()) {
			all = append(all, Column{c.Name, c.Kind.Quantitative()})
		}
	}
	slices.SortFunc(all, func(a, b Column) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return all
}

// Sample is the rows of the smallest hashes.
type Sample struct {
	shape   *outcome.Shape
	columns []Column
	bound   int
	stride  int    // numbers that a row has: see numbers
	cut     uint64 // rows with larger hashes were dropped

	hashes  []uint64
	ids     []uint64
	counts  []int64
	codes   []uint32         // as many per row as there are columns
	numbers []float64        // predicted, actual, then the scores
	at      map[uint64]int32 // where a hash is; nil until it is asked for
	cropped bool             // rows are in order, and none is to be dropped
}

// New is an empty sample of rows of a shape, of so many distinct ones at most.
func New(shape *outcome.Shape, columns []Column, bound int) *Sample {
	bound = min(bound, Bound, max(mostCells/max(len(columns), 1), 1))
	return &Sample{shape: shape, columns: columns, bound: bound, stride: 2 + len(shape.Scored), cut: math.MaxUint64}
}

// Taker adds rows of the blocks of one file to a sample.
type Taker struct {
	into    *Sample
	sources []int // by column of the sample: where it stands in the block, -1 for nowhere
}

// Taker takes rows from blocks with these columns.
func (s *Sample) Taker(columns []schema.Column) *Taker {
	t := &Taker{s, make([]int, len(s.columns))}
	for i, c := range s.columns {
		t.sources[i] = slices.IndexFunc(columns, func(o schema.Column) bool { return o.Name == c.Name && o.Kind != "" })
	}
	return t
}

// Add takes a row of a block, given hashes of all of it and of its id. Rows of
// one hash are the same row.
func (t *Taker) Add(block *frame.Block, row int, hash, id uint64, said *outcome.Row) {
	s := t.into
	if hash > s.cut {
		return
	}
	if at, known := s.find(hash); known {
		s.counts[at]++
		return
	}
	s.put(hash, id, 1)
	s.codes, s.numbers = roomy(s.codes, len(s.columns)), roomy(s.numbers, s.stride)
	for i := range s.columns {
		s.codes = append(s.codes, t.code(block, i, row))
	}
	s.numbers = append(append(s.numbers, said.Predicted, said.Actual), said.Scores...)
	if len(s.hashes) >= 2*s.bound {
		s.crop()
	}
}

// find is where the row of a hash is.
func (s *Sample) find(hash uint64) (at int32, known bool) {
	if s.at == nil {
		s.at = make(map[uint64]int32, 2*len(s.hashes))
		for i, h := range s.hashes {
			s.at[h] = int32(i)
		}
	}
	at, known = s.at[hash]
	return at, known
}

// put adds a row that was not found.
func (s *Sample) put(hash, id uint64, count int64) {
	s.at[hash] = int32(len(s.hashes))
	s.cropped = false
	s.hashes, s.ids, s.counts = append(s.hashes, hash), append(s.ids, id), append(s.counts, count)
}

// roomy makes room for n more, and then for as many as there are: append alone
// would copy several times as much.
func roomy[T any](all []T, n int) []T {
	if len(all)+n <= cap(all) {
		return all
	}
	return slices.Grow(all, max(n, len(all)))
}

func (t *Taker) code(block *frame.Block, column, row int) uint32 {
	at := t.sources[column]
	if at < 0 || at >= len(block.Columns) {
		return 0
	}
	c := &block.Columns[at]
	if c.Absent() || c.States != nil && c.States[row] != frame.Valid {
		return 0
	}
	switch numeric := t.into.columns[column].Numeric; {
	case c.Type == frame.Float && numeric:
		return sketch.NumberCode(c.Floats[row])
	case c.Type == frame.Symbol && !numeric:
		return sketch.TextCode(c.Symbols.Hash(c.Codes[row]))
	}
	return 0
}

// crop keeps the rows of the smallest hashes, ascending.
func (s *Sample) crop() {
	if s.cropped {
		return
	}
	order := make([]int32, 0, len(s.hashes))
	for i, h := range s.hashes {
		if h <= s.cut {
			order = append(order, int32(i))
		}
	}
	slices.SortFunc(order, func(a, b int32) int {
		if s.hashes[a] < s.hashes[b] {
			return -1
		}
		return 1
	})
	if len(order) > s.bound {
		order = order[:s.bound]
		s.cut = s.hashes[order[s.bound-1]]
	}
	old := *s
	width, n := len(s.columns), len(order)
	s.at, s.cropped = nil, true
	s.hashes, s.ids, s.counts = make([]uint64, 0, n), make([]uint64, 0, n), make([]int64, 0, n)
	s.codes, s.numbers = make([]uint32, 0, n*width), make([]float64, 0, n*s.stride)
	for _, i := range order {
		s.hashes, s.ids, s.counts = append(s.hashes, old.hashes[i]), append(s.ids, old.ids[i]), append(s.counts, old.counts[i])
		s.codes = append(s.codes, old.codes[int(i)*width:][:width]...)
		s.numbers = append(s.numbers, old.numbers[int(i)*s.stride:][:s.stride]...)
	}
}

// Merge adds the rows of another sample of the same shape. A column that it does
// not have, or has another kind of, is missing in its rows.
func (s *Sample) Merge(o *Sample) {
	from := make([]int, len(s.columns))
	for i, c := range s.columns {
		from[i] = slices.Index(o.columns, c)
	}
	s.Limit(o.cut)
	codes := make([]uint32, len(s.columns))
	for row := range o.All() {
		for i, at := range from {
			if codes[i] = 0; at >= 0 {
				codes[i] = row.Codes[at]
			}
		}
		s.Put(&Row{row.Hash, row.ID, row.Count, codes, row.Numbers})
	}
	s.crop()
}

// Row is a row of a sample. It is valid until the next one.
type Row struct {
	Hash    uint64
	ID      uint64 // hash of its id
	Count   int64  // how often it occurs
	Codes   []uint32
	Numbers []float64 // predicted, actual, then the scores; NaN for none
}

// All goes through the rows in the order of their hashes.
func (s *Sample) All() iter.Seq[*Row] {
	s.crop()
	return func(yield func(*Row) bool) {
		width := len(s.columns)
		var row Row
		for i := range s.hashes {
			row = Row{s.hashes[i], s.ids[i], s.counts[i], s.codes[i*width:][:width], s.numbers[i*s.stride:][:s.stride]}
			if !yield(&row) {
				return
			}
		}
	}
}

// Put adds a row, or to how often it occurs.
func (s *Sample) Put(r *Row) {
	if at, known := s.find(r.Hash); known {
		s.counts[at] += r.Count
		return
	}
	s.put(r.Hash, r.ID, r.Count)
	s.codes = append(s.codes, r.Codes...)
	s.numbers = append(s.numbers, r.Numbers...)
}

// Under is the sample as one of rows of another shape, which knows the classes of its
// own by the same codes: what either learns the other does not.
func (s *Sample) Under(shape *outcome.Shape) *Sample {
	if s == nil {
		return nil
	}
	other := *s
	other.shape, other.numbers = shape, slices.Clone(s.numbers)
	return &other
}

// Only is the rows that something is so of.
func (s *Sample) Only(wanted func(*Row) bool) *Sample {
	other := New(s.shape, s.columns, s.bound)
	for row := range s.All() {
		if wanted(row) {
			other.Put(row)
		}
	}
	other.Limit(s.cut)
	other.crop()
	return other
}

// Columns are the columns of the sample, ascending.
func (s *Sample) Columns() []Column { return s.columns }

// Cut is the largest hash that a row of the sample may have: of rows up to it,
// every distinct one is in it.
func (s *Sample) Cut() uint64 {
	s.crop()
	return s.cut
}

// Limit drops rows with larger hashes, and all that may still come.
func (s *Sample) Limit(cut uint64) {
	if cut < s.cut {
		s.cut, s.cropped = cut, false
	}
}

// Learn gives every row its label.
func (s *Sample) Learn(label Label) {
	for i, id := range s.ids {
		actual := &s.numbers[i*s.stride+1]
		*actual = label(id, *actual)
	}
}

// Len is the number of distinct rows.
func (s *Sample) Len() int {
	if s == nil {
		return 0
	}
	return len(s.hashes)
}
