package numeral

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

func TestFloat(t *testing.T) {
	for _, text := range []string{
		"0", "-0", "+1", "1.", ".5", "-12.75", "9007199254740993", "1e5", "1E-5", "0.1", "123456789012345678901234567890",
		"1.7976931348623157e308", "4.9e-324", "0.30000000000000004", "00012", "1e-400",
	} {
		want, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := Float(text)
		if !ok || math.Float64bits(got) != math.Float64bits(want+0) {
			t.Errorf("%s: got %v %v, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "-", ".", "e5", "1e", "0x10", "1_000", "Inf", "infinity", "NaN", "1e999", "1,5", " 1", "1 ", "--1", "1.2.3"} {
		if x, ok := Float(text); ok {
			t.Errorf("%q is %v", text, x)
		}
	}
}

// TestFloatsOfAllSizes holds random numbers of every length and magnitude
// against the standard library.
func TestFloatsOfAllSizes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		x := math.Float64frombits(r.Uint64())
		if math.IsNaN(x) || math.IsInf(x, 0) {
			continue
		}
		for _, text := range []string{
			strconv.FormatFloat(x, 'g', -1, 64), strconv.FormatFloat(x, 'e', r.IntN(25), 64),
			strconv.FormatFloat(r.NormFloat64(), 'f', r.IntN(20), 64), strconv.FormatUint(r.Uint64(), 10) + "e" + strconv.Itoa(r.IntN(700)-350),
		} {
			want, err := strconv.ParseFloat(text, 64)
			got, ok := Float(text)
			if ok != (err == nil) || ok && math.Float64bits(got) != math.Float64bits(want+0) {
				t.Fatalf("%s: got %v %v, want %v %v", text, got, ok, want, err)
			}
		}
	}
}

// FuzzFloat: bit-equal to the standard library on whatever both accept, and
// nothing accepted that it refuses.
func FuzzFloat(f *testing.F) {
	for _, seed := range []string{"1.5", "-2e10", "0.1", "17976931348623157e292", "1e-320"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := Float(text)
		want, err := strconv.ParseFloat(text, 64)
		if !ok {
			plain := err == nil && !math.IsInf(want, 0) && !math.IsNaN(want) && len(text) <= 4096 && !strings.ContainsAny(text, "xXpP_")
			if plain {
				t.Errorf("%q is refused, the standard library reads %v", text, want)
			}
			return
		}
		if err != nil || math.Float64bits(got) != math.Float64bits(want+0) {
			t.Errorf("%q: got %v, want %v (%v)", text, got, want, err)
		}
	})
}
