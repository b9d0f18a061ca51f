package stat

import "math"

// How a logistic regression is looked for. A chord step goes by a matrix of
// second derivatives from before, which costs a fiftieth of a new one at fifty
// columns; a new one is made when steps shrink by less than to a quarter.
const (
	mostSteps  = 12   // new matrices
	mostPasses = 60   // over the rows
	shrinking  = 0.25 // of a step against the one before
	exact      = 1e-9 // what coefficients are off by at most
	settled    = 1e-5 // a step by a new matrix: what is left is about its square
	farthest   = 4    // a step: longer ones overshoot
)

// Of how many rows the first guess is made: of every eighth, or more where these
// are few for so many columns.
const (
	guessed      = 8
	rowsToGuess  = 20 // for each column
	guessedRidge = 2
)

// Logistic is the logistic regression of y, which lies in 0..1: its
// coefficients, by Newton's method with chord steps, from a guess by some rows.
func (d *Design) Logistic(y []float64) []float64 { return d.LogisticNear(y, d.guess(y)) }

// LogisticNear is [Design.Logistic] that begins at coefficients that cannot be far.
func (d *Design) LogisticNear(y, near []float64) []float64 {
	s := newLogit(d, y, ridge)
	copy(s.beta, near)
	if !s.climb(mostSteps) {
		clear(s.beta)
		s.climb(mostPasses)
	}
	return s.beta
}

// guess is the regression of every so many'th row, 0 where rows are few.
func (d *Design) guess(y []float64) []float64 {
	by := min(guessed, len(y)/(rowsToGuess*d.Width))
	if by < 2 {
		return make([]float64, d.Width)
	}
	n := (len(y) + by - 1) / by
	few := &Design{Width: d.Width, Cells: make([]float64, 0, n*d.Width), Weights: make([]float64, 0, n)}
	of := make([]float64, 0, n)
	for i := 0; i < len(y); i += by {
		few.Cells = append(few.Cells, d.Row(i)...)
		few.Weights, of = append(few.Weights, d.weight(i)), append(of, y[i])
	}
	s := newLogit(few, of, guessedRidge)
	s.enough = 0.05
	s.climb(mostSteps)
	return s.beta
}

// rowsInCache are gone through twice at a time: as many as stay in a core's cache.
const rowsInCache = 64

// logit is a logistic regression on its way.
type logit struct {
	*normal
	d      *Design
	y      []float64
	ridge  float64
	enough float64
	beta   []float64
	pulls  []float64 // by row: weight · (y - p)
	curves []float64 // by row: weight · p(1 - p)
}

func newLogit(d *Design, y []float64, ridge float64) *logit {
	return &logit{normal: newNormal(d.Width), d: d, y: y, ridge: ridge, enough: exact, beta: make([]float64, d.Width), pulls: make([]float64, len(y)), curves: make([]float64, len(y))}
}

// look computes what rows pull at where it stands.
func (s *logit) look() {
	clear(s.right)
	for from := 0; from < len(s.y); from += rowsInCache {
		to := min(from+rowsInCache, len(s.y))
		for i := from; i < to; i++ {
			n, p := s.d.weight(i), Expit(Dot(s.d.Row(i), s.beta))
			s.pulls[i] = float64(n * (s.y[i] - p))
			s.curves[i] = float64(n * max(float64(p*(1-p)), 1e-6))
		}
		s.gather(s.d, s.pulls, from, to)
	}
	for j, b := range s.beta { // the ridge pulls towards 0, not towards where it stands
		s.right[j] -= float64(s.ridge * b)
	}
}

// climb takes steps until there is nothing to gain, with so many new matrices;
// not ok where that is too few.
func (s *logit) climb(most int) bool {
	before, matrices := 0.0, 0
	for range mostPasses {
		s.look()
		fresh := matrices == 0
		if fresh {
			s.factor(s.d, s.curves, s.ridge)
			matrices++
		}
		step := s.solve()
		size := longest(step)
		if !fresh && !(size <= float64(shrinking*before)) && size > s.enough {
			if matrices == most {
				return false
			}
			s.factor(s.d, s.curves, s.ridge)
			matrices++
			step, fresh = s.solve(), true
			size = longest(step)
		}
		scale := min(1, farthest/max(size, 1e-300))
		for j := range s.beta {
			s.beta[j] += float64(scale * step[j])
		}
		switch {
		case math.IsNaN(size):
			return false
		case size <= s.enough, fresh && size <= settled, !fresh && size*size <= float64(s.enough*(before-size)):
			return true // the rest is a geometric series
		}
		before = size
	}
	return false
}

func longest(step []float64) float64 {
	most := 0.0
	for _, x := range step {
		most = max(most, math.Abs(x))
	}
	return most
}
