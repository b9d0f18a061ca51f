package intake

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/core/report"
	"leeway/core/state"
	"leeway/events"
)

// take notes what a message is about.
func (w *work) take(ctx context.Context, m *events.Message) {
	if m.Err != nil {
		w.fail(m.ID, m.Err)
	}
	for _, skip := range m.Skipped {
		w.log.Info("skipped", "object", skip.Object, "reason", skip.Reason)
	}
	for _, received := range m.Received {
		w.receive(ctx, m.ID, received)
	}
	switch {
	case m.Ask == nil:
	case m.Ask.What == events.AskDoctor:
		w.examine(ctx)
	case m.Ask.What == events.AskLook:
		w.askedToLook(m)
	case m.Ask.What == events.AskOnward:
		w.askedOnward(ctx, m)
	default:
		w.reminders[m.ID] = m.Ask.Reminder
		w.askedFor(ctx, m)
	}
	if m.Answer != nil {
		w.answered(ctx, m)
	}
}

// receive notes an object that a message tells of.
func (w *work) receive(ctx context.Context, message string, received events.Received) {
	d, reason := w.route(ctx, message, received)
	if reason == "" && received.Order < w.newest[d.key] {
		reason = "an event of a newer version is at hand" // which is what is read, for all of them
	}
	if reason != "" {
		w.log.Info("skipped", "object", d.key, "model", d.model, "reason", reason)
		return
	}
	w.came = append(w.came, d)
	w.need(&d)
	w.newest[d.key] = received.Order
}

// due is what is to be done for a model so far.
func (w *work) due(model string) *due {
	if w.models[model] == nil {
		w.models[model] = &due{}
	}
	return w.models[model]
}

// need notes what an object asks for. Logs are read by whoever is told of them; what
// else comes changes how a model is looked at as a whole.
func (w *work) need(d *delivery) {
	one, ask := w.due(d.model), state.AskJudge
	switch top, _, _ := strings.Cut(d.key, "/"); {
	case top == "logs" && d.info.ETag != "" && w.Monitor.Long(d.info):
		one.long, ask = with(one.long, d.info), state.AskNothing
	case top == "logs" && d.info.ETag != "":
		one.objects = with(one.objects, d.info)
	case top == "labels" || top == "retrain":
		one.other = true
	default:
		ask = state.AskAll
	}
	one.ask = max(one.ask, ask)
}

// with is all of these objects, each once.
func with(all []state.Info, one state.Info) []state.Info {
	if among(all, one) {
		return all
	}
	return append(all, one)
}

func among(all []state.Info, one state.Info) bool {
	return slices.ContainsFunc(all, func(known state.Info) bool { return known.Key == one.Key })
}

// answered takes in what became of a request to retrain. What that changes is
// found out by running the model.
func (w *work) answered(ctx context.Context, m *events.Message) {
	said, err := monitor.ParseAnswer(m.Answer)
	if err == nil {
		err = w.Monitor.Answer(ctx, said)
	}
	if err != nil {
		w.fail(m.ID, err)
		return
	}
	w.log.Info("answer", "model", said.Model, "request", said.Request, "outcome", said.Outcome)
	w.asked[m.ID] = []string{said.Model}
	one := w.due(said.Model)
	one.ask, one.other = max(one.ask, state.AskJudge), true
}

// askedFor notes the models that a call wants to be run.
func (w *work) askedFor(ctx context.Context, m *events.Message) {
	names, err := m.Ask.Models, error(nil)
	if len(names) == 0 {
		names, err = w.Monitor.DB.Models(ctx)
	}
	for _, name := range names {
		err = errors.Join(err, state.CheckModel(name))
	}
	if err != nil {
		w.fail(m.ID, err)
		return
	}
	w.asked[m.ID] = names
	for _, name := range names {
		one := w.due(name)
		one.ask, one.here = state.AskAll, one.here || m.Ask.What == events.AskRun && !m.Ask.Reminder
	}
}

// askedOnward notes what a call before had no time for.
func (w *work) askedOnward(ctx context.Context, m *events.Message) {
	for _, key := range m.Ask.Objects {
		w.receive(ctx, m.ID, events.Received{Bucket: w.Bucket, Keys: []string{key}})
	}
	if len(m.Ask.Models) > 0 {
		w.askedFor(ctx, m)
	}
}

