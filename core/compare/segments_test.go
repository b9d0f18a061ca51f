package compare

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"leeway/core/check"
	"leeway/core/collect"
	"leeway/core/config"
	"leeway/core/format"
	"leeway/core/frame"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/segment"
	"leeway/core/stat"
	"leeway/core/truth"
)

// shops is a table of ten shops with as many rows each, whose values differ by
// shop; those of the first shop are moved by shift standard deviations.
func shops(r *rand.Rand, rows int, shift float64) (*profile.Dataset, *schema.Schema) {
	contract := &schema.Schema{Columns: []schema.Column{
		{Name: "shop", Kind: schema.Categorical, Role: schema.Feature}, {Name: "price", Kind: schema.Numeric, Role: schema.Feature},
		{Name: "weight", Kind: schema.Numeric, Role: schema.Feature}, {Name: "brand", Kind: schema.Categorical, Role: schema.Feature},
	}}
	d := segment.Division{By: []string{"shop"}}
	for shop := range 10 {
		d.Kept = append(d.Kept, []string{"s" + strconv.Itoa(shop)})
	}
	builder := profile.New(contract.Columns, &profile.Stored)
	builder.Divide([]segment.Division{d})
	for shop := range 10 {
		block := &frame.Block{Rows: rows, Columns: make([]frame.Column, 4)}
		c := block.Columns
		c[0].Type, c[1].Type, c[2].Type, c[3].Type = frame.Symbol, frame.Float, frame.Float, frame.Symbol
		c[0].Symbols, c[3].Symbols = frame.NewSymbols("s"+strconv.Itoa(shop)), frame.NewSymbols("a", "b", "c", "d")
		moved := 0.0
		if shop == 0 {
			moved = shift
		}
		for range rows {
			c[0].Codes, c[3].Codes = append(c[0].Codes, 0), append(c[3].Codes, min(uint32(r.ExpFloat64()*1.5), 3))
			c[1].Floats = append(c[1].Floats, float64(shop)+moved+r.NormFloat64())
			c[2].Floats = append(c[2].Floats, max(0, r.NormFloat64()))
		}
		builder.Add(block)
	}
	return builder.Profile(), contract
}

func compareShops(t *testing.T, before, now *profile.Dataset, contract *schema.Schema) *report.Report {
	t.Helper()
	c := config.Default()
	c.Segments = [][]string{{"shop"}}
	made, err := Compare(&Comparison{Config: c, Contract: contract, Reference: &collect.Collection{Profile: before}, Current: &collect.Collection{Profile: now}})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// TestSegmentsAlarm: what moves in one segment of ten is found and named, and
// nothing else is; unchanged tables with segments alarm within the budget.
func TestSegmentsAlarm(t *testing.T) {
	runs := 30
	if testing.Short() {
		runs = 10
	}
	wrong, found, other := 0, 0, 0
	for run := range runs {
		r := rand.New(rand.NewPCG(uint64(run), 7))
		before, contract := shops(r, 1000, 0)
		now, _ := shops(r, 500, 0)
		still := compareShops(t, before, now, contract)
		if still.Verdict != report.OK {
			wrong++
		} else if !strings.Contains(still.Summary, "nor in any of 10 segments") {
			t.Fatal(still.Summary)
		}
		if len(still.Segments) != 10 || still.Segments[0].NCurrent != 500 || still.Segments[0].Verdict != report.OK {
			t.Fatalf("%+v", still.Segments)
		}
		moved, _ := shops(r, 500, 0.5)
		planted := compareShops(t, before, moved, contract)
		named := false
		for _, f := range planted.Findings {
			switch {
			case f.Labels.Segment == "shop=s0" && f.Labels.Column == "price":
				named = f.Severity == report.SeverityAlert && strings.HasPrefix(f.Message, "In shop=s0: `price` shifted up: ")
			case f.Labels.Segment != "":
				other++
			}
		}
		if named && planted.Verdict == report.Alert && strings.Contains(planted.Summary, "In shop=s0: `price` shifted up") {
			found++
		} else {
			t.Logf("run %d: %s", run, planted.Summary)
		}
	}
	if p := stat.BinomialTail(int64(wrong), int64(runs), 0.01); p < 1e-3 {
		t.Errorf("%d of %d unchanged windows alarmed", wrong, runs)
	}
	if found < runs*95/100 {
		t.Errorf("found in %d of %d runs", found, runs)
	}
	if stat.BinomialTail(int64(other), int64(runs), 0.01) < 1e-3 {
		t.Errorf("%d findings in segments that did not move", other)
	}
}

// TestSegmentsFold: what moves in all segments is told once.
func TestSegmentsFold(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 8))
	before, contract := shops(r, 1000, 0)
	now, _ := shops(r, 500, 0)
	for i := range now.Columns { // the weights of all are other ones
		if now.Columns[i].Name == "weight" {
			now.Columns[i] = price(now)
		}
	}
	for i := range now.Segments {
		p := now.Segments[i].Profile
		for k := range p.Columns {
			if p.Columns[k].Name == "weight" {
				p.Columns[k] = price(p)
			}
		}
	}
	made := compareShops(t, before, now, contract)
	for _, f := range made.Findings {
		if f.Labels.Segment != "" && f.Metric == "js_distance" && f.Labels.Column == "weight" {
			t.Errorf("%s repeats what all rows show", f.ID)
		}
		if f.ID == "drift.js_distance.weight" && (len(f.Segments) < 8) {
			t.Errorf("%d segments show it too: %s", len(f.Segments), f.Message)
		}
	}
}

