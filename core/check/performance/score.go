package performance

import (
	"fmt"
	"math"

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
	case s.LogLoss.Rows()+s.Beyond == 0:
		return noScores
	case s.Beyond > 0:
		return "some scores lie outside 0 to 1: they are no probabilities"
	}
	return s.incomplete()
}

// incomplete names a class that came true and has no score of its own.
func (s *side) incomplete() string {
	if s.Shape.Positive >= 0 {
		return ""
	}
	has := map[int32]bool{}
	for _, code := range s.Shape.Scored {
		has[code] = true
	}
	for i, code := range s.matrix.classes {
		if s.matrix.actual[i] > 0 && !has[code] {
			return fmt.Sprintf("the class %q has no column of role score", s.Shape.Classes.Name(code))
		}
	}
	return ""
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
		v := of(newArea(s.Scores[i]))
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
	v := value{n: s.matrix.rows}
	for i, code := range s.matrix.classes {
		for at, scored := range s.Shape.Scored {
			if scored != code {
				continue
			}
			if one := of(newArea(s.Scores[at])); one.reason == "" {
				w := weight(s.matrix.counts(i), float64(len(s.matrix.classes)))
				v.value += float64(w * one.value)
				v.low += float64(w * one.low)
				v.high += float64(w * one.high)
				v.coarse = v.coarse || one.coarse
			}
		}
	}
	return v
}
