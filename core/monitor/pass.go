package monitor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"leeway/core/compare"
	"leeway/core/partial"
	"leeway/core/report"
	"leeway/core/state"
)

// pass goes through all windows of a model once, the oldest first. What is
// measured of a window depends on its rows and on what it is held against, which
// is known ahead save for verdicts that change in this pass: so several are
// measured at a time, ahead of the one that is being judged, and once more if what
// they are held against turned out otherwise. Judging needs the streaks of the
// window before and the paces of all, and goes in order. Reports are written
// several at a time again: where writing means waiting for a disk, one wait serves
// many.
//
// In which order they come to lie in the bucket does not matter. A window whose
// report is missing after a crash is found by its rows or its past, and comes
// out the same.
type pass struct {
	*model
	*delivered
	steps  []*step
	failed []error // windows that stay as they are, for now

	ahead   chan struct{} // holds one for each window that is measured and not judged yet
	busy    chan struct{} // holds one for each window that is being compared: the others wait for the store
	writing chan struct{} // holds one for each report that is being written
	work    sync.WaitGroup
	gate    gate
	others  map[string]*baseline // that windows were judged by before, by version
	before  []candidate          // the windows that are judged, oldest first
	likely  []candidate          // all windows, as far as can be said ahead
}

// writers is how many objects of the state are written at a time. It is not
// about cores: they wait for the disk most of the time.
const writers = 16

// step is one window of a pass.
type step struct {
	window  state.Window
	before  *state.Summary // of its newest report; nil for none
	touched bool           // it has other rows than that report
	again   bool           // that report or its summary is damaged
	past    compare.Past
	rows    int64
	lacks   *partial.Window // nil: it is whole
	choice  choice          // what it is held against
	likely  choice          // what it most likely will be, said ahead
	ready   chan struct{}   // closed when it is measured
	found   *compare.Measured
	err     error
	took    time.Duration
	after   state.Summary
	labels  string         // names the labels of files that its rows have
	report  *report.Report // new in this pass
}

// plan lists the windows that the model has, or is about to have, and what is
// known of their past before any of them is judged.
func (p *pass) plan(ctx context.Context, history []state.Summary, t touched) error {
	p.others = map[string]*baseline{}
	steps := map[state.Window]*step{}
	for i := range history {
		steps[history[i].Window] = &step{window: history[i].Window, before: &history[i]}
	}
	for _, window := range t.dropped {
		delete(steps, window)
	}
	for _, window := range t.due {
		if steps[window] == nil {
			steps[window] = &step{window: window}
		}
		steps[window].touched = true
	}
	for window, one := range steps {
		one.again = p.again[window]
		if one.due() {
			one.ready = make(chan struct{})
		}
		p.steps = append(p.steps, one)
	}
	slices.SortFunc(p.steps, func(a, b *step) int { return a.window.Compare(b.window) })
	return p.foresee(ctx)
}

// foresee fills in what is known of each window before any is judged: its rows,
// whether it is whole, and the rows of those before.
func (p *pass) foresee(ctx context.Context) error {
	rows := make([]int64, 0, len(p.steps))
	for _, one := range p.steps {
		var err error
		if one.lacks, err = p.edge(ctx, one); err != nil {
			return one.wrap(err)
		}
		one.past.Rows, one.past.Lacks = compare.Recent(rows), one.lacks.Name()
		one.rows = p.rows(one.window)
		if one.lacks == nil { // part of a window has fewer rows than is usual
			rows = append(rows, one.rows)
		}
		p.likely = append(p.likely, p.candidate(one, p.version(one), one.before != nil && one.before.Verdict == report.Alert))
	}
	return nil
}

// run judges what has to be judged. On an error what was judged so far stays.
func (p *pass) run(ctx context.Context) error {
	p.ahead = make(chan struct{}, 2*max(p.Workers, 1))
	p.busy = make(chan struct{}, max(p.Workers, 1))
	p.writing = make(chan struct{}, writers)
	going, stop := context.WithCancelCause(ctx)
	p.work.Go(func() { p.measureAhead(going) })
	write := func(s *step, r *report.Report) {
		if err := p.write(ctx, s, r); err != nil {
			stop(s.wrap(err))
		}
	}
	if err := p.inOrder(going, write); err != nil {
		stop(err)
	}
	p.work.Wait()
	err := context.Cause(going)
	stop(nil)
	return err
}

