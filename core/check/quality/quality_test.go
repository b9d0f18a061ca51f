package quality

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"leeway/core/check"
	"leeway/core/frame"
	"leeway/core/internal/golden"
	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/schema"
	"leeway/core/stat"
)

// table is columns of cells: float64, string, int64 (an instant), nil for
// missing, errMistyped for what could not be read.
type table struct {
	columns []schema.Column
	cells   [][]any
}

type mistyped struct{}

func (t *table) add(c schema.Column, cells ...any) *table {
	t.columns, t.cells = append(t.columns, c), append(t.cells, cells)
	return t
}

func (t *table) profile() *profile.Dataset { return t.keeping(&profile.Exact) }

func (t *table) keeping(o *profile.Options) *profile.Dataset {
	builder := profile.New(t.columns, o)
	rows := 0
	for _, cells := range t.cells {
		rows = max(rows, len(cells))
	}
	symbols := make([]*frame.Symbols, len(t.columns))
	for i := range symbols {
		symbols[i] = frame.NewSymbols()
	}
	for first := 0; first < rows; first += frame.BlockRows {
		block := &frame.Block{Rows: min(frame.BlockRows, rows-first), First: int64(first + 1)}
		for i := range t.columns {
			block.Columns = append(block.Columns, frameColumn(t.columns[i].Kind, t.cells[i][first:first+block.Rows], symbols[i]))
		}
		builder.Add(block)
	}
	return builder.Profile()
}

func frameColumn(kind schema.Kind, cells []any, symbols *frame.Symbols) frame.Column {
	n := len(cells)
	c := frame.Column{Type: frame.Float, States: make([]frame.State, n), Floats: make([]float64, n), Codes: make([]uint32, n), Times: make([]int64, n), Symbols: symbols}
	switch {
	case kind.Discrete():
		c.Type = frame.Symbol
	case kind == schema.Time:
		c.Type = frame.Time
	case kind == schema.Text && !slices.ContainsFunc(cells, func(cell any) bool { _, number := cell.(float64); return number }):
		return textColumn(cells)
	}
	for i, cell := range cells {
		switch x := cell.(type) {
		case nil:
			c.States[i] = frame.Missing
		case mistyped:
			c.States[i] = frame.Mistyped
		case float64:
			c.Floats[i] = x
		case int64:
			c.Times[i] = x
		case string:
			c.Codes[i] = symbols.Intern([]byte(x))
		}
	}
	return c
}

// textColumn is a column of texts, nil for missing.
func textColumn(cells []any) frame.Column {
	c := frame.Column{Type: frame.Bytes, States: make([]frame.State, len(cells)), Offsets: []uint32{0}}
	for i, cell := range cells {
		if text, there := cell.(string); there {
			c.Data = append(c.Data, text...)
		} else {
			c.States[i] = frame.Missing
		}
		c.Offsets = append(c.Offsets, uint32(len(c.Data)))
	}
	return c
}

