package intake

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"leeway/core/fault"
	"leeway/functions/internal/doctor"
)

// examine looks for what would go wrong later. What it finds is in the outcome
// and in the log.
func (w *work) examine(ctx context.Context) {
	tell := func(what, detail string, err error) {
		if err == nil {
			w.outcome.Doctor = append(w.outcome.Doctor, Check{What: what, OK: true, Detail: detail})
			return
		}
		for _, one := range fault.Split(err) {
			w.outcome.Doctor = append(w.outcome.Doctor, Check{What: what, Problem: one.Error()})
			w.log.Error(one.Error(), "doctor", what, "kind", fault.KindOf(one))
		}
	}
	tell("leeway", fmt.Sprintf("%s, %s/%s, %d cores", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU()), nil)
	if w.Examine != nil {
		w.Examine(ctx, w.timeout, tell)
	}
	d := &doctor.Doctor{
		Monitor: w.Monitor, State: w.State, Tell: tell,
		Store:   "use a store with conditional writes",
		Approve: "put reference data into reference/%s/: they take its place",
	}
	d.Reading(ctx)
	d.Writing(ctx)
	keys, err := w.Monitor.DB.Strays(ctx)
	for _, key := range keys {
		err = errors.Join(err, &fault.Error{Kind: fault.Invalid, Object: key, Err: errors.New("belongs to no model and is not read"), Hint: "move it to logs/<model>/, or name it config/<model>.yaml"})
	}
	tell("placement", "every folder under logs/ and reference/ belongs to a model", err)
	d.Models(ctx)
}
