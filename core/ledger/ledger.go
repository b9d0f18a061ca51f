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
	"fmt"
	"math"

	"leeway/core/cases"
	"leeway/core/frame"
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

// Joined is what predictions and their labels amount to.
type Joined struct {
	Summary    *outcome.Summary // what came true
	Unlabelled *outcome.Said    // what was said of rows without a label
	Said       *outcome.Said    // what was said of all rows
	Digest     Digest           // names the labels of files that rows were given
}

// Join gives every prediction its label and sums up what came true. A row whose
// own label says something else than the files' counts as not labelled. Labels
// remember which of them fitted: join all ledgers before asking for the counts.
func (b *Labels) Join(ledgers ...*Ledger) (*outcome.Summary, Digest) {
	b.settle()
	s, digest := outcome.New(ledgers[0].shape), Digest{}
	b.each(same, (*labels).of, ledgers, &digest, func(row *outcome.Row) {
		if math.IsNaN(row.Actual) {
			s.Unlabelled(1)
			return
		}
		s.Add(row)
	})
	return s, digest
}

// Look is Join of settled labels that remembers nothing, so that many may look at
// once, and ledgers may number classes in their own way: shape is that of the
// labels. It sums up what was said as well.
func (b *Labels) Look(shape *outcome.Shape, ledgers ...*Ledger) *Joined {
	to := ledgers[0].shape
	j := &Joined{Summary: outcome.New(to), Unlabelled: outcome.NewSaid(to), Said: outcome.NewSaid(to)}
	b.each(meaning(shape, to), (*labels).look, ledgers, &j.Digest, func(row *outcome.Row) {
		if math.IsNaN(row.Actual) {
			j.Summary.Unlabelled(1)
			j.Unlabelled.Add(row)
			return
		}
		j.Summary.Add(row)
	})
	j.Said.Merge(j.Unlabelled)
	j.Said.Merge(j.Summary.Said)
	return j
}

// Match is the digest of Look.
func (b *Labels) Match(shape *outcome.Shape, ledgers ...*Ledger) (digest Digest) {
	means, look := meaning(shape, ledgers[0].shape), (*labels).look
	for _, l := range ledgers {
		for i := range l.shards {
			from, labels := &l.shards[i], &b.shards[i]
			for at, id := range from.ids {
				own := l.actual(from, at)
				place, known := labels.find(id)
				value, what := own, state(0)
				if known {
					value, what, known = l.label(labels, place, means, look, own)
				}
				if !known {
					what = l.unread(labels, id, own)
				}
				digest.add(l.shape, id, value, what, known)
			}
		}
	}
	return digest
}

// label is the label at a place for a row of the ledger, given the row's own, and
// what is known of it; ok is false where all came too late.
func (l *Ledger) label(s *labels, place int, meaning func(float64) float64, of lookup, own float64) (value float64, known state, ok bool) {
	if l.Until == 0 || s.at == nil {
		return of(s, place, meaning(s.values[place]), own), s.state[place], true
	}
	value, known, ok = s.until(place, l.Until)
	switch {
	case !ok:
		return own, 0, false
	case known&conflict != 0:
		return math.NaN(), known, true
	}
	return agreed(meaning(value), own), known, true
}

// unread is what is known of a row that no label fits, given its own: one may have
// come that cannot be read.
func (l *Ledger) unread(s *labels, id uint64, own float64) state {
	if math.IsNaN(own) && s.isUnread(id, l.Until) {
		return unread
	}
	return 0
}

// Outcomes goes through the predictions, each with the label that Look would give
// it.
func (b *Labels) Outcomes(shape *outcome.Shape, ledgers ...*Ledger) outcome.Rows {
	if len(ledgers) == 0 {
		return nil
	}
	b.settle()
	means := meaning(shape, ledgers[0].shape)
	return func(yield func(*outcome.Row) bool) {
		b.visit(means, (*labels).look, ledgers, func(_ uint64, _ float64, _ state, _ bool, row *outcome.Row) bool { return yield(row) })
	}
}

