package segment

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"leeway/core/fault"
	"leeway/core/frame"
	"leeway/core/internal/words"
	"leeway/core/schema"
)

// Counter counts how many rows of a reference have each value, or each
// combination of values, of the columns that make segments.
type Counter struct {
	rows   int64
	counts []*counts
}

// counts are those of one division.
type counts struct {
	by   []string
	of   map[string]int64 // by key
	vals map[string][]string
	over bool // there are too many
	many []map[string]bool
}

// NewCounter counts for divisions by the given columns, each ascending.
func NewCounter(by [][]string) *Counter {
	c := &Counter{}
	for _, names := range by {
		c.counts = append(c.counts, &counts{by: names, of: map[string]int64{}, vals: map[string][]string{}, many: make([]map[string]bool, len(names))})
	}
	return c
}

// Tally counts the rows of one file, until it is clear that the file counts.
type Tally struct {
	rows  int64
	parts []*tallied
	cells [][]uint16
}

type tallied struct {
	columns []*coder
	numbers []bool // columns whose values are numbers
	counts  map[uint64]int64
	over    bool
}

// Start begins a file with the given columns.
func (c *Counter) Start(columns []schema.Column) *Tally {
	t := &Tally{cells: make([][]uint16, MostColumns)}
	for _, one := range c.counts {
		p := &tallied{counts: map[uint64]int64{}}
		for _, name := range one.by {
			c := newCoder(columns, name)
			p.columns = append(p.columns, c)
			p.numbers = append(p.numbers, c.at >= 0 && columns[c.at].Kind.Quantitative())
		}
		t.parts = append(t.parts, p)
	}
	return t
}

// Add takes the rows of a block.
func (t *Tally) Add(block *frame.Block) {
	t.rows += int64(block.Rows)
	for _, p := range t.parts {
		for i, c := range p.columns {
			t.cells[i] = c.read(block, t.cells[i][:0])
			p.over = p.over || c.over
		}
		for row := range block.Rows {
			key, whole := uint64(0), true
			for i := range p.columns {
				id := t.cells[i][row]
				key, whole = key<<16|uint64(id), whole && id > 0
			}
			if !whole {
				continue
			}
			if _, known := p.counts[key]; !known && len(p.counts) > mostValues {
				p.over = true
				continue
			}
			p.counts[key]++
		}
	}
}

// Take adds what a file's tally counted.
func (c *Counter) Take(t *Tally) {
	c.rows += t.rows
	for i, p := range t.parts {
		one := c.counts[i]
		for k, column := range p.columns {
			if p.numbers[k] {
				one.note(k, column.texts)
			}
		}
		if one.over = one.over || p.over; one.over { // that is an error: nothing else is asked of it
			continue
		}
		d := Division{By: one.by}
		for packed, n := range p.counts {
			values := make([]string, len(one.by))
			for k := len(values) - 1; k >= 0; k-- {
				values[k] = p.columns[k].texts[uint16(packed)-1]
				packed >>= 16
			}
			key := d.Key(values)
			one.of[key] += n
			one.vals[key] = values
		}
		one.over = one.over || len(one.of) > mostValues
	}
}

// note remembers which numbers there are, up to one more than there may be.
func (c *counts) note(at int, texts []string) {
	if c.many[at] == nil {
		c.many[at] = map[string]bool{}
	}
	for _, text := range texts {
		if len(c.many[at]) <= MostNumbers {
			c.many[at][text] = true
		}
	}
}

// Divisions are the segments to keep: of each division those with the most rows,
// at most MostKept, with LeastRows or more; of as many rows those whose keys come
// first. The notes say where none is left, and how much is in the rest. An error of
// kind Invalid names columns that have too many values to make segments of.
func (c *Counter) Divisions() (divisions []Division, notes []string, err error) {
	var failed []error
	for _, one := range c.counts {
		if err := one.check(); err != nil {
			failed = append(failed, err)
			continue
		}
		d, covered := one.keep()
		by := strings.Join(one.by, ", ")
		switch {
		case len(d.Kept) == 0:
			notes = append(notes, fmt.Sprintf("segments by %s: none has %d rows or more in the reference, so there are none", by, LeastRows))
		case len(d.Kept) < len(one.of):
			notes = append(notes, fmt.Sprintf("segments by %s: the %d largest of %s, with %s of the reference's rows; the others are %s",
				by, len(d.Kept), words.Count(int64(len(one.of))), words.Share(float64(covered)/float64(c.rows)), d.Key(nil)))
		}
		divisions = append(divisions, d)
	}
	return divisions, notes, errors.Join(failed...)
}

func (c *counts) check() error {
	for i, numbers := range c.many {
		if len(numbers) > MostNumbers {
			return &fault.Error{Kind: fault.Invalid, Err: fmt.Errorf("no segments can be made of %q: it has numbers, more than %d different ones", c.by[i], MostNumbers),
				Hint: "log a column with a few ranges of it (young, old), or declare kind: categorical to take the most frequent values"}
		}
	}
	if c.over {
		return &fault.Error{Kind: fault.Invalid, Err: fmt.Errorf("more than %d different values of %s are too many to make segments of", mostValues, strings.Join(c.by, ", ")),
			Hint: "choose a column with fewer values"}
	}
	return nil
}

func (c *counts) keep() (d Division, covered int64) {
	d.By, d.Kept = c.by, [][]string{}
	var keys []string
	for key, n := range c.of {
		if n >= LeastRows {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(c.of[b], c.of[a]), cmp.Compare(a, b)) })
	keys = keys[:min(len(keys), MostKept)]
	slices.Sort(keys)
	for _, key := range keys {
		d.Kept = append(d.Kept, c.vals[key])
		covered += c.of[key]
	}
	return d, covered
}
