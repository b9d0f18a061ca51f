package sketch

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"leeway/core/internal/wire"
)

func TestNumberCodeKeepsTheOrder(t *testing.T) {
	xs := []float64{-math.MaxFloat64, -1e9, -1000.5, -1, -1e-300, -math.SmallestNonzeroFloat64, 0, math.SmallestNonzeroFloat64, 1, 1.0001, 290, 290.01, 1e300, math.MaxFloat64}
	last := uint32(0)
	for _, x := range xs {
		code := NumberCode(x)
		if code == 0 || code < last || math.Abs(x) >= 1e-300 && code == last {
			t.Errorf("%g: %#x after %#x", x, code, last)
		}
		last = code
	}
	if NumberCode(math.Copysign(0, -1)) != NumberCode(0) {
		t.Error("two zeros")
	}
	if TextCode(5) == 0 {
		t.Error("a text without a code")
	}
}

// codedRows is a stream of rows, some of them equal; the codes of a row are
// those of its hash.
func codedRows(r *rand.Rand, n, distinct int) []uint64 {
	pool := make([]uint64, distinct)
	for i := range pool {
		pool[i] = r.Uint64()
	}
	hashes := make([]uint64, n)
	for i := range hashes {
		hashes[i] = pool[r.IntN(distinct)]
	}
	return hashes
}

func coded(hashes []uint64, bound, codes int, names []string, block int) *Rows {
	rows := NewRows(bound, 3, nil)
	rows.Code(codes, names)
	for part := range slices.Chunk(hashes, block) {
		rows.Add(part)
		picked := rows.Pick(part, nil)
		room := rows.Room(part, picked)
		for i, at := range picked {
			for j, name := range names {
				room[i*len(names)+j] = uint32(part[at]>>7) ^ uint32(name[0])
			}
		}
	}
	rows.Settle()
	return rows
}

// TestCodes holds the sample against all rows.
// TestBrief: a code's number of few digits has that code, and none has another's.
func TestBrief(t *testing.T) {
	for _, x := range []float64{0, 1, -1, 120, 52.371, 52.384, -0.001234, 1e-300, 1.7e9, 1700000513, 3.14159265358979, 1e300, math.MaxFloat64, math.SmallestNonzeroFloat64} {
		if y := Brief(NumberCode(x)); NumberCode(y) != NumberCode(x) {
			t.Errorf("%g becomes %g, which has another code", x, y)
		}
	}
	for _, x := range []float64{0, 120, 52.371, -0.25} {
		if y := Brief(NumberCode(x)); y != x {
			t.Errorf("%g becomes %g", x, y)
		}
	}
}

func TestCodes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, distinct := range []int{1, 7, 50, 5000} {
		for _, block := range []int{1, 100, 4096} {
			hashes := codedRows(r, 6000, distinct)
			rows := coded(hashes, 64, 40, []string{"a", "b"}, block)
			counts := map[uint64]int64{}
			for _, h := range hashes {
				counts[h]++
			}
			all := slices.Sorted(maps.Keys(counts))
			want := all[:min(len(all), 40)]
			c := rows.Codes()
			if !slices.Equal(c.Hashes(), want) || (c.Cut() == math.MaxUint64) != (len(all) <= 40) {
				t.Fatalf("%d distinct in blocks of %d: %d rows up to %#x", distinct, block, c.Len(), c.Cut())
			}
			for i, h := range want {
				if c.Column("b")[i] != uint32(h>>7)^'b' || rows.Counts()[i] != counts[h] {
					t.Fatalf("row %d: %#x times %d", i, c.Column("b")[i], rows.Counts()[i])
				}
			}
			if c.Column("c") != nil {
				t.Error("a column that is not there")
			}
		}
	}
}

// TestCodesMergeAndSubtract: parts over different columns give what all rows
// at once give, in any order.
func TestCodesMergeAndSubtract(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	a, b := codedRows(r, 500, 300), codedRows(r, 900, 600)
	x, y := coded(a, 128, 100, []string{"a", "c"}, 64), coded(b, 128, 90, []string{"b", "c"}, 64)
	one, other := x.Clone(), y.Clone()
	one.Merge(y)
	other.Merge(x)
	if !slices.Equal(one.Append(nil), other.Append(nil)) {
		t.Error("the order of merging matters")
	}
	c := one.Codes()
	if c.Len() != 90 || c.Column("a") == nil || c.Column("b") == nil {
		t.Errorf("%d rows", c.Len())
	}
	for i, h := range c.Hashes() {
		if got := c.Column("c")[i]; got != uint32(h>>7)^'c' {
			t.Errorf("row %d: %#x", i, got)
		}
	}
	reader := wire.NewReader(one.Append(nil))
	back := ReadRows(reader, true)
	if reader.Err() != nil || reader.Left() > 0 || !slices.Equal(back.Append(nil), one.Append(nil)) {
		t.Error("does not come back", reader.Err())
	}
	if err := one.Subtract(y); err != nil {
		t.Fatal(err)
	}
	part := map[uint64]bool{}
	for _, h := range a {
		part[h] = true
	}
	for i, h := range one.Codes().Hashes() {
		if !part[h] || one.Counts()[i] == 0 {
			t.Error("a row that was taken away")
		}
	}
	if one.Codes().Len() == 0 {
		t.Error("nothing is left")
	}
}
