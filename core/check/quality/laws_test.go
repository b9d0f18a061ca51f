package quality

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"leeway/core/check"
	"leeway/core/internal/golden"
	"leeway/core/outcome"
	"leeway/core/profile"
	"leeway/core/schema"
)

// lawful is a table that has something for every metric to see.
func lawful(rows int, seed uint64) *table {
	numbers := golden.Draw("heavy", rows, seed, 1, 0)
	whole, names := golden.Draw("integers", rows, seed+1, 1, 0), golden.Draw("zipf_50", rows, seed+2, 1, 0)
	var x, i, k, at, text []any
	for row := range rows {
		x, i, k, at = append(x, numbers[row]), append(i, whole[row]), append(k, fmt.Sprintf("c%g", names[row])), append(at, int64(row/3+1)*1e9)
		text = append(text, fmt.Sprintf("text %x", math.Float64bits(numbers[row])))
		switch row % 7 {
		case 0:
			x[row] = nil
		case 1:
			i[row] = mistyped{}
		case 2:
			if row > 7 { // the same row again
				x[row], i[row], k[row], at[row] = x[row-7], i[row-7], k[row-7], at[row-7]
				text[row] = text[row-7]
			}
		}
	}
	return new(table).
		add(schema.Column{Name: "x", Kind: schema.Numeric, Role: schema.Feature}, x...).
		add(schema.Column{Name: "i", Kind: schema.Integer, Role: schema.Feature}, i...).
		add(schema.Column{Name: "k", Kind: schema.Categorical, Role: schema.Feature}, k...).
		add(schema.Column{Name: "at", Kind: schema.Time, Role: schema.Timestamp}, at...).
		add(schema.Column{Name: "text", Kind: schema.Text, Role: schema.Feature}, text...)
}

// rows gives the table's rows in another order.
func (t *table) rows(order []int) *table {
	other := &table{columns: t.columns}
	for _, cells := range t.cells {
		var moved []any
		for _, row := range order {
			moved = append(moved, cells[row])
		}
		other.cells = append(other.cells, moved)
	}
	return other
}

// TestRowOrderAndSplit holds every metric of the table to its laws: the same
// rows in another order, spread over files that are merged, give the same bits.
// And each is within its range.
func TestRowOrderAndSplit(t *testing.T) {
	ref, cur := lawful(900, 1), lawful(700, 10)
	r := rand.New(rand.NewPCG(7, 9))
	of := func(current *profile.Dataset) check.Outcome {
		return evaluate(t, &check.Input{Schema: &schema.Schema{Columns: ref.columns}, Reference: ref.profile(), Current: current, End: 400e9, Labelled: oddLabels()})
	}
	whole := of(cur.profile())
	order := r.Perm(700)
	cut := 1 + r.IntN(698)
	merged, err := profile.Merge(cur.rows(order[cut:]).profile(), cur.rows(order[:cut]).profile())
	if err != nil {
		t.Fatal(err)
	}
	parts := of(merged)
	if len(parts.Samples) != len(whole.Samples) || len(parts.Evidence) != len(whole.Evidence) {
		t.Fatalf("%d samples of parts, %d of the whole", len(parts.Samples), len(whole.Samples))
	}
	seen := map[string]bool{}
	for i, want := range whole.Samples {
		if got := parts.Samples[i]; got.Metric != want.Metric || got.Labels != want.Labels || got.Value != want.Value && want.Reason == "" || got.Reason != want.Reason {
			t.Errorf("of parts %+v, of the whole %+v", got, want)
		}
		seen[want.Metric] = seen[want.Metric] || want.Reason == ""
		for _, d := range Table {
			if d.Name == want.Metric && want.Reason == "" && !(want.Value >= d.Low && want.Value <= d.High) {
				t.Errorf("%+v is outside %g..%g", want, d.Low, d.High)
			}
		}
	}
	for _, d := range Table {
		if !seen[d.Name] {
			t.Errorf("%s has no value to hold to its laws", d.Name)
		}
	}
	for i, want := range whole.Evidence {
		if got := parts.Evidence[i]; got.P != want.P && want.P == want.P {
			t.Errorf("%s: p %g of parts, %g of the whole", want.Metric, got.P, want.P)
		}
	}
}

// TestNothing: sides without rows, without values or of one value have a
// defined answer for every metric: a value or a reason, never both.
func TestNothing(t *testing.T) {
	full := lawful(50, 3)
	blank := lawful(50, 4)
	for i := range blank.cells {
		for row := range blank.cells[i] {
			blank.cells[i][row] = nil
		}
	}
	for name, sides := range map[string][2]*table{
		"no rows now": {full, full.rows(nil)}, "no rows before": {full.rows(nil), full}, "no rows": {full.rows(nil), full.rows(nil)},
		"all missing now": {full, blank}, "all missing before": {blank, full}, "one row now": {full, full.rows([]int{3})},
		"one row before": {full.rows([]int{3}), full}, "one row": {full.rows([]int{3}), full.rows([]int{4})}, "two rows": {full.rows([]int{3, 4}), full.rows([]int{5, 6})},
	} {
		out := compare(t, sides[0], sides[1]) // holds value against reason
		if len(out.Samples) < len(Table) {
			t.Errorf("%s: only %d samples", name, len(out.Samples))
		}
		for _, e := range out.Evidence {
			if e.P < 0 || e.P > 1 || e.Message == "" && e.P < 0.05 {
				t.Errorf("%s: %+v", name, e)
			}
		}
	}
}

// oddLabels are labels of which one in a hundred is of no class, and predictions of which
// some are in another word.
func oddLabels() *check.Labelled {
	return &check.Labelled{Odd: &outcome.Odd{
		Respelt: &outcome.Respelt{Predictions: 700, Foreign: 300, Classes: []outcome.ClassCount{{Name: "2", Standing: outcome.Foreign, Labels: 300}}, Gone: []string{"0"}, Known: []string{"0", "1"}},
		Labels:  100, Firm: true, Known: []string{"a", "b"}, Classes: []outcome.ClassCount{{Name: "7", Standing: outcome.Foreign, Labels: 1}},
		Count: [4]int64{outcome.Known: 99, outcome.Foreign: 1}, Both: []outcome.Totals{{Reference: 90, Current: 99}, {Reference: 10}, {Current: 1}},
	}}
}
