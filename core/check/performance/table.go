package performance

import (
	"math"
	"slices"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/schema"
)

// method is a metric with the function that computes it.
type method struct {
	metric.Desc
	tasks  []schema.Task                        // nil: all
	of     func(*side, *check.Labelled) []value // nil: it takes both sides, see comparison
	priced bool                                 // it takes the configuration's costs
}

func (m *method) fits(s *side) bool {
	if m.priced && s.prices == nil {
		return false
	}
	return m.tasks == nil || s.Summary != nil && slices.Contains(m.tasks, s.Shape.Task)
}

var (
	classes    = []schema.Task{schema.Binary, schema.Multiclass}
	multiclass = []schema.Task{schema.Multiclass}
	numbers    = []schema.Task{schema.Regression}
)

// one makes a method of a metric with one value.
func one(of func(*side) value) func(*side, *check.Labelled) []value {
	return func(s *side, _ *check.Labelled) []value { return []value{of(s)} }
}

// number makes one of a metric of numbers, which needs a row.
func number(of func(*side) value) func(*side, *check.Labelled) []value {
	return one(func(s *side) value {
		if s.Absolute.Rows() == 0 {
			return missing(noRows)
		}
		return of(s)
	})
}

const (
	wilson   = "; 95% interval: Wilson"
	delta    = "; 95% interval: delta method"
	student  = "; 95% interval: Student's t"
	inactual = "classes that come true or are predicted; an undefined class counts 0"
)

// Table lists the metrics.
var Table = finish(slices.Concat(delivery, ofClasses, ofScores, ofNumbers, ofMoney, ofRelation, ofSlices))

// finish writes what all have in common.
func finish(table []method) []method {
	for i := range table {
		table[i].Check, table[i].Laws = Name, laws
	}
	return table
}

var delivery = []method{
	{Desc: metric.Desc{Name: "labelled_rows", Unit: "rows", High: math.Inf(1), Better: "higher",
		Help:    "Rows whose label is known.",
		Formula: "rows with a label of their own, or whose id has one in the label files; not those whose labels contradict each other",
		Use:     "All metrics of performance are about these rows alone.",
		Needs:   "labels; without any there are no samples of this family",
		Cite:    "a count"},
		of: one(func(s *side) value { return value{value: float64(s.Labelled)} })},
	{Desc: metric.Desc{Name: "label_coverage", Unit: "ratio", High: 1, Better: "higher",
		Help:    "Share of rows whose label is known.",
		Formula: "labelled_rows / rows",
		Use:     "Low coverage makes a metric uncertain (see its interval), and misleading where labels come sooner for some rows than for others.",
		Needs:   "a row",
		Cite:    "a ratio of counts"},
		of: one(func(s *side) value {
			if s.Rows == 0 {
				return missing("no rows")
			}
			return value{value: float64(s.Labelled) / float64(s.Rows)}
		})},
	{Desc: metric.Desc{Name: "labels_unmatched", Unit: "rows", High: math.Inf(1), Better: "lower",
		Help:    "Ids of the label files that no row has.",
		Formula: "distinct ids of the label files that neither the current data nor the reference have; in a bucket it is said of the model and not of a window, see leeway_labels_unmatched",
		Use:     "Many mean that the files are of another model or time, or write ids in another way.",
		Needs:   "label files",
		Cite:    "a count"},
		of: counted(func(d *check.Delivery) int64 { return d.Unmatched }, nil)},
	{Desc: metric.Desc{Name: "labels_duplicate", Unit: "rows", High: math.Inf(1), Better: "lower",
		Help:    "Labels that say again what another says.",
		Formula: "rows of the label files with the id and the label of another one; of a window in a bucket, its rows with such an id, once however often the label was repeated",
		Use:     "They count once. Many mean that a file was delivered twice.",
		Needs:   "label files",
		Cite:    "a count"},
		of: counted(func(d *check.Delivery) int64 { return d.Duplicate }, func(j *check.Joined) int64 { return j.Repeated })},
	{Desc: metric.Desc{Name: "labels_conflicting", Unit: "rows", High: math.Inf(1), Better: "lower",
		Help:    "Ids with labels that contradict each other.",
		Formula: "distinct ids with more than one label, in the label files and the rows themselves; of a window in a bucket, its rows with such an id, where of several files the last to come counts",
		Use:     "Nobody can tell which is right: their rows count as not labelled. Find out which source is wrong.",
		Needs:   "label files",
		Cite:    "a count"},
		of: counted(func(d *check.Delivery) int64 { return d.Conflicting }, func(j *check.Joined) int64 { return j.Contradicted })},
	{Desc: metric.Desc{Name: "labels_corrected", Unit: "rows", High: math.Inf(1),
		Help:    "Ids whose label is another than it was before.",
		Formula: "distinct ids of the label files with labels that differ, of which one is the newest: by labels.version, in a bucket also by when its file was written; of a window in a bucket, its rows with such an id",
		Use:     "The newest counts. Many mean that labels are given before they are final: metrics of the newest windows may still move.",
		Needs:   "label files",
		Cite:    "a count"},
		of: counted(func(d *check.Delivery) int64 { return d.Corrected }, func(j *check.Joined) int64 { return j.Corrected })},
	contraryPredictions,
	{Desc: metric.Desc{Name: "labels_unscored", Unit: "rows", High: math.Inf(1), Better: "lower",
		Help:    "Labelled rows of a class that no column of role score is of.",
		Formula: "rows with all scores whose class is not among those of the columns of role score. Up to 5% of them are left out of log_loss, brier, ece, roc_auc and average_precision; above that these are undefined, save those of a class, which has all other rows against it then",
		Use:     "A few are most often another spelling of a class; many are a class that the model does not score.",
		Needs:   "several classes, and their scores",
		Cite:    "a count"},
		of: func(s *side, _ *check.Labelled) []value {
			if s.Summary == nil || s.Shape.Task != schema.Multiclass || s.WithScores() == 0 {
				return nil
			}
			return []value{{value: float64(s.Unscored), n: s.WithScores()}}
		}},
}

