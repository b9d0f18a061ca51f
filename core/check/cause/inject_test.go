package cause_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"leeway/core/policy"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
)

// scene is a pair of samples of hotel_bookings that faults are injected into.
type scene struct {
	name    string
	ref     *profile.Dataset
	columns []schema.Column
	current rows
}

// bookings reads a file, or a month of it, with the kinds that are inferred for it.
func bookings(t *testing.T, file string, month ...string) rows {
	t.Helper()
	header, lines := public(t, "hotel_bookings/"+file)
	kinds := layout(header, lines, "timestamp", "Index", "customer_id", "is_canceled")
	for k, name := range header {
		switch name {
		case "company", "is_repeated_guest", "y_pred":
			kinds[k] = schema.Categorical
		case "babies", "children", "parking_spaces":
			kinds[k] = schema.Numeric
		}
	}
	if at := slices.Index(header, "timestamp"); len(month) > 0 {
		lines = slices.DeleteFunc(lines, func(line []string) bool {
			return !slices.ContainsFunc(month, func(m string) bool { return strings.HasPrefix(line[at], m) })
		})
	}
	return filled(header, kinds, lines)
}

// pick keeps some rows of a table; it is a copy.
func (t rows) pick(keep func(i int) bool) rows {
	other := rows{}
	for name, d := range t {
		o := &data{kind: d.kind}
		for i, x := range d.numbers {
			if keep(i) {
				o.numbers = append(o.numbers, x)
			}
		}
		for i, s := range d.texts {
			if keep(i) {
				o.texts = append(o.texts, s)
			}
		}
		other[name] = o
	}
	return other
}

// scenes are a split of five months, which is stable, and a December against them, in
// which 24 of 27 columns have drifted.
func scenes(t *testing.T) []*scene {
	t.Helper()
	summer := bookings(t, "reference.csv.gz")
	columns := summer.columns()
	for i := range columns {
		switch columns[i].Name {
		case "y_pred":
			columns[i].Role = schema.Prediction
		case "y_pred_proba":
			columns[i].Role = schema.Score
		}
	}
	r := rand.New(rand.NewPCG(1, 2016))
	second := make([]bool, len(summer["adr"].numbers))
	for i := range second {
		second[i] = r.Float64() < 0.3
	}
	list := []*scene{{"stable", summer.pick(func(i int) bool { return !second[i] }).profile(&profile.Baseline), columns, summer.pick(func(i int) bool { return second[i] })}}
	if testing.Short() {
		return list
	}
	return append(list, &scene{"drifting", summer.profile(&profile.Baseline), columns, bookings(t, "production_2016_12.csv.gz")})
}

// tally is what became of faults of a class.
type tally struct{ named, unnamed, unseen, wrong int }

// expected is what becomes of them at the least: named, seen but not named, not seen, in
// the stable split and in the month that drifted. A name that is wrong is worse than
// none, so there is none; of what is not named most is what drift hides, or what may as well
// be drift: a bound that few values lay beyond, a category that took over, rows that are
// gone.
var expected = map[string][2]tally{
	"clipped":             {{8, 1, 0, 0}, {5, 4, 0, 0}},
	"copied":              {{5, 0, 0, 0}, {5, 0, 0, 0}},
	"default   5%":        {{18, 17, 0, 0}, {15, 20, 0, 0}},
	"default  10%":        {{32, 3, 0, 0}, {23, 12, 0, 0}},
	"default  20%":        {{33, 2, 0, 0}, {26, 9, 0, 0}},
	"default 100%":        {{35, 0, 0, 0}, {35, 0, 0, 0}},
	"joined":              {{13, 2, 1, 0}, {1, 15, 0, 0}},
	"prediction":          {{2, 0, 0, 0}, {2, 0, 0, 0}},
	"renamed":             {{4, 0, 0, 0}, {3, 1, 0, 0}},
	"rounded":             {{5, 0, 0, 0}, {3, 2, 0, 0}},
	"rows gone":           {{7, 0, 0, 0}, {1, 6, 0, 0}},
	"sign":                {{2, 0, 0, 0}, {1, 1, 0, 0}},
	"spelling":            {{6, 0, 0, 0}, {6, 0, 0, 0}},
	"stuck  40%":          {{3, 6, 0, 0}, {1, 8, 0, 0}},
	"stuck 100%":          {{8, 1, 0, 0}, {7, 2, 0, 0}},
	"swapped":             {{16, 1, 0, 0}, {12, 5, 0, 0}},
	"text cut":            {{16, 0, 0, 0}, {15, 1, 0, 0}},
	"unit":                {{12, 1, 0, 0}, {10, 3, 0, 0}},
	"unit, whole numbers": {{4, 2, 0, 0}, {2, 4, 0, 0}},
}

// TestInjected puts each fault into a stable split and into a month that drifted, at
// several severities and in several columns, and counts which are named.
func TestInjected(t *testing.T) {
	list := scenes(t)
	for k, s := range list {
		if named := causes(judged(t, s.ref, s.current.profile(&profile.Stored), s.columns)); len(named) > 0 {
			t.Errorf("%s, as it is: %v", s.name, named)
		}
		board := map[string]tally{}
		for _, f := range injections() {
			after := s.current.pick(func(int) bool { return true })
			f.inject(rand.New(rand.NewPCG(5, 6)), after)
			b := board[f.class]
			if what := b.count(&f, judged(t, s.ref, after.profile(&profile.Stored), s.columns)); what != "" {
				t.Logf("%s\t%s\t%s %s\t%s", s.name, f.class, f.column, f.name, what)
			}
			board[f.class] = b
		}
		for _, class := range slices.Sorted(maps.Keys(board)) {
			got, want := board[class], expected[class][k]
			if got.named < want.named || got.unseen > want.unseen || got.wrong > 0 || want == (tally{}) {
				t.Errorf("%s, %s: %+v, want %+v", s.name, class, got, want)
			}
			t.Logf("%s, %s: %+v", s.name, class, got)
		}
	}
}

// count adds what became of a fault, and says it if that is not its name.
func (b *tally) count(f *injection, j policy.Judgement) string {
	named := causes(j)
	for column, c := range named {
		if column != f.column && column != f.other {
			b.wrong++
			return fmt.Sprintf("%s is called %s: %s", column, c.Kind, c.Evidence)
		}
	}
	c := named[f.column]
	switch {
	case c == nil && !slices.ContainsFunc(j.Findings, func(x report.Finding) bool { return x.Labels.Column == f.column }):
		b.unseen++
		return "unseen"
	case c == nil:
		b.unnamed++
		return "unnamed"
	case !slices.Contains(strings.Fields(f.kind), c.Kind) || f.holds != nil && !f.holds(c):
		b.wrong++
		return "wrong: " + c.Kind + ": " + c.Evidence
	}
	b.named++
	return ""
}
