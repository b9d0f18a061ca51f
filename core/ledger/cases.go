package ledger

import (
	"encoding/binary"
	"math"
	"slices"

	"leeway/core/cases"
	"leeway/core/internal/wire"
	"leeway/core/outcome"
)

// The section of cases is
//
//	cut (name numeric)... rows (hash id count predicted actual score...)... column...
//
// with hashes as differences, and for each column either its distinct codes in
// order and for each row the place among them, a byte, or every code.
const casesTag = 2

// fewCodes is how many distinct codes of a column have places.
const fewCodes = 256

// caseSection writes the sample of rows of a ledger.
type caseSection struct{ l *Ledger }

func (caseSection) tag() uint64                        { return casesTag }
func (caseSection) compare(*predictions, int, int) int { return 0 }
func (caseSection) shard(*predictions, []place)        {}

func (c caseSection) bytes() []byte {
	s := c.l.Cases
	_, places := table(c.l.shape)
	w := &writer{shape: c.l.shape, places: places}
	w.to = binary.LittleEndian.AppendUint64(w.to, s.Cut())
	w.to = wire.Uint(w.to, uint64(len(s.Columns())))
	for _, column := range s.Columns() {
		w.to = wire.Flag(wire.Text(w.to, column.Name), column.Numeric)
	}
	w.to = wire.Uint(w.to, uint64(s.Len()))
	codes := make([][]uint32, len(s.Columns()))
	before := uint64(0)
	for row := range s.All() {
		w.to = binary.LittleEndian.AppendUint64(wire.Uint(w.to, row.Hash-before), row.ID)
		before = row.Hash
		w.to = wire.Uint(w.to, uint64(row.Count))
		w.outcome(row.Numbers[0])
		w.outcome(row.Numbers[1])
		for _, score := range row.Numbers[2:] {
			w.number(score)
		}
		for i, code := range row.Codes {
			codes[i] = append(codes[i], code)
		}
	}
	for _, column := range codes {
		w.codes(column)
	}
	return w.to
}

func (w *writer) codes(column []uint32) {
	distinct := slices.Clone(column)
	slices.Sort(distinct)
	distinct = slices.Compact(distinct)
	few := len(distinct) <= fewCodes
	w.to = wire.Flag(w.to, few)
	if !few {
		for _, code := range column {
			w.to = binary.LittleEndian.AppendUint32(w.to, code)
		}
		return
	}
	w.to = wire.Uint(w.to, uint64(len(distinct)))
	for _, code := range distinct {
		w.to = binary.LittleEndian.AppendUint32(w.to, code)
	}
	for _, code := range column {
		at, _ := slices.BinarySearch(distinct, code)
		w.to = append(w.to, byte(at))
	}
}

// cases reads the section.
func (r *reader) cases(l *Ledger, scored []int) {
	cut := r.word()
	columns := make([]cases.Column, r.Size(2))
	for i := range columns {
		columns[i] = cases.Column{Name: r.Text(), Numeric: r.Flag()}
	}
	type row struct {
		hash, id uint64
		count    int64
		numbers  []float64
	}
	rows := make([]row, r.Size(12))
	hash := uint64(0)
	for i := range rows {
		hash += r.Uint()
		one := row{hash: hash, id: r.word(), count: r.Count(), numbers: []float64{r.outcome(), r.outcome()}}
		for range l.shape.Scored {
			one.numbers = append(one.numbers, math.NaN())
		}
		for _, at := range scored {
			if x := r.number(); at >= 0 {
				one.numbers[2+at] = x
			}
		}
		if rows[i] = one; r.Err() != nil {
			return
		}
	}
	codes := make([][]uint32, len(columns))
	for i := range codes {
		codes[i] = r.codesOf(len(rows))
	}
	if r.Err() != nil {
		return
	}
	l.Cases = cases.New(l.shape, columns, cases.Bound)
	line := make([]uint32, len(columns))
	for i := range rows {
		for j := range line {
			line[j] = codes[j][i]
		}
		l.Cases.Put(&cases.Row{Hash: rows[i].hash, ID: rows[i].id, Count: rows[i].count, Codes: line, Numbers: rows[i].numbers})
	}
	l.Cases.Limit(cut)
}

// codesOf reads a column of so many codes.
func (r *reader) codesOf(rows int) []uint32 {
	if few := r.Flag(); !few {
		return words(r.Bytes(4 * rows))
	}
	distinct := words(r.Bytes(4 * r.Size(4)))
	codes := make([]uint32, 0, rows)
	for _, at := range r.Bytes(rows) {
		if int(at) >= len(distinct) {
			r.Fail("a code is out of range")
			break
		}
		codes = append(codes, distinct[at])
	}
	return codes
}

func words(data []byte) []uint32 {
	all := make([]uint32, len(data)/4)
	for i := range all {
		all[i] = binary.LittleEndian.Uint32(data[4*i:])
	}
	return all
}

func (r *reader) word() uint64 {
	if b := r.Bytes(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// Cases are the samples of ledgers as one, over the given columns, each row with the
// label that Look would give it; nil where no ledger has one. With the bound that each
// was stored with they come out the same however rows were split into ledgers.
func (b *Labels) Cases(shape *outcome.Shape, columns []cases.Column, bound int, ledgers *Shelf) *cases.Sample {
	var all *cases.Sample
	if ledgers == nil {
		return nil
	}
	for l := range ledgers.All {
		if l.Cases == nil {
			continue
		}
		if all == nil {
			b.settle()
			all = cases.New(l.shape, columns, bound)
		}
		means := meaning(shape, l.shape)
		l.Cases.Learn(func(id uint64, own float64) float64 {
			s := &b.shards[id%shards]
			place, known := s.find(id)
			if known {
				own, _, _ = l.label(s, place, means, (*labels).look, own)
			}
			return l.Admits.Label(own)
		})
		all.Merge(l.Cases)
	}
	return all
}
