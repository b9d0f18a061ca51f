package schema

import (
	"math"
	"slices"
	"strings"

	"leeway/core/internal/numeral"
)

// positive is the positive class: as far as the classes tell, then that of the score,
// then the last in order.
func positive(outputs []*Column, boolean bool, scored string) string {
	if boolean {
		return "true"
	}
	for _, c := range slices.Backward(outputs) { // the label knows all classes, a prediction may not
		if slices.Contains(c.Values, "1") {
			return "1"
		}
	}
	if scored != "" {
		return scored
	}
	for _, c := range slices.Backward(outputs) {
		if n := len(c.Values); n > 0 {
			return c.Values[n-1]
		}
	}
	return "1"
}

// scored is the class that the only score is declared to be of, "" if none is.
func scored(scores []*Column) string {
	if len(scores) == 1 {
		return scores[0].Class
	}
	return ""
}

// lean sees which of two classes has the higher scores. Where nothing but the order
// of their names made the other one positive, the scores are taken to be of this one.
// Where the positive class is 1, which says what it means, the line says what is odd.
func (s *Schema) lean(heads []Head) string {
	scores, outputs := s.ByRole(Score), append(s.ByRole(Prediction), s.ByRole(Label)...)
	if s.Task != Binary || len(scores) != 1 || scores[0].Class != "" || len(outputs) == 0 || outputs[0].Kind == Boolean {
		return ""
	}
	class := higher(cells(heads, scores[0].Name), cells(heads, outputs[0].Name))
	if class == "" || s.means(class) == s.means(s.Positive) {
		return ""
	}
	if s.Positive == "1" {
		return "scores are higher where " + outputs[0].Name + " is " + class + " than where it is 1: if they are of " + class + ", say so: columns: {" + scores[0].Name + ": {class: \"" + class + "\"}}"
	}
	if to := s.Words[class]; to != "" {
		class = to
	}
	scores[0].Class, s.Positive = class, class
	return ""
}

func cells(heads []Head, name string) []Cell {
	at := slices.IndexFunc(heads, func(h Head) bool { return h.Name == name })
	return heads[at].Cells
}

// higher is the class of two whose rows have the higher scores on average, "" where
// that is not certain: below 5 standard errors, or below 10 rows of either.
func higher(scores, classes []Cell) string {
	const sure, least = 5, 10
	type sums struct{ n, sum, squares float64 }
	of := map[string]*sums{}
	for i := range min(len(scores), len(classes)) {
		x, ok := numeral.Float(strings.TrimSpace(scores[i].Text))
		class := strings.TrimSpace(classes[i].Text)
		if !ok || class == "" || isAbsent(class) {
			continue
		}
		if of[class] == nil {
			of[class] = &sums{}
		}
		of[class].n++
		of[class].sum += x
		of[class].squares += float64(x * x)
	}
	var names []string
	var mean, noise [2]float64 // of each class; the square of its standard error
	for name, s := range of {
		if len(names) == 2 || s.n < least {
			return ""
		}
		mean[len(names)] = s.sum / s.n
		noise[len(names)] = max(float64(s.squares/s.n)-float64(mean[len(names)]*mean[len(names)]), 0) / s.n
		names = append(names, name)
	}
	if len(names) < 2 || !(math.Abs(mean[0]-mean[1]) > sure*math.Sqrt(noise[0]+noise[1])) {
		return ""
	}
	if mean[0] > mean[1] {
		return names[0]
	}
	return names[1]
}
