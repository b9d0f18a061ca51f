package ledger

import (
	"cmp"
	"math"
	"slices"

	"leeway/core/internal/wire"
	"leeway/core/outcome"
)

// The section of groups is
//
//	columns (name numeric values row...)...
//
// for each column its distinct values in order (texts by their bytes, numbers
// ascending), and for each row, in the order of rows, the place of its value plus
// two, 1 for a value that is not told apart and 0 for none.
const (
	noValue    = 0
	otherValue = 1
	firstValue = 2
)

// groupSection writes what rows are grouped by.
type groupSection struct {
	l       *Ledger
	first   int // where groups begin among the values of a row
	columns []groupColumn
}

type groupColumn struct {
	by      *outcome.Grouping
	texts   []string
	numbers []float64
	places  []uint64 // by code, of texts
	to      []byte   // the rows' values
}

func newGroupSection(l *Ledger) *groupSection {
	g := &groupSection{l: l, first: l.own}
	for i, by := range grouping(l.shape) {
		c := groupColumn{by: by}
		if by.Numeric {
			c.numbers = g.numbers(i)
		} else {
			c.list(g.codes(i))
		}
		g.columns = append(g.columns, c)
	}
	return g
}

// numbers are the distinct numbers of a column, ascending.
func (g *groupSection) numbers(column int) []float64 {
	var list []float64
	for i := range g.l.shards {
		s := &g.l.shards[i]
		for at := range s.ids {
			if x := g.value(s, at, column); !math.IsNaN(x) {
				list = append(list, x)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// codes are the codes that occur in a column.
func (g *groupSection) codes(column int) map[float64]bool {
	found := map[float64]bool{}
	for i := range g.l.shards {
		s := &g.l.shards[i]
		for at := range s.ids {
			if x := g.value(s, at, column); !math.IsNaN(x) {
				found[x] = true
			}
		}
	}
	return found
}

// list gives the codes their places. The same dictionary may hold values of other
// ledgers too: only those that occur here are written.
func (c *groupColumn) list(codes map[float64]bool) {
	by := map[string]float64{}
	highest := -1.0
	for code := range codes {
		if text, ok := c.by.Text(code); ok {
			c.texts = append(c.texts, text)
			by[text] = code
		}
		highest = max(highest, code)
	}
	slices.Sort(c.texts)
	c.places = make([]uint64, int(highest)+1)
	for i := range c.places {
		c.places[i] = otherValue
	}
	for at, text := range c.texts {
		c.places[int(by[text])] = uint64(at) + firstValue
	}
}

func (g *groupSection) value(s *predictions, at, column int) float64 {
	return s.values[at*g.l.stride+g.first+column]
}

// place is that of a value among those of its column.
func (c *groupColumn) place(x float64) uint64 {
	switch {
	case math.IsNaN(x):
		return noValue
	case c.by.Numeric:
		at, _ := slices.BinarySearch(c.numbers, x)
		return uint64(at) + firstValue
	case x < 0:
		return otherValue
	}
	return c.places[int(x)]
}

func (g *groupSection) tag() uint64 { return groupsTag }

func (g *groupSection) compare(s *predictions, a, b int) int {
	for i := range g.columns {
		c := &g.columns[i]
		if order := cmp.Compare(c.place(g.value(s, a, i)), c.place(g.value(s, b, i))); order != 0 {
			return order
		}
	}
	return 0
}

func (g *groupSection) shard(s *predictions, rows []place) {
	for i := range g.columns {
		c := &g.columns[i]
		for _, row := range rows {
			c.to = wire.Uint(c.to, c.place(g.value(s, int(row.at), i)))
		}
	}
}

func (g *groupSection) bytes() []byte {
	to := wire.Uint(nil, uint64(len(g.columns)))
	for i := range g.columns {
		c := &g.columns[i]
		to = wire.Flag(wire.Text(to, c.by.Name), c.by.Numeric)
		if c.by.Numeric {
			to = wire.Uint(to, uint64(len(c.numbers)))
			for _, x := range c.numbers {
				to = wire.Float(to, x)
			}
		} else {
			to = wire.Uint(to, uint64(len(c.texts)))
			for _, text := range c.texts {
				to = wire.Text(to, text)
			}
		}
		to = append(to, c.to...)
	}
	return to
}

// groups reads the section into the rows of a ledger. Columns that the shape does
// not group by are left out; those that the data lack stay without values.
func (r *reader) groups(l *Ledger) {
	for range r.Size(3) {
		name, numeric := r.Text(), r.Flag()
		column := slices.IndexFunc(grouping(l.shape), func(c *outcome.Grouping) bool { return c.Name == name && c.Numeric == numeric })
		values := r.values(l, column, numeric)
		for i := range l.shards {
			s := &l.shards[i]
			for at := range s.ids {
				place := r.Uint()
				if r.Err() == nil && place >= uint64(len(values)) {
					r.Fail("a row's group is out of range")
				}
				if r.Err() != nil {
					return
				}
				if column >= 0 {
					s.values[at*l.stride+l.own+column] = values[place]
				}
			}
		}
	}
}

// values are those of a column, by their places in the data, as rows of the ledger
// hold them.
func (r *reader) values(l *Ledger, column int, numeric bool) []float64 {
	values := []float64{noValue: math.NaN(), otherValue: -1}
	if numeric {
		values[otherValue] = math.NaN()
		for range r.Size(8) {
			values = append(values, r.number())
		}
		return values
	}
	for range r.Size(1) {
		text := r.Text()
		if column < 0 || r.Err() != nil {
			values = append(values, math.NaN())
			continue
		}
		values = append(values, grouping(l.shape)[column].Code([]byte(text)))
	}
	return values
}
