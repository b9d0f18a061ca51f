package outcome

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"leeway/core/internal/words"
	"leeway/core/segment"
)

// absent is the level of a row without a value; other that of a value that is not
// told apart.
const absent = -2

// scale turns the values of a column into levels: 0, 1, 2... in the order in which
// they are listed.
type scale struct {
	names  []string
	codes  []int32   // by code, of what is no number
	exact  []float64 // of numbers: the values, ascending
	edges  []float64 // of numbers beyond those: the upper ends of bins, ascending, the last bin has none
	number bool
}

// A number with at most so many distinct values in the reference is grouped by
// value, as far as both sides together have not many more. One that only segments
// go by is as long as it makes segments, so that these are the same everywhere.
const (
	fewNumbers  = 10
	someNumbers = 50
)

func (s *splitter) scale(column int) *scale {
	by := s.shape.Groups.Columns[column]
	if !by.Numeric {
		return byText(by)
	}
	var values [2][]float64
	for side, rows := range s.sides {
		if rows == nil {
			continue
		}
		for r := range rows {
			if x := r.Groups[column]; !math.IsNaN(x) {
				values[side] = append(values[side], x)
			}
		}
		slices.Sort(values[side])
	}
	few := fewNumbers
	if !s.sensitive(column) {
		few = segment.MostNumbers
	}
	return byNumber(values[0], values[1], few)
}

// sensitive tells whether groups of people go by a column.
func (s *splitter) sensitive(column int) bool {
	return slices.ContainsFunc(s.shape.Groups.Partitions, func(p Partition) bool { return p.Sensitive && slices.Contains(p.Columns, column) })
}

// byText lists values as classes are: those that are numbers by value, then the
// others by their bytes.
func byText(by *Grouping) *scale {
	s := &scale{names: by.Texts(), codes: make([]int32, len(by.values.texts))}
	slices.SortStableFunc(s.names, func(a, b string) int {
		x, errX := strconv.ParseFloat(a, 64)
		y, errY := strconv.ParseFloat(b, 64)
		switch {
		case errX == nil && errY == nil:
			return cmp.Compare(x, y)
		case errX == nil:
			return -1
		case errY == nil:
			return 1
		}
		return cmp.Compare(a, b)
	})
	for code := range s.codes {
		s.codes[code] = other
	}
	for level, name := range s.names {
		s.codes[by.values.codes[name]] = int32(level)
	}
	return s
}

// byNumber groups the numbers of two sides, each ascending, by value up to so many.
func byNumber(reference, current []float64, few int) *scale {
	s := &scale{number: true}
	base := reference
	if len(base) == 0 {
		base = current
	}
	known := slices.Compact(slices.Clone(base))
	if len(known) <= few {
		s.exact = known
		both := slices.Concat(known, slices.Compact(slices.Clone(current)))
		slices.Sort(both)
		if both = slices.Compact(both); len(both) <= someNumbers {
			s.exact = both
		}
		for _, x := range s.exact {
			s.names = append(s.names, words.Digits(x))
		}
		return s
	}
	for quarter := 1; quarter < 4; quarter++ {
		edge := base[(len(base)*quarter+3)/4-1]
		if edge < base[len(base)-1] && (len(s.edges) == 0 || edge > s.edges[len(s.edges)-1]) {
			s.edges = append(s.edges, edge)
		}
	}
	s.names = binNames(s.edges)
	return s
}

// binNames say what is in the bins between edges: low < x <= high.
func binNames(edges []float64) []string {
	if len(edges) == 0 {
		return []string{"all"}
	}
	names := []string{"up to " + words.Digits(edges[0])}
	for i := 1; i < len(edges); i++ {
		names = append(names, "above "+words.Digits(edges[i-1])+" up to "+words.Digits(edges[i]))
	}
	return append(names, "above "+words.Digits(edges[len(edges)-1]))
}

// level is that of a value as rows hold it.
func (s *scale) level(x float64) int32 {
	switch {
	case math.IsNaN(x):
		return absent
	case !s.number && (x < 0 || int(x) >= len(s.codes)):
		return other
	case !s.number:
		return s.codes[int(x)]
	case s.exact != nil:
		if at, found := slices.BinarySearch(s.exact, x); found {
			return int32(at)
		}
		return other
	}
	at, _ := slices.BinarySearch(s.edges, x)
	return int32(at)
}
