package monitor

import (
	"context"
	"errors"

	"leeway/core/compare"
	"leeway/core/partial"
	"leeway/core/state"
)

// candidate is a window as one that later ones may be held against.
func (p *pass) candidate(s *step, version string, alert bool) candidate {
	return candidate{window: s.window, version: version, alert: alert, partial: s.lacks != nil, lost: p.gone[s.window], rows: s.rows, inputs: state.Inputs(p.live[s.window])}
}

// found is what was found in a window whose turn it is; nil if neither its rows
// nor its past are others than those of its report, or if what its labels were
// joined with is kept no longer. Where a profile has got lost
// since, what was reported stays, too.
func (p *pass) found(ctx context.Context, s *step, behind compare.Trail) (*compare.Measured, error) {
	for _, lost := range []bool{true, false} {
		var err error
		if s.choice, err = p.choose(ctx, s, p.before, lost); err != nil {
			return nil, errors.Join(err, p.await(ctx, s))
		}
		behind.Onto(&s.past, s.choice.series(p.version(s)))
		s.past.Held = s.choice.name()
		if !s.due() && (s.before.Past == s.past.Name() || p.expired(s.window, p.now)) {
			return nil, nil
		}
	}
	found, err := p.measured(ctx, s)
	var bad *unfit
	if errors.As(err, &bad) {
		return nil, p.leave(ctx, s, bad)
	}
	return found, err
}

// choose chooses what a window is held against, given the windows before it:
// lost as if none of their profiles had got lost.
func (p *pass) choose(ctx context.Context, s *step, before []candidate, lost bool) (choice, error) {
	how := asked(p.config)
	if !s.touched && s.before.Partial == "" {
		how = s.before.Against
	}
	if how == nil || s.lacks.ByPieces() {
		return choice{}, nil
	}
	base, err := p.base(ctx, s)
	if err != nil {
		return choice{}, err
	}
	return choose(how, p.config.Window.Every, base, s.window, before, lost), nil
}

// leave has a run go over the model again since profiles are damaged that a
// window is held against: with them, if their files are there to be read again,
// else without those windows. All are looked through that this window or one after
// it could be held against, so that going over it once more is enough.
func (p *pass) leave(ctx context.Context, s *step, bad *unfit) error {
	var found *damaged
	if !errors.As(bad.error, &found) {
		return bad.error
	}
	return p.mendFrom(ctx, len(p.before)-len(withinReach(s.choice.how, s.window, p.before)), found)
}

// edge is what the window of a step lacks. A baseline that cannot be had any more
// leaves what was said.
func (p *pass) edge(ctx context.Context, s *step) (*partial.Window, error) {
	if d := p.delivered; d.oldest.Before(s.window.Start) && !d.watermark.Before(s.window.End) {
		return nil, nil
	}
	base, err := p.base(ctx, s)
	if errors.As(err, &lost{}) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	lacks := partial.Of(s.window, p.extents[s.window], p.reaching(), base.cover(p.config))
	lacks.JudgeBy(&base.Baseline, base.profile, p.config.Window.Every)
	return lacks.After(base.profile), nil
}
