package performance

import (
	"fmt"
	"math"
	"slices"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/outcome"
	"leeway/core/schema"
	"leeway/core/stat"
)

// The smallest change worth an alert, where the configuration says nothing:
// of shares, of the log loss in nats, of errors as a part of the reference's
// mean absolute error.
const (
	materialAccuracy = 0.03
	materialArea     = 0.03
	materialRate     = 0.05
	materialLoss     = 0.05
	materialError    = 0.1
)

// fewest is how many labelled rows a side has at least to be compared.
const fewest = 10

// compare tests whether the current side is worse than the reference.
func compare(ref, cur *side) []check.Evidence {
	if ref.Summary == nil || cur.Summary == nil || ref.Labelled < fewest || cur.Labelled < fewest {
		return nil
	}
	var all []check.Evidence
	add := func(e check.Evidence, ok bool) {
		if ok {
			all = append(all, e)
		}
	}
	if cur.Shape.Task == schema.Regression {
		add(compareErrors(ref, cur))
		add(compareBias(ref, cur))
		return all
	}
	add(compareRate(ref, cur, "accuracy", materialAccuracy, func(m *matrix) (part, whole weighed) { return m.right(), m.all() }))
	if cur.Shape.Task == schema.Binary {
		add(compareRate(ref, cur, "precision", materialRate, func(m *matrix) (part, whole weighed) { return m.guesses() }))
		add(compareRate(ref, cur, "recall", materialRate, func(m *matrix) (part, whole weighed) { return m.positives() }))
		add(compareArea(ref, cur))
	}
	add(compareLoss(ref, cur))
	return all
}

// tooFew says that labelled rows are too few to be compared at all, and how many would
// show a fall of accuracy by 10 points, or of the mean absolute error by a third, at a
// level of 0.1% with a power of 80%.
func tooFew(ref, cur *side, l *check.Labelled) []check.Evidence {
	if ref.rows() < fewest || cur.rows() == 0 || cur.rows() >= fewest {
		return nil
	}
	const deviates = 3.0902 + 0.8416
	var variance, matters float64 // of a row
	if cur.Shape.Task == schema.Regression {
		variance, matters = ref.Absolute.Variance()*float64(ref.Absolute.Rows()), ref.Absolute.Mean()/3
	} else {
		p := ref.matrix.accuracy().value
		variance, matters = p*(1-p), 0.1
	}
	need := int64(fewest)
	if rows := variance * (deviates / matters) * (deviates / matters); rows > fewest && rows < 1e9 {
		need = rounded(int64(math.Ceil(rows)))
	}
	e := unknown(l, fmt.Sprintf("Whether the model became worse is not known: %s, too few to be compared with the reference.", labelled(cur.rows())),
		fmt.Sprintf("It takes about %s. Wait for more labels, or merge several batches into one window.", words.Plural(need, "labelled row")))
	e.Metric, e.Value, e.NReference, e.NCurrent = check.SampleSize, float64(cur.rows()), ref.rows(), cur.rows()
	e.Partly = l.Delivery == nil // more may come
	return []check.Evidence{e}
}

func labelled(rows int64) string {
	if rows == 1 {
		return "1 row has a label"
	}
	return words.Count(rows) + " rows have a label"
}

// change is a metric on both sides.
type change struct {
	metric   string
	ref, cur float64
	variance [2]float64 // of either
	n        [2]int64
	p        float64 // of "no worse"
	better   float64 // of "no better"
	higher   bool    // higher is better
	scale    float64 // effects are parts of it
	material float64
}

// noise is how far the two sides are apart on average if nothing changed.
func (c *change) noise() float64 {
	return float64(math.Sqrt(2/math.Pi) * math.Sqrt(c.variance[0]+c.variance[1]))
}

// fault is the standard error of the difference if nothing changed: by how rows
// differ on the two sides, taken together.
func (c *change) fault() float64 {
	n, m := float64(c.n[0]), float64(c.n[1])
	return math.Sqrt(float64(n/m*c.variance[0]) + float64(m/n*c.variance[1]))
}

