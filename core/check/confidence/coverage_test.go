package confidence

import (
	"math"
	"math/rand/v2"
	"testing"

	"leeway/core/outcome"
	"leeway/core/schema"
)

// world draws rows of a model whose scores are wrong as probabilities, in a way
// that calibration has to find, with a shift of the scores between the sides.
type world struct {
	random *rand.Rand
	truth  func(score float64) float64
}

// rows are n rows whose scores lie around a centre; shape says what they are.
func (w *world) rows(shape *outcome.Shape, n int, centre float64) *outcome.Summary {
	s := outcome.New(shape)
	for range n {
		score := 1 / (1 + math.Exp(-centre-1.5*w.random.NormFloat64()))
		score = math.Round(1e4*score) / 1e4
		actual := 0.0
		if w.random.Float64() < w.truth(score) {
			actual = 1
		}
		s.Add(&outcome.Row{Actual: actual, Predicted: math.NaN(), Scores: []float64{score}, Weight: 1 + w.random.Float64()})
	}
	return s
}

func binaryShape(weighted bool) *outcome.Shape {
	classes := outcome.NewClasses(schema.Binary, nil)
	classes.Code("0")
	positive := classes.Code("1")
	return &outcome.Shape{Task: schema.Binary, Classes: classes, Positive: positive, Scored: []int32{positive}, Weighted: weighted, Budget: outcome.Exact}
}

// binaryMetrics are all estimates of a binary task beside what came true.
var binaryMetrics = []struct {
	name     string
	of       func(*forecast) estimate
	within   func(*estimate, float64) (low, high float64)
	realized func(*outcome.Summary) float64
}{
	{"accuracy", (*forecast).accuracy, (*estimate).share, realizedAccuracy},
	{"precision", (*forecast).precision, (*estimate).share, func(s *outcome.Summary) float64 { c := confusion(s); return c.hit / c.guessed }},
	{"recall", (*forecast).recall, (*estimate).share, func(s *outcome.Summary) float64 { c := confusion(s); return c.hit / c.actual }},
	{"f1", (*forecast).f1, (*estimate).share, func(s *outcome.Summary) float64 { c := confusion(s); return 2 * c.hit / (c.guessed + c.actual) }},
	{"roc_auc", (*forecast).roc, (*estimate).share, realizedArea},
	{"log_loss", (*forecast).logLoss, (*estimate).positive, realizedLoss},
	{"cost", func(f *forecast) estimate { return f.cost(millis) }, (*estimate).anywhere, func(s *outcome.Summary) float64 {
		c := confusion(s)
		return (-0.2*c.hit + 0.3*(c.guessed-c.hit) + 2*(c.actual-c.hit) + 0.01*(weightOf(s)-c.guessed-c.actual+c.hit)) / weightOf(s)
	}},
}

// millis are costs of which 1,000 are about 1.
var millis = &schema.Costs{Task: schema.Binary, TruePositive: -0.2e-3, FalsePositive: 0.3e-3, FalseNegative: 2e-3, TrueNegative: 0.01e-3}

func weightOf(s *outcome.Summary) (all float64) {
	for _, cell := range s.Confusion {
		w, _ := s.Shape.Weight(cell)
		all += w
	}
	return all
}

func confusion(s *outcome.Summary) (c sums) {
	for pair, cell := range s.Confusion {
		w, _ := s.Shape.Weight(cell)
		if pair.Predicted == s.Shape.Positive {
			c.guessed += w
		}
		if pair.Actual == s.Shape.Positive {
			c.actual += w
			if pair.Predicted == s.Shape.Positive {
				c.hit += w
			}
		}
	}
	return c
}

// TestCoverage: under covariate shift alone, what comes true lies in the 95%
// interval of its estimate in about 95% of windows (0.917 to 0.968 of 400, whose
// standard error is 0.011), and estimates are right on average.
func TestCoverage(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation")
	}
	const runs = 400
	bent := func(s float64) float64 { return 0.05 + 0.8*s*s }
	rare := func(s float64) float64 { return 0.1 * s }
	for _, c := range []struct {
		name     string
		truth    func(float64) float64
		ref, cur int
		to       float64
		weighted bool
	}{
		{"same", bent, 2000, 1000, 0, false},
		{"shift", bent, 2000, 1000, 0.7, false},
		{"small reference", bent, 400, 1500, 0.5, false},
		{"large window", bent, 1000, 6000, 0.5, false},
		{"rare", rare, 3000, 2000, 0.5, false},
		{"weighted", bent, 1000, 700, 0.5, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := &world{rand.New(rand.NewPCG(7, uint64(c.ref+c.cur))), c.truth}
			shape := binaryShape(c.weighted)
			in, bias := make([]int, len(binaryMetrics)), make([]float64, len(binaryMetrics))
			for range runs {
				ref, cur := w.rows(shape, c.ref, 0), w.rows(shape, c.cur, c.to)
				f, reason := newForecast(ref.Scores[0], cur.Said.Scores[0])
				if reason != "" {
					t.Fatal(reason)
				}
				for i, m := range binaryMetrics {
					e := m.of(f)
					low, high := m.within(&e, normal95)
					is := m.realized(cur)
					if is >= low && is <= high {
						in[i]++
					}
					bias[i] += (e.value - is) / runs
				}
			}
			for i, m := range binaryMetrics {
				share := float64(in[i]) / runs
				t.Logf("%-10s covers %.3f, bias %+.4f", m.name, share, bias[i])
				if share < 0.91 || share > 0.985 {
					t.Errorf("the interval of %s covers %.3f of windows", m.name, share)
				}
				if math.Abs(bias[i]) > 0.012 {
					t.Errorf("the estimate of %s is off by %+.4f on average", m.name, bias[i])
				}
			}
		})
	}
}

