package monitor

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"leeway/core/check"
	"leeway/core/check/all"
	"leeway/core/check/drift"
	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/state"
)

// Clock tells the time: the core never asks the system itself.
type Clock interface{ Now() time.Time }

// Monitor runs the pipeline on a bucket. What there is to do is derived from
// the bucket's state at every run and never from memory: whatever was killed,
// and whenever, the next run does exactly what is missing.
type Monitor struct {
	DB       *state.DB
	Data     state.Store // where logs/, reference/ and config/ are read
	Clock    Clock
	Workers  int           // how many batches are read, and windows measured, at once; 0 means one
	ClaimFor time.Duration // how long a claim on a batch holds; 0 means 3 s
	Settle   time.Duration // an object that was written less than this ago may still grow: it waits; 0 where nobody looks again
	IDKey    []byte        // makes the hashes of ids, which is all that is kept of them, unreadable for who lacks it; nil: short only
	Sinks    Sinks         // kinds of sinks that the program has
	Triggers Triggers      // kinds of triggers that the program has
	Standing []config.Sink // sinks of models whose configuration names none
	Location string        // of the bucket, for those whom events ask to read it: "s3://name"; may be ""
	Observe  func(Event)   // told what happens, for logs; may be nil; called by several goroutines

	chunkRows int      // of a file, after which its predictions are cut; 0: as usual
	savings   *savings // when checkpoints are kept; nil: as usual
	heldRows  int      // of a window, up to which its predictions are held in memory; 0: as usual

	baselines sync.Map // model -> its baseline's profile, decoded once per version
	troubles  troubles
	patience  patience
	pauses    pauses
	looked    sync.Map // models whose reports, and keys of records, were looked at since the process began
}

// Event is something that happened in a run.
type Event struct {
	Model    string
	Object   string // the batch's key, "" for a window
	Window   string
	Report   *report.Report // a window's new report
	Rows     int64
	Bytes    int64
	Duration time.Duration
	Err      error
}

// Result is what a run of one model came to.
type Result struct {
	Model   string
	Batches int              // read in this run
	Invalid int              // of these, not readable
	Reports []*report.Report // made in this run, oldest window first; without samples and columns
	Notes   []string         // what is to be said of a baseline that was made in this run, and of labels that came
	Unread  []error          // an error for each label file that was put into quarantine
	Unused  error            // why labels that lie there are not held against predictions; they wait
	Failed  []error          // an error for each object that could not be had: it stays pending

	// Waiting are the objects that may still be being written, with when to look
	// again. They stay pending.
	Waiting map[string]time.Duration

	// Halfway are the keys of large objects whose reading was given up, since the context
	// ended. They stay pending, and it goes on where it was.
	Halfway []string

	// Long are objects that are pending and that [Monitor.RunLeased] did not begin, since
	// they are long; Elsewhere the keys of those that it was given, and that another process
	// is at, or that cannot be read before there is a baseline.
	Long      []state.Info
	Elsewhere []string

	// Stage is what the run was at when it ended, of what has to be done in one go;
	// "" where nothing has. It is for those whose time was up.
	Stage string

	// Left is not 0 if windows are left to another process, see [Monitor.RunLeased].
	Left int64

	// Missed tells that objects could not be had that may be the next time, of a run for
	// others, too: what they left to it is still to be done.
	Missed bool

	told bool // of some window there is a verdict that is not for want of the rest of it
}

// Verdict is the gravest verdict of the run; ok if nothing was done. A window that is
// not over and cannot be told yet counts only if it has too few rows and no other
// could be told: what was said of windows before stands.
func (r *Result) Verdict() report.Verdict {
	worst := report.OK
	if r.Invalid+len(r.Unread) > 0 || r.Unused != nil {
		worst = report.Invalid
	}
	for _, one := range r.Reports {
		if one.Partial == nil || one.Verdict != report.Unknown || !r.told && !waits(one) {
			worst = Graver(worst, one.Verdict)
		}
	}
	return worst
}