// counted makes a method of a number that is known of label files, or of the rows of a
// window that they have labels for; nil: of the files alone.
func counted(of func(*check.Delivery) int64, joined func(*check.Joined) int64) func(*side, *check.Labelled) []value {
	return func(_ *side, l *check.Labelled) []value {
		switch {
		case l.Joined != nil && joined != nil:
			return []value{{value: float64(joined(l.Joined))}}
		case l.Delivery != nil:
			return []value{{value: float64(of(l.Delivery))}}
		}
		return nil
	}
}

var ofClasses = slices.Concat([]method{
	{Desc: metric.Desc{Name: "accuracy", Unit: "ratio", High: 1, Better: "higher",
		Help:    "Share of rows whose class was predicted.",
		Formula: "hits / labelled rows with a prediction" + wilson + "; tested against the reference: hypergeometric, material from 0.03",
		Use:     "The plainest number; misleading where one class is rare, so look at recall as well.",
		Needs:   "a prediction, or a score: then binary takes score >= threshold (0.5 where the configuration says nothing) for positive, multiclass the class of the highest score",
		Cite:    "sklearn.metrics.accuracy_score"},
		tasks: classes, of: one(func(s *side) value { return s.matrix.accuracy() })},
	{Desc: metric.Desc{Name: "balanced_accuracy", Unit: "ratio", High: 1, Better: "higher",
		Help:    "Mean recall of the classes that came true.",
		Formula: "mean of recall over the classes with labelled rows" + delta,
		Use:     "Accuracy that a frequent class cannot dominate.",
		Needs:   "a labelled row", Cite: "sklearn.metrics.balanced_accuracy_score"},
		tasks: classes, of: one(func(s *side) value {
			return s.matrix.mean(&average{recall, plain, s.matrix.present()})
		})},
}, rates("precision", precision, plain, rateWords{
	help:    "Share of rows predicted to be of the class that are.",
	formula: "TP / (TP + FP)", material: "; of a binary task tested: hypergeometric, material from 0.05",
	use:   "When false alarms cost: a fall means that more of them are raised.",
	needs: "a row predicted to be of the class, else undefined", cite: "sklearn.metrics.precision_score"}),
	rates("recall", recall, plain, rateWords{
		help:    "Share of rows of the class that were predicted to be.",
		formula: "TP / (TP + FN)", material: "; of a binary task tested: hypergeometric, material from 0.05",
		use:   "When missed cases cost: a fall means that more of them are missed.",
		needs: "a labelled row of the class, else undefined", cite: "sklearn.metrics.recall_score"}),
	rates("specificity", specificity, plain, rateWords{
		help:    "Share of rows of other classes that were predicted to be of others.",
		formula: "TN / (TN + FP)",
		use:     "The recall of what is not of the class.",
		needs:   "a labelled row of another class, else undefined", cite: "sklearn.metrics.recall_score with pos_label"}),
	rates("f1", jaccard, f1, rateWords{
		help:    "Harmonic mean of precision and recall.",
		formula: "2·TP / (2·TP + FP + FN)",
		use:     "One number for a rare class. It falls with either of precision and recall: look which.",
		needs:   "a row of the class or predicted to be, else undefined", cite: "sklearn.metrics.f1_score"}),
	[]method{
		{Desc: metric.Desc{Name: "mcc", Low: -1, High: 1, Better: "higher",
			Help:    "Matthews' correlation of predicted and actual class.",
			Formula: "(c·s - Σ p_k·t_k) / sqrt((s² - Σ p_k²)(s² - Σ t_k²)); c hits, s rows, p_k predicted, t_k actual" + delta,
			Use:     "One number that is high only if all of the confusion matrix is good.",
			Needs:   "two predicted and two actual classes, else undefined", Cite: "sklearn.metrics.matthews_corrcoef; Gorodkin (2004)"},
			tasks: classes, of: one(func(s *side) value { return s.matrix.mcc() })},
		{Desc: metric.Desc{Name: "cohen_kappa", Low: -1, High: 1, Better: "higher",
			Help:    "Accuracy beyond what chance would give.",
			Formula: "(p_o - p_e) / (1 - p_e); p_o accuracy, p_e that of guesses with the same shares" + delta,
			Use:     "0 is as good as guessing; compare it over time where the shares of classes move.",
			Needs:   "two classes among labels and predictions, else undefined", Cite: "sklearn.metrics.cohen_kappa_score; variance: Fleiss, Cohen and Everitt (1969)"},
			tasks: classes, of: one(func(s *side) value { return s.matrix.cohen() })},
		{Desc: metric.Desc{Name: "confusion", Unit: "rows", High: math.Inf(1), Labels: []string{"actual", "predicted"},
			Help:    "Rows by actual and predicted class.",
			Formula: "count of rows, with weights their sum; of more than 20 classes only cells with rows",
			Use:     "Which classes are taken for which.",
			Needs:   "a labelled row with a prediction", Cite: "sklearn.metrics.confusion_matrix"},
			tasks: classes, of: confusion},
	})

