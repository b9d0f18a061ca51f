package confidence

import (
	"fmt"
	"math"

	"leeway/core/check"
	"leeway/core/check/concept"
	"leeway/core/internal/words"
	"leeway/core/metric"
	"leeway/core/outcome"
	"leeway/core/schema"
	"leeway/core/stat"
)

// Names of findings that are no metric.
const (
	unsupported = "estimate_unsupported"
	off         = "estimate_off"
)

// Events lists findings that are no metric.
var Events = []metric.Desc{
	{Check: Name, Name: unsupported, Unit: "ratio",
		Help:    "The scores or predictions are ones that the reference hardly had, so estimates of performance cannot be trusted.",
		Formula: "share of rows with fewer than 5 labelled reference rows within 0.05 of their score, or with a prediction beyond the reference's; said from 5%",
		Use:     "Wait for labels, or label a sample of these rows.",
		Cite:    "a count; no test: it is no alarm"},
	{Check: Name, Name: off, Unit: "",
		Help:    "Labels show that an estimate was off by more than chance: the relation of label to score (or of error to prediction) is another than in the reference. That is concept drift, unless labels came for some rows and not for others like them (not_comparable): then it may be no more than that, and says nothing of other estimates.",
		Formula: "realized metric outside of the 99.97% interval of its estimate for the same labelled rows; accuracy, roc_auc and log_loss, or mae, the furthest off; of 30 labelled rows or more, and for roc_auc of 30 of either class",
		Use:     "Do not trust estimates until a new baseline is built from newer labelled rows; retrain if performance fell.",
		Cite:    "the interval of the estimate, see estimated_roc_auc; no test of its own"},
	eventDistrusted,
	eventSelective,
}

// watched is a metric that is estimated and, once labels are there, known.
type watched struct {
	name     string
	words    string
	lower    bool // is better
	estimate func(*side) estimate
	within   func(*estimate, float64) (low, high float64)
	realized func(*outcome.Summary) float64 // NaN where undefined
}

// FewestTold is how many labelled rows, and of areas how many of either class, tell
// that an estimate was off: the limits of its interval are a normal distribution's.
const FewestTold = 30

const area = "roc_auc"

var ofClasses = []watched{
	{area, "ROC AUC", false, func(s *side) estimate { return s.of((*forecast).roc) }, (*estimate).share, realizedArea},
	{"accuracy", "accuracy", false, func(s *side) estimate { return s.of((*forecast).accuracy) }, (*estimate).share, realizedAccuracy},
	{"log_loss", "log loss", true, func(s *side) estimate {
		if s.said.Beyond > 0 {
			return unknown(outside)
		}
		return s.of((*forecast).logLoss)
	}, (*estimate).positive, realizedLoss},
}

var ofMany = []watched{
	{"accuracy", "accuracy", false, func(s *side) estimate { return s.of((*forecast).hits) }, (*estimate).share, realizedAccuracy},
}

var ofNumbers = []watched{
	{"mae", "mean absolute error", true, func(s *side) estimate {
		e, _ := s.errors()
		return e
	}, (*estimate).positive, func(s *outcome.Summary) float64 { return s.Absolute.Mean() }},
}

func (s *side) watched() []watched {
	switch s.task {
	case schema.Binary:
		return ofClasses
	case schema.Multiclass:
		return ofMany
	}
	return ofNumbers
}

func realizedArea(s *outcome.Summary) float64 {
	steps := s.Scores[0].Steps()
	ranked := make([]stat.Ranked, len(steps))
	for i := range steps {
		ranked[i] = stat.Ranked{Weights: steps[i].Weights, Squares: steps[i].Squares}
	}
	a, err := stat.NewAUC(ranked)
	if err != nil {
		return math.NaN()
	}
	return a.Area
}

// tells tells whether rows are enough to find an estimate of the metric off.
func (w *watched) tells(s *outcome.Summary) bool {
	if s.Labelled-s.Weighed < FewestTold {
		return false
	}
	if w.name != area {
		return true
	}
	var of [2]int64
	for step := range s.Scores[0].All() {
		of[0], of[1] = of[0]+step.Counts[0], of[1]+step.Counts[1]
	}
	return min(of[0], of[1]) >= FewestTold
}

func realizedAccuracy(s *outcome.Summary) float64 {
	var right, all float64
	for _, pair := range s.Pairs() {
		w, _ := s.Shape.Weight(s.Confusion[pair])
		all += w
		if pair.Actual == pair.Predicted {
			right += w
		}
	}
	return right / all
}

func realizedLoss(s *outcome.Summary) float64 {
	if s.Beyond > 0 {
		return math.NaN()
	}
	return s.LogLoss.Mean()
}

// findings says what the estimates amount to, and when they cannot be trusted.
func (s *side) findings(in *check.Input, then *side) []check.Evidence {
	if s.reason != "" {
		return nil
	}
	var all []check.Evidence
	if share := s.strange(); share > most {
		all = append(all, s.doubtful(share))
	}
	if then != nil {
		return append(all, s.wrong(then, in.Labelled)...)
	}
	return append(all, s.worse(in)...)
}

