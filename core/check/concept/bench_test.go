package concept

import (
	"math/rand/v2"
	"testing"
)

// BenchmarkFind: as many rows of either side as a sample holds.
func BenchmarkFind(b *testing.B) {
	w := world{numbers: 8, groups: 5, draw: rand.New(rand.NewPCG(1, 1))}
	reference, current := w.rows(20_000), w.rows(20_000)
	for b.Loop() {
		Find(reference, current)
	}
}
