package concept

import (
	"math/rand/v2"
	"testing"

	"leeway/core/schema"
)

// BenchmarkFind: as many rows of either side as a sample holds.
func BenchmarkFind(b *testing.B) {
	w := world{numbers: 8, groups: 5, draw: rand.New(rand.NewPCG(1, 1))}
	reference, current := w.rows(20_000), w.rows(20_000)
	for b.Loop() {
		Find(reference, current)
	}
}

// BenchmarkExchange: columns drifted, and another model scores as many rows as are looked at.
func BenchmarkExchange(b *testing.B) {
	w := served{task: schema.Binary, draw: rand.New(rand.NewPCG(1, 1))}
	reference := w.rows(mostRows)
	w.drift, w.model = []float64{0.5}, "offset"
	current := w.rows(mostRows)
	for b.Loop() {
		Find(reference, current)
	}
}
