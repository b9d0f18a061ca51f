package cell_test

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"leeway/core/format/cell"
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
		got, ok := cell.Float([]byte(text))
		if !ok || math.Float64bits(got) != math.Float64bits(want+0) {
			t.Errorf("%s: got %v %v, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "-", ".", "e5", "1e", "0x10", "1_000", "Inf", "infinity", "NaN", "1e999", "1,5", " 1", "1 ", "--1", "1.2.3"} {
		if x, ok := cell.Float([]byte(text)); ok {
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
			got, ok := cell.Float([]byte(text))
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
		got, ok := cell.Float([]byte(text))
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

func TestBool(t *testing.T) {
	for text, want := range map[string]uint32{"true": 1, "FALSE": 0, "Yes": 1, "no": 0, "1": 1, "0": 0, "T": 1, "off": 0, "1.0": 1} {
		if got, ok := cell.Bool([]byte(text)); !ok || got != want {
			t.Errorf("%q: %d %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "2", "maybe", "truee"} {
		if _, ok := cell.Bool([]byte(text)); ok {
			t.Errorf("%q is a truth value", text)
		}
	}
}

func TestWords(t *testing.T) {
	usual, configured := cell.DefaultWords, cell.Configured([]string{"?", "-1"})
	for _, test := range []struct {
		words       cell.Words
		text        string
		value, word bool
	}{
		{usual, "NA", true, false}, {usual, "nAn", true, false}, {usual, "None", false, false}, {usual, "?", false, false},
		{configured, "?", true, true}, {configured, "-1", true, true}, {configured, "NA", false, false},
		{cell.NoWords, "NA", false, false},
	} {
		if got := test.words.Value([]byte(test.text)); got != test.value {
			t.Errorf("Value(%q) = %v", test.text, got)
		}
		if got := test.words.Text([]byte(test.text)); got != test.word {
			t.Errorf("Text(%q) = %v", test.text, got)
		}
	}
}
