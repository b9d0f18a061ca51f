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
// All three tests are of conditional independence, by the generalised covariance
// measure (Shah and Peters 2020): regress either on what is given, and see
// whether what is left goes together. With a regression of the side as well as
// of the label, a test holds if one of the two is right.
package concept

import (
	"cmp"
	"math"
	"slices"

	"leeway/core/cases"
	"leeway/core/outcome"
	"leeway/core/schema"
	"leeway/core/stat"
)

// Finding is which of the three moved, with what speaks for it.
type Finding struct {
	Verdict   Verdict
	Reason    string // of Unknown
	Needed    int64  // labelled current rows that it would take; 0 where that is not known
	Reference int64  // labelled rows
	Current   int64

	Data    Part // scores and features have the distribution that they had
	Label   Part // labels have
	Shape   Part // scores and features have, within each class
	Concept Part // labels have, given scores and features

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
	DataAndConcept Verdict = "data+concept"
	Unknown        Verdict = "unknown"
)

// The levels of the verdict: of that anything moved, and of that one thing alone
// does not explain it.
const (
	moves   = 0.005
	fitting = 0.003
)

// Find looks at the labelled rows of both sides, which have the same columns.
func Find(reference, current *cases.Table) *Finding {
	f := &Finding{Mean: math.NaN(), Size: math.NaN(), Noise: math.NaN(), Distance: math.NaN(), From: math.NaN(), To: math.NaN()}
	for _, n := range reference.Counts {
		f.Reference += int64(n)
	}
	for _, n := range current.Counts {
		f.Current += int64(n)
	}
	numbers := current.Shape.Task == schema.Regression
	b := join(reference, current)
	room := f.room(b, reference, numbers)
	if f.Verdict == Unknown {
		return f
	}
	said, knew := b.moved(b.constant(), [][]float64{nil})
	f.Data = part(said, knew)
	said, knew = b.moved(b.outcomes(numbers))
	f.Shape = part(said, knew)
	f.labels(b, reference.Rows, numbers)
	f.relations(b.thinned(reference.Rows), current, room)
	f.judge(numbers)
	return f
}

func part(said, knew []component) Part {
	p := Part{P: together(said, knew)}
	most := 0.0
	for _, all := range [][]component{said, knew} {
		for i := range all {
			if z := math.Abs(all[i].z); z > most {
				most, p.Column = z, all[i].column
			}
		}
	}
	return p
}

// room is how many terms the labels suffice for; none makes the verdict unknown.
func (f *Finding) room(b *both, reference *cases.Table, numbers bool) int {
	fewest, short := math.Inf(1), 0
	counts := [2]map[float64]float64{{}, {}}
	for i, w := range b.weights {
		counts[int(b.side[i])][b.actual[i]] += w
	}
	for side := range counts {
		var all, largest float64
		for _, n := range counts[side] {
			all, largest = all+n, max(largest, n)
		}
		rest := all - largest
		if numbers {
			rest = all
		}
		if rest < fewest {
			fewest, short = rest, side
		}
	}
	room := int(fewest / rowsPerTerm)
	if need := len(b.said) + 1; room < need {
		f.Verdict = Unknown
		f.Reason = "too few labelled rows"
		if short == 0 { // more current rows would not help
			f.Reason = "the reference has too few labelled rows"
		} else if fewest > 0 {
			f.Needed = int64(math.Ceil(float64(need*rowsPerTerm) / fewest * float64(f.Current)))
		}
	}
	return room - 1
}

// labels tests whether the labels have the distribution that they had.
func (f *Finding) labels(b *both, reference int, numbers bool) {
	constant := b.constant()
	side := left(constant, b.side)
	var terms []term
	if numbers {
		terms = ordered("", b.actual, b.weights)
		f.From, f.To = mean(b, b.actual, 0), mean(b, b.actual, 1)
		var squares, n float64
		for i, w := range b.weights[:reference] {
			squares += float64(w * (b.actual[i] - f.From) * (b.actual[i] - f.From))
			n += w
		}
		f.Distance = math.Abs(f.To-f.From) / math.Sqrt(squares/n)
	} else {
		f.Distance = 0
		for _, class := range distinct(b.actual) {
			is := func(i int) bool { return b.actual[i] == class }
			if one, ok := flag("", member, is, b.weights); ok {
				terms = append(terms, one)
			}
			was, now := share(b, is)
			f.Distance += float64(math.Abs(now-was) / 2)
		}
	}
	ps := []float64{}
	for i := range terms {
		one := component{z: covariance(side, left(constant, terms[i].values), nil, b.weights)}
		ps = append(ps, one.p())
	}
	f.Label.P = 1
	if len(ps) > 0 {
		f.Label.P = stat.Together(ps)
	}
}

func mean(b *both, values []float64, side float64) float64 {
	var n, sum float64
	for i, w := range b.weights {
		if b.side[i] == side {
			n += w
			sum += float64(w * values[i])
		}
	}
	return sum / n
}

