package profile

import (
	"bytes"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"leeway/core/frame"
	"leeway/core/schema"
	"leeway/core/segment"
)

var divisions = []segment.Division{
	{By: []string{"color"}, Kept: [][]string{{"c0"}, {"c3"}}},
	{By: []string{"color", "flag"}, Kept: [][]string{{"c1", "true"}}},
	{By: []string{"n"}, Kept: [][]string{{"7"}}},
}

// divide profiles rows with their segments, in blocks of random length.
func divide(rows []row, o *Options, r *rand.Rand, by []segment.Division) *Dataset {
	b := New(contract, o)
	b.Divide(by)
	color, many := frame.NewSymbols(), frame.NewSymbols()
	for len(rows) > 0 {
		n := min(len(rows), 1+r.IntN(frame.BlockRows/8))
		b.Add(blockOf(rows[:n], color, many))
		rows = rows[n:]
		if r.IntN(3) == 0 {
			color.Reset()
			many.Reset()
		}
	}
	return b.Profile()
}

var smallSegments = Options{Cells: 64, Categories: 40, Distinct: 50, Rows: 100, Sample: 10, Coded: 60, Segments: &Options{Cells: 32, Categories: 20}}

// TestSegmentsAreTheirRows: the profile of a segment is that of its rows alone.
func TestSegmentsAreTheirRows(t *testing.T) {
	rows := rowsOf(3000, 21)
	d := divide(rows, &smallSegments, rand.New(rand.NewPCG(1, 1)), divisions)
	in := map[string]func(row) bool{
		"color=c0":                   func(r row) bool { return r.states[5] == frame.Valid && r.color == "c0" },
		"color=c3":                   func(r row) bool { return r.states[5] == frame.Valid && r.color == "c3" },
		"color=c1,flag=true":         func(r row) bool { return r.states[5]+r.states[7] == 0 && r.color == "c1" && r.flag == 1 },
		"color=(other)":              func(r row) bool { return r.states[5] != frame.Valid || r.color != "c0" && r.color != "c3" },
		"color=(other),flag=(other)": func(r row) bool { return r.states[5]+r.states[7] != 0 || r.color != "c1" || r.flag == 0 },
		"n=7":                        func(r row) bool { return r.states[3] == frame.Valid && r.n == 7 },
		"n=(other)":                  func(r row) bool { return r.states[3] != frame.Valid || r.n != 7 },
	}
	if len(d.Segments) != len(in) {
		t.Fatalf("%d segments", len(d.Segments))
	}
	for key, belongs := range in {
		got := d.Segment(key)
		if got == nil {
			t.Fatalf("no segment %s", key)
		}
		var own []row
		for _, r := range rows {
			if belongs(r) {
				own = append(own, r)
			}
		}
		by, _, _ := segment.Parse(key)
		want := profileOf(own, smallSegments.Segments, rand.New(rand.NewPCG(2, 2)))
		want = want.Keep(func(c *Column) bool {
			return (c.Numeric != nil || c.Categories != nil) && c.Role.Drifts() && !slices.Contains(by, c.Name)
		})
		want.Lines = empty().Lines
		if !bytes.Equal(got.Encode(), want.finish().Encode()) {
			t.Errorf("%s: %d rows, want %d; %d columns, want %d", key, got.Rows, want.Rows, len(got.Columns), len(want.Columns))
		}
	}
}

// TestSegmentsInAnyOrder: the same rows give the same bytes however they are
// ordered, split and merged, also where the parts know other segments.
func TestSegmentsInAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	rows := rowsOf(2500, 22)
	whole := divide(rows, &smallSegments, r, divisions)
	fewer := slices.Clone(divisions[:2])
	fewer[0].Kept = [][]string{{"c0"}, {"c4"}}
	for i := range 12 {
		mixed := slices.Clone(rows)
		r.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		cuts := []int{0, r.IntN(2500), r.IntN(2500), 2500, 2500} // the last part has no rows
		slices.Sort(cuts)
		var parts []*Dataset
		for k := range len(cuts) - 1 {
			by := divisions
			if i%2 == 1 && k == 1 {
				by = fewer
			}
			parts = append(parts, divide(mixed[cuts[k]:cuts[k+1]], &smallSegments, r, by))
		}
		merge := func(order ...int) *Dataset {
			var all []*Dataset
			for _, at := range order {
				all = append(all, parts[at])
			}
			d, err := Merge(all...)
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		flat := merge(2, 0, 3, 1)
		nested, err := Merge(merge(3, 1), merge(0, 2))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(flat.Encode(), nested.Encode()) {
			t.Fatal("the order of merging matters")
		}
		if i%2 == 0 {
			if !bytes.Equal(flat.Encode(), whole.Encode()) {
				t.Fatal("the split matters")
			}
			continue
		}
		var keys []string
		for _, one := range flat.Segments {
			keys = append(keys, one.Key)
		}
		if want := []string{"color=(other)", "color=(other),flag=(other)", "color=c0", "color=c1,flag=true"}; !slices.Equal(keys, want) {
			t.Fatalf("segments %q, want %q", keys, want)
		}
	}
}

func TestSubtractSegments(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	big := Options{Cells: 5000, Categories: 5000, Distinct: 50, Rows: 5000, Segments: &Options{Cells: 5000, Categories: 5000}}
	a, b := divide(rowsOf(900, 23), &big, r, divisions), divide(rowsOf(400, 24), &big, r, divisions)
	both, err := Merge(a, b)
	if err != nil {
		t.Fatal(err)
	}
	left, err := both.Subtract(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range a.Segments {
		if counts(left.Segment(one.Key)) != counts(one.Profile) {
			t.Errorf("%s is another one after subtracting", one.Key)
		}
	}
}

func TestGoldenSegments(t *testing.T) {
	const path = "testdata/version4.profile"
	d := divide(rowsOf(700, 25), &smallSegments, rand.New(rand.NewPCG(1, 2)), divisions)
	if *update {
		if err := os.WriteFile(path, d.Encode(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	old, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(old.Encode(), data) || !bytes.Equal(d.Encode(), data) {
		t.Error("the same rows encode to other bytes: that needs a new version")
	}
	for _, one := range d.Segments {
		if counts(old.Segment(one.Key)) != counts(one.Profile) {
			t.Errorf("%s reads differently", one.Key)
		}
	}
}

// TestNoAllocationBySegment: routing rows to their segments costs no memory.
func TestNoAllocationBySegment(t *testing.T) {
	if racing {
		t.Skip("pools are emptied at random")
	}
	table := newTable(3)
	b := New(table.columns(), &smallSegments)
	column := slices.IndexFunc(table.columns(), func(c schema.Column) bool { return c.Kind == schema.Categorical })
	name, symbols := table.columns()[column].Name, table.next(1).Columns[column].Symbols
	b.Divide([]segment.Division{{By: []string{name}, Kept: [][]string{{symbols.Text(0)}}}})
	for range 60 {
		b.Add(table.next(frame.BlockRows))
	}
	block := table.next(frame.BlockRows)
	b.Add(block)
	b.Add(block)
	if n := testing.AllocsPerRun(20, func() { b.Add(block) }); n != 0 {
		t.Errorf("%g allocations a block", n)
	}
}
