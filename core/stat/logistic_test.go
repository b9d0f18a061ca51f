package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// newton is the plain method: a new matrix at every step.
func newton(d *Design, y []float64) []float64 {
	beta := make([]float64, d.Width)
	for range 100 {
		left, right := make([][]float64, d.Width), make([]float64, d.Width)
		for j := range left {
			left[j] = make([]float64, d.Width)
			left[j][j] = ridge
			right[j] = -ridge * beta[j]
		}
		for i := range y {
			x, z := d.Row(i), 0.0
			for j := range x {
				z += x[j] * beta[j]
			}
			p := 1 / (1 + math.Exp(-z))
			for j := range x {
				right[j] += d.weight(i) * (y[i] - p) * x[j]
				for k := range x {
					left[j][k] += d.weight(i) * p * (1 - p) * x[j] * x[k]
				}
			}
		}
		step := eliminate(left, right)
		far := longest(step)
		for j := range beta {
			beta[j] += step[j] * min(1, 4/far)
		}
		if far < 1e-11 {
			break
		}
	}
	return beta
}

// eliminate solves by Gauss's elimination, with pivots.
func eliminate(a [][]float64, b []float64) []float64 {
	n := len(b)
	for j := range n {
		top := j
		for i := j; i < n; i++ {
			if math.Abs(a[i][j]) > math.Abs(a[top][j]) {
				top = i
			}
		}
		a[j], a[top], b[j], b[top] = a[top], a[j], b[top], b[j]
		for i := j + 1; i < n; i++ {
			f := a[i][j] / a[j][j]
			for k := j; k < n; k++ {
				a[i][k] -= f * a[j][k]
			}
			b[i] -= f * b[j]
		}
	}
	x := make([]float64, n)
	for j := n - 1; j >= 0; j-- {
		x[j] = b[j]
		for k := j + 1; k < n; k++ {
			x[j] -= a[j][k] * x[k]
		}
		x[j] /= a[j][j]
	}
	return x
}

// TestLogistic: as the plain method, on rows that are easy and hard: few, rare,
// nearly parted, weighted, with columns that hang together.
func TestLogistic(t *testing.T) {
	for name, c := range map[string]struct {
		rows, width           int
		slope, lift, together float64
		weighted              bool
	}{
		"plain":    {4000, 12, 0.5, 0, 0, false},
		"few":      {150, 6, 0.8, 0, 0, false},
		"odd":      {1999, 5, 1, 0, 0, true},
		"steep":    {3000, 10, 3, 0, 0, false},
		"rare":     {4000, 8, 0.7, -4, 0, false},
		"together": {3000, 9, 0.6, 0, 0.999, false},
		"parted":   {800, 4, 30, 0, 0, false},
	} {
		draw := rand.New(rand.NewPCG(5, uint64(c.rows)))
		d := &Design{Width: c.width}
		var y []float64
		for range c.rows {
			z, shared := c.lift, draw.NormFloat64()
			d.Cells = append(d.Cells, 1)
			for j := 1; j < c.width; j++ {
				x := c.together*shared + math.Sqrt(1-c.together*c.together)*draw.NormFloat64()
				d.Cells = append(d.Cells, x)
				z += c.slope * x / float64(j)
			}
			if c.weighted {
				d.Weights = append(d.Weights, float64(1+draw.IntN(3)))
			}
			y = append(y, 0)
			if draw.Float64() < Expit(z) {
				y[len(y)-1] = 1
			}
		}
		got, want := d.Logistic(y), newton(d, y)
		for j := range want {
			if !(math.Abs(got[j]-want[j]) < 1e-8*max(1, math.Abs(want[j]))) {
				t.Errorf("%s: coefficient %d is %v, want %v", name, j, got[j], want[j])
			}
		}
	}
}
