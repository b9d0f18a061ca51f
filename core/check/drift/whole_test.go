package drift

import (
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"leeway/core/check"
	"leeway/core/frame"
	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/schema"
)

// order is a row of three columns: two numbers that go together by rho, and a
// category that goes with the first by link.
type order struct {
	x, y float64
	kind int
}

func orders(seed uint64, n int, rho, link float64) []order {
	r := rand.New(rand.NewPCG(seed, 5))
	rows := make([]order, n)
	for i := range rows {
		x := r.NormFloat64()
		rows[i] = order{x, rho*x + math.Sqrt(1-rho*rho)*r.NormFloat64(), r.IntN(4)}
		if x > 0 && r.Float64() < link {
			rows[i].kind = 0
		}
	}
	return rows
}

var orderColumns = []schema.Column{
	{Name: "x", Kind: schema.Numeric, Role: schema.Feature}, {Name: "y", Kind: schema.Numeric, Role: schema.Score},
	{Name: "kind", Kind: schema.Categorical, Role: schema.Feature},
}

func ordersOf(rows []order, o *profile.Options) *profile.Dataset {
	builder := profile.New(orderColumns, o)
	symbols := frame.NewSymbols()
	for part := range slices.Chunk(rows, frame.BlockRows) {
		block := &frame.Block{Rows: len(part), Columns: []frame.Column{{Type: frame.Float}, {Type: frame.Float}, {Type: frame.Symbol, Symbols: symbols}}}
		for _, row := range part {
			block.Columns[0].Floats = append(block.Columns[0].Floats, row.x+0)
			block.Columns[1].Floats = append(block.Columns[1].Floats, row.y+0)
			block.Columns[2].Codes = append(block.Columns[2].Codes, symbols.Intern([]byte("k"+strconv.Itoa(row.kind))))
		}
		builder.Add(block)
	}
	return builder.Profile()
}

// wholeOf compares the rows of two profiles.
func wholeOf(t *testing.T, ref, cur *profile.Dataset, methods check.Methods) (metric.Sample, *check.Evidence) {
	t.Helper()
	out, err := Check{}.Evaluate(&check.Input{Schema: &schema.Schema{Columns: orderColumns}, Reference: ref, Current: cur, Methods: methods})
	if err != nil {
		t.Fatal(err)
	}
	var sample metric.Sample
	for _, s := range out.Samples {
		if s.Metric == "rff_mmd" {
			sample = s
		}
	}
	for i := range out.Evidence {
		if out.Evidence[i].Metric == "rff_mmd" {
			return sample, &out.Evidence[i]
		}
	}
	return sample, nil
}

// TestWholeLaws: zero on identity, symmetric, bounded, blind to the order of
// rows, to how they were split, to units and to what single columns do.
func TestWholeLaws(t *testing.T) {
	a, b := orders(1, 3000, 0, 0), orders(2, 2000, 0.6, 0)
	ref, cur := ordersOf(a, &profile.Exact), ordersOf(b, &profile.Exact)
	value := func(ref, cur *profile.Dataset) float64 {
		sample, evidence := wholeOf(t, ref, cur, check.Methods{})
		if evidence == nil || sample.P != evidence.P || sample.Value != evidence.Value || sample.Labels != (metric.Labels{}) {
			t.Fatalf("%+v %+v", sample, evidence)
		}
		return sample.Value
	}
	whole := value(ref, cur)
	if whole < 0.5 || whole > Whole[0].High {
		t.Errorf("a correlation of 0 that became 0.6 gives %g", whole)
	}
	if got := value(ref, ref); got != 0 {
		t.Errorf("equal sides: %g", got)
	}
	if got := value(ref, ordersOf(slices.Concat(a, a), &profile.Exact)); got > 1e-12 {
		t.Errorf("each row twice: %g", got)
	}
	if back := value(cur, ref); math.Abs(back-whole) > 1e-9 {
		t.Errorf("%.17g there, %.17g back", whole, back)
	}
	slices.Reverse(b)
	merged, err := profile.Merge(ordersOf(b[:700], &profile.Exact), ordersOf(b[700:], &profile.Exact))
	if err != nil {
		t.Fatal(err)
	}
	if got := value(ref, merged); got != whole {
		t.Errorf("merged %.17g, whole %.17g", got, whole)
	}
	grown := func(rows []order) []order {
		rows = slices.Clone(rows)
		for i := range rows {
			rows[i].x *= 1024
		}
		return rows
	}
	if got := value(ordersOf(grown(a), &profile.Exact), ordersOf(grown(b), &profile.Exact)); math.Abs(got-whole) > 0.02 {
		t.Errorf("in another unit %g, before %g", got, whole)
	}
}

