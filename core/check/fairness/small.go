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
	e := check.Evidence{
		Check: Name, Metric: check.SampleSize, Labels: v.labels(), Unsure: true, Value: math.NaN(), NoiseFloor: math.NaN(), Effect: math.NaN(),
		P: math.NaN(), Low: math.NaN(), High: math.NaN(),
	}
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
	e.Value, e.NCurrent, e.NReference = math.Inf(1), rowsOf(list), v.entered(selection)[0]
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

// unheard says that nothing is known of the reference's groups.
func (v *view) unheard() (check.Evidence, bool) {
	if v.known || len(v.rates(1, selection)) == 0 {
		return check.Evidence{}, false
	}
	return check.Evidence{
		Check: Name, Metric: check.NoReference, Labels: metric.Labels{Column: v.cut.Name()}, Columns: v.columns(), Notable: true,
		Value: math.NaN(), NoiseFloor: math.NaN(), Effect: math.NaN(), P: math.NaN(), Low: math.NaN(), High: math.NaN(),
		NCurrent: v.entered(selection)[1],
		Message:  fmt.Sprintf("Whether the groups of `%s` were treated more alike before is not known: the reference has no predictions of them.", v.cut.Name()),
		Hint:     "Give a reference with this column and with predictions; a baseline that was built before the column was declared is built again by leeway baseline build.",
	}, true
}
