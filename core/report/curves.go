package report

import "slices"

// Curves is how good predictions were in pictures: in what order scores put
// cases, what scores meant, which classes were taken for which, how far off
// numbers were. A side is null where it has no labels.
type Curves struct {
	Classes   []string      `json:"classes,omitempty"`   // of the confusion matrices
	Other     bool          `json:"other,omitempty"`     // the last one stands for all others
	Residuals *Distribution `json:"residuals,omitempty"` // regression: prediction - label
	Reference *CurveSide    `json:"reference"`
	Current   *CurveSide    `json:"current"`
}

// CurveSide is one side of them. What cannot be had is left out.
type CurveSide struct {
	ROC             []ROC             `json:"roc,omitempty"`              // binary one; multiclass the largest classes, each against the rest
	PrecisionRecall []PrecisionRecall `json:"precision_recall,omitempty"` // of the same classes
	Reliability     []Reliability     `json:"reliability,omitempty"`      // ascending; empty bins are left out
	Confusion       [][]float64       `json:"confusion,omitempty"`        // rows by actual class, columns by predicted one: numbers of rows, or sums of weights
	Residuals       *Quantiles        `json:"residuals,omitempty"`        // regression: of prediction - label
}

// ROC is the curve of true positive rates against false positive rates: corners
// of it, with straight lines between them.
type ROC struct {
	Class string    `json:"class"`
	FPR   []float64 `json:"fpr"`
	TPR   []float64 `json:"tpr"`
}

// PrecisionRecall is the curve of precision against recall, as [ROC].
type PrecisionRecall struct {
	Class     string    `json:"class"`
	Recall    []float64 `json:"recall"`
	Precision []float64 `json:"precision"`
}

// Reliability is what came true of predictions that were much the same: of
// classes the rows whose score lies in one tenth of 0 to 1, of numbers a tenth of
// the rows by prediction.
type Reliability struct {
	Rows     int64       `json:"rows"`
	Expected float64     `json:"expected"`           // mean score, or mean prediction
	Observed float64     `json:"observed"`           // the share that came true, or the mean label
	Interval *[2]float64 `json:"interval,omitempty"` // 95% of Observed
}

// sound is a copy that can be drawn and that JSON can hold.
func (c *Curves) sound() *Curves {
	if c == nil {
		return nil
	}
	s := *c
	if !s.Residuals.drawable() {
		s.Residuals = nil
	}
	s.Reference, s.Current = c.Reference.sound(len(c.Classes)), c.Current.sound(len(c.Classes))
	return &s
}

func (c *CurveSide) sound(classes int) *CurveSide {
	if c == nil {
		return nil
	}
	s := *c
	s.ROC = slices.DeleteFunc(slices.Clone(c.ROC), func(one ROC) bool { return !drawn(one.FPR, one.TPR) })
	s.PrecisionRecall = slices.DeleteFunc(slices.Clone(c.PrecisionRecall), func(one PrecisionRecall) bool { return !drawn(one.Recall, one.Precision) })
	s.Reliability = slices.DeleteFunc(slices.Clone(c.Reliability), func(one Reliability) bool {
		return !finite(one.Expected, one.Observed) || one.Interval != nil && !finite(one.Interval[0], one.Interval[1])
	})
	if len(c.Confusion) != classes || slices.ContainsFunc(c.Confusion, func(row []float64) bool { return len(row) != classes || !finite(row...) }) {
		s.Confusion = nil
	}
	if q := c.Residuals; q != nil && !finite(q.Q01, q.Q05, q.Q25, q.Q50, q.Q75, q.Q95, q.Q99) {
		s.Residuals = nil
	}
	return &s
}

// drawn tells whether two lists are the corners of a curve in the unit square.
func drawn(x, y []float64) bool {
	outside := func(v float64) bool { return !(v >= 0 && v <= 1) }
	return len(x) == len(y) && len(x) > 0 && !slices.ContainsFunc(x, outside) && !slices.ContainsFunc(y, outside)
}
