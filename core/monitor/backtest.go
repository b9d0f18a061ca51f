package monitor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"leeway/core/collect"
	"leeway/core/compare"
	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/internal/words"
	"leeway/core/partial"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/stat"
	"leeway/core/state"
)

// BacktestOptions say what to replay.
type BacktestOptions struct {
	Config   *config.Config // the settings to try; nil: the model's own
	From, To time.Time      // windows that overlap [From, To); zero: all
}

// Backtest judges the stored windows of a model again under other settings, in
// order, as if they came in now. It reads profiles, never rows, and writes
// nothing. Windows may be made longer than they were (days into weeks), not
// shorter: that is an error of kind Invalid.
func (m *Monitor) Backtest(ctx context.Context, name string, o *BacktestOptions) (*report.Backtest, error) {
	if o == nil {
		o = &BacktestOptions{}
	}
	one, err := m.tried(ctx, name, o)
	if err != nil {
		return nil, err
	}
	batches, err := m.DB.Batches(ctx, name)
	if err != nil {
		return nil, err
	}
	recorded, err := m.DB.History(ctx, name, time.Time{}, time.Time{})
	if err != nil {
		return nil, err
	}
	d := deliveries(batches)
	windows, err := regroup(d, one.config.Window.Every)
	if err == nil {
		err = lieWithin(windows, name, o)
	}
	if err != nil {
		return nil, err
	}
	b := &report.Backtest{
		Version: report.Version, Model: name, Baseline: one.baseline.Version,
		FalseAlarms: one.config.Policy.FalseAlarms, Windows: []report.Replayed{},
	}
	for _, line := range []string{joined(windows, one.config.Window.Every), one.baseline.others(one.config), one.baseline.short(one.config), one.baseline.hint(one.config), one.baseline.unseasoned(one.config)} {
		if line != "" {
			b.Notes = append(slices.Clone(b.Notes), line)
		}
	}
	if one.dropped, err = m.DB.Dropped(ctx, name); err != nil {
		return nil, err
	}
	if one.labels, err = one.findLabels(ctx, d.now); err != nil {
		return nil, err
	}
	replay := &replaying{model: one, delivered: d, groups: windows}
	for i, group := range windows {
		summary, err := replay.next(ctx, i)
		if err != nil {
			return nil, fmt.Errorf("window %s: %w", group.window.Key(), err)
		}
		if overlaps(group.window, o.From, o.To) {
			b.Windows = append(b.Windows, replayed(group, summary, recorded))
		}
	}
	tally(b)
	return b, nil
}

// replaying judges one group of windows after the other.
type replaying struct {
	*model
	*delivered
	groups []grouped
	past   compare.Past
	behind compare.Trail
	before []candidate
}

// next judges the group whose turn it is, as report does, and keeps nothing but
// the summary.
func (r *replaying) next(ctx context.Context, i int) (state.Summary, error) {
	if r.behind == nil {
		r.behind = compare.Trail{}
	}
	window := r.groups[i].window
	var c choice
	if !r.lacks(r.groups[i]).ByPieces() {
		c = choose(asked(r.config), r.config.Window.Every, r.baseline, window, r.before, false)
	}
	series := c.series(r.baseline.Version)
	r.behind.Onto(&r.past, series)
	summary, err := r.rejudge(ctx, r.groups[i], &c)
	if err != nil {
		return summary, err
	}
	whole := summary.Partial == ""
	if r.past.Streaks = compare.Lasted(&summary); whole {
		r.past.Rows = compare.Recent(append(r.past.Rows, summary.Rows))
		r.behind.Add(series, window.Start, compare.PacesOf(&summary))
	}
	r.before = append(r.before, candidate{window: window, version: r.baseline.Version, alert: summary.Verdict == report.Alert, partial: !whole, rows: summary.Rows})
	return summary, nil
}

