package sketch

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestCodeOrder: as a comparison sort, whatever the codes.
func TestCodeOrder(t *testing.T) {
	draw := rand.New(rand.NewPCG(1, 2))
	var o CodeOrder
	for name, code := range map[string]func() uint32{
		"numbers": func() uint32 { return NumberCode(draw.NormFloat64()) },
		"few":     func() uint32 { return uint32(draw.IntN(4)) },
		"one":     func() uint32 { return 7 },
		"none":    func() uint32 { return 0 },
		"texts":   func() uint32 { return draw.Uint32() },
		"steps":   func() uint32 { return uint32(draw.IntN(50)) << 20 },
	} {
		for _, n := range []int{0, 1, 5, 3000} {
			codes := make([]uint32, n)
			var want []uint64
			for i := range codes {
				if codes[i] = code(); codes[i] != 0 {
					want = append(want, uint64(codes[i])<<32|uint64(i))
				}
			}
			slices.Sort(want)
			if got := o.Of(codes); !slices.Equal(got, want) {
				t.Errorf("%s, %d codes: they come in another order", name, n)
			}
		}
	}
}