// askedToLook notes the models of which something was left to other calls.
func (w *work) askedToLook(m *events.Message) {
	for model, after := range m.Ask.Left {
		if err := state.CheckModel(model); err != nil {
			w.fail(m.ID, err)
			continue
		}
		w.due(model).after = max(w.due(model).after, after)
		w.asked[m.ID] = append(w.asked[m.ID], model)
	}
}

// fail makes a message come again, but for a reminder: the next one does what this
// one could not.
func (w *work) fail(message string, err error) {
	for _, one := range fault.Split(err) {
		w.log.Error(one.Error(), "message", message, "kind", fault.KindOf(one))
	}
	w.wrong(err)
	if w.reminders[message] {
		return
	}
	w.outcome.Failed[message] = errors.Join(w.outcome.Failed[message], err)
}

// run does what is due for a model, but for large objects.
func (w *work) run(ctx context.Context, model string) *Ran {
	one := w.models[model]
	if len(one.long) > 0 && len(one.objects) == 0 && !one.here && one.ask == state.AskNothing && one.after == 0 {
		return &Ran{Model: model, Verdict: string(report.OK), Reports: []Made{}, judged: report.OK, objects: map[string]error{}, invalid: map[string]bool{}}
	}
	return w.ran(ctx, model, func() (*monitor.Result, error) {
		if one.here {
			return w.Monitor.Run(ctx, model)
		}
		return w.Monitor.RunLeased(ctx, model, one.objects, state.Wanted{Ask: one.ask, Other: one.other, After: one.after})
	})
}

// runLong reads the large objects that a model has, when all else of the call is done.
func (w *work) runLong(ctx context.Context, first *Ran) {
	one := w.models[first.Model]
	if first.err != nil || one.here {
		return
	}
	objects := one.long
	if one.ask == state.AskAll {
		for _, info := range first.long {
			objects = with(objects, info)
		}
	}
	if first.whole = true; len(objects) > 0 {
		first.add(w.ran(ctx, first.Model, func() (*monitor.Result, error) {
			return w.Monitor.RunLeased(ctx, first.Model, objects, state.Wanted{Ask: state.AskJudge})
		}))
	}
	for _, info := range first.long {
		if !among(objects, info) { // it was done for others, who are told that all is
			first.elsewhere = append(first.elsewhere, info.Key)
		}
	}
}

// add adds what came of running the same model once more.
func (r *Ran) add(o *Ran) {
	r.Batches, r.Invalid, r.Left, r.missed = r.Batches+o.Batches, r.Invalid+o.Invalid, r.Left || o.Left, r.missed || o.missed
	r.Verdict = string(monitor.Graver(report.Verdict(r.Verdict), report.Verdict(o.Verdict)))
	r.judged = monitor.Graver(r.judged, o.judged)
	r.Reports, r.Halfway, r.elsewhere = append(r.Reports, o.Reports...), append(r.Halfway, o.Halfway...), append(r.elsewhere, o.elsewhere...)
	r.long, r.late, r.unbegun = append(r.long, o.long...), r.late || o.late, r.unbegun || o.unbegun
	r.after, r.took, r.err = max(r.after, o.after), r.took+o.took, errors.Join(r.err, o.err)
	maps.Copy(r.objects, o.objects)
	maps.Copy(r.invalid, o.invalid)
}

// ran runs a model and collects what came of it.
func (w *work) ran(ctx context.Context, model string, run func() (*monitor.Result, error)) *Ran {
	begun, unbegun := time.Now(), ctx.Err() != nil
	result, invalid, err := w.observed(run)
	ran := &Ran{
		Model: model, Batches: result.Batches, Invalid: result.Invalid, Verdict: string(result.Verdict()), Reports: []Made{}, Halfway: result.Halfway,
		Left: result.Left > 0, after: result.Left, missed: result.Missed, elsewhere: result.Elsewhere, long: result.Long,
		took: time.Since(begun), objects: map[string]error{}, invalid: invalid,
	}
	judged := *result
	judged.Invalid, judged.Unread, judged.Unused = 0, nil, nil
	ran.judged = judged.Verdict()
	for _, r := range result.Reports {
		ran.Reports = append(ran.Reports, Made{r.ID, r.Window.Start, string(r.Verdict)})
	}
	single := fault.Split(errors.Join(result.Failed...))
	for _, one := range single {
		var known *fault.Error
		if errors.As(one, &known) {
			ran.objects[known.Object] = one
		}
	}
	for key := range result.Waiting {
		ran.objects[key] = &fault.Error{Kind: fault.Unavailable, Object: key, Err: errors.New("was replaced while it was read"), Hint: "it is read again as it is now"}
	}
	ran.err = w.whole(ctx, result.Stage, fault.Split(err)[len(single):])
	ran.late, ran.unbegun = ran.err != nil && ctx.Err() != nil, unbegun
	w.outcome.Steps = append(w.outcome.Steps, Step{Name: stepRun, Model: model, Start: begun, End: begun.Add(ran.took), Err: ran.err})
	return ran
}

