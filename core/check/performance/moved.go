package performance

import (
	"fmt"
	"math"

	"leeway/core/check"
	"leeway/core/check/concept"
	"leeway/core/internal/words"
	"leeway/core/metric"
	"leeway/core/schema"
)

// materialLabels is the smallest change of the labels worth an alert: of shares,
// and of a mean in standard deviations.
const (
	materialLabels   = 0.05
	materialMean     = 0.1
	materialRelation = 0.05
)

var ofRelation = []method{
	{Desc: metric.Desc{Name: "calibration_shift", Unit: "ratio", Low: -1, High: 1,
		Help:    "By how much more often the same scores come true than in the reference.",
		Formula: "Σ over 20 bins of score with as many rows of both sides together: share of current rows · (share of positive cases now - in the reference); bins that one side lacks are left out. 95% interval: normal; p: Cochran-Mantel-Haenszel",
		Use:     "Below 0 the same score comes true less often. It moves with the concept, with the share of positive cases, and where columns moved that the model does not know all of: performance.moved in the report says which.",
		Needs:   "a binary task with scores, and a labelled reference; with weights there is no p", Cite: "Mantel and Haenszel (1959)"}},
	{Desc: metric.Desc{Name: "auc_at_reference_scores", Unit: "ratio", High: 1, Better: "higher",
		Help:    "Area under the ROC curve, had scores the distribution that they have in the reference.",
		Formula: "roc_auc with current rows weighted by the reference's share of their bin of score over the current one (20 bins). 95% interval: DeLong, logit",
		Use:     "The area falls where scores crowd together, with nothing wrong with them. What is left of the fall here, the scores themselves have lost.",
		Needs:   "as calibration_shift; each bin is there on both sides, or left out", Cite: "Sugiyama, Krauledat and Müller (2007)"}},
	{Desc: metric.Desc{Name: "concept_shift", High: math.Inf(1), Better: "lower",
		Help:    "By how much what comes true of the same rows is apart from the reference.",
		Formula: "root of the mean square, over current rows, of the difference between two regressions of the label on scores and features (logistic; numbers: linear), one of each side; several classes: the one that moved most. p: that neither scores and features (generalised covariance measure) nor the shares of the classes explain the labels. Of up to 5,000 rows a side. Of what the shares of classes explain, most of the level is for one direction of rows within classes: what the reference's regression expected to come true; of two classes a fifth is for whether the log odds of all rows moved by as much. First of scores alone: where that and the tests of data and labels see nothing together (p > 0.05), value and p are left at that, p at 0.05 at least; material from 0.05, numbers from a tenth of the reference's mae. Where scores given features are others (p < 0.001, and twice as far, in mean square, from what the reference's say of such rows: a regression on features with boosted trees, of rows weighted by overlap; or less far, where labels given scores are others at 0.001) and labels given features alone are not (nor, where features show no change, labels), the predictions moved, and value and p are of labels given features and what the reference's scores say. While labels are selective in another way than in the reference (not_comparable), p is the larger of two: against the reference, and against those of its rows that would have a label (by a tree of how often current rows with such scores and features have one)",
		Use:     "The world has another answer to the same question: retrain on newer rows; older ones teach what no longer holds.",
		Needs:   "a labelled reference and ten labels of the rarer class for each thing looked at; else undefined. Regressions are additive: of a model blind to what columns do together, much drift of these may count as concept", Cite: "Shah and Peters (2020); Li, Morgan and Zaslavsky (2018); Widmer and Kubat (1996)"}},
	{Desc: metric.Desc{Name: "label_shift", High: math.Inf(1), Better: "lower",
		Help:    "How far the labels are from those of the reference.",
		Formula: "classes: total variation of their shares (binary: by how much the share of positive cases moved); numbers: the mean's move in the reference's standard deviations. p: of each class, or of level, rank and spread, combined (Cauchy). Of up to 20,000 distinct rows a side, of a window in a bucket up to 4,096; material from 0.05, numbers from 0.1",
		Use:     "More or fewer positive cases. If rows of each class look as they did, scores are off by a factor of the odds: correct the threshold.",
		Needs:   "as concept_shift", Cite: "Saerens, Latinne and Decaestecker (2002)"}},
}

