package sketch

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/internal/wire"
)

func TestGridCode(t *testing.T) {
	for name := range columns {
		for _, budget := range []int{16, 300, 100000} {
			g := NewGrid(budget)
			g.Add(draw(name, 4000, 8))
			data := g.Append(nil)
			r := wire.NewReader(data)
			back := ReadGrid(r)
			if r.Err() != nil || r.Left() != 0 {
				t.Fatalf("%s %d: %v, %d left", name, budget, r.Err(), r.Left())
			}
			if d := cmp.Diff(g, back, cmp.AllowUnexported(Grid{}, cell{}, table{}, dense{})); d != "" {
				t.Errorf("%s %d: %s", name, budget, d)
			}
			t.Logf("%s %d: %d cells, %.2f bytes each", name, budget, g.Len(), float64(len(data))/float64(g.Len()))
		}
	}
}

func TestSumCode(t *testing.T) {
	sums := map[string]Sum{"none": {}}
	for _, x := range []float64{1, -1, 5e-324, -5e-324, math.MaxFloat64, -math.MaxFloat64, 0.1, -256, 65535} {
		var sum, squares Sum
		Accumulate([]float64{x, x / 3}, &sum, &squares)
		sums[fmt.Sprint(x)], sums[fmt.Sprint(x, "²")] = sum, squares
	}
	for name, sum := range sums {
		r := wire.NewReader(sum.Append(nil))
		if back := ReadSum(r); back != sum || r.Err() != nil || r.Left() != 0 {
			t.Error(name, r.Err())
		}
	}
}

// FuzzGrid compares a grid with one made the slow way, across merges, encoding
// and subtraction. Bytes become values of few or many distinct bits.
func FuzzGrid(f *testing.F) {
	f.Add([]byte("0123456789abcdefghijklmnopqrstuvwxyz"), uint16(16), uint8(3))
	f.Add([]byte{0, 0, 0x80, 0, 1, 0xff, 0xf0, 0x7f, 0xfe, 0x3f, 0x40, 1, 2, 3, 4, 5}, uint16(20), uint8(1))
	f.Fuzz(func(t *testing.T, data []byte, budget uint16, split uint8) {
		var values []float64
		for i := 0; i+8 <= len(data); i += 1 + int(split)%8 {
			var b uint64
			for j := range 8 {
				b = b<<8 | uint64(data[i+j])
			}
			values = append(values, math.Float64frombits(b), float64(int16(b)), float64(int8(b))/100)
		}
		size := max(MinCells, int(budget)%1000)
		shift, cells := oracle(values, size)
		cut := len(values) * int(split) / 256
		a, b := NewGrid(size), NewGrid(size)
		a.Add(values[:cut])
		b.Add(values[cut:])
		both := a.Clone()
		both.Merge(b)
		r := wire.NewReader(both.Append(nil))
		back := ReadGrid(r)
		if r.Err() != nil || back.shift != shift || len(back.cells) != len(cells) {
			t.Fatalf("%v: shift %d, want %d; %d cells, want %d", r.Err(), back.shift, shift, len(back.cells), len(cells))
		}
		if len(cells) > 0 {
			if d := cmp.Diff(cells, back.cells, cellEqual); d != "" {
				t.Fatal(d)
			}
		}
		if err := back.Subtract(b); err != nil {
			t.Fatal(err)
		}
		want, _ := Align(a, back)
		if string(append([]byte{}, fmt.Sprint(want.cells)...)) != fmt.Sprint(back.cells) {
			t.Fatal("what is left is not a")
		}
		for _, q := range []float64{0, 0.3, 1} {
			if x := both.Quantile(q); both.Count() > 0 && (math.IsNaN(x) || math.IsInf(x, 0)) {
				t.Fatalf("quantile %v is %v", q, x)
			}
		}
	})
}

func FuzzSum(f *testing.F) {
	f.Add(1.0, -1e300, 5e-324, uint8(3))
	f.Fuzz(func(t *testing.T, x, y, z float64, n uint8) {
		var values []float64
		for i := range int(n) {
			values = append(values, x, y*float64(i), z)
		}
		var sum, squares, back, squaresBack Sum
		Accumulate(values, &sum, &squares)
		for i := len(values) - 1; i >= 0; i-- {
			Accumulate(values[i:i+1], &back, &squaresBack)
		}
		if sum != back || squares != squaresBack {
			t.Fatal("order matters")
		}
		r := wire.NewReader(squares.Append(sum.Append(nil)))
		if ReadSum(r) != sum || ReadSum(r) != squares || r.Err() != nil {
			t.Fatal("code", r.Err())
		}
		if v := Variance(int64(n), &sum, &squares); v < 0 {
			t.Fatal("variance", v)
		}
	})
}
