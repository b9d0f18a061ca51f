package schema

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// truths are the words for 0 and 1 in a task of two classes. Positive and negative make no
// boolean column.
var truths = append(boolWords[:], [2]string{"negative", "positive"}, [2]string{"neg", "pos"})

// Meaning is what the text of a class means, so that two texts of one class have the
// same: a number by its value ("1", "1.0", "1e0"), any other text itself. Where there are
// two classes, words of truth in any case are 1 (true, yes, t, y, on, positive, pos) or 0.
func Meaning(text string, two bool) string {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > 32 {
		return text
	}
	if first := text[0]; first >= '0' && first <= '9' || first == '-' || first == '+' || first == '.' {
		if x, ok := PlainNumber(text); ok {
			return strconv.FormatFloat(x, 'g', -1, 64)
		}
		return text
	}
	if two {
		for _, words := range truths {
			switch {
			case strings.EqualFold(text, words[0]):
				return "0"
			case strings.EqualFold(text, words[1]):
				return "1"
			}
		}
	}
	return text
}

// Contrary is what is false where the text is what is true: "no" of "yes"; "0" of any other.
func Contrary(text string) string {
	for _, words := range truths {
		if strings.EqualFold(text, words[1]) {
			return words[0]
		}
	}
	return "0"
}

// PlainNumber reads a text that is a number and no code: digits with leading zeros and
// integers beyond 2^53 are codes.
func PlainNumber(text string) (float64, bool) {
	digits := strings.TrimPrefix(text, "-")
	if len(digits) > 1 && digits[0] == '0' && digits[1] != '.' && digits[1] != 'e' && digits[1] != 'E' {
		return 0, false
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || x > 1<<53 || x < -1<<53 || strings.ContainsAny(text, "xXpP_iInN") {
		return 0, false
	}
	return x + 0, true
}

// means is the class of a text by the other words that classes have.
func (s *Schema) means(text string) string {
	two := s.Task != Multiclass
	meaning := Meaning(text, two)
	for from, to := range s.Words {
		if Meaning(from, two) == meaning {
			return Meaning(to, two)
		}
	}
	return meaning
}

// distinct are the meanings of the texts of a column, in the order of the texts.
func (s *Schema) distinct(c *Column) (all []string) {
	for _, value := range c.Values {
		if m := s.means(value); !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	return all
}

// outputs are the prediction and the label of a task of classes; nil where one is
// missing.
func (s *Schema) outputs() (prediction, label *Column) {
	predictions, labels := s.ByRole(Prediction), s.ByRole(Label)
	if len(predictions) == 0 || len(labels) == 0 {
		return nil, nil
	}
	return predictions[0], labels[0]
}

// Apart tells whether predictions and labels have no class in common, as far as their
// texts are known: other words for the same classes.
func (s *Schema) Apart() bool {
	prediction, label := s.outputs()
	if prediction == nil || s.Task == Regression {
		return false
	}
	predicted, came := s.distinct(prediction), s.distinct(label)
	for _, one := range predicted {
		if slices.Contains(came, one) {
			return false
		}
	}
	return len(predicted) > 0 && len(came) > 0 && len(predicted)+len(came) > 2
}

// pair finds which of two words of the predictions is which of the labels: both have
// higher scores for one of theirs. It sets Words, and tells whether it did.
func (s *Schema) pair(heads []Head) bool {
	from, to := s.outputs()
	scores := s.ByRole(Score)
	if s.Task != Binary || !s.Apart() || len(scores) != 1 || len(s.distinct(from)) != 2 || len(s.distinct(to)) != 2 {
		return false
	}
	if slices.Contains(s.distinct(from), "1") && slices.Contains(s.distinct(from), "0") { // the plainer words stay
		from, to = to, from
	}
	high := higher(cells(heads, scores[0].Name), cells(heads, from.Name))
	top := higher(cells(heads, scores[0].Name), cells(heads, to.Name))
	if high == "" || top == "" {
		return false
	}
	s.Words, s.Guessed = map[string]string{}, true
	for _, value := range from.Values {
		s.Words[value] = top
		if Meaning(value, true) != Meaning(high, true) {
			s.Words[value] = other(to, top)
		}
	}
	return true
}

// other is a text of a column of two classes that is not of the given one.
func other(c *Column, text string) string {
	at := slices.IndexFunc(c.Values, func(value string) bool { return Meaning(value, true) != Meaning(text, true) })
	return c.Values[at]
}

const wordsNote = "classes: "

// wordsLine says in what words predictions and labels differ; "" where they do not, or
// where somebody said what they mean.
func (s *Schema) wordsLine() string {
	prediction, label := s.outputs()
	switch {
	case prediction == nil:
		return ""
	case s.Apart():
		return wordsNote + fmt.Sprintf("%s says %s and %s says %s: nobody can tell which is which, so no label counts; say what each label means: labels: {map: {%s}}",
			prediction.Name, list(prediction.Values), label.Name, list(label.Values), Unmapped(label.Values))
	case s.Guessed:
		return wordsNote + fmt.Sprintf("%s says %s and %s says %s: by the scores %s; if not, say so: labels: {map: {%s}}",
			prediction.Name, list(prediction.Values), label.Name, list(label.Values), meant(s.Words), swapped(s.Words))
	case len(s.Words) == 0 && s.common(prediction, label) != "":
		return wordsNote + fmt.Sprintf("%s says %s and %s says %s: %s is taken for the same class in both; if it is not, write labels as predictions are (labels.map cannot say it: a word means one class in all columns)",
			prediction.Name, list(prediction.Values), label.Name, list(label.Values), s.common(prediction, label))
	case s.Task == Binary && len(s.Words) == 0 && unlike(prediction, label):
		return wordsNote + fmt.Sprintf("%s says %s and %s says %s: taken as the same", prediction.Name, list(prediction.Values), label.Name, list(label.Values))
	}
	return ""
}

// common is the one number that two columns of two have in common, the higher of one and the
// lower of the other: codes from 0 and from 1 on, most likely, of the same classes. "" for none.
func (s *Schema) common(a, b *Column) string {
	var codes [2][]float64
	for i, c := range []*Column{a, b} {
		for _, text := range s.distinct(c) {
			x, is := PlainNumber(text)
			if !is {
				return ""
			}
			codes[i] = append(codes[i], x)
		}
		slices.Sort(codes[i])
	}
	one, other := codes[0], codes[1]
	switch {
	case s.Task == Regression || len(one) != 2 || len(other) != 2:
		return ""
	case one[1] == other[0]:
		return strconv.FormatFloat(one[1], 'g', -1, 64)
	case one[0] == other[1]:
		return strconv.FormatFloat(one[0], 'g', -1, 64)
	}
	return ""
}

// unlike tells whether two columns of two classes have no text in common.
func unlike(a, b *Column) bool {
	return len(a.Values) == 2 && len(b.Values) == 2 && !slices.Contains(b.Values, a.Values[0]) && !slices.Contains(b.Values, a.Values[1])
}

// meant lists what words mean: "churned is 1 and stayed is 0".
func meant(words map[string]string) string {
	var parts []string
	for _, from := range slices.Sorted(maps.Keys(words)) {
		parts = append(parts, from+" is "+words[from])
	}
	return strings.Join(parts, " and ")
}

// swapped is a map of two words as it is configured, the other way round.
func swapped(words map[string]string) string {
	means := slices.Compact(slices.Sorted(maps.Values(words)))
	var parts []string
	for _, from := range slices.Sorted(maps.Keys(words)) {
		to := means[0]
		if to == words[from] {
			to = means[len(means)-1]
		}
		parts = append(parts, fmt.Sprintf("%q: %q", from, to))
	}
	return strings.Join(parts, ", ")
}

// Unmapped is a map of words as it is configured, with what each means left to be filled in;
// of many the first.
func Unmapped(from []string) string {
	const most = 3
	var parts []string
	for _, text := range from[:min(len(from), most)] {
		parts = append(parts, fmt.Sprintf("%q: ...", text))
	}
	if len(from) > most {
		parts = append(parts, "...")
	}
	return strings.Join(parts, ", ")
}