// inOrder judges window after window and has the reports written.
func (p *pass) inOrder(ctx context.Context, write func(*step, *report.Report)) error {
	var streaks map[string]int
	behind, kept := compare.Trail{}, compare.Promises{}
	for i, s := range p.steps {
		s.past.Streaks = streaks
		kept.Onto(&s.past, p.version(s), i)
		s.past.Labelled = s.before != nil && s.before.Performance.IsLabelled()
		found, err := p.found(ctx, s, behind)
		if err != nil {
			if err = p.cannot(ctx, s, err); err != nil {
				return s.wrap(err)
			}
		}
		if found == nil {
			streaks = s.stay(behind)
			kept.Add(s.before.Baseline, i, s.before.Performance, s.before.Shown())
			p.before = append(p.before, p.candidate(s, s.before.Baseline, s.before.Verdict == report.Alert))
			continue
		}
		r := found.Judge(&s.past)
		performed := state.Performed(r)
		s.past.Labelled = performed.IsLabelled()
		s.past.Trail = nil // its name is all that is wanted of it from here on
		streaks = compare.Lasting(r.Findings)
		if s.lacks == nil {
			behind.Add(s.choice.series(found.Baseline), s.window.Start, found.Paces())
		}
		kept.Add(found.Baseline, i, performed, r.Shown())
		p.before = append(p.before, p.candidate(s, found.Baseline, r.Verdict == report.Alert))
		select {
		case p.writing <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		p.work.Go(func() {
			write(s, r)
			<-p.writing
		})
	}
	return nil
}

// cannot says what follows from it that a window cannot be measured: nil for
// that it stays as it was reported.
func (p *pass) cannot(ctx context.Context, s *step, err error) error {
	var found *damaged
	switch {
	case errors.As(err, &lost{}):
		p.failed = append(p.failed, s.wrap(err))
		return nil
	case !errors.As(err, &found), found.noted:
		return err
	case s.touched:
		return p.lookThrough(ctx, found)
	}
	p.pending = false
	if err := p.mendAll(ctx, found.needed, false); err != nil || !p.pending {
		return err // the files are gone: what was reported is all there is
	}
	return p.mendFrom(ctx, len(p.before), found) // what comes after may need as much
}

// due tells whether the window needs a report, whatever its past.
func (s *step) due() bool { return s.touched || s.again }

// recall makes up for the summaries that are damaged from the reports that they
// sum up, as far as these still are of what is there. History stays in order.
func (p *pass) recall(ctx context.Context, history []state.Summary) ([]state.Summary, error) {
	history = slices.Clone(history)
	for window := range p.again {
		if slices.ContainsFunc(history, func(s state.Summary) bool { return s.Window == window }) {
			continue
		}
		r, err := p.DB.LastReport(ctx, p.name, window)
		if err != nil {
			return nil, err
		}
		if r == nil {
			continue
		}
		summary := state.Summarize(r, window, p.live[window])
		if !p.madeOf(window, r.Current.Objects) {
			summary.Inputs = ""
		}
		history = append(history, summary)
	}
	slices.SortFunc(history, func(a, b state.Summary) int { return a.Window.Compare(b.Window) })
	return history, nil
}

// madeOf tells whether these objects, with these contents, are what a window
// has now.
func (p *pass) madeOf(window state.Window, objects []report.Object) bool {
	now := map[string]string{}
	for _, i := range p.byWindow[window] {
		now[p.batches[i].Key] = p.batches[i].Hash
	}
	for _, object := range objects {
		if now[object.Key] != object.ETag {
			return false
		}
	}
	return len(now) == len(objects)
}

// stay leaves the window as it is.
func (s *step) stay(behind compare.Trail) map[string]int {
	s.after, s.past.Trail = *s.before, nil
	if s.lacks == nil {
		behind.Add(s.choice.series(s.before.Baseline), s.window.Start, compare.PacesOf(s.before))
	}
	return compare.Lasted(s.before)
}

// version is the baseline that a window is compared with, see base.
func (p *pass) version(s *step) string {
	if s.touched {
		return p.baseline.Version
	}
	return s.before.Baseline
}

func (s *step) wrap(err error) error { return fmt.Errorf("window %s: %w", s.window.Key(), err) }

// write stores a window's report and its summary. A report that says what the
// one before it said is that one.
func (p *pass) write(ctx context.Context, s *step, r *report.Report) error {
	begun := p.Clock.Now()
	var err error
	if r.ID, err = compare.Identify(r); err != nil {
		return err
	}
	same := s.before != nil && s.before.Report == r.ID
	switch {
	case same:
		r.Created, r.Supersedes = s.before.Created, s.before.Supersedes
	case s.before != nil:
		r.Supersedes = s.before.Report
	}
	if !same || s.due() {
		if err := p.DB.PutReport(ctx, r, s.window); err != nil {
			return err
		}
	}
	if !same {
		if err := p.owe(ctx, s, r); err != nil {
			return err
		}
	}
	s.after = state.Summarize(r, s.window, p.live[s.window])
	s.after.Labels, s.after.Past = s.labels, s.past.Name()
	s.after.Closed = s.window.Closed(p.watermark, p.config.Window.Lateness)
	if err := p.DB.PutSummary(ctx, p.name, s.after); err != nil || same {
		return err
	}
	s.report = headline(r)
	p.observe(Event{Window: s.window.Key(), Report: r, Rows: r.Current.Rows, Duration: s.took + p.Clock.Now().Sub(begun)})
	return nil
}

// closeWindows marks the windows that no more rows are expected for. Rows that
// come all the same count: the window gets another report.
func (p *pass) closeWindows(ctx context.Context) error {
	for _, s := range p.steps {
		if s.after.Closed || !s.window.Closed(p.watermark, p.config.Window.Lateness) {
			continue
		}
		s.after.Closed = true
		if err := p.DB.PutSummary(ctx, p.name, s.after); err != nil {
			return err
		}
	}
	return nil
}
