package report

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/frame"
	"leeway/core/profile"
	"leeway/core/schema"
)

var contract = &schema.Schema{Columns: []schema.Column{
	{Name: "price", Kind: schema.Numeric, Role: schema.Feature},
	{Name: "color", Kind: schema.Categorical, Role: schema.Feature},
	{Name: "when", Kind: schema.Time, Role: schema.Timestamp},
	{Name: "id", Kind: schema.Categorical, Role: schema.ID},
}}

// table profiles rows in which the price is price(i).
func table(columns []schema.Column, rows int, price func(i int) float64) *profile.Dataset {
	block := frame.Block{Rows: rows, First: 1, Columns: make([]frame.Column, len(columns))}
	for c, column := range columns {
		to := &block.Columns[c]
		switch {
		case column.Kind.Quantitative():
			to.Type, to.States = frame.Float, make([]frame.State, rows)
			for i := range rows {
				to.Floats = append(to.Floats, price(i))
			}
			to.States[0], to.Floats[0] = frame.Missing, 0
		case column.Kind == schema.Time:
			to.Type = frame.Time
			for i := range rows {
				to.Times = append(to.Times, int64(i)*1e9)
			}
		default:
			to.Type, to.Symbols = frame.Symbol, frame.NewSymbols()
			for i := range rows {
				text := []string{"red", "green", "blue", "red"}[i%4]
				if column.Role == schema.ID {
					text = fmt.Sprint(i)
				}
				to.Codes = append(to.Codes, to.Symbols.Intern([]byte(text)))
			}
		}
	}
	b := profile.New(columns, nil)
	b.Add(&block)
	return b.Profile()
}

func TestDescribe(t *testing.T) {
	ref := table(contract.Columns, 1001, func(i int) float64 { return float64(i % 101) })
	extra := append([]schema.Column{{Name: "new", Kind: schema.Numeric, Role: schema.Feature}}, contract.Columns[1:]...)
	cur := table(extra, 9, func(i int) float64 { return 0.25 })
	columns := Describe(contract, ref, cur)
	var names []string
	for _, c := range columns {
		names = append(names, c.Name)
	}
	if diff := cmp.Diff([]string{"price", "color", "when", "id", "new"}, names); diff != "" {
		t.Fatalf("columns (-want +got):\n%s", diff)
	}
	price, color, when, id, added := columns[0], columns[1], columns[2], columns[3], columns[4]
	if price.Current != nil || price.Distribution.Current != nil || price.Reference.Missing != 1 {
		t.Errorf("price is only in the reference: %+v", price)
	}
	if q := price.Reference.Quantiles; q == nil || q.Q50 != 50 || *price.Reference.Max != 100 || math.Abs(*price.Reference.Mean-49.95) > 1 {
		t.Errorf("price: %+v %+v, mean %g", price.Reference, price.Reference.Quantiles, *price.Reference.Mean)
	}
	if diff := cmp.Diff([]Category{{"red", 501}, {"blue", 250}, {"green", 250}}, color.Reference.Top); diff != "" {
		t.Errorf("color (-want +got):\n%s", diff)
	}
	if d := color.Distribution; d == nil || d.Names[0] != "red" || d.Current[0] != .555556 {
		t.Errorf("color: %+v", d)
	}
	if when.Reference.First != "1970-01-01T00:00:00Z" || when.Reference.Last != "1970-01-01T00:16:40Z" || when.Distribution != nil {
		t.Errorf("when: %+v", when.Reference)
	}
	if id.Distribution != nil || id.Reference.Top != nil {
		t.Errorf("id shows values of single rows: %+v", id)
	}
	if added.Reference != nil || added.Distribution == nil || added.Current.Distinct != 1 {
		t.Errorf("new: %+v", added)
	}
	r := fixture()
	r.Columns = columns
	validate(t, r)
	if page := render(t, r); len(page) < 1000 {
		t.Error("no page")
	}
}
