package quality

import (
	"fmt"
	"math"
	"strings"

	"leeway/core/cases"
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
	means, why := match(r, w.in)
	if len(means) == 0 {
		e.Hint = fmt.Sprintf("%s, or say in the configuration what they mean: labels: {map: {%s}}.", write, schema.Unmapped(names))
	} else {
		var said, mapped []string
		for _, name := range names {
			if to := means[name]; to != "" {
				said, mapped = append(said, words.Quoted(name)+" is "+words.Quoted(to)), append(mapped, fmt.Sprintf("%q: %q", name, to))
			}
		}
		e.Message += fmt.Sprintf(" Most likely %s: %s.", strings.Join(said, ", "), why)
		e.Hint = fmt.Sprintf("%s; or, if that is right, say so in the configuration: labels: {map: {%s}}.", write, strings.Join(mapped, ", "))
	}
	w.add(e)
}

// predictionColumn names the column of predictions, if it has a name.
func predictionColumn(in *check.Input) (of metric.Labels) {
	if all := in.Schema.ByRole(schema.Prediction); len(all) > 0 {
		of.Column, of.Role = all[0].Name, string(schema.Prediction)
	}
	return of
}

// match tells which class each of the new words is, and by what; nil where nothing tells. It
// never is by which of them labels go with: that a model is right is what is asked.
func match(r *outcome.Respelt, in *check.Input) (means map[string]string, why string) {
	if len(r.Classes) == 1 && len(r.Gone) == 1 {
		return map[string]string{r.Classes[0].Name: r.Gone[0]}, "no other class is gone"
	}
	means = map[string]string{}
	for _, c := range r.Classes {
		for _, gone := range r.Gone {
			if strings.EqualFold(strings.TrimSpace(c.Name), strings.TrimSpace(gone)) {
				means[c.Name] = gone
			}
		}
	}
	if len(means) == len(r.Classes) {
		return means, "only capitals differ"
	}
	if in.Schema.Task == schema.Binary && len(r.Classes) == 2 && len(r.Gone) == 2 && in.Labelled.Cases != nil {
		return byScores(r, in.Labelled.Cases.Rest), "its scores are higher"
	}
	return nil, ""
}

// clearly is by how many standard errors scores of one word must be higher.
const clearly = 5

// byScores takes the word with the higher scores for the positive class; nil where neither has.
func byScores(r *outcome.Respelt, t *cases.Table) map[string]string {
	if t == nil || len(t.Said) != 1 {
		return nil
	}
	var n, sum, squares [2]float64
	for row := range t.Rows {
		code, score, count := t.Predicted[row], t.Said[0][row], t.Counts[row]
		for i, c := range r.Classes {
			if code >= 0 && t.Shape.Classes.Name(int32(code)) == c.Name {
				n[i] += count
				sum[i] += float64(count * score)
				squares[i] += float64(count * score * score)
			}
		}
	}
	var square float64 // of the standard error of their difference
	for i := range n {
		sum[i] /= n[i]
		square += (squares[i]/n[i] - float64(sum[i]*sum[i])) / n[i]
	}
	z := (sum[0] - sum[1]) / math.Sqrt(max(square, 0))
	positive := t.Shape.Classes.Name(t.Shape.Positive)
	other := r.Gone[0]
	if other == positive {
		other = r.Gone[1]
	}
	switch {
	case z > clearly:
		return map[string]string{r.Classes[0].Name: positive, r.Classes[1].Name: other}
	case z < -clearly:
		return map[string]string{r.Classes[0].Name: other, r.Classes[1].Name: positive}
	}
	return nil
}
