package stat

import (
	"math"
	"slices"
)

// crosstab is two columns in a table of their levels, for both sides and
// together.
type crosstab struct {
	a, b     *levels
	side     [2][]float64 // rows by a.count·b.count cells
	n        [2]float64
	all      []float64
	across   []float64 // by level of a
	down     []float64 // by level of b
	cholesky []float64 // of what relates the levels of b, see fit
}

// newCrosstab counts the rows that have a value in both columns.
func newCrosstab(a, b *levels, s *sample) *crosstab {
	c := &crosstab{a: a, b: b, across: make([]float64, a.count), down: make([]float64, b.count), all: make([]float64, a.count*b.count)}
	for side := range c.side {
		c.side[side] = make([]float64, a.count*b.count)
		counts := c.count(side, s)
		for i := range a.count {
			for j := range b.count {
				w := counts[i*(mostLevels+1)+j]
				c.side[side][i*b.count+j] = w
				c.n[side] += w
				c.all[i*b.count+j] += w
				c.across[i] += w
				c.down[j] += w
			}
		}
	}
	return c
}

func (c *crosstab) count(side int, s *sample) (counts [(mostLevels + 1) * (mostLevels + 1)]float64) {
	x, y := c.a.at[side][:s.rows[side]], c.b.at[side][:s.rows[side]]
	if weights := s.weights[side]; weights != nil {
		for row, i := range x {
			counts[int(i)*(mostLevels+1)+int(y[row])] += weights[row]
		}
		return counts
	}
	var whole [(mostLevels + 1) * (mostLevels + 1)]uint32
	for row, i := range x {
		whole[int(i)*(mostLevels+1)+int(y[row])]++
	}
	for i, n := range whole {
		counts[i] = float64(n)
	}
	return counts
}

// A product of a score of each column has a mean that says how the two go
// together. It also moves when a column moves alone. What is left of it, once
// the best sum of a function of either column is taken away, does not: its mean
// given the level of either column is 0, so that it stays 0 whatever happens to
// one column while the other follows it as before.

// factor prepares fit: the normal equations of the two functions, with the
// levels of a eliminated.
func (c *crosstab) factor() {
	k := c.b.count
	m := make([]float64, k*k)
	for j := range k {
		m[j*k+j] = float64(c.down[j]*(1+1e-9)) + 1e-9
	}
	for i, sum := range c.across {
		if sum == 0 {
			continue
		}
		row := c.all[i*k : (i+1)*k]
		for j, x := range row {
			if x == 0 {
				continue
			}
			for l, y := range row[:j+1] {
				m[j*k+l] -= float64(x * y / sum)
			}
		}
	}
	for j := range k { // Cholesky, the lower half in place
		for l := range j + 1 {
			x := m[j*k+l]
			for i := range l {
				x -= float64(m[j*k+i] * m[l*k+i])
			}
			if l < j {
				m[j*k+l] = x / m[l*k+l]
			} else {
				m[j*k+j] = math.Sqrt(max(x, 1e-12*(1+c.down[j])))
			}
		}
	}
	c.cholesky = m
}

func (c *crosstab) solve(x []float64) {
	k, m := c.b.count, c.cholesky
	for j := range k {
		for i := range j {
			x[j] -= float64(m[j*k+i] * x[i])
		}
		x[j] /= m[j*k+j]
	}
	for j := k - 1; j >= 0; j-- {
		for i := j + 1; i < k; i++ {
			x[j] -= float64(m[i*k+j] * x[i])
		}
		x[j] /= m[j*k+j]
	}
}