// rateWords document a rate of classes.
type rateWords struct{ help, formula, material, use, needs, cite string }

// rates are a rate of the positive class, or of each class and its averages.
func rates(name string, of rate, as func(float64) float64, w rateWords) []method {
	interval := wilson
	if name == "f1" {
		interval += " of TP / (TP + FP + FN)"
	}
	row := func(suffix, help, formula, needs string, tasks []schema.Task, compute func(*side, *check.Labelled) []value) method {
		return method{Desc: metric.Desc{Name: name + suffix, Unit: "ratio", High: 1, Better: "higher",
			Help: help, Formula: formula, Use: w.use, Needs: needs, Cite: w.cite}, tasks: tasks, of: compute}
	}
	plural := func(weight func(counts, float64) float64) func(*side, *check.Labelled) []value {
		return one(func(s *side) value { return s.matrix.mean(&average{of, as, weight}) })
	}
	single := row("", w.help, w.formula+interval+w.material, w.needs, classes, func(s *side, _ *check.Labelled) []value {
		return s.matrix.each(s, of, as)
	})
	single.Labels = []string{"class"}
	return []method{
		single,
		row("_macro", "Mean of "+name+" over the classes.", "Σ "+name+" / classes"+delta, inactual, multiclass, plural(equally)),
		row("_micro", "The same of all classes' counts together.", w.formula+" of counts summed over classes; 95% interval: Wilson, through accuracy", "a labelled row", multiclass,
			one(func(s *side) value { return s.matrix.micro(of, as) })),
		row("_weighted", "Mean of "+name+", by how often each class came true.", "Σ "+name+"·rows of the class / rows"+delta, inactual, multiclass, plural(bySupport)),
	}
}

