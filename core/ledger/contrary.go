package ledger

import (
	"math"

	"leeway/core/outcome"
)

// mostIDs is how many ids are remembered to find those that come again: of more, those of
// which the hash divides by ever higher powers of two, which are a fair sample of them.
const mostIDs = 1 << 17

// Contrary counts ids that come more than once with predictions that differ. What it says
// does not hang on the order of rows or ledgers. The zero value is ready to use.
type Contrary struct {
	said map[uint64]repeatedID
	mask uint64
}

// repeatedID is what was predicted of an id.
type repeatedID struct {
	predicted float64
	rows      int64
	differ    bool
}

// Add looks at the rows of a ledger.
func (c *Contrary) Add(l *Ledger) {
	if c.said == nil {
		c.said = map[uint64]repeatedID{}
	}
	var row outcome.Row
	for i := range l.shards {
		s := &l.shards[i]
		for at, id := range s.ids {
			if id == None || id/shards&c.mask != 0 {
				continue
			}
			if l.row(s, at, &row); math.IsNaN(row.Predicted) {
				continue
			}
			one, again := c.said[id]
			if !again {
				one.predicted = row.Predicted
			}
			one.rows++
			one.differ = one.differ || one.predicted != row.Predicted
			if c.said[id] = one; len(c.said) > mostIDs {
				c.thin()
			}
		}
	}
}

// thin lets half of the ids go.
func (c *Contrary) thin() {
	c.mask = c.mask<<1 | 1
	for id := range c.said {
		if id/shards&c.mask != 0 {
			delete(c.said, id)
		}
	}
}

// Count is how many ids have predictions that differ, and how many rows these have; exact is
// false where it is an estimate from a sample of ids.
func (c *Contrary) Count() (ids, rows int64, exact bool) {
	for _, one := range c.said {
		if one.differ {
			ids, rows = ids+1, rows+one.rows
		}
	}
	of := int64(c.mask + 1)
	return ids * of, rows * of, c.mask == 0
}