// waits tells whether a window cannot be told before it is whole, whatever number of
// rows it has by then.
func waits(r *report.Report) bool {
	return slices.ContainsFunc(r.Findings, func(f report.Finding) bool {
		return f.Metric == check.PartialWindow && f.Severity == report.SeverityUnknown
	})
}

// gravity orders verdicts for a run as a whole: an alert outranks a file that
// could not be read, since a person has to act on it first.
var gravity = map[report.Verdict]int{report.OK: 0, report.Warn: 1, report.Unknown: 2, report.Invalid: 3, report.Alert: 4}

// Graver is the graver of two verdicts.
func Graver(a, b report.Verdict) report.Verdict {
	if gravity[b] > gravity[a] {
		return b
	}
	return a
}

// model is one model's settings during a run.
type model struct {
	*Monitor
	name      string
	config    *config.Config
	contract  *schema.Schema
	mark      string // names the contract: batches read under another are read again
	baseline  *baseline
	again     map[state.Window]bool // windows to judge again, since a document of theirs is damaged
	gone      map[state.Window]bool // windows with profiles that are damaged and whose files are gone
	reading   chan struct{}         // holds one for each batch that is being read
	expects   bool                  // it has labels, or may be expected to have some
	labels    *known                // the labels that came so far
	dropped   *state.Dropped        // what was deleted since it was old
	took      sync.Map              // keys of the batches that were read in this run
	leased    bool                  // others read objects of it at the same time, and one at a time judges windows
	drains    bool                  // so much comes that whatever is pending is read, as far as there is time
	readUntil time.Time             // when reading that ends
	recorded  sync.Map              // when objects were recorded that others read
	replays   bool                  // it is tried under other settings: nothing is written
	all       bool                  // whatever is pending is to be read
	elsewhere sync.Map              // keys of long objects that others are at
	stage     string                // see [Result]
	aside     bool                  // pending objects that are long are left to whoever reads these
	pending   bool                  // objects are to be read again, since their profiles are damaged
}

// Run processes everything pending of one model: batches become profiles, the
// windows they touch get new reports. It returns when nothing is left to do.
// An error concerns the model as a whole; what is wrong with single files is
// in quarantine and in the result, which is never nil; objects that could not
// be had for now are in the error and stay pending.
func (m *Monitor) Run(ctx context.Context, name string) (*Result, error) {
	result := &Result{Model: name}
	if err := state.CheckModel(name); err != nil {
		return result, err
	}
	one := m.model(name, true)
	err := one.run(ctx, result)
	result.Stage = one.stage
	m.troubles.note(ctx, name, err)
	return result, errors.Join(append(result.Failed, err)...)
}

// model is one at the beginning of a run.
func (m *Monitor) model(name string, all bool) *model {
	return &model{Monitor: m, name: name, all: all, reading: make(chan struct{}, max(m.Workers, 1))}
}

func (m *model) run(ctx context.Context, result *Result) error {
	if err := m.settings(ctx); err != nil {
		return err
	}
	if err := m.CheckKey(ctx, m.name); err != nil {
		return err
	}
	ready, err := m.prepare(ctx, result)
	if err != nil || !ready {
		return err
	}
	for round := range rounds {
		var found *damaged
		m.aside = m.leased && round == 0 // what is missing of what was read before is needed now
		if err = m.process(ctx, result); !errors.As(err, &found) {
			break
		}
		m.all = true
		if failed := m.mendAll(ctx, found.needed, true); failed != nil {
			return failed
		}
	}
	if err != nil {
		return err
	}
	m.stage = ""
	return m.followUp(ctx, result)
}

