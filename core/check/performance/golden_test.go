package performance

import (
	"fmt"
	"math"
	"testing"

	"leeway/core/check"
	"leeway/core/internal/golden"
	"leeway/core/metric"
	"leeway/core/outcome"
	"leeway/core/schema"
)

// drawn is a case of scripts/golden/performance.py.
type drawn struct {
	Task                              schema.Task
	Scores, Shape                     string
	N, Classes                        int
	Seed                              uint64
	Low, Rise, Threshold              float64
	Skill, Factor, Shift, Noise, Bias float64
	Weighted                          bool
	Want                              map[string]*float64
}

func (d drawn) String() string {
	return fmt.Sprintf("%s %s%s/%d/weighted=%v", d.Task, d.Scores, d.Shape, d.N, d.Weighted)
}

func scoreOf(shape string, u float64) float64 {
	switch shape {
	case "tied":
		return math.Floor(u*10) / 10
	case "constant":
		return 0.3
	case "extreme":
		if u < 0.3 {
			return 0
		} else if u > 0.7 {
			return 1
		}
	case "tiny":
		return u * 1e-17
	}
	return u
}

func (d *drawn) weight(r *golden.SplitMix) float64 {
	u := r.Uniform()
	if !d.Weighted {
		return 1
	}
	return 0.25 + float64(3*u)
}

func (d *drawn) shape() *outcome.Shape {
	s := &outcome.Shape{Task: d.Task, Positive: -1, Weighted: d.Weighted, Budget: outcome.Exact}
	switch d.Task {
	case schema.Binary:
		s.Classes = outcome.NewClasses(d.Task, nil)
		s.Classes.Code("0")
		s.Positive = s.Classes.Code("1")
		s.Scored = []int32{s.Positive}
	case schema.Multiclass:
		s.Classes = outcome.NewClasses(d.Task, nil)
		for k := range d.Classes {
			s.Scored = append(s.Scored, s.Classes.Code(fmt.Sprintf("c%d", k)))
		}
	}
	return s
}

// rows are those of the case.
func (d *drawn) rows() []outcome.Row {
	rows := make([]outcome.Row, d.N)
	r := golden.NewSplitMix(d.Seed)
	switch d.Task {
	case schema.Binary:
		for i := range rows {
			x := scoreOf(d.Scores, r.Uniform())
			row := outcome.Row{Scores: []float64{x}}
			if r.Uniform() < d.Low+float64(d.Rise*x) {
				row.Actual = 1
			}
			if x >= d.Threshold {
				row.Predicted = 1
			}
			row.Weight = d.weight(r)
			rows[i] = row
		}
	case schema.Multiclass:
		for i := range rows {
			rows[i] = d.multiclass(r)
		}
	default:
		y := golden.Draw(d.Shape, d.N, d.Seed, d.Factor, d.Shift)
		noise := golden.Draw("bell", d.N, d.Seed+1, d.Noise, d.Bias)
		r = golden.NewSplitMix(d.Seed + 2)
		for i := range rows {
			rows[i] = outcome.Row{Actual: y[i], Predicted: y[i] + noise[i], Weight: d.weight(r)}
		}
	}
	return rows
}

func (d *drawn) multiclass(r *golden.SplitMix) outcome.Row {
	scores, total, top := make([]float64, d.Classes), 0.0, 0
	for k := range scores {
		scores[k] = r.Uniform()
		total += scores[k]
		if scores[k] > scores[top] {
			top = k
		}
	}
	for k := range scores {
		scores[k] /= total
	}
	kind, u := r.Uniform(), r.Uniform()
	actual := min(math.Floor(float64(u*u)*float64(d.Classes)), float64(d.Classes-1))
	if kind < d.Skill {
		actual = float64(top)
	}
	return outcome.Row{Actual: actual, Predicted: math.NaN(), Scores: scores, Weight: d.weight(r)}
}

// summed is the summary of rows, of which some came in another file.
func summed(shape *outcome.Shape, rows []outcome.Row) *outcome.Summary {
	s, other := outcome.New(shape), outcome.New(shape)
	for i := range rows {
		if i%3 == 1 {
			other.Add(&rows[i])
		} else {
			s.Add(&rows[i])
		}
	}
	s.Merge(other)
	return s
}

// evaluated are the samples by name, with the class behind a colon.
func evaluated(t testing.TB, s *outcome.Summary) map[string]metric.Sample {
	t.Helper()
	out, err := Check{}.Evaluate(&check.Input{Labelled: &check.Labelled{Current: s}})
	if err != nil {
		t.Fatal(err)
	}
	samples := map[string]metric.Sample{}
	for _, one := range out.Samples {
		name := one.Metric
		if one.Labels.Class != "" {
			name += ":" + one.Labels.Class
		}
		if one.Metric != "confusion" {
			samples[name] = one
		}
	}
	return samples
}

// TestGoldenPerformance compares every metric with scikit-learn, and undefined
// ones with the contract.
func TestGoldenPerformance(t *testing.T) {
	var file struct{ Cases []drawn }
	golden.Load(t, "testdata/performance.json", &file)
	tally := golden.Tally{Cases: len(file.Cases)}
	for _, c := range file.Cases {
		samples := evaluated(t, summed(c.shape(), c.rows()))
		for name, want := range c.Want {
			got, there := samples[name]
			switch {
			case !there:
				t.Errorf("%v: no sample of %s", c, name)
			case want == nil:
				if !math.IsNaN(got.Value) || got.Reason == "" {
					t.Errorf("%v: %s is %v (%q), should be undefined", c, name, got.Value, got.Reason)
				}
			case got.Reason != "":
				t.Errorf("%v: %s is undefined (%s), should be %v", c, name, got.Reason, *want)
			default:
				tally.Value(t, name[:end(name)], got.Value, *want, 1e-9, c)
			}
			if there && got.Interval != nil && !(got.Interval[0] <= got.Value && got.Value <= got.Interval[1]) {
				t.Errorf("%v: %s = %v lies outside its interval %v", c, name, got.Value, *got.Interval)
			}
		}
		for name := range samples {
			if _, known := c.Want[name]; !known && name[0:2] != "la" {
				t.Errorf("%v: %s has no reference value", c, name)
			}
		}
	}
	tally.Log(t, "performance")
}

// end is where the class of a name begins.
func end(name string) int {
	for i := range name {
		if name[i] == ':' {
			return i
		}
	}
	return len(name)
}
