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

// Linear is the least squares regression of y: its coefficients.
func (d *Design) Linear(y []float64) []float64 { return d.Least().Of(y) }

// Least is least squares on the same rows, of one thing after the other.
type Least struct {
	normal *normal
	d      *Design
	pulls  []float64
}

// Least gets ready for regressions on these rows.
func (d *Design) Least() *Least {
	s, weights := newNormal(d.Width), make([]float64, d.Rows())
	for i := range weights {
		weights[i] = d.weight(i)
	}
	s.factor(d, weights, ridge)
	return &Least{s, d, weights}
}

// Of is the regression of y: its coefficients.
func (l *Least) Of(y []float64) []float64 {
	for i := range y {
		l.pulls[i] = float64(l.d.weight(i) * y[i])
	}
	clear(l.normal.right)
	l.normal.gather(l.d, l.pulls, 0, len(y))
	return l.normal.solve()
}

// Dot is the scalar product.
func Dot(a, b []float64) float64 {
	var sums [4]float64
	b = b[:len(a)]
	i := 0
	for ; i+4 <= len(a); i += 4 {
		x, y := a[i:i+4:i+4], b[i:i+4:i+4]
		sums[0] += float64(x[0] * y[0])
		sums[1] += float64(x[1] * y[1])
		sums[2] += float64(x[2] * y[2])
		sums[3] += float64(x[3] * y[3])
	}
	for ; i < len(a); i++ {
		sums[0] += float64(a[i] * b[i])
	}
	return (sums[0] + sums[1]) + (sums[2] + sums[3])
}

// Expit is the inverse of the logit.
func Expit(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// normal are normal equations.
type normal struct {
	width int
	left  []float64 // the lower triangle, row by row; its Cholesky factor after factor
	right []float64
}

func newNormal(width int) *normal {
	return &normal{width: width, left: make([]float64, width*width), right: make([]float64, width)}
}

// factor adds the products of all pairs of columns over weighted rows, four rows
// at a time, and factors the matrix with a ridge.
func (s *normal) factor(d *Design, weights []float64, ridge float64) {
	clear(s.left)
	i := 0
	for ; i+4 <= len(weights); i += 4 {
		s.add((*[4]float64)(weights[i:]), d.Row(i), d.Row(i+1), d.Row(i+2), d.Row(i+3))
	}
	for ; i < len(weights); i++ {
		row := d.Row(i)
		s.add(&[4]float64{weights[i]}, row, row, row, row)
	}
	s.cholesky(ridge)
}

func (s *normal) add(w *[4]float64, x0, x1, x2, x3 []float64) {
	for j := range x0 {
		a0, a1, a2, a3 := float64(w[0]*x0[j]), float64(w[1]*x1[j]), float64(w[2]*x2[j]), float64(w[3]*x3[j])
		row := s.left[j*s.width : j*s.width+j+1]
		b0, b1, b2, b3 := x0[:len(row)], x1[:len(row)], x2[:len(row)], x3[:len(row)]
		for k := range row {
			row[k] += (float64(a0*b0[k]) + float64(a1*b1[k])) + (float64(a2*b2[k]) + float64(a3*b3[k]))
		}
	}
}

func (s *normal) cholesky(ridge float64) {
	n, l := s.width, s.left
	for j := range n {
		l[j*n+j] += ridge
		for k := range j {
			sum := l[j*n+k] - Dot(l[j*n:j*n+k], l[k*n:k*n+k])
			l[j*n+k] = sum / l[k*n+k]
		}
		l[j*n+j] = math.Sqrt(max(l[j*n+j]-Dot(l[j*n:j*n+j], l[j*n:j*n+j]), 1e-12))
	}
}

// gather adds rows to the right side, as often as pulls say.
func (s *normal) gather(d *Design, pulls []float64, from, to int) {
	i := from
	for ; i+4 <= to; i += 4 {
		p0, p1, p2, p3 := pulls[i], pulls[i+1], pulls[i+2], pulls[i+3]
		x0, x1, x2, x3 := d.Row(i)[:len(s.right)], d.Row(i + 1)[:len(s.right)], d.Row(i + 2)[:len(s.right)], d.Row(i + 3)[:len(s.right)]
		for j := range s.right {
			s.right[j] += (float64(p0*x0[j]) + float64(p1*x1[j])) + (float64(p2*x2[j]) + float64(p3*x3[j]))
		}
	}
	for ; i < to; i++ {
		for j, x := range d.Row(i) {
			s.right[j] += float64(pulls[i] * x)
		}
	}
}

// solve is the solution, by the factor.
func (s *normal) solve() []float64 {
	n, l := s.width, s.left
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
