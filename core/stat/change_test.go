package stat

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

func normals(r *rand.Rand, n int, scale float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = scale * r.NormFloat64()
	}
	return x
}

func BenchmarkTestChange(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	x, y := Count(normals(r, 10000, 1)), Count(normals(r, 10000, 1))
	for b.Loop() {
		NewPair(x, y).Change()
	}
}

func TestMomentsTry(t *testing.T) {
	c := NewCells([]int64{10, 3, 20, 5}, []int64{5, 2, 1, 9})
	fmt.Println(c.moments())
	// by simulation
	var tot []int
	for i := range c.Reference {
		for range c.Reference[i] + c.Current[i] {
			tot = append(tot, i)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	var s1, s2, s3 float64
	const B = 300000
	xs := make([]float64, B)
	for k := range B {
		r.Shuffle(len(tot), func(i, j int) { tot[i], tot[j] = tot[j], tot[i] })
		a, bb := make([]int64, 4), make([]int64, 4)
		for i, x := range tot {
			if i < int(c.m) {
				bb[x]++
			} else {
				a[x]++
			}
		}
		xs[k], _, _ = NewCells(a, bb).ChiSquare()
		s1 += xs[k]
	}
	for _, x := range xs {
		d := x - s1/B
		s2 += d * d
		s3 += d * d * d
	}
	fmt.Println(s1/B, s2/B, s3/B)
}

func TestCalibTry(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	fam := map[string]func() float64{
		"normal": func() float64 { return r.NormFloat64() },
		"zero": func() float64 {
			if r.Float64() < .7 {
				return 0
			}
			return -10 * math.Log(r.Float64())
		},
		"rounded": func() float64 { return math.Round(r.NormFloat64()*10) / 10 },
		"int6":    func() float64 { return math.Floor(6 * r.Float64()) },
		"cauchy":  func() float64 { return math.Tan(math.Pi * (r.Float64() - .5)) },
		"poisson": func() float64 { return math.Floor(-math.Log(r.Float64()) * 1.5) },
		"rare": func() float64 {
			if r.Float64() < .97 {
				return 0
			}
			return r.NormFloat64()
		},
	}
	for name, f := range fam {
		for _, nm := range [][2]int{{1000, 1000}, {10000, 1000}, {100, 100}, {1000, 50}} {
			B := 20000
			if nm[0] == 10000 {
				B = 4000
			}
			var hit [4]int
			for range B {
				x, y := make([]float64, nm[0]), make([]float64, nm[1])
				for i := range x {
					x[i] = f()
				}
				for i := range y {
					y[i] = f()
				}
				c, _ := NewPair(Count(x), Count(y)).Change()
				for i, a := range []float64{.05, .01, .001, .0003} {
					if c.P <= a {
						hit[i]++
					}
				}
			}
			fmt.Printf("%-8s %v", name, nm)
			for i, a := range []float64{.05, .01, .001, .0003} {
				fmt.Printf("  %g: %.2f", a, float64(hit[i])/float64(B)/a)
			}
			fmt.Println()
		}
	}
}