// strange is the share of rows of which the reference knows nothing.
func (s *side) strange() float64 {
	switch {
	case s.model != nil:
		return s.model.unsupported(s.said.Numbers)
	case s.said.Top != nil:
		return s.whole.unsupported(s.said.Top)
	}
	return s.whole.unsupported(s.said.Scores[0])
}

// note is a finding that is no test.
func (s *side) note(name string, value float64, message, hint string) check.Evidence {
	return check.Evidence{
		Check: Name, Metric: name, Value: value, P: math.NaN(), Effect: math.NaN(), NoiseFloor: math.NaN(), Low: math.NaN(), High: math.NaN(),
		NReference: s.known, NCurrent: s.said.Rows, Notable: true, Message: message, Hint: hint,
	}
}

func (s *side) doubtful(share float64) check.Evidence {
	what := "scores that hardly any labelled row of the reference had"
	if s.model != nil {
		what = "predictions beyond those of the reference"
	}
	return s.note(unsupported, share, fmt.Sprintf("Estimates of performance cannot be trusted: %s of rows have %s.", words.Share(share), what),
		"Wait for labels, or label a sample of these rows.")
}

// wrong says where labels show that estimates were off by more than chance: the
// one that was furthest.
func (s *side) wrong(then *side, labelled *check.Labelled) []check.Evidence {
	came := labelled.Current
	if then.said == nil || then.reason != "" {
		return nil
	}
	var worst *watched
	var furthest, truth float64
	var expected estimate
	for i := range s.watched() {
		w := &s.watched()[i]
		e, is := w.estimate(then), w.realized(came)
		if e.reason != "" || math.IsNaN(is) || !w.tells(came) {
			continue
		}
		low, high := w.within(&e, sure)
		if z := math.Abs(is-e.value) / math.Sqrt(e.variance); (is < low || is > high) && z > furthest {
			worst, furthest, truth, expected = w, z, is, e
		}
	}
	if worst == nil {
		return nil
	}
	low, high := worst.within(&expected, normal95)
	what := drift(labelled.Moved())
	e := s.note(off, truth, fmt.Sprintf("%s: %s is %s where the scores promised %s (%s to %s), so what they mean has changed since the reference; estimates of performance cannot be trusted.",
		what, worst.words, words.Number(truth), words.Number(expected.value), words.Number(low), words.Number(high)),
		remedy(labelled.Moved()))
	if s.model != nil {
		e.Message = fmt.Sprintf("%s: %s is %s where predictions like these used to give %s (%s to %s); estimates of performance cannot be trusted.",
			what, worst.words, words.Number(truth), words.Number(expected.value), words.Number(low), words.Number(high))
	}
	if !labelled.Comparable() {
		promised := "the scores promised"
		if s.model != nil {
			promised = "predictions like these used to give"
		}
		e.Message = fmt.Sprintf("Of the rows whose label came, %s is %s where %s %s (%s to %s).",
			worst.words, words.Number(truth), promised, words.Number(expected.value), words.Number(low), words.Number(high))
		e.Doubt()
	}
	e.NCurrent = came.Labelled
	return []check.Evidence{e}
}

// remedy is what to do about an estimate that was off.
func remedy(moved *concept.Finding) string {
	if moved.Restated() {
		return "Find out what changed in the model or in what it is given at serving, and put it back; or build a baseline of rows that it scored as it does now. Training does not mend this."
	}
	return "Build a baseline from newer labelled rows before relying on estimates again; retrain if performance fell."
}

// drift is what makes scores mean something else: where labels follow features as
// before, that is no concept drift.
func drift(moved *concept.Finding) string {
	switch {
	case moved != nil && moved.Verdict == concept.Data:
		return "Data drift that scores do not tell of"
	case moved.Restated():
		return "The predictions moved"
	case moved != nil && moved.Verdict == concept.Label:
		return "Label drift"
	case moved != nil && moved.Verdict == concept.LabelOrConcept:
		return "Label or concept drift"
	}
	return "Concept drift"
}

// worse says which estimates are worse than what came true of the reference.
func (s *side) worse(in *check.Input) []check.Evidence {
	var all []check.Evidence
	for i := range s.watched() {
		w := &s.watched()[i]
		e, was := w.estimate(s), w.realized(in.Said.Reference)
		if e.reason != "" || math.IsNaN(was) {
			continue
		}
		if low, high := w.within(&e, sure); w.lower && low > was || !w.lower && high < was {
			low, high = w.within(&e, normal95)
			n := s.note("estimated_"+w.name, e.value, fmt.Sprintf("No labels yet, but by its scores the model does worse: %s is estimated at %s (%s to %s), it was %s in the reference.",
				w.words, words.Number(e.value), words.Number(low), words.Number(high), words.Number(was)),
				"See which columns drifted; the estimate holds as long as scores mean what they did. Get labels sooner, at least of a sample.")
			if s.model != nil {
				n.Message = fmt.Sprintf("No labels yet, but the model now predicts what it was worse at: %s is estimated at %s (%s to %s), it was %s in the reference.",
					w.words, words.Number(e.value), words.Number(low), words.Number(high), words.Number(was))
			}
			n.Low, n.High, n.NoiseFloor = low, high, was
			all = append(all, n)
		}
	}
	return all
}
