package jsonl

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"leeway/core/fault"
	"leeway/core/schema"
)

// Keys are the columns of a file and where to find them by key.
type Keys struct {
	names []string
	index map[string]int
}

// maxCells bounds what Heads holds when each row brings keys of its own.
const maxCells = 2 << 20

// Heads finds the columns in the beginning of a file, in the order in which
// their keys first appear, with the cells of the first rows. whole tells that
// nothing follows head.
func Heads(head []byte, whole bool, rows int) (*Keys, []schema.Head, error) {
	keys := &Keys{index: map[string]int{}}
	var heads []schema.Head
	var row []found
	cut, read := 0, 0
	s := scanner{take: func(path, key []byte, v value) {
		row = append(row, found{string(path) + string(key), v})
	}}
	for at := 0; at < len(head) && read < rows && read*len(heads) < maxCells; {
		end := len(head)
		if size := bytes.IndexByte(head[at:], '\n'); size >= 0 {
			end = at + size + 1
		} else if !whole {
			break
		}
		cut++
		row = row[:0]
		good := s.line(head[:end], at)
		at = end
		if !good {
			continue
		}
		if heads, good = keys.append(heads, row, read, head); good {
			read++
		}
		if len(heads) > MaxColumns {
			return nil, nil, fault.New(fault.Invalid, fmt.Sprintf("more than %d different keys", MaxColumns), "are values written as keys?")
		}
	}
	if read == 0 && !whole && cut == 0 {
		return nil, nil, fault.New(fault.Invalid, fmt.Sprintf("the first line is longer than %d MiB", len(head)>>20), "write one object per line; the first must fit that")
	}
	if read == 0 {
		return nil, nil, fault.New(fault.Invalid, "no line is a JSON object", "write one object per line")
	}
	if len(heads) == 0 {
		return nil, nil, fault.New(fault.Invalid, "the JSON objects are empty", "write the columns as keys")
	}
	return keys, keys.pad(heads, read), nil
}

// with are the keys with the names of further columns behind them. A key that is
// there already stays where it is.
func (k *Keys) with(columns []schema.Column) *Keys {
	if len(columns) <= len(k.names) {
		return k
	}
	more := &Keys{slices.Clone(k.names), maps.Clone(k.index)}
	for i := len(k.names); i < len(columns); i++ {
		name := columns[i].Name
		if _, known := more.index[name]; !known {
			more.index[name] = i
		}
		more.names = append(more.names, name)
	}
	return more
}

// found is a member of a row.
type found struct {
	name  string
	value value
}

// append adds a row to the heads; columns that it lacks are null. False means
// that an escape in it is none, so that it is no row.
func (k *Keys) append(heads []schema.Head, row []found, read int, data []byte) ([]schema.Head, bool) {
	cells := make([]schema.Cell, len(row))
	for i, member := range row {
		text, ok := member.value.text(data), true
		if member.value.escaped {
			text, ok = unescape(bytes.Clone(text))
		}
		if !ok {
			return heads, false
		}
		cells[i] = schema.Cell{Native: member.value.native, Text: string(bytes.ToValidUTF8(text, []byte("\uFFFD")))}
	}
	for i, member := range row {
		column, known := k.index[member.name]
		if !known {
			column = len(k.names)
			k.index[member.name] = column
			k.names = append(k.names, member.name)
			heads = append(heads, schema.Head{Name: member.name})
		}
		filled := fill(heads[column].Cells, read)
		heads[column].Cells = append(filled[:read], cells[i]) // the last of two equal keys counts
	}
	return heads, true
}

func (k *Keys) pad(heads []schema.Head, rows int) []schema.Head {
	for i := range heads {
		heads[i].Cells = fill(heads[i].Cells, rows)
	}
	return heads
}

func fill(cells []schema.Cell, rows int) []schema.Cell {
	for len(cells) < rows {
		cells = append(cells, schema.Cell{Native: schema.NativeNull})
	}
	return cells
}
