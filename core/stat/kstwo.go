package stat

import "math"

// kolmogorovTail is P(D_n >= d) for the two-sided one-sample Kolmogorov-Smirnov
// statistic of n values: scipy.stats.kstwo.sf.
//
// Regions after Simard and L'Ecuyer, Computing the Two-Sided
// Kolmogorov-Smirnov Distribution, J. Stat. Software 39(11), 2011: twice the
// one-sided tail where both sides cannot matter together, Durbin's matrix for
// few values, the Pelz-Good expansion for many.
func kolmogorovTail(n int64, d float64) float64 {
	t := float64(float64(n) * d)
	switch {
	case d >= 1:
		return 0
	case t <= 0.5:
		return 1
	case t <= 1: // Ruben and Gambino
		return 1 - math.Exp(stirlingFactor(n)+float64(float64(n)*math.Log(float64(2*t)-1)))
	case d >= 0.5 || t*d >= 4 || n > 140 && t*d >= 2.2:
		return min(2*smirnovTail(n, d), 1)
	case n <= 140 || n <= 2000 && t*math.Sqrt(d) <= 1.4:
		return max(1-durbin(n, d), 0)
	}
	return max(1-pelzGood(n, d), 0)
}

// stirlingFactor is log(n!/n^n).
func stirlingFactor(n int64) float64 {
	return float64(0.5*math.Log(2*math.Pi*float64(n))) - float64(n) + stirlingError(float64(n))
}

// stirlingError is log(n!) minus Stirling's formula (n+½)log n - n + ½log 2π.
func stirlingError(n float64) float64 {
	if n < 16 {
		l, _ := math.Lgamma(n + 1)
		return l - (float64((n+0.5)*math.Log(n)) - n + float64(0.5*math.Log(2*math.Pi)))
	}
	i, ii := 1/n, 1/(n*n)
	return i * (1./12 - float64(ii*(1./360-float64(ii*(1./1260-float64(ii*(1./1680-ii/1188)))))))
}

// smirnovTail is P(D+_n >= d), one-sided:
//
//	d·Σ_v C(n,v)·(d+v/n)^(v-1)·(1-d-v/n)^(n-v),  0 <= v <= n(1-d).
//
// The terms of a large n are a smooth bump over v that is flat at both ends,
// so every s-th one, times s, gives the same sum (Poisson summation: the error
// falls faster than any power of s/n).
//
// Beyond a million SciPy goes over to the first terms of the expansion in 1/√n,
// and so does this: what others recompute is worth more than a digit that no
// decision hangs on.
func smirnovTail(n int64, d float64) float64 {
	if n > 1_000_000 {
		x := float64(6*float64(n)*d) + 1
		return math.Exp(-x * x / (18 * float64(n)))
	}
	stride := max(n/4096, 1)
	steps := int64(float64(n)*(1-d)) / stride
	middle := int64(1)
	if d <= 0.5 { // the bump has one top, in the middle
		middle = max(steps/2, 1)
	}
	var total sum
	add := func(k int64) (counts bool) {
		term := smirnovTerm(float64(n), float64(k*stride), d)
		total.add(term)
		return middle == 1 || term*float64(steps) > 1e-17*total.value()
	}
	for k := middle; k <= steps && add(k); k++ {
	}
	for k := middle - 1; k > 0 && add(k); k-- {
	}
	return float64(float64(stride)*total.value()) + math.Exp(float64(n)*math.Log1p(-d))
}

func smirnovTerm(n, v, d float64) float64 {
	rest := n - v
	if rest <= 0 {
		return 0
	}
	shift := n * d
	if shift >= rest {
		return 0
	}
	// The binomial coefficient by Stirling, its powers taken together with the
	// other powers: only the difference to v/n is left, which is small.
	log := stirlingError(n) - stirlingError(v) - stirlingError(rest) +
		float64(v*math.Log1p(shift/v)) + float64(rest*math.Log1p(-shift/rest))
	return d / (d + v/n) * math.Exp(log) * math.Sqrt(n/(2*math.Pi*v*rest))
}

// durbin is P(D_n < d) by the k-th row of a matrix power (Durbin 1968;
// Marsaglia, Tsang and Wang 2003).
func durbin(n int64, d float64) float64 {
	k := int(math.Ceil(float64(n) * d))
	size := 2*k - 1
	h := float64(k) - float64(float64(n)*d)
	m := newMatrix(size)
	factorial := 1.0
	power := 1.0
	for j := range size {
		factorial /= float64(j + 1)
		power = float64(power * h)
		for i := j; i < size; i++ { // 1/(i-(c-1)+...)! below and on the diagonal above
			m.set(i, i-j, factorial)
		}
		m.set(j, 0, (1-power)*factorial)
		m.set(size-1, size-1-j, (1-power)*factorial)
	}
	for i := range size - 1 {
		m.set(i, i+1, 1)
	}
	corner := 1 - 2*power
	if h > 0.5 {
		corner += math.Pow(2*h-1, float64(size))
	}
	m.set(size-1, 0, corner*factorial)
	result, exponent := m.power(int(n), k-1)
	for i := range n {
		result *= float64(i+1) / float64(n)
		if result < 1e-140 {
			result *= 1e140
			exponent -= 140
		}
	}
	return result * math.Pow(10, float64(exponent))
}

// matrix is square, row by row.
type matrix struct {
	size  int
	cells []float64
}

func newMatrix(size int) *matrix { return &matrix{size, make([]float64, size*size)} }

func (m *matrix) set(i, j int, x float64) { m.cells[i*m.size+j] = x }

func (m *matrix) times(o *matrix) *matrix {
	product := newMatrix(m.size)
	for i := range m.size {
		row := product.cells[i*m.size : (i+1)*m.size]
		for k := range m.size {
			x := m.cells[i*m.size+k]
			for j, y := range o.cells[k*m.size : (k+1)*m.size] {
				row[j] += float64(x * y)
			}
		}
	}
	return product
}

// power gives the middle diagonal element of m^n as x·10^exponent.
func (m *matrix) power(n, middle int) (x float64, exponent int) {
	result, scale := newMatrix(m.size), 0
	for i := range m.size {
		result.set(i, i, 1)
	}
	for square := m; n > 0; n /= 2 {
		if n%2 == 1 {
			result, exponent = result.times(square), exponent+scale
		}
		square, scale = square.times(square), 2*scale
		if square.cells[middle*m.size+middle] > 1e140 {
			for i := range square.cells {
				square.cells[i] *= 1e-140
			}
			scale += 140
		}
	}
	return result.cells[middle*m.size+middle], exponent
}
