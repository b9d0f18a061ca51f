package quality

import (
	"fmt"
	"math"
	"testing"

	"leeway/core/check"
	"leeway/core/internal/golden"
	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/schema"
)

var note = schema.Column{Name: "note", Kind: schema.Text, Role: schema.Feature}

// notes are texts, such a share of which is one default, the others of so many.
func notes(r *golden.SplitMix, n int, share float64, kinds float64) *table {
	cells := make([]any, n)
	for i := range cells {
		if cells[i] = fmt.Sprint("text ", math.Floor(r.Uniform()*kinds)); r.Uniform() < share {
			cells[i] = "test"
		}
	}
	return new(table).add(note, cells...).add(schema.Column{Name: "x", Kind: schema.Numeric, Role: schema.Feature}, numbered(0, n)...)
}

// TestTextConstant: a text column that varied and does not any more is told, as
// other columns are, and so is an id; one that never varied is not.
func TestTextConstant(t *testing.T) {
	r := &golden.SplitMix{}
	for name, c := range map[string]struct {
		ref, cur *table
		most     float64
	}{
		"free text": {notes(r, 500, 0, 1e9), notes(r, 500, 1, 1e9), 1e-100},
		"a few":     {notes(r, 500, 0, 1e9), notes(r, 3, 1, 1e9), 1e-5},
		"merchants": {notes(r, 3000, 0, 300), notes(r, 100, 1, 300), 1e-4},
	} {
		e := evidenceOf(compare(t, c.ref, c.cur), "constant", "note")
		if e == nil || e.P > c.most {
			t.Errorf("%s: %+v", name, e)
		}
		stored := &check.Input{Schema: &schema.Schema{Columns: c.ref.columns}, Reference: c.ref.keeping(&profile.Baseline), Current: c.cur.keeping(&profile.Stored)}
		if e := evidenceOf(evaluate(t, stored), "constant", "note"); e == nil || e.P > c.most {
			t.Errorf("%s, stored: %+v", name, e)
		}
	}
	if e := evidenceOf(compare(t, notes(r, 500, 1, 1), notes(r, 500, 1, 1)), "constant", "note"); e != nil {
		t.Errorf("always constant: %+v", e)
	}
	for _, share := range []float64{1, 0.9} {
		ref, cur := notes(r, 500, 0, 1e9), notes(r, 500, share, 1e9)
		ref.columns[0].Role, cur.columns[0].Role = schema.ID, schema.ID
		event := map[bool]string{true: "constant", false: "distinct_ratio"}[share == 1]
		if e := evidenceOf(compare(t, ref, cur), event, "note"); e == nil || e.P > 1e-6 {
			t.Errorf("an id, %g: %+v", share, e)
		}
		if e := evidenceOf(compare(t, ref, ref), "distinct_ratio", "note"); e != nil {
			t.Errorf("an id, unchanged: %+v", e)
		}
	}
}

// TestDistinctRatio: far fewer distinct texts than the reference foretells are told,
// from profiles of every size, and of merged ones alike; as many are not.
func TestDistinctRatio(t *testing.T) {
	r := &golden.SplitMix{}
	for name, c := range map[string]struct {
		ref, cur *table
		told     bool
	}{
		"a default":            {notes(r, 3000, 0, 1e9), notes(r, 3000, 0.6, 1e9), true},
		"a fifth":              {notes(r, 3000, 0, 1e9), notes(r, 3000, 0.2, 1e9), true},
		"of few rows":          {notes(r, 3000, 0, 1e9), notes(r, 50, 0.6, 1e9), true},
		"merchants":            {notes(r, 3000, 0, 1000), notes(r, 3000, 0, 100), true},
		"unchanged":            {notes(r, 3000, 0, 1e9), notes(r, 3000, 0, 1e9), false},
		"unchanged merchants":  {notes(r, 3000, 0, 1000), notes(r, 3000, 0, 1000), false},
		"merchants of a day":   {notes(r, 3000, 0, 1000), notes(r, 100, 0, 1000), false},
		"merchants of a year":  {notes(r, 300, 0, 1000), notes(r, 9000, 0, 1000), false},
		"always by default":    {notes(r, 3000, 0.6, 1e9), notes(r, 1000, 0.6, 1e9), false},
		"more than before":     {notes(r, 3000, 0, 100), notes(r, 3000, 0, 1e9), false},
		"a reference of a row": {notes(r, 1, 0, 1e9), notes(r, 500, 0.6, 1e9), false},
	} {
		columns := &schema.Schema{Columns: c.ref.columns}
		told := func(of string, in *check.Input) {
			out := evaluate(t, in)
			e := evidenceOf(out, "distinct_ratio", "note")
			if got := e != nil && e.P < 1e-6 && e.Effect > 0.1; got != c.told || !got && e != nil && e.P < 0.5 {
				t.Errorf("%s, %s: told %v: %+v", name, of, got, e)
			}
			s := value(t, out, "distinct_ratio", metric.Labels{Column: "note"})
			if want, _ := in.Current.Column("note").DistinctCount(); math.Abs(s.Value-min(want/float64(len(c.cur.cells[0])), 1)) > 1e-12 {
				t.Errorf("%s, %s: %g", name, of, s.Value)
			}
		}
		told("exact", &check.Input{Schema: columns, Reference: c.ref.profile(), Current: c.cur.profile()})
		if name != "a fifth" { // beyond what estimates tell
			told("stored", &check.Input{Schema: columns, Reference: c.ref.keeping(&profile.Baseline), Current: c.cur.keeping(&profile.Stored)})
		}
	}
}

// TestDistinctRatioCostsLittle: the test takes next to nothing of what others have,
// and nothing where it cannot tell.
func TestDistinctRatioCostsLittle(t *testing.T) {
	r := &golden.SplitMix{}
	e := evidenceOf(compare(t, notes(r, 3000, 0, 1e9), notes(r, 3000, 0, 1e9)), "distinct_ratio", "note")
	if e == nil || e.P != 1 || e.Null(0.01) != 0.01*spendKinds {
		t.Errorf("%+v", e)
	}
	if e := evidenceOf(compare(t, notes(r, 3000, 0, 10), notes(r, 20, 0, 10)), "distinct_ratio", "note"); e != nil {
		t.Errorf("%+v", e)
	}
}

// TestTextRepeats: texts that repeat because whole rows do are no finding of their own;
// and a reference of a few rows does not tell how many repeat.
func TestTextRepeats(t *testing.T) {
	r := &golden.SplitMix{}
	cur := notes(r, 1500, 0, 1e9)
	for i := range cur.cells { // delivered twice
		cur.cells[i] = append(cur.cells[i], cur.cells[i]...)
	}
	out := compare(t, notes(r, 3000, 0, 1e9), cur)
	if e := evidenceOf(out, "distinct_ratio", "note"); e == nil || e.P != 1 || e.Effect != 0 {
		t.Errorf("twice: %+v", e)
	}
	if e := evidenceOf(out, "duplicate_ratio", ""); e == nil || !(e.P < 1e-6) {
		t.Errorf("twice: %+v", e)
	}
	few := new(table).add(note, "a")
	if e := evidenceOf(compare(t, few, new(table).add(note, "b", "b", "b", "b", "b", "b", "b", "b")), "duplicate_ratio", ""); e != nil {
		t.Errorf("of a reference of a row: %+v", e)
	}
}
