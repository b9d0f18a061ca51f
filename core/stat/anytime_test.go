package stat

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// TestAnytime: a sample in which nothing changes has a p-value as small as a level at
// any of many looks no more often than the level says, and a level is the inverse.
func TestAnytime(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	const rounds, looks = 20000, 48
	levels := []float64{0.2, 0.05, 0.01}
	ever, plain := make([]int, len(levels)), make([]int, len(levels))
	for range rounds {
		sum, least, single := 0.0, 1.0, 1.0
		for look := 1; look <= looks; look++ {
			sum += r.NormFloat64()
			p := 2 * NormalTail(math.Abs(sum)/math.Sqrt(float64(look)))
			least, single = min(least, Anytime(p, float64(look)/looks)), min(single, p)
		}
		for i, level := range levels {
			if least <= level {
				ever[i]++
			}
			if single <= level {
				plain[i]++
			}
		}
	}
	for i, level := range levels {
		rate := float64(ever[i]) / rounds
		t.Logf("%g: %.4f, uncorrected %.4f", level, rate, float64(plain[i])/rounds)
		if rate > level || rate < level/20 || float64(plain[i])/rounds < 2*level {
			t.Errorf("at %g: %.4f of samples, uncorrected %.4f", level, rate, float64(plain[i])/rounds)
		}
	}
	for _, share := range []float64{1e-4, 1.0 / 30, 0.5, 1, 3} {
		for _, level := range []float64{0.05, 1e-4, 1e-9} {
			one := AnytimeLevel(level, share)
			if !(one > 0 && one < level) {
				t.Errorf("level %g at %g of a sample: %g", level, share, one)
			}
			if got := Anytime(one, share); one > 1e-290 && math.Abs(got/level-1) > 1e-6 {
				t.Errorf("level %g at %g of a sample: %g, which is %g", level, share, one, got)
			}
		}
	}
	if p := Anytime(1, 0.5); p != 1 {
		t.Errorf("of no deviation: %g", p)
	}
	if p := Anytime(math.NaN(), 0.5); !math.IsNaN(p) {
		t.Errorf("of no test: %g", p)
	}
}

// TestAnytimeAndWhole: a test of a sample as it grows, at a tenth of a level, and of
// all of it, at 97 hundredths, together are small no more often than the level says,
// however often there are looks; at the whole of the level each they are a quarter
// more often or worse. What looks add is weighed by their likelihood ratio, under which
// they are no rare event.
func TestAnytimeAndWhole(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	for _, level := range []float64{0.05, 0.01, 1e-4, 1e-6} {
		for _, looks := range []int{6, 200} {
			t.Run(fmt.Sprint(level, looks), func(t *testing.T) {
				split := LookedWhole + added(r, level*LookedEarly, level*LookedWhole, looks)/level
				plain := 1 + added(r, level, level, looks)/level
				t.Logf("%.4f of the level; %.4f without a split", split, plain)
				if split > 1 || split < LookedWhole || plain < 1.03 || looks == 200 && plain < 1.2 {
					t.Errorf("%.4f of the level; %.4f without a split", split, plain)
				}
			})
		}
	}
}

// added is how often one of so many looks has a p-value as small as a level, and all of
// the sample none as small as another.
func added(r *rand.Rand, growing, whole float64, looks int) (mean float64) {
	const rounds = 2500
	bound := Deviate(whole)
	for range rounds {
		drift, sum, before := r.NormFloat64()/math.Sqrt(early), 0.0, 0.0
		for look := 1; look <= looks; look++ {
			at := float64(look) / float64(looks+1)
			sum += drift*(at-before) + r.NormFloat64()*math.Sqrt(at-before)
			before = at
			p := Anytime(2*NormalTail(math.Abs(sum)/math.Sqrt(at)), at)
			if p > growing {
				continue
			}
			rest := math.Sqrt(1 - at) // as it goes on where nothing changed
			missed := NormalTail((-bound-sum)/rest) - NormalTail((bound-sum)/rest)
			mean += p * missed / rounds
			break
		}
	}
	return mean
}
