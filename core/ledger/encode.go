package ledger

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"slices"

	"leeway/core/fault"
	"leeway/core/internal/wire"
	"leeway/core/outcome"
	"leeway/core/schema"
)

// The encodings are
//
//	magic version body crc32c(everything before it)
//
// with the checksum in four bytes, least significant first. A change of a body
// needs a new version; decoding goes on reading all earlier ones.
//
// The body of a ledger of version 2 is one of version 1 with sections behind it,
// see section.go. A ledger without any is written as version 1, and so are labels
// without versions; in version 2 each label has one.
const (
	ledgerMagic = "leeway\x00L"
	labelsMagic = "leeway\x00T"
	plain       = 1
	version     = 2
	tail        = 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Encode writes the ledger. The same rows give the same bytes in any order.
func (l *Ledger) Encode() []byte {
	w := newWriter(l.shape, ledgerMagic)
	w.to = wire.Flag(w.to, l.shape.Weighted)
	w.to = wire.Uint(w.to, uint64(len(l.shape.Scored)))
	for _, code := range l.shape.Scored {
		w.to = wire.Text(w.to, l.shape.Classes.Name(code))
	}
	w.to = slices.Grow(w.to, int(l.Rows())*(11+8*l.own)+shards)
	sections := l.sections()
	var rows []place // one shard at a time: few rows are quick to sort
	for i := range l.shards {
		rows = w.rows(l, &l.shards[i], sections, rows[:0])
	}
	w.sections(sections)
	return w.done()
}

// rows writes a shard. memory is used again for the next.
func (w *writer) rows(l *Ledger, s *predictions, sections []section, memory []place) []place {
	for at, id := range s.ids {
		memory = append(memory, place{id, int32(at)})
	}
	slices.SortFunc(memory, func(a, b place) int {
		order := w.compare(l, s, a, b)
		for _, one := range sections {
			if order != 0 {
				break
			}
			order = one.compare(s, int(a.at), int(b.at))
		}
		return order
	})
	for _, one := range sections {
		one.shard(s, memory)
	}
	w.to = wire.Uint(w.to, uint64(len(memory)))
	before := uint64(0)
	var row outcome.Row
	for _, r := range memory {
		w.to = wire.Uint(w.to, r.id-before)
		before = r.id
		l.row(s, int(r.at), &row)
		w.outcome(row.Predicted)
		w.outcome(row.Actual)
		if l.shape.Weighted {
			w.number(row.Weight)
		}
		for _, x := range row.Scores {
			w.number(x)
		}
	}
	return memory
}

// place is a row of a ledger.
type place struct {
	id uint64
	at int32 // in its shard
}

// compare orders rows by id, then by their classes as they are written, and by the
// bits of their numbers.
func (w *writer) compare(l *Ledger, s *predictions, p, o place) int {
	if p.id != o.id {
		if p.id < o.id {
			return -1
		}
		return 1
	}
	if w.places != nil {
		var a, b outcome.Row
		l.row(s, int(p.at), &a)
		l.row(s, int(o.at), &b)
		if order := cmp.Or(cmp.Compare(w.place(a.Predicted), w.place(b.Predicted)), cmp.Compare(w.place(a.Actual), w.place(b.Actual))); order != 0 {
			return order
		}
	}
	numbers := func(at int32) []float64 { return s.values[int(at)*l.stride:][:l.own] }
	return slices.CompareFunc(numbers(p.at), numbers(o.at), func(a, b float64) int {
		x, y := math.Float64bits(a), math.Float64bits(b)
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
}

// Decode reads what Encode wrote, for rows of a shape: scores of classes that it
// does not know are left out, others are missing. Data that is anything else
// gives an error of kind Invalid.
func Decode(data []byte, shape *outcome.Shape) (*Ledger, error) {
	r, err := newReader(data, ledgerMagic, shape)
	if err != nil {
		return nil, err
	}
	l := New(shape)
	weighted := r.Flag()
	scored := make([]int, r.Size(1))
	for i := range scored {
		scored[i] = r.scored(r.Text())
	}
	row := outcome.Row{Scores: make([]float64, len(shape.Scored))}
	for shard := range uint64(shards) {
		id, rows := uint64(0), r.Size(3)
		l.room(shard, rows)
		for range rows {
			id += r.Uint()
			r.row(weighted, scored, &row)
			if id%shards != shard {
				r.Fail("an id is out of its place")
			}
			if r.Err() != nil {
				break
			}
			l.Add(id, &row)
		}
	}
	if r.version > plain {
		r.sections(l, scored)
	}
	return l, r.end("ledger")
}

// row reads all of a row but its id.
func (r *reader) row(weighted bool, scored []int, row *outcome.Row) {
	row.Predicted, row.Actual, row.Weight = r.outcome(), r.outcome(), math.NaN()
	if weighted {
		row.Weight = r.number()
	}
	for i := range row.Scores {
		row.Scores[i] = math.NaN()
	}
	for _, at := range scored {
		if x := r.number(); at >= 0 {
			row.Scores[at] = x
		}
	}
}

// scored is the place of a class among the scores of the shape, -1 for none.
func (r *reader) scored(name string) int {
	if r.shape.Task == schema.Regression {
		return -1
	}
	return slices.Index(r.shape.Scored, r.shape.Classes.Code(name))
}

// Encode writes labels that were not settled yet, in the order of their ids. Those
// that have versions are written as version 2.
func (b *Labels) Encode(shape *outcome.Shape) []byte {
	w := newWriter(shape, labelsMagic)
	versioned := b.versioned()
	if versioned {
		w.to[len(labelsMagic)] = version
	}
	for i := range b.shards {
		all := b.shards[i].all
		slices.SortFunc(all, w.order)
		w.to = wire.Uint(w.to, uint64(len(all)))
		before := uint64(0)
		for _, one := range all {
			w.to = wire.Uint(w.to, one.id-before)
			before = one.id
			w.outcome(one.value)
			if versioned {
				w.age(one.version)
			}
		}
	}
	return w.done()
}

// versioned tells whether any label has a version.
func (b *Labels) versioned() bool {
	for i := range b.shards {
		if slices.ContainsFunc(b.shards[i].all, func(l label) bool { return l.version != Unversioned }) {
			return true
		}
	}
	return false
}

// age writes the version of a label.
func (w *writer) age(version int64) {
	w.to = wire.Flag(w.to, version != Unversioned)
	if version != Unversioned {
		w.to = wire.Int(w.to, version)
	}
}

func (r *reader) age() int64 {
	if r.version == plain || !r.Flag() {
		return Unversioned
	}
	return r.Int()
}

// Decode adds what Encode wrote, as labels that came at an instant.
func (b *Labels) Decode(data []byte, shape *outcome.Shape, at int64) error {
	r, err := newReader(data, labelsMagic, shape)
	if err != nil {
		return err
	}
	mark := b.Mark()
	for range shards {
		id := uint64(0)
		for range r.Size(2) {
			id += r.Uint()
			value, age := r.outcome(), r.age()
			if r.Err() != nil {
				break
			}
			if !math.IsNaN(value) || shape.Classes == nil {
				b.Add(id, value, age, at)
			}
		}
	}
	if err := r.end("labels"); err != nil {
		b.Back(mark)
		return err
	}
	return nil
}

type reader struct {
	*wire.Reader
	shape   *outcome.Shape
	version byte
	codes   []float64 // by code in the data
}

// Sound tells what is wrong with encoded predictions or labels, as far as their
// checksum tells.
func Sound(data []byte) error {
	for _, magic := range []string{ledgerMagic, labelsMagic} {
		if len(data) > len(magic) && string(data[:len(magic)]) == magic {
			_, err := body(data, magic)
			return err
		}
	}
	_, err := body(data, ledgerMagic)
	return err
}

func newReader(data []byte, magic string, shape *outcome.Shape) (*reader, error) {
	inner, err := body(data, magic)
	if err != nil {
		return nil, err
	}
	r := &reader{wire.NewReader(inner), shape, data[len(magic)], nil}
	if numbers := r.Flag(); numbers != (shape.Task == schema.Regression) {
		return nil, fault.New(fault.Invalid, "ledger is of another task", "the configuration was changed since")
	} else if numbers {
		return r, nil
	}
	for range r.Size(1) {
		r.codes = append(r.codes, float64(shape.Classes.Code(r.Text())))
	}
	return r, nil
}

// body is what stands between version and checksum.
func body(data []byte, magic string) ([]byte, error) {
	hint := "it is made again from the files"
	switch {
	case len(data) < len(magic)+1+tail || string(data[:len(magic)]) != magic:
		return nil, fault.New(fault.Invalid, "neither a ledger nor labels", hint)
	case data[len(magic)] < plain || data[len(magic)] > version:
		return nil, fault.New(fault.Invalid, fmt.Sprintf("ledger has version %d, this program reads up to %d", data[len(magic)], version), "use a newer leeway")
	}
	body, sum := data[:len(data)-tail], data[len(data)-tail:]
	if binary.LittleEndian.Uint32(sum) != crc32.Checksum(body, castagnoli) {
		return nil, fault.New(fault.Invalid, "ledger is damaged: its checksum is wrong", hint)
	}
	return body[len(magic)+1:], nil
}

func (r *reader) outcome() float64 {
	if r.shape.Task == schema.Regression {
		return r.number()
	}
	code := r.Uint()
	switch {
	case code == 0:
		return math.NaN()
	case code > uint64(len(r.codes)):
		r.Fail("class is out of range")
		return math.NaN()
	}
	if r.codes[code-1] < 0 { // one too many
		return math.NaN()
	}
	return r.codes[code-1]
}

func (r *reader) number() float64 {
	b := r.Bytes(8)
	if b == nil {
		return math.NaN()
	}
	x := math.Float64frombits(binary.LittleEndian.Uint64(b))
	if math.IsInf(x, 0) {
		r.Fail("number is not finite")
	}
	return x
}

// end is what was wrong, nil for nothing.
func (r *reader) end(what string) error {
	if r.Err() == nil && r.Left() > 0 {
		r.Fail("more follows after its end")
	}
	if err := r.Err(); err != nil {
		return fault.New(fault.Invalid, what+" is malformed: "+err.Error(), "it is made again from the files")
	}
	return nil
}