// relation says what moved: samples of how labels hang on scores and features,
// and tests of labels and of the concept.
func (c *comparison) relation(out *check.Outcome) {
	if c.cur.Summary == nil || c.ref.rows() == 0 {
		return
	}
	if c.cur.Shape.Task == schema.Binary && c.ref.area != nil && c.cur.area != nil {
		bins := c.scores()
		for _, v := range []struct {
			name string
			value
			p float64
		}{{"calibration_shift", bins.shift(), bins.p(c.cur.Shape.Weighted)}, {"auc_at_reference_scores", c.evened(bins), math.NaN()}} {
			s := v.sample(v.name, c.ref.rows(), c.cur.rows())
			s.P = v.p
			out.Samples = append(out.Samples, s)
		}
	}
	m := c.in.Labelled.Moved()
	if m == nil {
		return
	}
	out.Moved, out.Still = c.say(m), c.still(m)
	for _, v := range []struct {
		name     string
		value, p float64
	}{{"concept_shift", m.Size, beyond(m)}, {"label_shift", m.Distance, m.Label.P}} {
		one := value{value: v.value}
		if m.Concept.P == 0 && m.Label.P == 0 && math.IsNaN(v.value) {
			one = missing(m.Reason)
		}
		s := one.sample(v.name, m.Reference, m.Current)
		if s.Reason == "" {
			s.P, s.Exact = v.p, false
		}
		out.Samples = append(out.Samples, s)
	}
	if math.IsNaN(m.Distance) {
		return
	}
	out.Evidence = append(out.Evidence, c.conceptShift(m, out.Moved))
	if !c.in.ComparesLabels() {
		out.Evidence = append(out.Evidence, c.labelShift(m))
	}
}

// beyond is the p-value of what neither the data nor the shares of the labels
// explain.
func beyond(m *concept.Finding) float64 { return max(m.Concept.P, m.Shape.P) }

func (c *comparison) conceptShift(m *concept.Finding, message string) check.Evidence {
	e := check.Evidence{
		Check: Name, Metric: "concept_shift", Value: m.Size, NoiseFloor: m.Noise, Error: m.Noise, P: beyond(m), Low: math.NaN(), High: math.NaN(),
		Effect:     math.Sqrt(max(float64(m.Size*m.Size)-float64(m.Noise*m.Noise), 0)),
		NReference: m.Reference, NCurrent: m.Current, Material: materialRelation, Message: message,
		Hint: "Retrain on newer labelled rows: older ones teach what no longer holds. Estimates from scores cannot be trusted meanwhile.",
	}
	if m.Restated() {
		e.Hint = "Find out which model serves, and with which inputs: training does not mend these. Estimates from scores cannot be trusted meanwhile."
	}
	if !c.in.Labelled.Comparable() {
		e.Hint += " Labels came for some rows first; this shows against rows of the reference that are like those too. What decides whether a label comes and is in no column cannot be told from it: labels that come because the model erred (complaints, appeals) look the same. Ask how rows get their labels before you retrain."
	}
	if c.numbers() {
		e.Unit = c.ref.Absolute.Mean()
		if e.Effect, e.Material = e.Effect/c.ref.Absolute.Mean(), materialError; !(c.ref.Absolute.Mean() > 0) {
			e.P = math.NaN()
		}
	}
	return e
}

func (c *comparison) numbers() bool { return c.cur.Shape.Task == schema.Regression }

