package concept

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"leeway/core/cases"
	"leeway/core/schema"
	"leeway/core/sketch"
)

// TestExchange: another model is told also where columns drift at once, and the same one never is
// called another, whatever drifts.
func TestExchange(t *testing.T) {
	worlds := map[string]served{
		"linear":     {task: schema.Binary, common: 0.5},
		"steps":      {task: schema.Binary, stepped: true},
		"numbers":    {task: schema.Regression, stepped: true, common: 0.4},
		"classes":    {task: schema.Multiclass},
		"no score":   {task: schema.Binary, stepped: true, bare: true},
		"not logged": {task: schema.Binary, hidden: true},
	}
	drifts := map[string]served{
		"one, by little": {drift: []float64{0.3}},
		"three":          {drift: []float64{1, 1, 0, 0, 0, 0.3}, lean: 0.3},
	}
	n, all, wrong := runs(1), 0, 0
	right := map[string][2]int{}
	for name, world := range worlds {
		for drift, by := range drifts {
			for _, model := range []string{"", "", "slight", "scaled", "lost", "noisy", "shuffled", "trained"} {
				if world.bare && !slices.Contains([]string{"", "lost", "shuffled"}, model) || world.hidden && model == "slight" {
					continue // classes alone, and scores that hang on what is not logged, tell of a gross change
				}
				want := Data
				if model != "" {
					want = DataAndPrediction
				}
				called := map[Verdict]int{}
				for seed := range n {
					before := world
					before.draw = rand.New(rand.NewPCG(uint64(seed), 23))
					after := before
					after.drift, after.lean, after.model = by.drift, by.lean, model
					called[Find(before.rows(2500), after.rows(2500)).Verdict]++
				}
				all, wrong = all+n, wrong+n-called[want]
				right[model] = [2]int{right[model][0] + called[want], right[model][1] + n}
				if missed := n - called[want]; missed*10 > n && missed > 1 || model == "" && called[DataAndPrediction]+called[DataPredictionAndConcept]+called[PredictionOrData] > n/100 {
					t.Errorf("%s, %s, %q: called %v", name, drift, model, called)
				}
			}
		}
	}
	t.Logf("called as they should, of all: %v", right)
	if wrong*20 > all {
		t.Errorf("%d of %d have another name than they should", wrong, all)
	}
}

// TestNearer: a model that knows less of what no column says is another one though its scores are nearer to what
// those of the reference say than these are themselves: labels given that are what they were.
func TestNearer(t *testing.T) {
	all, wrong := 0, 0
	for _, task := range []schema.Task{schema.Binary, schema.Regression} {
		for seed := range runs(3) {
			for drift, want := range map[float64]Verdict{0: Prediction, 1: DataAndPrediction} {
				w := served{task: task, hidden: true, deep: 1, draw: rand.New(rand.NewPCG(uint64(seed), 41))}
				reference := w.rows(4000)
				w.drift, w.model = []float64{drift}, "dim"
				f := Find(reference, w.rows(4000))
				if all++; f.Verdict != want {
					wrong++
					t.Logf("%s, by %v: called %s", task, drift, f.Verdict)
				}
			}
		}
	}
	if wrong*5 > all { // labels, yes or no, do not always show that they are others given scores
		t.Errorf("%d of %d have another name than they should", wrong, all)
	}
}

// TestExchangeAndConcept: other labels of the same rows, where columns drift and another model scores
// them, are told with both.
func TestExchangeAndConcept(t *testing.T) {
	for seed := range runs(1) {
		w := served{task: schema.Binary, draw: rand.New(rand.NewPCG(uint64(seed), 29))}
		reference := w.rows(5000)
		w.drift, w.model, w.turned = []float64{0, 1}, "trained", 0.9
		if f := Find(reference, w.rows(5000)); f.Verdict != DataPredictionAndConcept || !f.Restated() {
			t.Errorf("called %s", f.Verdict)
		}
	}
}

// TestApart: where hardly any rows are like those of the reference it is said that nothing tells whether
// the model is the same, and no model is called another.
func TestApart(t *testing.T) {
	for _, model := range []string{"", "offset"} {
		w := served{task: schema.Binary, draw: rand.New(rand.NewPCG(3, 31)), stepped: true}
		reference := w.rows(2000)
		w.drift, w.model = []float64{5, 0, 5}, model
		if f := Find(reference, w.rows(2000)); !f.Apart || f.Restated() || !math.IsNaN(f.Prediction.P) {
			t.Errorf("%q: %+v", model, f)
		}
	}
}

