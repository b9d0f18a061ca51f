package stat

import "math"

// scan tests each value against all others and gives the smallest p-value,
// corrected for the number of values that could have reached it at all
// (Tarone, A modified Bonferroni method for discrete data, 1990): thousands of
// values that occur once cost nothing.
func scan(a, b []int64, n, m int64) (p float64, at int) {
	groups := equals(a, b)
	p, at = rarest(groups, n, m)
	if p == 1 || len(a) == 2 { // of two values, the second says what the first one says
		return p, at
	}
	return min(p*float64(reachable(groups, n, m, p)), 1), at
}

// reachable counts the values that could have given p or less. Up to the size
// of the smaller side, the more often a value occurs the less it can give.
func reachable(groups []equal, n, m int64, p float64) (values int) {
	few, enough := int64(0), min(n, m)+1 // those in between are not known
	for i := range groups {
		total := groups[i].total
		reaches := total >= enough
		if total > few && total < enough || total > min(n, m) {
			reaches = (Hypergeometric{All: n + m, Marked: total, Draw: m}).Smallest() <= p
			switch {
			case total > min(n, m):
			case reaches:
				enough = total
			default:
				few = total
			}
		}
		if reaches {
			values += groups[i].values
		}
	}
	return values
}

// equal are all values that occur equally often on both sides together: only
// those that the current side has most and least of can be the least likely.
type equal struct {
	total     int64
	values    int
	low, high end
}

// end is how often the current side has a value, and the first such value.
type end struct {
	count int64
	at    int
}

// frequent is from how many on groups are found by a map.
const frequent = 256

func equals(a, b []int64) []equal {
	var groups []equal
	var seldom [frequent]int32 // by total: 1 + index of the group
	var often map[int64]int32
	for i, x := range b {
		total := a[i] + x
		var group int32
		if total < frequent {
			group = seldom[total]
		} else {
			group = often[total]
		}
		if group == 0 {
			groups = append(groups, equal{total: total, values: 1, low: end{x, i}, high: end{x, i}})
			group = int32(len(groups))
			if total < frequent {
				seldom[total] = group
				continue
			}
			if often == nil {
				often = map[int64]int32{}
			}
			often[total] = group
			continue
		}
		g := &groups[group-1]
		g.values++
		if x < g.low.count {
			g.low = end{x, i}
		}
		if x > g.high.count {
			g.high = end{x, i}
		}
	}
	return groups
}

// rarest is the value whose split between the sides is the least likely, the
// first of equals, or where P is too small for a float64 what is likely to be
// it. That one is tried first: then few others are.
func rarest(groups []equal, n, m int64) (p float64, at int) {
	p = 1
	var least float64 // -log of p
	surprises := make([][2]float64, len(groups))
	of := func(i int) Hypergeometric { return Hypergeometric{All: n + m, Marked: groups[i].total, Draw: m} }
	try := func(i int, surprise float64, e end) {
		if surprise < least {
			return
		}
		h := of(i)
		tail := h.tail(e.count)
		if tail > p { // so is the P
			return
		}
		if one := h.bothSides(e.count, tail); one < p || one == p && p < 1 && e.at < at {
			p, at, least = one, e.at, -math.Log(one)
		}
	}
	first := 0
	for i := range groups {
		g := &groups[i]
		if g.total < 2 {
			surprises[i] = [2]float64{-1, -1}
			continue
		}
		surprises[i] = [2]float64{of(i).surprise(g.low.count), -1}
		if g.high.count != g.low.count {
			surprises[i][1] = of(i).surprise(g.high.count)
		}
		if max(surprises[i][0], surprises[i][1]) > max(surprises[first][0], surprises[first][1]) {
			first = i
		}
	}
	for at := range groups {
		i := (first + at) % len(groups)
		try(i, surprises[i][0], groups[i].low)
		try(i, surprises[i][1], groups[i].high)
	}
	return p, at
}
