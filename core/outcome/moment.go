package outcome

import (
	"math"

	"leeway/core/sketch"
)

// Moment is the exact mean of values, with weights or without, and how well it
// is known.
type Moment struct {
	weighted bool
	count    Cell
	sum      sketch.Sum // Σ x, or Σ w·x
	squares  sketch.Sum // Σ x², or Σ w²·x²
	cross    sketch.Sum // with weights: Σ w²·x
	buffer   []float64
}

func newMoment(weighted bool) *Moment { return &Moment{weighted: weighted} }

// buffered is how many values are summed up at a time.
const buffered = 256

func (m *Moment) add(x, weight float64) {
	m.count.Rows++
	if m.weighted {
		m.count.Mass.Add(weight)
		m.count.Squares.Add(weight * weight)
		var none sketch.Sum
		one := [1]float64{weight * x}
		sketch.Accumulate(one[:], &m.sum, &m.squares)
		one[0] *= weight
		sketch.Accumulate(one[:], &m.cross, &none)
		return
	}
	if m.buffer = append(m.buffer, x); len(m.buffer) == buffered {
		m.flush()
	}
}

func (m *Moment) flush() {
	sketch.Accumulate(m.buffer, &m.sum, &m.squares)
	m.buffer = m.buffer[:0]
}

func (m *Moment) merge(o *Moment) {
	m.flush()
	o.flush()
	m.count.merge(&o.count)
	m.sum.Merge(&o.sum)
	m.squares.Merge(&o.squares)
	m.cross.Merge(&o.cross)
}

// Rows is the number of values.
func (m *Moment) Rows() int64 { return m.count.Rows }

// Effective is how many rows without weights know the mean as well (Kish, 1965).
func (m *Moment) Effective() float64 {
	if !m.weighted {
		return float64(m.count.Rows)
	}
	w := m.count.Mass.Float()
	return w * w / m.count.Squares.Float()
}

// Mean is the mean, NaN without values.
func (m *Moment) Mean() float64 {
	m.flush()
	if !m.weighted {
		return sketch.Mean(m.count.Rows, &m.sum)
	}
	return m.sum.Float() / m.count.Mass.Float()
}

// Variance is that of the mean, NaN for fewer than two values.
func (m *Moment) Variance() float64 {
	m.flush()
	n := float64(m.count.Rows)
	if !m.weighted {
		return sketch.Variance(m.count.Rows, &m.sum, &m.squares) / n
	}
	if n < 2 {
		return math.NaN()
	}
	w, k := m.count.Mass.Float(), m.Effective()
	_, about := m.About()
	return about / (w * w) * k / max(k-1, 1)
}

// About is Σ w² and Σ w²·(x - mean)² of values with weights.
func (m *Moment) About() (squares, about float64) {
	m.flush()
	mean, squares := m.Mean(), m.count.Squares.Float()
	about = m.squares.Float() - float64(2*mean*m.cross.Float()) + float64(mean*mean*squares)
	return squares, max(about, 0)
}
