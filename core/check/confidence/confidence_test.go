package confidence

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/outcome"
	"leeway/core/profile"
	"leeway/core/schema"
)

// evaluate is the family's word on what was said, given a labelled reference and,
// if they have come, labels.
func evaluate(t *testing.T, task schema.Task, ref *outcome.Summary, said *outcome.Said, came *outcome.Summary) check.Outcome {
	t.Helper()
	in := &check.Input{Schema: &schema.Schema{Task: task}, Current: &profile.Dataset{}, Said: &check.Said{Reference: ref, Current: said}}
	if came != nil {
		in.Labelled = &check.Labelled{Reference: ref, Current: came}
	}
	out, err := Check{}.Evaluate(in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func named(out check.Outcome) map[string]metric.Sample {
	all := map[string]metric.Sample{}
	for _, s := range out.Samples {
		all[s.Metric] = s
	}
	return all
}

// TestEnumerated compares with the expectations over all outcomes of a few rows,
// one by one.
func TestEnumerated(t *testing.T) {
	f := &forecast{calibration: &calibration{blocks: []block{{rate: 0.2}, {rate: 0.7}}}}
	scores, ps := []float64{0.1, 0.2, 0.2, 0.6, 0.8}, []float64{0.2, 0.2, 0.2, 0.7, 0.7}
	for i, s := range scores {
		b := 0
		if s > 0.5 {
			b = 1
		}
		f.cells = append(f.cells, cell{s, s > 0.5, 1, 1, 1, between{int32(b), int32(b), 0}, ps[i] * (1 - ps[i]), ps[i]})
		f.rows, f.weight = f.rows+1, f.weight+1
	}
	var accuracy, loss, square, ordered, pairs, money, moneys float64
	for outcomes := range 1 << len(scores) {
		chance, right, cost, paid := 1.0, 0.0, 0.0, 0.0
		for i, p := range ps {
			y := float64(outcomes >> i & 1)
			chance *= y*p + (1-y)*(1-p)
			if (y == 1) == (scores[i] > 0.5) {
				right++
			}
			paid += [2][2]float64{{0.01, 0.3}, {2, -0.2}}[outcomes>>i&1][b2i(scores[i] > 0.5)]
			cost -= y*math.Log(scores[i]) + (1-y)*math.Log(1-scores[i])
			for j := range ps {
				if z := outcomes >> j & 1; y == 1 && z == 0 {
					pairs += chanceOf(ps, outcomes)
					switch {
					case scores[i] > scores[j]:
						ordered += chanceOf(ps, outcomes)
					case scores[i] == scores[j]:
						ordered += chanceOf(ps, outcomes) / 2
					}
				}
			}
		}
		n := float64(len(scores))
		accuracy += chance * right / n
		square += chance * right * right / n / n
		loss += chance * cost / n
		money += chance * paid / n
		moneys += chance * paid * paid / n / n
	}
	near := func(name string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-12 {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	near("accuracy", f.accuracy().value, accuracy)
	near("the variance of accuracy", f.accuracy().variance, square-accuracy*accuracy)
	near("the cost", f.cost(millis).value, money)
	near("the variance of the cost", f.cost(millis).variance, moneys-money*money)
	near("log loss", f.logLoss().value, loss)
	near("the area", f.roc().value, ordered/pairs)
}

func b2i(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// TestCostOfNumbers: the cost of numbers is that of their errors.
func TestCostOfNumbers(t *testing.T) {
	random, whole := rand.New(rand.NewPCG(2, 3)), outcome.New(shapeOf(schema.Regression))
	for range 3000 {
		row := rowOf(schema.Regression, random)
		whole.Add(&row)
	}
	for _, costs := range []*schema.Costs{nil, {Task: schema.Regression, AbsoluteError: 0.4}} {
		out, err := Check{}.Evaluate(&check.Input{Schema: &schema.Schema{Task: schema.Regression, Costs: costs}, Current: &profile.Dataset{}, Said: &check.Said{Reference: whole, Current: whole.Said}})
		if err != nil {
			t.Fatal(err)
		}
		found := named(out)
		cost, there := found["estimated_cost_per_1000"]
		if there != (costs != nil) {
			t.Fatalf("with costs %v there is a cost: %v", costs, there)
		}
		if mae := found["estimated_mae"]; there && (math.Abs(cost.Value-400*mae.Value) > 1e-9*cost.Value || cost.Interval == nil || !(cost.Interval[0] < cost.Value)) {
			t.Errorf("%+v, want 400 times %v", cost, mae.Value)
		}
	}
}

func chanceOf(ps []float64, outcomes int) float64 {
	chance := 1.0
	for i, p := range ps {
		if outcomes>>i&1 == 0 {
			p = 1 - p
		}
		chance *= p
	}
	return chance
}

// TestSlopes compares every slope with what the metric does when outcomes change,
// by a calibration that is a little off in one block.
func TestSlopes(t *testing.T) {
	w := &world{rand.New(rand.NewPCG(1, 2)), func(s float64) float64 { return s }}
	shape := binaryShape(false)
	ref, cur := w.rows(shape, 2000, 0), w.rows(shape, 500, 0.3)
	for _, m := range binaryMetrics {
		f, _ := newForecast(ref.Scores[0], cur.Said.Scores[0])
		for b := range f.blocks { // only the error of this block is left
			for i := range f.blocks {
				f.blocks[i].error = 0
			}
			for i := range f.cells {
				f.cells[i].noise = 0
			}
			f.blocks[b].error = 1
			got := math.Sqrt(m.of(f).variance)
			moved := func(by float64) float64 {
				g := *f
				g.cells = append([]cell(nil), f.cells...)
				for i := range g.cells {
					if g.cells[i].lower == int32(b) {
						g.cells[i].p += by * (1 - g.cells[i].way)
					}
					if g.cells[i].upper == int32(b) {
						g.cells[i].p += by * g.cells[i].way
					}
				}
				return m.of(&g).value
			}
			const step = 1e-6
			want := math.Abs(moved(step)-moved(-step)) / (2 * step)
			if math.Abs(got-want) > 0.005*math.Max(want, 0.01) { // a row's pair with itself is left out of the slope
				t.Errorf("%s changes with block %d by %v, want %v", m.name, b, got, want)
			}
		}
	}
}

// TestUntrusted: an estimate that has nothing to stand on is undefined, or said to
// be doubtful.
func TestUntrusted(t *testing.T) {
	w := &world{rand.New(rand.NewPCG(5, 6)), func(s float64) float64 { return s }}
	shape := binaryShape(false)
	cur := w.rows(shape, 500, 0)
	if got := named(evaluate(t, schema.Binary, w.rows(shape, fewest-1, 0), cur.Said, nil))["estimated_roc_auc"]; !strings.Contains(got.Reason, "fewer than 100") || !math.IsNaN(got.Value) {
		t.Errorf("of 99 labels: %v %q", got.Value, got.Reason)
	}
	never := &world{w.random, func(float64) float64 { return 0 }}
	if got := named(evaluate(t, schema.Binary, never.rows(shape, 500, 0), cur.Said, nil))["estimated_f1"]; !strings.Contains(got.Reason, "one class") {
		t.Errorf("of one class: %v %q", got.Value, got.Reason)
	}
	for _, c := range []struct {
		centre float64
		want   bool
	}{{0, false}, {-3, false}, {6, true}} {
		said := false
		for _, e := range evaluate(t, schema.Binary, w.rows(shape, 2000, -3), w.rows(shape, 500, c.centre).Said, nil).Evidence {
			said = said || e.Metric == unsupported
			if !math.IsNaN(e.P) || !e.Notable {
				t.Errorf("%s is a test, or not said", e.Metric)
			}
		}
		if said != c.want && c.centre != 0 {
			t.Errorf("scores around %v: doubtful is %v", c.centre, said)
		}
	}
	none := evaluate(t, schema.Binary, nil, cur.Said, nil)
	if len(none.Samples) > 0 || len(none.Evidence) > 0 {
		t.Errorf("without labels of the reference there are %d samples", len(none.Samples))
	}
}

// TestBeyond: scores that are no probabilities have no estimate where the reference's
// were; where those were margins as well, margins have one.
func TestBeyond(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 8))
	for _, task := range []schema.Task{schema.Binary, schema.Multiclass} {
		shape := shapeOf(task)
		of := func(add float64) *outcome.Summary {
			s := outcome.New(shape)
			for i := range 600 {
				row := rowOf(task, random)
				if i%100 == 0 {
					row.Scores[0] += add
				}
				s.Add(&row)
			}
			return s
		}
		for _, c := range []struct {
			reference, current float64
			known              bool
		}{{0, 0, true}, {0, 1.5, false}, {1.5, 1.5, true}, {1.5, 0, true}} {
			for name, s := range named(evaluate(t, task, of(c.reference), of(c.current).Said, nil)) {
				if told := s.Reason != outside; strings.HasPrefix(name, "estimated_") && told != c.known && name != "estimated_log_loss" {
					t.Errorf("%s, scores up by %v and %v: %s is %v %q", task, c.reference, c.current, name, s.Value, s.Reason)
				}
			}
		}
	}
}

// TestWorse: scores that move to where the model is unsure are said to make it
// worse, before labels come and not after.
func TestWorse(t *testing.T) {
	w := &world{rand.New(rand.NewPCG(8, 9)), func(s float64) float64 { return s }}
	shape := binaryShape(false)
	ref, cur := w.rows(shape, 5000, -3), w.rows(shape, 5000, 0)
	out := evaluate(t, schema.Binary, ref, cur.Said, nil)
	found := map[string]check.Evidence{}
	for _, e := range out.Evidence {
		found[e.Metric] = e
	}
	e, ok := found["estimated_accuracy"]
	if !ok || !(e.Value < e.NoiseFloor) || !strings.Contains(e.Message, "accuracy is estimated at") {
		t.Errorf("accuracy: %+v", e)
	}
	for _, e := range evaluate(t, schema.Binary, ref, cur.Said, cur).Evidence {
		if strings.HasPrefix(e.Metric, "estimated_") {
			t.Errorf("labels are there, and yet: %s", e.Message)
		}
	}
	if same := evaluate(t, schema.Binary, ref, ref.Said, nil).Evidence; len(same) > 0 {
		t.Errorf("of the reference itself: %s", same[0].Message)
	}
}

// TestMerged: in whatever parts and order rows come, estimates are the same to the
// bit.
func TestMerged(t *testing.T) {
	for _, task := range []schema.Task{schema.Binary, schema.Multiclass, schema.Regression} {
		random := rand.New(rand.NewPCG(2, 3))
		shape := shapeOf(task)
		rows := make([]outcome.Row, 3000)
		for i := range rows {
			rows[i] = rowOf(task, random)
		}
		var first map[string]metric.Sample
		for parts := 1; parts <= 3; parts++ {
			random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
			whole := outcome.New(shape)
			for p := range parts {
				part := outcome.New(shape)
				for i := p; i < len(rows); i += parts {
					part.Add(&rows[i])
				}
				whole.Merge(part)
			}
			got := named(evaluate(t, task, whole, whole.Said, nil))
			if first == nil {
				first = got
			}
			for name, s := range got {
				if s.Value != first[name].Value || s.Reason != "" || s.Interval == nil || *s.Interval != *first[name].Interval {
					t.Errorf("%s %s is %v %v in %d parts, %v %v in one (%s)", task, name, s.Value, s.Interval, parts, first[name].Value, first[name].Interval, s.Reason)
				}
			}
		}
		if len(first) < 2 {
			t.Errorf("%s: only %d samples", task, len(first))
		}
	}
}

func shapeOf(task schema.Task) *outcome.Shape {
	switch task {
	case schema.Binary:
		return binaryShape(false)
	case schema.Regression:
		return &outcome.Shape{Task: task, Positive: -1, Budget: 1000} // fewer than there are rows
	}
	classes := outcome.NewClasses(task, nil)
	s := &outcome.Shape{Task: task, Classes: classes, Positive: -1, Budget: outcome.Exact}
	for _, name := range []string{"a", "b", "c"} {
		s.Scored = append(s.Scored, classes.Code(name))
	}
	return s
}

// rowOf is a row of a model whose scores are its chances.
func rowOf(task schema.Task, random *rand.Rand) outcome.Row {
	r := outcome.Row{Predicted: math.NaN()}
	switch task {
	case schema.Binary:
		r.Scores = []float64{random.Float64()}
		if random.Float64() < r.Scores[0] {
			r.Actual = 1
		}
	case schema.Regression:
		r.Predicted = 100 * random.Float64()
		r.Actual = r.Predicted + 5*random.NormFloat64()
	default:
		x := []float64{random.ExpFloat64(), random.ExpFloat64(), random.ExpFloat64()}
		all := x[0] + x[1] + x[2]
		at := random.Float64()
		for i := range x {
			x[i] /= all
			if at -= x[i]; at < 0 {
				r.Actual, at = float64(i), 2
			}
		}
		r.Scores = x
	}
	return r
}