// price is the column of that name under another one.
func price(d *profile.Dataset) *profile.Column {
	c := *d.Column("price")
	c.Name = "weight"
	return &c
}

// TestSegmentOutcomes: how good predictions were in a segment is what its rows
// alone say, and a fall in one segment is named.
func TestSegmentOutcomes(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 9))
	rows := func(n int, wrong map[string]float64) string {
		var b strings.Builder
		b.WriteString("shop,member,age,prediction,label\n")
		for i := range n {
			shop, member, actual := "s"+strconv.Itoa(i%3), strconv.Itoa(r.IntN(2)), r.IntN(2)
			predicted := actual
			if r.Float64() < wrong[shop] {
				predicted = 1 - actual
			}
			b.WriteString(shop + "," + member + "," + strconv.Itoa(20+r.IntN(60)) + "," + strconv.Itoa(predicted) + "," + strconv.Itoa(actual) + "\n")
		}
		return b.String()
	}
	usual := map[string]float64{"s0": 0.1, "s1": 0.2, "s2": 0.15}
	before, now := rows(6000, usual), rows(1500, map[string]float64{"s0": 0.1, "s1": 0.45, "s2": 0.15})
	made := compareLabelled(t, before, now, []string{"shop"}, []string{"shop", "member"})
	right, all := map[string]float64{}, map[string]float64{}
	for line := range strings.SplitSeq(strings.TrimSpace(now), "\n") {
		cells := strings.Split(line, ",")
		for _, key := range []string{"shop=" + cells[0], "member=" + cells[1] + ",shop=" + cells[0]} {
			all[key]++
			if cells[3] == cells[4] {
				right[key]++
			}
		}
	}
	seen := 0
	for _, s := range made.Samples {
		if s.Metric == "accuracy" && s.Labels.Segment != "" {
			seen++
			if key := s.Labels.Segment; s.Value != right[key]/all[key] || float64(s.NCurrent) != all[key] {
				t.Errorf("%s: %g of %d, want %g of %g", key, s.Value, s.NCurrent, right[key]/all[key], all[key])
			}
		}
	}
	if seen != 9 {
		t.Errorf("%d segments have an accuracy", seen)
	}
	for _, one := range made.Segments {
		if want := strings.HasSuffix(one.Name, "shop=s1"); want != (one.Verdict == report.Alert) {
			t.Errorf("%s: %s", one.Name, one.Verdict)
		}
	}
	if !strings.Contains(made.Summary, "It is most in") || !strings.Contains(made.Summary, "shop=s1") {
		t.Error(made.Summary)
	}
}

// TestOtherOutcomes: the segments that have a performance are those that have a profile,
// the rest among them, however many values there are.
func TestOtherOutcomes(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 9))
	rows := func(n int) string {
		var b strings.Builder
		b.WriteString("shop,age,prediction,label\n")
		for i := range n {
			shop := strconv.Itoa(int(math.Sqrt(float64(r.IntN(30 * 30))))) // the later, the more frequent
			if i%4 == 0 {
				shop = strconv.Itoa(100 + r.IntN(3000)) // more than are told apart
			}
			actual := r.IntN(2)
			predicted := actual
			if r.IntN(8) == 0 {
				predicted = 1 - actual
			}
			b.WriteString("s" + shop + "," + strconv.Itoa(20+r.IntN(60)) + "," + strconv.Itoa(predicted) + "," + strconv.Itoa(actual) + "\n")
		}
		return b.String()
	}
	before, now := rows(8000), rows(3000)
	made := compareLabelled(t, before, now, []string{"shop"})
	known := map[string]bool{}
	for _, one := range made.Segments {
		known[strings.TrimPrefix(one.Name, "shop=")] = true
	}
	if len(known) != segment.MostKept+1 || !known["(other)"] {
		t.Fatalf("%d segments: %v", len(known), made.Segments)
	}
	right, all := map[string]float64{}, map[string]float64{}
	for line := range strings.SplitSeq(strings.TrimSpace(strings.SplitN(now, "\n", 2)[1]), "\n") {
		cells := strings.Split(line, ",")
		shop := cells[0]
		if !known[shop] {
			shop = "(other)"
		}
		all[shop]++
		if cells[2] == cells[3] {
			right[shop]++
		}
	}
	for _, s := range made.Samples {
		if s.Metric != "accuracy" || s.Labels.Segment == "" {
			continue
		}
		key := strings.TrimPrefix(s.Labels.Segment, "shop=")
		if s.Value != right[key]/all[key] || float64(s.NCurrent) != all[key] || s.NReference == 0 {
			t.Errorf("%s: %g of %d, want %g of %g", key, s.Value, s.NCurrent, right[key]/all[key], all[key])
		}
		delete(known, key)
	}
	if len(known) > 0 {
		t.Errorf("no accuracy of %v", known)
	}
}

