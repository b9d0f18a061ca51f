package sketch

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/frame"
)

func count(c *Counts, texts ...string) {
	for _, text := range texts {
		c.Add(text, frame.HashText([]byte(text)), 1)
	}
}

// zipf draws n of about k categories, the first most often.
func zipf(n, k int, seed uint64) []string {
	r := rand.New(rand.NewPCG(seed, 4))
	z := rand.NewZipf(r, 1.3, 1, uint64(k-1))
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprint("category ", z.Uint64())
	}
	return texts
}

func TestCountsAreAFunctionOfTheMultiset(t *testing.T) {
	for _, bound := range []int{10, 100000} {
		texts := zipf(5000, 400, 1)
		whole := NewCounts(bound)
		count(whole, texts...)
		want := string(whole.Append(nil))
		r := rand.New(rand.NewPCG(1, 1))
		for range 5 {
			r.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
			a, b := NewCounts(bound), NewCounts(bound+r.IntN(2))
			cut := r.IntN(len(texts))
			count(a, texts[:cut]...)
			count(b, texts[cut:]...)
			if r.IntN(2) == 0 {
				a, b = b, a
			}
			a.Merge(b)
			if a.bound = bound; string(a.Append(nil)) != want {
				t.Errorf("bound %d: parts merged differ", bound)
			}
		}
	}
}

func TestCountsExact(t *testing.T) {
	var a, b Counts
	a.bound, b.bound = 10, 10
	count(&a, "x", "y", "x", "")
	count(&b, "z", "y")
	names, ref, cur, exact := Pair(&a, &b)
	if d := cmp.Diff([]string{"", "x", "y", "z"}, names); d != "" || !exact {
		t.Error(d)
	}
	if d := cmp.Diff([][]int64{{1, 2, 1, 0}, {0, 0, 1, 1}}, [][]int64{ref, cur}); d != "" {
		t.Error(d)
	}
	if a.Of("x") != 2 || a.Of("nope") != 0 || a.Count() != 4 || a.Len() != 3 {
		t.Error("counts")
	}
	if d := cmp.Diff([]Heavy{{"x", 2, 0}, {"", 1, 0}, {"y", 1, 0}}, a.Heavy()); d != "" {
		t.Error(d)
	}
	var none *Counts
	if none.Count() != 0 || !none.Exact() || none.Of("x") != 0 || len(none.Heavy()) != 0 {
		t.Error("no counts")
	}
	for range none.All() {
		t.Error("no texts")
	}
	if names, _, _, _ := Pair(nil, &a); len(names) != 3 {
		t.Error("a side may be nil")
	}
}

func TestCountsInBuckets(t *testing.T) {
	texts := zipf(100000, 50000, 2)
	exact, hashed := NewCounts(1<<20), NewCounts(64)
	count(exact, texts...)
	count(hashed, texts...)
	if hashed.Exact() || hashed.Count() != exact.Count() {
		t.Fatal("beyond the bound")
	}
	if *exact.Buckets() != *hashed.Buckets() {
		t.Error("buckets are linear")
	}
	if n, ok := hashed.Distinct(); ok || math.Abs(n/float64(exact.Len())-1) > 0.08 {
		t.Errorf("distinct about %v, want %d", n, exact.Len())
	}
	_, a, b, ok := Pair(exact, hashed)
	if d := cmp.Diff(a, b); d != "" || ok {
		t.Error("the same values on both sides differ", d)
	}
	hashed.Suggest(texts[:128])
	found := hashed.Heavy()
	if len(found) == 0 || found[0].Text != "category 0" {
		t.Fatalf("heavy: %v", found)
	}
	wrong := 0
	for _, h := range found {
		if off := h.Count - exact.Of(h.Text); off > h.Error || off < -h.Error {
			wrong++
		}
		if hashed.Of(h.Text) < exact.Of(h.Text) {
			t.Errorf("%s occurs at most %d times", h.Text, hashed.Of(h.Text))
		}
	}
	if wrong > len(found)/10 {
		t.Errorf("%d of %d outside their error", wrong, len(found))
	}
}

func TestCountsSubtract(t *testing.T) {
	for _, bound := range []int{20, 100000} {
		a, b := NewCounts(bound), NewCounts(bound)
		count(a, zipf(3000, 300, 1)...)
		count(b, zipf(4000, 300, 2)...)
		both := a.Clone()
		both.Merge(b)
		if err := both.Subtract(b); err != nil {
			t.Fatal(err)
		}
		if *both.Buckets() != *a.Buckets() || both.Count() != a.Count() || both.Len() != a.Len() {
			t.Error("what is left is not a")
		}
		if n, exact := both.Distinct(); exact != a.Exact() || exact != !math.IsNaN(n) {
			t.Errorf("distinct is %v", n)
		}
		if both.Subtract(b) == nil {
			t.Error("subtracted what is not there")
		}
	}
}

func TestLongTextsAreBounded(t *testing.T) {
	c := NewCounts(10)
	for i := range 10 {
		count(c, fmt.Sprintf("%0200d", i))
	}
	if c.Exact() {
		t.Error("2,000 bytes of texts within a bound of 10")
	}
}

