package performance

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/metric"
	"leeway/core/outcome"
	"leeway/core/stat"
)

// scored is a mean of losses of the scores, with an interval by Student's t.
func scored(s *side, m *outcome.Moment, low float64) value {
	if reason := s.unscored(); reason != "" {
		return missing(reason)
	}
	return mean(m, low)
}

// unscored says why scores are no probabilities, "" where they are.
func (s *side) unscored() string {
	switch {
	case len(s.Shape.Scored) == 0:
		return "there is no column of role score"
	case s.WithScores() == 0:
		return noScores
	case s.Beyond > 0:
		return "some scores lie outside 0 to 1: they are no probabilities"
	}
	return s.incomplete()
}

// incomplete says how many rows are of a class without a score of its own, and which
// that is, where they are too many to be left out.
func (s *side) incomplete() string {
	if s.FewUnscored() {
		return ""
	}
	return fmt.Sprintf("%s of %s %s of %s without a column of role score (%s)", words.Count(s.Unscored), words.Plural(s.WithScores(), "labelled row"),
		words.Are(s.Unscored), classesCalled(s.lacking()), called(s.lacking()))
}

// lacking names the classes that came true and have no score of their own.
func (s *side) lacking() (names []string) {
	for i, code := range s.matrix.classes {
		if s.matrix.actual[i] > 0 && !slices.Contains(s.Shape.Scored, code) {
			names = append(names, s.Shape.Classes.Name(code))
		}
	}
	return names
}

// leftOut says that metrics of scores leave a few rows out.
func (s *side) leftOut() []check.Evidence {
	if s.Summary == nil || s.Unscored == 0 || !s.FewUnscored() {
		return nil
	}
	names := s.lacking()
	e := note("labels_unscored", s.Unscored, s.WithScores(),
		fmt.Sprintf("%s of %s %s of %s without a column of role score (%s): metrics of scores (log_loss, brier, ece, roc_auc, average_precision) leave them out, all others count them.",
			words.Count(s.Unscored), words.Plural(s.WithScores(), "labelled row"), words.Are(s.Unscored), classesCalled(names), called(names)),
		"If it is another spelling of a class, correct the labels or say what it means (labels.map in the configuration); if it is a class of its own, log its score as well, as a column of role score with its class.")
	return []check.Evidence{e}
}

func classesCalled(names []string) string {
	if len(names) == 1 {
		return "a class"
	}
	return "classes"
}

// called lists a few names.
func called(names []string) string {
	const most = 3
	var all []string
	for _, name := range names[:min(len(names), most)] {
		all = append(all, words.Quoted(name))
	}
	if more := len(names) - len(all); more > 0 {
		all = append(all, words.Plural(int64(more), "other"))
	}
	return strings.Join(all, ", ")
}

// mean is a mean with an interval that does not go below low.
func mean(m *outcome.Moment, low float64) value {
	v := value{value: m.Mean(), n: m.Rows()}
	if variance := m.Variance(); variance > 0 {
		v.low, v.high = stat.MeanInterval(v.value, variance, m.Effective())
		v.low = max(v.low, low)
	}
	return v
}

// calibration is the expected calibration error: how far scores are from how
// often they were right, over ten bins.
func (s *side) calibration() value {
	if reason := s.unscored(); reason != "" {
		return missing(reason)
	}
	var all, off float64
	var rows int64
	for i := range s.Bins {
		b := &s.Bins[i]
		hits, _ := s.Shape.Weight(&b.Hits)
		n, _ := s.Shape.Weight(&b.Count)
		off += math.Abs(b.Scores.Float() - hits)
		all += n
		rows += b.Count.Rows
	}
	return value{value: off / all, n: rows}
}

// areas are a metric of the order of scores, of each class against the rest.
func (s *side) areas(of func(*area) value) []value {
	var all []value
	for i, code := range s.Shape.Scored {
		v := of(newArea(s.Against(i)))
		v.labels = metric.Labels{Class: s.Shape.Classes.Name(code)}
		all = append(all, v)
	}
	return all
}

// overClasses is the mean of a metric of the order of scores over the classes,
// one against the rest; an undefined one counts 0. The interval is the mean of
// theirs: classes share rows, and this holds however much they go together.
func (s *side) overClasses(of func(*area) value, weight func(c counts, classes float64) float64) value {
	if s.matrix.rows == 0 {
		return missing(noRows)
	}
	if reason := s.incomplete(); reason != "" {
		return missing(reason)
	}
	m := s.matrix
	if s.Unscored > 0 {
		m = newMatrix(s.Summary, s.Shape.Scored)
	}
	v := value{n: m.rows}
	for i, code := range m.classes {
		at := slices.Index(s.Shape.Scored, code)
		if at < 0 {
			continue
		}
		if one := of(newArea(s.Scores[at])); one.reason == "" {
			w := weight(m.counts(i), float64(len(m.classes)))
			v.value += float64(w * one.value)
			v.low += float64(w * one.low)
			v.high += float64(w * one.high)
			v.coarse = v.coarse || one.coarse
		}
	}
	return v
}
