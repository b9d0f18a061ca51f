package stat

import (
	"math"
	"slices"
)

// spearman is the rank correlation of two columns of numbers on one side, of the
// rows that have a value in both; equal values have their middle rank. It is 0
// where either does not vary.
func (s *sample) spearman(side int, a, b []uint32) float64 {
	rows := make([]int, 0, s.rows[side])
	for row := range s.rows[side] {
		if a[row] != 0 && b[row] != 0 {
			rows = append(rows, row)
		}
	}
	x, y := s.ranks(side, rows, a), s.ranks(side, rows, b)
	var xx, yy, xy float64
	for i, row := range rows {
		w := s.weight(side, row)
		xx += float64(w * x[i] * x[i])
		yy += float64(w * y[i] * y[i])
		xy += float64(w * x[i] * y[i])
	}
	if !(xx > 0 && yy > 0) {
		return 0
	}
	return xy / math.Sqrt(float64(xx*yy))
}

// ranks gives the middle rank of each row, from the middle of all.
func (s *sample) ranks(side int, rows []int, codes []uint32) []float64 {
	order := make([]uint64, len(rows)) // a code, and which of the rows has it
	for i, row := range rows {
		order[i] = uint64(codes[row])<<32 | uint64(i)
	}
	slices.Sort(order)
	ranks := make([]float64, len(rows))
	before := 0.0
	for from := 0; from < len(order); {
		to, weight := from, 0.0
		for to < len(order) && order[to]>>32 == order[from]>>32 {
			weight += s.weight(side, rows[uint32(order[to])])
			to++
		}
		for _, at := range order[from:to] {
			ranks[uint32(at)] = before + float64(weight/2)
		}
		from, before = to, before+weight
	}
	for i := range ranks {
		ranks[i] -= float64(before / 2)
	}
	return ranks
}
