package confidence

import "math"

// estimate is what a metric is expected to be once labels come.
type estimate struct {
	value    float64
	variance float64 // of the difference to what comes true
	rows     int64
	fuzzy    bool
	reason   string
}

func unknown(reason string) estimate { return estimate{value: math.NaN(), reason: reason} }

// sums are an expected confusion matrix.
type sums struct{ hit, guessed, actual float64 }

func (f *forecast) sums() (s sums) {
	for i := range f.cells {
		c := &f.cells[i]
		s.actual += float64(c.weight * c.p)
		if c.guessed {
			s.guessed += c.weight
			s.hit += float64(c.weight * c.p)
		}
	}
	return s
}

// by makes an estimate of a value and its slope: how it changes with the outcome
// of one row that is predicted to be of the class, and of one that is not.
func (f *forecast) by(value, guessed, other float64) estimate {
	return estimate{value: value, rows: f.rows, fuzzy: f.fuzzy, variance: f.variance(func(i int) float64 {
		if f.cells[i].guessed {
			return guessed
		}
		return other
	})}
}

func (f *forecast) accuracy() estimate {
	s := f.sums()
	right := s.hit + (f.weight - s.guessed) - (s.actual - s.hit)
	return f.by(right/f.weight, 1/f.weight, -1/f.weight)
}

// hits is the accuracy where what is calibrated is whether the prediction holds.
func (f *forecast) hits() estimate {
	return f.by(f.sums().actual/f.weight, 1/f.weight, 1/f.weight)
}

func (f *forecast) precision() estimate {
	s := f.sums()
	if s.guessed == 0 {
		return unknown("no row is predicted to be of the class")
	}
	return f.by(s.hit/s.guessed, 1/s.guessed, 0)
}

func (f *forecast) recall() estimate {
	s := f.sums()
	if !(s.actual > 0) {
		return unknown(noneExpected)
	}
	r := s.hit / s.actual
	return f.by(r, (1-r)/s.actual, -r/s.actual)
}

func (f *forecast) f1() estimate {
	s := f.sums()
	if !(s.actual+s.guessed > 0) {
		return unknown(noneExpected)
	}
	v := 2 * s.hit / (s.actual + s.guessed)
	return f.by(v, (2-v)/(s.actual+s.guessed), -v/(s.actual+s.guessed))
}

const noneExpected = "by calibration no row is of the class"

func (f *forecast) logLoss() estimate {
	e := estimate{rows: f.rows, fuzzy: f.fuzzy}
	for i := range f.cells {
		loss, _ := f.cells[i].expected()
		e.value += float64(f.cells[i].weight * loss)
	}
	e.value /= f.weight
	e.variance = f.variance(func(i int) float64 {
		_, slope := f.cells[i].expected()
		return slope / f.weight
	})
	return e
}

// roc is the area under the ROC curve: of all pairs of two rows, by the chances
// that one is positive and the other is not. No row makes a pair with itself.
func (f *forecast) roc() estimate {
	var positive, negative, own float64
	for i := range f.cells {
		c := &f.cells[i]
		positive += float64(c.weight * c.p)
		negative += float64(c.weight * (1 - c.p))
		own += float64(c.squares * c.p * (1 - c.p))
	}
	pairs := float64(positive*negative) - own
	if !(pairs > 1e-9*f.weight*f.weight/float64(f.rows)) {
		return unknown("by calibration all rows are of one class")
	}
	var below, upTo, ordered float64 // negatives below a score, positives up to it
	excess := make([]float64, len(f.cells))
	for i := 0; i < len(f.cells); {
		next, n, p := i, 0.0, 0.0
		for ; next < len(f.cells) && f.cells[next].score == f.cells[i].score; next++ {
			n += float64(f.cells[next].weight * (1 - f.cells[next].p))
			p += float64(f.cells[next].weight * f.cells[next].p)
		}
		halves := [2]float64{float64(n / 2), float64(p / 2)}
		ordered += float64(p * (below + halves[0]))
		for at := i; at < next; at++ {
			excess[at] = below + halves[0] - (positive - upTo - halves[1])
		}
		below, upTo, i = below+n, upTo+p, next
	}
	area := min(max((ordered-float64(own/2))/pairs, 0), 1)
	common := float64(area*negative) - float64(area*positive)
	return estimate{value: area, rows: f.rows, fuzzy: f.fuzzy, variance: f.variance(func(i int) float64 {
		return (excess[i] - common) / pairs
	})}
}
