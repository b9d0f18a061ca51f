package boot

import (
	"context"
	"crypto/rand"
	"log/slog"
	"runtime"
	"sync/atomic"
	"time"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/core/state"
)

// Adapters are what a main links and boot puts together.
type Adapters struct {
	// Store gives a bucket.
	Store func(ctx context.Context, bucket string) (state.Store, error)

	// Secret gives the value of a secret; nil where there are none.
	Secret func(ctx context.Context, name string) ([]byte, error)

	Scheme   string           // of the bucket's URL, "s3"
	Sinks    monitor.Sinks    // kinds of sinks
	Triggers monitor.Triggers // kinds of triggers
	Standing []config.Sink    // sinks of models whose configuration names none

	Examine Examine // nil where there is nothing to look at
	Again   Again   // nil where there is no queue
}

// Again puts a call into the queue that the function is fed from, to come after a while;
// false if there is none.
type Again func(ctx context.Context, call []byte, after time.Duration) (bool, error)

// Examine looks for what would go wrong later around the function itself, of which a
// call may take timeout (0: nobody says), and tells what it finds one by one.
type Examine func(ctx context.Context, timeout time.Duration, tell func(what, detail string, err error))

// Parts are what the pipeline is made of where there is no environment to say.
type Parts struct {
	Data, State state.Store
	Workers     int    // 0 means as many as there are cores
	IDKey       []byte // see [monitor.Monitor]
	Observe     func(monitor.Event)
	ClaimFor    time.Duration // see [monitor.Monitor]

	Sinks    monitor.Sinks
	Triggers monitor.Triggers
	Standing []config.Sink
	Location string // see [monitor.Monitor]
}

// Wire puts the pipeline together.
func Wire(p Parts) *monitor.Monitor {
	if p.Workers == 0 {
		p.Workers = runtime.GOMAXPROCS(0)
	}
	db := state.Open(p.Data, p.State)
	db.Holder = rand.Text()
	return &monitor.Monitor{
		DB: db, Data: p.Data, Clock: clock{}, Workers: p.Workers, IDKey: p.IDKey, Observe: p.Observe, ClaimFor: p.ClaimFor,
		Sinks: p.Sinks, Triggers: p.Triggers, Standing: p.Standing, Location: p.Location,
	}
}

// App is a function's pipeline, made once per process.
type App struct {
	*Settings
	Monitor *monitor.Monitor
	State   state.Store

	Examine Examine // see [Adapters]
	Again   Again   // see [Adapters]

	log atomic.Pointer[slog.Logger]
}

// remoteClaim is how long a claim holds where renewing it is a call over the
// network that may be throttled.
const remoteClaim = 10 * time.Second

// Open makes the pipeline that the environment describes.
func Open(ctx context.Context, getenv func(string) string, adapters Adapters, log *slog.Logger) (*App, error) {
	settings, err := FromEnvironment(getenv)
	if err != nil {
		return nil, err
	}
	if err := settings.unlock(ctx, adapters.Secret); err != nil {
		return nil, err
	}
	data, err := adapters.Store(ctx, settings.Bucket)
	if err != nil {
		return nil, fault.In("LEEWAY_BUCKET", err)
	}
	kept := data
	if settings.StateBucket != settings.Bucket {
		if kept, err = adapters.Store(ctx, settings.StateBucket); err != nil {
			return nil, fault.In("LEEWAY_STATE_BUCKET", err)
		}
	}
	app := &App{Settings: settings, State: kept, Examine: adapters.Examine, Again: adapters.Again}
	app.log.Store(log)
	app.Monitor = Wire(Parts{
		Data: configured(data, settings.Config), State: kept, IDKey: settings.IDKey, ClaimFor: remoteClaim,
		Observe: func(e monitor.Event) { Observer(app.Log())(e) },
		Sinks:   adapters.Sinks, Triggers: adapters.Triggers, Standing: adapters.Standing, Location: adapters.Scheme + "://" + settings.Bucket,
	})
	return app, nil
}

// unlock reads the key of ids, if it is kept as a secret: without it they would be
// hashed as if there were none.
func (s *Settings) unlock(ctx context.Context, secret func(context.Context, string) ([]byte, error)) (err error) {
	switch {
	case s.KeySecret == "":
		return nil
	case secret == nil:
		return wrong("LEEWAY_ID_KEY_SECRET_ARN", "is set, and there are no secrets here", "set LEEWAY_ID_KEY")
	}
	s.IDKey, err = secret(ctx, s.KeySecret)
	return err
}

// Log is where the app writes to.
func (a *App) Log() *slog.Logger { return a.log.Load() }

// LogTo makes the app write to another log from now on: that of one invocation.
func (a *App) LogTo(log *slog.Logger) { a.log.Store(log) }

// clock is the system's.
type clock struct{}

func (clock) Now() time.Time { return time.Now() }

// Observer logs what the pipeline does. Normal operation is one line per batch
// and one per report.
func Observer(log *slog.Logger) func(monitor.Event) {
	return func(e monitor.Event) {
		attributes := []any{"model", e.Model, "duration_ms", e.Duration.Milliseconds()}
		if e.Object != "" {
			attributes = append(attributes, "object", e.Object, "rows", e.Rows, "bytes", e.Bytes)
		}
		switch {
		case e.Err != nil:
			log.Warn(e.Err.Error(), append(attributes, "kind", fault.KindOf(e.Err))...)
		case e.Report != nil:
			log.Info("report", append(attributes, "run_id", e.Report.ID, "window", e.Window, "verdict", e.Report.Verdict, "rows", e.Rows)...)
		default:
			log.Info("batch", attributes...)
		}
	}
}
