package performance

import (
	"math"
	"slices"

	"leeway/core/outcome"
	"leeway/core/stat"
)

// matrix is the confusion matrix of the classes that were predicted or came
// true, in their order.
type matrix struct {
	classes  []int32
	cells    map[[2]int]weighed // by places in classes: actual, predicted
	actual   []float64
	guessed  []float64
	hit      []float64
	total    float64
	squares  float64 // Σ of squared weights
	rows     int64
	positive int // binary: its place, -1 where no row is of the positive class
}

type weighed struct{ weight, squares float64 }

// newMatrix is that of all rows, or of those whose class is among some; nil for all.
func newMatrix(s *outcome.Summary, among []int32) *matrix {
	m := &matrix{cells: map[[2]int]weighed{}, positive: -1}
	counts := func(class int32) bool { return among == nil || slices.Contains(among, class) }
	for pair := range s.Confusion {
		if !counts(pair.Actual) {
			continue
		}
		m.classes = append(m.classes, pair.Actual, pair.Predicted)
	}
	slices.Sort(m.classes)
	m.classes = s.Shape.Classes.Ordered(slices.Compact(m.classes))
	place := map[int32]int{}
	for i, code := range m.classes {
		place[code] = i
	}
	k := len(m.classes)
	m.actual, m.guessed, m.hit = make([]float64, k), make([]float64, k), make([]float64, k)
	for i := range m.classes {
		for j := range m.classes { // in order, so that sums are the same
			cell := s.Confusion[outcome.Pair{Actual: m.classes[i], Predicted: m.classes[j]}]
			if cell == nil || !counts(m.classes[i]) {
				continue
			}
			w, squares := s.Shape.Weight(cell)
			m.cells[[2]int{i, j}] = weighed{w, squares}
			m.actual[i] += w
			m.guessed[j] += w
			m.total += w
			m.squares += squares
			m.rows += cell.Rows
			if i == j {
				m.hit[i] += w
			}
		}
	}
	if at, known := place[s.Shape.Positive]; known {
		m.positive = at
	}
	return m
}

// effective is how many rows without weights say as much (Kish, 1965).
func (m *matrix) effective() float64 { return m.total * m.total / m.squares }

// counts are those of one class against all others.
type counts struct{ hit, guessed, actual, total float64 }

func (m *matrix) counts(k int) counts {
	if k < 0 {
		return counts{total: m.total}
	}
	return counts{m.hit[k], m.guessed[k], m.actual[k], m.total}
}

// rate is a metric of one class against all others: a part of a whole, and why
// there is none. Without weights both are numbers of rows, and the part of the
// whole is a share.
type rate func(c counts) (part, whole float64, reason string)

func precision(c counts) (float64, float64, string) {
	if c.guessed == 0 {
		return 0, 0, "no row is predicted to be of the class"
	}
	return c.hit, c.guessed, ""
}

func recall(c counts) (float64, float64, string) {
	if c.actual == 0 {
		return 0, 0, "no labelled row is of the class"
	}
	return c.hit, c.actual, ""
}

func specificity(c counts) (float64, float64, string) {
	negatives := c.total - c.actual
	if !(negatives > 0) {
		return 0, 0, "all labelled rows are of the class"
	}
	return negatives - (c.guessed - c.hit), negatives, ""
}

// jaccard is what F1 is made of: hits among all rows that are of the class or
// predicted to be.
func jaccard(c counts) (float64, float64, string) {
	if c.actual+c.guessed == 0 {
		return 0, 0, "no row is of the class or predicted to be"
	}
	return c.hit, c.actual + c.guessed - c.hit, ""
}

// f1 is the F1 score of a share of [jaccard].
func f1(share float64) float64 { return 2 * share / (1 + share) }

func plain(share float64) float64 { return share }

