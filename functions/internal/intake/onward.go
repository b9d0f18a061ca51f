package intake

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"leeway/core/fault"
	"leeway/events"
)

// send puts a call into the queue that the function is fed from, to come after a while;
// false if there is none.
func (w *work) send(call map[string]any, after time.Duration) (bool, error) {
	if w.Again == nil {
		return false, nil
	}
	data, err := json.Marshal(call)
	if err != nil {
		return false, err
	}
	return w.Again(w.ctx, data, after)
}

// goOn has another call go on with a model that has objects halfway. The messages of this
// one are done with then: each call came further, so none has failed, and how often a
// message may be tried does not bound how large an object may be.
func (w *work) goOn(ran *Ran) {
	var err error
	ran.onward, err = w.send(map[string]any{"leeway": events.AskRun, "models": []string{ran.Model}}, 0)
	if err != nil {
		ran.err = errors.Join(ran.err, err)
	}
	if ran.onward {
		w.log.Info("halfway", "model", ran.Model, "objects", ran.Halfway)
		ran.err = nil
	}
}

// looked tells whether all that is to be done for a model is to look whether what was
// left to another call is done, and it is.
func (w *work) looked(ctx context.Context, model string) bool {
	one := w.models[model]
	if one.after == 0 || one.here || one.ask > 0 || len(one.objects) > 0 {
		return false
	}
	done, err := w.Monitor.DB.Looked(ctx, model, one.after)
	return err == nil && done // on an error the run says what is wrong
}

// lookAgain has another call look whether what this one leaves to others is done, when
// the lease of one that died has run out. The messages of this one are done with only if
// that call is in the queue: what a dead one was to do nobody else knows of.
func (w *work) lookAgain() {
	left := map[string]int64{}
	for _, ran := range w.outcome.Models {
		if ran.after > 0 && ran.err == nil {
			left[ran.Model] = ran.after
		}
	}
	if len(left) == 0 {
		return
	}
	there, err := w.send(map[string]any{"leeway": events.AskLook, "left": left}, w.Monitor.LeaseFor()*3/2)
	if there && err == nil {
		return
	}
	if err == nil {
		err = fault.New(fault.Unavailable, "another call judges the windows, and there is no queue for a call that looks whether it did", "this comes again, and looks itself")
	}
	for _, ran := range w.outcome.Models {
		if left[ran.Model] > 0 {
			ran.err = err
			ran.Problems = append(ran.Problems, err.Error())
			w.wrong(err)
		}
	}
}