// Came counts the labels of the rows by their class, whether they count or not: by
// codes of the ledgers' shape, shape being that of the labels. nil for numbers.
func (b *Labels) Came(shape *outcome.Shape, ledgers ...*Ledger) (came []int64) {
	if len(ledgers) == 0 || ledgers[0].shape.Classes == nil {
		return nil
	}
	b.settle()
	b.visit(meaning(shape, ledgers[0].shape), (*labels).look, ledgers, func(_ uint64, label float64, _ state, _ bool, _ *outcome.Row) bool {
		came = outcome.Counted(came, label)
		return true
	})
	return came
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

func same(value float64) float64 { return value }

// meaning is the class of a shape that a class of another one is; NaN for none.
func meaning(from, to *outcome.Shape) func(float64) float64 {
	if to.Classes == nil || from.Classes == to.Classes {
		return same
	}
	codes := make([]float64, from.Classes.Len())
	for code := range codes {
		codes[code] = math.NaN()
		if known := to.Classes.Code(from.Classes.Name(int32(code))); known >= 0 {
			codes[code] = float64(known)
		}
	}
	return func(value float64) float64 { return codes[int(value)] }
}

// lookup is (*labels).of or (*labels).look.
type lookup func(s *labels, at int, value, own float64) float64

// each hands on all rows of ledgers, with their labels.
func (b *Labels) each(meaning func(float64) float64, of lookup, ledgers []*Ledger, digest *Digest, take func(*outcome.Row)) {
	shape := ledgers[0].shape
	b.visit(meaning, of, ledgers, func(id uint64, label float64, what state, known bool, row *outcome.Row) bool {
		digest.add(shape, id, label, what, known)
		take(row)
		return true
	})
}

// visit goes through the rows of ledgers, with their labels and what is known of
// these, as long as take wants more; known tells whether a label fits. Of a label that
// does not count the row has none.
func (b *Labels) visit(meaning func(float64) float64, of lookup, ledgers []*Ledger, take func(id uint64, label float64, what state, known bool, row *outcome.Row) bool) {
	var row outcome.Row
	for _, l := range ledgers {
		for i := range l.shards {
			from, labels := &l.shards[i], &b.shards[i]
			for at, id := range from.ids {
				l.row(from, at, &row)
				place, known := labels.find(id)
				what := state(0)
				if known {
					row.Actual, what, known = l.label(labels, place, meaning, of, row.Actual)
				}
				if !known {
					what = l.unread(labels, id, row.Actual)
				}
				label := row.Actual
				row.Actual = l.Admits.Label(label)
				if !take(id, label, what, known, &row) {
					return
				}
			}
		}
	}
}

// Digest names the labels that rows were given: two that are alike have one,
// whatever the order.
type Digest struct {
	Contradicted int64 // rows whose labels contradict each other
	Corrected    int64 // rows whose label is another than it was before
	Repeated     int64 // rows of which a label says again what another says
	Unread       int64 // rows without a label, of which one came that cannot be read

	rows int64
	sum  uint64
}

// add notes the label of a row and what is known of it; fits is false where the row was
// given none.
func (d *Digest) add(shape *outcome.Shape, id uint64, value float64, known state, fits bool) {
	if !fits {
		if known&unread != 0 {
			d.Unread++
		}
		return
	}
	switch {
	case math.IsNaN(value):
		d.Contradicted++
	case known&revised != 0:
		d.Corrected++
	}
	if known&repeated != 0 {
		d.Repeated++
	}
	bits := math.Float64bits(value)
	if shape.Classes != nil && !math.IsNaN(value) {
		bits = frame.HashText([]byte(shape.Classes.Key(int32(value))))
	}
	d.rows++
	d.sum += frame.Mix(id ^ frame.Mix(bits))
}

// Bare is the same without what is said of the labels' files alone: it is another one
// only where rows have another label.
func (d Digest) Bare() Digest {
	d.Repeated, d.Unread = 0, 0
	return d
}

// Rows is how many rows were given a label, contradictory ones included.
func (d Digest) Rows() int64 { return d.rows }

// String is "" for no labels.
func (d Digest) String() string {
	name := fmt.Sprintf("%d-%016x", d.rows, d.sum)
	switch {
	case d.Repeated+d.Unread > 0:
		return fmt.Sprintf("%s-%d-%d-%d", name, d.Corrected, d.Repeated, d.Unread)
	case d.Corrected > 0:
		return fmt.Sprintf("%s-%d", name, d.Corrected)
	case d.rows > 0:
		return name
	}
	return ""
}
