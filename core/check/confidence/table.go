package confidence

import (
	"math"
	"slices"

	"leeway/core/metric"
	"leeway/core/schema"
)

// method is a metric with the function that computes it.
type method struct {
	metric.Desc
	tasks  []schema.Task
	level  bool // of the scores alone
	priced bool // it takes the configuration's costs
	of     func(*side) estimate
	within func(*estimate, float64) (low, high float64)
}

// fits tells whether there is anything to say.
func (m *method) fits(s *side) bool {
	if m.level {
		return s.level != nil
	}
	return s.said != nil && (!m.priced || s.costs != nil) && slices.Contains(m.tasks, s.task)
}

// sample is the value, with its interval. The labelled rows of the reference are
// what an estimate is made from.
func (m *method) sample(s *side) metric.Sample {
	e := m.of(s)
	v := metric.Sample{Check: Name, Metric: m.Name, Value: e.value, P: math.NaN(), Exact: !e.fuzzy, NReference: s.known, NCurrent: e.rows, Reason: e.reason}
	switch {
	case e.reason != "":
		v.Exact = true
	case math.IsNaN(e.value) || math.IsInf(e.value, 0):
		v.Value, v.Reason = math.NaN(), "the values are too large for a finite result"
	case m.within != nil:
		if low, high := m.within(&e, normal95); low < high && !math.IsInf(high, 0) {
			v.Interval = &[2]float64{low, high}
		}
	}
	return v
}

const (
	noTest = ". Not tested: check/drift tests the score column itself"
	cbpe   = "; p: share of reference rows that came true among those of similar score, isotonic over 8 to 50 bins of equal numbers of rows, with 10 of the rarer class and 30 in all where there are that many; 95% interval for what will come true: draw of the labels and error of the calibration, delta method"
	needs  = "100 labelled reference rows with scores, of both classes. Holds as long as the relation of label to score is what it was (no concept drift), and for scores that the reference had"
	cells  = "exact while the profile keeps every distinct score, else within half a cell of its leading bits"
)

var (
	binary     = []schema.Task{schema.Binary}
	multiclass = []schema.Task{schema.Multiclass}
	numbers    = []schema.Task{schema.Regression}
)

var laws = []string{"the same for any order of rows and any split into files"}

