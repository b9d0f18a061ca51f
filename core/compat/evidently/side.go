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
	rows    int64
}

// Add reads a whole file.
func (s *Side) Add(file *format.File) error {
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
	defer s.even()
	return frame.Each(reader, func(block *frame.Block) {
		for i := range block.Columns {
			into[i].add(&block.Columns[i], block.Rows)
		}
		s.rows += int64(block.Rows)
	})
}

// even makes all columns as long as the table.
func (s *Side) even() {
	for _, c := range s.columns {
		c.missing += s.rows - c.rows
		c.rows = s.rows
	}
}

func (s *Side) column(head schema.Head, spelt bool) *column {
	for _, c := range s.columns {
		if c.name == head.Name {
			c.spelt = c.spelt && spelt
			return c
		}
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
	c.rows += int64(rows)
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
