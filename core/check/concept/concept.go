// Package concept tells which of three moved since the reference: the data, the
// labels, or the concept, that is what comes true of the same rows.
//
// Each of the three alone leaves something as it was, and that is tested, on
// samples of labelled rows of both sides (see [cases.Table]):
//
//   - data: what comes true of the same row. The side must tell nothing of the
//     label, given scores and features. Given scores alone it may: a model that does
//     not know all of a column that moved is off in another way, and nothing
//     else has changed.
//   - label: what rows of a class look like. The side must tell nothing of scores and
//     features, given the label. Scores then come true more or less often, as much
//     as the shares of the classes say.
//   - concept: what rows look like. The side must tell nothing of scores and
//     features.
//
// A concept that moved by as much everywhere and labels that moved look alike: more, or
// fewer, cases are positive. Where rows do not tell which it was, [LabelOrConcept] says so.
//
// All three tests are of conditional independence, by the generalised covariance
// measure (Shah and Peters 2020): regress either on what is given, and see
// whether what is left goes together. With a regression of the side as well as
// of the label, a test holds if one of the two is right.
package concept

import (
	"math"

	"leeway/core/cases"
	"leeway/core/schema"
	"leeway/core/stat"
)

// Finding is which of the three moved, with what speaks for it.
type Finding struct {
	Verdict   Verdict
	Reason    string // of Unknown
	Needed    int64  // labelled current rows that it would take; 0 where that is not known, or no number of them would
	Each      int64  // of LabelOrConcept: as many of either side would, where no number of current ones would
	Bound     int64  // labelled current rows that are looked at, at most; 0: not known
	Reference int64  // labelled rows
	Current   int64

	Data    Part // scores and features have the distribution that they had
	Label   Part // labels have
	Shape   Part // scores and features have, within each class
	Concept Part // labels have, given scores and features; of Prediction and DataAndPrediction, given features and what the reference's scores say

	Prediction Part // scores have the distribution that they had, given features; P is NaN where nobody asked
	Drifted    bool // features show by themselves that rows are others; where Prediction was asked
	Apart      bool // whether scores are others given features cannot be told: too few rows are like those of the other side

	Mean     float64 // by how much more came true of the same rows, on average
	Size     float64 // root of the mean square of by how much
	Noise    float64 // what Size would be if nothing had changed
	Distance float64 // how far the labels' shares are apart (total variation); numbers: the mean's move in standard deviations
	From, To float64 // the share of positive cases, or the mean, on either side; NaN for several classes
}

// Part is a test of something that stayed as it was, if it did.
type Part struct {
	P      float64
	Column string // by which it shows most, "" for scores and predictions
}

// Verdict names what moved.
type Verdict string

// The verdicts.
const (
	None           Verdict = "none"
	Data           Verdict = "data"
	Label          Verdict = "label"
	Concept        Verdict = "concept"
	LabelOrConcept Verdict = "label_or_concept" // either explains what is seen
	Prediction     Verdict = "prediction"       // what is said of the same rows
	DataAndConcept Verdict = "data+concept"
	Unknown        Verdict = "unknown"

	DataAndPrediction        Verdict = "data+prediction"         // other rows came, and the same rows get other scores
	DataPredictionAndConcept Verdict = "data+prediction+concept" // that, and other labels

	PredictionAndConcept Verdict = "prediction+concept" // that, and what comes true of them
	PredictionOrData     Verdict = "prediction_or_data" // either explains both: rows may be others in what no column shows
)

// Restated tells whether the same rows get other scores, as far as columns tell rows apart.
func (f *Finding) Restated() bool {
	if f == nil {
		return false
	}
	switch f.Verdict {
	case Prediction, PredictionAndConcept, PredictionOrData, DataAndPrediction, DataPredictionAndConcept:
		return true
	}
	return false
}

// Doubtful tells whether the same rows may get other scores though that is not what the verdict says:
// scores are others given columns, but hardly further off than they were, so that what is not logged, or
// columns that go together in another way, may be all there is to it.
func (f *Finding) Doubtful() bool {
	return f.Verdict != None && f.Verdict != Unknown && !f.Restated() && f.Prediction.P < restated
}

// The levels of the verdict: of that anything moved, and of that one thing alone
// does not explain it.
const (
	moves   = 0.005
	fitting = 0.003
)