func (c *comparison) labelShift(m *concept.Finding) check.Evidence {
	n, k := float64(m.Reference), float64(m.Current)
	scale := 1.0
	if !c.numbers() {
		p := float64((m.From + m.To) / 2)
		if math.IsNaN(p) {
			p = 0.5
		}
		scale = math.Sqrt(p * (1 - p))
	}
	noise := float64(math.Sqrt(2/math.Pi*(1/n+1/k)) * scale)
	e := check.Evidence{
		Check: Name, Metric: "label_shift", Value: m.Distance, NoiseFloor: noise, Effect: max(m.Distance-noise, 0), P: m.Label.P,
		Error: noise * math.Sqrt(math.Pi/2), Low: math.NaN(), High: math.NaN(), NReference: m.Reference, NCurrent: m.Current, Material: materialLabels,
		Hint: "See whether the data moved with them. If rows of each class look as they did, correct the threshold by the odds; if only some labels came yet, wait for the others.",
	}
	rows := fmt.Sprintf(" (%s against %s of the reference)", words.Plural(m.Current, "labelled row"), words.Count(m.Reference))
	switch {
	case c.numbers():
		e.Material = materialMean
		e.Message = fmt.Sprintf("The labels moved: their mean went from %s to %s%s.", words.Number(m.From), words.Number(m.To), rows)
	case math.IsNaN(m.From):
		e.Message = fmt.Sprintf("The labels moved: %s of rows are of another class than the reference's shares say%s.", words.Share(m.Distance), rows)
	default:
		e.Message = fmt.Sprintf("The labels moved: positive cases went from %s to %s%s.", words.Share(m.From), words.Share(m.To), rows)
	}
	return e
}

// say puts into words what moved, and what cannot be told.
func (c *comparison) say(m *concept.Finding) string {
	text := c.named(m)
	switch {
	case m.Apart:
		text += " Whether the same model scored them cannot be told: too few of them are like rows of the reference."
	case m.Doubtful():
		text += " Whether the same model scored them cannot be told: rows like those of the reference get somewhat other scores, which what is not logged may explain as well. Look at the model's version before you train it again."
	}
	return text
}

func (c *comparison) named(m *concept.Finding) string {
	switch m.Verdict {
	case concept.None:
		return "Neither data nor labels nor the concept moved beyond chance."
	case concept.Unknown:
		text := "It cannot be told whether data, labels or the concept moved: " + m.Reason + "."
		if m.Needed > m.Current {
			text += fmt.Sprintf(" It takes about %s.", words.Plural(m.Needed, "labelled row"))
		}
		return text
	case concept.LabelOrConcept:
		return c.either(m)
	case concept.Data:
		return "The data moved, not the concept: rows are other ones" + most(m.Data.Column) + ", and nothing shows that what comes true of the same row is not what it was."
	case concept.Label:
		return "The labels moved, not the concept: " + c.odds(m) + ", and rows of the same label look as they did. Scores come true more or less often by just that."
	case concept.Prediction:
		return "The predictions moved, not the data: the same rows get other scores, and nothing shows that rows, or what comes true of the same row, are not what they were. " + served + "."
	case concept.PredictionAndConcept:
		return "The predictions moved, and so did what comes true: the same rows get other scores" + most(m.Prediction.Column) + ", and other labels. " + served + ", before anything else."
	case concept.PredictionOrData:
		return "The predictions moved, or the data in what no column shows: rows of the same columns get other scores, and come to other labels. Whether another model serves them, or they are other rows, cannot be told apart: look at the model's version, and at its inputs at serving, first."
	case concept.DataAndPrediction:
		return "Data and predictions moved: rows are other ones" + most(m.Data.Column) + ", and rows like those of the reference get other scores; nothing shows that what comes true of the same row is not what it was. " + served + ", before anything else: training does not mend that."
	case concept.DataPredictionAndConcept:
		return "Data, predictions and concept moved: rows are other ones" + most(m.Data.Column) + ", and rows like those of the reference get other scores" + most(m.Prediction.Column) + " and come to other labels. " + served + ", before anything else."
	case concept.DataAndConcept:
		return "Data and concept moved: rows are other ones" + most(m.Data.Column) + ", and " + c.changed(m) + "."
	}
	return "The concept moved, not the data: " + c.changed(m) + "."
}

// served is what to look at where the same rows get other scores.
const served = "Look at the model's version, and at its inputs at serving"

