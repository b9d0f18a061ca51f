package intake

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"time"

	"leeway/core/fault"
	"leeway/core/report"
	"leeway/core/state"
	"leeway/events"
	"leeway/functions/internal/boot"
)

// Outcome is what came of some messages. What a caller is told of it is its JSON.
type Outcome struct {
	Failed map[string]error `json:"-"` // messages that are to come again, by ID
	Models []*Ran           `json:"models"`
	Doctor []Check          `json:"doctor,omitempty"`

	Steps  []Step             `json:"-"` // what took time, in the order in which it ended
	Faults map[fault.Kind]int `json:"-"` // what went wrong, each thing once
}

// Step is a part of the work: a model, a batch or a window of it.
type Step struct {
	Name       string // run, batch or report
	Model      string
	Of         string // the key of a batch, the name of a window
	Start, End time.Time
	Rows       int64
	Bytes      int64
	Err        error
}

// Bytes are those of the batches that were read.
func (o *Outcome) Bytes() (n int64) {
	for i := range o.Steps {
		if o.Steps[i].Name == stepBatch {
			n += o.Steps[i].Bytes
		}
	}
	return n
}

// Check is what was looked at for what would go wrong later.
type Check struct {
	What    string `json:"what"`
	OK      bool   `json:"ok"`
	Detail  string `json:"detail,omitempty"`
	Problem string `json:"problem,omitempty"` // with what to do
}

// Ran is what came of running a model.
type Ran struct {
	Model    string   `json:"model"`
	Batches  int      `json:"batches"` // that were read
	Invalid  int      `json:"invalid"` // of these, in quarantine
	Verdict  string   `json:"verdict"`
	Reports  []Made   `json:"reports"`
	Left     bool     `json:"left,omitempty"` // another call judges its windows, and one after it looks whether that is done
	Problems []string `json:"problems,omitempty"`
	Halfway  []string `json:"halfway,omitempty"` // large objects that the next call goes on with

	// Unfinished says that the time was up, what was done until then, and what becomes of the rest.
	Unfinished string `json:"unfinished,omitempty"`

	elsewhere []string     // large objects that others are at, or are to be
	long      []state.Info // large objects that are pending
	whole     bool         // all is done but for large objects
	late      bool         // its time was up, which is what went wrong
	unbegun   bool         // that was so before it began: other models took it

	took    time.Duration
	objects map[string]error // those that could not be had
	invalid map[string]bool  // those that cannot be read
	judged  report.Verdict   // of the windows alone
	err     error            // what concerns the model as a whole
	onward  map[string]bool  // keys that a call in the queue goes on with
	missed  bool             // what others left to it is not done
	after   int64            // what is left to another call, see [state.DB.Lease]
}

// Made is a new report.
type Made struct {
	ID      string `json:"id"`
	Start   string `json:"start"`
	Verdict string `json:"verdict"`
}

// due is what is to be done for a model.
type due struct {
	objects []state.Info // of its logs, to be read
	long    []state.Info // of these the large ones, to be read after all else
	ask     state.Ask    // besides
	other   bool         // something else than logs came
	after   int64        // what was left to another call; 0: nothing
	here    bool         // the caller waits for what comes of it
}

// work is one invocation.
type work struct {
	*boot.App
	data    state.Store
	log     *slog.Logger
	outcome *Outcome
	came    []delivery
	models  map[string]*due     // that have something new
	asked   map[string][]string // models by the message that asks for them
	newest  map[string]string   // key -> the order of the newest event of it

	reminders map[string]bool // messages that need not come again
	known     map[string]bool // what went wrong, as it was said
	timeout   time.Duration   // of the whole call, 0 where nobody says
	ctx       context.Context // of the whole call
}

// Handle does what messages ask for, in the time that there is.
func Handle(ctx context.Context, app *boot.App, messages []events.Message) *Outcome {
	w := &work{
		App: app, data: app.Monitor.Data, log: app.Log(), outcome: &Outcome{Failed: map[string]error{}, Models: []*Ran{}, Faults: map[fault.Kind]int{}},
		models: map[string]*due{}, asked: map[string][]string{}, newest: map[string]string{}, reminders: map[string]bool{}, known: map[string]bool{},
	}
	w.timeout, w.ctx = timeoutOf(ctx), ctx
	ctx, cancel := inTime(ctx)
	defer cancel()
	for i := range messages {
		w.take(ctx, &messages[i])
	}
	ran := map[string]*Ran{}
	for _, model := range slices.Sorted(maps.Keys(w.models)) {
		if w.looked(ctx, model) {
			continue
		}
		ran[model] = w.run(ctx, model)
		w.outcome.Models = append(w.outcome.Models, ran[model])
	}
	for _, one := range w.outcome.Models {
		w.runLong(ctx, one)
	}
	for _, one := range w.outcome.Models {
		w.goOn(one)
		w.sumUp(one)
	}
	w.lookAgain()
	w.settle(ran)
	return w.outcome
}

// timeoutOf is how long a call that has just begun may take.
func timeoutOf(ctx context.Context) time.Duration {
	deadline, ok := ctx.Deadline()
	if !ok {
		return 0
	}
	return time.Until(deadline).Round(time.Second)
}

// inTime leaves time at the end to write down where things stand and to answer.
func inTime(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	left := time.Until(deadline)
	return context.WithDeadline(ctx, deadline.Add(-min(5*time.Second, left/5)))
}
