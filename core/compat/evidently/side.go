package evidently

import (
	"strings"

	"leeway/core/format"
	"leeway/core/frame"
	"leeway/core/schema"
)

// Side is the data of one side: for each column, how often each text occurs.
// Files add to it in turn, as pandas.concat does: where a file lacks a column,
// its rows have no value there.
type Side struct {
	columns []*column // in the order of the first file
	rows    int64
}

// column is a column as files spell it.
type column struct {
	name    string
	spelt   bool // from delimited text: pandas finds out what a cell is
	native  schema.Native
	counts  map[string]int64
	missing int64
}

// Add reads a whole file. Of one that cannot be read to its end nothing is taken.
func (s *Side) Add(file *format.File) error {
	var part Side
	if err := part.read(file); err != nil {
		return err
	}
	s.take(&part)
	return nil
}

// take adds the rows of another side, which is used up.
func (s *Side) take(o *Side) {
	for _, c := range s.columns {
		if o.find(c.name) == nil {
			c.missing += o.rows
		}
	}
	for _, more := range o.columns {
		c := s.find(more.name)
		if c == nil {
			more.missing += s.rows
			s.columns = append(s.columns, more)
			continue
		}
		c.spelt = c.spelt && more.spelt
		c.missing += more.missing
		for text, n := range more.counts {
			c.counts[text] += n
		}
	}
	s.rows += o.rows
}

func (s *Side) read(file *format.File) error {
	heads := file.Heads()
	asked := make([]schema.Column, len(heads))
	into := make([]*column, len(heads))
	spelt := !strings.HasPrefix(file.Format(), "parquet") && !strings.HasPrefix(file.Format(), "jsonl")
	for i, head := range heads {
		asked[i] = schema.Column{Name: head.Name, Kind: schema.Categorical}
		into[i] = s.column(head, spelt)
	}
	reader, err := file.Read(asked)
	if err != nil {
		return err
	}
	defer reader.Close()
	return frame.Each(reader, func(block *frame.Block) {
		for i := range block.Columns {
			into[i].add(&block.Columns[i], block.Rows)
		}
		s.rows += int64(block.Rows)
	})
}

func (s *Side) column(head schema.Head, spelt bool) *column {
	if c := s.find(head.Name); c != nil {
		return c
	}
	c := &column{name: head.Name, spelt: spelt, counts: map[string]int64{}}
	for _, cell := range head.Cells {
		if cell.Native != schema.NativeNull {
			c.native = cell.Native
			break
		}
	}
	s.columns = append(s.columns, c)
	return c
}

// find gives a column by name, nil if there is none.
func (s *Side) find(name string) *column {
	for _, c := range s.columns {
		if c.name == name {
			return c
		}
	}
	return nil
}

// add counts the cells of a block.
func (c *column) add(cells *frame.Column, rows int) {
	if cells.Absent() {
		c.missing += int64(rows)
		return
	}
	counts := make([]int64, cells.Symbols.Len())
	for row := range rows {
		if cells.States != nil && cells.States[row] != frame.Valid {
			c.missing++
			continue
		}
		counts[cells.Codes[row]]++
	}
	for code, n := range counts {
		if n > 0 {
			c.counts[cells.Symbols.Text(uint32(code))] += n
		}
	}
}
