package format

import (
	"errors"
	"io"

	"leeway/core/frame"
	"leeway/core/schema"
)

// Later gives the heads of those of the named columns that Heads lacks and that
// the file has all the same, with some of their cells as text: keys of JSON
// Lines may first appear far behind the beginning. It reads as far as it must,
// so there are none of a stream, which can be read only once.
func (f *File) Later(names []string) ([]schema.Head, error) {
	if !f.late || f.source.At == nil || len(names) == 0 {
		return nil, nil
	}
	columns := make([]schema.Column, len(f.heads)) // of no kind: not read
	for _, name := range names {
		columns = append(columns, schema.Column{Name: name, Kind: schema.Text})
	}
	reader, err := f.read(columns, nil)
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	cells := make([][]schema.Cell, len(names))
	var block frame.Block
	for found := 0; found < len(names); {
		err := reader.Next(&block)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		found = 0
		for i := range names {
			if len(cells[i]) == 0 {
				cells[i] = texts(&block.Columns[len(f.heads)+i], block.Rows)
			}
			if len(cells[i]) > 0 {
				found++
			}
		}
	}
	var heads []schema.Head
	for i, name := range names {
		if len(cells[i]) > 0 {
			heads = append(heads, schema.Head{Name: name, Cells: cells[i]})
		}
	}
	return heads, nil
}

// texts are the values of a column of texts.
func texts(c *frame.Column, rows int) (cells []schema.Cell) {
	if c.Absent() {
		return nil
	}
	for row := range rows {
		if c.States == nil || c.States[row] == frame.Valid {
			cells = append(cells, schema.Cell{Native: schema.NativeText, Text: string(c.Bytes(row))})
		}
	}
	return cells
}
