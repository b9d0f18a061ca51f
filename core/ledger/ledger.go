// Package ledger keeps what was predicted by the id of its row until the label
// comes, and joins the two.
//
// A [Ledger] holds predictions, a [Labels] labels; [Labels.Join] hands each
// prediction its label. Ids are kept as keyed hashes of 64 bits alone, a row in
// a few dozen bytes: a million predictions and a million labels take about
// 60 MB and less than a second. Both are in shards by the hash, each of which is
// joined by itself. What comes out does not depend on the order in which
// predictions or labels came.
package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"slices"

	"leeway/core/cases"
	"leeway/core/outcome"
)

// shards is how many parts a ledger has.
const shards = 64

// Hasher makes ids unreadable: a hash of 64 bits that nobody can compute without
// the key. Without a key it only makes them short.
type Hasher struct{ Key []byte }

// None stands for a row without an id, which no label fits.
const None = 0

// Hash is the hash of an id. Blanks around an id do not count, and neither do
// zeros behind the point of a whole number: "17.0" is how programs write the id
// 17 where some are missing.
func (h *Hasher) Hash(id []byte) uint64 {
	id = bare(id)
	if len(id) == 0 {
		return None
	}
	var buffer [128]byte
	sum := sha256.Sum256(append(append(buffer[:0], h.Key...), id...))
	return max(binary.LittleEndian.Uint64(sum[:]), 1)
}

// bare is an id without blanks and without ".0" behind digits.
func bare(id []byte) []byte {
	id = bytes.TrimSpace(id)
	dot := bytes.IndexByte(id, '.')
	if dot <= 0 {
		return id
	}
	for _, c := range bytes.TrimPrefix(id[:dot], []byte("-")) {
		if c < '0' || c > '9' {
			return id
		}
	}
	for _, c := range id[dot+1:] {
		if c != '0' {
			return id
		}
	}
	return id[:dot]
}

// Ledger is predictions by id.
type Ledger struct {
	// Until is an instant, in Unix nanoseconds: labels that came later are not taken
	// (where they are dated, see [Labels]). 0: all are.
	Until int64

	// Admits says which labels count for the rows; nil: all do.
	Admits *outcome.Admission

	Cases *cases.Sample // some of the rows, with what the model knew of them; nil: not kept

	Windows []Window // that rows are of, by their numbers from 1 on; nil: not kept. See [Ledger.AddIn]

	// Chunk numbers, from 1 on, the ledgers that predictions were cut into since they
	// are too many for one, see [ChunkRows]; 0: these are all.
	Chunk int

	shape  *outcome.Shape
	lead   int // numbers before the scores
	own    int // those and the scores
	stride int // those and the groups
	shards [shards]predictions
}

// predictions are those of a shard: per row an id, the classes predicted and actual
// where there are classes, and as many numbers as stride says: what was predicted and
// came true where these are numbers, the weight if there is one, scores, groups. Of
// most models that is 20 bytes a row.
type predictions struct {
	ids     []uint64
	classes []int16
	values  []float64
	windows []uint16 // with AddIn
}

// New is an empty ledger of rows of a shape.
func New(shape *outcome.Shape) *Ledger {
	l := &Ledger{shape: shape}
	if shape.Classes == nil {
		l.lead = 2
	}
	if shape.Weighted {
		l.lead++
	}
	l.own = l.lead + len(shape.Scored)
	l.stride = l.own + len(grouping(shape))
	return l
}

// none stands for the class of a row that has none.
const none = -1

func packed(class float64) int16 {
	if math.IsNaN(class) {
		return none
	}
	return int16(class)
}

func unpacked(class int16) float64 {
	if class == none {
		return math.NaN()
	}
	return float64(class)
}

// grouping are the columns that rows are grouped by.
func grouping(shape *outcome.Shape) []*outcome.Grouping {
	if shape.Groups == nil {
		return nil
	}
	return shape.Groups.Columns
}

// Add notes a row by the hash of its id. Its label, if it has one, stays with it.
func (l *Ledger) Add(id uint64, r *outcome.Row) {
	s := &l.shards[id%shards]
	s.ids = append(s.ids, id)
	if l.shape.Classes != nil {
		s.classes = append(s.classes, packed(r.Predicted), packed(r.Actual))
	} else {
		s.values = append(s.values, r.Predicted, r.Actual)
	}
	if l.shape.Weighted {
		s.values = append(s.values, r.Weight)
	}
	s.values = append(append(s.values, r.Scores...), r.Groups...)
	for len(s.values) < len(s.ids)*l.stride { // a row that nobody grouped
		s.values = append(s.values, math.NaN())
	}
}