// each is a rate of the positive class of a binary task, or of every class.
func (m *matrix) each(s *side, of rate, as func(float64) float64) []value {
	if m.rows == 0 {
		return []value{missing(noRows)}
	}
	if s.Shape.Task == schema.Binary {
		return []value{m.one(m.positive, of, as)}
	}
	all := make([]value, len(m.classes))
	for k := range m.classes {
		all[k] = m.one(k, of, as)
		all[k].labels.Class = s.Shape.Classes.Name(m.classes[k])
	}
	return all
}

// micro is a rate of all classes' counts together. Each wrong row is one false
// positive and one false negative, so it is a function of accuracy.
func (m *matrix) micro(of rate, as func(float64) float64) value {
	if m.rows == 0 {
		return missing(noRows)
	}
	k := float64(len(m.classes))
	at := func(accuracy float64) (float64, string) {
		part, whole, reason := of(counts{accuracy * m.total, m.total, m.total, k * m.total})
		return as(part / whole), reason
	}
	accuracy := m.accuracy()
	var v value
	if v.value, v.reason = at(accuracy.value); v.reason != "" {
		return missing(v.reason)
	}
	v.low, _ = at(accuracy.low)
	v.high, _ = at(accuracy.high)
	v.n = m.rows
	return v
}

// fullConfusion is up to how many classes cells without rows are listed too.
const fullConfusion = 20

func confusion(s *side, _ *check.Labelled) []value {
	var all []value
	m := s.matrix
	for i := range m.classes {
		for j := range m.classes {
			c := m.cells[[2]int{i, j}]
			if c.weight == 0 && len(m.classes) > fullConfusion {
				continue
			}
			name := s.Shape.Classes.Name
			all = append(all, value{value: c.weight, n: m.rows, labels: metric.Labels{Actual: name(m.classes[i]), Predicted: name(m.classes[j])}})
		}
	}
	return all
}

// orders is a metric of the order of scores: of the positive class, or of each
// class and its averages.
func orders(name string, of func(*area) value, d metric.Desc) []method {
	d.Name, d.Unit, d.High, d.Better, d.Labels = name, "ratio", 1, "higher", []string{"class"}
	single := method{Desc: d, tasks: classes, of: func(s *side, _ *check.Labelled) []value {
		if len(s.Shape.Scored) == 0 {
			return []value{missing("there is no column of role score")}
		}
		if s.area != nil {
			return []value{of(s.area)}
		}
		return s.areas(of)
	}}
	row := func(suffix, help, formula string, weight func(counts, float64) float64) method {
		return method{Desc: metric.Desc{Name: name + suffix, Unit: "ratio", High: 1, Better: "higher", Help: help,
			Formula: formula + "; 95% interval: the mean of the classes' intervals", Use: d.Use, Needs: "a score of every class that comes true, see labels_unscored; " + inactual, Cite: d.Cite},
			tasks: multiclass, of: one(func(s *side) value {
				if len(s.Shape.Scored) == 0 {
					return missing("there is no column of role score")
				}
				return s.overClasses(of, weight)
			})}
	}
	return []method{single,
		row("_macro", "Mean of "+name+" over the classes, one against the rest.", "Σ "+name+" / classes", equally),
		row("_weighted", "Mean of "+name+" over the classes, one against the rest, by how often each came true.", "Σ "+name+"·rows of the class / rows", bySupport),
	}
}

