package quality

import (
	"fmt"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/metric"
	"leeway/core/outcome"
	"leeway/core/schema"
	"leeway/core/stat"
)

// respeltIn is what is said of predictions in other words; nil where they are not.
func respeltIn(in *check.Input) *outcome.Respelt {
	if in.Labelled == nil || in.Labelled.Odd == nil {
		return nil
	}
	return in.Labelled.Odd.Respelt
}

// respelt says that predictions, and labels with them or not, are in other words than the
// reference's, so that no label counts, and which word is which where that can be told.
func (w *window) respelt(r *outcome.Respelt) {
	of := predictionColumn(w.in)
	ratio := float64(r.Foreign) / float64(r.Predictions)
	w.sample(check.UnseenPredictions, of, ratio, true, 0, r.Predictions, "")
	e := evidence(check.UnseenPredictions, of)
	e.Value, e.NCurrent, e.Broken, e.NoiseFloor, e.Effect = ratio, r.Predictions, true, 0, ratio
	e.Low, e.High = stat.Wilson(r.Foreign, r.Predictions)
	var names []string
	for _, c := range r.Classes {
		names = append(names, c.Name)
	}
	how := fmt.Sprintf("%s of %s are", words.Count(r.Foreign), words.Plural(r.Predictions, "prediction"))
	if r.Foreign == r.Predictions {
		how = "The predictions are"
	}
	labels, write := "and labels are what they were", "Write predictions as before"
	if r.Labels > 0 {
		labels, write = "and labels have the same new words", "Write predictions and labels as before"
	}
	e.Message = fmt.Sprintf("%s %s, which the reference does not have (it has %s), %s: nobody can tell from them how good the model was.", how, enumerated(names), enumerated(r.Known), labels)
	said, hint := tell(r, w.in, names)
	e.Message += said
	e.Hint = write + hint
	w.add(e)
}

// predictionColumn names the column of predictions, if it has a name.
func predictionColumn(in *check.Input) (of metric.Labels) {
	if all := in.Schema.ByRole(schema.Prediction); len(all) > 0 {
		of.Column, of.Role = all[0].Name, string(schema.Prediction)
	}
	return of
}
