package truth

import (
	"math"

	"leeway/core/cases"
	"leeway/core/frame"
	"leeway/core/ledger"
	"leeway/core/outcome"
	"leeway/core/schema"
	"leeway/core/segment"
)

// numbered gives a block's rows the numbers of their windows; nil where they have none.
type numbered func(*frame.Block) func(row int) uint16

func (n numbered) of(block *frame.Block) func(row int) uint16 {
	if n == nil {
		return nil
	}
	return n(block)
}

// Reading is what one file adds, until it is clear that the file counts.
type Reading struct {
	*Outcomes
	taker   *outcome.Taker
	id      int // its column, -1 for none
	hasher  ledger.Hasher
	mark    ledger.Mark
	summary *outcome.Summary
	came    []int64
	other   []int64       // predictions of rows without a label, by class
	said    *outcome.Said // nil: not wanted
	cases   *cases.Sample // nil: not wanted
	sampler *cases.Taker
	without *cases.Sample // nil: among cases
	others  *cases.Taker
	Numbers numbered // of windows, by which rows are known too; nil: not wanted
}

// Start gets ready for a file with these columns; nil where there is nothing to
// take from it.
func (o *Outcomes) Start(contract *schema.Schema, divisions []segment.Division, columns []schema.Column) *Reading {
	if o == nil {
		return nil
	}
	if o.Shape == nil {
		o.Shape = outcome.NewShape(contract, outcome.Exact).Divide(divisions)
	}
	if o.Shape != nil && o.Shape.Groups != nil {
		o.Joined = true // which groups are kept is only known once all rows are
	}
	if o.Shape == nil || !o.Joined && len(contract.ByRole(schema.Label)) == 0 && !(o.Said && o.Shape.Many()) {
		return nil
	}
	r := &Reading{Outcomes: o, taker: outcome.NewTaker(o.Shape, columns), id: -1, hasher: ledger.Hasher{Key: o.Key}}
	if o.Said {
		r.said = outcome.NewSaid(o.Shape)
	}
	if o.Cases > 0 && (o.Joined || len(contract.ByRole(schema.Label)) > 0) {
		r.cases = cases.New(o.Shape, cases.ColumnsOf(contract), o.Cases)
		r.sampler = r.cases.Taker(columns)
		if r.others = r.sampler; !o.Joined {
			r.without = cases.New(o.Shape, cases.ColumnsOf(contract), o.Cases)
			r.others = r.without.Taker(columns)
		}
	}
	if !o.Joined {
		o.admitted()
		r.summary = outcome.New(o.Shape)
		return r
	}
	if o.ledger == nil {
		o.ledger = ledger.New(o.Shape)
	}
	r.mark = o.ledger.Mark()
	if id := o.id(contract); id != nil {
		for i := range columns {
			if columns[i].Name == id.Name && columns[i].Kind != "" && r.id < 0 {
				r.id = i
			}
		}
	}
	return r
}

// Add takes the rows of a block, given their hashes.
func (r *Reading) Add(block *frame.Block, hashes []uint64) {
	if r == nil {
		return
	}
	window := r.Numbers.of(block)
	for row := range block.Rows {
		one := r.taker.Row(block, row)
		if !r.Joined {
			r.take(one)
		}
		unlabelled := math.IsNaN(one.Actual)
		if r.said != nil && (r.Joined || unlabelled) {
			r.said.Add(one)
		}
		id := uint64(ledger.None)
		switch {
		case r.Joined:
			id = hashOf(&r.hasher, block, r.id, row)
			r.named = r.named || id != ledger.None
			if window != nil {
				r.ledger.AddIn(window(row), id, one)
			} else {
				r.ledger.Add(id, one)
			}
		case unlabelled:
			r.summary.Unlabelled(1)
			if r.Shape.Classes != nil {
				r.other = outcome.Counted(r.other, one.Predicted)
			}
		default:
			r.summary.Add(one)
		}
		if r.sampler != nil {
			into := r.sampler
			if unlabelled {
				into = r.others
			}
			into.Add(block, row, hashes[row], id, one)
		}
	}
}

// take looks at the label of a row that is not kept.
func (r *Reading) take(one *outcome.Row) {
	if r.Shape.Classes != nil {
		r.came = outcome.Counted(r.came, one.Actual)
		one.Actual = r.admits.Label(one.Actual)
	}
}

// hashOf is that of an id in a column of a block, which may have fewer; None
// where there is none.
func hashOf(h *ledger.Hasher, block *frame.Block, column, row int) uint64 {
	if column < 0 || column >= len(block.Columns) {
		return ledger.None
	}
	c := &block.Columns[column]
	if c.Type != frame.Bytes || c.States != nil && c.States[row] != frame.Valid {
		return ledger.None
	}
	return h.Hash(c.Bytes(row))
}

// Drop forgets the file.
func (r *Reading) Drop() {
	if r != nil && r.Joined {
		r.ledger.Back(r.mark)
	}
}

// Keep lets the file count.
func (r *Reading) Keep() {
	if r == nil {
		return
	}
	merge(&r.Outcomes.said, r.said)
	merge(&r.Outcomes.cases, r.cases)
	merge(&r.Outcomes.without, r.without)
	r.Outcomes.came = outcome.Add(r.Outcomes.came, r.came)
	r.Outcomes.predicted = outcome.Add(r.Outcomes.predicted, r.other)
	merge(&r.Outcomes.summary, r.summary)
}

// merge adds one to what there is; either may be nil.
func merge[T any, P interface {
	*T
	Merge(P)
}](all *P, one P) {
	switch {
	case one == nil:
	case *all == nil:
		*all = one
	default:
		(*all).Merge(one)
	}
}

// Encode is what was predicted in the rows of a chunk, see [ledger.Ledger.Chunk].
func (r *Reading) Encode(chunk int) []byte {
	r.ledger.Cases, r.ledger.Chunk = r.cases, chunk
	return r.ledger.Encode()
}

// Restore makes a new reading one of rows that were encoded.
func (r *Reading) Restore(data []byte) error {
	known, err := ledger.Decode(data, r.Shape)
	if err != nil {
		return err
	}
	if known.Cases != nil {
		r.cases.Merge(known.Cases)
	}
	known.Cases = nil
	r.ledger = known
	return nil
}
