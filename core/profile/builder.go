package profile

import (
	"math"
	"slices"
	"strings"
	"sync"

	"leeway/core/frame"
	"leeway/core/schema"
	"leeway/core/sketch"
)

// Builder makes a Dataset of blocks. It works a column at a time, and in the
// steady state allocates nothing.
type Builder struct {
	feeds   []*feed // as the columns of a block; nil for those left out
	into    *Dataset
	coded   int  // columns of the coded sample
	lined   bool // whole rows are looked at
	columns []schema.Column
	options *Options
	divided *divided // nil: no segments
	then    func(block *frame.Block, hashes []uint64)
}

// feed is what a Builder holds of a column of its blocks.
type feed struct {
	*Column
	form  form
	seed  uint64  // makes equal cells of different columns differ in a row's hash
	at    int     // in the names of the sample, -1 for embeddings
	code  int     // in the names of the coded sample, -1 for what is not compared
	tally tally   // of a categorical column
	id    *secret // of ids: what their hashes are made of, nil for nothing
}

// scratch is memory that builders share, since many may be open at once.
type scratch struct {
	rows   []uint64 // the hash of each row
	cells  []uint64 // the hashes of a column's valid cells
	values []float64
	picked []int32 // rows for the coded sample
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// New makes a builder for blocks with the given columns, in block order. Those
// without a kind or of role ignore are left out, and so is any column whose
// name an earlier one has. Without options it keeps what [Stored] says.
func New(columns []schema.Column, o *Options) *Builder {
	if o == nil {
		o = &Stored
	}
	return newBuilder(columns, o, true)
}

// newBuilder makes one that looks at whole rows or not.
func newBuilder(columns []schema.Column, o *Options, lined bool) *Builder {
	b := &Builder{feeds: make([]*feed, len(columns)), into: &Dataset{}, lined: lined, columns: columns, options: o}
	var names, coded []string
	ids := secretOf(o.IDKey)
	taken := make(map[string]bool, len(columns))
	for i, column := range columns {
		form := formOf(column.Kind, column.Role)
		if form == skipped || taken[column.Name] {
			continue
		}
		taken[column.Name] = true
		c := newColumn(column.Name, column.Kind, column.Role, o)
		b.feeds[i] = &feed{Column: c, form: form, seed: frame.HashText([]byte(c.Name)) | 1}
		if c.Role == schema.ID {
			b.feeds[i].id = ids
		}
		b.into.Columns = append(b.into.Columns, c)
		if form != bare {
			names = append(names, c.Name)
		}
		if c.Role.Drifts() && (form == numeric || form == categorical) {
			coded = append(coded, c.Name)
		}
	}
	slices.SortFunc(b.into.Columns, func(a, b *Column) int { return strings.Compare(a.Name, b.Name) })
	slices.Sort(names)
	slices.Sort(coded)
	for _, f := range b.feeds {
		if f != nil {
			f.at, f.code = indexOf(names, f.Name), indexOf(coded, f.Name)
		}
	}
	if !lined {
		b.into.Lines = sketch.NewRows(1, 0, nil)
		return b
	}
	b.into.Lines = sketch.NewRows(o.Rows, o.Sample, names)
	b.into.Lines.Code(o.Coded, coded)
	b.coded = len(coded)
	return b
}

// indexOf finds a name among sorted ones, -1 for none.
func indexOf(names []string, name string) int {
	if at, found := slices.BinarySearch(names, name); found {
		return at
	}
	return -1
}

// Then has take called with each block that was added, and a hash of each of its
// rows: the same for rows that are equal in every column. nil: nobody.
func (b *Builder) Then(take func(block *frame.Block, hashes []uint64)) { b.then = take }

// Add takes the rows of a block, which may be reused afterwards. Columns that
// the block does not have (frame.Column.Absent, or more than it has) are missing
// in its rows.
func (b *Builder) Add(block *frame.Block) {
	if block.Rows == 0 {
		return
	}
	s := scratches.Get().(*scratch)
	s.rows = append(s.rows[:0], make([]uint64, block.Rows)...)
	b.into.Rows += int64(block.Rows)
	for i, f := range b.feeds {
		switch {
		case f == nil:
		case i < len(block.Columns):
			f.add(&block.Columns[i], block.Rows, s)
		default:
			f.absent(block.Rows)
		}
	}
	if b.lined {
		b.lines(block, s)
	}
	scratches.Put(s)
	if b.divided != nil {
		b.divided.add(block)
	}
}

// lines takes whole rows, by the hashes of their cells.
func (b *Builder) lines(block *frame.Block, s *scratch) {
	for i, h := range s.rows {
		s.rows[i] = frame.Mix(h)
	}
	b.into.Lines.Add(s.rows)
	b.code(block, s)
	for row, h := range s.rows {
		if b.into.Lines.Wants(h) {
			b.into.Lines.Keep(b.line(block, row, h))
		}
	}
	if b.then != nil {
		b.then(block, s.rows)
	}
}

// Profile is the summary of all rows added; the builder is used up.
func (b *Builder) Profile() *Dataset {
	for _, f := range b.feeds {
		if f != nil {
			f.tally.flush(f.Categories)
		}
	}
	if b.divided != nil && b.into.Rows > 0 {
		b.into.Segments = b.divided.profiles()
	}
	return b.into.finish()
}

func (f *feed) absent(rows int) {
	f.Rows += int64(rows)
	f.Missing += int64(rows)
}

func (f *feed) add(c *frame.Column, rows int, s *scratch) {
	if c.Absent() {
		f.absent(rows)
		return
	}
	f.Rows += int64(rows)
	if c.States != nil {
		f.states(c.States, s.rows)
	}
	switch {
	case f.form == numeric && c.Type == frame.Float:
		f.numbers(c, s)
	case f.form == categorical && c.Type == frame.Symbol:
		f.tally.add(f, c, s.rows)
	default:
		f.others(c, rows, s)
	}
}

// states counts cells without a value. A missing cell adds nothing to a row's
// hash, so that a row is the same whether its file has the column or not.
func (f *feed) states(states []frame.State, rows []uint64) {
	mistyped := frame.Mix(f.seed)
	for i, state := range states {
		switch state {
		case frame.Missing:
			f.Missing++
		case frame.Mistyped:
			f.Mistyped++
			rows[i] += mistyped
		}
	}
}

// numbers takes a column of numbers.
func (f *feed) numbers(c *frame.Column, s *scratch) {
	values := c.Floats
	if c.States == nil {
		s.cells = slices.Grow(s.cells[:0], len(values))[:len(values)]
		for i, x := range values {
			h := frame.HashFloat(x)
			s.cells[i] = h
			s.rows[i] += h * f.seed
		}
	} else {
		s.values, s.cells = s.values[:0], s.cells[:0]
		for i, state := range c.States {
			if state == frame.Valid {
				h := frame.HashFloat(values[i])
				s.rows[i] += h * f.seed
				s.values, s.cells = append(s.values, values[i]), append(s.cells, h)
			}
		}
		values = s.values
	}
	if len(values) == 0 {
		return
	}
	n := f.Numeric
	n.Grid.AddHashed(values, s.cells)
	sketch.Accumulate(values, &n.Sum, &n.Squares)
	low, high := values[0], values[0]
	for _, x := range values[1:] {
		if x < low {
			low = x
		}
		if x > high {
			high = x
		}
	}
	n.widen(low, high)
}

// widen makes Min and Max cover a range.
func (n *Numeric) widen(low, high float64) {
	if math.IsNaN(n.Min) {
		n.Min, n.Max = low, high
	}
	n.Min, n.Max = min(n.Min, low), max(n.Max, high)
}

// others takes columns of which only distinct values, or nothing, is kept.
func (f *feed) others(c *frame.Column, rows int, s *scratch) {
	s.cells = s.cells[:0]
	for i := range rows {
		if c.States != nil && c.States[i] != frame.Valid {
			continue
		}
		h := f.id.of(hashOf(c, i))
		s.rows[i] += h * f.seed
		s.cells = append(s.cells, h)
	}
	if f.form == instants && c.Type == frame.Time {
		f.instants(c, f.Valid() == int64(len(s.cells)))
	}
	if f.Distinct != nil {
		f.Distinct.Add(s.cells)
	}
}

// hashOf is that of a cell.
func hashOf(c *frame.Column, row int) uint64 {
	switch c.Type {
	case frame.Bytes:
		return frame.HashText(c.Bytes(row))
	case frame.Time:
		return frame.Mix(uint64(c.Times[row]))
	case frame.Float:
		return frame.HashFloat(c.Floats[row])
	case frame.Symbol:
		return c.Symbols.Hash(c.Codes[row])
	}
	return 0
}

// instants finds the first and the last instant, and counts hours of the day.
func (f *feed) instants(c *frame.Column, fresh bool) {
	for i, at := range c.Times {
		if c.States != nil && c.States[i] != frame.Valid {
			continue
		}
		if fresh {
			f.First, f.Last, fresh = at, at, false
		}
		f.First, f.Last = min(f.First, at), max(f.Last, at)
		const hour = int64(3600e9)
		of := at % (24 * hour)
		if of < 0 {
			of += 24 * hour
		}
		f.Hours[of/hour]++
	}
}