func evaluate(t *testing.T, in *check.Input) check.Outcome {
	t.Helper()
	out, err := Check{}.Evaluate(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range out.Samples {
		if math.IsNaN(s.Value) != (s.Reason != "") || math.IsInf(s.Value, 0) {
			t.Errorf("%+v", s)
		}
	}
	return out
}

func compare(t *testing.T, ref, cur *table) check.Outcome {
	t.Helper()
	return evaluate(t, &check.Input{Schema: &schema.Schema{Columns: ref.columns}, Reference: ref.profile(), Current: cur.profile()})
}

func value(t *testing.T, out check.Outcome, name string, labels metric.Labels) metric.Sample {
	t.Helper()
	for _, s := range out.Samples {
		if s.Metric == name && s.Labels == labels {
			return s
		}
	}
	t.Fatalf("no sample %s %v", name, labels)
	return metric.Sample{}
}

func evidenceOf(out check.Outcome, name, column string) *check.Evidence {
	for i := range out.Evidence {
		if e := &out.Evidence[i]; e.Metric == name && e.Labels.Column == column {
			return e
		}
	}
	return nil
}

func TestSamples(t *testing.T) {
	x := schema.Column{Name: "x", Kind: schema.Numeric, Role: schema.Feature}
	k := schema.Column{Name: "k", Kind: schema.Categorical, Role: schema.Feature}
	at := schema.Column{Name: "t", Kind: schema.Time, Role: schema.Timestamp}
	ref := new(table).add(x, 1., 2., 3., 4., 5.).add(k, "a", "a", "b", "b", "b").add(at, int64(1), int64(2), int64(3), int64(4), int64(5))
	cur := new(table).
		add(x, 0., 2., 2., 3., 100., nil, mistyped{}, 2., 2., 2.).
		add(k, "a", "a", "c", "b", nil, "b", "b", "a", "a", "a").
		add(at, int64(5e9), int64(6e9), int64(7e9), int64(8e9), int64(9e9), int64(5e9), int64(6e9), int64(6e9), int64(6e9), int64(6e9))
	out := evaluate(t, &check.Input{Schema: &schema.Schema{Columns: ref.columns}, Reference: ref.profile(), Current: cur.profile(), End: 10e9})
	column := func(name string) metric.Labels { return metric.Labels{Column: name} }
	q := func(q string) metric.Labels { return metric.Labels{Column: "x", Q: q} }
	for _, c := range []struct {
		name   string
		labels metric.Labels
		want   float64
		n      int64
	}{
		{"rows", metric.Labels{}, 10, 10},
		{"duplicate_ratio", metric.Labels{}, 0.3, 10}, // (2, a, 6) four times
		{"freshness_seconds", metric.Labels{}, 1, 10},
		{"missing_ratio", column("x"), 0.1, 10},
		{"type_mismatch_ratio", column("x"), 1. / 9, 9},
		{"out_of_range_ratio", column("x"), 2. / 8, 8},
		{"outlier_ratio", column("x"), 1. / 8, 8}, // outside 2-6..4+6
		{"distinct", column("x"), 4, 8},
		{"mean", column("x"), 113. / 8, 8},
		{"min", column("x"), 0, 8},
		{"max", column("x"), 100, 8},
		{"quantile", q("0.5"), 2, 8},
		{"quantile", q("0.95"), 3 + 0.65*97, 8},
		{"missing_ratio", column("k"), 0.1, 10},
		{"unseen_category_ratio", column("k"), 1. / 9, 9},
		{"distinct", column("k"), 3, 9},
	} {
		s := value(t, out, c.name, c.labels)
		if golden.Off(s.Value, c.want) > 1e-12 || s.NCurrent != c.n || !s.Exact {
			t.Errorf("%s %v: %g of %d, want %g of %d", c.name, c.labels, s.Value, s.NCurrent, c.want, c.n)
		}
	}
}

// TestEmpty: nothing to measure is null with a reason.
func TestEmpty(t *testing.T) {
	x := schema.Column{Name: "x", Kind: schema.Numeric, Role: schema.Feature}
	k := schema.Column{Name: "k", Kind: schema.Categorical, Role: schema.Feature}
	full := new(table).add(x, 1., 2.).add(k, "a", "b")
	missing := new(table).add(x, nil, nil).add(k, nil, nil)
	single := new(table).add(x, 1.).add(k, "a")
	none := new(table).add(x).add(k)
	for name, pair := range map[string][2]*table{"all missing": {full, missing}, "nothing before": {missing, full}, "one row": {single, single}, "no rows": {full, none}} {
		out := compare(t, pair[0], pair[1])
		for _, e := range out.Evidence {
			if e.Message == "" && (!math.IsNaN(e.P) || e.Broken) || e.P < 0 || e.P > 1 {
				t.Errorf("%s: %+v", name, e)
			}
		}
		if name == "no rows" {
			if e := evidenceOf(out, "rows", ""); e == nil || !e.Broken {
				t.Errorf("no rows: %+v", e)
			}
		}
	}
}

func repeat(n int, cells ...any) []any {
	all := make([]any, 0, n*len(cells))
	for range n {
		all = append(all, cells...)
	}
	return all
}

// numbered gives n different numbers from first on.
func numbered(first, n int) []any {
	cells := make([]any, n)
	for i := range cells {
		cells[i] = float64(first + i)
	}
	return cells
}

// TestFindings: each kind of trouble is found, told in words, and not found
// where there is none.
func TestFindings(t *testing.T) {
	number := schema.Column{Name: "x", Kind: schema.Numeric, Role: schema.Feature}
	category := schema.Column{Name: "x", Kind: schema.Categorical, Role: schema.Feature}
	low, high, share := 0.0, 1000.0, 0.01
	ranged, promised, listed := number, number, category
	ranged.Min, ranged.Max = &low, &high
	promised.Missing = &share
	listed.Allowed = []string{"a", "b"}
	for _, c := range []struct {
		metric   string
		column   schema.Column
		ref, cur []any
		message  string
	}{
		{"missing_ratio", number, numbered(0, 500), append(numbered(0, 400), repeat(100, any(nil))...), "`x`: rows without a value rose from 0% to 20%."},
		{"missing_ratio", number, append(numbered(0, 400), repeat(100, any(nil))...), numbered(0, 500), "`x`: rows without a value fell from 20% to 0%."},
		{"missing_ratio", promised, numbered(0, 500), append(numbered(0, 480), repeat(20, any(nil))...), "`x`: 4% of the rows have no value, more than the 1% that are allowed."},
		{"type_mismatch_ratio", number, numbered(0, 500), append(numbered(0, 480), repeat(20, any(mistyped{}))...), "`x`: values that are no numbers rose from 0% to 4%."},
		{"out_of_range_ratio", number, numbered(0, 500), numbered(100, 500), "`x`: 20% of the values lie outside what the reference had (0 to 499)."},
		{"out_of_range_ratio", ranged, numbered(0, 500), numbered(600, 500), "`x`: 20% of the values lie outside the allowed range (0 to 1,000)."},
		{"unseen_category_ratio", category, repeat(250, any("a"), any("b")), append(repeat(240, any("a"), any("b")), repeat(20, any("Costa Rica"))...), "`x`: 4% of the values are categories that the reference did not have, most often \"Costa Rica\"."},
		{"unseen_category_ratio", listed, repeat(250, any("a"), any("b")), append(repeat(240, any("a"), any("b")), repeat(20, any("c"))...), "`x`: 4% of the values are categories that are not allowed, most often c."},
		{"constant", number, numbered(0, 500), repeat(500, any(7.0)), "`x` has the same value in every row; the reference had 500 different ones."},
		{"constant", category, repeat(250, any("a"), any("b")), repeat(500, any("b")), "`x` has the same value in every row; the reference had 2 different ones."},
	} {
		out := compare(t, new(table).add(c.column, c.ref...), new(table).add(c.column, c.cur...))
		e := evidenceOf(out, c.metric, "x")
		if e == nil || !(e.P < 1e-4) || e.Message != c.message || e.Hint == "" || !(e.Effect > 0) {
			t.Errorf("%s: %+v", c.message, e)
		}
		out = compare(t, new(table).add(c.column, c.ref...), new(table).add(c.column, c.ref...))
		if e := evidenceOf(out, c.metric, "x"); e != nil && e.P < 0.05 {
			t.Errorf("%s on equal sides: P = %g", c.metric, e.P)
		}
	}
}

// TestUnseenCountsWhatIsThere: value, interval and sizes of unseen categories
// are of all cells that are not missing, mistyped ones among them.
func TestUnseenCountsWhatIsThere(t *testing.T) {
	for name, allowed := range map[string][]string{"the reference's": nil, "listed": {"true"}} {
		x := schema.Column{Name: "x", Kind: schema.Boolean, Role: schema.Feature, Allowed: allowed}
		ref := append(append(repeat(300, any("true")), repeat(40, any(mistyped{}))...), repeat(10, any(nil))...)
		cur := append(append(append(repeat(200, any("true")), repeat(50, any("false"))...), repeat(50, any(mistyped{}))...), repeat(7, any(nil))...)
		out := compare(t, new(table).add(x, ref...), new(table).add(x, cur...))
		s := value(t, out, "unseen_category_ratio", metric.Labels{Column: "x"})
		e := evidenceOf(out, "unseen_category_ratio", "x")
		if e == nil {
			t.Fatalf("%s: no evidence", name)
		}
		low, high := stat.Wilson(50, 300)
		if s.Value != 50./300 || e.Value != s.Value || e.Low != low || e.High != high {
			t.Errorf("%s: sample %v, evidence %v in %v..%v", name, s.Value, e.Value, e.Low, e.High)
		}
		if s.NReference != 340 || s.NCurrent != 300 || e.NReference != 340 || e.NCurrent != 300 {
			t.Errorf("%s: of %d and %d, tested as of %d and %d", name, s.NReference, s.NCurrent, e.NReference, e.NCurrent)
		}
	}
}

func TestDuplicates(t *testing.T) {
	x := schema.Column{Name: "x", Kind: schema.Numeric, Role: schema.Feature}
	ref := new(table).add(x, numbered(0, 500)...)
	out := compare(t, ref, new(table).add(x, append(numbered(500, 400), numbered(500, 100)...)...))
	if e := evidenceOf(out, "duplicate_ratio", ""); e == nil || !(e.P < 1e-6) || golden.Off(e.Value, 0.2) > 1e-12 {
		t.Errorf("%+v", e)
	}
	if e := evidenceOf(compare(t, ref, new(table).add(x, numbered(500, 400)...)), "duplicate_ratio", ""); e != nil {
		t.Errorf("nothing repeats: %+v", e)
	}
	// Rows that repeat by nature, on both sides alike.
	r := &golden.SplitMix{}
	few := func() *table {
		var cells []any
		for range 1000 {
			cells = append(cells, math.Floor(r.Uniform()*50))
		}
		return new(table).add(x, cells...)
	}
	if e := evidenceOf(compare(t, few(), few()), "duplicate_ratio", ""); e == nil || e.P < 0.01 {
		t.Errorf("repeats by nature: %+v", e)
	}
}

// TestDuplicatesOfOtherColumns: rows that are equal in what is read of them need
// not be equal.
func TestDuplicatesOfOtherColumns(t *testing.T) {
	id := schema.Column{Name: "id", Kind: schema.Text, Role: schema.ID}
	x := schema.Column{Name: "x", Kind: schema.Numeric, Role: schema.Feature}
	y := schema.Column{Name: "y", Kind: schema.Numeric, Role: schema.Label}
	ref := new(table).add(x, numbered(0, 500)...)
	twice := new(table).add(x, append(numbered(500, 250), numbered(500, 250)...)...)
	for name, c := range map[string]struct {
		columns             []schema.Column
		cur                 *table
		missing, unexpected []string
		undefined, tested   bool
	}{
		"the same columns":           {[]schema.Column{x}, twice, nil, nil, false, true},
		"one that is not read":       {[]schema.Column{x}, twice, nil, []string{"z"}, true, false},
		"not read, rows differ":      {[]schema.Column{x}, new(table).add(x, numbered(500, 500)...), nil, []string{"z"}, false, false},
		"one that is missing":        {[]schema.Column{x, y}, twice, []string{"y"}, nil, false, false},
		"a label, rows have an id":   {[]schema.Column{id, x, y}, twice, []string{"y"}, nil, false, true},
		"a label and the id":         {[]schema.Column{id, x, y}, twice, []string{"id", "y"}, nil, false, false},
		"a feature, rows have an id": {[]schema.Column{id, x, {Name: "z", Kind: schema.Numeric, Role: schema.Feature}}, twice, []string{"z"}, nil, false, false},
	} {
		out := evaluate(t, &check.Input{Schema: &schema.Schema{Columns: c.columns}, Reference: ref.profile(), Current: c.cur.profile(), Missing: c.missing, Unexpected: c.unexpected})
		s := value(t, out, "duplicate_ratio", metric.Labels{})
		if undefined := math.IsNaN(s.Value); undefined != c.undefined || undefined != (s.Reason != "") {
			t.Errorf("%s: %v, %q", name, s.Value, s.Reason)
		}
		if e := evidenceOf(out, "duplicate_ratio", ""); (e != nil) != c.tested {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

func TestSchemaEvents(t *testing.T) {
	x := schema.Column{Name: "x", Kind: schema.Numeric, Role: schema.Feature}
	y := schema.Column{Name: "y", Kind: schema.Numeric, Role: schema.Label}
	both := new(table).add(x, 1., 2.).add(y, 1., 2.)
	one := new(table).add(x, 1., 2.)
	out := evaluate(t, &check.Input{Schema: &schema.Schema{Columns: both.columns}, Reference: both.profile(), Current: one.profile(),
		Missing: []string{"y", "x"}, Unexpected: []string{"new"}, Renamed: map[string]string{"id": "customer_id"}})
	if e := evidenceOf(out, "missing_column", "x"); e == nil || !e.Broken {
		t.Errorf("%+v", e)
	}
	if e := evidenceOf(out, "missing_column", "y"); e != nil {
		t.Error("a label that is not there yet")
	}
	if e := evidenceOf(out, "unexpected_column", "new"); e == nil || !e.Notable || e.Broken {
		t.Errorf("%+v", e)
	}
	if e := evidenceOf(out, "renamed_column", "id"); e == nil || !strings.Contains(e.Message, "`customer_id`") {
		t.Errorf("%+v", e)
	}
}

// TestNewLabel: of a new column whose name says that it is the label, it is said what makes it
// one, unless the model has a label or predicts nothing.
func TestNewLabel(t *testing.T) {
	x := schema.Column{Name: "x", Kind: schema.Numeric, Role: schema.Feature}
	score := schema.Column{Name: "score", Kind: schema.Numeric, Role: schema.Score}
	label := schema.Column{Name: "paid", Kind: schema.Categorical, Role: schema.Label}
	for _, test := range []struct {
		name    string
		columns []schema.Column
		said    bool
	}{
		{"target", []schema.Column{x, score}, true}, {"Y", []schema.Column{x, score}, true}, {"is_fraud", []schema.Column{x, score}, true},
		{"height", []schema.Column{x, score}, false}, {"target", []schema.Column{x}, false}, {"target", []schema.Column{x, score, label}, false},
	} {
		data := new(table).add(x, 1., 2.)
		out := evaluate(t, &check.Input{Schema: &schema.Schema{Columns: test.columns}, Reference: data.profile(), Current: data.profile(), Unexpected: []string{test.name}})
		e := evidenceOf(out, "unexpected_column", test.name)
		if e == nil || strings.Contains(e.Hint, `columns: {"`+test.name+`": {role: label}}`) != test.said || strings.Contains(e.Message, "may be the label") != test.said {
			t.Errorf("%s beside %d columns: %+v", test.name, len(test.columns), e)
		}
	}
}

func TestRowsAgainstHistory(t *testing.T) {
	x := schema.Column{Name: "x", Kind: schema.Numeric, Role: schema.Feature}
	data := new(table).add(x, numbered(0, 300)...)
	in := &check.Input{Schema: &schema.Schema{Columns: data.columns}, Reference: data.profile(), Current: data.profile()}
	for i := range 12 {
		in.History = append(in.History, check.HistoryPoint{Rows: int64(1000 + 10*(i%3))})
	}
	e := evidenceOf(evaluate(t, in), "rows", "")
	if e == nil || !(e.P < 1e-6) || !(e.Effect > 1.7) || e.Message != "The window has 300 rows instead of about 1,010." {
		t.Errorf("%+v", e)
	}
	in.History = in.History[:5]
	if e := evidenceOf(evaluate(t, in), "rows", ""); e == nil || !math.IsNaN(e.P) {
		t.Errorf("five windows are no history: %+v", e)
	}
}

// TestRowsAfterABadDay: one odd day makes no half of the rows usual, nor do three odd
// ones of thirty; days that come every week are usual.
func TestRowsAfterABadDay(t *testing.T) {
	x := schema.Column{Name: "x", Kind: schema.Numeric, Role: schema.Feature}
	data := new(table).add(x, numbered(0, 500)...)
	for _, test := range []struct {
		name       string
		days, each int // days of 1000 rows, and every so many
		odd        int64
		alarms     bool
	}{
		{"a day of 100", 14, 14, 100, true},
		{"two days of 500", 20, 10, 500, true},
		{"three days of 60", 30, 10, 60, true},
		{"a day of ten times as many", 20, 20, 10_000, true},
		{"every Sunday 500", 28, 7, 500, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			in := &check.Input{Schema: &schema.Schema{Columns: data.columns}, Reference: data.profile(), Current: data.profile()}
			for i := range test.days {
				rows := int64(1000 + 10*(i%3))
				if i%test.each == test.each-1 {
					rows = test.odd
				}
				in.History = append(in.History, check.HistoryPoint{Rows: rows})
			}
			if e := evidenceOf(evaluate(t, in), "rows", ""); (e.P < 1e-4) != test.alarms {
				t.Errorf("%.2g: %s", e.P, e.Message)
			}
		})
	}
}

// TestRowsOfReference: until eight windows came, the reference's own count for what is
// usual, where the first are of their scale.
func TestRowsOfReference(t *testing.T) {
	x := schema.Column{Name: "x", Kind: schema.Numeric, Role: schema.Feature}
	data := new(table).add(x, numbered(0, 500)...)
	for _, test := range []struct {
		name   string
		own    int64 // rows of a day of the reference
		days   int   // of these
		before []int64
		says   string // "" for nothing
		alarms bool
	}{
		{"half a day after a day", 1000, 28, []int64{1010}, "500 rows instead of about 1,0", true},
		{"half a day after six", 1000, 28, []int64{1010, 990, 1000, 1030, 1000, 990}, "500 rows instead of about 1,0", true},
		{"half a day after an odd one and two", 1000, 28, []int64{400, 1000, 1020}, "500 rows instead of about 1,0", true},
		{"half a day after few days", 1000, 7, []int64{1010}, "", false},
		{"as few as the first", 1000, 28, []int64{505, 495}, "", false},
		{"first of all", 1000, 28, nil, "500 rows, where windows of the reference have about 1,0", false},
		{"first, as usual", 500, 28, nil, "", false},
		{"a sample", 100, 28, []int64{1000, 1010}, "", false},
		{"as usual", 500, 28, []int64{505}, "500 rows instead of about 50", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			in := &check.Input{Schema: &schema.Schema{Columns: data.columns}, Reference: data.profile(), Current: data.profile()}
			for i := range test.days {
				in.OwnRows = append(in.OwnRows, test.own+test.own*int64(i%3)/100)
			}
			for _, rows := range test.before {
				in.History = append(in.History, check.HistoryPoint{Rows: rows})
			}
			e := evidenceOf(evaluate(t, in), "rows", "")
			if (e.P < 1e-4) != test.alarms || test.says == "" && e.Message != "" || !strings.Contains(e.Message, test.says) || e.Notable != (test.before == nil && test.says != "") {
				t.Errorf("%.2g: %q", e.P, e.Message)
			}
		})
	}
}

// TestRowsOfReferenceUnchanged: of the first windows, whatever their scale against
// those of the reference, p-values are small hardly more often than they say.
func TestRowsOfReferenceUnchanged(t *testing.T) {
	x := schema.Column{Name: "x", Kind: schema.Numeric, Role: schema.Feature}
	data := new(table).add(x, numbered(0, 10)...)
	draw := rand.New(rand.NewPCG(5, 6))
	const runs = 4000
	in := &check.Input{Schema: &schema.Schema{Columns: data.columns}, Reference: data.profile(), Current: data.profile()}
	for _, scale := range []float64{1, 1.2, 1.5, 1.8, 2, 4} {
		small, tested := 0, 0
		for range runs {
			count := func(of float64) int64 { return int64(of * math.Exp(0.2*draw.NormFloat64())) }
			in.OwnRows, in.History = in.OwnRows[:0], in.History[:0]
			for range 8 + draw.IntN(23) {
				in.OwnRows = append(in.OwnRows, count(1000))
			}
			for range 1 + draw.IntN(7) {
				in.History = append(in.History, check.HistoryPoint{Rows: count(1000 * scale)})
			}
			in.Current.Rows = count(1000 * scale)
			w := &window{in: in}
			w.rows()
			if e := evidenceOf(w.out, "rows", ""); e.P < 0.001 {
				small++
			} else if e.P <= 1 {
				tested++
			}
		}
		t.Logf("scale %g: p < 0.001 in %d of %d, told in %d", scale, small, runs, tested)
		if small > 16 { // a thousandth are 4
			t.Errorf("scale %g: p < 0.001 in %d of %d", scale, small, runs)
		}
		if scale == 1 && tested < runs*3/4 {
			t.Errorf("only %d of %d are told", tested, runs)
		}
	}
}

// TestRowsUnchanged: leaving out odd windows makes p-values of unchanged row counts
// small no more often than they say.
func TestRowsUnchanged(t *testing.T) {
	x := schema.Column{Name: "x", Kind: schema.Numeric, Role: schema.Feature}
	data := new(table).add(x, numbered(0, 10)...)
	draw := rand.New(rand.NewPCG(5, 5))
	const runs = 20_000
	small := 0
	in := &check.Input{Schema: &schema.Schema{Columns: data.columns}, Reference: data.profile(), Current: data.profile()}
	for range runs {
		in.History = in.History[:0]
		count := func() int64 { return int64(1000 * math.Exp(0.2*draw.NormFloat64())) }
		for range 8 + draw.IntN(23) {
			in.History = append(in.History, check.HistoryPoint{Rows: count()})
		}
		in.Current.Rows = count()
		w := &window{in: in}
		w.rows()
		if e := evidenceOf(w.out, "rows", ""); e.P < 0.01 {
			small++
		}
	}
	if small > runs/100+3*int(math.Sqrt(runs/100)) {
		t.Errorf("p < 0.01 in %d of %d", small, runs)
	}
	t.Logf("p < 0.01 in %.2f%%", 100*float64(small)/runs)
}

func TestTable(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range append(Check{}.Metrics(), Events...) {
		if d.Check != Name || d.Help == "" || d.Use == "" || seen[d.Name] {
			t.Errorf("%s: incomplete or twice", d.Name)
		}
		seen[d.Name] = true
	}
	for _, d := range (Check{}).Metrics() {
		if d.Needs == "" || d.Formula == "" || d.Low >= d.High {
			t.Errorf("%s: what it is, its range or what it needs is not said", d.Name)
		}
	}
}

// TestFloorOfShares: what no change would give is a share, on the side of the
// reference's that the current one is on.
func TestFloorOfShares(t *testing.T) {
	x := schema.Column{Name: "x", Kind: schema.Numeric, Role: schema.Feature}
	none, all := new(table).add(x, repeat(200, nil)...), new(table).add(x, numbered(0, 200)...)
	for _, c := range []struct {
		ref, cur  *table
		low, high float64
	}{{none, all, 0.9, 1}, {all, none, 0, 0.1}} {
		e := evidenceOf(compare(t, c.ref, c.cur), "missing_ratio", "x")
		if e == nil || !(e.NoiseFloor >= c.low && e.NoiseFloor <= c.high) || e.NoiseFloor == e.Base || !(e.Effect > 0.9) || *e.Bounds != (check.Bounds{High: 1}) {
			t.Errorf("%+v", e)
		}
	}
}
