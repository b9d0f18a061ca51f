package fairness

import (
	"math"

	"leeway/core/outcome"
	"leeway/core/stat"
)

// measure is a rate that groups are compared by.
type measure struct {
	key     string // names it in what is kept of a reference's windows
	of      func(t *outcome.Tally) (part, rest *outcome.Cell)
	none    string // why fewer than two groups have it
	words   string // of a finding: what the rate is
	shorter string // of a finding: what it is called
}

var (
	selection = &measure{
		key:   "selection",
		of:    func(t *outcome.Tally) (part, rest *outcome.Cell) { return &t.Said[1], &t.Said[0] },
		none:  "fewer than two groups have rows with a prediction",
		words: "predicted positive", shorter: "how often the positive class is predicted"}
	truePositive = &measure{
		key:   "true-positive",
		of:    func(t *outcome.Tally) (part, rest *outcome.Cell) { return &t.Came[1][1], &t.Came[1][0] },
		none:  "fewer than two groups have labelled rows that came out positive",
		words: "of the positive cases, found", shorter: "how many of the positive cases are found"}
	falsePositive = &measure{
		key:   "false-positive",
		of:    func(t *outcome.Tally) (part, rest *outcome.Cell) { return &t.Came[0][1], &t.Came[0][0] },
		none:  "fewer than two groups have labelled rows that came out negative",
		words: "of the negative cases, predicted positive by mistake", shorter: "how many of the negative cases are predicted positive by mistake"}
	precision = &measure{
		key:   "precision",
		of:    func(t *outcome.Tally) (part, rest *outcome.Cell) { return &t.Came[1][1], &t.Came[0][1] },
		none:  "fewer than two groups have labelled rows that were predicted positive",
		words: "of those predicted positive, positive", shorter: "how many of those predicted positive are"}
)

// rate is a share of a group's rows.
type rate struct {
	at      int   // the group
	rows    int64 // that entered
	hits    int64 // of those, rows that have it
	weight  float64
	squares float64
	part    float64 // the weight of the hits
	partSq  float64
}

func (r *rate) p() float64 { return r.part / r.weight }

// share is the rate for its intervals: with weights of as many rows as know it as
// well without (Kish, 1965).
func (r *rate) share() stat.Share {
	return stat.Share{P: r.p(), N: r.weight * r.weight / r.squares}
}

// spreads is the rate as a mean of weighted values.
func (r *rate) spreads() stat.Spreads {
	p := r.p()
	q := 1 - p
	about := float64(q*q*r.partSq) + float64(p*p*(r.squares-r.partSq))
	return stat.Spreads{Mean: p, Effective: r.weight * r.weight / r.squares, Squares: r.squares, About: about}
}

// rates are those of all groups of a side, as far as they have one.
func (v *view) rates(side int, m *measure) (list []rate) {
	for at := range v.sides[side].Parts {
		if r := v.rate(side, at, m); r.weight > 0 {
			list = append(list, r)
		}
	}
	return list
}

func (v *view) rate(side, at int, m *measure) rate {
	part, rest := m.of(&v.sides[side].Parts[at].Tally)
	hits, hitSquares := v.shape.Weight(part)
	others, otherSquares := v.shape.Weight(rest)
	return rate{at: at, rows: part.Rows + rest.Rows, hits: part.Rows, weight: hits + others, squares: hitSquares + otherSquares, part: hits, partSq: hitSquares}
}

// extremes are the groups with the smallest and the largest rate, of several the
// first. There are two at least.
func extremes(list []rate) (low, high *rate) {
	low, high = &list[0], &list[0]
	for i := range list {
		if p := list[i].p(); p < low.p() {
			low = &list[i]
		} else if p > high.p() {
			high = &list[i]
		}
	}
	return low, high
}

// spread is the difference between the largest and the smallest rate.
func spread(list []rate) float64 {
	low, high := extremes(list)
	return high.p() - low.p()
}

func shares(list []rate) []stat.Share {
	all := make([]stat.Share, len(list))
	for i := range list {
		all[i] = list[i].share()
	}
	return all
}

func rowsOf(list []rate) (n int64) {
	for i := range list {
		n += list[i].rows
	}
	return n
}

// entered is how many rows of both sides have the rate.
func (v *view) entered(m *measure) [2]int64 {
	return [2]int64{rowsOf(v.rates(0, m)), rowsOf(v.rates(1, m))}
}

// undefined says why groups cannot be compared by a rate, "" if they can.
func (v *view) undefined(list []rate, m *measure) string {
	present := 0
	for i := range v.cut.Parts {
		if v.cut.Parts[i].Rows > 0 {
			present++
		}
	}
	switch {
	case v.shape.Classes == nil:
		return "groups are compared by how often a class is predicted, and this task has none"
	case v.shape.Favoured < 0:
		return "of several classes none is declared as the one to compare groups by: positive: CLASS in the configuration"
	case present == 0:
		return "no current row has a group"
	case present == 1:
		return "all current rows are of one group"
	case len(list) < 2:
		return m.none
	}
	return ""
}

// gap is the difference between the groups that are furthest apart.
func (v *view) gap(m *measure, either float64) value {
	list := v.rates(1, m)
	if reason := v.undefined(list, m); reason != "" {
		return missing(reason)
	}
	low, high := stat.Gap(shares(list), either)
	return value{value: spread(list), interval: &[2]float64{low, high}, n: v.entered(m)}
}

// odds is the larger of two gaps.
func (v *view) odds() value {
	a, b := v.gap(truePositive, 2), v.gap(falsePositive, 2)
	switch {
	case a.reason != "":
		return a
	case b.reason != "":
		return b
	}
	n := [2]int64{a.n[0] + b.n[0], a.n[1] + b.n[1]}
	interval := [2]float64{max(a.interval[0], b.interval[0]), max(a.interval[1], b.interval[1])}
	return value{value: max(a.value, b.value), interval: &interval, n: n}
}

// ratio is the smallest rate of predictions over the largest.
func (v *view) ratio() value {
	list := v.rates(1, selection)
	if reason := v.undefined(list, selection); reason != "" {
		return missing(reason)
	}
	low, high := extremes(list)
	if high.p() == 0 {
		return missing("no row of any group is predicted positive")
	}
	from, to := stat.Ratio(shares(list))
	one := value{value: low.p() / high.p(), n: v.entered(selection)}
	one.interval = &[2]float64{min(from, one.value), max(to, one.value)}
	return one
}

// groups counts the rows of each group. A count has no error: its interval is
// itself.
func (v *view) groups() (all []value) {
	for at := range v.cut.Parts {
		n := [2]int64{v.sides[0].Parts[at].Rows, v.sides[1].Parts[at].Rows}
		rows := float64(n[1])
		all = append(all, value{group: v.cut.Parts[at].Name(), value: rows, interval: &[2]float64{rows, rows}, n: n})
	}
	return all
}

// selected is how often each group is predicted positive.
func (v *view) selected() (all []value) {
	if v.shape.Favoured < 0 {
		return nil
	}
	for at := range v.cut.Parts {
		before, now := v.rate(0, at, selection), v.rate(1, at, selection)
		one := value{value: math.NaN(), reason: "no current row of the group has a prediction"}
		if now.weight > 0 {
			low, high := now.interval()
			one = value{value: now.p(), interval: &[2]float64{low, high}}
		}
		one.group, one.n = v.cut.Parts[at].Name(), [2]int64{before.rows, now.rows}
		all = append(all, one)
	}
	return all
}

// interval is Wilson's of the rate.
func (r *rate) interval() (low, high float64) {
	share := r.share()
	return stat.WilsonEffective(share.P, share.N)
}
