package profile

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"leeway/core/fault"
	"leeway/core/frame"
	"leeway/core/schema"
)

func TestEncodingIsAFunctionOfTheRows(t *testing.T) {
	for _, o := range []*Options{&small, &Stored, &Exact} {
		rows := rowsOf(5000, 2)
		want := profileOf(rows, o, rand.New(rand.NewPCG(1, 1))).Encode()
		for seed := range uint64(6) {
			r := rand.New(rand.NewPCG(seed, 9))
			r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
			if got := assemble(t, rows, o, r).Encode(); string(got) != string(want) {
				t.Errorf("%+v: seed %d gives other bytes", *o, seed)
			}
		}
		d, err := Decode(want)
		if err != nil {
			t.Fatal(err)
		}
		if string(d.Encode()) != string(want) {
			t.Error("decoding and encoding changes bytes")
		}
	}
}

// assemble splits rows at random, profiles the parts, and merges them in random
// groups, some after encoding and decoding.
func assemble(t *testing.T, rows []row, o *Options, r *rand.Rand) *Dataset {
	t.Helper()
	var parts []*Dataset
	for len(rows) > 0 || len(parts) == 0 {
		n := r.IntN(len(rows) + 1)
		parts = append(parts, profileOf(rows[:n], o, r))
		rows = rows[n:]
	}
	for len(parts) > 1 {
		i, n := r.IntN(len(parts)-1), 2+r.IntN(2)
		group := parts[i:min(len(parts), i+n)]
		merged, err := Merge(group...)
		if err == nil && r.IntN(2) == 0 {
			merged, err = Decode(merged.Encode())
		}
		if err != nil {
			t.Fatal(err)
		}
		parts = append(append(append([]*Dataset{}, parts[:i]...), merged), parts[i+len(group):]...)
	}
	return parts[0]
}

// counts is everything that subtracts: what is left must be as before.
func counts(d *Dataset) string {
	text := fmt.Sprintln(d.Rows, d.Lines.Rows())
	for _, c := range d.Columns {
		text += fmt.Sprintln(c.Name, c.Rows, c.Missing, c.Mistyped)
		if c.Numeric != nil {
			text += fmt.Sprintln(c.Numeric.Mean(), c.Numeric.Std(), c.Numeric.Grid.Count())
		}
		if c.Categories != nil {
			text += fmt.Sprintln(c.Categories.Count(), *c.Categories.Buckets())
		}
	}
	return text
}

func TestSubtractInvertsMerge(t *testing.T) {
	for _, o := range []*Options{&small, &Exact} {
		r := rand.New(rand.NewPCG(4, 4))
		a, b := profileOf(rowsOf(2000, 3), o, r), profileOf(rowsOf(3000, 4), o, r)
		want := counts(a)
		both, err := Merge(a, b)
		if err != nil {
			t.Fatal(err)
		}
		before := string(both.Encode())
		left, err := both.Subtract(b)
		if err != nil {
			t.Fatal(err)
		}
		if got := counts(left); got != want {
			t.Errorf("left\n%swant\n%s", got, want)
		}
		if string(both.Encode()) != before || counts(a) != want {
			t.Error("an operand changed")
		}
		back, err := Decode(left.Encode())
		if err != nil || counts(back) != want {
			t.Error("after encoding and decoding", err)
		}
		if n, exact := left.Column("id").DistinctCount(); n == n || exact {
			t.Errorf("%v distinct ids", n)
		}
		if o == &Exact {
			x, y := left.Column("x").Numeric, a.Column("x").Numeric
			if x.Min != y.Min || x.Max != y.Max || x.Quantile(0.3) != y.Quantile(0.3) {
				t.Error("exact cells give exact extremes")
			}
		}
		if _, err := left.Subtract(b); fault.KindOf(err) != fault.Invalid {
			t.Error("subtracted what is not there", err)
		}
		none, err := left.Subtract(a)
		if err != nil || none.Rows != 0 || none.Column("x").Valid() != 0 || none.Start != 0 {
			t.Error("nothing is left", err)
		}
		again, err := Merge(none, a)
		if err != nil || counts(again) != want {
			t.Error("merging with what is empty", err)
		}
	}
}

