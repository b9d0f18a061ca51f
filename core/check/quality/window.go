package quality

import (
	"fmt"
	"maps"
	"slices"

	"leeway/core/metric"
	"leeway/core/schema"
)

// schema tells of columns that come, go or change their name. A label that is
// absent is nothing to speak of: labels come later.
func (w *window) schema() {
	for _, name := range slices.Sorted(slices.Values(w.in.Missing)) {
		contract := w.in.Schema.Column(name)
		if contract != nil && (contract.Role == schema.Label || contract.Role == schema.Ignore) {
			continue
		}
		e := evidence("missing_column", metric.Labels{Column: name})
		e.Broken = true
		e.NReference, e.NCurrent = w.in.Reference.Rows, w.in.Current.Rows
		e.Message = fmt.Sprintf("The column `%s` is absent from the current data.", name)
		e.Hint = "Find out who renamed or dropped it; if that is meant, take it out of the configuration and build a new baseline."
		w.add(e)
	}
	for _, name := range slices.Sorted(slices.Values(w.in.Unexpected)) {
		e := evidence("unexpected_column", metric.Labels{Column: name})
		e.Notable = true
		e.NReference, e.NCurrent = w.in.Reference.Rows, w.in.Current.Rows
		e.Message = fmt.Sprintf("The column `%s` is new: it is not checked.", name)
		e.Hint = "Add it to the configuration, or give it the role ignore."
		if w.mayBeLabel(name) {
			e.Message += " By its name it may be the label: what came true of the predictions."
			e.Hint = fmt.Sprintf("If it is, say so in the configuration, columns: {%q: {role: label}}, and it is looked at how good the model was (against the reference once that has labels too); else give it the role ignore.", name)
		}
		w.add(e)
	}
	for _, name := range slices.Sorted(maps.Keys(w.in.Renamed)) {
		e := evidence("renamed_column", metric.Labels{Column: name})
		e.Notable = true
		e.NReference, e.NCurrent = w.in.Reference.Rows, w.in.Current.Rows
		e.Message = fmt.Sprintf("The column `%s` is called `%s` here and is read as that.", name, w.in.Renamed[name])
		e.Hint = "Use one name everywhere, or name the column in the configuration."
		w.add(e)
	}
}

// mayBeLabel tells whether a new column may hold the labels that the model is known to have none of.
func (w *window) mayBeLabel(name string) bool {
	contract := w.in.Schema
	return contract != nil && len(contract.ByRole(schema.Label)) == 0 && len(contract.ByRole(schema.Prediction))+len(contract.ByRole(schema.Score)) > 0 && schema.NamesLabel(name)
}

// freshness says how old the newest row is at the end of the window.
func (w *window) freshness() {
	if len(w.in.Schema.ByRole(schema.Timestamp)) == 0 {
		return
	}
	rows := w.in.Current.Rows
	switch {
	case w.in.Current.Start == 0 && w.in.Current.End == 0:
		w.sample("freshness_seconds", metric.Labels{}, 0, true, 0, rows, "no row has a time")
	case w.in.End == 0:
		w.sample("freshness_seconds", metric.Labels{}, 0, true, 0, rows, "the window has no end")
	default:
		w.sample("freshness_seconds", metric.Labels{}, float64(w.in.End-w.in.Current.End)/1e9, true, 0, rows, "")
	}
}
