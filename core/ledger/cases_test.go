package ledger

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"leeway/core/cases"
	"leeway/core/outcome"
	"leeway/core/schema"
)

// TestCases: a ledger keeps its sample of rows, whatever the order that they came
// in, and gives each the label that it has by now.
func TestCases(t *testing.T) {
	contract := &schema.Schema{Task: schema.Binary, Positive: "yes", Columns: []schema.Column{{Name: "score", Kind: schema.Numeric, Role: schema.Score}}}
	columns := []cases.Column{{Name: "channel"}, {Name: "price", Numeric: true}}
	var hasher Hasher
	made := func(order []int) []byte {
		shape := outcome.NewShape(contract, outcome.Exact)
		l := New(shape)
		l.Cases = cases.New(shape, columns, 50)
		for _, i := range order {
			id := hasher.Hash(fmt.Appendf(nil, "row %d", i))
			row := &outcome.Row{Predicted: float64(shape.Classes.Code([]string{"no", "yes"}[i%2])), Actual: math.NaN(), Scores: []float64{float64(i) / 100}}
			l.Add(id, row)
			l.Cases.Put(&cases.Row{Hash: uint64(i+1) * 0x9E3779B97F4A7C15, ID: id, Count: 1, Codes: []uint32{uint32(i % 3), uint32(1000 * i)}, Numbers: []float64{row.Predicted, row.Actual, row.Scores[0]}})
		}
		return l.Encode()
	}
	order := rand.New(rand.NewPCG(1, 2)).Perm(90)
	data := made(order)
	shape := outcome.NewShape(contract, outcome.Exact)
	shape.Classes.Code("other") // numbers classes in another way
	l, err := Decode(data, shape)
	if err != nil {
		t.Fatal(err)
	}
	if l.Cases.Len() != 50 || l.Cases.Cut() == math.MaxUint64 {
		t.Fatalf("%d rows up to %x", l.Cases.Len(), l.Cases.Cut())
	}
	var labels Labels
	known := outcome.NewShape(contract, 0)
	for i := range 60 {
		labels.Add(hasher.Hash(fmt.Appendf(nil, "row %d", i)), float64(known.Classes.Code([]string{"no", "yes"}[i/2%2])), Unversioned, 0)
	}
	of := labels.Cases(known, []cases.Column{columns[1], {Name: "new"}}, cases.Bound, Of(l))
	seen := 0
	for row := range of.All() {
		i := int(row.Codes[0] / 1000)
		want := math.NaN()
		if seen++; i < 60 {
			want = float64(shape.Classes.Code([]string{"no", "yes"}[i/2%2]))
		}
		if row.Codes[1] != 0 || row.Numbers[2] != float64(i)/100 || row.Numbers[0] != float64(shape.Classes.Code([]string{"no", "yes"}[i%2])) || row.Numbers[1] != want && !math.IsNaN(want) {
			t.Errorf("row %d: %+v", i, row)
		}
	}
	if seen != 50 {
		t.Errorf("%d rows", seen)
	}
	for i := 1; i < len(data); i += 7 { // damaged or cut, never a panic
		if _, err := Decode(data[:i], outcome.NewShape(contract, outcome.Exact)); err == nil {
			t.Errorf("%d bytes are a ledger", i)
		}
	}
	first, second := made(order), made(rand.New(rand.NewPCG(1, 2)).Perm(90))
	if !bytes.Equal(first, second) {
		t.Error("the same rows give other bytes")
	}
}

// TestCasesInAnyOrder: the bytes do not hang on the order in which rows came.
func TestCasesInAnyOrder(t *testing.T) {
	contract := &schema.Schema{Task: schema.Regression, Columns: []schema.Column{{Name: "p", Kind: schema.Numeric, Role: schema.Prediction}}}
	var before []byte
	for seed := range uint64(3) {
		shape := outcome.NewShape(contract, outcome.Exact)
		l := New(shape)
		l.Cases = cases.New(shape, []cases.Column{{Name: "x", Numeric: true}}, 40)
		for _, i := range rand.New(rand.NewPCG(seed, 9)).Perm(500) {
			l.Add(uint64(i+1), &outcome.Row{Predicted: float64(i), Actual: math.NaN()})
			l.Cases.Put(&cases.Row{Hash: uint64(i+1) * 0x9E3779B97F4A7C15, ID: uint64(i + 1), Count: 1, Codes: []uint32{uint32(i)}, Numbers: []float64{float64(i), math.NaN()}})
		}
		data := l.Encode()
		if seed > 0 && !bytes.Equal(data, before) {
			t.Fatal("another order, other bytes")
		}
		before = data
	}
}

// TestCasesOfSplitRows: the sample of a window does not hang on how its rows were
// split into files.
func TestCasesOfSplitRows(t *testing.T) {
	contract := &schema.Schema{Task: schema.Regression, Columns: []schema.Column{{Name: "p", Kind: schema.Numeric, Role: schema.Prediction}}}
	columns := []cases.Column{{Name: "x", Numeric: true}}
	const bound = 40
	sample := func(files int) (hashes []uint64) {
		shape := outcome.NewShape(contract, outcome.Exact)
		ledgers := make([]*Ledger, files)
		for i := range ledgers {
			ledgers[i] = New(shape)
			ledgers[i].Cases = cases.New(shape, columns, bound)
		}
		for i := range 500 {
			of := ledgers[i%7%files]
			of.Cases.Put(&cases.Row{Hash: uint64(i+1) * 0x9E3779B97F4A7C15, ID: uint64(i + 1), Count: 1, Codes: []uint32{uint32(i)}, Numbers: []float64{float64(i), 1}})
		}
		var labels Labels
		for row := range labels.Cases(shape, columns, bound, Of(ledgers...)).All() {
			hashes = append(hashes, row.Hash)
		}
		return hashes
	}
	whole := sample(1)
	if len(whole) != bound {
		t.Fatalf("%d rows", len(whole))
	}
	for _, files := range []int{2, 5} {
		if !slices.Equal(sample(files), whole) {
			t.Errorf("%d files have another sample than one", files)
		}
	}
}
