package cause

import "math"

// refuted tells that the current values, taken back, lie on a multiple of the
// step only, which those of the reference do not: what was taken times 24 is
// times 12 on every second step. Fewer decimals do that too, so where a power of
// ten or a part leaves nothing, it is no reason to doubt it.
func (f *fit) refuted(of [2]float64) bool {
	if !f.proved || f.offset != 0 || !f.marked && f.left <= noise(f.a.n, f.b.n) || !(of[0] > 0) {
		return false
	}
	off := 1e-6
	if of[1] > 0 {
		off = max(off, 0.5*of[1]/(f.factor*of[0]))
	}
	returned := f.b.apply(func(x float64) float64 { return x / f.factor })
	on := func(s sample, times float64) float64 {
		return float64(s.multiples(times*of[0], off/times+1e-6)) / float64(s.n)
	}
	for _, times := range []float64{2, 3, 5, 7} {
		if on(returned, times) >= nearlyAll && on(f.a, times) < 0.9 {
			return true
		}
	}
	return false
}

// marked tells that nearly all current values are multiples of the factor, in
// steps of the reference, of whose values few are. Only a power of ten comes by
// rounding as well: any other names itself, also where drift is the larger part
// of the change.
func (c *column) marked(v conversion) bool {
	step := c.stepped()[0]
	size := float64(v.factor * step)
	if !(step > 0) || v.offset != 0 || v.factor < 5 || v.factor != math.Round(v.factor) || math.Log10(v.factor) == math.Round(math.Log10(v.factor)) || c.b.width > 0 {
		return false
	}
	few := c.b.n - int64(math.Ceil(nearlyAll*float64(c.b.n)))
	return len(c.b.values) >= enough && c.b.areMultiples(size, few) && 2*c.a.multiples(size, 1e-9) < c.a.n
}

// vague tells that drift leaves the choice between known factors: no steps prove
// this one, and another one up to 1.6 times as large or small undoes nearly half
// of the change too. Any two that are as near as 1,000 and 1,024 say the same.
func (f *fit) vague() bool {
	if f.proved || f.offset != 0 || f.left <= noise(f.a.n, f.b.n) {
		return false
	}
	for _, v := range conversions {
		for _, other := range []conversion{v, v.inverse()} {
			ratio := max(other.factor/f.factor, f.factor/other.factor)
			if other.offset == 0 && ratio > 1.05 && ratio <= 1.6 && f.gapOf(other) <= 0.6*f.before {
				return true
			}
		}
	}
	return false
}

// steps tells whether the step between values, a power of ten on both sides,
// became larger or smaller by the factor.
func (f *fit) steps(of [2]float64) bool { return f.before >= 0.5 && f.restepped(of) }

func (v conversion) restepped(of [2]float64) bool {
	return v.offset == 0 && v.size() >= 10 && math.Abs(of[1]/of[0]/v.factor-1) < 1e-6
}

// restepped is steps of values that are known to the digit, and of many.
func (c *column) restepped(v conversion) bool {
	return v.restepped(c.stepped()) && max(c.a.width, c.b.width) == 0 && min(len(c.a.values), len(c.b.values)) >= enough
}

// lattice tells whether the current values, taken back, are multiples of the
// step that the reference's values are multiples of, where chance would not have
// it. Both sides must be known to the digit. People write factors with fewer
// digits than they have.
func (c *column) lattice(v conversion, b sample) bool {
	before, now := c.stepped()[0], c.stepped()[1]
	if !(before > 0) || b.width > 0 {
		return false
	}
	for digits := 4; digits <= 12; digits++ {
		up, down := rounded(v.factor, digits), 1/rounded(1/v.factor, digits)
		for _, factor := range []float64{up, down} {
			if onSteps(b, conversion{factor: factor, offset: v.offset}, before, now) {
				return true
			}
		}
	}
	return false
}

func rounded(x float64, digits int) float64 {
	scale := math.Pow10(digits - 1 - int(math.Floor(math.Log10(x))))
	return math.Round(x*scale) / scale
}

// onSteps is lattice for one factor: each value hits a step by chance with a
// probability that rounding gives, and so many of them in one case of 500
// millions at most, by Chernoff's bound.
func onSteps(b sample, v conversion, before, now float64) bool {
	off := 1e-6
	if now > 0 {
		off = max(off, 0.5*now/(v.factor*before))
	}
	hit := min(float64(2*off), nearlyAll)
	surprise := float64(nearlyAll*math.Log(nearlyAll/hit)) + float64((1-nearlyAll)*math.Log((1-nearlyAll)/(1-hit)))
	if float64(len(b.values))*surprise < 20 || len(b.values) < 10 {
		return false
	}
	returned := b.apply(func(x float64) float64 {
		x = (x - v.offset) / v.factor
		if v.offset != 0 && math.Abs(x) <= float64(off*before) { // what was 0 is off by what was rounded, too
			return 0
		}
		return x
	})
	return float64(returned.multiples(before, off+1e-6)) >= float64(nearlyAll*float64(b.n))
}
