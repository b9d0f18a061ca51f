package report

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/outcome"
	"leeway/core/schema"
)

// labelledRows are rows of a binary task whose scores mean less the larger twist is.
func labelledRows(seed uint64, n int, twist float64) *outcome.Summary {
	shape := &outcome.Shape{Task: schema.Binary, Classes: outcome.NewClasses(schema.Binary, nil), Budget: outcome.Exact}
	shape.Classes.Code("0")
	shape.Positive = shape.Classes.Code("1")
	shape.Scored = []int32{shape.Positive}
	r := rand.New(rand.NewPCG(seed, 1))
	s := outcome.New(shape)
	for range n {
		x := r.Float64()
		row := outcome.Row{Predicted: math.NaN(), Scores: []float64{x}}
		if r.Float64() < (1-twist)*x+twist*0.5 {
			row.Actual = 1
		}
		s.Add(&row)
	}
	return s
}

// numbersRows are rows of a regression whose predictions are too high by bias.
func numbersRows(seed uint64, n int, bias float64) *outcome.Summary {
	shape := &outcome.Shape{Task: schema.Regression, Positive: -1, Budget: outcome.Exact}
	r := rand.New(rand.NewPCG(seed, 2))
	s := outcome.New(shape)
	for range n {
		y := 100 * r.Float64()
		s.Add(&outcome.Row{Actual: y, Predicted: y + bias + 5*r.NormFloat64()})
	}
	return s
}

// manyClasses has more classes than a matrix shows.
func manyClasses(n int) *outcome.Summary {
	shape := &outcome.Shape{Task: schema.Multiclass, Positive: -1, Classes: outcome.NewClasses(schema.Multiclass, nil), Budget: outcome.Exact}
	r := rand.New(rand.NewPCG(9, 9))
	s := outcome.New(shape)
	for range n {
		y := math.Floor(25 * r.Float64() * r.Float64())
		row := outcome.Row{Predicted: float64(shape.Classes.Code("c" + string(rune('a'+int(y))))), Weight: 1}
		row.Actual = row.Predicted
		if r.Float64() < 0.2 {
			row.Predicted = float64(shape.Classes.Code("ca"))
		}
		s.Add(&row)
	}
	return s
}

// TestCurvesInReports: the curves are drawn on the page, read out in text, small
// in JSON, and the same whatever was added first.
func TestCurvesInReports(t *testing.T) {
	r := fixture()
	r.Performance = measured()
	r.Performance.Curves = CurvesOf(labelledRows(1, 20_000, 0), labelledRows(2, 3000, 0.5))
	validate(t, r)
	page := render(t, r)
	for _, want := range []string{"ROC curve", "Precision and recall", "Reliability", "Confusion matrix", `<path class="ref" d="M0 1000`, `<path class="cur" d="M0 1000`, "In numbers", "mean score"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if len(page) > HTMLLimit {
		t.Errorf("%d bytes", len(page))
	}
	for form, got := range map[string]string{"text": text(t, r, &TextOptions{Width: 100}), "markdown": markdown(t, r)} {
		got = strings.Join(strings.Fields(got), " ")
		for _, want := range []string{"Of the positive cases ", "(reference: ", "Scores and how often they came true: 0."} {
			if !strings.Contains(got, want) {
				t.Errorf("%s lacks %q", form, want)
			}
		}
	}
	data, err := json.Marshal(r.Performance.Curves)
	if err != nil || len(data) > 12_000 {
		t.Errorf("%d bytes of curves, %v", len(data), err)
	}
	merged := labelledRows(2, 3000, 0.5)
	merged.Merge(labelledRows(3, 500, 0))
	other := labelledRows(3, 500, 0)
	other.Merge(labelledRows(2, 3000, 0.5))
	if diff := cmp.Diff(CurvesOf(nil, merged), CurvesOf(nil, other)); diff != "" {
		t.Errorf("the order of rows is seen: %s", diff)
	}
}

// TestCurvesOfNumbers: a regression has groups of predictions and residuals.
func TestCurvesOfNumbers(t *testing.T) {
	r := fixture()
	r.Performance = &Performance{Task: "regression", Rows: 500, Labelled: 500, Metrics: []Measure{}, Curves: CurvesOf(numbersRows(1, 5000, 0), numbersRows(2, 500, 10))}
	validate(t, r)
	c := r.Performance.Curves
	if n := len(c.Current.Reliability); n != 10 {
		t.Fatalf("%d groups", n)
	}
	if q := c.Current.Residuals.Q50; q < 8 || q > 12 {
		t.Errorf("the median residual is %v", q)
	}
	for _, g := range c.Current.Reliability[2:8] { // at the ends predictions regress to the mean
		if off := g.Expected - g.Observed; off < 7 || off > 13 || g.Interval == nil || g.Interval[1] > g.Expected {
			t.Errorf("of 10 too high: %+v", g)
		}
	}
	page := render(t, r)
	for _, want := range []string{"Predicted and actual", "Residuals", "mean prediction"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if got := text(t, r, &TextOptions{Width: 100}); !strings.Contains(got, "Half of the errors lie between ") {
		t.Error("the text does not speak of errors")
	}
}

// TestCurvesOfManyClasses: the smallest classes are one, and no row is lost.
func TestCurvesOfManyClasses(t *testing.T) {
	r := fixture()
	s := manyClasses(4000)
	r.Performance = &Performance{Task: "multiclass", Rows: 4000, Labelled: 4000, Metrics: []Measure{}, Curves: CurvesOf(nil, s)}
	validate(t, r)
	c := r.Performance.Curves
	total := 0.0
	for _, row := range c.Current.Confusion {
		for _, n := range row {
			total += n
		}
	}
	if len(c.Classes) != MostClasses || !c.Other || total != 4000 || c.Reference != nil {
		t.Errorf("%d classes, %v rows, reference %v", len(c.Classes), total, c.Reference)
	}
	if !strings.Contains(render(t, r), `<em><bdi>other</bdi></em>`) {
		t.Error("the page does not tell others from a class")
	}
	if CurvesOf(nil, outcome.New(s.Shape)) != nil {
		t.Error("curves without a label")
	}
}

// TestCurvesSound: what cannot be drawn does not reach the document.
func TestCurvesSound(t *testing.T) {
	r := fixture()
	r.Performance = measured()
	nan := math.NaN()
	r.Performance.Curves = &Curves{Classes: []string{"a", "b"}, Residuals: &Distribution{Edges: []float64{1}}, Current: &CurveSide{
		ROC: []ROC{{"a", []float64{0, nan}, []float64{0, 1}}, {"b", []float64{0}, nil}}, Reliability: []Reliability{{Expected: nan}},
		PrecisionRecall: []PrecisionRecall{{"a", []float64{2}, []float64{1}}}, Confusion: [][]float64{{1, 2}}, Residuals: &Quantiles{Q01: nan},
	}}
	validate(t, r)
	if c := r.sound().Performance.Curves; c.Residuals != nil || len(c.Current.ROC)+len(c.Current.PrecisionRecall)+len(c.Current.Reliability)+len(c.Current.Confusion) > 0 || c.Current.Residuals != nil {
		t.Errorf("%+v", c.Current)
	}
	render(t, r)
}
