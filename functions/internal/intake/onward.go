package intake

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
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
	keys := slices.Sorted(maps.Keys(onward))
	there, err := w.sendOnward(ran.Model, keys, models, after)
	switch {
	case err != nil:
		ran.err = errors.Join(ran.err, err)
	case there:
		if ran.late {
			ran.goesOn(keys, len(models) > 0)
		}
		ran.onward, ran.err = onward, nil
		maps.DeleteFunc(ran.objects, func(key string, _ error) bool { return onward[key] })
	case after > 0:
		for _, key := range ran.elsewhere {
			ran.objects[key] = &fault.Error{Kind: fault.Unavailable, Object: key, Err: errors.New("another call reads it, and there is no queue for a call that looks whether it did"), Hint: "this comes again, and looks itself"}
		}
	}
}

// sendOnward puts calls for objects into the queue, and for models as a whole with the first
// of them. Each object is named by one.
func (w *work) sendOnward(model string, keys, models []string, after time.Duration) (there bool, err error) {
	for part := range portions(keys) {
		call := map[string]any{"leeway": events.AskOnward, "objects": part}
		if len(models) > 0 {
			call["models"], models = models, nil
		}
		if there, err = w.send(call, after); err != nil || !there {
			return false, err // whoever told of these comes again, with all of them
		}
		w.log.Info("onward", "model", model, "objects", part)
	}
	return there, nil
}

// What a call in the queue may name. A queue takes messages of 256 KiB, unless it was told
// to take more, and a call looks at each object that it is told of before it does anything.
const (
	mostNamed = 100
	mostNames = 200 << 10 // bytes
)

// portions cuts names into portions that one call may name, in their order; of none it is
// one that is empty.
func portions(names []string) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		begin, size := 0, 0
		for i, name := range names {
			text, _ := json.Marshal(name) // of a text it is never an error
			if i > begin && (i-begin == mostNamed || size+len(text)+1 > mostNames) {
				if !yield(names[begin:i]) {
					return
				}
				begin, size = i, 0
			}
			size += len(text) + 1
		}
		yield(names[begin:])
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
	there, err := w.sendLook(left)
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

// sendLook puts calls that look again into the queue.
func (w *work) sendLook(left map[string]int64) (there bool, err error) {
	for part := range portions(slices.Sorted(maps.Keys(left))) {
		some := map[string]int64{}
		for _, model := range part {
			some[model] = left[model]
		}
		if there, err = w.send(map[string]any{"leeway": events.AskLook, "left": some}, w.Monitor.LeaseFor()*3/2); err != nil || !there {
			return false, err
		}
	}
	return there, nil
}
