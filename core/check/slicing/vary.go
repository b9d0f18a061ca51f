package slicing

import (
	"math"

	"leeway/core/cases"
	"leeway/core/stat"
)

// In which slices a model is good differs from window to window by more than sampling:
// a region has its week. How much more is told by the windows of the reference, column by
// column: by how far the mistakes at its values moved apart in each. A slice is held
// against what the columns of its conditions do.

// Move is by how much the shares of wrong rows at the values of a column moved apart in
// one window: the root of a mean square that is 1 by chance.
type Move struct {
	Column string
	Z      float64
	N      float64 // effective rows of a value
	Free   int     // how many values could move, less one
}

// Noise is by how much more than sampling they do: a deviate of n effective rows has the
// variance 1 + PerRow·n.
type Noise struct {
	PerRow  float64
	Degrees float64 // of freedom that it is known with
}

// The bounds of what is looked at of a column.
const (
	together = 4   // bins of a number that are looked at as one
	leastOf  = 10  // rows of a value on either side
	mostPart = 0.6 // of a value's rows in the reference: a window that is most of it cannot differ from it
	Values   = max(ranges/together, categories)
)

// Vary compares a window of the reference with the whole of it, of whose rows it is such
// a share.
func Vary(reference, window *cases.Table, share float64) (all []Move) {
	if window == nil || reference == nil || window.Rows == 0 {
		return nil
	}
	s := &searcher{name: func(string, uint32) (string, bool) { return "", true }}
	if !s.lay(reference, window) || s.all.before == 0 {
		return nil
	}
	for at := range s.columns {
		if one, ok := s.vary(at, share); ok {
			all = append(all, one)
		}
	}
	return all
}

// vary is the move of a column: how far its values are from their common move (the mean,
// weighted by how well each is known). Rows that both sides have make that smaller.
func (s *searcher) vary(at int, share float64) (Move, bool) {
	c := &s.columns[at]
	var values []tally
	for bin, cell := range s.cells(at, nil)[:c.bins+1] {
		if into := len(values) - 1; c.numeric && c.bins == ranges && bin > 0 && (bin-1)%together > 0 && into >= 0 {
			values[into].add(&cell)
		} else {
			values = append(values, cell)
		}
	}
	one := Move{Column: c.name, Free: -1}
	var weights, moved, squares, rows float64
	for i := range values {
		t := &values[i]
		n, m := t.before, t.n
		common := min(m, float64(share*n))
		p := (t.wrong + t.wrongBefore) / (n + m)
		if n < leastOf || m < leastOf || common > float64(mostPart*n) || !(p > 0 && p < 1) {
			continue
		}
		by := t.wrong/m - t.wrongBefore/n
		weight := 1 / (float64(p*(1-p)*(1/n+1/m)) * (1 - 2*common/(n+m)))
		weights += weight
		moved += float64(weight * by)
		squares += float64(weight * by * by)
		rows += n * m / (n + m)
		one.Free++
	}
	if one.Free < 1 {
		return one, false
	}
	one.Z = math.Sqrt(max(squares-moved*moved/weights, 0) / float64(one.Free))
	one.N = rows / float64(one.Free+1)
	return one, true
}

// plain is the chance that values which move by sampling alone are said to move by more.
const plain = 0.05

// NewNoise is what the moves of a column in the windows of a reference tell; not ok where
// these are too few, or sampling explains them.
func NewNoise(moves []Move, fewest int) (Noise, bool) {
	if len(moves) < fewest {
		return Noise{}, false
	}
	var squares, degrees, rows float64
	for i := range moves {
		free := float64(moves[i].Free)
		squares += float64(moves[i].Z * moves[i].Z * free)
		degrees += free
		rows += float64(moves[i].N * free)
	}
	if stat.ChiSquareTail(squares, degrees) > plain {
		return Noise{}, false
	}
	excess := float64(squares/degrees*stat.Caution(degrees)) - 1
	return Noise{PerRow: excess / (rows / degrees), Degrees: degrees}, true
}

// varied is the variance of the deviate of a candidate of n effective rows, and the degrees
// of freedom that it is known with, by all columns that it has a condition on.
func (s *searcher) varied(c *candidate, n float64) (variance, degrees float64) {
	variance, degrees = 1, math.Inf(1)
	for k := range c.depth {
		if noise, known := s.noise[s.columns[c.on[k]].name]; known {
			variance += float64(noise.PerRow * n)
			degrees = min(degrees, noise.Degrees)
		}
	}
	if variance > 1 {
		degrees *= variance / (variance - 1)
	}
	return variance, degrees
}

// widened is the logarithm of a p-value of so many more wrong rows, given that windows
// differ in the columns of the candidate.
func (s *searcher) widened(log float64, c *candidate, n float64) float64 {
	variance, degrees := s.varied(c, n)
	if variance == 1 || log > math.Log(0.5) {
		return log
	}
	z := stat.Deviate(2 * math.Exp(log))
	return math.Log(max(stat.StudentTwoSided(z/math.Sqrt(variance), degrees)/2, 1e-300))
}