// table lists the metrics.
var table = finish(slices.Concat([]method{
	{Desc: metric.Desc{Name: "mean_confidence", Unit: "ratio", High: 1,
		Help:    "How probable the model finds the class that it is for, on average.",
		Formula: "mean of max(score, 1 - score); multiclass: of the highest score of a row" + noTest,
		Use:     "A model that sees what it does not know becomes less sure. Falling confidence with steady labels is worth a look at the features; confidence far above accuracy means that scores are no probabilities (see ece).",
		Needs:   "scores within 0 to 1; " + cells, Cite: "Hendrycks and Gimpel (2017)"},
		level: true, of: func(s *side) estimate { return s.level.confidence() }},
	{Desc: metric.Desc{Name: "low_confidence_ratio", Unit: "ratio", High: 1,
		Help:    "Share of rows of which the model is not sure.",
		Formula: "rows with a confidence below 0.6 (a score between 0.4 and 0.6; multiclass: no score of 0.6 or more) / rows with a score" + noTest,
		Use:     "How many decisions a person might have to look at.",
		Needs:   "as mean_confidence",
		Cite:    "a ratio of counts; selective classification: Chow 1970, On optimum recognition error and reject tradeoff"},
		level: true, of: func(s *side) estimate { return s.level.uncertain() }},
	{Desc: metric.Desc{Name: "prediction_entropy", Unit: "nats", High: math.Inf(1),
		Help:    "How open the outcome is to the model, on average.",
		Formula: "mean of -Σ p·ln p over the classes of a row, 0·ln 0 = 0" + noTest,
		Use:     "As mean_confidence, over all classes: 0 is sure, ln 2 = 0.693 a coin.",
		Needs:   "as mean_confidence; multiclass: a score of every class", Cite: "Shannon (1948); scipy.stats.entropy"},
		level: true, of: func(s *side) estimate { return s.level.entropy() }},

	{Desc: metric.Desc{Name: "estimated_accuracy", Unit: "ratio", High: 1, Better: "higher",
		Help:    "What accuracy most likely is, before labels come.",
		Formula: "mean over rows of p where the positive class is predicted, else 1 - p; multiclass: of how often a highest score like this was right" + cbpe,
		Use:     "How good the model is while labels are not there. Once they are, compare with accuracy.",
		Needs:   needs, Cite: "CBPE: NannyML; interval: Kivimäki et al. (2025)"},
		tasks: slices.Concat(binary, multiclass), within: (*estimate).share, of: func(s *side) estimate {
			if s.task == schema.Multiclass {
				return s.of((*forecast).hits)
			}
			return s.of((*forecast).accuracy)
		}},
	rate("precision", "Σp over rows predicted positive / their number", (*forecast).precision),
	rate("recall", "Σp over rows predicted positive / Σp over all", (*forecast).recall),
	rate("f1", "2·Σp over rows predicted positive / (their number + Σp over all)", (*forecast).f1),
	rate("roc_auc", "Σ p_i·(1 - p_j) over pairs of two rows with score_i > score_j, ties counting half / the same over all pairs", (*forecast).roc),
	{Desc: metric.Desc{Name: "estimated_log_loss", Unit: "nats", High: math.Inf(1), Better: "lower",
		Help:    "What the log loss most likely is, before labels come.",
		Formula: "mean of -p·ln score - (1 - p)·ln(1 - score)" + cbpe,
		Use:     "As estimated_accuracy, of probabilities.",
		Needs:   needs + "; scores within 0 to 1", Cite: "CBPE: NannyML"},
		tasks: binary, within: (*estimate).positive, of: func(s *side) estimate {
			if s.whole != nil && s.said.Beyond > 0 {
				return unknown(outside)
			}
			return s.of((*forecast).logLoss)
		}},
	macro("f1", (*forecast).f1),
	macro("roc_auc", (*forecast).roc),

	{Desc: metric.Desc{Name: "estimated_mae", High: math.Inf(1), Better: "lower",
		Help:    "What the mean absolute error most likely is, before labels come.",
		Formula: "mean over rows of the mean |error| of reference rows of similar prediction" + residualWords,
		Use:     "How far off predictions are while labels are not there: higher where the model now predicts what it was bad at.",
		Needs:   residualNeeds, Cite: "in the manner of NannyML's DLE, which learns errors from features as well"},
		tasks: numbers, within: (*estimate).positive, of: func(s *side) estimate {
			e, _ := s.errors()
			return e
		}},
	{Desc: metric.Desc{Name: "estimated_rmse", High: math.Inf(1), Better: "lower",
		Help:    "What the root of the mean squared error most likely is, before labels come.",
		Formula: "root of the mean over rows of the mean error² of reference rows of similar prediction" + residualWords,
		Use:     "As estimated_mae; large errors count most.",
		Needs:   residualNeeds, Cite: "as estimated_mae"},
		tasks: numbers, within: (*estimate).positive, of: func(s *side) estimate {
			_, e := s.errors()
			return rooted(e)
		}},
}, ofMoney))

const (
	residualWords = ": at most 50 bins of equal numbers of rows (30 at least); 95% interval for what will come true: draw of the errors and error of the bins' means"
	residualNeeds = "100 labelled reference rows. It knows how errors go with the prediction and nothing of features: what changes in them alone, and concept drift, it cannot see. Beyond 131,072 distinct pairs of prediction and error the reference is sampled"
)

// rate is an estimate of a metric of a binary task.
func rate(name, formula string, of func(*forecast) estimate) method {
	return method{Desc: metric.Desc{Name: "estimated_" + name, Unit: "ratio", High: 1, Better: "higher",
		Help:    "What " + name + " most likely is, before labels come.",
		Formula: formula + cbpe,
		Use:     "As estimated_accuracy; see " + name + " for what it means.",
		Needs:   needs, Cite: "CBPE: NannyML"},
		tasks: binary, within: (*estimate).share, of: func(s *side) estimate { return s.of(of) }}
}

// macro is an estimate of the mean of a metric over classes.
func macro(name string, of func(*forecast) estimate) method {
	return method{Desc: metric.Desc{Name: "estimated_" + name + "_macro", Unit: "ratio", High: 1, Better: "higher",
		Help:    "What " + name + "_macro most likely is, before labels come.",
		Formula: "mean over the classes that have a score of estimated_" + name + " of each against the rest",
		Use:     "As estimated_accuracy; see " + name + "_macro for what it means.",
		Needs:   needs + ", for every class", Cite: "CBPE: NannyML"},
		tasks: multiclass, within: (*estimate).share, of: func(s *side) estimate { return s.macro(of) }}
}

// finish writes what all have in common.
func finish(all []method) []method {
	for i := range all {
		all[i].Check, all[i].Laws = Name, laws
	}
	return all
}
