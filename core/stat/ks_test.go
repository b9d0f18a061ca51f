package stat

import (
	"fmt"
	"testing"
)

func BenchmarkKSP(b *testing.B) {
	for _, d := range []float64{0.005, 0.014, 0.02, 0.03, 0.05, 0.1, 0.2} {
		b.Run(fmt.Sprint(d), func(b *testing.B) {
			for b.Loop() {
				KSP(d, 10000, 9999)
			}
		})
	}
}

func TestTry(t *testing.T) {
	for _, c := range []struct {
		d    float64
		n, m int64
	}{{0.03, 10000, 9999}, {.1, 10000, 9999}, {0.02, 10000, 9000}, {0.2, 1000, 300}, {563. / 110000, 10000, 11000}, {190. / 546, 21, 26}, {.01, 1000000, 500000}, {.003, 1000000, 500000}, {.01, 100000, 1000000}} {
		p, _ := KSP(c.d, c.n, c.m)
		fmt.Println(c, p)
	}
}