// TestOverlap: rows that one side alone has weigh nothing, and weighted rows are alike.
func TestOverlap(t *testing.T) {
	w := served{task: schema.Binary, draw: rand.New(rand.NewPCG(4, 31))}
	reference := w.rows(3000)
	w.drift = []float64{0.7}
	current := w.rows(3000)
	last := len(current.Codes) - 1
	for row := range 600 {
		current.Codes[last][row] = 99 // a category that is new
	}
	j := newJoin(reference, current)
	j.say()
	j.know()
	j.bin()
	said, _ := j.few.hanging(mostTerms)
	side := j.few.unlike(said[0].design)
	weight := func(from, to int) (n, mean float64) {
		for i := from; i < to; i++ {
			n += math.Abs(side[i])
			mean += math.Abs(side[i]) * sketch.CodeNumber(append(reference.Codes[0], current.Codes[0]...)[i])
		}
		return n, mean / n
	}
	fresh, _ := weight(3000, 3600)
	rest, is := weight(3600, 6000)
	_, was := weight(0, 3000)
	if fresh > 0.02*rest {
		t.Errorf("rows of a new category weigh %.1f, all others %.1f", fresh, rest)
	}
	if math.Abs(is-was) > 0.1 {
		t.Errorf("weighted rows have means of %.3f and %.3f, apart by 0.7 without weights", was, is)
	}
	if n := j.few.shared(side); n < 800 || n > 1500 {
		t.Errorf("%.0f rows are shared, of two sides of 3,000 that are alike 1,500 would be", n)
	}
}

// TestBooster: trees learn steps of a number, products of two, and categories, of the rows that they are shown
// alone, and know missing values from others.
func TestBooster(t *testing.T) {
	draw := rand.New(rand.NewPCG(5, 31))
	const n = 4000
	codes, weights := make([][]uint32, 3), make([]float64, n)
	y := make([]float64, n)
	for i := range n {
		weights[i] = 1
		a, b, c := draw.NormFloat64(), draw.NormFloat64(), draw.IntN(40)
		if y[i] = float64(c % 2); (a > 0) == (b > 0.5) {
			y[i] += 2
		}
		code := sketch.NumberCode(a)
		if draw.IntN(10) == 0 {
			code, y[i] = 0, y[i]+5
		}
		codes[0], codes[1], codes[2] = append(codes[0], code), append(codes[1], sketch.NumberCode(b)), append(codes[2], uint32(1+c))
	}
	var columns []binned
	var order sketch.CodeOrder
	for i, numeric := range []bool{true, true, false} {
		columns = append(columns, newBinned(cases.Column{Numeric: numeric}, codes[i], weights, &order))
	}
	var learns []int32
	for i := 0; i < n; i += 2 {
		learns = append(learns, int32(i))
	}
	fit := func() []float64 {
		says := make([]float64, n)
		newBooster(columns, weights).fit(learns, says, learning, func(row int, says float64) float64 { return y[row] - says })
		return says
	}
	says, left, all := fit(), 0.0, 0.0
	for i := 1; i < n; i += 2 {
		left += (y[i] - says[i]) * (y[i] - says[i])
		all += (y[i] - 2) * (y[i] - 2)
	}
	if left > 0.15*all {
		t.Errorf("of rows that trees were not shown %.3f of the squares are left", left/all)
	}
	for i := 1; i < n; i += 2 {
		y[i] = -100
	}
	for i, x := range fit() {
		if x != says[i] {
			t.Fatalf("row %d: %v and %v: they learn of rows that they are not shown", i, x, says[i])
		}
	}
}

// TestNotLogged: what is not logged and moves along with columns moves scores and labels by as much everywhere:
// by little that is data, by much it may be the model as well, and never is it called another one.
func TestNotLogged(t *testing.T) {
	for _, task := range []schema.Task{schema.Binary, schema.Regression} {
		for seed := range runs(2) {
			w := served{task: task, hidden: true, draw: rand.New(rand.NewPCG(uint64(seed), 37))}
			reference := w.rows(5000)
			for hidden, want := range map[float64][]Verdict{0.5: {Data}, 2: {Data, PredictionOrData}} {
				w.drift = []float64{1, 1, 0, 0, 0, hidden}
				if f := Find(reference, w.rows(5000)); !slices.Contains(want, f.Verdict) {
					t.Errorf("%s, by %v: called %s", task, hidden, f.Verdict)
				}
			}
		}
	}
}
