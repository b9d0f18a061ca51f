package frame

// Take copies the given rows of b, in that order, into the block to, whose
// memory is reused. It is how rows of one file are routed to several windows;
// Symbols are shared, not copied.
func (b *Block) Take(rows []int32, to *Block) {
	to.Rows, to.First = len(rows), b.First
	if cap(to.Columns) < len(b.Columns) {
		to.Columns = make([]Column, len(b.Columns))
	}
	to.Columns = to.Columns[:len(b.Columns)]
	for i := range b.Columns {
		b.Columns[i].take(rows, &to.Columns[i])
	}
}

func (c *Column) take(rows []int32, to *Column) {
	to.Type, to.Symbols = c.Type, c.Symbols
	if c.States == nil {
		to.States = nil
	} else {
		to.States = pick(to.States[:0], c.States, rows)
	}
	switch c.Type {
	case Float:
		to.Floats = pick(to.Floats[:0], c.Floats, rows)
	case Time:
		to.Times = pick(to.Times[:0], c.Times, rows)
	case Symbol:
		to.Codes = pick(to.Codes[:0], c.Codes, rows)
	case Bytes:
		to.Data, to.Offsets = to.Data[:0], append(to.Offsets[:0], 0)
		for _, row := range rows {
			to.Data = append(to.Data, c.Bytes(int(row))...)
			to.Offsets = append(to.Offsets, uint32(len(to.Data)))
		}
	}
}

func pick[T any](to, from []T, rows []int32) []T {
	for _, row := range rows {
		to = append(to, from[row])
	}
	return to
}
