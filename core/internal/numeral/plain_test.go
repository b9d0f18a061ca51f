package numeral

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// want is what Float promises, by the standard library.
func want(text string) (float64, bool) {
	if strings.Trim(text, "0123456789.+-eE") != "" {
		return 0, false
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(x, 0) {
		return 0, false
	}
	return x + 0, true
}

// same compares both ways of reading a number with the standard library.
func same(t *testing.T, text string) {
	t.Helper()
	x, ok := want(text)
	got, good := Float(text)
	if good != ok || math.Float64bits(got) != math.Float64bits(x) {
		t.Fatalf("Float(%q) = %v, %v; want %v, %v", text, got, good, x, ok)
	}
	if text == "" {
		return
	}
	for _, behind := range []string{",1234567", "99999999", "........", "\n\x00\xff-----"} {
		fast, decided := Plain([]byte(text+behind), 0, len(text))
		if decided && (!ok || math.Float64bits(fast) != math.Float64bits(x)) {
			t.Fatalf("Plain(%q before %q) = %v; want %v, %v", text, behind, fast, x, ok)
		}
	}
}

var numbers = []string{
	"", "-", "+", ".", "-.", "+.", "0", "-0", "+0", "-0.0", "0.", ".0", "-.5", "5.", "+5", "00012", "1.", "1..2", "1.2.3", "--1", "1-",
	"1e5", "1E5", "1e+5", "1e-5", "1e", "e5", "1e+", "1e99999", "1e309", "1e-400", "1.7976931348623157e308", "1.7976931348623159e308",
	"5e-324", "2.2250738585072011e-308", "inf", "-Inf", "nan", "0x10", "1_000", "1,5", " 1", "1 ",
	"9007199254740993", "9007199254740992.5", "9007199254740993.0", "18446744073709551615", "18446744073709551616", "1844674407370955161.5",
	"0.1740981199848214", "-1.8516978305920797", "0.6587117406676318", "123456789", "1234567890123456", "12345678901234567890123",
	"123456789.5", "0.00000000000000000000000000001", "1.000000000000000000000000000000001", "0.30000000000000004", "4.35", "8.41e21",
	"9214843084008499", "8.589934592e9", "30078505129381147446200", "1777820000000000000001", "0.500000000000000166547", "104.0000000000000001",
}

func TestPlain(t *testing.T) {
	for _, text := range numbers {
		same(t, text)
	}
}

// TestNumbersThatProgramsPrint reads what the standard library and other programs print.
func TestNumbersThatProgramsPrint(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 30_000 {
		x := math.Float64frombits(r.Uint64())
		if r.IntN(2) == 0 {
			x = (r.Float64() - 0.5) * math.Pow(10, float64(r.IntN(12)-4))
		}
		same(t, strconv.FormatFloat(x, 'g', -1, 64))
		same(t, strconv.FormatFloat(x, 'f', r.IntN(20), 64))
		same(t, strconv.FormatFloat(x, 'e', r.IntN(20), 64))
	}
	for range 30_000 {
		whole, places := strconv.FormatUint(r.Uint64()>>r.IntN(64), 10), strconv.FormatUint(r.Uint64()>>r.IntN(64), 10)
		same(t, whole)
		same(t, "-"+whole+"."+places)
		same(t, whole+"e"+strconv.Itoa(r.IntN(60)-30))
	}
}

// TestNumbersHalfway reads numbers that lie exactly between two floats, and just
// beside: where rounding is decided by the last bit.
func TestNumbersHalfway(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		odd := (1<<53 | r.Uint64()>>11) | 1 // 54 bits: a float and a half step
		shift := r.IntN(10)
		for _, m := range []uint64{odd << shift, odd<<shift + 1, odd<<shift - 1} {
			same(t, strconv.FormatUint(m, 10))
		}
		if halves := strconv.FormatFloat(float64(odd>>1), 'f', 0, 64); len(halves) <= 18 {
			same(t, halves+".5")
		}
	}
}

func FuzzPlain(f *testing.F) {
	for _, text := range numbers {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { same(t, text) })
}

func BenchmarkPlain(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, bench := range []struct {
		name string
		text func() string
	}{
		{"full", func() string { return strconv.FormatFloat(r.NormFloat64(), 'g', -1, 64) }},
		{"price", func() string { return strconv.FormatFloat(r.ExpFloat64()*50, 'f', 2, 64) }},
		{"count", func() string { return strconv.Itoa(r.IntN(1_000_000)) }},
	} {
		b.Run(bench.name, func(b *testing.B) {
			var data []byte
			var ends []int
			for range 4096 {
				data = append(data, bench.text()...)
				ends = append(ends, len(data))
				data = append(data, ',')
			}
			data = append(data, make([]byte, Pad)...)
			sum := 0.0
			for i := 0; b.Loop(); i++ {
				at := i & 4095
				start := 0
				if at > 0 {
					start = ends[at-1] + 1
				}
				x, ok := Plain(data, start, ends[at])
				if !ok {
					x, _ = Float(data[start:ends[at]])
				}
				sum += x
			}
			if math.IsNaN(sum) {
				b.Fatal(sum)
			}
		})
	}
}