// tried is the model under the settings to try.
func (m *Monitor) tried(ctx context.Context, name string, o *BacktestOptions) (*model, error) {
	if err := state.CheckModel(name); err != nil {
		return nil, err
	}
	one := &model{Monitor: m, name: name, replays: true}
	if o.Config != nil { // the model's own may be broken
		changed := *o.Config
		changed.Model = name
		one.config = &changed
	} else if err := one.settings(ctx); err != nil {
		return nil, err
	}
	version, err := m.DB.Current(ctx, name)
	if err != nil {
		return nil, err
	}
	if version == "" {
		return nil, &fault.Error{Kind: fault.NotFound, Object: name, Err: errors.New("the model has no baseline, and no windows to replay"), Hint: "leeway run makes them"}
	}
	return one, one.load(ctx, version)
}

// grouped is a window and the stored ones that it is made of.
type grouped struct {
	window state.Window
	parts  []state.Window
}

// regroup lays stored windows into windows of another length.
func regroup(d *delivered, every string) ([]grouped, error) {
	stored := make([]state.Window, 0, len(d.live))
	for window := range d.live {
		stored = append(stored, window)
	}
	slices.SortFunc(stored, state.Window.Compare)
	var groups []grouped
	for _, part := range stored {
		window, err := state.WindowOf(part.Start, every)
		if err != nil {
			return nil, err
		}
		if window.End.Before(part.End) {
			what := fmt.Sprintf("window.every %s cuts the stored window %s, of which only a profile is kept", every, part.Key())
			return nil, fault.New(fault.Invalid, what, "choose windows that the stored ones fill (days make weeks, not hours); it is "+config.Default().Window.Every+" where the configuration does not say it")
		}
		if n := len(groups); n > 0 && groups[n-1].window == window {
			groups[n-1].parts = append(groups[n-1].parts, part)
		} else {
			groups = append(groups, grouped{window, []state.Window{part}})
		}
	}
	return groups, nil
}

// lieWithin is an error where no window is asked for: that of none there is an alarm
// says nothing.
func lieWithin(groups []grouped, name string, o *BacktestOptions) error {
	if len(groups) == 0 {
		return &fault.Error{Kind: fault.NotFound, Object: name, Err: errors.New("the model has no windows to replay"), Hint: "leeway run makes them of the files under logs/" + name + "/"}
	}
	if slices.ContainsFunc(groups, func(g grouped) bool { return overlaps(g.window, o.From, o.To) }) {
		return nil
	}
	first, last := groups[0].window.Start, groups[len(groups)-1].window.End
	what := fmt.Sprintf("no window lies between %s and %s", limit(o.From, "the beginning"), limit(o.To, "the end"))
	hint := fmt.Sprintf("those to replay are from %s to %s", first.Format(time.RFC3339), last.Format(time.RFC3339))
	return &fault.Error{Kind: fault.NotFound, Object: name, Err: errors.New(what), Hint: hint}
}

func limit(t time.Time, none string) string {
	if t.IsZero() {
		return none
	}
	return t.Format(time.RFC3339)
}

// joined says that stored windows make longer ones; "" if they do not. The length
// may be one that nobody asked for.
func joined(groups []grouped, every string) string {
	for _, g := range groups {
		if part := g.parts[0]; part != g.window {
			return fmt.Sprintf("the stored windows, %s long, are joined into those of window.every: %s (%s where the configuration does not say it)", lengthWords(part), every, config.Default().Window.Every)
		}
	}
	return ""
}

// lengthWords is the length of a window in words: an hour, a day, 30 days.
func lengthWords(w state.Window) string {
	const day = 24 * time.Hour
	switch d := w.End.Sub(w.Start); {
	case d == time.Hour:
		return "an hour"
	case d == day:
		return "a day"
	case d%day == 0:
		return fmt.Sprintf("%d days", d/day)
	default:
		return d.String()
	}
}

// lacks is what a group lacks to be whole; nil for nothing.
func (r *replaying) lacks(group grouped) *partial.Window {
	var rows partial.Extent
	for _, part := range group.parts {
		rows.Add(r.extents[part])
	}
	p := partial.Of(group.window, rows, r.reaching(), r.baseline.cover(r.config))
	p.JudgeBy(&r.baseline.Baseline, r.baseline.profile, r.config.Window.Every)
	return p.After(r.baseline.profile)
}

