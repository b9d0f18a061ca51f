package fairness

import (
	"fmt"
	"math"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/stat"
)

// fewest is how many rows a group has at least on either side to be tested. Which
// are does not hang on what came out.
const fewest = 10

// material is the smallest growth of a gap that is worth an alert, where the
// configuration says nothing.
const material = 0.05

// evidence is what the partition says beside its samples.
func (v *view) evidence(in *check.Input) []check.Evidence {
	if v.shape.Favoured < 0 {
		return nil
	}
	all := []check.Evidence{v.grown("demographic_parity_difference", selection, selection)}
	if v.labelled {
		all = append(all,
			v.grown("equal_opportunity_difference", truePositive, truePositive),
			v.grown("equalized_odds_difference", falsePositive, falsePositive, truePositive),
			v.grown("predictive_parity_difference", precision, precision))
	}
	all = append(all, v.fifths(in))
	if one, ok := v.small(); ok {
		all = append(all, one)
	}
	if one, ok := v.alone(); ok {
		all = append(all, one)
	}
	if one, ok := v.unheard(); ok {
		all = append(all, one)
	}
	if one, ok := v.reversal(in.Groups); ok {
		all = append(all, one)
	}
	return all
}

// pair is a group that is tested, on both sides.
type pair struct {
	sides   [2]rate
	moved   stat.Moved
	scale   float64 // by how much more than by sampling it moves between windows
	degrees float64 // of freedom that this is known with
}

func (p *pair) p(side int) float64 { return p.sides[side].p() }

// tested are the groups that have a rate on both sides, of rows enough. They are found once,
// and not to be changed.
func (v *view) tested(m *measure) []pair {
	list, known := v.pairs[m]
	if !known {
		if v.pairs == nil {
			v.pairs = map[*measure][]pair{}
		}
		list = v.paired(m)
		v.pairs[m] = list
	}
	return list
}

func (v *view) paired(m *measure) (list []pair) {
	for at := range v.cut.Parts {
		one := pair{sides: [2]rate{v.rate(0, at, m), v.rate(1, at, m)}}
		if one.sides[0].rows < fewest || one.sides[1].rows < fewest || !(one.sides[0].weight > 0) || !(one.sides[1].weight > 0) {
			continue
		}
		if v.shape.Weighted {
			before, now := one.sides[0].spreads(), one.sides[1].spreads()
			one.moved = stat.NewMovedMeans(&before, &now)
		} else {
			one.moved = stat.NewMoved([2]int64{one.sides[0].hits, one.sides[1].hits}, [2]int64{one.sides[0].rows, one.sides[1].rows})
		}
		list = append(list, one)
	}
	v.allow(list, m)
	return list
}

// sided are the rates of one side.
func sided(list []pair, side int) []rate {
	rates := make([]rate, len(list))
	for i := range list {
		rates[i] = list[i].sides[side]
	}
	return rates
}

// grown tests whether two groups moved apart by a rate. The metric is the largest of
// the gaps of all its rates.
func (v *view) grown(name string, m *measure, of ...*measure) check.Evidence {
	e := check.Evidence{
		Check: Name, Metric: name, Labels: v.labels(), Columns: v.columns(), Value: math.NaN(), NoiseFloor: math.NaN(), Effect: math.NaN(),
		P: math.NaN(), Low: math.NaN(), High: math.NaN(), Material: material, Bounds: &check.Bounds{Low: 0, High: 1},
	}
	list := v.tested(m)
	if len(list) < 2 {
		return e
	}
	e.Value = 0
	for _, one := range of {
		if known := v.tested(one); len(known) > 1 {
			e.Value = max(e.Value, spread(sided(known, 1)))
		}
	}
	now := sided(list, 1)
	e.NReference, e.NCurrent = rowsOf(sided(list, 0)), rowsOf(now)
	e.Low, e.High = stat.Gap(shares(now), float64(len(of)))
	most := furthest(list)
	e.P, e.Effect = most.p, max(most.growth, 0)
	e.NoiseFloor = max(e.Value-e.Effect, 0)
	scale := largest(list)
	e.Detectable = func(alpha float64) float64 { return scale * stat.DetectableLevel(alpha) }
	v.say(&e, m, &most)
	return e
}

// parting is two groups that moved apart.
type parting struct {
	high, low *pair
	p         float64 // of that no two groups did
	growth    float64 // of their difference, beyond what chance gives
}

// furthest finds, of the groups that moved apart for sure, the two that did most,
// else those that did most surely.
func furthest(list []pair) parting {
	found := parting{high: &list[0], low: &list[1], p: 1}
	most, told := 0.0, false
	for i := range list {
		for j := range list {
			a, b := &list[i], &list[j]
			grown := a.p(1) - b.p(1) - math.Abs(a.p(0)-b.p(0))
			if i == j || !(a.p(1) > b.p(1)) || !(grown > 0) {
				continue
			}
			deviate := apart(a, b)
			growth := grown - float64(math.Sqrt(2/math.Pi)*math.Hypot(a.error(), b.error()))
			p := found.p
			if deviate > most {
				p = stat.RangeTail(math.Sqrt2*deviate, len(list))
			}
			certain := deviate > stat.RangeLimit(sure, len(list))/math.Sqrt2
			switch {
			case certain && (!told || growth > found.growth), !told && deviate > most:
				found.high, found.low, found.growth, told = a, b, growth, told || certain
			}
			most, found.p = max(most, deviate), min(found.p, p)
		}
	}
	return found
}

// largest is how far chance moves the difference of the two groups that are known
// best. A rate of 0 or 1 is known no better than one with half a row more.
func largest(list []pair) float64 {
	first, second := math.Inf(1), math.Inf(1)
	for i := range list {
		if n, before := list[i].sides[1].share().N, list[i].sides[0].share().N; n > 0 {
			least := min(n, before)
			p := (float64(least*float64((list[i].p(0)+list[i].p(1))/2)) + 0.5) / (least + 1)
			error := math.Sqrt(p*(1-p)*(1/n+1/before)) * list[i].scale
			if error < first {
				first, second = error, first
			} else {
				second = min(second, error)
			}
		}
	}
	return math.Hypot(first, second)
}

// say adds the sentences.
func (v *view) say(e *check.Evidence, m *measure, apart *parting) {
	a, b := apart.high, apart.low
	e.Message = fmt.Sprintf("The model treats the groups of `%s` less alike: %s are %s of %s and %s of %s, a difference of %s (%s in the reference).",
		v.cut.Name(), m.words, words.Share(a.p(1)), v.called(a.sides[1].at), words.Share(b.p(1)), v.called(b.sides[1].at), points(a.p(1)-b.p(1)), points(math.Abs(a.p(0)-b.p(0))))
	e.Hint = "Look at these groups' rows: which columns changed in one of them and not in the others? Whether the difference has a good reason, people must say."
}

// called is how a group is called in a sentence.
func (v *view) called(at int) string { return words.Quoted(v.cut.Parts[at].Name()) }

// points are percentage points.
func points(x float64) string { return words.Number(math.Round(1000*x)/10) + " points" }
