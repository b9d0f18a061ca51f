package outcome_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/outcome"
	"leeway/core/schema"
	"leeway/core/segment"
)

// people is a contract with two sensitive columns and segments.
func people() *schema.Schema {
	return &schema.Schema{Task: schema.Binary, Positive: "1", Segments: [][]string{{"channel", "sex"}, {"channel"}}, Columns: []schema.Column{
		{Name: "prediction", Kind: schema.Categorical, Role: schema.Prediction},
		{Name: "sex", Kind: schema.Categorical, Role: schema.Sensitive},
		{Name: "age", Kind: schema.Integer, Role: schema.Sensitive},
		{Name: "channel", Kind: schema.Categorical, Role: schema.Segment},
		{Name: "born", Kind: schema.Time, Role: schema.Sensitive},
	}}
}

type person struct {
	sex, channel      string
	age               float64
	predicted, actual float64
}

// side makes rows of people; "" and NaN are missing.
func side(shape *outcome.Shape, people []person) outcome.Rows {
	columns := shape.Groups.Columns // age, channel, sex
	code := func(c *outcome.Grouping, text string) float64 {
		if text == "" {
			return math.NaN()
		}
		return c.Code([]byte(text))
	}
	rows := make([]outcome.Row, len(people))
	for i, p := range people {
		rows[i] = outcome.Row{Predicted: p.predicted, Actual: p.actual, Groups: []float64{p.age, code(columns[1], p.channel), code(columns[2], p.sex)}}
	}
	return func(yield func(*outcome.Row) bool) {
		for i := range rows {
			if !yield(&rows[i]) {
				return
			}
		}
	}
}

func some(r *rand.Rand, n int) []person {
	list := make([]person, n)
	for i := range list {
		list[i] = person{[]string{"m", "f", "x", ""}[r.IntN(4)], []string{"web", "shop, old", ""}[r.IntN(3)], float64(18 + r.IntN(60)), float64(r.IntN(2)), float64(r.IntN(2))}
		if r.IntN(5) == 0 {
			list[i].actual = math.NaN()
		}
	}
	return list
}

