package performance

import (
	"leeway/core/sketch"
	"leeway/core/stat"
)

// area is what can be said of scores as an order.
type area struct {
	steps  []sketch.Step
	ranked []stat.Ranked
	exact  bool
	auc    stat.AUC
	reason string
}

func newArea(scores *sketch.Marked) *area {
	a := &area{steps: scores.Steps(), exact: scores.Exact()}
	a.ranked = make([]stat.Ranked, len(a.steps))
	for i := range a.steps {
		a.ranked[i] = stat.Ranked{Weights: a.steps[i].Weights, Squares: a.steps[i].Squares}
	}
	var err error
	if a.auc, err = stat.NewAUC(a.ranked); err != nil {
		a.reason = err.Error()
	}
	return a
}

// count is the number of rows with a score, and of the positive ones among them.
func (a *area) count() (rows, positive int64) {
	for i := range a.steps {
		rows += a.steps[i].Counts[0] + a.steps[i].Counts[1]
		positive += a.steps[i].Counts[1]
	}
	return rows, positive
}

func (a *area) roc() value {
	rows, _ := a.count()
	switch {
	case rows == 0:
		return missing(noScores)
	case a.reason != "":
		return missing(a.reason)
	}
	v := value{value: a.auc.Area, n: rows, coarse: !a.exact}
	v.low, v.high = a.auc.Interval()
	return v
}

const noScores = "no labelled row has a score"

func (a *area) average() value {
	rows, _ := a.count()
	if rows == 0 {
		return missing(noScores)
	}
	ap, err := stat.AveragePrecision(a.ranked)
	if err != nil {
		return missing(err.Error())
	}
	v := value{value: ap, n: rows, coarse: !a.exact}
	var weight, squares float64
	for i := range a.ranked {
		weight += a.ranked[i].Weights[1]
		squares += a.ranked[i].Squares[1]
	}
	v.low, v.high = stat.AveragePrecisionInterval(ap, weight*weight/squares)
	return v
}
