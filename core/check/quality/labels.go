package quality

import (
	"fmt"
	"slices"
	"strings"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/metric"
	"leeway/core/outcome"
	"leeway/core/schema"
	"leeway/core/stat"
)

// blankLabels names the note on labels that say that there is none.
const blankLabels = "blank_labels"

// mostNamed is how many classes a sentence names.
const mostNamed = 3

// labels says which labels are of classes that neither the reference nor the model
// knows, and what became of them.
func (w *window) labels() {
	if w.in.Labelled == nil {
		return
	}
	w.unreadable(unreadableOf(w.in.Labelled))
	if w.in.Labelled.Odd == nil {
		return
	}
	o := w.in.Labelled.Odd
	of := w.labelColumn()
	w.blank(o, of)
	if o.Labels == 0 {
		return
	}
	var before int64
	for _, c := range o.Both {
		before += c.Reference
	}
	ratio := float64(o.Count[outcome.Foreign]+o.Count[outcome.Fresh]) / float64(o.Labels)
	if o.Firm {
		w.sample(check.UnseenLabels, of, ratio, true, before, o.Labels, "")
	}
	e := evidence(check.UnseenLabels, of)
	e.Value, e.NReference, e.NCurrent = ratio, before, o.Labels
	e.Low, e.High = stat.Wilson(o.Count[outcome.Foreign]+o.Count[outcome.Fresh], o.Labels)
	switch {
	case len(o.Strange) > 0: // that is said of performance
		return
	case o.Respelt != nil:
		w.respelt(o.Respelt)
		if o.Respelt.Labels == 0 {
			return
		}
		e.Broken, e.NoiseFloor, e.Effect = true, 0, ratio
		e.Message, e.Hint = renewed(o), "See the finding on the predictions: what it says of their words goes for the labels."
	case o.Refused:
		e.Broken, e.NoiseFloor, e.Effect = true, 0, ratio
		e.Message, e.Hint = refused(o), w.mend(o)
	case o.Firm && w.in.Schema.Task == schema.Multiclass && !w.in.ComparesLabels(): // else new categories of the column are tested
		w.fresh(&e, o)
	case o.Count[outcome.Foreign] > 0:
		e.Notable = true
		e.Message, e.Hint = stray(o), w.mend(o)
	default:
		return
	}
	w.add(e)
}

// labelColumn names the column of labels, if it has a name.
func (w *window) labelColumn() (of metric.Labels) {
	if all := w.in.Schema.ByRole(schema.Label); len(all) > 0 {
		of.Column, of.Role = all[0].Name, string(schema.Label)
	}
	return of
}

// blank notes labels that say that there is none.
func (w *window) blank(o *outcome.Odd, of metric.Labels) {
	n := o.Count[outcome.Blank]
	if n == 0 {
		return
	}
	e := evidence(blankLabels, of)
	e.Value, e.NCurrent, e.Notable = float64(n), n+o.Labels, true
	e.Message = fmt.Sprintf("%s of %s say that there is none (%s): they count as missing.", words.Count(n), words.Plural(n+o.Labels, "label"), strangest(o, outcome.Blank))
	e.Hint = "Nothing to do if that is what they mean; missing_values in the configuration says which texts stand for a missing value."
	w.add(e)
}

// strangest lists the classes of a standing, the most frequent first.
func strangest(o *outcome.Odd, s outcome.Standing) string {
	var names []string
	for _, c := range o.Classes {
		if c.Standing == s {
			names = append(names, c.Name)
		}
	}
	return enumerated(names)
}

func enumerated(names []string) string {
	var quoted []string
	for _, name := range names[:min(len(names), mostNamed)] {
		quoted = append(quoted, words.Quoted(name))
	}
	if more := len(names) - len(quoted); more > 0 {
		return strings.Join(quoted, ", ") + " and " + words.Plural(int64(more), "other")
	}
	if last := len(quoted) - 1; last > 0 {
		return strings.Join(quoted[:last], ", ") + " and " + quoted[last]
	}
	return strings.Join(quoted, "")
}

