package stat

// scoreStep is the width of the groups of neighbours that share a score, in
// standard deviations: fine enough to lose no power, few enough to be quick.
const scoreStep = 0.05

// scoreBorders are the borders of those groups as shares of all values.
var scoreBorders = func() (borders []float64) {
	for z := -6.0; z < 6; z += scoreStep {
		borders = append(borders, NormalTail(-z))
	}
	return borders
}()

// leastOthers is how many values must differ from the most frequent one for
// ranks to mean anything.
const leastOthers = 12

// widening is the part of the level of spread and tails that is spent on values
// that spread out: noise, outliers and mixtures do that, and by little; what
// narrows (a sensor that sticks, a default) does so by much.
const widening = 0.7

// ranks tests level, spread and tails. It gives none where too few values differ
// from the most frequent one for the scores to mean anything.
func (p *Pair) ranks(most int64, w *emphasis) []component {
	totals, taken := p.groups()
	if p.n+p.m-most < leastOthers || len(totals) < 3 || min(p.n, p.m) < 5 {
		return nil
	}
	scores := make([]float64, 3*len(totals))
	z, squares, fourths := scores[:len(totals)], scores[len(totals):2*len(totals)], scores[2*len(totals):]
	var before float64
	for i, t := range totals {
		z[i] = normalQuantile((before + float64(t/2)) / float64(p.n+p.m))
		squares[i] = z[i] * z[i]
		fourths[i] = squares[i] * squares[i]
		before += t
	}
	level, _ := rankTest(totals, taken, z, float64(p.m))
	return []component{
		{"level", w.level, level, 0},
		{"spread", w.spread, mostlyWider(rankTest(totals, taken, squares, float64(p.m))), 0},
		{"tails", w.tails, mostlyWider(rankTest(totals, taken, fourths, float64(p.m))), 0},
	}
}

// groups counts neighbouring values together: both sides, and the current one.
func (p *Pair) groups() (totals, taken []float64) {
	all := float64(p.n + p.m)
	var before float64
	group := -1
	for i := range p.values {
		count := p.a[i] + p.b[i]
		middle := (before + float64(float64(count)/2)) / all
		if group < 0 || group < len(scoreBorders) && scoreBorders[group] <= middle {
			for group = max(group, 0); group < len(scoreBorders) && scoreBorders[group] <= middle; {
				group++
			}
			totals, taken = append(totals, 0), append(taken, 0)
		}
		totals[len(totals)-1] += float64(count)
		taken[len(taken)-1] += float64(p.b[i])
		before += float64(count)
	}
	return totals, taken
}

// mostlyWider turns a two-sided p-value into one that is spent unevenly.
func mostlyWider(p float64, wider bool) float64 {
	part := 1 - widening
	if wider {
		part = widening
	}
	return min(p/(2*part), 1)
}

// rankTest is two-sided; above tells on which side the current sample is.
func rankTest(totals, taken, scores []float64, size float64) (p float64, above bool) {
	d, ok := newDraw(totals, scores, size)
	if !ok {
		return 1, false
	}
	var s sum
	for i, x := range taken {
		s.add(x * d.scores[i])
	}
	above = s.value() > 0
	return d.twoSided(s.value()), above
}

// most is how often the most frequent value occurs.
func (p *Pair) most() int64 {
	var most int64
	for i := range p.values {
		most = max(most, p.a[i]+p.b[i])
	}
	return most
}
