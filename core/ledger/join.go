package ledger

import (
	"math"

	"leeway/core/outcome"
)

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
	b.each(same, (*labels).of, Of(ledgers...), &digest, func(row *outcome.Row) {
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
func (b *Labels) Look(shape *outcome.Shape, ledgers *Shelf) *Joined {
	to := ledgers.Shape
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
func (b *Labels) Match(shape *outcome.Shape, ledgers *Shelf) (digest Digest) {
	means, look := meaning(shape, ledgers.Shape), (*labels).look
	for l := range ledgers.All {
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
// it; nil for no ledgers.
func (b *Labels) Outcomes(shape *outcome.Shape, ledgers *Shelf) outcome.Rows {
	if ledgers == nil {
		return nil
	}
	b.settle()
	means := meaning(shape, ledgers.Shape)
	return func(yield func(*outcome.Row) bool) {
		b.visit(means, (*labels).look, ledgers, func(_ uint64, _ float64, _ state, _ bool, row *outcome.Row) bool { return yield(row) })
	}
}

// Came counts the labels of the rows by their class, whether they count or not: by
// codes of the ledgers' shape, shape being that of the labels. nil for numbers.
func (b *Labels) Came(shape *outcome.Shape, ledgers *Shelf) (came []int64) {
	if ledgers == nil || ledgers.Shape.Classes == nil {
		return nil
	}
	b.settle()
	b.visit(meaning(shape, ledgers.Shape), (*labels).look, ledgers, func(_ uint64, label float64, _ state, _ bool, _ *outcome.Row) bool {
		came = outcome.Counted(came, label)
		return true
	})
	return came
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
func (b *Labels) each(meaning func(float64) float64, of lookup, ledgers *Shelf, digest *Digest, take func(*outcome.Row)) {
	shape := ledgers.Shape
	b.visit(meaning, of, ledgers, func(id uint64, label float64, what state, known bool, row *outcome.Row) bool {
		digest.add(shape, id, label, what, known)
		take(row)
		return true
	})
}

// visit goes through the rows of ledgers, with their labels and what is known of
// these, as long as take wants more; known tells whether a label fits. Of a label that
// does not count the row has none.
func (b *Labels) visit(meaning func(float64) float64, of lookup, ledgers *Shelf, take func(id uint64, label float64, what state, known bool, row *outcome.Row) bool) {
	var row outcome.Row
	for l := range ledgers.All {
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