// Find looks at the labelled rows of both sides, which have the same columns.
func Find(reference, current *cases.Table) *Finding {
	f := &Finding{Mean: math.NaN(), Size: math.NaN(), Noise: math.NaN(), Distance: math.NaN(), From: math.NaN(), To: math.NaN(), Prediction: Part{P: math.NaN()}}
	for _, n := range reference.Counts {
		f.Reference += int64(n)
	}
	for _, n := range current.Counts {
		f.Current += int64(n)
	}
	f.Bound = int64(current.Bound)
	numbers := current.Shape.Task == schema.Regression
	j := newJoin(reference, current)
	j.say()
	room := f.room(j.labelled, len(j.few.said), numbers)
	if f.Verdict == Unknown {
		return f
	}
	j.know()
	f.Data, f.Shape = part(j.looks.data), part(j.looks.shape)
	f.labels(j.labelled, j.of, numbers)
	targets := f.targets(j.few, j.labelled, current)
	r := f.relations(j.few, targets, !numbers, room)
	if r == nil {
		f.judge(&contest{concept: 1}, numbers)
		return f
	}
	f.restate(j, targets, !numbers, room)
	if f.Verdict == Prediction || f.Verdict == DataAndPrediction { // of labels given features
		return f
	}
	restated := f.Verdict // also where labels are others, too
	held := j.hold(r, numbers, f.To-f.From)
	across, odds := 0.0, 1.0
	if !numbers && current.Shape.Positive >= 0 {
		across, odds = oddly, j.few.odds(r)
	}
	f.Shape.P = min(f.Shape.P/(1-along-across), held.label/along, odds/oddly, 1)
	if f.judge(&held, numbers); restated != "" {
		f.Verdict, f.Needed, f.Each = restated, 0, 0
	}
	return f
}

func part(looks [2][]component) Part {
	p := Part{P: together(looks[0], looks[1])}
	most := 0.0
	for _, all := range looks {
		for i := range all {
			if z := math.Abs(all[i].z); z > most {
				most, p.Column = z, all[i].column
			}
		}
	}
	return p
}

// room is how many terms the labels suffice for, when so many are of what was
// said; none makes the verdict unknown.
func (f *Finding) room(l *labelled, said int, numbers bool) int {
	fewest, short := math.Inf(1), 0
	for side, rest := range l.rows() {
		if !numbers {
			largest := 0.0
			for i := range l.classes {
				largest = max(largest, l.classes[i].rows[side])
			}
			rest -= largest
		}
		if rest < fewest {
			fewest, short = rest, side
		}
	}
	room := int(fewest / rowsPerTerm)
	if need := said + 1; room < need {
		f.Verdict = Unknown
		f.Reason = "too few labelled rows"
		if short == 0 { // more current rows would not help
			f.Reason = "the reference has too few labelled rows"
		}
		switch {
		case fewest == 0 && !numbers && l.rows()[short] > 0:
			f.Reason = "all labelled rows are of one class"
			if short == 0 {
				f.Reason = "all labelled rows of the reference are of one class"
			}
		case short > 0 && fewest > 0:
			f.Needed = int64(math.Ceil(float64(need*rowsPerTerm) / fewest * float64(f.Current)))
		}
	}
	return room - 1
}

// labels tests whether the labels have the distribution that they had: by the
// classes, or by the terms of numbers.
func (f *Finding) labels(l *labelled, of []component, numbers bool) {
	var ps []float64
	for i := range of {
		ps = append(ps, of[i].p())
	}
	n := l.rows()
	if numbers {
		f.From, f.To = mean(l.actual[:l.reference], l.weights), mean(l.actual[l.reference:], l.weights[l.reference:])
		var squares float64
		for i, w := range l.weights[:l.reference] {
			squares += float64(w * (l.actual[i] - f.From) * (l.actual[i] - f.From))
		}
		f.Distance = math.Abs(f.To-f.From) / math.Sqrt(squares/n[0])
	} else {
		f.Distance = 0
		for i := range l.classes {
			c := &l.classes[i]
			if c.group > 0 {
				one := component{z: contrast(&[2]moments{{n[0], c.rows[0], c.rows[0]}, {n[1], c.rows[1], c.rows[1]}})}
				ps = append(ps, one.p())
			}
			f.Distance += float64(math.Abs(c.rows[1]/n[1]-c.rows[0]/n[0]) / 2)
		}
	}
	f.Label.P = 1
	if len(ps) > 0 {
		f.Label.P = stat.Together(ps)
	}
}

