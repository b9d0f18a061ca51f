package retrain

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"leeway/core/report"
	"leeway/core/report/plain"
)

// Kinds of reasons.
const (
	reasonPerformance = "performance"
	reasonConcept     = "concept"
	reasonData        = "data"
	reasonSchedule    = "schedule"
)

// evidence is what windows say since the last training, against the baseline in
// use.
type evidence struct {
	policy  *Policy
	state   *State
	windows []Window // never empty
	last    *Request // the newest that succeeded, nil for none
}

func (s *State) evidence(p *Policy, windows []Window) *evidence {
	e := &evidence{policy: p, state: s}
	for i := range s.Past {
		if s.Past[i].Phase == Succeeded {
			e.last = &s.Past[i]
		}
	}
	newest := windows[len(windows)-1]
	for _, w := range windows {
		if w.Baseline == newest.Baseline && (e.last == nil || w.End.After(e.last.End)) {
			e.windows = append(e.windows, w)
		}
	}
	if len(e.windows) == 0 { // the newest is what was trained on
		e.windows = []Window{{Start: newest.Start, End: newest.End, Report: newest.Report, Baseline: newest.Baseline}}
	}
	return e
}

func (e *evidence) labels() int64 {
	var n int64
	for i := range e.windows {
		n += e.windows[i].Labelled
	}
	return n
}

// reasons are the reasons to retrain; without one, instead says why there is none.
func (e *evidence) reasons() (reasons []report.RetrainReason, instead string) {
	told := e.recent(func(w *Window) bool { return w.Told })
	if at := e.confirmed(told, func(w *Window) bool { return len(w.Fell) > 0 }); at != nil {
		reasons = append(reasons, reason(reasonPerformance, at, func(n string) string {
			return "performance fell in " + n + ": " + names(at, func(w *Window) []string { return w.Fell })
		}))
	}
	if at := e.confirmed(told, func(w *Window) bool { return w.Concept }); at != nil {
		reasons = append(reasons, reason(reasonConcept, at, func(n string) string {
			return "the same rows have other outcomes than in the reference, in " + n
		}))
	}
	judged := e.recent(func(w *Window) bool { return w.Judged })
	drifted := func(w *Window) bool { return len(w.Drifted) > 0 }
	if at := e.confirmed(judged, func(w *Window) bool { return drifted(w) && w.Impact != nil && *w.Impact >= e.policy.Impact }); at != nil {
		reasons = append(reasons, reason(reasonData, at, func(n string) string {
			return fmt.Sprintf("data drifted in %s, and the model is estimated to be worse by %s of what it was: %s", n,
				plain.Share(*at[len(at)-1].Impact), names(at, func(w *Window) []string { return w.Drifted }))
		}))
	} else if at := e.confirmed(judged, drifted); at != nil {
		instead = fmt.Sprintf("Data drifted, but the model is not estimated to be worse by %s for certain.", plain.Share(e.policy.Impact))
	}
	if due, ok := e.due(); ok && len(reasons) == 0 {
		if slices.ContainsFunc(e.windows, func(w Window) bool { return w.Changed }) {
			return []report.RetrainReason{{Kind: reasonSchedule, Message: "the last training was " + span(due) + " ago, and something changed since"}}, ""
		}
		instead = "It is time by the schedule, but nothing changed since."
	}
	if instead == "" {
		instead = e.quiet()
	}
	return reasons, instead
}

// quiet says why there is no reason.
func (e *evidence) quiet() string {
	if slices.ContainsFunc(e.windows, func(w Window) bool { return len(w.Fell) > 0 || w.Concept || len(w.Drifted) > 0 }) {
		return fmt.Sprintf("What was found is not confirmed: it takes %d of the last %d windows, the newest of them included.", e.policy.Confirm, e.policy.Of)
	}
	return "Nothing was found that retraining would mend."
}

// recent are the last windows of a kind, oldest first: Of at most.
func (e *evidence) recent(of func(*Window) bool) []*Window {
	var all []*Window
	for i := range e.windows {
		if of(&e.windows[i]) {
			all = append(all, &e.windows[i])
		}
	}
	return all[max(0, len(all)-e.policy.Of):]
}

// confirmed are the windows that show something, nil if they are too few or if the
// newest does not.
func (e *evidence) confirmed(windows []*Window, shows func(*Window) bool) []*Window {
	var all []*Window
	for _, w := range windows {
		if shows(w) {
			all = append(all, w)
		}
	}
	if len(all) < e.policy.Confirm || !shows(windows[len(windows)-1]) {
		return nil
	}
	return all
}

// due tells whether it is time by the schedule: how long ago the last training
// ended, or the data began.
func (e *evidence) due() (time.Duration, bool) {
	since := e.windows[0].Start
	if n := len(e.state.Past); n > 0 {
		since = e.state.Past[n-1].Ended
	}
	ago := e.state.Clock.Sub(since)
	return ago, e.policy.Every > 0 && ago >= e.policy.Every
}

func reason(kind string, at []*Window, say func(windows string) string) report.RetrainReason {
	r := report.RetrainReason{Kind: kind, Message: say(plain.Plural(int64(len(at)), "window", "windows"))}
	for _, w := range at {
		r.Windows = append(r.Windows, w.Start.UTC().Format(time.RFC3339))
	}
	return r
}

// mostNames is how many columns or metrics a reason names.
const mostNames = 5

// names are those of the windows, each once: those of the newest first.
func names(at []*Window, of func(*Window) []string) string {
	var all []string
	for i := len(at) - 1; i >= 0; i-- {
		for _, name := range of(at[i]) {
			if !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	text := strings.Join(all[:min(len(all), mostNames)], ", ")
	if more := len(all) - mostNames; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
