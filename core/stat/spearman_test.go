package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestSpearman compares with ranks that are counted, row by row as often as each
// occurs; 0 is no value.
func TestSpearman(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		n := 2 + r.IntN(40)
		s := &sample{rows: [2]int{0, n}}
		var a, b []uint32
		var x, y []float64
		weighted := r.IntN(2) == 0
		for range n {
			p, q, w := uint32(r.IntN(12)), uint32(r.IntN(12)), 1
			if weighted {
				w = 1 + r.IntN(3)
				s.weights[1] = append(s.weights[1], float64(w)/2)
			}
			a, b = append(a, p), append(b, q)
			for range w {
				if p != 0 && q != 0 {
					x, y = append(x, float64(p)), append(y, float64(q))
				}
			}
		}
		if got, want := s.spearman(1, a, b), pearson(counted(x), counted(y)); math.Abs(got-want) > 1e-12 {
			t.Errorf("%v with %v: %g, want %g", x, y, got, want)
		}
	}
	// Ranks 1 2.5 2.5 4 5 and 2 1 4.5 4.5 3: 3.75 / 9.5.
	s := &sample{rows: [2]int{5, 0}}
	if got := s.spearman(0, []uint32{1, 2, 2, 3, 5}, []uint32{2, 1, 4, 4, 3}); math.Abs(got-3.75/9.5) > 1e-12 {
		t.Errorf("%v", got)
	}
}

// counted gives the middle rank of each value.
func counted(x []float64) []float64 {
	ranks := make([]float64, len(x))
	for i := range x {
		for k := range x {
			if x[k] < x[i] {
				ranks[i]++
			} else if x[k] == x[i] {
				ranks[i] += 0.5
			}
		}
	}
	return ranks
}

func pearson(x, y []float64) float64 {
	n, sx, sy, xx, yy, xy := float64(len(x)), 0.0, 0.0, 0.0, 0.0, 0.0
	for i := range x {
		sx, sy = sx+x[i], sy+y[i]
		xx, yy, xy = xx+float64(x[i]*x[i]), yy+float64(y[i]*y[i]), xy+float64(x[i]*y[i])
	}
	varies := (xx - float64(sx*sx)/n) * (yy - float64(sy*sy)/n)
	if !(varies > 1e-9) {
		return 0
	}
	return (xy - float64(sx*sy)/n) / math.Sqrt(varies)
}