func TestMergeOfDifferentColumns(t *testing.T) {
	number := func(name string, kind schema.Kind, role schema.Role, values ...float64) *Dataset {
		b := New([]schema.Column{{Name: name, Kind: kind, Role: role}}, nil)
		b.Add(&frame.Block{Rows: len(values), Columns: []frame.Column{{Type: frame.Float, Floats: values}}})
		return b.Profile()
	}
	a, b := number("a", schema.Integer, schema.Feature, 1, 2), number("b", schema.Numeric, schema.Feature, 0.5)
	both, err := Merge(a, b)
	if err != nil || both.Rows != 3 || both.Column("a").Rows != 2 || both.Column("b").Rows != 1 {
		t.Fatal(err)
	}
	other, err := Merge(b, a)
	if err != nil || string(other.Encode()) != string(both.Encode()) {
		t.Error("order matters", err)
	}
	mixed, err := Merge(a, number("a", schema.Numeric, schema.Feature, 0.5))
	if err != nil || mixed.Column("a").Kind != schema.Numeric {
		t.Error("whole numbers are numbers", err)
	}
	for _, bad := range []*Dataset{number("a", schema.Categorical, schema.Feature), number("a", schema.Integer, schema.ID, 1)} {
		if _, err := Merge(a, bad); fault.KindOf(err) != fault.Invalid {
			t.Error("kinds differ", err)
		}
	}
	if _, err := a.Subtract(b); fault.KindOf(err) != fault.Invalid {
		t.Error("a column that is not there", err)
	}
	none, err := Merge()
	if err != nil || none.Rows != 0 || len(none.Columns) != 0 {
		t.Error("nothing merged", err)
	}
	if back, err := Decode(none.Encode()); err != nil || back.Rows != 0 {
		t.Error("nothing decoded", err)
	}
}

func TestEmptyFileKeepsItsColumns(t *testing.T) {
	d := New(contract, nil).Profile()
	if len(d.Columns) != 8 || d.Column("x").Rows != 0 {
		t.Error("columns of a file without rows")
	}
	if _, err := Decode(d.Encode()); err != nil {
		t.Error(err)
	}
}

func TestAbsentKeysAreMissing(t *testing.T) {
	rows := rowsOf(300, 6)
	for i := range rows[:100] {
		rows[i].states[5] = frame.Missing
	}
	whole, parts := New(contract, nil), New(contract, nil)
	color, many := frame.NewSymbols(), frame.NewSymbols()
	whole.Add(blockOf(rows, color, many))
	first := blockOf(rows[:100], color, many)
	first.Columns[5] = frame.Column{}
	parts.Add(first)
	parts.Add(blockOf(rows[100:], color, many))
	if string(whole.Profile().Encode()) != string(parts.Profile().Encode()) {
		t.Error("a key that a block does not mention differs from one that is null")
	}
}

func TestAFileThatLacksColumnsHasThemMissing(t *testing.T) {
	rows := rowsOf(300, 6)
	for i := range rows[:100] {
		rows[i].states[7], rows[i].states[8] = frame.Missing, frame.Missing
	}
	color, many := frame.NewSymbols(), frame.NewSymbols()
	whole := New(contract, nil)
	whole.Add(blockOf(rows, color, many))
	lacking, rest := New(contract, nil), New(contract, nil)
	short := blockOf(rows[:100], color, many)
	short.Columns = short.Columns[:7]
	lacking.Add(short)
	rest.Add(blockOf(rows[100:], color, many))
	a, b := lacking.Profile(), rest.Profile()
	if c := a.Column("flag"); c == nil || c.Rows != 100 || c.Missing != 100 {
		t.Errorf("%+v", c)
	}
	want := string(whole.Profile().Encode())
	for _, order := range [][]*Dataset{{a, b}, {b, a}} {
		if merged, err := Merge(order...); err != nil || string(merged.Encode()) != want {
			t.Error("a column that a block does not have differs from one that is null", err)
		}
	}
}