func (r *replaying) rejudge(ctx context.Context, group grouped, c *choice) (state.Summary, error) {
	current, arrived, err := r.together(ctx, group)
	if err != nil {
		return state.Summary{}, err
	}
	known, err := r.truth(ctx, group.parts, r.delivered, r.baseline, c)
	if err != nil {
		return state.Summary{}, err
	}
	comparison := compare.Comparison{Config: r.config, Current: current, Window: &group.window, Past: r.past, Created: arrived, Labelled: known.labelled, Said: known.said, Groups: known.groups}
	comparison.Lacks = r.lacks(group)
	err = r.against(ctx, &comparison, r.baseline, c, known.past, func(ctx context.Context, window state.Window) (*collect.Collection, error) {
		at := slices.IndexFunc(r.groups, func(g grouped) bool { return g.window == window })
		one, _, err := r.together(ctx, r.groups[at])
		return one, err
	})
	if err != nil {
		return state.Summary{}, err
	}
	made, err := compare.Compare(&comparison)
	if err != nil {
		return state.Summary{}, err
	}
	return state.Summarize(made, group.window, nil), nil
}

// together are the rows of all windows of a group.
func (r *replaying) together(ctx context.Context, group grouped) (*collect.Collection, time.Time, error) {
	var merger profile.Merger
	all, arrived := &collect.Collection{}, time.Time{}
	for _, part := range group.parts {
		one, at, err := r.gathered(ctx, part, r.delivered, r.contract)
		if err != nil {
			return nil, arrived, err
		}
		if err := merger.Add(one.Profile); err != nil {
			return nil, arrived, err
		}
		all.Join(one)
		if at.After(arrived) {
			arrived = at
		}
	}
	all.Profile = merger.Dataset()
	return all.Whole(), arrived, nil
}

func overlaps(w state.Window, from, to time.Time) bool {
	return (from.IsZero() || w.End.After(from)) && (to.IsZero() || w.Start.Before(to))
}

// replayed lays a window's new outcome beside what was reported of the windows
// that it is made of.
func replayed(group grouped, summary state.Summary, recorded []state.Summary) report.Replayed {
	r := report.Replayed{
		Window: report.Window{Start: group.window.Start.Format(time.RFC3339), End: group.window.End.Format(time.RFC3339)},
		Rows:   summary.Rows, WouldBe: summary.Verdict, Summary: summary.Text,
	}
	now := alarming(summary.Findings)
	var then []string
	for i := range recorded {
		if slices.Contains(group.parts, recorded[i].Window) {
			if r.Was == "" {
				r.Was = recorded[i].Verdict
			}
			r.Was = Graver(r.Was, recorded[i].Verdict)
			then = words.Union(then, alarming(recorded[i].Findings))
		}
	}
	r.New, r.Missed = without(now, then), without(then, now)
	return r
}

func alarming(findings []state.FindingSummary) []string {
	var ids []string
	for _, f := range findings {
		if f.Severity == report.SeverityAlert || f.Severity == report.SeverityWarn {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// without lists what is in a and not in b.
func without(a, b []string) []string {
	left := []string{}
	for _, id := range a {
		if !slices.Contains(b, id) {
			left = append(left, id)
		}
	}
	return left
}

// tally counts the windows' outcomes.
func tally(b *report.Backtest) {
	for i := range b.Windows {
		r := &b.Windows[i]
		if r.Was != "" {
			count(&b.Was, r.Was)
		}
		count(&b.WouldBe, r.WouldBe)
		switch {
		case r.WouldBe == report.Alert && r.Was != report.Alert:
			b.New++
		case r.Was == report.Alert && r.WouldBe != report.Alert:
			b.Missed++
		}
	}
	for _, a := range []*report.Alarms{&b.Was, &b.WouldBe} {
		a.Interval[0], a.Interval[1] = stat.ClopperPearson(int64(a.Alerts), int64(a.Windows))
		a.Rate = float64(a.Alerts) / float64(max(a.Windows, 1))
	}
	b.Expected = b.FalseAlarms * float64(len(b.Windows))
}

func count(a *report.Alarms, v report.Verdict) {
	a.Windows++
	switch v {
	case report.Alert:
		a.Alerts++
	case report.Warn:
		a.Warnings++
	}
}
