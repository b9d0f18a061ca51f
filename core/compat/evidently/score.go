package evidently

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"

	"leeway/core/stat"
)

// method is one of Evidently's drift methods.
type method struct {
	name      string
	title     string // what its reports call it
	threshold float64
	score     func(p *pair) (float64, error)
	drifted   func(score, threshold float64) bool
}

func below(score, threshold float64) bool   { return score < threshold }
func atMost(score, threshold float64) bool  { return score <= threshold }
func atLeast(score, threshold float64) bool { return score >= threshold }
func above(score, threshold float64) bool   { return score > threshold }

// The methods that are chosen without being asked for. Thresholds and the
// senses of the comparisons are those of the code, not of its documentation.
var (
	kolmogorov  = &method{"ks", "K-S p_value", 0.05, (*pair).ks, atMost}
	chiSquare   = &method{"chisquare", "chi-square p_value", 0.05, (*pair).chiSquare, below}
	proportions = &method{"z", "Z-test p_value", 0.05, (*pair).z, below}
	jensen      = &method{"jensenshannon", "Jensen-Shannon distance", 0.1, (*pair).jensen, atLeast}
	wasserstein = &method{"wasserstein", "Wasserstein distance (normed)", 0.1, (*pair).wasserstein, atLeast}
	textRandom  = &method{"perc_text_content_drift", "Percentile text content drift", 0.95, nil, above}
	textContent = &method{"abs_text_content_drift", "Absolute text content drift", 0.55, nil, above}
)

// manyRows is how many rows of reference are tested; more are measured.
const manyRows = 1000

// choose is the default method (_get_default_stattest). It looks at the
// reference's rows only.
func choose(k kind, p *pair) *method {
	many := p.ref.rows > manyRows
	switch {
	case k == text && many:
		return textContent
	case k == text:
		return textRandom
	case k == numerical && len(p.cells) > 5 && many:
		return wasserstein
	case k == numerical && len(p.cells) > 5:
		return kolmogorov
	case many:
		return jensen
	case len(p.cells) > 2:
		return chiSquare
	}
	return proportions
}

// pair is a column on both sides, with the values of either in order.
type pair struct {
	ref, cur *series
	cells    []cell
}

type cell struct {
	number   float64
	text     string // of numbers: ""
	ref, cur int64
}

func newPair(ref, cur *series) *pair {
	cells := map[string]*cell{}
	take := func(s *series, count func(*cell, int64)) {
		at := func(key string, c cell, n int64) {
			if cells[key] == nil {
				cells[key] = &c
			}
			count(cells[key], n)
		}
		for i, x := range s.numbers.Values {
			at("n"+strconv.FormatFloat(x, 'g', -1, 64), cell{number: x}, s.numbers.Counts[i])
		}
		for text, n := range s.texts {
			at("t"+text, cell{text: text}, n)
		}
	}
	take(ref, func(c *cell, n int64) { c.ref += n })
	take(cur, func(c *cell, n int64) { c.cur += n })
	p := &pair{ref: ref, cur: cur}
	for c := range maps.Values(cells) {
		p.cells = append(p.cells, *c)
	}
	slices.SortFunc(p.cells, func(a, b cell) int {
		return cmp.Or(cmp.Compare(a.text, b.text), cmp.Compare(a.number, b.number))
	})
	return p
}

func (p *pair) ks() (float64, error) {
	d, err := stat.NewPair(p.ref.numbers, p.cur.numbers).KS()
	if err != nil {
		return 0, err
	}
	return stat.KSP(d, p.ref.rows, p.cur.rows)
}

// leastSpread is what Evidently divides by where the reference hardly varies.
const leastSpread = 0.001

// wasserstein is the distance in standard deviations (n) of the reference.
func (p *pair) wasserstein() (float64, error) {
	far, err := stat.NewPair(p.ref.numbers, p.cur.numbers).Wasserstein()
	return far / max(spread(p.ref.numbers), leastSpread), err
}

// spread is the standard deviation with n, not n-1, below.
func spread(w stat.Weighted) float64 {
	n := float64(w.Total())
	var total, squares float64
	for i, x := range w.Values {
		total += float64(x / n * float64(w.Counts[i]))
	}
	for i, x := range w.Values {
		d := x - total
		squares += float64(d * d / n * float64(w.Counts[i]))
	}
	return math.Sqrt(squares)
}

// chiSquare is the p-value of a test of goodness of fit: the reference's shares
// count as known. A category that it lacks makes it 0.
func (p *pair) chiSquare() (float64, error) {
	scale := float64(p.cur.rows) / float64(p.ref.rows)
	var chi float64
	for _, c := range p.cells {
		if c.ref == 0 {
			return 0, nil
		}
		expected := float64(float64(c.ref) * scale)
		d := float64(c.cur) - expected
		chi += float64(d * d / expected)
	}
	return stat.ChiSquareTail(chi, float64(len(p.cells)-1)), nil
}

// z is the two-sided p-value of the test of two proportions with pooled
// variance. It is 1 minus a number near 1, so it is a multiple of 2^-53.
func (p *pair) z() (float64, error) {
	if len(p.cells) < 2 {
		return 1, nil
	}
	n, m := float64(p.ref.rows), float64(p.cur.rows)
	a, b := 1-float64(p.cells[0].ref)/n, 1-float64(p.cells[0].cur)/m
	pooled := (n - float64(p.cells[0].ref) + m - float64(p.cells[0].cur)) / (n + m)
	z := math.Abs(a-b) / math.Sqrt(pooled*(1-pooled)*(1/n+1/m))
	return 2 * (1 - stat.NormalTail(-z)), nil
}

// jensen is the Jensen-Shannon distance with the natural logarithm, whose
// largest value is 0.83.
func (p *pair) jensen() (float64, error) {
	var a, b []int64
	for _, c := range p.cells {
		a, b = append(a, c.ref), append(b, c.cur)
	}
	bits, err := stat.JSDivergence.Of(stat.NewCells(a, b))
	return math.Sqrt(float64(bits * math.Ln2)), err
}
