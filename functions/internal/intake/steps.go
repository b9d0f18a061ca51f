package intake

import (
	"strings"
	"time"

	"leeway/core/fault"
	"leeway/core/monitor"
)

// Names of steps.
const (
	stepRun    = "run"
	stepBatch  = "batch"
	stepReport = "report"
)

// step notes a part of the work that ended now. It is not to be called by two at once.
func (w *work) step(e *monitor.Event) {
	name := stepReport
	if e.Object != "" {
		name = stepBatch
	}
	if e.Object != "" || e.Report != nil {
		end := time.Now()
		w.outcome.Steps = append(w.outcome.Steps, Step{Name: name, Model: e.Model, Of: e.Object + e.Window, Start: end.Add(-e.Duration), End: end, Rows: e.Rows, Bytes: e.Bytes, Err: e.Err})
	}
	w.wrong(e.Err)
}

// wrong counts what went wrong: what is said of an object, of its message and of its
// model is one thing.
func (w *work) wrong(err error) {
	for _, one := range fault.Split(err) {
		text := one.Error()
		known := w.known[text]
		for said := range w.known {
			known = known || strings.HasSuffix(text, said) || strings.HasSuffix(said, text)
		}
		if !known {
			w.known[text] = true
			w.outcome.Faults[fault.KindOf(one)]++
		}
	}
}