// one is a rate of one class, with Wilson's interval.
func (m *matrix) one(k int, of rate, as func(float64) float64) value {
	part, whole, reason := of(m.counts(k))
	if reason != "" {
		return missing(reason)
	}
	v := value{value: as(part / whole), n: m.rows}
	low, high := stat.WilsonEffective(part/whole, whole/m.total*m.effective())
	v.low, v.high = as(low), as(high)
	return v
}

// accuracy is the share of hits.
func (m *matrix) accuracy() value {
	if m.rows == 0 {
		return missing(noRows)
	}
	var hits float64
	for _, h := range m.hit {
		hits += h
	}
	v := value{value: hits / m.total, n: m.rows}
	v.low, v.high = stat.WilsonEffective(v.value, m.effective())
	return v
}

const noRows = "no labelled row has a prediction"

// average is a mean of a rate over classes, where an undefined one counts 0.
type average struct {
	of     rate
	as     func(float64) float64
	weight func(c counts, classes float64) float64
}

func equally(c counts, classes float64) float64 { return 1 / classes }

func bySupport(c counts, classes float64) float64 { return c.actual / c.total }

// present weighs the classes equally that came true.
func (m *matrix) present() func(counts, float64) float64 {
	n := 0.0
	for _, a := range m.actual {
		if a > 0 {
			n++
		}
	}
	return func(c counts, _ float64) float64 {
		if c.actual == 0 {
			return 0
		}
		return 1 / n
	}
}

func (a *average) term(c counts, classes float64) float64 {
	part, whole, reason := a.of(c)
	if reason != "" {
		return 0
	}
	return a.weight(c, classes) * a.as(part/whole)
}

// mean is the average with an interval by the delta method, on the logit scale
// and from counts with two rows spread over all cells, so that it has a width
// where all or nothing is right.
func (m *matrix) mean(a *average) value {
	k := float64(len(m.classes))
	if m.rows == 0 {
		return missing(noRows)
	}
	v := value{n: m.rows}
	for i := range m.classes {
		v.value += a.term(m.counts(i), k)
	}
	smooth, estimate := m.smooth(), 0.0
	slopes := make([]counts, len(m.classes))
	common := 0.0
	for i := range m.classes {
		c := smooth.counts(i)
		estimate += a.term(c, k)
		slopes[i] = a.slopes(c, k)
		common += slopes[i].total
	}
	variance := smooth.sum(func(i, j int) float64 {
		g := common + slopes[i].actual + slopes[j].guessed
		if i == j {
			g += slopes[i].hit
		}
		return g
	})
	v.low, v.high = logit(estimate, variance, v.value)
	return v
}

// slopes are the derivatives of a term.
func (a *average) slopes(c counts, classes float64) counts {
	along := func(x *float64) float64 {
		was, step := *x, 1e-5*c.total
		step = min(step, was/4)
		*x = was + step
		up := a.term(c, classes)
		*x = was - step
		down := a.term(c, classes)
		*x = was
		return (up - down) / (2 * step)
	}
	return counts{hit: along(&c.hit), guessed: along(&c.guessed), actual: along(&c.actual), total: along(&c.total)}
}

// smooth is the matrix in effective rows with two more, shared out evenly over
// the cells.
func (m *matrix) smooth() *matrix {
	k := len(m.classes)
	each := 2 / float64(k*k)
	scale := m.total / m.squares
	s := &matrix{classes: m.classes, cells: make(map[[2]int]weighed, k*k), actual: make([]float64, k), guessed: make([]float64, k), hit: make([]float64, k)}
	for i := range m.classes {
		for j := range m.classes {
			c := m.cells[[2]int{i, j}]
			s.cells[[2]int{i, j}] = weighed{float64(c.weight*scale) + each, float64(c.squares*scale*scale) + each}
		}
		s.actual[i] = float64(m.actual[i]*scale) + float64(each*float64(k))
		s.guessed[i] = float64(m.guessed[i]*scale) + float64(each*float64(k))
		s.hit[i] = float64(m.hit[i]*scale) + each
	}
	s.total = float64(m.total*scale) + 2
	return s
}

