package monitor

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/report"
	"leeway/core/state"
)

// sinks are those that the configuration names, else those that the program has
// standing.
func (m *model) sinks() []config.Sink {
	if len(m.config.Sinks) > 0 {
		return m.config.Sinks
	}
	return m.Standing
}

// newsworthy is how many of the last windows sinks hear of that are told of warnings
// and alerts alone.
const newsworthy = 7

// owe notes who is to be sent a new report. It does so before the summary names the
// report, so that a run that is cut short leaves nothing unsent; a sink that comes
// later is owed nothing of what was before it.
func (p *pass) owe(ctx context.Context, s *step, r *report.Report) error {
	sinks := p.sinks()
	if len(sinks) == 0 {
		return nil
	}
	recent := slices.Index(p.steps, s) >= len(p.steps)-newsworthy
	return p.DB.Deliver(ctx, p.name, s.window, func(d *state.Delivered) {
		if d.Report == r.ID {
			return
		}
		old := *d
		*d = state.Delivered{Window: s.window, Report: r.ID}
		for i := range sinks {
			one := state.Delivery{Name: sinks[i].Name}
			if before := old.Of(one.Name); before != nil {
				one.Told = before.Told
			}
			one.Final = !hears(sinks[i].On, r.Verdict, one.Told, recent)
			d.Sinks = append(d.Sinks, one)
		}
	})
}

// hears tells whether a sink hears of a report: of each, or of a verdict that is
// grave enough, new and graver than what it heard of the window before.
func hears(on string, verdict, told report.Verdict, recent bool) bool {
	switch on {
	case "warn":
		return recent && (verdict == report.Warn || verdict == report.Alert) && gravity[verdict] > gravity[told]
	case "alert":
		return recent && verdict == report.Alert && told != report.Alert
	}
	return true
}

// delivery is the sending of what is owed in one run.
type delivery struct {
	*model
	mu     sync.Mutex
	owed   []state.Delivered // windows with anything to send, ascending
	failed []error
}