// TestWholeFinds: what is found names its columns and says it in words; of
// single columns it says nothing.
func TestWholeFinds(t *testing.T) {
	shifted := orders(2, 2000, 0.6, 0)
	for i := range shifted {
		shifted[i].x += 0.7
	}
	spread := orders(2, 2000, 0, 0)
	for i := range spread { // the outer values are of one kind
		if math.Abs(spread[i].x) > 1 {
			spread[i].kind = 0
		}
	}
	for _, c := range []struct {
		name     string
		ref, cur []order
		columns  string
		message  string
	}{
		{"appears", orders(1, 3000, 0, 0), orders(2, 2000, 0.6, 0), "x y", "`x` and `y` used to have little to do with each other (rank correlation "},
		{"goes", orders(1, 3000, 0.6, 0), orders(2, 2000, 0, 0), "x y", "`x` and `y` used to rise together (rank correlation 0.5"},
		{"turns", orders(1, 3000, 0.5, 0), orders(2, 2000, -0.5, 0), "x y", "`x` and `y` used to rise together (rank correlation 0."},
		{"weakens", orders(1, 3000, 0.8, 0), orders(2, 2000, 0.4, 0), "x y", "`x` and `y` rise together less closely than before (rank correlation 0.7"},
		{"category", orders(1, 3000, 0, 0), orders(2, 2000, 0, 0.5), "x kind", "Where `kind` is k0, `x` used to lie above "},
		{"category, spread", orders(1, 3000, 0, 0), spread, "x kind", "Where `kind` is k0, `x` is spread otherwise than before, though its average hardly tells (above "},
		{"column alone", orders(1, 3000, 0.6, 0), shifted, "", ""},
		{"nothing", orders(1, 3000, 0.6, 0.3), orders(2, 2000, 0.6, 0.3), "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, o := range []*profile.Options{&profile.Exact, &profile.Stored} {
				sample, e := wholeOf(t, ordersOf(c.ref, o), ordersOf(c.cur, o), check.Methods{})
				if e == nil || sample.Exact != (o == &profile.Exact) || sample.NReference > int64(len(c.ref)) {
					t.Fatalf("%+v %+v", sample, e)
				}
				if c.columns == "" {
					if e.P < 0.001 {
						t.Errorf("P %g: %s", e.P, e.Message)
					}
					continue
				}
				if e.P > 1e-6 || e.Effect < 0.15 || strings.Join(e.Columns, " ") != c.columns || !strings.HasPrefix(e.Message, c.message) || e.Hint == "" {
					t.Errorf("P %g effect %g %v %s", e.P, e.Effect, e.Columns, e.Message)
				}
				if a, b := e.Detectable(0.05), e.Detectable(0.0001); !(0 < a && a < b) || e.Low > e.Value || e.High < e.Value {
					t.Errorf("detectable %g, then %g; %g in %g to %g", a, b, e.Value, e.Low, e.High)
				}
			}
		})
	}
}

// TestWholeRepeated: rows that occur often count as often. Few different rows
// are all known, however many there are.
func TestWholeRepeated(t *testing.T) {
	table := func(seed uint64, n int, same float64) []order {
		r := rand.New(rand.NewPCG(seed, 6))
		rows := make([]order, n)
		for i := range rows {
			rows[i] = order{float64(r.IntN(3)), float64(r.IntN(3)), r.IntN(3)}
			if r.Float64() < same {
				rows[i].y = rows[i].x
			}
		}
		return rows
	}
	sample, e := wholeOf(t, ordersOf(table(1, 20000, 0.5), &profile.Stored), ordersOf(table(2, 20000, 0.55), &profile.Stored), check.Methods{})
	if !sample.Exact || sample.NCurrent != 20000 || e.P > 1e-4 {
		t.Errorf("a small change in 20,000 rows of 27 kinds: %+v", sample)
	}
	low := 0
	for i := range uint64(40) {
		// Of 5,000 different rows a third is known of, and each has a weight of its own.
		ref := append(table(3+2*i, 9000, 0.5), orders(i, 4000, 0.5, 0.2)...)
		cur := append(table(4+2*i, 900, 0.5), orders(1000+i, 400, 0.5, 0.2)...)
		if _, e := wholeOf(t, ordersOf(ref, &profile.Stored), ordersOf(cur, &profile.Stored), check.Methods{}); e.P < 0.05 {
			low++
		}
	}
	if low > 8 {
		t.Errorf("P <= 5%% in %d of 40 samples without change", low)
	}
}

func TestWholeReasons(t *testing.T) {
	some := ordersOf(orders(1, 100, 0, 0), &profile.Exact)
	data, err := os.ReadFile("../../profile/testdata/version1.profile")
	if err != nil {
		t.Fatal(err)
	}
	old, err := profile.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	same := ordersOf(slices.Repeat(orders(1, 1, 0, 0), 50), &profile.Exact)
	for want, cur := range map[string]*profile.Dataset{
		"needs at least 20 rows on each side":                                       ordersOf(orders(1, 19, 0, 0), &profile.Exact),
		"the current side has no values":                                            ordersOf(nil, &profile.Exact),
		"needs two columns that vary":                                               same,
		"no sample of whole rows is kept: make the profile again with this version": old,
	} {
		ref := some
		if cur == same {
			ref = same
		}
		if sample, e := wholeOf(t, ref, cur, check.Methods{}); e != nil || sample.Reason != want || !math.IsNaN(sample.Value) {
			t.Errorf("%q instead of %q", sample.Reason, want)
		}
	}
}

// TestWholeChosen: rows are compared unless other methods are named.
func TestWholeChosen(t *testing.T) {
	data := ordersOf(orders(1, 100, 0, 0), &profile.Exact)
	for want, methods := range map[bool][]check.Methods{
		true:  {{}, {All: true}, {Names: []string{"psi", "rff_mmd"}}},
		false: {{Names: []string{"psi"}}},
	} {
		for _, m := range methods {
			if sample, e := wholeOf(t, data, data, m); (sample.Metric != "") != want || (e != nil) != want {
				t.Errorf("%+v: %+v", m, sample)
			}
		}
	}
	if !slices.Contains(Names(), "rff_mmd") {
		t.Error("cannot be named")
	}
}
