package stat

import (
	"math"
	"slices"
)

// Point is a corner of a curve.
type Point struct{ X, Y float64 }

// ROC is the receiver operating characteristic of scores in ascending order:
// the share of positive cases (Y) against that of negative ones (X) at or above
// each score, from (0, 0) for no case to (1, 1) for all. Cases of one score are
// one straight piece, so the area below is that of [NewAUC]. nil where one class
// is missing.
func ROC(scores []Ranked) []Point {
	negatives, positives := totals(scores)
	if !(negatives > 0 && positives > 0) {
		return nil
	}
	curve := make([]Point, 1, len(scores)+1)
	var above [2]sum
	for i := len(scores) - 1; i >= 0; i-- {
		above[0].add(scores[i].Weights[0])
		above[1].add(scores[i].Weights[1])
		curve = append(curve, Point{min(above[0].value()/negatives, 1), min(above[1].value()/positives, 1)})
	}
	curve[len(curve)-1] = Point{1, 1}
	return curve
}

// PrecisionRecall is the share of positive cases among those at or above each
// score (Y) against the share of all positive cases that they are (X), from the
// highest score that a positive case has down to all cases. nil without a
// positive case.
func PrecisionRecall(scores []Ranked) []Point {
	negatives, positives := totals(scores)
	if !(positives > 0) {
		return nil
	}
	var curve []Point
	var above [2]sum
	for i := len(scores) - 1; i >= 0; i-- {
		above[0].add(scores[i].Weights[0])
		above[1].add(scores[i].Weights[1])
		if hits := above[1].value(); hits > 0 {
			curve = append(curve, Point{min(hits/positives, 1), hits / (hits + above[0].value())})
		}
	}
	curve[len(curve)-1] = Point{1, positives / (positives + negatives)}
	return curve
}

func totals(scores []Ranked) (negatives, positives float64) {
	var total [2]sum
	for i := range scores {
		total[0].add(scores[i].Weights[0])
		total[1].add(scores[i].Weights[1])
	}
	return total[0].value(), total[1].value()
}

// Thin leaves corners of a curve within the unit square out, as long as every
// corner stays within off of the line through those that are left. At most most
// are left, which is at least 2: where these are too few for that, those that
// matter most. Which ones are left is a function of the curve alone (Ramer, 1972;
// Douglas and Peucker, 1973).
func Thin(curve []Point, off float64, most int) []Point {
	if len(curve) <= 2 {
		return curve
	}
	curve = rastered(curve, off/6) // curves have as many corners as there are scores
	off *= 3.0 / 4
	matter := importance(curve, off)
	if least := slices.Clone(matter); len(curve) > most {
		slices.Sort(least)
		off = max(off, least[len(least)-most-1])
	}
	left := make([]Point, 0, most)
	for i, p := range curve {
		if matter[i] > off {
			left = append(left, p)
		}
	}
	return left
}

// rasters bounds how many corners are looked at together.
const rasters = 8192

// rastered drops corners closer than step, in both directions, to the last one
// that was kept; of a curve that goes up and down without end those closer than
// more than that.
func rastered(curve []Point, step float64) []Point {
	for ; ; step *= 2 {
		kept := make([]Point, 1, min(len(curve), rasters))
		kept[0] = curve[0]
		for _, p := range curve[1 : len(curve)-1] {
			last := kept[len(kept)-1]
			if math.Abs(p.X-last.X) >= step || math.Abs(p.Y-last.Y) >= step {
				kept = append(kept, p)
			}
		}
		if kept = append(kept, curve[len(curve)-1]); len(kept) <= rasters {
			return kept
		}
	}
}

// importance says up to which distance from the line each corner is left; 0
// where that is not above off. Of each piece the corner that is furthest from the
// line between its ends is left, the first of several, and what is left of the two
// pieces at either side of it is no more important.
func importance(curve []Point, off float64) []float64 {
	type piece struct {
		from, to int
		most     float64
	}
	matter := make([]float64, len(curve))
	end := len(curve) - 1
	matter[0], matter[end] = math.Inf(1), math.Inf(1)
	pieces := []piece{{0, end, math.Inf(1)}}
	for len(pieces) > 0 {
		p := pieces[len(pieces)-1]
		pieces = pieces[:len(pieces)-1]
		at, most := -1, off
		for i := p.from + 1; i < p.to; i++ {
			if d := distance(curve[i], curve[p.from], curve[p.to]); d > most {
				at, most = i, d
			}
		}
		if at >= 0 {
			matter[at] = min(most, p.most)
			pieces = append(pieces, piece{p.from, at, matter[at]}, piece{at, p.to, matter[at]})
		}
	}
	return matter
}

// distance is that of p from the piece of a line between a and b.
func distance(p, a, b Point) float64 {
	dx, dy := b.X-a.X, b.Y-a.Y
	length := float64(dx*dx) + float64(dy*dy)
	at := 0.0
	if length > 0 {
		at = min(max((float64((p.X-a.X)*dx)+float64((p.Y-a.Y)*dy))/length, 0), 1)
	}
	return math.Hypot(p.X-a.X-float64(at*dx), p.Y-a.Y-float64(at*dy))
}