// compareLabelled compares tables with labels, by segments.
func compareLabelled(t *testing.T, before, now string, segments ...[]string) *report.Report {
	t.Helper()
	c := config.Default()
	c.Segments = segments
	reference := &collect.Collector{Config: c, Outcomes: &truth.Outcomes{}}
	if err := reference.Survey(sourceOf(before)); err != nil {
		t.Fatal(err)
	}
	if err := reference.Divide(); err != nil {
		t.Fatal(err)
	}
	ref, err := collected(reference, before)
	if err != nil {
		t.Fatal(err)
	}
	current := &collect.Collector{Config: c, Contract: reference.Contract, Divisions: reference.Divisions, Outcomes: &truth.Outcomes{Shape: reference.Outcomes.Shape}}
	cur, err := collected(current, now)
	if err != nil {
		t.Fatal(err)
	}
	labelled := &check.Labelled{Reference: reference.Outcomes.Sum(nil), Current: current.Outcomes.Sum(nil)}
	made, err := Compare(&Comparison{Config: c, Contract: reference.Contract, Reference: ref, Current: cur, Labelled: labelled, Groups: truth.Grouped(reference.Outcomes, current.Outcomes, nil)})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// TestSegmentsOfNumbers: segments by numbers are called alike wherever rows are
// divided, up to as many as make segments, and however large they are.
func TestSegmentsOfNumbers(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 9))
	rows := func(n int) string {
		var b strings.Builder
		b.WriteString("store,price,prediction,label\n")
		for i := range n {
			b.WriteString(strconv.Itoa(1234567+i%15) + "," + strconv.Itoa(r.IntN(1000)) + "," + strconv.Itoa(r.IntN(2)) + "," + strconv.Itoa(r.IntN(2)) + "\n")
		}
		return b.String()
	}
	made := compareLabelled(t, rows(3000), rows(1500), []string{"store"})
	seen := map[string]int{}
	for _, s := range made.Samples {
		if s.Metric == "accuracy" || s.Metric == "missing_ratio" && s.Labels.Column == "price" {
			seen[s.Labels.Segment]++
		}
	}
	for i := range 15 {
		if key := "store=" + strconv.Itoa(1234567+i); seen[key] != 2 {
			t.Errorf("%s has %d of two samples", key, seen[key])
		}
	}
}

func sourceOf(text string) format.Source {
	return format.Source{Name: "rows.csv", Stream: strings.NewReader(text), At: strings.NewReader(text), Size: int64(len(text))}
}

func collected(c *collect.Collector, text string) (*collect.Collection, error) {
	if err := c.Add(sourceOf(text), report.Object{Key: "rows.csv"}); err != nil {
		return nil, err
	}
	return c.Collection(), nil
}

// TestSameRest: the rest of a division is compared where both sides mean the same
// by it.
func TestSameRest(t *testing.T) {
	of := func(keys ...string) *profile.Dataset {
		d := &profile.Dataset{}
		for _, key := range keys {
			d.Segments = append(d.Segments, profile.Segment{Key: key, Profile: &profile.Dataset{Rows: 100}})
		}
		return d
	}
	before := of("a=(other)", "a=1", "b=(other)", "b=1")
	for now, want := range map[*profile.Dataset][]bool{
		of("a=(other)", "a=1", "b=(other)", "b=1"): {false, false, false, false},
		of("a=(other)", "a=2", "b=(other)", "b=1"): {true, true, false, false},
		of("b=(other)", "b=1"):                     {true, true, false, false},
	} {
		for i := range want {
			if got := none(&check.Input{Reference: before, Current: now}, i); got != want[i] {
				t.Errorf("%s: left out %v", before.Segments[i].Key, got)
			}
		}
	}
}
