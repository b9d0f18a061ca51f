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

// world makes rows: features, the score of a model that is good and neither
// perfect nor calibrated, and what came true.
type world struct {
	draw    *rand.Rand
	numbers int
	groups  int  // categories of one more column; 0 for none
	blind   bool // the model does not know the last number
	bent    bool // what comes true hangs on a square and a product too
	spot    bool // of the last category, scores tell little
	regress bool
	faint   float64 // what features tell is less, by that factor; 0: not

	shift  float64 // of the first two numbers and the last
	prior  float64 // weight of positive rows against negative ones; 0 or 1: as they come
	turned float64 // by how much the first coefficient is another
	lifted float64 // the intercept
	tied   float64 // how the first two numbers go together: their correlation
	other  string  // what became of the model; "": nothing
	pair   bool    // the model knows a product of the first two numbers

	unlogged bool    // the last number is not among the columns
	hidden   float64 // shift of the last number alone
}

var coefficients = []float64{1, -0.8, 0.6, 0.5, -0.4, 0.3, 0.3, -0.2}

func (w *world) truth(x []float64, group int) float64 {
	z := -0.6 + w.lifted
	for i, v := range x {
		b := coefficients[i]
		if i == 0 {
			b -= w.turned
		}
		z += w.fainter(b) * v
	}
	if w.groups > 0 {
		z += 0.5 * float64(group%3-1)
	}
	if w.bent {
		z += 0.3*(x[1]*x[1]-1) + 0.3*x[0]*x[2]
	}
	if w.spot && group == 2 {
		z *= 0.3
	}
	return z
}

func (w *world) fainter(b float64) float64 {
	if w.faint > 0 {
		b *= w.faint
	}
	return b
}

// model is what the model thinks: too sure, and blind to some.
func (w *world) model(x []float64, group int) float64 {
	z := -0.3
	for i, v := range x {
		if w.blind && i == len(x)-1 {
			continue
		}
		z += 1.3 * w.fainter(coefficients[i]) * v
	}
	if w.groups > 0 {
		z += 0.6 * float64(group%3-1)
	}
	if w.pair {
		z += 0.5 * x[0] * x[1]
	}
	switch w.other {
	case "lost":
		z -= 1.3 * w.fainter(coefficients[0]) * x[0]
	case "noisy":
		z += 1.5 * w.draw.NormFloat64()
	case "scaled":
		z *= 2.5
	case "offset":
		z++
	}
	return z
}

func (w *world) rows(n int) *cases.Table {
	contract := &schema.Schema{Task: schema.Binary, Positive: "1", Columns: []schema.Column{{Name: "score", Kind: schema.Numeric, Role: schema.Score}, {Name: "label", Kind: schema.Categorical, Role: schema.Label}}}
	if w.regress {
		contract.Task, contract.Columns[0].Role = schema.Regression, schema.Prediction
	}
	t := &cases.Table{Shape: outcome.NewShape(contract, outcome.Exact)}
	for i := range w.numbers {
		t.Columns = append(t.Columns, cases.Column{Name: string(rune('a' + i)), Numeric: true})
	}
	if w.groups > 0 {
		t.Columns = append(t.Columns, cases.Column{Name: "group"})
	}
	t.Codes, t.Said = make([][]uint32, len(t.Columns)), make([][]float64, len(t.Shape.Scored))
	for t.Rows < n {
		w.row(t)
	}
	if last := w.numbers - 1; w.unlogged {
		t.Columns, t.Codes = slices.Delete(t.Columns, last, last+1), slices.Delete(t.Codes, last, last+1)
	}
	if w.other == "shuffled" {
		w.draw.Shuffle(n, func(i, j int) {
			t.Predicted[i], t.Predicted[j] = t.Predicted[j], t.Predicted[i]
			for _, said := range t.Said {
				said[i], said[j] = said[j], said[i]
			}
		})
	}
	return t
}

func (w *world) row(t *cases.Table) {
	x := make([]float64, w.numbers)
	for i := range x {
		x[i] = w.draw.NormFloat64()
		if i < 2 || i == len(x)-1 {
			x[i] += w.shift
		}
	}
	x[len(x)-1] += w.hidden
	if w.tied != 0 {
		x[1] = w.tied*x[0] + math.Sqrt(1-w.tied*w.tied)*x[1]
	}
	group := 0
	if w.groups > 0 {
		group = w.draw.IntN(w.groups)
		if w.shift > 0 && w.draw.Float64() < w.shift/2 {
			group = 2
		}
	}
	z, y := w.truth(x, group), 0.0
	switch {
	case w.regress:
		y = z + 0.8*w.draw.NormFloat64()
		if w.prior > 0 && w.draw.Float64() > stat.Expit(w.prior*(y+0.6)) {
			return
		}
	case w.draw.Float64() < stat.Expit(z):
		y = 1
		if w.prior > 0 && w.prior < 1 && w.draw.Float64() > w.prior {
			return
		}
	default:
		if w.prior > 1 && w.draw.Float64() > 1/w.prior {
			return
		}
	}
	t.Rows++
	for i, v := range x {
		t.Codes[i] = append(t.Codes[i], sketch.NumberCode(v))
	}
	if w.groups > 0 {
		t.Codes[w.numbers] = append(t.Codes[w.numbers], uint32(1+group))
	}
	said := w.model(x, group)
	t.Counts = append(t.Counts, 1)
	if w.regress {
		t.Predicted, t.Actual = append(t.Predicted, said), append(t.Actual, y)
		return
	}
	positive := float64(t.Shape.Positive)
	other := float64(t.Shape.Classes.Code("0"))
	class := func(yes bool) float64 {
		if yes {
			return positive
		}
		return other
	}
	t.Said[0] = append(t.Said[0], stat.Expit(said))
	t.Predicted, t.Actual = append(t.Predicted, class(said >= 0)), append(t.Actual, class(y == 1))
}
