package sketch

import (
	"math"
	"math/big"
	"slices"
	"testing"
)

func TestSumIsExact(t *testing.T) {
	cases := map[string][]float64{
		"cancels":  {1e300, 1, -1e300, 1e-300, -1},
		"extreme":  {math.MaxFloat64, math.MaxFloat64, 5e-324, -5e-324, 2.5e-310},
		"negative": {-1, -2, -1e-320},
		"none":     nil,
		"zero":     {0, math.Copysign(0, -1), 0},
		"decimals": {0.1, 0.2, 0.3},
		"infinite": {math.Inf(1), 1, math.NaN(), math.Inf(-1), 2},
	}
	for name := range columns {
		cases[name] = draw(name, 5000, 9)
	}
	for name, values := range cases {
		t.Run(name, func(t *testing.T) {
			want, squares := new(big.Float).SetPrec(5000), new(big.Float).SetPrec(9000)
			n := int64(0)
			for _, x := range values {
				if math.IsNaN(x) || math.IsInf(x, 0) {
					continue
				}
				n++
				y := new(big.Float).SetPrec(5000).SetFloat64(x)
				want.Add(want, y)
				squares.Add(squares, y.Mul(y, y))
			}
			var a, b, s Sum
			Accumulate(values, &a, &b)
			if got := a.float(1); got.Cmp(want) != 0 {
				t.Errorf("sum %v, want %v", got, want)
			}
			if got := b.float(1); got.Cmp(squares) != 0 {
				t.Errorf("squares %v, want %v", got, squares)
			}
			if f, _ := want.Float64(); f != a.Float() {
				t.Errorf("rounded %v, want %v", a.Float(), f)
			}
			var q Sum
			for part := range slices.Chunk(values, 7) {
				var x, y Sum
				Accumulate(part, &x, &y)
				s.Merge(&x)
				q.Merge(&y)
			}
			if s != a || q != b {
				t.Error("parts merged differ")
			}
			s.Subtract(&a)
			if s != (Sum{}) {
				t.Error("nothing is left after all is subtracted")
			}
			if n > 1 {
				nn := new(big.Float).SetPrec(9000).SetInt64(n)
				v := new(big.Float).SetPrec(9000).Mul(squares, nn)
				v.Sub(v, new(big.Float).SetPrec(9000).Mul(want, want))
				v.Quo(v, nn.Mul(nn, big.NewFloat(float64(n-1)).SetPrec(64)))
				f, _ := v.Float64()
				if got := Variance(n, &a, &b); math.Abs(got-f) > 1e-15*f && got != f {
					t.Errorf("variance %v, want %v", got, f)
				}
				if got := Std(n, &a, &b); f < math.MaxFloat64 && f > 1e-300 && math.Abs(got-math.Sqrt(f)) > 1e-15*got {
					t.Errorf("std %v, want %v", got, math.Sqrt(f))
				}
			}
		})
	}
	var none Sum
	if !math.IsNaN(Mean(0, &none)) || !math.IsNaN(Std(1, &none, &none)) || Mean(3, &none) != 0 {
		t.Error("special cases")
	}
}

func TestStdDoesNotCancel(t *testing.T) {
	var sum, squares Sum
	Accumulate([]float64{1e15, 1e15 + 1, 1e15 + 2}, &sum, &squares)
	if got := Std(3, &sum, &squares); got != 1 {
		t.Error(got)
	}
	if got := Mean(3, &sum); got != 1e15+1 {
		t.Error(got)
	}
}

func BenchmarkAccumulate(b *testing.B) {
	for _, name := range []string{"normal", "shifted", "small", "zeros", "cauchy", "any"} {
		b.Run(name, func(b *testing.B) {
			values := draw(name, 1<<12, 1)
			var sum, squares Sum
			for b.Loop() {
				Accumulate(values, &sum, &squares)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(values)), "ns/value")
		})
	}
}
