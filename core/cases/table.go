package cases

import (
	"math"

	"leeway/core/outcome"
	"leeway/core/schema"
)

// Table is the labelled rows of a sample, column by column.
type Table struct {
	Shape   *outcome.Shape
	Columns []Column
	Rows    int
	Bound   int        // how many distinct rows the sample has at most, with a label or without; 0: not known
	Codes   [][]uint32 // by column; 0 for a cell without a value
	Said    [][]float64
	Counts  []float64 // how often each row occurs

	Predicted []float64 // a class or a number, NaN for none
	Actual    []float64
}

// Label tells what came true, given the hash of a row's id and its own label; NaN
// for none.
type Label func(id uint64, own float64) float64

// Own is the label of a row that has one.
func Own(_ uint64, own float64) float64 { return own }

// Table is the rows with a label, and with all that the model has to say. Rows
// up to a hash are taken, so that two tables can be of the same distinct rows.
func (s *Sample) Table(label Label, cut uint64) *Table { return s.table(label, cut, true) }

// Rest is the rows without a label, up to a hash.
func (s *Sample) Rest(label Label, cut uint64) *Table { return s.table(label, cut, false) }

func (s *Sample) table(label Label, cut uint64, labelled bool) *Table {
	t := &Table{Shape: s.shape, Columns: s.columns, Bound: s.bound, Codes: make([][]uint32, len(s.columns)), Said: make([][]float64, len(s.shape.Scored))}
	s.crop()
	t.grow(len(s.hashes))
	for i, hash := range s.hashes {
		numbers := s.numbers[i*s.stride:][:s.stride]
		actual := label(s.ids[i], numbers[1])
		if hash > cut || math.IsNaN(actual) == labelled || !s.told(numbers) {
			continue
		}
		t.Rows++
		for j := range s.columns {
			t.Codes[j] = append(t.Codes[j], s.codes[i*len(s.columns)+j])
		}
		for j := range t.Said {
			t.Said[j] = append(t.Said[j], numbers[2+j])
		}
		t.Counts = append(t.Counts, float64(s.counts[i]))
		t.Predicted, t.Actual = append(t.Predicted, s.predicted(numbers)), append(t.Actual, actual)
	}
	return t
}

// grow makes room for so many rows.
func (t *Table) grow(n int) {
	for i := range t.Codes {
		t.Codes[i] = make([]uint32, 0, n)
	}
	for i := range t.Said {
		t.Said[i] = make([]float64, 0, n)
	}
	t.Counts, t.Predicted, t.Actual = make([]float64, 0, n), make([]float64, 0, n), make([]float64, 0, n)
}

// told tells whether a model said anything: a prediction or all its scores.
func (s *Sample) told(numbers []float64) bool {
	for _, x := range numbers[2:] {
		if math.IsNaN(x) {
			return false
		}
	}
	return len(numbers) > 2 || !math.IsNaN(numbers[0])
}

// predicted is what was predicted: a number, or a class, by the scores where nothing
// else tells.
func (s *Sample) predicted(numbers []float64) float64 {
	if s.shape.Task == schema.Regression {
		return numbers[0]
	}
	row := outcome.Row{Predicted: numbers[0], Scores: numbers[2:]}
	if code, ok := s.shape.Predicted(&row); ok {
		return float64(code)
	}
	return numbers[0]
}

// Side is a sample of one side. Rows without a label may have one of their own, else they are
// among the others.
type Side struct {
	Sample  *Sample
	Without *Sample // nil: among the others
	Label   Label
}

func (s *Side) without() *Sample {
	if s.Without != nil {
		return s.Without
	}
	return s.Sample
}

// Rest is the rows without a label, up to a hash.
func (s *Side) Rest(cut uint64) *Table { return s.without().Rest(s.Label, cut) }

// Tables are the rows of both sides with a label and without. Where
// rows repeat, all are cut at the same hash, so that each has all of the same rows.
func Tables(reference, current *Side) (ref, before, cur, rest *Table) {
	cut := uint64(math.MaxUint64)
	if reference.Sample.repeats() || current.Sample.repeats() {
		cut = min(reference.Sample.cut, current.Sample.cut, reference.without().cut, current.without().cut)
	}
	return reference.Sample.Table(reference.Label, cut), reference.Rest(cut), current.Sample.Table(current.Label, cut), current.Rest(cut)
}

// repeats tells whether more than every tenth row is there several times.
func (s *Sample) repeats() bool {
	s.crop()
	var all int64
	for _, n := range s.counts {
		all += n
	}
	return 10*all > 11*int64(len(s.counts))
}

// Where is the rows that something is so of.
func (t *Table) Where(is func(row int) bool) *Table {
	part := &Table{Shape: t.Shape, Columns: t.Columns, Bound: t.Bound, Codes: make([][]uint32, len(t.Codes)), Said: make([][]float64, len(t.Said))}
	for row := range t.Rows {
		if !is(row) {
			continue
		}
		part.Rows++
		for i := range t.Codes {
			part.Codes[i] = append(part.Codes[i], t.Codes[i][row])
		}
		for i := range t.Said {
			part.Said[i] = append(part.Said[i], t.Said[i][row])
		}
		part.Counts, part.Predicted, part.Actual = append(part.Counts, t.Counts[row]), append(part.Predicted, t.Predicted[row]), append(part.Actual, t.Actual[row])
	}
	return part
}
