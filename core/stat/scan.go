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
	reachable := 0
	for i := range groups {
		if (Hypergeometric{All: n + m, Marked: groups[i].total, Draw: m}).Smallest() <= p {
			reachable += groups[i].values
		}
	}
	return min(p*float64(reachable), 1), at
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
// first of equals.
func rarest(groups []equal, n, m int64) (p float64, at int) {
	p = 1
	var least float64 // -log of p
	try := func(h Hypergeometric, e end) {
		if h.surprise(e.count) < least {
			return
		}
		if one := h.TwoSided(e.count); one < p || one == p && p < 1 && e.at < at {
			p, at, least = one, e.at, -math.Log(one)
		}
	}
	for i := range groups {
		g := &groups[i]
		if g.total < 2 {
			continue
		}
		h := Hypergeometric{All: n + m, Marked: g.total, Draw: m}
		try(h, g.low)
		if g.high.count != g.low.count {
			try(h, g.high)
		}
	}
	return p, at
}
