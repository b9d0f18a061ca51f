package performance

import (
	"fmt"
	"math"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/schema"
)

const (
	noNumbers       = "How good the model was is not known: none of its labels is a number."
	mendPredictions = "See the finding on the predictions: write them as before, or say what their words mean, where labels.map can. Nothing is said of the model meanwhile."
	mendLabels      = "Mend the labels (see the finding on their column); nothing is said of the model meanwhile."
)

// delivered says what is odd about the labels themselves.
func delivered(l *check.Labelled) []check.Evidence {
	all := otherWords(l)
	add := func(metric string, n, of int64, message, hint string) {
		all = append(all, note(metric, n, of, message, hint))
	}
	if c := l.Contrary; c != nil && c.IDs > 0 {
		add("predictions_contrary", c.Rows, l.Current.Rows, contrary(c),
			"Where ids come again by design, log one made of the id and the time, such as C17-2026-03-02; else find out why rows were predicted twice.")
	}
	const wrong = "Find out which source is wrong, and deliver only the right one."
	if j := l.Joined; j != nil && j.Contradicted > 0 {
		add("labels_conflicting", j.Contradicted, l.Current.Rows, fmt.Sprintf("%s with labels that contradict each other: nobody can tell which is right, so they count as not labelled.", words.Plural(j.Contradicted, "row")), wrong)
	}
	if j := l.Joined; j != nil && j.Unread > 0 && l.Current.Labelled == 0 {
		all = append(all, unknown(l, noNumbers, mendLabels))
	}
	d := l.Delivery
	switch {
	case d == nil || d.Labels == 0 && l.Current.Labelled > 0:
		return all
	case d.Labels == 0 && d.Mistyped > 0:
		return append(all, unknown(l, noNumbers, mendLabels))
	case d.Labels == 0 && d.Incomplete > 0:
		return append(all, noLabel(d.Incomplete, fmt.Sprintf("The label files hold no label: none of their %s has both an id and a label (%s).", words.Plural(d.Incomplete, "row"), d.Files), "Look at what writes the label files."))
	case d.Labels == 0:
		return append(all, noLabel(l.Current.Rows, fmt.Sprintf("The label files hold no label: they have no rows (%s).", d.Files), "Look at what writes the label files."))
	}
	if l.Current.Labelled == 0 && (l.Odd == nil || len(l.Odd.Classes) == 0 && l.Odd.Respelt == nil) {
		all = append(all, noLabel(d.Labels, fmt.Sprintf("None of the %s fits a row of the current data: no id of theirs is there, or their labels contradict each other (%s).", words.Plural(d.Labels, "label"), d.Files),
			"Check that the label files are of this model and time, and write ids as the logs do."))
	}
	if d.Conflicting > 0 {
		add("labels_conflicting", d.Conflicting, d.Labels, fmt.Sprintf("%s: nobody can tell which is right, so their rows count as not labelled.", conflicting(d.Conflicting)), wrong)
	}
	return all
}

// otherWords says why no label counts where labels and predictions are in words of their own.
func otherWords(l *check.Labelled) []check.Evidence {
	switch o := l.Odd; {
	case o == nil:
	case len(o.Strange) > 0:
		return []check.Evidence{strange(l)}
	case o.Respelt != nil && o.Respelt.Labels > 0:
		return []check.Evidence{unknown(l, "How good the model was is not known: its predictions and labels are in other words than those of the reference, so no label counts.", mendPredictions)}
	case o.Respelt != nil:
		return []check.Evidence{unknown(l, "How good the model was is not known: its predictions are in other words than those of the reference and of the labels, so no label counts.", mendPredictions)}
	case o.Refused:
		return []check.Evidence{unknown(l, "How good the model was is not known: its labels are not those of the classes that the reference has or that are predicted, so none of them counts.", mendLabels)}
	}
	return nil
}

// note says something that is no test: n of so many rows or labels.
func note(metric string, n, of int64, message, hint string) check.Evidence {
	return check.Evidence{
		Check: Name, Metric: metric, Value: float64(n), NCurrent: of,
		P: math.NaN(), Effect: math.NaN(), NoiseFloor: math.NaN(), Low: math.NaN(), High: math.NaN(), Notable: true, Message: message, Hint: hint,
	}
}

// noLabel says that label files tell of no row how it came out, of so many of them.
func noLabel(of int64, message, hint string) check.Evidence {
	e := note("label_coverage", 0, of, message, hint)
	e.Notable, e.Unsure, e.Partly = false, true, true
	return e
}

func conflicting(n int64) string {
	if n == 1 {
		return "1 id has labels that contradict each other"
	}
	return words.Count(n) + " ids have labels that contradict each other"
}

// strange says that the reference's labels are other words than its predictions. Where
// current labels came that do not count either, nobody knows how good the model is.
func strange(l *check.Labelled) check.Evidence {
	what := "How good the model is, is not known"
	if l.Current.Labelled > 0 {
		what = "Whether the model got worse is not known"
	}
	e := unknown(l, fmt.Sprintf("%s: the reference never predicts what its labels say (predictions are %s, labels %s), so no label of it counts.", what, called(l.Odd.Known), called(l.Odd.Strange)),
		fmt.Sprintf("Say in the configuration what each label means in the words of the predictions, labels: {map: {%s}}, and build the baseline again.", schema.Unmapped(l.Odd.Strange)))
	e.Value, e.Foremost, e.Partly = float64(l.Current.Labelled), true, l.Odd.Labels == 0 || l.Current.Labelled > 0
	return e
}

// unknown says that labels came which nothing can be learnt from.
func unknown(l *check.Labelled, message, hint string) check.Evidence {
	return check.Evidence{
		Check: Name, Metric: "labelled_rows", Value: 0, NCurrent: l.Current.Rows,
		P: math.NaN(), Effect: math.NaN(), NoiseFloor: math.NaN(), Low: math.NaN(), High: math.NaN(),
		Unsure: true, Partly: true, Message: message, Hint: hint,
	}
}
