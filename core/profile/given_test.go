package profile_test

import (
	"bytes"
	"math"
	"testing"

	"leeway/core/fault"
	"leeway/core/profile"
	"leeway/core/schema"
)

func given(estimated bool) []profile.Given {
	return []profile.Given{
		{Name: "x", Kind: schema.Numeric, Missing: 2, Values: []float64{1, 2, 7.5}, Counts: []int64{4, 3, 1}, Estimated: estimated, Min: 1, Max: 7.5, Sum: 17.5, Squares: 72.25},
		{Name: "k", Kind: schema.Categorical, Missing: 1, Texts: []string{"b", "a"}, Counts: []int64{5, 4}},
		{Name: "t", Kind: schema.Text, Missing: 3},
	}
}

// TestGiven: what was counted elsewhere is a profile like any other: it can be
// stored, and says what was counted.
func TestGiven(t *testing.T) {
	for _, estimated := range []bool{false, true} {
		made, err := profile.OfGiven(10, given(estimated), nil)
		if err != nil {
			t.Fatal(err)
		}
		data := made.Encode()
		d, err := profile.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(d.Encode(), data) {
			t.Error("encoded otherwise")
		}
		x := d.Column("x")
		if x.Valid() != 8 || x.Numeric.Mean() != 17.5/8 || math.Abs(x.Numeric.Variance()-(72.25-17.5*17.5/8)/7) > 1e-12 {
			t.Errorf("%d values, mean %v, variance %v", x.Valid(), x.Numeric.Mean(), x.Numeric.Variance())
		}
		if q := x.Numeric.Quantile(0.5); math.Abs(q-1.5) > 1e-9 {
			t.Errorf("median %v", q)
		}
		if n, exact := x.DistinctCount(); exact == estimated || estimated != math.IsNaN(n) || x.Numeric.Grid.Exact() == estimated {
			t.Errorf("estimated %v: %v distinct, exact %v", estimated, n, exact)
		}
		if k := d.Column("k"); k.Categories.Of("b") != 5 || k.Categories.Of("a") != 4 || k.Missing != 1 {
			t.Error("categories are not those given")
		}
		if _, exact := d.Lines.Duplicates(); exact || d.Lines.Rows() != 10 {
			t.Error("rows are known that nobody gave")
		}
		if _, err := profile.Merge(d, d); err != nil {
			t.Error(err)
		}
	}
}

func TestGivenMustAddUp(t *testing.T) {
	columns := given(false)
	columns[0].Missing = 1
	if _, err := profile.OfGiven(10, columns, nil); fault.KindOf(err) != fault.Invalid {
		t.Error(err)
	}
	columns = given(false)
	columns[1].Name = "x"
	columns[1].Missing = 1
	if _, err := profile.OfGiven(10, columns, nil); fault.KindOf(err) != fault.Invalid {
		t.Error(err)
	}
}
