package stat

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestROC: the curve has a corner per score, and the area below it is the AUC.
func TestROC(t *testing.T) {
	tied := []Ranked{{Weights: [2]float64{3, 0}}, {Weights: [2]float64{1, 1}}, {Weights: [2]float64{0, 2}}, {Weights: [2]float64{0, 1}}}
	want := []Point{{0, 0}, {0, 0.25}, {0, 0.75}, {0.25, 1}, {1, 1}}
	if diff := cmp.Diff(want, ROC(tied)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Point{{0.25, 1}, {0.75, 1}, {1, 0.8}, {1, 0.5}}, PrecisionRecall(tied)); diff != "" {
		t.Error(diff)
	}
	if ROC(tied[2:]) != nil || PrecisionRecall(tied[:1]) != nil || ROC(nil) != nil {
		t.Error("a curve of one class")
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		scores := noisy(r, 1+r.IntN(300))
		auc, err := NewAUC(scores)
		curve := ROC(scores)
		if err != nil != (curve == nil) {
			t.Fatalf("%v and %d corners", err, len(curve))
		}
		area := 0.0
		for i := 1; i < len(curve); i++ {
			area += (curve[i].X - curve[i-1].X) * (curve[i].Y + curve[i-1].Y) / 2
		}
		if err == nil && math.Abs(area-auc.Area) > 1e-12 {
			t.Errorf("area %v instead of %v", area, auc.Area)
		}
	}
}

// noisy are scores that tell something, some of them with weights.
func noisy(r *rand.Rand, n int) []Ranked {
	scores := make([]Ranked, n)
	for i := range scores {
		w := r.ExpFloat64()
		mark := 0
		if r.Float64() < float64(i)/float64(n) {
			mark = 1
		}
		scores[i].Weights[mark], scores[i].Squares[mark] = w, w*w
	}
	return scores
}

// TestThin: every corner stays within the limit, corners are those of the curve,
// and there are few.
func TestThin(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{1, 2, 3, 40, 1000, 100_000} {
		curve := ROC(noisy(r, n))
		if curve == nil {
			curve = []Point{{0, 0}, {1, 1}}
		}
		thin := Thin(curve, 0.002, 100)
		if len(thin) > 100 || thin[0] != curve[0] || thin[len(thin)-1] != curve[len(curve)-1] {
			t.Errorf("%d corners of %d", len(thin), len(curve))
		}
		at := 0
		for _, p := range thin {
			for at < len(curve) && curve[at] != p {
				at++
			}
		}
		if at == len(curve) {
			t.Errorf("of %d: a corner that is none", n)
		}
		for i := 0; i < len(curve); i += 1 + len(curve)/2000 {
			off := math.Inf(1)
			for k := 1; k < len(thin); k++ {
				off = min(off, distance(curve[i], thin[k-1], thin[k]))
			}
			if off > 0.002 && len(thin) < 95 || off > 0.01 {
				t.Errorf("of %d: %v is %v off %d corners", n, curve[i], off, len(thin))
			}
		}
	}
}

// TestThinHardCurve: a curve that turns at every corner is no trap.
func TestThinHardCurve(t *testing.T) {
	curve := make([]Point, 50_000)
	for i := range curve {
		curve[i] = Point{float64(i) / float64(len(curve)-1), float64(i % 2)}
	}
	if n := len(Thin(curve, 0.002, 100)); n > 100 {
		t.Errorf("%d corners", n)
	}
}

func BenchmarkThin(b *testing.B) {
	curve := ROC(noisy(rand.New(rand.NewPCG(5, 6)), 131_072))
	for b.Loop() {
		Thin(curve, 0.002, 100)
	}
}
