package schema

import (
	"maps"
	"slices"
	"strings"
)

// assign gives roles from usual names, where the values agree.
func assign(drafts []*draft) {
	for _, d := range drafts {
		if d.id {
			d.column.Role = ID
		}
	}
	if best := pick(drafts, timeRankOf(drafts)); best != nil {
		best.column.Role = Timestamp
	}
	prediction := pick(drafts, predictionRank)
	if prediction == nil {
		prediction = only(drafts, predictionPattern)
	}
	if prediction != nil {
		prediction.column.Role = Prediction
	}
	score := pick(drafts, func(d *draft) int { return scoreRank(d, prediction != nil) })
	if score != nil {
		score.column.Role = Score
	}
	label := findLabel(drafts, prediction, score)
	if label != nil {
		label.column.Role = Label
	}
	if classScores(drafts, prediction, label) && score != nil && score.column.Class == "" {
		score.column.Role = Feature
	}
	// A "prediction" between 0 and 1 of a two-class label is its probability.
	if score == nil && prediction != nil && label != nil && prediction.column.Kind == Numeric &&
		prediction.low >= 0 && prediction.high <= 1 && len(label.column.Values) == 2 {
		prediction.column.Role = Score
	}
	if weight := pick(drafts, weightRank); weight != nil {
		weight.column.Role = Weight
	}
}

// pick is the free column of the best rank, the first among equals. Rank 0
// means not eligible, 1 is best.
func pick(drafts []*draft, rank func(*draft) int) *draft {
	var best *draft
	for _, d := range drafts {
		if d.column.Role != Feature {
			continue
		}
		if r := rank(d); r > 0 && (best == nil || r < rank(best)) {
			best = d
		}
	}
	return best
}

// only is the one free column that fits, nil if there are none or several.
func only(drafts []*draft, fits func(*draft) bool) *draft {
	var found *draft
	for _, d := range drafts {
		if d.column.Role == Feature && fits(d) {
			if found != nil {
				return nil
			}
			found = d
		}
	}
	return found
}

// timeRank orders names of time: exact names first, then names that end or
// begin with a word of time; 0 for names without one and for what lies in the
// past of a row or after it ("birth_date", "closed_at").
func timeRank(d *draft) int {
	if anyOf(d.words, pastWords) {
		return 0
	}
	if r := timeNames[d.bare]; r > 0 {
		return r
	}
	if n := len(d.words); n > 1 {
		if r := timeWords[d.words[n-1]]; r > 0 {
			return 100 + r
		}
		if r := timeWords[d.words[0]]; r > 0 {
			return 200 + r
		}
	}
	return 0
}

// timeRankOf ranks the columns that hold instants. Columns without gaps come
// before those with, and a column without a name of time comes last.
func timeRankOf(drafts []*draft) func(*draft) int {
	return func(d *draft) int {
		if d.column.Kind != Time {
			return 0
		}
		r := timeRank(d)
		if r == 0 {
			r = 500
			if anyOf(d.words, pastWords) {
				r = 600
			}
		}
		if d.missing+d.absent > 0 {
			r += 1000
		}
		return r
	}
}

func predictionRank(d *draft) int {
	if d.column.Kind == Time || d.column.Kind == Embedding {
		return 0
	}
	return predictionNames[d.bare]
}

// predictionPattern fits "predicted_fare", "fare_pred" and "fare_prediction".
func predictionPattern(d *draft) bool {
	n := len(d.words)
	if n < 2 || d.column.Kind == Time || d.column.Kind == Embedding || scoreNames[d.bare] > 0 {
		return false
	}
	first, last := d.words[0], d.words[n-1]
	return first == "predicted" || first == "pred" || first == "prediction" || last == "pred" || last == "prediction" || last == "predicted"
}