// TestConceptDrift: labels of the same relation to the score are never said to
// show concept drift, those of another are.
func TestConceptDrift(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation")
	}
	const runs = 200
	same := func(s float64) float64 { return 0.05 + 0.8*s*s }
	for _, c := range []struct {
		name      string
		then      func(float64) float64
		low, high int
	}{
		{"none", same, 0, 2},
		{"order lost", func(s float64) float64 { return 0.2 + 0.3*s*s }, 195, runs},
		{"rarer", func(s float64) float64 { return 0.7 * same(s) }, 195, runs},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(11, 1))
			shape, said := binaryShape(false), 0
			for range runs {
				ref := (&world{random, same}).rows(shape, 3000, 0)
				cur := (&world{random, c.then}).rows(shape, 3000, 0.3)
				for _, e := range evaluate(t, schema.Binary, ref, cur.Said, cur).Evidence {
					if e.Metric == off {
						said++
					}
				}
			}
			t.Logf("said in %d of %d", said, runs)
			if said < c.low || said > c.high {
				t.Errorf("said in %d of %d runs, want %d to %d", said, runs, c.low, c.high)
			}
		})
	}
}

// TestRegressionCoverage: errors that grow with the prediction, and predictions
// that shift: what comes true lies in the interval.
func TestRegressionCoverage(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation")
	}
	const runs = 400
	random := rand.New(rand.NewPCG(3, 4))
	shape := &outcome.Shape{Task: schema.Regression, Positive: -1, Budget: outcome.Exact}
	rows := func(n int, centre float64) *outcome.Summary {
		s := outcome.New(shape)
		for range n {
			predicted := math.Exp(centre + 0.5*random.NormFloat64())
			s.Add(&outcome.Row{Predicted: predicted, Actual: predicted * (1 + 0.3*random.NormFloat64())})
		}
		return s
	}
	var in [2]int
	var bias [2]float64
	for range runs {
		ref, cur := rows(3000, 3), rows(1000, 3.2)
		m, reason := newResiduals(ref.Residuals)
		if reason != "" {
			t.Fatal(reason)
		}
		absolute, squared := m.errors(cur.Said.Numbers)
		for i, e := range []estimate{absolute, rooted(squared)} {
			is := cur.Absolute.Mean()
			if i == 1 {
				is = math.Sqrt(cur.Squared.Mean())
			}
			if low, high := e.positive(normal95); is >= low && is <= high {
				in[i]++
			}
			bias[i] += (e.value/is - 1) / runs
		}
	}
	for i, name := range []string{"mae", "rmse"} {
		share := float64(in[i]) / runs
		t.Logf("%s covers %.3f, off by %+.4f of it", name, share, bias[i])
		if share < 0.9 || share > 0.98 || math.Abs(bias[i]) > 0.02 {
			t.Errorf("the interval of %s covers %.3f of windows; off by %+.4f of it on average", name, share, bias[i])
		}
	}
}

// TestManyClasses: of a task of several classes, too, what comes true lies in the
// interval; those of means over classes are wider than they need to be.
func TestManyClasses(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation")
	}
	const runs = 200
	random := rand.New(rand.NewPCG(21, 22))
	shape := shapeOf(schema.Multiclass)
	rows := func(n int) *outcome.Summary {
		s := outcome.New(shape)
		for range n {
			r := rowOf(schema.Multiclass, random)
			for i, x := range r.Scores { // scores that are surer than they should be
				r.Scores[i] = x * x
			}
			all := r.Scores[0] + r.Scores[1] + r.Scores[2]
			for i := range r.Scores {
				r.Scores[i] /= all
			}
			s.Add(&r)
		}
		return s
	}
	in, bias := map[string]int{}, map[string]float64{}
	for range runs {
		ref, cur := rows(1500), rows(800)
		samples := named(evaluate(t, schema.Multiclass, ref, cur.Said, nil))
		for name, is := range map[string]float64{"estimated_accuracy": realizedAccuracy(cur), "estimated_f1_macro": macroOf(cur, classF1), "estimated_roc_auc_macro": macroOf(cur, classArea)} {
			s := samples[name]
			if s.Interval == nil {
				t.Fatalf("%s has no interval: %q", name, s.Reason)
			}
			if is >= s.Interval[0] && is <= s.Interval[1] {
				in[name]++
			}
			bias[name] += (s.Value - is) / runs
		}
	}
	for name, least := range map[string]float64{"estimated_accuracy": 0.91, "estimated_f1_macro": 0.95, "estimated_roc_auc_macro": 0.95} {
		share := float64(in[name]) / runs
		t.Logf("%-24s covers %.3f, bias %+.4f", name, share, bias[name])
		if share < least || math.Abs(bias[name]) > 0.01 {
			t.Errorf("the interval of %s covers %.3f of windows, it is off by %+.4f on average", name, share, bias[name])
		}
	}
}

func macroOf(s *outcome.Summary, of func(*outcome.Summary, int) float64) (mean float64) {
	for i := range s.Shape.Scored {
		mean += of(s, i) / float64(len(s.Shape.Scored))
	}
	return mean
}

func classF1(s *outcome.Summary, i int) float64 {
	one := *s.Shape
	one.Positive = s.Shape.Scored[i]
	c := confusion(&outcome.Summary{Shape: &one, Confusion: s.Confusion})
	return 2 * c.hit / (c.guessed + c.actual)
}

func classArea(s *outcome.Summary, i int) float64 {
	return realizedArea(&outcome.Summary{Shape: s.Shape, Scores: s.Scores[i:]})
}