// process reads what is pending and judges what that changes.
func (m *model) process(ctx context.Context, result *Result) (err error) {
	m.stage = ""
	if m.dropped, err = m.DB.Dropped(ctx, m.name); err != nil {
		return err
	}
	if err := m.expectLabels(ctx); err != nil {
		return err
	}
	if err := m.keepKey(ctx); err != nil {
		return err
	}
	if m.all || m.drains {
		if err := m.ingest(ctx, result); err != nil {
			return err
		}
	}
	m.aside = false // what is read again from here on windows lack
	if err := m.takeLabels(ctx, result); err != nil {
		return err
	}
	m.stage = ""
	if again, err := m.learnLate(ctx); err != nil || again {
		if err == nil {
			err = m.ingest(ctx, result)
		}
		if err != nil {
			return err
		}
	}
	if err := m.DB.SweepClaims(ctx, m.name, m.Clock.Now(), m.claimFor()); err != nil {
		return err
	}
	if err := m.DB.SweepCheckpoints(ctx, m.name, m.mark); err != nil {
		return err
	}
	m.stage = "windows were compared and judged"
	return m.judge(ctx, result)
}

// ConfigKey is where a model's configuration lies in the bucket.
func ConfigKey(name string) string { return "config/" + name + ".yaml" }

func (m *model) settings(ctx context.Context) error {
	key := ConfigKey(m.name)
	data, err := readAll(ctx, m.Data, key)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		m.config = config.Default()
	case err != nil:
		return err
	default:
		if m.config, err = Names().Parse(data, key); err != nil {
			return err
		}
	}
	m.config.Model = m.name // the folder's name counts: it is where the state lies
	return nil
}

// Names are the names of methods and metrics that a configuration may use.
func Names() config.Names {
	known := config.Names{Methods: drift.Names()}
	for _, desc := range all.Metrics() {
		known.Metrics = append(known.Metrics, desc.Name)
	}
	known.Metrics = append(known.Metrics, check.DroppedRatio) // tested like a metric
	return known
}

func (m *model) observe(e Event) {
	if m.Observe != nil {
		e.Model = m.name
		m.Observe(e)
	}
}

// readAll reads a whole small object.
func readAll(ctx context.Context, store state.Store, key string) ([]byte, error) {
	object, err := store.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	defer object.Close()
	data := make([]byte, object.Info().Size)
	n, err := object.ReadAt(data, 0)
	if int64(n) == object.Info().Size {
		err = nil
	}
	return data[:n], err
}

// Serve runs all models again and again: at once, then whenever wake delivers
// and at least every interval; sooner where an object settles sooner. It ends
// with the context. Errors of single models do not stop the others; each is
// observed once until it changes.
func (m *Monitor) Serve(ctx context.Context, wake <-chan struct{}, interval time.Duration) error {
	told := map[string]string{} // by model, "" for the bucket as a whole
	for {
		next := interval
		err := m.each(ctx, func(name string, result *Result, err error) {
			m.tell(told, name, errors.Join(err, result.Unused))
			for _, again := range result.Waiting {
				next = min(next, again)
			}
		})
		if ctx.Err() == nil {
			m.tell(told, "", err)
		}
		timer := time.NewTimer(next)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// RunAll runs every model of the bucket and hands each result on. Errors of
// single models are joined; the others run on.
func (m *Monitor) RunAll(ctx context.Context, done func(*Result)) error {
	var failed []error
	err := m.each(ctx, func(_ string, result *Result, err error) {
		failed = append(failed, err)
		if done != nil {
			done(result)
		}
	})
	if err != nil {
		return err
	}
	return errors.Join(failed...)
}

// each runs every model of the bucket. Its own error concerns all of them.
func (m *Monitor) each(ctx context.Context, done func(name string, result *Result, err error)) error {
	names, err := m.DB.Models(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		result, err := m.Run(ctx, name)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		done(name, result, err)
	}
	return nil
}

// tell observes what went wrong, unless it was told already.
func (m *Monitor) tell(told map[string]string, name string, err error) {
	text := ""
	if err != nil {
		text = err.Error()
	}
	if m.Observe != nil && text != told[name] {
		for _, one := range fault.Split(err) {
			m.Observe(Event{Model: name, Err: one})
		}
	}
	told[name] = text
}
