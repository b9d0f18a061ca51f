package performance

import (
	"math"
	"math/rand/v2"
	"testing"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/outcome"
	"leeway/core/schema"
)

// priced is the cost of 1,000 predictions, and what is noted; nil where there is no
// such sample.
func priced(t testing.TB, s *outcome.Summary, costs *schema.Costs) (*metric.Sample, []check.Evidence) {
	t.Helper()
	out, err := Check{}.Evaluate(&check.Input{Schema: &schema.Schema{Costs: costs}, Labelled: &check.Labelled{Reference: s, Current: s}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range out.Samples {
		if out.Samples[i].Metric == "cost_per_1000" {
			return &out.Samples[i], out.Evidence
		}
	}
	return nil, out.Evidence
}

// TestCost: equal to a plain sum over rows, for each task, with weights and without.
func TestCost(t *testing.T) {
	binary := &schema.Costs{Task: schema.Binary, FalsePositive: 5, FalseNegative: 100, TruePositive: -20, TrueNegative: 0.25}
	classes := &schema.Costs{Task: schema.Multiclass, Confusion: []schema.ConfusionCost{
		{Actual: "c0", Predicted: "c1", Cost: 3}, {Actual: "c1", Predicted: "c0", Cost: 1}, {Actual: "c2", Predicted: "c2", Cost: -4}}}
	byHand := map[schema.Task]func(*outcome.Row) float64{
		schema.Binary: func(r *outcome.Row) float64 {
			return [2][2]float64{{0.25, 5}, {100, -20}}[int(r.Actual)][int(r.Predicted)]
		},
		schema.Multiclass: func(r *outcome.Row) float64 {
			top := 0
			for k, x := range r.Scores {
				if x > r.Scores[top] {
					top = k
				}
			}
			return map[[2]int]float64{{0, 1}: 3, {1, 0}: 1, {2, 2}: -4}[[2]int{int(r.Actual), top}]
		},
		schema.Regression: func(r *outcome.Row) float64 { return 0.4 * math.Abs(r.Actual-r.Predicted) },
	}
	costs := map[schema.Task]*schema.Costs{schema.Binary: binary, schema.Multiclass: classes, schema.Regression: {Task: schema.Regression, AbsoluteError: 0.4}}
	for _, w := range worlds {
		shape, r := w.shape(), rand.New(rand.NewPCG(3, 4))
		rows := make([]outcome.Row, w.rows)
		sum, weight := 0.0, 0.0
		for i := range rows {
			rows[i] = w.row(r)
			sum += rows[i].Weight * byHand[shape.Task](&rows[i])
			weight += rows[i].Weight
		}
		s := summed(shape, rows)
		got, _ := priced(t, s, costs[shape.Task])
		want := 1000 * sum / weight
		if got == nil || math.Abs(got.Value-want) > 1e-9*math.Abs(want) || got.Interval == nil || got.Interval[0] > want || got.Interval[1] < want {
			t.Errorf("%s: %+v, want %v", w.name, got, want)
		}
		for _, none := range []*schema.Costs{nil, {Task: schema.None}} {
			if got, _ := priced(t, s, none); got != nil {
				t.Errorf("%s: without costs there is a cost: %+v", w.name, got)
			}
		}
	}
}

// TestCostOfUnknownClass: a class that has a cost and no row is said, without a test.
func TestCostOfUnknownClass(t *testing.T) {
	w := &worlds[2]
	s := w.draw(rand.New(rand.NewPCG(1, 1)), 100)
	for name, want := range map[string]bool{"c1": false, "dgo": true} {
		_, evidence := priced(t, s, &schema.Costs{Task: schema.Multiclass, Confusion: []schema.ConfusionCost{{Actual: "c0", Predicted: name, Cost: 1}}})
		said := false
		for _, e := range evidence {
			if e.Metric == "cost_per_1000" {
				said = e.Notable && math.IsNaN(e.P) && e.Message == `The configuration names costs of classes that no row has: "dgo".`
			}
		}
		if said != want {
			t.Errorf("%s: said is %v", name, said)
		}
	}
}

// TestCostInterval: it holds the truth in at least 91 of 100 samples, also where the
// dear outcome is rare.
func TestCostInterval(t *testing.T) {
	if testing.Short() {
		t.Skip("draws 600,000 rows")
	}
	costs := &schema.Costs{Task: schema.Binary, FalsePositive: 5, FalseNegative: 100}
	for _, c := range []struct {
		name             string
		rows             int
		missed, mistaken float64
	}{{"common", 400, 0.1, 0.1}, {"rare", 400, 0.01, 0.1}, {"rarest", 400, 0.004, 0.05}, {"large", 2000, 0.002, 0.02}} {
		r, held := rand.New(rand.NewPCG(5, 8)), 0
		const samples = 300
		for range samples {
			s := outcome.New(binaryShape(false)())
			for range c.rows {
				row := outcome.Row{Scores: []float64{0.5}, Weight: 1}
				switch u := r.Float64(); {
				case u < c.missed:
					row.Actual = 1
				case u < c.missed+c.mistaken:
					row.Predicted = 1
				case u < 0.3:
					row.Actual, row.Predicted = 1, 1
				}
				s.Add(&row)
			}
			got, _ := priced(t, s, costs)
			if truth := 1000 * (100*c.missed + 5*c.mistaken); got.Interval != nil && got.Interval[0] <= truth && truth <= got.Interval[1] {
				held++
			}
		}
		share := float64(held) / samples
		t.Logf("%s: %.3f", c.name, share)
		if share < 0.91 {
			t.Errorf("%s: the interval holds the truth in %.1f%%", c.name, 100*share)
		}
	}
}