// refused says that labels cannot be held against what is known.
func refused(o *outcome.Odd) string {
	s := outcome.Foreign
	if o.Count[s] == 0 {
		s = outcome.Fresh
	}
	n := o.Count[outcome.Foreign] + o.Count[outcome.Fresh]
	how := fmt.Sprintf("%s of %s are", words.Count(n), words.Plural(o.Labels, "label"))
	if n == o.Labels {
		how = "The labels are"
	}
	return fmt.Sprintf("%s %s, which %s: nobody can tell from them how good the model was.", how, strangest(o, s), against(o))
}

// renewed says that labels are in the same new words as the predictions.
func renewed(o *outcome.Odd) string {
	n := o.Respelt.Labels
	how := fmt.Sprintf("%s of %s %s", words.Count(n), words.Plural(o.Labels, "label"), words.Are(n))
	if n == o.Labels {
		how = "The labels are"
	}
	return fmt.Sprintf("%s in new words, as the predictions are.", how)
}

// against says what is known instead.
func against(o *outcome.Odd) string {
	known := enumerated(o.Known)
	switch {
	case len(o.Known) == 0:
		return "the model does not know"
	case o.Firm:
		return "the reference does not have (it has " + known + ")"
	}
	return "the model does not predict (it predicts " + known + ")"
}

// stray says which labels are left out.
func stray(o *outcome.Odd) string {
	n := o.Count[outcome.Foreign]
	return fmt.Sprintf("%s of %s %s %s, which %s: left out.", words.Count(n), words.Plural(o.Labels, "label"), words.Are(n), strangest(o, outcome.Foreign), against(o))
}

// mend says what to do about them.
func (w *window) mend(o *outcome.Odd) string {
	for _, c := range o.Classes {
		for _, known := range o.Known {
			if c.Standing != outcome.Blank && strings.EqualFold(strings.TrimSpace(c.Name), strings.TrimSpace(known)) {
				return fmt.Sprintf("Write labels as the reference does: %s is most likely %s.", words.Quoted(c.Name), words.Quoted(known))
			}
		}
	}
	hint := "Write labels as the reference does, or say in the configuration what they mean" + w.mapped(o)
	switch {
	case o.Refused && !o.Firm:
		return "Write labels as predictions are written, or say in the configuration what they mean" + w.mapped(o) + w.called(o) + ". Texts that stand for a missing label go into missing_values."
	case o.Refused:
		return hint + "; if they are right, build a baseline from data with such labels. Texts that stand for a missing label go into missing_values."
	}
	return hint + "; texts that stand for a missing label go into missing_values."
}

