package schema

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// TestDecimal holds the quick way to read a number against strconv, to the bit.
func TestDecimal(t *testing.T) {
	texts := []string{"0", "-0", "-0.0", "7.", ".5", "-.5", "-", ".", "", "-.", "1.2.3", "1e5", "+1", "--1", "0.1", "999999999999999", "9999999999999999", "0.00000000000001", "00012", "0x1", "1_0", "Inf", " 1"}
	r := rand.New(rand.NewPCG(5, 6))
	for range 20_000 {
		texts = append(texts, strconv.FormatFloat(r.NormFloat64()*math.Pow(10, float64(r.IntN(9)-3)), 'f', r.IntN(12), 64))
	}
	quick := 0
	for _, text := range texts {
		got, ok := decimal(text)
		want, err := strconv.ParseFloat(text, 64)
		if ok && (err != nil || math.Float64bits(got) != math.Float64bits(want)) {
			t.Errorf("%q is %v, want %v (%v)", text, got, want, err)
		}
		if ok {
			quick++
		} else if len(text) <= 15 && err == nil && !strings.ContainsAny(text, "e+If_") {
			t.Errorf("%q is not read", text)
		}
	}
	if quick < len(texts)/2 {
		t.Errorf("only %d of %d texts are read", quick, len(texts))
	}
}