// room makes room for so many more rows of a shard.
func (l *Ledger) room(shard uint64, rows int) {
	s := &l.shards[shard]
	s.ids, s.values = slices.Grow(s.ids, rows), slices.Grow(s.values, rows*l.stride)
	if l.shape.Classes != nil {
		s.classes = slices.Grow(s.classes, 2*rows)
	}
}

// AddIn is Add of a row of a window that has this number, 0 for none. In goes through the
// rows of each. Numbers are stored where Windows says which they are of.
func (l *Ledger) AddIn(window uint16, id uint64, r *outcome.Row) {
	l.Add(id, r)
	s := &l.shards[id%shards]
	for len(s.windows) < len(s.ids)-1 { // of rows that nobody numbered
		s.windows = append(s.windows, 0)
	}
	s.windows = append(s.windows, window)
}

// In goes through the rows of the window that has this number, with their own labels.
func (l *Ledger) In(window uint16) outcome.Rows {
	return l.each(func(s *predictions, i int) bool { return s.window(i) == window })
}

// All goes through all rows, with their own labels.
func (l *Ledger) All() outcome.Rows { return l.each(func(*predictions, int) bool { return true }) }

func (l *Ledger) each(wanted func(s *predictions, i int) bool) outcome.Rows {
	return func(yield func(*outcome.Row) bool) {
		var row outcome.Row
		for k := range l.shards {
			s := &l.shards[k]
			for i := range s.ids {
				if !wanted(s, i) {
					continue
				}
				if l.row(s, i, &row); !yield(&row) {
					return
				}
			}
		}
	}
}

// Shape is what rows are of.
func (l *Ledger) Shape() *outcome.Shape { return l.shape }

// Rows is the number of predictions.
func (l *Ledger) Rows() (n int64) {
	for i := range l.shards {
		n += int64(len(l.shards[i].ids))
	}
	return n
}

// Under is the same rows as ones of another shape, which knows the classes and groups of
// its own by the same codes (see [outcome.Shape.Apart]). Rows are shared: no more may
// be added.
func (l *Ledger) Under(shape *outcome.Shape) *Ledger {
	other := *l
	other.shape, other.Cases = shape, l.Cases.Under(shape)
	return &other
}

// Mark remembers how far a ledger or labels have come.
type Mark [shards]int

// Mark is where the ledger stands.
func (l *Ledger) Mark() (m Mark) {
	for i := range l.shards {
		m[i] = len(l.shards[i].ids)
	}
	return m
}

// Back forgets what was added since the mark.
func (l *Ledger) Back(to Mark) {
	for i := range l.shards {
		s := &l.shards[i]
		s.ids, s.values = s.ids[:to[i]], s.values[:to[i]*l.stride]
		if l.shape.Classes != nil {
			s.classes = s.classes[:2*to[i]]
		}
		s.windows = s.windows[:min(len(s.windows), to[i])]
	}
}

// row is a prediction of a shard.
func (l *Ledger) row(s *predictions, i int, into *outcome.Row) {
	v := s.values[i*l.stride : (i+1)*l.stride]
	if l.shape.Classes != nil {
		into.Predicted, into.Actual = unpacked(s.classes[2*i]), unpacked(s.classes[2*i+1])
	} else {
		into.Predicted, into.Actual = v[0], v[1]
	}
	if into.Weight = math.NaN(); l.shape.Weighted {
		into.Weight = v[l.lead-1]
	}
	into.Scores, into.Groups = v[l.lead:l.own], v[l.own:]
}

// actual is the own label of a row.
func (l *Ledger) actual(s *predictions, i int) float64 {
	if l.shape.Classes != nil {
		return unpacked(s.classes[2*i+1])
	}
	return s.values[i*l.stride+1]
}

// Predicted counts the predictions by their class, by code; nil for numbers.
func (l *Ledger) Predicted() (counts []int64) {
	if l.shape.Classes == nil {
		return nil
	}
	for i := range l.shards {
		classes := l.shards[i].classes
		for at := 0; at < len(classes); at += 2 {
			counts = outcome.Counted(counts, unpacked(classes[at]))
		}
	}
	return counts
}
