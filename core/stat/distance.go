package stat

import "math"

// Wasserstein is the first Wasserstein distance ∫|F-G|dx in the unit of the
// values, >= 0: scipy.stats.wasserstein_distance.
func (p *Pair) Wasserstein() (float64, error) {
	return p.between(math.Abs)
}

// Energy is the energy distance sqrt(2∫(F-G)²dx), >= 0, as
// scipy.stats.energy_distance; its unit is the root of the values' unit.
func (p *Pair) Energy() (float64, error) {
	e, err := p.between(func(d float64) float64 { return d * d })
	return math.Sqrt(2 * e), err
}

// between integrates a function of F-G over the line.
func (p *Pair) between(f func(float64) float64) (float64, error) {
	if p.empty() {
		return 0, ErrEmpty
	}
	n, m := float64(p.n), float64(p.m)
	var ca, cb int64
	var s sum
	for i := 1; i < len(p.values); i++ {
		ca, cb = ca+p.a[i-1], cb+p.b[i-1]
		d := float64(float64(ca)*m) - float64(float64(cb)*n)
		if d == 0 {
			continue
		}
		weight := f(d / float64(n*m))
		// Half the step cannot overflow, the sum may.
		s.add(2 * float64(weight*(float64(p.values[i]/2)-float64(p.values[i-1]/2))))
	}
	if total := s.value(); !math.IsInf(total, 0) && !math.IsNaN(total) {
		return total, nil
	}
	return 0, ErrOverflow
}

// NullWasserstein is the distance to expect between two samples of n and m
// values from the pooled distribution: ∫E|F-G|dx with F-G nearly normal.
func (p *Pair) NullWasserstein() (float64, error) {
	if p.empty() {
		return 0, ErrEmpty
	}
	all := float64(p.n + p.m)
	scale := float64(math.Sqrt(2/math.Pi) * math.Sqrt(1/float64(p.n)+1/float64(p.m)))
	var below int64
	var s sum
	for i := 1; i < len(p.values); i++ {
		below += p.a[i-1] + p.b[i-1]
		h := float64(below) / all
		s.add(2 * scale * math.Sqrt(h*(1-h)) * (float64(p.values[i]/2) - float64(p.values[i-1]/2)))
	}
	if total := s.value(); !math.IsInf(total, 0) && !math.IsNaN(total) {
		return total, nil
	}
	return 0, ErrOverflow
}

// MeanShift is Cohen's d, (mean b - mean a) / pooled standard deviation, with
// n-1 in the variances. Signed, unbounded.
func MeanShift(meanA, stdA float64, n int64, meanB, stdB float64, m int64) (float64, error) {
	if n < 2 || m < 2 {
		return 0, ErrFew
	}
	scale := max(stdA, stdB)
	if scale == 0 {
		if meanA == meanB {
			return 0, nil
		}
		return 0, ErrConstant
	}
	// Relative to the larger one, so that squares do not overflow.
	a, b := stdA/scale, stdB/scale
	v := (float64(float64(n-1)*float64(a*a)) + float64(float64(m-1)*float64(b*b))) / float64(n+m-2)
	d := (meanB/scale - meanA/scale) / math.Sqrt(v)
	if math.IsInf(d, 0) || math.IsNaN(d) {
		return 0, ErrOverflow
	}
	return d, nil
}