func mean(values, weights []float64) float64 {
	var n, sum float64
	for i, x := range values {
		n += weights[i]
		sum += float64(weights[i] * x)
	}
	return sum / n
}

// quiet is from which p-value on of data, labels and concept together the
// regressions are made on scores alone.
const quiet = 0.05

// targets are what came true: numbers; whether it was the positive class; or whether it
// was each of the most frequent classes.
func (f *Finding) targets(b *both, l *labelled, current *cases.Table) [][]float64 {
	if current.Shape.Task == schema.Regression {
		return [][]float64{b.actual}
	}
	classes := []float64{float64(current.Shape.Positive)}
	if current.Shape.Positive < 0 {
		classes = l.commonest()
	} else {
		f.From, f.To = l.share(classes[0])
	}
	var targets [][]float64
	for _, class := range classes {
		targets = append(targets, b.is(class))
	}
	return targets
}

// relations tests whether what comes true of the same rows is what it was: of
// several classes, each of the most frequent against all others.
//
// That is done on scores alone first. Where this and the tests of data and labels
// see nothing together, it is left at that, and the test counts as one that gave
// [quiet] at least: then it cannot name anything more often than the whole test,
// which is the only one that gives smaller p-values. Else it gives the relation that
// moved most.
func (f *Finding) relations(b *both, targets [][]float64, binary bool, room int) *relation {
	f.relation(targets, func(y []float64) relation { return b.relate(y, binary, b.said, b.knew) })
	if stat.Together([]float64{f.Data.P, f.Label.P, f.Concept.P}) > quiet {
		f.Concept.P = max(f.Concept.P, quiet)
		return nil
	}
	return f.relation(targets, func(y []float64) relation {
		chosen := b.regressors(b.said, y, room)
		return b.relate(y, binary, chosen, chosen)
	})
}

// relation is that of the target that moved most.
func (f *Finding) relation(targets [][]float64, relate func(y []float64) relation) (most *relation) {
	var ps []float64
	f.Size = math.NaN()
	for _, y := range targets {
		r := relate(y)
		p := together(r.said, r.knew)
		ps = append(ps, p)
		if !(r.size <= f.Size) {
			f.Concept = Part{p, r.top}
			f.Mean, f.Size, f.Noise = r.mean, r.size, r.noise
			most = &r
		}
	}
	if len(ps) > 1 {
		f.Concept.P = stat.Together(ps)
	}
	return most
}

// judge names what moved: nothing; what alone explains all, the likeliest of
// those that do; or more than one. Labels that hardly moved explain nothing. Where they and the
// concept both explain what is seen, it is told that either moved.
func (f *Finding) judge(held *contest, numbers bool) {
	label, concept := f.Shape.P, min(f.Data.P/(1-along), held.concept/along, 1)
	if f.Label.P > quiet {
		label = 0
	}
	switch least := min(f.Data.P, f.Label.P, f.Concept.P); {
	case 3*least > moves:
		f.Verdict = None
		f.tell(numbers)
	case max(f.Concept.P, label, concept) < fitting:
		f.Verdict = DataAndConcept
	case f.Concept.P >= max(label, concept):
		f.Verdict = Data
	case min(label, concept) >= telling:
		f.Verdict = LabelOrConcept
		f.Needed, f.Each = f.needed(held.apart)
	case label >= concept:
		f.Verdict = Label
	default:
		f.Verdict = Concept
	}
}

// material is a change of the chance of a class that somebody would want to hear
// of, and of a mean in standard deviations; unseen is how many times as much may
// go unseen before that is said.
const (
	material = 0.05
	unseen   = 2.5
	seen     = 3.9 // standard errors of a change that is found with 80% power
)

// tell says whether a change that matters would have shown.
func (f *Finding) tell(numbers bool) {
	v := 1.0
	if !numbers {
		p := float64((f.From + f.To) / 2)
		if math.IsNaN(p) {
			p = 0.5
		}
		v = p * (1 - p)
	}
	smallest := unseen * material
	n, m := float64(f.Reference), float64(f.Current)
	need := float64(seen * seen * v / (smallest * smallest)) // 1/(1/n + 1/m)
	if n*m/(n+m) >= need {
		return
	}
	f.Verdict, f.Reason = Unknown, "a change that matters might not show"
	if n > need {
		f.Needed = int64(math.Ceil(n * need / (n - need)))
	}
}
