package stat

import "math"

// Design is the rows of a regression, one after the other, each with as many
// numbers; the first of them is usually 1. Weights count rows; nil for one each.
type Design struct {
	Width   int
	Cells   []float64
	Weights []float64
}

// Rows is the number of rows.
func (d *Design) Rows() int { return len(d.Cells) / d.Width }

// Row is one row.
func (d *Design) Row(i int) []float64 { return d.Cells[i*d.Width : (i+1)*d.Width] }

func (d *Design) weight(i int) float64 {
	if d.Weights == nil {
		return 1
	}
	return d.Weights[i]
}

// ridge keeps coefficients finite where columns hang together or classes part.
// It weighs as little as the tenth of a row.
const ridge = 0.1

// mostSteps bounds Newton's method: convergence takes four to eight steps.
const mostSteps = 12

// Linear is the least squares regression of y: its coefficients.
func (d *Design) Linear(y []float64) []float64 {
	s := newNormal(d.Width)
	for i := range y {
		s.add(d.Row(i), d.weight(i), y[i])
	}
	return s.solve()
}

// Logistic is the logistic regression of y, which lies in 0..1: its
// coefficients, by Newton's method.
func (d *Design) Logistic(y []float64) []float64 {
	beta := make([]float64, d.Width)
	s := newNormal(d.Width)
	for range mostSteps {
		s.clear()
		for i := range y {
			x, n := d.Row(i), d.weight(i)
			p := Expit(Dot(x, beta))
			w := max(float64(p*(1-p)), 1e-6)
			s.add(x, float64(n*w), (y[i]-p)/w)
		}
		for j, b := range beta { // the ridge pulls towards 0, not towards where it stands
			s.right[j] -= float64(ridge * b)
		}
		step, furthest := s.solve(), 0.0
		for j := range beta {
			furthest = max(furthest, math.Abs(step[j]))
		}
		scale := min(1, 4/max(furthest, 1e-300)) // far steps overshoot
		for j := range beta {
			beta[j] += float64(scale * step[j])
		}
		if furthest < 1e-6 {
			break
		}
	}
	return beta
}

// Dot is the scalar product.
func Dot(a, b []float64) (sum float64) {
	for i, x := range a {
		sum += float64(x * b[i])
	}
	return sum
}

// Expit is the inverse of the logit.
func Expit(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// normal are normal equations: the lower triangle, row by row.
type normal struct {
	width int
	left  []float64
	right []float64
}

func newNormal(width int) *normal {
	return &normal{width: width, left: make([]float64, width*width), right: make([]float64, width)}
}

func (s *normal) clear() {
	clear(s.left)
	clear(s.right)
}

func (s *normal) add(x []float64, weight, y float64) {
	for j, a := range x {
		if a == 0 {
			continue
		}
		wa := float64(weight * a)
		s.right[j] += float64(wa * y)
		row := s.left[j*s.width : j*s.width+j+1]
		for k := range row {
			row[k] += float64(wa * x[k])
		}
	}
}

// solve is by Cholesky, with the ridge.
func (s *normal) solve() []float64 {
	n, l := s.width, make([]float64, len(s.left))
	copy(l, s.left)
	for j := range n {
		l[j*n+j] += ridge
		for k := range j {
			sum := l[j*n+k] - Dot(l[j*n:j*n+k], l[k*n:k*n+k])
			l[j*n+k] = sum / l[k*n+k]
		}
		l[j*n+j] = math.Sqrt(max(l[j*n+j]-Dot(l[j*n:j*n+j], l[j*n:j*n+j]), 1e-12))
	}
	x := make([]float64, n)
	for j := range n {
		x[j] = (s.right[j] - Dot(l[j*n:j*n+j], x[:j])) / l[j*n+j]
	}
	for j := n - 1; j >= 0; j-- {
		sum := x[j]
		for k := j + 1; k < n; k++ {
			sum -= float64(l[k*n+j] * x[k])
		}
		x[j] = sum / l[j*n+j]
	}
	return x
}
