package parquet

import (
	"errors"
	"io"

	"leeway/core/frame"
	"leeway/core/schema"
)

var errRows = errors.New("has more or fewer rows than its row group")

// list is what a column within lists has read but not yet put into rows.
type list struct {
	reps, defs []uint32
	at, have   int // of the levels
	vector     *vector
	index      []uint32
	value      int   // the next one of vector or index
	open       int   // brackets
	rows       int64 // put out so far
}

// fillLists reads n rows of a column within lists, each as a JSON array.
func (c *column) fillLists(n int, first int64) error {
	for row := range n {
		here, err := c.array()
		if err != nil {
			return err
		}
		if err := c.put(row, here); err != nil {
			return err
		}
		c.tell(nil, first+int64(row))
	}
	return nil
}

// array reads the next row into scratch; false if there is no list.
func (c *column) array() (bool, error) {
	l := &c.list
	ended := l.at == l.have && c.entries == 0 && c.left == 0
	if ended != (l.rows == c.rows) {
		return false, errRows
	}
	if l.at == l.have {
		if err := c.more(); err != nil {
			return false, err
		}
	}
	if l.reps[l.at] != 0 {
		return false, errors.New("has a row that begins in the middle of a list")
	}
	c.scratch = c.scratch[:0]
	here := int(l.defs[l.at]) >= c.leaf.lists[0]-1
	for {
		c.element(int(l.reps[l.at]), int(l.defs[l.at]))
		if len(c.scratch) > MaxCell {
			return false, errCell
		}
		l.at++
		if l.at == l.have {
			if c.entries == 0 && c.left == 0 {
				break
			}
			if err := c.more(); err != nil {
				return false, err
			}
		}
		if l.reps[l.at] == 0 {
			break
		}
	}
	c.close(0)
	l.rows++
	return here, nil
}

// element writes what an entry with the given levels adds to the row.
func (c *column) element(rep, def int) {
	l := &c.list
	if rep > 0 {
		c.close(rep)
		c.scratch = append(c.scratch, ',')
	}
	for _, level := range c.leaf.lists[rep:] {
		if def < level-1 {
			c.scratch = append(c.scratch, "null"...)
			return
		}
		c.scratch = append(c.scratch, '[')
		l.open++
		if def < level {
			return
		}
	}
	if def < c.leaf.maxDef {
		c.scratch = append(c.scratch, "null"...)
		return
	}
	if l.index != nil {
		c.scratch = c.leaf.json(c.scratch, c.values.dictionary.at(int(l.index[l.value]), c.leaf.width))
	} else {
		c.scratch = c.leaf.json(c.scratch, l.vector.at(l.value, c.leaf.width))
	}
	l.value++
}

// close closes brackets until depth are open.
func (c *column) close(depth int) {
	for ; c.list.open > depth; c.list.open-- {
		c.scratch = append(c.scratch, ']')
	}
}

// more reads further levels and values.
func (c *column) more() error {
	if c.entries == 0 {
		if err := c.next(); errors.Is(err, io.EOF) {
			return errShort
		} else if err != nil {
			return err
		}
	}
	l, n := &c.list, min(c.entries, frame.BlockRows)
	l.reps, l.defs = grow(l.reps, n), grow(l.defs, n)
	for _, levels := range []struct {
		from *levels
		to   []uint32
	}{{&c.reps, l.reps}, {&c.defs, l.defs}} {
		all, err := levels.from.read(levels.to)
		if err != nil {
			return err
		}
		for i := range levels.to {
			if all {
				levels.to[i] = uint32(levels.from.max)
			}
		}
	}
	c.entries -= n
	l.at, l.have, l.value, l.index, l.vector = 0, n, 0, nil, nil
	present := count(l.defs, uint32(c.leaf.maxDef))
	var err error
	if c.values.indexed() {
		l.index, err = c.values.positions(present)
	} else {
		l.vector, err = c.values.read(present)
	}
	return err
}

// put makes the row in scratch a cell.
func (c *column) put(row int, here bool) error {
	s := &c.out
	missing := !here || c.listed && c.words.Text(c.scratch)
	switch {
	case missing:
		s.none(row, frame.Missing)
	case s.Type == frame.Bytes:
		s.Data = append(s.Data, c.scratch...)
		if len(s.Data) > MaxText {
			return errText
		}
	case c.kind == schema.Categorical:
		code, _, err := c.intern(c.scratch)
		if err != nil {
			return err
		}
		s.Codes[row] = code
	default:
		s.none(row, frame.Mistyped)
		c.mistyped.add(0, c.scratch)
	}
	if s.Type == frame.Bytes {
		s.Offsets[row+1] = uint32(len(s.Data))
	}
	return nil
}