// rest is what is left of a product of scores, by cell.
func (c *crosstab) rest(f, g []float64) []float64 {
	k := c.b.count
	if c.cholesky == nil {
		c.factor()
	}
	h := make([]float64, len(c.all))
	down, across := make([]float64, k), make([]float64, c.a.count)
	for i := range c.a.count {
		for j := range k {
			h[i*k+j] = f[i] * g[j]
			x := float64(c.all[i*k+j] * h[i*k+j])
			across[i] += x
			down[j] += x
		}
	}
	for i, sum := range c.across {
		if sum == 0 {
			continue
		}
		across[i] /= sum
		for j := range k {
			down[j] -= float64(c.all[i*k+j] * across[i])
		}
	}
	c.solve(down)
	for i, sum := range c.across {
		if sum == 0 {
			continue
		}
		shift := 0.0
		for j := range k {
			shift += float64(c.all[i*k+j] * down[j])
		}
		for j := range k {
			h[i*k+j] -= across[i] - shift/sum + down[j]
		}
	}
	return h
}

// moved is the difference between the sides' means of what is left, and its
// variance over all rows.
func (c *crosstab) moved(rest []float64) (difference, variance float64) {
	var mean [2]float64
	for cell, x := range rest {
		for side := range mean {
			mean[side] += float64(c.side[side][cell] * x)
		}
		variance += float64(c.all[cell] * x * x)
	}
	return mean[1]/c.n[1] - mean[0]/c.n[0], variance / (c.n[0] + c.n[1])
}

// p is the p-value of what is left, given both sides' rows together: which of
// them are current is a draw without replacement.
func (c *crosstab) p(rest []float64) float64 {
	totals, scores, taken := make([]float64, 0, len(rest)), make([]float64, 0, len(rest)), make([]float64, 0, len(rest))
	for cell, x := range rest {
		if c.all[cell] > 0 {
			totals, scores, taken = append(totals, c.all[cell]), append(scores, x), append(taken, c.side[1][cell])
		}
	}
	p, _ := rankTest(totals, taken, scores, c.n[1])
	return p
}

// mostRounds bounds the fitting of a table to given sums.
const mostRounds = 25

// alike gives both sides' shares of the cells as they would be if each level of
// either column were as frequent on one side as on the other, by iterative
// proportional fitting: how the columns go together, free from what each does
// alone. Levels that one side lacks are left out; ok is false where they are
// half of the rows.
func (c *crosstab) alike() (tables [2][]float64, ok bool) {
	k := c.b.count
	across, down := slices.Clone(c.across), slices.Clone(c.down)
	for side := range tables {
		tables[side] = slices.Clone(c.side[side])
	}
	for i := range across {
		for _, t := range tables {
			if total(t[i*k:(i+1)*k]) == 0 {
				across[i] = 0
			}
		}
	}
	for j := range down {
		for _, t := range tables {
			if stride(t, j, k) == 0 {
				down[j] = 0
			}
		}
	}
	kept := min(total(across), total(down))
	if kept < (c.n[0]+c.n[1])/2 {
		return tables, false
	}
	normalize(across)
	normalize(down)
	for _, t := range tables {
		proportion(t, across, down)
	}
	return tables, true
}

// proportion fits a table to the given sums of its rows and columns.
func proportion(t, across, down []float64) {
	k := len(down)
	for range mostRounds {
		off := 0.0
		for i, want := range across {
			row := t[i*k : (i+1)*k]
			have := total(row)
			if have > 0 {
				off = max(off, math.Abs(have-want))
				for j := range row {
					row[j] *= want / have
				}
			}
		}
		for j, want := range down {
			have := stride(t, j, k)
			if have > 0 {
				for i := j; i < len(t); i += k {
					t[i] *= want / have
				}
			}
		}
		if off < 1e-7 {
			return
		}
	}
}

func total(xs []float64) float64 {
	s := 0.0
	for _, x := range xs {
		s += x
	}
	return s
}

func stride(t []float64, from, step int) float64 {
	s := 0.0
	for i := from; i < len(t); i += step {
		s += t[i]
	}
	return s
}

func normalize(xs []float64) {
	all := total(xs)
	for i := range xs {
		xs[i] /= all
	}
}