// TestSplit counts by hand what a split should give, in any order of rows.
func TestSplit(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	shape := outcome.NewShape(people(), outcome.Exact)
	shape.Classes.Code("0")
	list := some(r, 3000)
	before, after := outcome.Split(shape, side(shape, some(r, 500)), side(shape, list))
	var names []string
	for _, cut := range after.Cut {
		names = append(names, fmt.Sprintf("%s %v %v", cut.Name(), cut.Sensitive, cut.Segment))
	}
	if want := []string{"age true false", "sex true false", "age,sex true false", "channel,sex false true", "channel false true"}; !slices.Equal(names, want) {
		t.Fatalf("partitions are %q", names)
	}
	sex := &after.Cut[1]
	for _, name := range []string{"f", "m", "x"} {
		var want outcome.Tally
		for _, p := range list {
			if p.sex != name {
				continue
			}
			want.Rows++
			predicted := 1 - int(p.predicted) // class 0 is the positive one: it was named first
			want.Said[predicted].Rows++
			if !math.IsNaN(p.actual) {
				want.Labelled++
				want.Came[1-int(p.actual)][predicted].Rows++
			}
		}
		at := slices.IndexFunc(sex.Parts, func(p outcome.Part) bool { return p.Name() == name })
		if got := sex.Parts[at].Tally; got != want || want.Labelled == 0 {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	both := &after.Cut[3]
	part := both.Parts[0]
	if part.Name() != `shop\, old,f` || len(both.Parts) != 6 || both.Distinct != 6 {
		t.Errorf("%d parts, %q", len(both.Parts), part.Name())
	}
	if part.Summary.Rows != part.Rows || part.Summary.Labelled != part.Labelled || part.Said.Rows != part.Rows {
		t.Errorf("a segment sums up %d rows of %d", part.Summary.Rows, part.Rows)
	}
	for i, cut := range after.Cut {
		rows := cut.Absent.Rows + cut.Others.Rows
		for j := range cut.Parts {
			rows += cut.Parts[j].Rows
			if cut.Parts[j].Name() != before.Cut[i].Parts[j].Name() {
				t.Errorf("%s is %s on the other side", cut.Parts[j].Name(), before.Cut[i].Parts[j].Name())
			}
		}
		if rows != int64(len(list)) || cut.Others.Rows != 0 {
			t.Errorf("%s has %d of %d rows", cut.Name(), rows, len(list))
		}
	}
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	_, again := outcome.Split(shape, side(shape, some(rand.New(rand.NewPCG(3, 3)), 0)), side(shape, list))
	if got := again.Cut[1].Parts[0].Tally; got != sex.Parts[0].Tally {
		t.Error("another order counts otherwise")
	}
}

// TestQuarters: numbers are grouped by the reference's quarters, few by their
// values, and those that only one side has are there on both.
func TestQuarters(t *testing.T) {
	contract := people()
	ages := func(reference, current []float64) string {
		shape := outcome.NewShape(contract, outcome.Exact)
		shape.Classes.Code("0")
		of := func(ages []float64) outcome.Rows {
			var list []person
			for _, age := range ages {
				list = append(list, person{age: age})
			}
			return side(shape, list)
		}
		_, after := outcome.Split(shape, of(reference), of(current))
		var names []string
		for i := range after.Cut[0].Parts {
			p := &after.Cut[0].Parts[i]
			names = append(names, fmt.Sprintf("%s: %d", p.Name(), p.Rows))
		}
		return fmt.Sprintf("%s; %d, %d", strings.Join(names, "; "), after.Cut[0].Others.Rows, after.Cut[0].Absent.Rows)
	}
	var years []float64
	for i := range 100 {
		years = append(years, float64(i+1))
	}
	if got, want := ages(years, []float64{-5, 25, 25.5, 75, 76, 900, math.NaN()}), "up to 25: 2; above 25 up to 50: 1; above 50 up to 75: 1; above 75: 2; 0, 1"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := ages([]float64{1, 2, 1, 2}, []float64{2, 2, 3}), "1: 0; 2: 2; 3: 1; 0, 0"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := ages([]float64{1, 2, 1, 2}, append(years, 1)), "1: 2; 2: 1; 98, 0"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := ages(append(make([]float64, 900), years...), []float64{0, 1}), "up to 0: 1; above 0: 1; 0, 0"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestManyValues: which values are told apart does not hang on their order.
func TestManyValues(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	list := make([]person, 20000)
	for i := range list {
		list[i] = person{sex: fmt.Sprintf("v%d", r.IntN(3000))}
	}
	list = append(list, person{sex: strings.Repeat("long", 100)})
	counted := func() (string, int64) {
		shape := outcome.NewShape(people(), outcome.Exact)
		shape.Classes.Code("0")
		_, after := outcome.Split(shape, nil, side(shape, list))
		sex := &after.Cut[1]
		var text strings.Builder
		rows := sex.Others.Rows
		for i := range sex.Parts {
			fmt.Fprintf(&text, "%s %d\n", sex.Parts[i].Name(), sex.Parts[i].Rows)
			rows += sex.Parts[i].Rows
		}
		if sex.Distinct != outcome.MostValues || rows != int64(len(list)) {
			t.Fatalf("%d values, %d rows", sex.Distinct, rows)
		}
		return text.String(), sex.Others.Rows
	}
	first, others := counted()
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	if second, again := counted(); second != first || again != others {
		t.Error("another order keeps other values")
	}
}

// TestDivide: the values of a division are parts, and told apart however many others
// there are and whichever comes first; all other rows are the rest.
func TestDivide(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 5))
	list := make([]person, 20000)
	for i := range list {
		list[i] = person{channel: fmt.Sprintf("v%d", r.IntN(3000)), sex: []string{"f", "m", ""}[r.IntN(3)], predicted: float64(r.IntN(2)), actual: float64(r.IntN(2))}
	}
	var divisions []segment.Division
	divisions = append(divisions, segment.Division{By: []string{"channel"}}, segment.Division{By: []string{"channel", "sex"}})
	for i := range segment.MostKept {
		channel := fmt.Sprintf("v%d", 100*i)
		divisions[0].Kept = append(divisions[0].Kept, []string{channel})
		divisions[1].Kept = append(divisions[1].Kept, []string{channel, "f"})
	}
	want := map[string][2]int64{}
	for _, p := range list {
		names := [2]string{"(other)", "(other)"}
		if at := slices.IndexFunc(divisions[0].Kept, func(v []string) bool { return v[0] == p.channel }); at >= 0 {
			if names[0] = p.channel; p.sex == "f" {
				names[1] = p.channel + ",f"
			}
		}
		for i, name := range names {
			name = fmt.Sprint(i, " ", name)
			one := want[name]
			one[0]++
			if p.predicted == p.actual {
				one[1]++
			}
			want[name] = one
		}
	}
	for range 2 {
		shape := outcome.NewShape(people(), outcome.Exact).Divide(divisions)
		shape.Classes.Code("0")
		_, after := outcome.Split(shape.Apart(), nil, side(shape, list[:0]))
		if after.Rows != 0 {
			t.Errorf("%d rows", after.Rows)
		}
		_, after = outcome.Split(shape, side(shape, list[:500]), side(shape, list))
		got := map[string][2]int64{}
		for i, at := range []int{4, 3} {
			cut := &after.Cut[at]
			for _, p := range append(slices.Clone(cut.Parts), *cut.Rest) {
				name := p.Name()
				if len(p.Values) == 0 {
					name = "(other)"
				}
				correct := int64(0)
				for class := range p.Came {
					correct += p.Came[class][class].Rows
				}
				if p.Summary.Rows != p.Rows || p.Said.Rows != p.Rows {
					t.Errorf("%s sums up %d and %d rows of %d", name, p.Summary.Rows, p.Said.Rows, p.Rows)
				}
				got[fmt.Sprint(i, " ", name)] = [2]int64{p.Rows, correct}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("rows and right ones by segment: %s", diff)
		}
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
}

// TestTextIsNotKept: free text makes no groups and stands in the way of none.
func TestTextIsNotKept(t *testing.T) {
	g := outcome.NewShape(&schema.Schema{Task: schema.Binary, Positive: "1", Columns: []schema.Column{
		{Name: "prediction", Kind: schema.Categorical, Role: schema.Prediction},
		{Name: "race", Kind: schema.Categorical, Role: schema.Sensitive},
		{Name: "remark", Kind: schema.Text, Role: schema.Sensitive},
		{Name: "sex", Kind: schema.Categorical, Role: schema.Sensitive},
	}}, outcome.Exact).Groups
	var names []string
	for i := range g.Partitions {
		names = append(names, g.Name(&g.Partitions[i]))
	}
	if len(g.Columns) != 2 || !slices.Equal(names, []string{"race", "sex", "race,sex"}) {
		t.Errorf("%d columns are kept, of partitions %q", len(g.Columns), names)
	}
}
