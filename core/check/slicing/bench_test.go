package slicing

import (
	"math/rand/v2"
	"testing"
)

// BenchmarkFind: 20 columns, and as many rows of either side as a sample holds.
func BenchmarkFind(b *testing.B) {
	draw := rand.New(rand.NewPCG(1, 1))
	reference, current := rows(draw, 20_000, 0.85, false), rows(draw, 20_000, 0.7, false)
	for b.Loop() {
		Find(reference, current, named, nil)
	}
}