// mapped is how it is said what the strangest classes mean.
func (w *window) mapped(o *outcome.Odd) string {
	var parts []string
	for _, c := range o.Classes {
		if c.Standing != outcome.Blank && len(parts) < 2 {
			parts = append(parts, fmt.Sprintf("%q: ...", c.Name))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return ", labels: {map: {" + strings.Join(parts, ", ") + "}}" + w.others(o)
}

// others warns that where some of two numbers are new the other may have another meaning too,
// which no map can say: 1 and 2 for 0 and 1.
func (w *window) others(o *outcome.Odd) string {
	if w.in.Schema.Task != schema.Binary || !o.Refused || o.Count[outcome.Foreign] == o.Labels {
		return ""
	}
	for _, c := range o.Classes {
		if _, is := schema.PlainNumber(c.Name); !is && c.Standing != outcome.Blank {
			return ""
		}
	}
	return ", if the others mean what they did (else no map can say it, since it goes for all data)"
}

// called says that the positive class may have another name, where there is one and predictions
// have not told what both are called.
func (w *window) called(o *outcome.Odd) string {
	at := slices.IndexFunc(o.Classes, func(c outcome.ClassCount) bool { return c.Standing == outcome.Foreign })
	if at < 0 || w.in.Schema.Task != schema.Binary || len(o.Known) > 1 && predictionColumn(w.in).Column != "" {
		return ""
	}
	return "; or what positive cases are called (positive: " + o.Classes[at].Name + ")"
}

// fresh tests how many labels are of classes that the reference did not have.
func (w *window) fresh(e *check.Evidence, o *outcome.Odd) {
	groups := stat.Groups{}
	var before, now int64
	for _, c := range o.Both {
		groups[c.Reference+c.Current]++
		before, now = before+c.Reference, now+c.Current
	}
	news := o.Count[outcome.Fresh]
	var some, mean float64
	e.P, mean = stat.Unseen(groups, now, before+now, news)
	e.NoiseFloor = mean / float64(now)
	e.Effect = max(float64(news)/float64(o.Labels)-e.NoiseFloor, 0)
	for _, c := range o.Both {
		some += stat.AllDrawn(c.Reference+c.Current, now, before+now)
	}
	e.Null, e.Material, e.Notable = bounded(some), 0.02, news+o.Count[outcome.Foreign] > 0
	if news > 0 {
		e.Message = fmt.Sprintf("The labels have %s that the reference did not have: %s (%s of them).", classes(o), strangest(o, outcome.Fresh), words.Share(float64(news)/float64(o.Labels)))
		e.Hint = "The model has learnt nothing about such rows, so it is wrong in them. If it is another spelling, write labels as the reference does; else train on rows of it."
	}
	if o.Count[outcome.Foreign] > 0 {
		e.Message, e.Hint = strings.TrimSpace(e.Message+" "+stray(o)), strings.TrimSpace(e.Hint+" "+w.mend(o))
	}
}

func classes(o *outcome.Odd) string {
	n := 0
	for _, c := range o.Classes {
		if c.Standing == outcome.Fresh {
			n++
		}
	}
	if n == 1 {
		return "a class"
	}
	return "classes"
}

// unreadableOf is what is known of labels that are no numbers: of the files, or of the
// rows of a window; nil for nothing.
func unreadableOf(l *check.Labelled) *check.Delivery {
	if l.Joined != nil && l.Current != nil {
		return &check.Delivery{Labels: l.Current.Labelled + l.Joined.Contradicted, Mistyped: l.Joined.Unread}
	}
	return l.Delivery
}

// unreadable compares how many labels of label files are no numbers.
func (w *window) unreadable(d *check.Delivery) {
	of := w.labelColumn()
	if d == nil || w.in.Schema.Task != schema.Regression || w.in.Current.Column(of.Column) != nil {
		return // of a column of the rows themselves it is said as of any other
	}
	all := d.Labels + d.Mistyped
	if all == 0 {
		return
	}
	var before earlier
	if ref := w.in.Reference.Column(of.Column); ref != nil {
		before = earlier{present: ref.Rows - ref.Missing, mistyped: ref.Mistyped}
	}
	w.sample("type_mismatch_ratio", of, float64(d.Mistyped)/float64(all), true, before.present, all, "")
	e := evidence("type_mismatch_ratio", of)
	e.Material, e.Notable = 0.01, d.Mistyped > 0
	if !compareShares(&e, d.Mistyped, all, before.mistyped, before.present, false) {
		if d.Mistyped == 0 {
			return
		}
		e.Value, e.NCurrent = float64(d.Mistyped)/float64(all), all
		e.Broken = d.Labels == 0
	}
	example := ""
	if d.Example != "" {
		example = " (" + d.Example + ")"
	}
	e.Message = fmt.Sprintf("%s of %s %s no number%s: left out.", words.Count(d.Mistyped), words.Plural(all, "label"), words.Are(d.Mistyped), example)
	if d.Labels == 0 {
		e.Message = fmt.Sprintf("None of %s is a number%s: nobody can tell from them how good the model was.", words.Plural(all, "label"), example)
	}
	e.Hint = "Write labels as plain numbers, decimals with a point; name texts for a missing label in missing_values."
	w.add(e)
}