// scoreRank wants probabilities. The names that mean other things elsewhere
// need a prediction beside them.
func scoreRank(d *draft, predicted bool) int {
	if d.numbers == 0 || d.low < 0 || d.high > 1 || !d.column.Kind.Quantitative() && d.column.Kind != Boolean {
		return 0
	}
	if !predicted && (d.bare == "p" || d.bare == "confidence" || d.bare == "p1") {
		return 0
	}
	return scoreNames[d.bare]
}

func weightRank(d *draft) int {
	if !d.column.Kind.Quantitative() || d.low < 0 {
		return 0
	}
	return weightNames[d.bare]
}

// NamesLabel tells whether a column that nobody knows may hold labels, by its name alone.
func NamesLabel(name string) bool {
	bare := strings.Join(words(name), "")
	return labelNames[bare] > 0 || outcomeNames[bare]
}

// findLabel looks for the truth: by a name that says so; by the name of the
// prediction ("fare" for "predicted_fare"); by the name of a usual outcome,
// which needs a prediction or score beside it, or else to stand first or last.
func findLabel(drafts []*draft, prediction, score *draft) *draft {
	modelled := prediction != nil || score != nil
	named := pick(drafts, func(d *draft) int {
		if d.column.Kind == Time || d.column.Kind == Embedding || d.bare == "y" && !modelled && hasColumn(drafts, "x") {
			return 0
		}
		return labelNames[d.bare]
	})
	if named != nil {
		return named
	}
	if prediction != nil {
		if stem := predictionStem(prediction.words); stem != "" {
			if twin := only(drafts, func(d *draft) bool {
				return d.bare == stem || d.bare == "actual"+stem || d.bare == "true"+stem || d.bare == stem+"actual" || d.bare == stem+"true"
			}); twin != nil {
				return twin
			}
		}
	}
	var free []*draft
	for _, d := range drafts {
		if d.column.Role == Feature {
			free = append(free, d)
		}
	}
	for i := len(free) - 1; i >= 0; i-- {
		d := free[i]
		atEdge := i == 0 || i == len(free)-1
		if outcomeNames[d.bare] && (modelled || atEdge) && d.column.Values != nil && len(d.column.Values) >= 2 {
			return d
		}
	}
	return nil
}

func hasColumn(drafts []*draft, bare string) bool {
	return slices.ContainsFunc(drafts, func(d *draft) bool { return d.bare == bare })
}

// predictionStem is what a prediction's name says is predicted.
func predictionStem(list []string) string {
	var rest []string
	for _, word := range list {
		switch word {
		case "predicted", "pred", "prediction":
		default:
			rest = append(rest, word)
		}
	}
	if len(rest) == len(list) {
		return ""
	}
	return strings.Join(rest, "")
}

// classScores finds one score per class: a usual prefix before the name of a
// class ("proba_cat", "proba_dog"). It tells whether there were any.
func classScores(drafts []*draft, prediction, label *draft) bool {
	classes := map[string]string{} // bare -> as written
	for _, d := range []*draft{prediction, label} {
		if d != nil {
			for _, value := range d.column.Values {
				classes[bare(value)] = value
			}
		}
	}
	found := map[string][]*draft{}
	for _, d := range drafts {
		if d.column.Role != Feature && d.column.Role != Score || d.numbers == 0 || d.low < 0 || d.high > 1 {
			continue
		}
		for prefix := range scorePrefixes {
			rest, ok := strings.CutPrefix(d.bare, prefix)
			if _, known := classes[rest]; ok && known && rest != "" {
				found[prefix] = append(found[prefix], d)
			}
		}
	}
	for _, prefix := range slices.Sorted(maps.Keys(found)) {
		list := found[prefix]
		if len(list) < 2 || len(list) < len(classes)-1 {
			continue
		}
		for _, d := range list {
			d.column.Role = Score
			d.column.Class = classes[strings.TrimPrefix(d.bare, prefix)]
			if !d.column.Kind.Quantitative() {
				d.column.Kind = Numeric
			}
		}
		return true
	}
	return false
}