// sumUp says what went wrong with a model.
func (w *work) sumUp(ran *Ran) {
	for _, one := range append(slices.Collect(maps.Values(ran.objects)), fault.Split(ran.err)...) {
		ran.Problems = append(ran.Problems, one.Error())
	}
	slices.Sort(ran.Problems)
	w.wrong(ran.err)
}

// observed runs a model and collects the objects that turn out to be invalid.
func (w *work) observed(run func() (*monitor.Result, error)) (*monitor.Result, map[string]bool, error) {
	var mu sync.Mutex
	invalid, observe := map[string]bool{}, w.Monitor.Observe
	w.Monitor.Observe = func(e monitor.Event) {
		mu.Lock()
		if e.Object != "" && fault.KindOf(e.Err) == fault.Invalid {
			invalid[e.Object] = true
		}
		w.step(&e)
		mu.Unlock()
		observe(e)
	}
	defer func() { w.Monitor.Observe = observe }()
	result, err := run()
	return result, invalid, err
}

// triedAgain is what becomes of a message whose time was up.
const triedAgain = "what is done stays done, and the rest is tried again; "

// whole is what went wrong with a model as a whole, in its own words where the
// time was up: what was at hand then begins anew.
func (w *work) whole(ctx context.Context, stage string, errs []error) error {
	if len(errs) == 0 || !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return errors.Join(errs...)
	}
	text, hint := "the time was not enough", triedAgain+"give the function more time or memory if this goes on"
	if stage != "" {
		text += ": it was up while " + stage
		hint = "one call has to do that, and the next one begins it anew: if this goes on, give the function more time than " + w.timeout.String() + ", or more memory (its share of processors grows with that), or cut the file"
	}
	return &fault.Error{Kind: fault.Unavailable, Err: errors.New(text), Hint: hint}
}

// settle decides which messages come again, and logs what came of each object.
func (w *work) settle(ran map[string]*Ran) {
	for _, d := range w.came {
		r := ran[d.model]
		err := errors.Join(r.objects[d.key], r.err)
		if err != nil {
			w.fail(d.message, fault.In(d.key, err))
		}
		w.tell(d, r, err)
	}
	for message, models := range w.asked {
		for _, model := range models {
			r := ran[model]
			if r == nil {
				continue // what was left to another call is done
			}
			all := errors.Join(append(slices.Collect(maps.Values(r.objects)), r.err)...)
			switch {
			case r.missed && w.models[model].after > 0 && all != nil:
				w.fail(message, fault.In(model, all))
			case r.err != nil && w.models[model].here:
				w.fail(message, fault.In(model, r.asAnswer(r.err)))
			case r.err != nil:
				w.fail(message, fault.In(model, r.err))
			}
			w.tell(delivery{message: message, model: model}, r, all)
		}
	}
}

// tell logs what came of an object, or of a model that was asked for: what the
// windows of its model are like, but of an object that cannot be read, that.
func (w *work) tell(d delivery, r *Ran, err error) {
	said, verdict, kind, id := "done", r.judged, fault.KindOf(err), ""
	if r.onward[d.key] && err == nil {
		said = "goes on"
	}
	switch {
	case r.invalid[d.key]:
		verdict, kind = report.Invalid, fault.Invalid
	case err != nil, r.Left:
		verdict = ""
	}
	if n := len(r.Reports); n > 0 {
		id = r.Reports[n-1].ID
	}
	w.log.Info(said, "run_id", id, "model", d.model, "object", d.key, "verdict", verdict, "duration_ms", r.took.Milliseconds(), "kind", kind, "left", r.Left)
}
