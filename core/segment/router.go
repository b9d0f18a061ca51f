package segment

import (
	"slices"

	"leeway/core/frame"
	"leeway/core/schema"
)

// Router tells of the rows of a file's blocks which segments they are in. It
// allocates nothing in the steady state.
type Router struct {
	parts []*part
	cells []uint16
	state []int32
}

// part is what a Router holds of a division. Values lead through a table from
// state to state, column by column; where there is no way on, the row is of the
// rest.
type part struct {
	division *Division
	columns  []*coder
	next     [][]int32 // by column: state × number of the value -> state, -1 for none
	rows     [][]int32 // by segment; reused
}

// NewRouter makes a router for blocks with the given columns. A division whose
// columns they lack has all of their rows in its rest.
func NewRouter(divisions []Division, columns []schema.Column) *Router {
	r := &Router{}
	for i := range divisions {
		r.parts = append(r.parts, newPart(&divisions[i], columns))
	}
	return r
}

func newPart(d *Division, columns []schema.Column) *part {
	p := &part{division: d, rows: make([][]int32, len(d.Kept)+1)}
	states := map[string]int32{"": 0}
	for level, name := range d.By {
		c := newCoder(columns, name)
		var values []string
		for _, kept := range d.Kept {
			values = append(values, kept[level])
		}
		slices.Sort(values)
		c.fix(slices.Compact(values))
		p.columns = append(p.columns, c)
		width := len(c.texts) + 1
		table := make([]int32, len(states)*width)
		for i := range table {
			table[i] = -1
		}
		after := map[string]int32{}
		for segment, kept := range d.Kept {
			prefix := d.prefix(kept, level+1)
			to, known := after[prefix]
			if !known {
				to = int32(len(after))
				after[prefix] = to
			}
			if level == len(d.By)-1 {
				to = int32(segment)
			}
			table[int(states[d.prefix(kept, level)])*width+int(c.ids[kept[level]])] = to
		}
		p.next, states = append(p.next, table), after
	}
	return p
}

// prefix names the first values of a segment.
func (d *Division) prefix(values []string, n int) string {
	return (&Division{By: d.By[:n]}).Key(values[:n])
}

func indexOf(columns []schema.Column, name string) int {
	return slices.IndexFunc(columns, func(c schema.Column) bool { return c.Name == name && c.Kind != "" })
}

// Each hands on the rows of each segment that has any in the block: the number
// of the division, that of the segment in its Kept (len(Kept) is the rest), and
// the rows, ascending, which are valid until the next call.
func (r *Router) Each(block *frame.Block, take func(division, segment int, rows []int32)) {
	for at, p := range r.parts {
		r.walk(p, block)
		for segment, rows := range p.rows {
			if len(rows) > 0 {
				take(at, segment, rows)
				p.rows[segment] = rows[:0]
			}
		}
	}
}

// Segments appends, for each row of the block, the number of its segment in one
// division.
func (r *Router) Segments(block *frame.Block, division int, to []int32) []int32 {
	p := r.parts[division]
	r.find(p, block)
	for _, state := range r.state {
		if state < 0 {
			state = int32(len(p.division.Kept))
		}
		to = append(to, state)
	}
	return to
}

// find leads all rows through the tables of a division.
func (r *Router) find(p *part, block *frame.Block) {
	r.state = append(r.state[:0], make([]int32, block.Rows)...)
	for level, c := range p.columns {
		r.cells = c.read(block, r.cells[:0])
		table, width := p.next[level], int32(len(c.texts)+1)
		for row, id := range r.cells {
			if state := r.state[row]; state >= 0 {
				r.state[row] = table[state*width+int32(id)]
			}
		}
	}
}

func (r *Router) walk(p *part, block *frame.Block) {
	r.find(p, block)
	for row, state := range r.state {
		if state < 0 {
			state = int32(len(p.division.Kept))
		}
		p.rows[state] = append(p.rows[state], int32(row))
	}
}
