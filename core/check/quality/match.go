package quality

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"leeway/core/cases"
	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/outcome"
	"leeway/core/schema"
)

// tell says which class each of the new words is, if anything tells, and what to do about it.
func tell(r *outcome.Respelt, in *check.Input, names []string) (message, hint string) {
	means, why := match(r, in)
	var said, mapped []string
	for _, name := range names {
		if to := means[name]; to != "" {
			said, mapped = append(said, words.Quoted(name)+" is "+words.Quoted(to)), append(mapped, fmt.Sprintf("%q: %q", name, to))
		}
	}
	var twice string // a word of the reference that is another class now
	for _, name := range remaining(r) {
		if to := means[name]; to != "" && to != name {
			said, twice = append(said, words.Quoted(name)+" is "+words.Quoted(to)), name
		}
	}
	if len(said) > 0 {
		message = fmt.Sprintf(" Most likely %s: %s.", strings.Join(said, ", "), why)
	}
	switch {
	case twice != "":
		return message, fmt.Sprintf(". No labels.map can say it: it goes for all data, and %s is a class of the reference too. If the new words are to stay, build a baseline of data that have them%s.", words.Quoted(twice), positive(means, in.Schema.Positive))
	case len(said) > 0:
		return message, fmt.Sprintf("; or, if that is right, say so in the configuration: labels: {map: {%s}}.", strings.Join(mapped, ", "))
	case recoded(r):
		return "", fmt.Sprintf(", or say in the configuration what they mean: labels: {map: {%s}}, if %s what it did. If not, no map can say it, since it goes for all data: if the new words are to stay, build a baseline of data that have them.", schema.Unmapped(names), each(remaining(r)))
	}
	return "", fmt.Sprintf(", or say in the configuration what they mean: labels: {map: {%s}}.", schema.Unmapped(names))
}

// positive is how the positive class is named in the new words, "" where nothing tells.
func positive(means map[string]string, before string) string {
	for name, to := range means {
		if schema.Meaning(to, true) == schema.Meaning(before, true) {
			return fmt.Sprintf(", with positive: %s", name)
		}
	}
	return ""
}

// each is the subject of "what it did".
func each(names []string) string {
	if len(names) == 1 {
		return words.Quoted(names[0]) + " means"
	}
	return "each of " + enumerated(names) + " means"
}

// match tells which class each of the new words is, and those of before that are left, and by
// what; nil where nothing tells. It never is by which of them labels go with: that a model is
// right is what is asked.
func match(r *outcome.Respelt, in *check.Input) (means map[string]string, why string) {
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
	left := remaining(r)
	if in.Schema.Task == schema.Binary && len(r.Known) == 2 && len(r.Classes)+len(left) == 2 && in.Labelled.Cases != nil {
		now := append(left, r.Classes[0].Name)
		if len(left) == 0 {
			now = append(now, r.Classes[1].Name)
		}
		high := ""
		means, high = byScores(now, r.Known, in.Labelled.Cases.Rest)
		if means != nil && (len(left) == 0 || means[left[0]] != left[0]) {
			return means, fmt.Sprintf("the scores of %s are higher", words.Quoted(high))
		}
	}
	if len(r.Classes) != 1 || len(r.Gone) != 1 || len(means) == 0 && recoded(r) {
		return nil, ""
	}
	return map[string]string{r.Classes[0].Name: r.Gone[0]}, "no other class is gone"
}

// remaining are the classes of the reference that are still predicted.
func remaining(r *outcome.Respelt) (names []string) {
	for _, name := range r.Known {
		if !slices.Contains(r.Gone, name) {
			names = append(names, name)
		}
	}
	return names
}

// recoded tells whether one number is new and one is gone so that, in their order, those between
// are other classes too: 1 and 2 for 0 and 1 are codes from 1 on as likely as a 2 for the 0.
func recoded(r *outcome.Respelt) bool {
	left := remaining(r)
	if len(r.Classes) != 1 || len(r.Gone) != 1 || len(left) == 0 {
		return false
	}
	news, ok := schema.PlainNumber(r.Classes[0].Name)
	gone, also := schema.PlainNumber(r.Gone[0])
	for _, name := range left {
		x, is := schema.PlainNumber(name)
		if !ok || !also || !is {
			return false
		}
		if (news < x) != (gone < x) {
			return true
		}
	}
	return false
}

// clearly is by how many standard errors scores of one word must be higher.
const clearly = 5

// byScores takes the one of two words that has the higher scores for the positive of two
// classes, and tells which has; nil where neither has.
func byScores(now, known []string, t *cases.Table) (means map[string]string, high string) {
	if t == nil || len(t.Said) != 1 {
		return nil, ""
	}
	var n, sum, squares [2]float64
	for row := range t.Rows {
		code, score, count := t.Predicted[row], t.Said[0][row], t.Counts[row]
		for i, name := range now {
			if code >= 0 && t.Shape.Classes.Name(int32(code)) == name {
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
	other := known[0]
	if other == positive {
		other = known[1]
	}
	switch {
	case z > clearly:
		return map[string]string{now[0]: positive, now[1]: other}, now[0]
	case z < -clearly:
		return map[string]string{now[0]: other, now[1]: positive}, now[1]
	}
	return nil, ""
}