// sure is the chance at which something that got better is said to have.
const sure = 0.001

// evidence is what a change amounts to.
func (c *change) evidence() check.Evidence {
	e := check.Evidence{
		Check: Name, Metric: c.metric, Value: c.cur, P: c.p, Low: math.NaN(), High: math.NaN(),
		NReference: c.n[0], NCurrent: c.n[1], Material: c.material, Notable: c.better < sure,
		Base: c.ref, Unit: c.scale, Either: max(min(2*min(c.p, c.better), 1), math.SmallestNonzeroFloat64), Error: c.fault(),
	}
	noise := c.noise()
	worse := c.cur - c.ref
	e.NoiseFloor = c.ref + noise
	if c.higher {
		worse, e.NoiseFloor = -worse, c.ref-noise
	}
	e.Effect = max(worse-noise, 0) / c.scale
	return e
}

// say adds the sentences: what, in plain words, and that it rose or fell.
func (c *change) say(e *check.Evidence, what, number string) {
	verb, by := "fell", number
	if c.cur > c.ref {
		verb = "rose"
	}
	rows := fmt.Sprintf(" (%s against %s of the reference)", words.Plural(c.n[1], "labelled row"), words.Count(c.n[0]))
	if e.Notable {
		e.Message = fmt.Sprintf("The model got better: %s %s %s%s.", what, verb, by, rows)
		e.Hint = "Nothing to do: if it lasts, build a new baseline, so that a fall from here is seen."
		return
	}
	e.Message = fmt.Sprintf("The model got worse: %s %s %s%s.", what, verb, by, rows)
	e.Hint = "See which columns drifted and whether the labels are right; if the world changed, retrain on newer rows."
}

// shares writes a change of shares.
func (c *change) shares() string {
	return fmt.Sprintf("from %s to %s", words.Share(c.ref), words.Share(c.cur))
}

func (c *change) numbers() string {
	return fmt.Sprintf("from %s to %s", words.Number(c.ref), words.Number(c.cur))
}

// what rates are called in sentences.
var rateNames = map[string]string{
	"accuracy":  "the share of right predictions",
	"precision": "the share of cases predicted positive that are",
	"recall":    "the share of positive cases that are found",
}

// compareRate tests a share of rows: without weights by a draw from both sides
// together, which is exact, with weights by Student's t.
func compareRate(ref, cur *side, name string, material float64, of func(*matrix) (part, whole weighed)) (check.Evidence, bool) {
	c := change{metric: name, higher: true, scale: 1, material: material}
	var x, n [2]weighed
	for i, s := range []*side{ref, cur} {
		x[i], n[i] = of(s.matrix)
		if !(n[i].weight > 0) {
			return check.Evidence{}, false
		}
		p := x[i].weight / n[i].weight
		q := 1 - p
		c.variance[i] = (float64(q*q*x[i].squares) + float64(p*p*(n[i].squares-x[i].squares))) / (n[i].weight * n[i].weight)
		c.n[i] = s.matrix.rows
	}
	c.ref, c.cur = x[0].weight/n[0].weight, x[1].weight/n[1].weight
	null := func(x float64) float64 { return x }
	if cur.Shape.Weighted {
		a, b := mistaken(x[0], n[0]), mistaken(x[1], n[1])
		c.p, c.better = a.Above(&b), b.Above(&a)
	} else {
		right, all, draw := int64(x[0].weight+x[1].weight), int64(n[0].weight+n[1].weight), int64(n[1].weight)
		wrong := stat.Hypergeometric{All: all, Marked: all - right, Draw: draw}
		if wrong.Marked == 0 || wrong.Marked == all {
			return check.Evidence{}, false
		}
		mistakes := draw - int64(x[1].weight)
		c.p, c.better = wrong.Above(mistakes), wrong.Below(mistakes)
		null = least(wrong.P(wrong.High()))
	}
	e := c.evidence()
	e.Null = null
	e.Low, e.High = stat.WilsonEffective(c.cur, n[1].weight*n[1].weight/n[1].squares)
	c.say(&e, rateNames[name], c.shares())
	return e, true
}

