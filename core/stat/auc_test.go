package stat_test

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"leeway/core/sketch"
	"leeway/core/stat"
)

// ranked are scores in order, for stat.
func ranked(m *sketch.Marked) []stat.Ranked {
	var all []stat.Ranked
	for _, s := range m.Steps() {
		all = append(all, stat.Ranked{Weights: s.Weights, Squares: s.Squares})
	}
	return all
}

// TestAUCByPairs compares area and variance with their definitions: over all
// pairs.
func TestAUCByPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 50 {
		var of [2][]float64
		m := sketch.NewMarked(4096, false)
		for range 5 + r.IntN(60) {
			mark := r.IntN(2)
			x := math.Floor(4*(r.NormFloat64()+float64(mark))) / 4
			of[mark] = append(of[mark], x)
			m.Add(x, mark == 1, 1)
		}
		n, p := float64(len(of[0])), float64(len(of[1]))
		a, err := stat.NewAUC(ranked(m))
		if n < 2 || p < 2 {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		above := func(positive, negative float64) float64 {
			switch {
			case positive > negative:
				return 1
			case positive == negative:
				return 0.5
			}
			return 0
		}
		v10, v01, area := make([]float64, len(of[1])), make([]float64, len(of[0])), 0.0
		for i, x := range of[1] {
			for j, y := range of[0] {
				one := above(x, y)
				v10[i] += one / n
				v01[j] += one / p
				area += one / n / p
			}
		}
		variance := 0.0
		for _, v := range v10 {
			variance += (v - area) * (v - area) / (p - 1) / p
		}
		for _, v := range v01 {
			variance += (v - area) * (v - area) / (n - 1) / n
		}
		if math.Abs(a.Area-area) > 1e-12 || variance > 1e-6 && math.Abs(a.Variance-variance) > 1e-12 {
			t.Errorf("area %v variance %v, want %v and %v", a.Area, a.Variance, area, variance)
		}
	}
}

// TestAUCAtTheEdge: where every pair is in order there is still an interval, and
// a fall from there can be seen.
func TestAUCAtTheEdge(t *testing.T) {
	all := []stat.Ranked{{Weights: [2]float64{30, 0}, Squares: [2]float64{30, 0}}, {Weights: [2]float64{0, 20}, Squares: [2]float64{0, 20}}}
	a, err := stat.NewAUC(all)
	if err != nil || a.Area != 1 {
		t.Fatalf("%v, %v", a.Area, err)
	}
	if low, high := a.Interval(); high != 1 || low > 0.999 || low < 0.8 {
		t.Errorf("interval %v to %v", low, high)
	}
	worse := []stat.Ranked{{Weights: [2]float64{20, 8}, Squares: [2]float64{20, 8}}, {Weights: [2]float64{10, 12}, Squares: [2]float64{10, 12}}}
	b, _ := stat.NewAUC(worse)
	if p := a.Fell(&b); p > 0.01 {
		t.Errorf("a fall from 1 to %v has p = %v", b.Area, p)
	}
	if p := b.Fell(&a); p < 0.99 {
		t.Errorf("a rise to 1 has p = %v", p)
	}
	if _, err := stat.NewAUC(all[:1]); err != stat.ErrOneClass {
		t.Errorf("one class gives %v", err)
	}
}

// TestAUCOfCells: from cells instead of scores the area is off by at most half
// of the pairs that share a cell.
func TestAUCOfCells(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	exact, coarse := sketch.NewMarked(1<<20, false), sketch.NewMarked(200, false)
	for range 100_000 {
		x := r.Float64()
		mark := r.Float64() < x
		exact.Add(x, mark, 1)
		coarse.Add(x, mark, 1)
	}
	a, _ := stat.NewAUC(ranked(exact))
	b, _ := stat.NewAUC(ranked(coarse))
	var shared, n, p float64
	for _, s := range coarse.Steps() {
		shared += s.Weights[0] * s.Weights[1] / 2
		n += s.Weights[0]
		p += s.Weights[1]
	}
	if off := math.Abs(a.Area - b.Area); off > shared/n/p || off == 0 {
		t.Errorf("off by %v, at most %v is allowed", off, shared/n/p)
	}
}

// TestRoseIsADraw compares the p-value of a mean with the draws that it stands
// for.
func TestRoseIsADraw(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	values := make([]float64, 60)
	for i := range values {
		values[i] = math.Exp(2 * r.NormFloat64())
	}
	at := append([]float64{}, values[:20]...) // the current side
	for i := range at {
		at[i] *= 2
	}
	pool := append(append([]float64{}, at...), values[20:]...)
	p, err := stat.NewPair(stat.Count(pool[20:]), stat.Count(at)).Rose()
	if err != nil {
		t.Fatal(err)
	}
	sum := func(list []float64) (s float64) {
		for _, x := range list {
			s += x
		}
		return s
	}
	const draws = 100_000
	reached, observed := 0, sum(at)
	for range draws {
		r.Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
		if sum(pool[:20]) >= observed {
			reached++
		}
	}
	if drawn := float64(reached) / draws; math.Abs(p-drawn) > 0.15*drawn+0.005 {
		t.Errorf("p = %v, of %d draws %v", p, draws, drawn)
	}
}

// TestFewPositives: one positive case says next to nothing of others, so an area
// of few is no alarm and its interval wide.
func TestFewPositives(t *testing.T) {
	draw := rand.New(rand.NewPCG(1, 83))
	sample := func(negatives, positives int) stat.AUC {
		marks := make(map[float64]int, negatives+positives)
		for range negatives {
			marks[draw.NormFloat64()] = 0
		}
		for range positives {
			marks[draw.NormFloat64()+1.2] = 1
		}
		var all []stat.Ranked
		for _, score := range slices.Sorted(maps.Keys(marks)) {
			var r stat.Ranked
			r.Weights[marks[score]], r.Squares[marks[score]] = 1, 1
			all = append(all, r)
		}
		a, err := stat.NewAUC(all)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	truth := stat.NormalTail(-1.2 / math.Sqrt2)
	const runs = 400
	for _, positives := range []int{1, 2, 3, 7, 15} {
		alarms, covered := 0, 0
		for range runs {
			before, now := sample(450, 50), sample(80, positives)
			if before.Fell(&now) < 0.01 {
				alarms++
			}
			if low, high := now.Interval(); low <= truth && truth <= high {
				covered++
			}
		}
		if alarms > 10 || covered < runs*94/100 {
			t.Errorf("%d positive cases: %d of %d alarms at 0.01, %d intervals hold", positives, alarms, runs, covered)
		}
	}
}