// sum is Σ squares·slope² over the cells: the variance of a function of shares,
// whose slopes add up to nothing.
func (m *matrix) sum(slope func(i, j int) float64) float64 {
	var all float64
	for i := range m.classes {
		for j := range m.classes {
			g := slope(i, j)
			all += float64(m.cells[[2]int{i, j}].squares * g * g)
		}
	}
	return all
}

// agreement is what Matthews' and Cohen's coefficients are made of.
type agreement struct{ over, guessed, actual, kappa float64 }

func (m *matrix) agreement() agreement {
	var hits, both, guessed, actual float64
	for k := range m.classes {
		hits += m.hit[k]
		both += float64(m.guessed[k] * m.actual[k])
		guessed += float64(m.guessed[k] * m.guessed[k])
		actual += float64(m.actual[k] * m.actual[k])
	}
	square := float64(m.total * m.total)
	return agreement{float64(hits*m.total) - both, square - guessed, square - actual, square - both}
}

// mcc is Matthews' correlation coefficient.
func (m *matrix) mcc() value {
	a := m.agreement()
	switch {
	case m.rows == 0:
		return missing(noRows)
	case !(a.guessed > 1e-12*m.total*m.total):
		return missing("all rows are predicted to be of one class")
	case !(a.actual > 1e-12*m.total*m.total):
		return missing("all labelled rows are of one class")
	}
	v := value{value: a.over / math.Sqrt(a.guessed) / math.Sqrt(a.actual), n: m.rows}
	s := m.smooth()
	b := s.agreement()
	root := math.Sqrt(b.guessed) * math.Sqrt(b.actual)
	estimate := b.over / root
	hits := s.hits()
	variance := s.sum(func(i, j int) float64 {
		over := hits - s.actual[j] - s.guessed[i]
		if i == j {
			over += s.total
		}
		return over/root - float64(estimate*((s.total-s.guessed[j])/b.guessed+(s.total-s.actual[i])/b.actual))
	})
	v.low, v.high = fisher(estimate, variance, v.value)
	return v
}

func (m *matrix) hits() (sum float64) {
	for _, h := range m.hit {
		sum += h
	}
	return sum
}

// cohen is Cohen's kappa; the variance is that of Fleiss, Cohen and Everitt
// (1969), by slopes.
func (m *matrix) cohen() value {
	a := m.agreement()
	switch {
	case m.rows == 0:
		return missing(noRows)
	case !(a.kappa > 1e-12*m.total*m.total):
		return missing("all rows are of one class and predicted to be")
	}
	v := value{value: a.over / a.kappa, n: m.rows}
	s := m.smooth()
	b := s.agreement()
	estimate, hits := b.over/b.kappa, s.hits()
	variance := s.sum(func(i, j int) float64 {
		both := s.actual[j] + s.guessed[i]
		over := hits - both
		if i == j {
			over += s.total
		}
		return (over - float64(estimate*(2*s.total-both))) / b.kappa
	})
	v.low, v.high = fisher(estimate, variance, v.value)
	return v
}

// logit is the 95% interval of a share on the logit scale; it holds the value.
func logit(estimate, variance, value float64) (low, high float64) {
	if !(estimate > 0 && estimate < 1) {
		return 0, 0
	}
	at := math.Log(estimate / (1 - estimate))
	half := float64(normal95 * math.Sqrt(variance) / (estimate * (1 - estimate)))
	return min(1/(1+math.Exp(half-at)), value), max(1/(1+math.Exp(-half-at)), value)
}

// fisher is the 95% interval of a coefficient in -1..1, on Fisher's scale.
func fisher(estimate, variance, value float64) (low, high float64) {
	at := math.Atanh(estimate)
	half := float64(normal95 * math.Sqrt(variance) / (1 - float64(estimate*estimate)))
	return min(math.Tanh(at-half), value), max(math.Tanh(at+half), value)
}

const normal95 = 1.959963984540054
