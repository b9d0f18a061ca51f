package fairness

import (
	"fmt"
	"math"
	"strings"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/metric"
)

// tolerable is half the width that the 95% interval of a rate may have for the
// group to count as known, and leastRows what it takes at least.
const (
	tolerable = 0.1
	leastRows = 30
)

// mostNamed is how many groups a sentence names.
const mostNamed = 3

// small says which groups have too few rows to tell how they are treated, and how
// many it would take. Of combinations it is silent: some are always rare.
func (v *view) small() (check.Evidence, bool) {
	e := v.event(check.SampleSize)
	e.Unsure = true
	list := v.rates(1, selection)
	if len(v.cut.Columns) > 1 || len(list) == 0 {
		return e, false
	}
	need := v.needed(list)
	var few []*rate
	for i := range list {
		if list[i].share().N < float64(need) {
			few = append(few, &list[i])
		}
	}
	if len(few) == 0 {
		return e, false
	}
	e.Partly = len(list)-len(few) > 1
	e.Value = math.Inf(1)
	for _, r := range few {
		e.Value = min(e.Value, float64(r.rows))
	}
	what := "Groups are too small to tell how the model treats them"
	if len(few) == 1 {
		what = "A group is too small to tell how the model treats it"
	}
	e.Message = fmt.Sprintf("%s: `%s` = %s.", what, v.cut.Name(), v.listed(few))
	e.Hint = fmt.Sprintf("It takes about %s rows of a group. Merge several batches into one window, choose a longer window.every, or log groups that are larger.", words.Count(need))
	return e, true
}

// listed names groups with their rows.
func (v *view) listed(few []*rate) string {
	var named []string
	for _, r := range few[:min(len(few), mostNamed)] {
		named = append(named, fmt.Sprintf("%s (%s)", v.called(r.at), words.Plural(r.rows, "row")))
	}
	if more := len(few) - len(named); more > 0 {
		named = append(named, fmt.Sprintf("%d more", more))
	}
	if len(named) == 1 {
		return named[0]
	}
	return strings.Join(named[:len(named)-1], ", ") + " and " + named[len(named)-1]
}

// needed is how many rows let a rate be known, where all groups have the same.
func (v *view) needed(list []rate) int64 {
	var part, whole float64
	for i := range list {
		part, whole = part+list[i].part, whole+list[i].weight
	}
	p := part / whole
	const z = 1.96
	return max(int64(math.Ceil(z*z*p*(1-p)/(tolerable*tolerable))), leastRows)
}

// alone says that there are no two groups to compare. Why a column is empty is for
// check/quality to say.
func (v *view) alone() (check.Evidence, bool) {
	reason := v.undefined(v.rates(1, selection), selection)
	if reason == "" || len(v.cut.Columns) > 1 {
		return check.Evidence{}, false
	}
	e := v.event(check.NoGroups)
	e.Unsure, e.Partly = true, true
	e.Message = fmt.Sprintf("The groups of `%s` cannot be compared: %s.", v.cut.Name(), reason)
	e.Hint = "Check what fills the column; if such windows are as they should be, choose a longer window.every, so that they hold several groups."
	return e, true
}

// event is evidence without numbers.
func (v *view) event(name string) check.Evidence {
	return check.Evidence{
		Check: Name, Metric: name, Labels: metric.Labels{Column: v.cut.Name()}, Columns: v.columns(),
		Value: math.NaN(), NoiseFloor: math.NaN(), Effect: math.NaN(), P: math.NaN(), Low: math.NaN(), High: math.NaN(),
		NReference: v.entered(selection)[0], NCurrent: v.entered(selection)[1],
	}
}

// unheard says that nothing is known of the reference's groups.
func (v *view) unheard() (check.Evidence, bool) {
	if v.known || len(v.rates(1, selection)) == 0 {
		return check.Evidence{}, false
	}
	e := v.event(check.NoReference)
	e.Notable = true
	e.Message = fmt.Sprintf("Whether the groups of `%s` were treated more alike before is not known: the reference has no predictions of them.", v.cut.Name())
	e.Hint = "Give a reference with this column and with predictions; a baseline that was built before the column was declared is built again by leeway baseline build."
	return e, true
}
