package stat

import (
	"cmp"
	"math"
	"slices"
)

// Windows of a reference that stand apart from the others are of two kinds. A bad
// stretch comes once and goes: it is no part of what is usual. What stands apart now
// and then is: later windows will too, and nobody wants to hear of it each time.

// Outliers are deviates of windows that stand apart from the others now and then.
type Outliers struct {
	sizes   []float64 // the largest first, without those of the stretch that the largest of all is of
	scale   float64   // of the others
	windows int       // all of them
	doubted bool      // they may be chance
}

// Recurring are the deviates that stand apart now and then; none where what stands
// apart may be chance or is one stretch of neighbours. scale and degrees are those of
// the others, as [Scatter] has them; deviates are in order of time.
//
// As many are outlying as are least likely of windows of that scale (higher
// criticism: Donoho and Jin, 2004), two at the least, for one does not recur. The
// stretch of the largest may be one that does not either, and excuses nothing. Mild
// outliers of few windows seldom are beyond chance (5%); what is so in a case of five is
// taken for them too, but as less wide.
func Recurring(deviates []float64, scale, degrees float64) Outliers {
	const chance, doubt, fewest, share = 0.05, 0.2, 2, 5
	order := make([]int, len(deviates))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(math.Abs(deviates[b]), math.Abs(deviates[a])) // the largest first
	})
	windows, outlying, least := int64(len(deviates)), 0, doubt
	for j := fewest; j <= len(order)/share; j++ {
		beyond := StudentTwoSided(math.Abs(deviates[order[j-1]])/scale, degrees)
		if p := BinomialTail(int64(j), windows, beyond); p < least {
			outlying, least = j, p
		}
	}
	found := Outliers{scale: scale, windows: len(deviates), doubted: least > chance}
	for _, at := range elsewhere(order[:outlying]) {
		found.sizes = append(found.sizes, math.Abs(deviates[at]))
	}
	return found
}

// elsewhere are the places that are not of the same run of neighbours as the first, in
// the same order.
func elsewhere(places []int) []int {
	if len(places) == 0 {
		return nil
	}
	from, to := places[0], places[0]
	for slices.Contains(places, from-1) {
		from--
	}
	for slices.Contains(places, to+1) {
		to++
	}
	return slices.DeleteFunc(slices.Clone(places), func(at int) bool { return from <= at && at <= to })
}

// None tells whether nothing stands apart now and then.
func (o *Outliers) None() bool { return len(o.sizes) == 0 }

// spread is how far off the next outlier may be that is like one of this size: as
// windows are, or a third of it where that is more.
func (o *Outliers) spread(size float64) float64 {
	const doubted = 0.6
	wide := max(o.scale, size/3)
	if o.doubted {
		wide *= doubted
	}
	return wide
}

// Tail is the chance that another window is as far off as z, by what stands apart now
// and then. Up to the outliers it is the rank among all windows (which holds whatever
// they are like, as long as they are exchangeable: Vovk, Gammerman and Shafer,
// Algorithmic learning in a random world, 2005), beyond each of them half a normal.
// The largest counts twice, for z itself.
func (o *Outliers) Tail(z float64) float64 {
	if o.None() {
		return 0
	}
	beyond := func(size float64) float64 { return min(2*NormalTail((z-size)/o.spread(size)), 1) }
	total := beyond(o.sizes[0])
	for _, size := range o.sizes {
		total += beyond(size)
	}
	return total / float64(o.windows+1)
}

// Limit is the z of which Tail is p; 0 where none is as likely.
func (o *Outliers) Limit(p float64) float64 {
	if o.None() || p >= o.Tail(0) {
		return 0
	}
	low, high := 0.0, o.sizes[0]
	for o.Tail(high) > p {
		high *= 2
	}
	for range 60 {
		if at := (low + high) / 2; o.Tail(at) > p {
			low = at
		} else {
			high = at
		}
	}
	return high
}

// Stretch finds the one stretch of neighbours, two to a tenth of all, which stands
// apart from all other windows on one side, while none of the others does; from is
// inclusive, to exclusive. It must begin and end within the series, with as many
// windows before it and after: a level that stays is no bad stretch.
//
// deviates have signs and are in order of time. apart is by how much a stretch is off
// in the middle.
func Stretch(deviates []float64) (from, to int, apart float64) {
	const fewest, least, chance, certain = 20, 2, 0.05, 1e-3
	k := len(deviates)
	if k < fewest {
		return 0, 0, 0
	}
	middle := median(deviates)
	off := make([]float64, k)
	for i, z := range deviates {
		off[i] = z - middle
	}
	mean, degrees := Scatter(off, 1-1/float64(k))
	scale := math.Sqrt(max(mean, 1))
	reach := float64(scale * StudentLimit(chance/float64(k), degrees))
	var out, sizes []float64
	from, to = k, 0
	for i, z := range off {
		if math.Abs(z) > reach {
			from, to = min(from, i), i+1
			out, sizes = append(out, z), append(sizes, math.Abs(z))
		}
	}
	n := to - from
	if len(out) < least || n > (k+9)/10 || from < n || k-to < n {
		return 0, 0, 0
	}
	if slices.Min(out) < 0 && slices.Max(out) > 0 {
		return 0, 0, 0
	}
	apart = median(sizes)
	if apart < float64(scale*StudentLimit(certain/float64(k), degrees)) {
		return 0, 0, 0
	}
	return from, to, apart
}

// Central are deviates without what a few that stand apart have beyond three standard
// deviations of the others, about the same mean; and by how much the level of most is
// off that mean (Huber, Robust estimation of a location parameter, 1964). Of windows
// that are like normal ones next to nothing is cut.
func Central(deviates []float64) (cut []float64, off float64) {
	const huber, rounds = 3, 20
	k := float64(len(deviates))
	if k == 0 {
		return nil, 0
	}
	var mean float64
	for _, z := range deviates {
		mean += z / k
	}
	level := median(deviates)
	around := make([]float64, len(deviates))
	for i, z := range deviates {
		around[i] = z - level
	}
	square, _ := Scatter(around, 1-1/k)
	reach := float64(huber * math.Sqrt(max(square, 1)))
	for range rounds {
		var moved float64
		for i, z := range deviates {
			around[i] = min(max(z-level, -reach), reach)
			moved += around[i] / k
		}
		level += moved
	}
	for i := range around {
		around[i] += mean
	}
	return around, level - mean
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