// mistaken is the share of wrong rows as a mean of weighted values.
func mistaken(right, all weighed) stat.Spreads {
	p := right.weight / all.weight
	q := 1 - p
	about := float64(q*q*right.squares) + float64(p*p*(all.squares-right.squares))
	return stat.Spreads{Mean: q, Effective: all.weight * all.weight / all.squares, Squares: all.squares, About: about}
}

func spreads(m *outcome.Moment) stat.Spreads {
	s := stat.Spreads{Mean: m.Mean(), Effective: m.Effective()}
	s.Squares, s.About = m.About()
	return s
}

// least is the null distribution of a p-value that cannot be below smallest.
func least(smallest float64) func(float64) float64 {
	return func(x float64) float64 {
		if x < smallest {
			return 0
		}
		return x
	}
}

func (m *matrix) all() weighed { return weighed{m.total, m.squares} }

// right are the rows whose class was predicted.
func (m *matrix) right() (sum weighed) {
	for k := range m.classes {
		sum.add(m.cells[[2]int{k, k}])
	}
	return sum
}

// guesses are the rows predicted to be positive, and those of them that are.
func (m *matrix) guesses() (part, whole weighed) {
	for i := range m.classes {
		if m.positive >= 0 {
			whole.add(m.cells[[2]int{i, m.positive}])
		}
	}
	return m.cells[[2]int{m.positive, m.positive}], whole
}

// positives are the positive rows, and those of them that were predicted to be.
func (m *matrix) positives() (part, whole weighed) {
	for j := range m.classes {
		if m.positive >= 0 {
			whole.add(m.cells[[2]int{m.positive, j}])
		}
	}
	return m.cells[[2]int{m.positive, m.positive}], whole
}

func (w *weighed) add(o weighed) {
	w.weight += o.weight
	w.squares += o.squares
}

// compareArea tests the area under the ROC curve.
func compareArea(ref, cur *side) (check.Evidence, bool) {
	if ref.area == nil || cur.area == nil || ref.area.reason != "" || cur.area.reason != "" {
		return check.Evidence{}, false
	}
	a, b := &ref.area.auc, &cur.area.auc
	c := change{metric: "roc_auc", higher: true, scale: 1, material: materialArea, ref: a.Area, cur: b.Area, variance: [2]float64{a.Variance, b.Variance}}
	c.n[0], _ = ref.area.count()
	c.n[1], _ = cur.area.count()
	c.p = a.Fell(b)
	c.better = 1 - c.p
	e := c.evidence()
	e.Low, e.High = b.Interval()
	c.say(&e, "how well it tells positive from negative cases (ROC AUC)", c.numbers())
	return e, true
}

// compareLoss tests the log loss: whether what came true was as probable to the
// model as before.
func compareLoss(ref, cur *side) (check.Evidence, bool) {
	if ref.unscored() != "" || cur.unscored() != "" {
		return check.Evidence{}, false
	}
	c := change{metric: "log_loss", scale: 1, material: materialLoss}
	if !c.means(ref.LogLoss, cur.LogLoss, ref.logLosses(), cur.logLosses(), cur.Shape.Weighted) {
		return check.Evidence{}, false
	}
	e := c.evidence()
	e.Low, e.High = stat.MeanInterval(c.cur, c.variance[1], cur.LogLoss.Effective())
	c.say(&e, "how wrong its probabilities are (log loss)", c.numbers())
	return e, true
}