var ofScores = slices.Concat(orders("roc_auc", (*area).roc, metric.Desc{
	Help:    "Chance that a positive row has a higher score than a negative one.",
	Formula: "area under the ROC curve, ties counting half; 95% interval: DeLong on the logit scale; of a binary task tested: DeLong's test of two samples, material from 0.03",
	Use:     "How well scores tell the classes apart, whatever the threshold. 0.5 is no better than chance.",
	Needs:   "scores of rows of both classes. Exact up to 131,072 distinct scores (a class, of up to 16 classes), beyond that within half of the pairs that share a cell of " + cellWords,
	Cite:    "sklearn.metrics.roc_auc_score, multi_class=\"ovr\"; DeLong, DeLong and Clarke-Pearson (1988)"}),
	orders("average_precision", (*area).average, metric.Desc{
		Help:    "Precision over all thresholds, weighted by the recall that each adds.",
		Formula: "Σ (R_n - R_(n-1))·P_n over descending scores; 95% interval: logit from the number of positive rows",
		Use:     "Like roc_auc where positives are rare: it looks at the top of the scores.",
		Needs:   "scores, and a positive row. Exact up to as many distinct scores as roc_auc is, beyond that rows that share a cell count as if their scores were equal (errors of up to 1e-5 were seen, more often too low)",
		Cite:    "sklearn.metrics.average_precision_score; interval: Boyd, Eng and Page (2013)"}),
	[]method{
		{Desc: metric.Desc{Name: "log_loss", Unit: "nats", High: math.Inf(1), Better: "lower",
			Help:    "Mean surprise: how improbable the model found what came true.",
			Formula: "mean of -ln p(actual class), p kept within 2.2e-16 of 0 and 1" + student + "; tested: draw of losses, material from 0.05",
			Use:     "Scores that are sure and wrong cost most. A rise without a fall of roc_auc means that probabilities are off, not the order.",
			Needs:   "probabilities: scores within 0..1 for every class that comes true; see labels_unscored", Cite: "sklearn.metrics.log_loss"},
			tasks: classes, of: one(func(s *side) value { return scored(s, s.LogLoss, 0) })},
		{Desc: metric.Desc{Name: "brier", High: 2, Better: "lower",
			Help:    "Mean squared error of probabilities.",
			Formula: "binary: mean of (p - y)²; multiclass: mean of Σ over classes (p_k - y_k)²" + student,
			Use:     "Calibration and sharpness in one number.",
			Needs:   "as log_loss", Cite: "sklearn.metrics.brier_score_loss, multiclass with scale_by_half=False"},
			tasks: classes, of: one(func(s *side) value { return scored(s, s.Brier, 0) })},
		{Desc: metric.Desc{Name: "ece", Unit: "ratio", High: 1, Better: "lower",
			Help:    "Expected calibration error: how far scores are from how often they come true.",
			Formula: "Σ over ten bins of score (0.1 wide) of share of rows · |mean score - hit rate|; multiclass: the highest score, and whether its class came true. No interval: it is above 0 by chance alone",
			Use:     "When scores are used as probabilities: thresholds on costs, expected values.",
			Needs:   "as log_loss", Cite: "Naeini, Cooper and Hauskrecht (2015)"},
			tasks: classes, of: one((*side).calibration)},
	})

const cellWords = "their leading bits (14 of a million scores spread over 0..1: errors of up to 5e-8 were seen)"

