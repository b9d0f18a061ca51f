// Package confidence says what can be known of a model's performance before
// labels come: how sure the model is, and what its metrics most likely are.
//
// Estimates are CBPE, confidence-based performance estimation: how often scores
// came true in the labelled rows of the reference (see calibration) is what
// they are taken to mean now, and metrics follow from that as expectations over
// the rows of the window. Regressions are estimated from how far off predictions
// were that were alike (see residuals). Either is right as long as the relation
// of label to score stays what it was; concept drift cannot be seen without labels.
// Each estimate has an interval for what the metric will be once labels are
// there: of the draw of the labels (for classes a Poisson binomial one), and of the
// error of what was learnt from the reference.
//
// Nothing here is tested. Confidence and estimates are functions of the scores,
// whose change check/drift tests already: a second test of the same would cost
// the false-alarm budget and find nothing more.
package confidence

import (
	"math"
	"strings"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/outcome"
	"leeway/core/schema"
)

// Name is the family's name.
const Name = "confidence"

// Check is the family.
type Check struct{}

// Name is "confidence".
func (Check) Name() string { return Name }

// Metrics lists what the checks measure.
func (Check) Metrics() []metric.Desc {
	return metric.Descs(table, func(m *method) metric.Desc { return m.Desc })
}

// side is what the methods look at.
type side struct {
	task   schema.Task
	costs  *schema.Costs // nil: nobody said what outcomes cost
	level  *level        // nil: no scores
	said   *outcome.Said // nil: nothing can be estimated
	known  int64         // labelled rows of the reference
	whole  *forecast     // binary: of the score; multiclass: of the highest one and whether its row is right
	each   []*forecast   // multiclass: of each class against the rest; nil where it cannot be calibrated
	model  *residuals    // regression
	reason string        // why there is no whole, or no model
}

// Evaluate describes the current side.
func (Check) Evaluate(in *check.Input) (check.Outcome, error) {
	var out check.Outcome
	s := &side{task: in.Schema.Task, costs: in.Schema.Costs, level: newLevel(in)}
	if in.Said != nil && in.Said.Reference != nil && in.Said.Reference.Labelled > 0 {
		s.learn(in.Said.Reference, in.Said.Current)
	}
	then := s.then(in)
	for i := range table {
		m := &table[i]
		if !m.fits(s) {
			continue
		}
		one := m.sample(s)
		out.Samples = append(out.Samples, one)
		if !m.level {
			out.Foretold = append(out.Foretold, m.foretold(one, then))
		}
	}
	if s.said != nil {
		out.Evidence = s.findings(in, then)
	}
	out.Evidence = append(out.Evidence, selection(in, out.Foretold)...)
	return out, nil
}

// then is what could be estimated of the rows whose label came; nil where none
// did.
func (s *side) then(in *check.Input) *side {
	if s.said == nil || in.Labelled == nil || in.Labelled.Current == nil || in.Labelled.Current.Labelled == 0 {
		return nil
	}
	then := &side{task: s.task, costs: s.costs}
	then.learn(in.Said.Reference, in.Labelled.Current.Said)
	return then
}

// foretold is an estimate for all rows and for those whose label came.
func (m *method) foretold(all metric.Sample, then *side) check.Foretold {
	f := check.Foretold{Metric: strings.TrimPrefix(m.Name, "estimated_"), All: all}
	if then != nil && m.fits(then) {
		one := m.sample(then)
		f.Labelled = &one
	}
	return f
}

// learn learns from the reference and applies it to what was said of other rows.
func (s *side) learn(from *outcome.Summary, said *outcome.Said) {
	s.said, s.known = said, from.Labelled
	switch {
	case s.task != schema.Regression && said.Beyond > 0 && from.Beyond == 0:
		s.reason = outside // the reference's were probabilities, and tell nothing of what these mean
	case s.task != schema.Regression && from.Respells(said):
		s.reason = otherWords
	case s.task == schema.Regression:
		s.model, s.reason = newResiduals(from.Residuals)
	case len(from.Scores) == 0:
		s.said = nil
	case s.task == schema.Binary:
		s.whole, s.reason = newForecast(from.Scores[0], said.Scores[0])
	default:
		s.whole, s.reason = newForecast(from.Tops, said.Top)
		for i := range from.Scores {
			f, _ := newForecast(from.Against(i), said.Scores[i])
			s.each = append(s.each, f)
		}
	}
}

// of is a metric of the rows; a reason where there are none.
func (s *side) of(metric func(*forecast) estimate) estimate {
	if s.whole == nil {
		return unknown(s.reason)
	}
	return metric(s.whole)
}

// macro is the mean of a metric over the classes, each against the rest, with the
// mean of their intervals: classes share rows, and this holds however much they go
// together.
func (s *side) macro(metric func(*forecast) estimate) (mean estimate) {
	if s.whole == nil {
		return unknown(s.reason)
	}
	width := 0.0
	for _, f := range s.each {
		if f == nil {
			return unknown("the scores of a class cannot be calibrated: the reference has no row of it, or nothing else")
		}
		e := metric(f)
		if e.reason != "" {
			return e
		}
		k := float64(len(s.each))
		mean.value += e.value / k
		width += math.Sqrt(e.variance) / k
		mean.rows, mean.fuzzy = e.rows, mean.fuzzy || e.fuzzy
	}
	mean.variance = width * width
	return mean
}

// errors are those that a regression is expected to make.
func (s *side) errors() (absolute, squared estimate) {
	switch {
	case s.model == nil:
		return unknown(s.reason), unknown(s.reason)
	case s.said.Numbers.Count() == 0:
		return unknown("no row has a prediction"), unknown("no row has a prediction")
	}
	return s.model.errors(s.said.Numbers)
}
