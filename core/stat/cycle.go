package stat

import "math"

// harmonics is how many of a cycle's are looked at: one wave a turn, and two.
const harmonics = 2

// Turn is one turn of a cycle, such as a day of 24 hours.
type Turn struct {
	At     int64 // its number: those of turns that follow each other differ by 1
	Values []float64
}

// Cycle tests whether turns, in order and all of a length, have a shape in
// common. Of each turn the first two harmonics are taken, and their means held
// against how they scatter from turn to turn, so that values near each other may
// depend on each other as they like. It takes five turns; values that are too
// large to be summed are [ErrOverflow].
//
// What rises all the time looks alike in all turns, too, and is no shape of
// theirs. Cosines are taken about the middle of a turn, where a straight line has
// none. A sine must be there, and the same way round, both as it is and when the
// line is taken away that leads from the level of the turn before to that of the
// turn after: the first alone would take a slope for a wave, the second a
// staircase of one step a turn.
func Cycle(turns []Turn) (p float64, err error) {
	if len(turns) < 5 || len(turns[0].Values) < 2 {
		return 0, ErrFew
	}
	all, err := centre(turns)
	if err != nil {
		return 0, err
	}
	length, tests := len(turns[0].Values), 0
	least := 1.0
	for h := 1; h <= harmonics && 2*h <= length; h++ {
		shapes := []func(float64) float64{math.Sin, math.Cos}
		if 2*h == length {
			shapes = shapes[:1] // the cosine is 0 throughout
		}
		for _, shape := range shapes {
			if p, ok := all.load(wave(shape, h, length)); ok {
				tests++
				least = min(least, p)
			}
		}
	}
	return min(least*float64(max(tests, 1)), 1), nil
}

// wave is h waves a turn, taken in the middle of each value's time.
func wave(shape func(float64) float64, h, length int) []float64 {
	all := make([]float64, length)
	for k := range all {
		all[k] = shape(math.Pi * float64(h*(2*k+1)) / float64(length))
	}
	return all
}

// centred is one turn less its mean.
type centred struct {
	values []float64
	slope  float64 // from value to value, by the turns before and after
	noise  float64 // loads that are smaller are rounding
}

type cycle []centred

// centre takes its mean from each turn: what is the same throughout a turn is
// exactly 0 then.
func centre(turns []Turn) (cycle, error) {
	all, levels := make(cycle, len(turns)), make([]float64, len(turns))
	for i, turn := range turns {
		var total, size, spread sum
		for _, x := range turn.Values {
			total.add(x)
			size.add(math.Abs(x))
		}
		n := float64(len(turn.Values))
		levels[i] = total.value() / n
		values := make([]float64, len(turn.Values))
		for k, x := range turn.Values {
			values[k] = x - levels[i]
			spread.add(math.Abs(values[k]))
		}
		noise := float64(1e-12*spread.value()) + float64(1e-15*size.value())
		if math.IsNaN(noise) || math.IsInf(noise, 0) {
			return nil, ErrOverflow
		}
		all[i] = centred{values: values, noise: noise}
	}
	for i := range all {
		before, after := max(i-1, 0), min(i+1, len(turns)-1)
		apart := float64(turns[after].At-turns[before].At) * float64(len(turns[i].Values))
		all[i].slope = (levels[after] - levels[before]) / apart
	}
	return all, nil
}

// load tests how much of a wave the turns have in common; ok is false where none
// has any.
func (c cycle) load(wave []float64) (p float64, ok bool) {
	middle := float64(float64(len(wave)-1) / 2)
	var line sum // what a line of slope 1 has of the wave
	for k, w := range wave {
		line.add(float64((float64(k) - middle) * w))
	}
	plain, level := make([]float64, len(c)), make([]float64, len(c))
	for i, turn := range c {
		var load sum
		for k, x := range turn.values {
			load.add(float64(x * wave[k]))
		}
		plain[i] = above(load.value(), turn.noise)
		level[i] = above(load.value()-float64(turn.slope*line.value()), turn.noise)
	}
	p, side, ok := zeroMean(plain)
	q, side2, ok2 := zeroMean(level)
	if !ok || !ok2 {
		return 1, ok || ok2
	}
	if side != side2 {
		return 1, true
	}
	return max(p, q), true
}

// above is x, or 0 where it is not above the noise.
func above(x, noise float64) float64 {
	if math.Abs(x) <= noise {
		return 0
	}
	return x
}

// zeroMean is Student's test of a mean of 0, and whether the mean is above; ok is
// false where all is 0. What hardly scatters counts as scattering a billionth.
func zeroMean(x []float64) (p float64, positive, ok bool) {
	n := float64(len(x))
	var total, squares sum
	for _, v := range x {
		total.add(v)
	}
	mean := total.value() / n
	for _, v := range x {
		squares.add(float64((v - mean) * (v - mean)))
	}
	scatter := max(math.Sqrt(squares.value()/(n-1)), 1e-9*math.Abs(mean))
	if scatter == 0 {
		return 1, false, false
	}
	return StudentTwoSided(mean/(scatter/math.Sqrt(n)), n-1), mean > 0, true
}
