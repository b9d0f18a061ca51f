package monitor

import (
	"context"

	"leeway/core/collect"
	"leeway/core/compare"
	"leeway/core/fault"
	"leeway/core/internal/words"
	"leeway/core/state"
)

// measureAhead measures the windows with new rows, as far as the judging has
// room for them.
func (p *pass) measureAhead(ctx context.Context) {
	for i, s := range p.steps {
		if !s.due() {
			continue
		}
		select {
		case p.ahead <- struct{}{}:
		case <-ctx.Done():
			return
		}
		p.work.Go(func() {
			if s.likely, s.err = p.choose(ctx, s, p.likely[:i], false); s.err == nil {
				s.found, s.err = p.measure(ctx, s, &s.likely)
			}
			close(s.ready)
		})
	}
}

// measured is what was found in a window, once it is. One that was measured
// ahead against something else than it turned out to be is measured again.
func (p *pass) measured(ctx context.Context, s *step) (*compare.Measured, error) {
	ahead := s.ready != nil
	if err := p.await(ctx, s); err != nil {
		return nil, err
	}
	found := s.found
	s.found = nil // it is large
	if !ahead || s.likely.name() != s.choice.name() {
		return p.measure(ctx, s, &s.choice)
	}
	return found, s.err
}

// await waits until a window is measured that is being measured ahead.
func (p *pass) await(ctx context.Context, s *step) error {
	if s.ready == nil {
		return nil
	}
	select {
	case <-s.ready:
	case <-ctx.Done():
		return ctx.Err()
	}
	<-p.ahead
	s.ready = nil
	return nil
}

// measure compares a window with its baseline.
func (p *pass) measure(ctx context.Context, s *step, c *choice) (*compare.Measured, error) {
	begun := p.Clock.Now()
	base, err := p.base(ctx, s)
	if err != nil {
		return nil, err
	}
	current, arrived, err := p.gather(ctx, s.window, p.delivered, base.contract)
	if err != nil {
		return nil, err
	}
	if p.expired(s.window, p.now) {
		current.Notes = words.Union(current.Notes, []string{"no labels are taken: predictions of such windows are kept no longer (retain.ledger)"})
	}
	if line := p.takenUntil(s.window); line != "" {
		current.Notes = words.Union(current.Notes, []string{line})
	}
	if !s.touched { // what came last for windows before is what makes another report of it
		arrived = p.newest
	}
	known, err := p.truth(ctx, []state.Window{s.window}, p.delivered, base, c)
	if err != nil {
		return nil, err
	}
	if s.labels = known.labels; s.labels != "" && p.labels.newest.After(arrived) {
		arrived = p.labels.newest
	}
	comparison := compare.Comparison{Config: p.config, Current: current, Window: &s.window, Past: compare.Past{Rows: s.past.Rows}, Created: arrived, Labelled: known.labelled, Said: known.said, Groups: known.groups, Lacks: s.lacks}
	err = p.against(ctx, &comparison, base, c, known.past, func(ctx context.Context, window state.Window) (*collect.Collection, error) {
		one, _, err := p.gather(ctx, window, p.delivered, base.contract)
		return one, err
	})
	if err != nil {
		return nil, err
	}
	p.busy <- struct{}{}
	found, err := compare.Measure(&comparison)
	<-p.busy
	s.took = p.Clock.Now().Sub(begun)
	return found, err
}

// lost is the error of a baseline that cannot be had any more.
type lost struct{ error }

func (l lost) Unwrap() error { return l.error }

// base is the baseline in use for a window with new rows. One that is judged
// again for the sake of its past stays with its own: the rows are what they
// were, and so is what they are compared with.
func (p *pass) base(ctx context.Context, s *step) (*baseline, error) {
	if s.touched || s.before.Baseline == p.baseline.Version {
		return p.baseline, nil
	}
	free, err := p.gate.pass(ctx)
	if err != nil {
		return nil, err
	}
	defer free()
	known := p.others[s.before.Baseline]
	if known != nil {
		return known, nil
	}
	known, err = p.read(ctx, s.before.Baseline)
	if kind := fault.KindOf(err); kind == fault.Invalid || kind == fault.NotFound {
		return nil, lost{err}
	}
	if err == nil {
		p.others[s.before.Baseline] = known
	}
	return known, err
}