// either says that labels or the concept moved, and what would tell which.
func (c *comparison) either(m *concept.Finding) string {
	text := "Either the labels moved or the concept did, which cannot be told apart yet: " + c.odds(m)
	if c.numbers() {
		text += ", and that there are more rows of such labels explains what is seen about as well as that the same rows come to other labels."
	} else {
		text += ", and that there are more rows of a class explains what is seen about as well as that the same rows come true more or less often."
	}
	switch rows := max(m.Needed, m.Each); {
	case m.Bound > 0 && rows > m.Bound:
		text += fmt.Sprintf(" It takes about %s, more than are looked at of one window (%s): see what the next ones say.", words.Plural(rounded(rows), "labelled row"), words.Count(m.Bound))
	case m.Each > 0:
		text += fmt.Sprintf(" It takes about %s on each side.", words.Plural(rounded(rows), "labelled row"))
	case m.Needed > m.Current:
		text += fmt.Sprintf(" It takes about %s.", words.Plural(rounded(rows), "labelled row"))
	}
	return text
}

// rounded keeps two digits: what rows would do is not known better.
func rounded(rows int64) int64 {
	step := int64(1)
	for rows/step >= 100 {
		step *= 10
	}
	return (rows + step - 1) / step * step
}

// still is the same where no column drifted, "" where that changes nothing.
func (c *comparison) still(m *concept.Finding) string {
	switch m.Verdict {
	case concept.Data:
		return "No column drifted, and nothing shows that what comes true of the same row is not what it was."
	case concept.DataAndConcept:
		return "The concept moved, and no column drifted: " + c.changed(m) + "."
	case concept.DataAndPrediction:
		return "The predictions moved, and no column drifted: rows like those of the reference get other scores, and nothing shows that what comes true of the same row is not what it was. " + served + "."
	case concept.DataPredictionAndConcept:
		return "The predictions moved, and so did what comes true, and no column drifted: rows like those of the reference get other scores" + most(m.Prediction.Column) + " and come to other labels. " + served + ", before anything else."
	}
	return ""
}

// most names the column in which it shows most.
func most(column string) string {
	if column == "" {
		return ""
	}
	return " (most of all in `" + column + "`)"
}

func (c *comparison) odds(m *concept.Finding) string {
	switch {
	case c.numbers():
		return fmt.Sprintf("their mean went from %s to %s", words.Number(m.From), words.Number(m.To))
	case math.IsNaN(m.From):
		return words.Share(m.Distance) + " of rows are of another class than the reference's shares say"
	}
	return fmt.Sprintf("positive cases went from %s to %s", words.Share(m.From), words.Share(m.To))
}

// changed says how what comes true changed: in one direction, or both.
func (c *comparison) changed(m *concept.Finding) string {
	with := ""
	if m.Concept.Column != "" {
		with = ", most with `" + m.Concept.Column + "`"
	}
	size := math.Sqrt(max(float64(m.Size*m.Size)-float64(m.Noise*m.Noise), 0))
	if text := c.scatter(size); text != "" {
		return text + with
	}
	switch up := m.Mean > 0; {
	case c.numbers() && math.Abs(m.Mean) > size/2:
		return fmt.Sprintf("labels of the same rows are %s %s on average%s", words.Number(math.Abs(m.Mean)), word(up, "higher", "lower"), with)
	case c.numbers():
		return fmt.Sprintf("labels of the same rows are %s higher or lower%s", words.Number(size), with)
	case c.cur.Shape.Positive < 0:
		return fmt.Sprintf("rows like before come to be of other classes (by %s points)%s", points(size), with)
	case math.Abs(m.Mean) > size/2:
		return fmt.Sprintf("the same scores and features come true %s often, by %s points%s", word(up, "more", "less"), points(math.Abs(m.Mean)), with)
	}
	return fmt.Sprintf("the same scores and features come true more often in some rows and less often in others, by %s points%s", points(size), with)
}

// scatter says of numbers that labels of the same rows are about what they were, and
// further from predictions, or closer; "" where that is not what changed.
func (c *comparison) scatter(size float64) string {
	if !c.numbers() {
		return ""
	}
	was, is := c.ref.Absolute.Mean(), c.cur.Absolute.Mean()
	if !(size < materialError*was) || !(math.Abs(is-was) >= materialError*was) {
		return ""
	}
	return fmt.Sprintf("labels of the same rows are hardly higher or lower on average, and %s predictions (mean absolute error %s, it was %s)",
		word(is > was, "further from", "closer to"), words.Number(is), words.Number(was))
}

func word(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

// points are hundredths.
func points(x float64) string { return words.Number(math.Round(1000*x) / 10) }
