package concept

import (
	"math"
	"math/rand/v2"
	"slices"

	"leeway/core/cases"
	"leeway/core/outcome"
	"leeway/core/schema"
	"leeway/core/sketch"
	"leeway/core/stat"
)

// served makes rows of a model that may be exchanged while columns drift: six numbers, a
// category, what the model says of them and what comes true.
type served struct {
	draw    *rand.Rand
	task    schema.Task
	common  float64 // share of a factor in the variance of each number
	stepped bool    // scores and labels go by steps and products
	bare    bool    // predictions alone, no scores
	hidden  bool    // the last number is no column
	deep    float64 // and counts for so much more

	drift  []float64 // of each number
	lean   float64   // share of rows that are of the first category besides
	model  string    // that serves: "" for the one of the reference
	turned float64   // the first number counts for so much less in what comes true
	lifted float64   // so much more comes true
	prior  float64   // so many times as many positive rows; 0: as they come
}

const servedNumbers, servedGroups = 6, 4

// margin is what a row amounts to, the larger the likelier it comes true.
func (w *served) margin(x []float64, group int) float64 {
	z := -0.4 + 0.5*float64(group%3-1) + w.deep*x[servedNumbers-1]
	if !w.stepped {
		for i, v := range x {
			z += coefficients[i] * v
		}
		return z
	}
	step := func(is bool) float64 {
		if is {
			return 1
		}
		return -1
	}
	z += 0.7*step(x[0] > 0.3) + 0.5*step(x[1] > -0.4)*step(x[2] > 0) + 0.4*math.Abs(x[3]) - 0.5*math.Min(x[4], 0.5)
	if group == 1 {
		z += 0.6 * step(x[0] < -0.5)
	}
	return z
}

// says is what the model makes of a row.
func (w *served) says(x []float64, group int) float64 {
	z := 1.3 * w.margin(x, group)
	switch w.model {
	case "offset":
		return z + 1
	case "slight":
		return z + 0.4
	case "scaled":
		return 2 * z
	case "noisy":
		return z + 1.2*w.draw.NormFloat64()
	case "lost": // it does not see a column any more
		blind := append([]float64{0}, x[1:]...)
		return 1.3 * w.margin(blind, group)
	case "dim": // it does not see the last number, and does for what is logged as it did
		return 1.3 * w.margin(append(slices.Clone(x[:servedNumbers-1]), 0), group)
	case "trained": // again, on other rows
		other := make([]float64, len(x))
		for i, v := range x {
			other[i] = v*[]float64{0.7, 1.3}[i%2] + 0.15
		}
		return 1.3 * w.margin(other, group)
	}
	return z
}

func (w *served) shape() *outcome.Shape {
	said := []schema.Column{{Name: "score", Kind: schema.Numeric, Role: schema.Score}}
	switch {
	case w.task == schema.Regression:
		said[0].Role = schema.Prediction
	case w.bare:
		said[0] = schema.Column{Name: "prediction", Kind: schema.Categorical, Role: schema.Prediction}
	case w.task == schema.Multiclass:
		said = nil
		for _, class := range []string{"a", "b", "c"} {
			said = append(said, schema.Column{Name: class, Kind: schema.Numeric, Role: schema.Score, Class: class})
		}
	}
	contract := &schema.Schema{Task: w.task, Columns: append(said, schema.Column{Name: "label", Kind: schema.Categorical, Role: schema.Label})}
	if w.task == schema.Binary {
		contract.Positive = "1"
	}
	return outcome.NewShape(contract, outcome.Exact)
}

func (w *served) rows(n int) *cases.Table {
	t := &cases.Table{Shape: w.shape()}
	for i := range servedNumbers {
		t.Columns = append(t.Columns, cases.Column{Name: string(rune('a' + i)), Numeric: true})
	}
	t.Columns = append(t.Columns, cases.Column{Name: "group"})
	t.Codes, t.Said = make([][]uint32, len(t.Columns)), make([][]float64, len(t.Shape.Scored))
	for t.Rows < n {
		w.row(t)
	}
	if w.model == "shuffled" {
		w.draw.Shuffle(n, func(i, j int) {
			t.Predicted[i], t.Predicted[j] = t.Predicted[j], t.Predicted[i]
			for _, said := range t.Said {
				said[i], said[j] = said[j], said[i]
			}
		})
	}
	if last := servedNumbers - 1; w.hidden {
		t.Columns, t.Codes = append(t.Columns[:last:last], t.Columns[last+1:]...), append(t.Codes[:last:last], t.Codes[last+1:]...)
	}
	return t
}

func (w *served) row(t *cases.Table) {
	x, factor := make([]float64, servedNumbers), w.draw.NormFloat64()
	for i := range x {
		x[i] = float64(math.Sqrt(w.common)*factor) + float64(math.Sqrt(1-w.common)*w.draw.NormFloat64())
		if i < len(w.drift) {
			x[i] += w.drift[i]
		}
	}
	group := w.draw.IntN(servedGroups)
	if w.draw.Float64() < w.lean {
		group = 0
	}
	z := w.margin(x, group) - float64(w.turned*x[0]) + w.lifted
	if !w.label(t, z, float64(w.margin(x, (group+1)%servedGroups)-0.3*x[1])) {
		return
	}
	t.Rows++
	t.Counts = append(t.Counts, 1)
	for i, v := range x {
		t.Codes[i] = append(t.Codes[i], sketch.NumberCode(v))
	}
	t.Codes[servedNumbers] = append(t.Codes[servedNumbers], uint32(1+group))
	w.say(t, w.says(x, group), w.says(x, (group+1)%servedGroups)-0.3*x[1])
}

// label draws what comes true; not ok where the row is left out.
func (w *served) label(t *cases.Table, z, other float64) bool {
	switch w.task {
	case schema.Regression:
		t.Actual = append(t.Actual, z+0.8*w.draw.NormFloat64())
	case schema.Multiclass:
		t.Actual = append(t.Actual, float64(w.class(softmax(z, other))))
	default:
		y := w.draw.Float64() < stat.Expit(z)
		if w.prior > 1 && !y && w.draw.Float64() > 1/w.prior {
			return false
		}
		t.Actual = append(t.Actual, classOf(t, y))
	}
	return true
}

func (w *served) class(shares [3]float64) int {
	u := w.draw.Float64()
	switch {
	case u < shares[0]:
		return 0
	case u < shares[0]+shares[1]:
		return 1
	}
	return 2
}

// say adds what the model says.
func (w *served) say(t *cases.Table, z, other float64) {
	switch w.task {
	case schema.Regression:
		t.Predicted = append(t.Predicted, z)
	case schema.Multiclass:
		shares, top := softmax(z, other), 0
		for k, p := range shares {
			t.Said[k] = append(t.Said[k], p)
			if p > shares[top] {
				top = k
			}
		}
		t.Predicted = append(t.Predicted, float64(top))
	default:
		for k := range t.Said {
			t.Said[k] = append(t.Said[k], stat.Expit(z))
		}
		t.Predicted = append(t.Predicted, classOf(t, z >= 0))
	}
}

func classOf(t *cases.Table, yes bool) float64 {
	if yes {
		return float64(t.Shape.Positive)
	}
	return float64(t.Shape.Classes.Code("0"))
}

func softmax(a, b float64) [3]float64 {
	x, y := math.Exp(a), math.Exp(b)
	all := x + y + 1
	return [3]float64{x / all, y / all, 1 / all}
}