// deliver sends what is owed, to all sinks at a time and to each in the order of
// windows. A sink that cannot take a report now is left alone until the next run.
func (m *model) deliver(ctx context.Context, result *Result) error {
	sinks := m.sinks()
	if len(sinks) == 0 {
		return nil
	}
	all, err := m.DB.Deliveries(ctx, m.name)
	if err != nil {
		return err
	}
	d := &delivery{model: m}
	for _, one := range all {
		one.Sinks = slices.Clone(one.Sinks) // what is in memory is shared
		if slices.ContainsFunc(one.Sinks, func(s state.Delivery) bool { return s.Owed() }) {
			d.owed = append(d.owed, one)
		}
	}
	if len(d.owed) == 0 {
		return nil
	}
	var work sync.WaitGroup
	for i := range sinks {
		work.Go(func() { d.serve(ctx, &sinks[i]) })
	}
	work.Wait()
	slices.SortFunc(d.failed, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	result.Failed = append(result.Failed, d.failed...)
	return ctx.Err()
}

// serve sends one sink what it is owed.
func (d *delivery) serve(ctx context.Context, to *config.Sink) {
	mine := d.Monitor.pauses.of(d.name + "\x00" + to.Name)
	if err := mine.pausing(d.Clock.Now()); err != nil {
		d.fail(err)
		return
	}
	var sink Sink
	for i := range d.owed {
		if one := d.owed[i].Of(to.Name); one == nil || !one.Owed() {
			continue
		}
		done, err := d.offer(ctx, &sink, to, &d.owed[i])
		if ctx.Err() != nil {
			return // the next run
		}
		if err != nil {
			d.fail(err)
		}
		if !done {
			mine.wait(d.Clock.Now(), err)
			return
		}
		mine.clear()
	}
}

// offer sends a sink a report and notes what became of that; false if it is to be tried
// again. Where several processes run a model at once, as functions do, one of them sends
// it: a person is not told as often as there are files.
func (d *delivery) offer(ctx context.Context, sink *Sink, to *config.Sink, owed *state.Delivered) (done bool, err error) {
	claim, err := d.DB.Claim(ctx, d.name+"/"+state.Short(owed.Report+"\x00"+to.Name), d.Clock.Now(), d.claimFor())
	if err != nil || claim == nil {
		return err == nil, err
	}
	defer d.hold(ctx, claim, &err)()
	if still, err := d.still(ctx, owed, to.Name); err != nil || !still {
		return err == nil, err
	}
	var told report.Verdict
	failed := d.open(ctx, sink, to)
	if failed == nil {
		told, failed = d.send(ctx, *sink, owed)
	}
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if failed != nil {
		failed = &fault.Error{Kind: fault.KindOf(failed), Object: "sink " + to.Name, Err: failed}
		told = owed.Of(to.Name).Told
	}
	final := failed != nil && fault.KindOf(failed) == fault.Invalid && *sink != nil
	noted := d.note(ctx, owed, state.Delivery{Name: to.Name, OK: failed == nil, Error: text(failed), Final: final, Told: told})
	return noted == nil && (failed == nil || final), errors.Join(failed, noted)
}

func (d *delivery) fail(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.failed = append(d.failed, err)
}

// open opens the sink, unless it is open.
func (d *delivery) open(ctx context.Context, sink *Sink, to *config.Sink) (err error) {
	if *sink != nil {
		return nil
	}
	*sink, err = d.Sinks.Open(ctx, to)
	return err
}

// send gives a sink the report that it is owed, and tells the verdict of that.
func (d *delivery) send(ctx context.Context, sink Sink, owed *state.Delivered) (report.Verdict, error) {
	r, err := d.DB.ReportOf(ctx, d.name, owed.Window, owed.Report)
	if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.Invalid { // it is made again, or gone
		return "", &fault.Error{Kind: fault.Unavailable, Err: err}
	}
	if err != nil {
		return "", err
	}
	return r.Verdict, sink.Write(ctx, r)
}

// still tells whether a report is still to be sent: another process may have sent it
// meanwhile, or made a newer one.
func (d *delivery) still(ctx context.Context, owed *state.Delivered, name string) (bool, error) {
	now, err := d.DB.Delivered(ctx, d.name, owed.Window)
	one := now.Of(name)
	return err == nil && now.Report == owed.Report && one != nil && one.Owed(), err
}

// note records what became of a delivery. What another process noted meanwhile stays:
// that the sink took the report, or a newer one that it is owed.
func (d *delivery) note(ctx context.Context, owed *state.Delivered, one state.Delivery) error {
	return d.DB.Deliver(ctx, d.name, owed.Window, func(now *state.Delivered) {
		switch mine := now.Of(one.Name); {
		case mine == nil || mine.OK:
		case now.Report == owed.Report:
			*mine = one
		case one.OK:
			mine.Told = one.Told
		}
	})
}

// text is an error in one line, "" for none.
func text(err error) string {
	if err == nil {
		return ""
	}
	return strings.ReplaceAll(err.Error(), "\n", " ")
}

// pauses are when sinks and triggers may be tried again that failed in this process:
// serve looks every second, and a service that is down must not be asked as often.
type pauses struct {
	mu    sync.Mutex
	known map[string]*backoff
}

// backoff is that of one sink or trigger.
type backoff struct {
	mu    sync.Mutex
	until time.Time
	last  time.Duration
	err   error
}

// The first and the longest pause.
const (
	firstPause   = time.Second
	longestPause = 5 * time.Minute
)

func (p *pauses) of(name string) *backoff {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil {
		p.known = map[string]*backoff{}
	}
	if p.known[name] == nil {
		p.known[name] = &backoff{}
	}
	return p.known[name]
}

// pausing is the error that the sink failed with, while it is left alone.
func (p *backoff) pausing(now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Before(p.until) && !p.until.After(now.Add(longestPause)) { // else the clock was set back
		return p.err
	}
	return nil
}

func (p *backoff) wait(now time.Time, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = min(max(2*p.last, firstPause), longestPause)
	p.until, p.err = now.Add(p.last), err
}

func (p *backoff) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last, p.until, p.err = 0, time.Time{}, nil
}