var ofNumbers = []method{
	{Desc: metric.Desc{Name: "mae", High: math.Inf(1), Better: "lower",
		Help:    "Mean absolute error.",
		Formula: "mean of |prediction - label|" + student + "; tested: draw of errors, material from a tenth of the reference's",
		Use:     "How far off predictions are, in the label's unit.",
		Needs:   "a labelled row with a prediction", Cite: "sklearn.metrics.mean_absolute_error"},
		tasks: numbers, of: number(func(s *side) value { return mean(s.Absolute, 0) })},
	{Desc: metric.Desc{Name: "mse", High: math.Inf(1), Better: "lower",
		Help: "Mean squared error.", Formula: "mean of (prediction - label)²" + student,
		Use: "Large errors count most.", Needs: "as mae", Cite: "sklearn.metrics.mean_squared_error"},
		tasks: numbers, of: number(func(s *side) value { return mean(s.Squared, 0) })},
	{Desc: metric.Desc{Name: "rmse", High: math.Inf(1), Better: "lower",
		Help: "Root of the mean squared error.", Formula: "sqrt(mse); 95% interval: the roots of that of mse",
		Use: "As mse, in the label's unit.", Needs: "as mae", Cite: "sklearn.metrics.root_mean_squared_error"},
		tasks: numbers, of: number((*side).rooted)},
	{Desc: metric.Desc{Name: "mape", Unit: "ratio", High: math.Inf(1), Better: "lower",
		Help: "Mean absolute error as a fraction of the label.", Formula: "mean of |prediction - label| / |label| over rows with label ≠ 0" + student,
		Use: "Comparable across units; labels near 0 dominate it.", Needs: "a label other than 0, else undefined", Cite: "sklearn.metrics.mean_absolute_percentage_error, without rows whose label is 0"},
		tasks: numbers, of: number((*side).share)},
	{Desc: metric.Desc{Name: "smape_200", High: 200, Better: "lower",
		Help: "Symmetric percentage error, 0 to 200.", Formula: "mean of 200·|y - ŷ| / (|y| + |ŷ|), 0/0 = 0" + student,
		Use: "As mape where labels are small or 0.", Needs: "as mae", Cite: "Makridakis and Hibon (2000), the M3 competition"},
		tasks: numbers, of: number(func(s *side) value { return mean(s.Smape, 0) })},
	{Desc: metric.Desc{Name: "msle", High: math.Inf(1), Better: "lower",
		Help: "Mean squared error of logarithms.", Formula: "mean of (ln(1 + ŷ) - ln(1 + y))²" + student,
		Use: "For labels over several magnitudes.", Needs: "no negative label or prediction, else undefined", Cite: "sklearn.metrics.mean_squared_log_error"},
		tasks: numbers, of: number((*side).logarithmic)},
	{Desc: metric.Desc{Name: "median_ae", High: math.Inf(1), Better: "lower",
		Help: "Median absolute error.", Formula: "median of |prediction - label|; 95% interval: between order statistics",
		Use: "What a typical row sees; single large errors do not move it.", Needs: "as mae. Exact up to 131,072 distinct errors, beyond that within the width of a cell of their leading bits", Cite: "sklearn.metrics.median_absolute_error"},
		tasks: numbers, of: number((*side).median)},
	{Desc: metric.Desc{Name: "r2", Low: math.Inf(-1), High: 1, Better: "higher",
		Help: "Share of the labels' variance that predictions explain.", Formula: "1 - Σ(y - ŷ)² / Σ(y - mean y)²" + delta,
		Use: "1 is perfect, 0 as good as always saying the mean; it moves with the spread of labels too.", Needs: "two labels that differ, else undefined", Cite: "sklearn.metrics.r2_score"},
		tasks: numbers, of: number((*side).determination)},
	{Desc: metric.Desc{Name: "bias", Low: math.Inf(-1), High: math.Inf(1),
		Help: "Mean error: whether predictions are too high or too low.", Formula: "mean of prediction - label" + student + "; tested: draw of errors, material from a tenth of the reference's mae",
		Use: "Above 0 the model says too much on average. What is 0 here can still be off both ways: see mae.", Needs: "as mae",
		Cite: "Hyndman and Athanasopoulos, Forecasting: Principles and Practice, section 5.8: the mean error"},
		tasks: numbers, of: number(func(s *side) value { return mean(s.Signed, math.Inf(-1)) })},
}