// means tests two means of losses: whether the current one is higher.
func (c *change) means(a, b *outcome.Moment, ofA, ofB stat.Weighted, weighted bool) bool {
	c.ref, c.cur = a.Mean(), b.Mean()
	c.variance = [2]float64{a.Variance(), b.Variance()}
	c.n = [2]int64{a.Rows(), b.Rows()}
	if c.n[0] < fewest || c.n[1] < fewest || math.IsInf(c.variance[0]+c.variance[1], 0) {
		return false
	}
	if weighted {
		x, y := spreads(a), spreads(b)
		c.p, c.better = x.Above(&y), y.Above(&x)
		return true
	}
	p, err := stat.NewPair(ofA, ofB).Rose()
	c.p, c.better = p, 1-p
	return err == nil
}

// logLosses are the log losses of rows as a sample.
func (s *side) logLosses() stat.Weighted {
	if s.area == nil {
		return check.SampleOf(s.Losses)
	}
	var losses []loss
	for i := range s.area.steps {
		step := &s.area.steps[i]
		for mark, n := range step.Counts {
			p := step.Value
			if mark == 0 {
				p = 1 - p
			}
			if n > 0 {
				losses = append(losses, loss{outcome.LogLossOf(p), n})
			}
		}
	}
	return collect(losses)
}

// loss is a value and how often it occurs.
type loss struct {
	value float64
	n     int64
}

// collect makes a sample of values in any order.
func collect(losses []loss) (w stat.Weighted) {
	slices.SortFunc(losses, func(a, b loss) int {
		switch {
		case a.value < b.value:
			return -1
		case a.value > b.value:
			return 1
		}
		return 0
	})
	for i, l := range losses {
		if i == 0 || l.value != losses[i-1].value {
			w.Values, w.Counts = append(w.Values, l.value), append(w.Counts, 0)
		}
		w.Counts[len(w.Counts)-1] += l.n
	}
	return w
}

// compareErrors tests the mean absolute error.
func compareErrors(ref, cur *side) (check.Evidence, bool) {
	ofRef, _, _ := ref.errors()
	ofCur, _, _ := cur.errors()
	c := change{metric: "mae", scale: ref.Absolute.Mean(), material: materialError}
	if !(c.scale > 0) || !c.means(ref.Absolute, cur.Absolute, ofRef, ofCur, cur.Shape.Weighted) {
		return check.Evidence{}, false
	}
	e := c.evidence()
	e.Low, e.High = stat.MeanInterval(c.cur, c.variance[1], cur.Absolute.Effective())
	c.say(&e, "its mean absolute error", c.numbers())
	return e, true
}

// compareBias tests the mean error: it is worse where it went away from zero.
func compareBias(ref, cur *side) (check.Evidence, bool) {
	_, ofRef, _ := ref.errors()
	_, ofCur, _ := cur.errors()
	c := change{metric: "bias", scale: ref.Absolute.Mean(), material: materialError}
	if !(c.scale > 0) || !c.means(ref.Signed, cur.Signed, ofRef, ofCur, cur.Shape.Weighted) {
		return check.Evidence{}, false
	}
	// Both directions are looked at, and which of them is worse is seen only
	// then: that takes a two-sided test.
	p := min(2*min(c.p, c.better), 1)
	c.p, c.better = 1, p
	if math.Abs(c.cur) > math.Abs(c.ref) {
		c.p, c.better = p, 1
	}
	e := c.evidence()
	e.Either, e.Base = max(p, math.SmallestNonzeroFloat64), math.Copysign(c.ref, c.cur)
	noise := c.noise()
	e.Effect = max(math.Abs(c.cur)-math.Abs(c.ref)-noise, 0) / c.scale
	e.NoiseFloor = math.Copysign(math.Abs(c.ref)+noise, c.cur)
	e.Low, e.High = stat.MeanInterval(c.cur, c.variance[1], cur.Signed.Effective())
	way := "too high"
	if c.cur < 0 {
		way = "too low"
	}
	c.say(&e, "the mean of its errors (predictions are "+way+" on average)", c.numbers())
	return e, true
}
