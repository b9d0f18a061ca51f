package ledger

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"leeway/core/cases"
	"leeway/core/outcome"
	"leeway/core/schema"
)

// TestClassesInAnyOrder: which class came first is not in the bytes, neither those of
// predictions, nor of the sample of rows, nor of labels that contradict each other.
func TestClassesInAnyOrder(t *testing.T) {
	contract := &schema.Schema{Task: schema.Multiclass, Columns: []schema.Column{
		{Name: "p", Kind: schema.Categorical, Role: schema.Prediction},
		{Name: "s", Kind: schema.Numeric, Role: schema.Score, Class: "red"},
	}}
	names := []string{"red", "blue", "10", "9", "green"}
	var ledgers, labelled []byte
	for seed := range uint64(6) {
		shape := outcome.NewShape(contract, outcome.Exact)
		l, labels := New(shape), Labels{}
		l.Cases = cases.New(shape, []cases.Column{{Name: "x", Numeric: true}}, 400)
		for _, i := range rand.New(rand.NewPCG(seed, 3)).Perm(300) {
			class := float64(shape.Classes.Code(names[i%5]))
			own := math.NaN()
			if i%3 == 0 {
				own = float64(shape.Classes.Code(names[i%7%5]))
			}
			id := uint64(i/2 + 1) // two rows each
			l.Add(id, &outcome.Row{Predicted: class, Actual: own, Scores: []float64{0.5}})
			l.Cases.Put(&cases.Row{Hash: uint64(i+1) * 0x9E3779B97F4A7C15, ID: id, Count: 1, Codes: []uint32{uint32(i)}, Numbers: []float64{class, own, 0.5}})
			labels.Add(id, class, Unversioned, 0)
		}
		data, text := l.Encode(), labels.Encode(shape)
		if seed == 0 {
			ledgers, labelled = data, text
		}
		if !bytes.Equal(data, ledgers) || !bytes.Equal(text, labelled) {
			t.Fatalf("order %d gives other bytes", seed)
		}
	}
	other := outcome.NewShape(contract, outcome.Exact)
	for _, name := range []string{"green", "x", "9"} {
		other.Classes.Code(name)
	}
	l, err := Decode(ledgers, other)
	if err != nil {
		t.Fatal(err)
	}
	var labels Labels
	if err := labels.Decode(labelled, other, 0); err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for i := range l.shards {
		s := &l.shards[i]
		for at := range s.ids {
			counts["said "+other.Classes.Name(int32(unpacked(s.classes[2*at])))]++
		}
		for _, one := range labels.shards[i].all {
			counts["true "+other.Classes.Name(int32(one.value))]++
		}
	}
	for row := range l.Cases.All() {
		if name := other.Classes.Name(int32(row.Numbers[0])); name != names[row.Codes[0]%5] {
			t.Errorf("row %d of the sample was predicted %s", row.Codes[0], name)
		}
	}
	for _, name := range names {
		if counts["said "+name] != 60 || counts["true "+name] != 60 {
			t.Errorf("%s: %v", name, fmt.Sprint(counts))
		}
	}
}