func share(b *both, is func(int) bool) (was, now float64) {
	flags := make([]float64, b.rows)
	for i := range flags {
		if is(i) {
			flags[i] = 1
		}
	}
	return mean(b, flags, 0), mean(b, flags, 1)
}

// relations tests whether what comes true of the same rows is what it was: of
// several classes, each of the most frequent against all others.
func (f *Finding) relations(b *both, current *cases.Table, room int) {
	if current.Shape.Task == schema.Regression {
		f.relation(b.relate(b.actual, false, room))
		return
	}
	classes := []float64{float64(current.Shape.Positive)}
	if current.Shape.Positive < 0 {
		classes = commonest(b)
	} else {
		f.From, f.To = share(b, func(i int) bool { return b.actual[i] == classes[0] })
	}
	var ps []float64
	for _, class := range classes {
		y := make([]float64, b.rows)
		for i, x := range b.actual {
			if x == class {
				y[i] = 1
			}
		}
		r := b.relate(y, true, room)
		ps = append(ps, together(r.said, r.knew))
		if !(r.size <= f.Size) {
			f.relation(r)
		}
	}
	f.Concept.P = stat.Together(ps)
}

func (f *Finding) relation(r relation) {
	f.Concept = Part{together(r.said, r.knew), r.top}
	f.Mean, f.Size, f.Noise = r.mean, r.size, r.noise
}

// judge names what moved: nothing; what alone explains all, the likeliest of
// those that do; or more than one.
func (f *Finding) judge(numbers bool) {
	switch least := min(f.Data.P, f.Label.P, f.Concept.P); {
	case 3*least > moves:
		f.Verdict = None
		f.tell(numbers)
	case max(f.Concept.P, f.Shape.P, f.Data.P) < fitting:
		f.Verdict = DataAndConcept
	case f.Concept.P >= f.Shape.P && f.Concept.P >= f.Data.P:
		f.Verdict = Data
	case f.Shape.P >= f.Data.P:
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

// commonest lists the most frequent classes.
func commonest(b *both) []float64 {
	const most = 4
	rows := map[float64]float64{}
	for i, x := range b.actual {
		rows[x] += b.weights[i]
	}
	all := distinct(b.actual)
	slices.SortStableFunc(all, func(x, y float64) int { return cmp.Compare(rows[y], rows[x]) })
	return all[:min(len(all), most)]
}

// join lays the rows of both sides one after the other.
func join(reference, current *cases.Table) *both {
	b := &both{rows: reference.Rows + current.Rows}
	b.weights = slices.Concat(reference.Counts, current.Counts)
	b.actual = placed(current.Shape, slices.Concat(reference.Actual, current.Actual))
	b.side = make([]float64, b.rows)
	for i := reference.Rows; i < b.rows; i++ {
		b.side[i] = 1
	}
	b.said = saidTerms(reference, current, b.weights)
	for j, c := range current.Columns {
		b.knew = append(b.knew, terms(c, slices.Concat(reference.Codes[j], current.Codes[j]), b.weights)...)
	}
	return b
}

// saidTerms are those of scores, as logits, and without any of predictions.
func saidTerms(reference, current *cases.Table, weights []float64) []term {
	const most = 4 // classes
	var all []term
	for k := range current.Said[:min(len(current.Said), most)] {
		all = append(all, ordered("", logits(slices.Concat(reference.Said[k], current.Said[k])), weights)...)
	}
	if len(all) > 0 {
		return all
	}
	predicted := placed(current.Shape, slices.Concat(reference.Predicted, current.Predicted))
	if current.Shape.Task == schema.Regression {
		return ordered("", predicted, weights)
	}
	classes := distinct(predicted)
	for _, class := range classes[1:min(len(classes), most+1)] {
		if one, ok := flag("", member, func(i int) bool { return predicted[i] == class }, weights); ok {
			all = append(all, one)
		}
	}
	return all
}

// placed gives several classes numbers in the order of what they mean: their codes
// hang on which of them a file had first, and what is found must not.
func placed(shape *outcome.Shape, codes []float64) []float64 {
	if shape.Task != schema.Multiclass {
		return codes
	}
	all := make([]int32, shape.Classes.Len())
	for code := range all {
		all[code] = int32(code)
	}
	places := make([]float64, len(all))
	for place, code := range shape.Classes.Ordered(all) {
		places[code] = float64(place)
	}
	for i, code := range codes {
		if !math.IsNaN(code) {
			codes[i] = places[int(code)]
		}
	}
	return codes
}

// logits are those of scores that are probabilities; others stay what they are.
func logits(scores []float64) []float64 {
	for _, s := range scores {
		if s < 0 || s > 1 {
			return scores
		}
	}
	const edge = 1e-4
	for i, s := range scores {
		s = min(max(s, edge), 1-edge)
		scores[i] = math.Log(s / (1 - s))
	}
	return scores
}