func TestDistinct(t *testing.T) {
	hashes := func(n int, seed uint64) []uint64 {
		r := rand.New(rand.NewPCG(seed, 6))
		all := make([]uint64, n)
		for i := range all {
			all[i] = frame.Mix(uint64(r.IntN(2 * n)))
		}
		return all
	}
	for _, n := range []int{0, 1, 50, 100, 1000, 100000} {
		all := hashes(n, 1)
		d := NewDistinct(100)
		d.Add(all)
		got, exact := d.Estimate()
		unique := slices.Clone(all)
		slices.Sort(unique)
		want := len(slices.Compact(unique))
		if exact != (want <= 100) || exact && int(got) != want || math.Abs(got-float64(want)) > 0.07*float64(want) {
			t.Errorf("%d values: %v (%v), want %d", n, got, exact, want)
		}
		a, b := NewDistinct(100), NewDistinct(200)
		a.Add(all[:n/3])
		b.Add(all[n/4:])
		b.Merge(a)
		a = a.Clone()
		a.Merge(b)
		if x := string(a.Append(nil)); x != string(b.Append(nil)) || x != string(d.Append(nil)) {
			t.Errorf("%d values: parts merged differ", n)
		}
	}
}

func TestRows(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	var all []uint64
	for i := range uint64(3000) {
		all = append(all, frame.Mix(i))
		if r.IntN(10) == 0 {
			all = append(all, frame.Mix(r.Uint64N(i+1)), frame.Mix(i))
		}
	}
	for _, bound := range []int{200, 100000} {
		make := func(hashes []uint64) *Rows {
			rows := NewRows(bound, 20, []string{"a", "b"})
			rows.Add(hashes)
			for _, h := range hashes {
				if rows.Wants(h) {
					rows.Keep(Line{h, []Text{{fmt.Sprint(h % 7), true}, {"", h%2 == 0}}})
				}
			}
			return rows
		}
		whole := make(all)
		want := string(whole.Append(nil))
		if len(whole.Sample()) != 20 || whole.Rows() != int64(len(all)) {
			t.Error("sample")
		}
		ratio, exact := whole.Duplicates()
		truth := 1 - 3000/float64(len(all))
		if exact != (bound > 3000) || exact && ratio != truth || math.Abs(ratio-truth) > 0.1 {
			t.Errorf("duplicates %v, want %v", ratio, truth)
		}
		for range 5 {
			r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			cut := r.IntN(len(all))
			a, b := make(all[:cut]), make(all[cut:])
			both := a.Clone()
			both.Merge(b)
			if string(both.Append(nil)) != want {
				t.Error("parts merged differ")
			}
			if err := both.Subtract(b); err != nil {
				t.Fatal(err)
			}
			for hash, n := range both.Pairs() {
				i, found := slices.BinarySearchFunc(a.cells, hash, func(c cell, h uint64) int {
					if c.key < h {
						return -1
					} else if c.key > h {
						return 1
					}
					return 0
				})
				if !found || a.cells[i].count != n {
					t.Fatal("what is left is not part of a")
				}
			}
			if both.Rows() != a.Rows() || both.Subtract(b) == nil && len(b.cells) > 0 && b.cells[0].key <= both.limit {
				t.Error("subtracted what is not there")
			}
		}
	}
}

func TestRowsOfDifferentColumns(t *testing.T) {
	a, b := NewRows(10, 5, []string{"x"}), NewRows(10, 5, []string{"w", "y"})
	a.Add([]uint64{1})
	a.Keep(Line{1, []Text{{"one", true}}})
	b.Add([]uint64{2})
	b.Keep(Line{2, []Text{{"two", true}, {}}})
	a.Merge(b)
	want := []Line{{1, []Text{{}, {"one", true}, {}}}, {2, []Text{{"two", true}, {}, {}}}}
	if d := cmp.Diff(want, a.Sample()); d != "" || !slices.Equal(a.Names(), []string{"w", "x", "y"}) {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"one"}, a.Known("x")); d != "" || a.Known("z") != nil {
		t.Error(d)
	}
}

func BenchmarkKernels(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	hashes := make([]uint64, 1<<20)
	for i := range hashes {
		hashes[i] = frame.Mix(r.Uint64())
	}
	per := func(name string, f func()) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(hashes)), "ns/value")
		})
	}
	each := func(add func([]uint64)) {
		for i := 0; i < len(hashes); i += 4096 {
			add(hashes[i : i+4096])
		}
	}
	for _, bound := range []int{512, 131072} {
		per(fmt.Sprint("distinct", bound), func() { each(NewDistinct(bound).Add) })
		per(fmt.Sprint("rows", bound), func() { each(NewRows(bound, 0, nil).Add) })
	}
	per("registers", func() { new(registers).addAll(hashes) })
	keys := make([]uint64, len(hashes))
	var rest []uint64
	per("sort", func() {
		copy(keys, hashes)
		keys, rest = sortKeys(keys, rest)
	})
}
