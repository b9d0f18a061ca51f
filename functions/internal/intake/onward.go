package intake

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
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

// further tells whether a call came further with a model than the one before it, or had no
// time left to try.
func (r *Ran) further() bool { return r.unbegun || len(r.Halfway)+r.Batches+len(r.Reports) > 0 }

// goOn has another call do what this one had no time for, or what others are at. The
// messages of this one are done with then: it came further, so none has failed, and how
// often a message may be tried does not bound how large an object may be. That call is for
// objects by name, and reads those of them that nobody else is at: however many calls are
// told of a large one, they do not multiply.
func (w *work) goOn(ran *Ran) {
	onward, models, after := map[string]bool{}, []string(nil), time.Duration(0)
	switch {
	case ran.late && ran.further():
		if !ran.whole {
			models = w.askedOf(ran.Model)
		}
		for _, key := range w.unfinished(ran) {
			onward[key] = true
		}
	case ran.err == nil && len(ran.elsewhere) > 0:
		after = max(min(w.timeout, mostDelay), w.Monitor.LeaseFor()*3/2)
	default:
		return
	}
	for _, key := range slices.Concat(ran.Halfway, ran.elsewhere) {
		onward[key] = true
	}
	if len(onward)+len(models) == 0 {
		return // of a schedule's call, whose next one goes on
	}
	if len(ran.Halfway) > 0 {
		w.log.Info("halfway", "model", ran.Model, "objects", ran.Halfway)
	}
	call := map[string]any{"leeway": events.AskOnward, "objects": slices.Sorted(maps.Keys(onward))}
	if len(models) > 0 {
		call["models"] = models
	}
	there, err := w.send(call, after)
	switch {
	case err != nil:
		ran.err = errors.Join(ran.err, err)
	case there:
		w.log.Info("onward", "model", ran.Model, "objects", call["objects"])
		ran.onward, ran.err = onward, nil
		maps.DeleteFunc(ran.objects, func(key string, _ error) bool { return onward[key] })
	case after > 0:
		for _, key := range ran.elsewhere {
			ran.objects[key] = &fault.Error{Kind: fault.Unavailable, Object: key, Err: errors.New("another call reads it, and there is no queue for a call that looks whether it did"), Hint: "this comes again, and looks itself"}
		}
	}
}

// unfinished are the objects that a call was told of and may not be done with.
func (w *work) unfinished(ran *Ran) (keys []string) {
	for _, d := range w.came {
		if d.model == ran.Model && !(ran.whole && !w.Monitor.Long(d.info)) && !ran.invalid[d.key] && retried(ran.objects[d.key]) {
			keys = append(keys, d.key)
		}
	}
	if len(keys) == 0 && w.askedOf(ran.Model) == nil {
		return nil // a schedule's call: the next one reads what this one did not begin
	}
	for _, info := range ran.long {
		keys = append(keys, info.Key)
	}
	return keys
}

// mostDelay is for how long a queue puts a message off at most.
const mostDelay = 15 * time.Minute

// retried tells whether an object that could not be read, if err is not nil, may be another time.
func retried(err error) bool { return err == nil || fault.KindOf(err) == fault.Unavailable }

// askedOf is a model if it is to be gone over as a whole, by a message that does not come again.
func (w *work) askedOf(model string) []string {
	for message, models := range w.asked {
		if !w.reminders[message] && slices.Contains(models, model) {
			return []string{model}
		}
	}
	return nil
}

// looked tells whether all that is to be done for a model is to look whether what was
// left to another call is done, and it is.
func (w *work) looked(ctx context.Context, model string) bool {
	one := w.models[model]
	if one.after == 0 || one.here || one.ask > 0 || len(one.objects)+len(one.long) > 0 {
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
