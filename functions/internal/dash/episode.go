package dash

import (
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/state"
)

// episode is one finding over the windows in a row in which it was made.
type episode struct {
	*state.FindingSummary                 // as of the newest of these windows
	Gravest               report.Severity // over all of them
	First, Last           state.Window
	Report                string // of the newest of them
	Windows               int
	oldest                int // index of the oldest of them in the history
	newest                int
}

// Span names the windows of the episode.
func (e *episode) Span() string {
	return windowText(state.Window{Start: e.First.Start, End: e.Last.End})
}

// episodes joins the findings that are wanted into runs of windows, the newest
// first. A window without data ends no run; one without the finding does.
func episodes(history []state.Summary, wanted func(*state.FindingSummary) bool) []*episode {
	var all []*episode
	open := map[string]*episode{} // by finding: the run that reaches the window after this one
	for i := len(history) - 1; i >= 0; i-- {
		one := &history[i]
		for k := range one.Findings {
			f := &one.Findings[k]
			if !wanted(f) {
				continue
			}
			if run := open[f.ID]; run != nil && run.oldest == i+1 {
				run.First, run.oldest = one.Window, i
				run.Windows++
				if rankOf(f.Severity) > rankOf(run.Gravest) {
					run.Gravest = f.Severity
				}
				continue
			}
			run := &episode{
				FindingSummary: f, Gravest: f.Severity, First: one.Window, Last: one.Window,
				Report: one.Report, Windows: 1, oldest: i, newest: i,
			}
			open[f.ID] = run
			all = append(all, run)
		}
	}
	return all
}

// wanted is the filter on findings as a function.
func (f filter) wanted(roles map[string]schema.Role) func(*state.FindingSummary) bool {
	return func(one *state.FindingSummary) bool { return f.finding(one, roles) }
}

// past is a table of episodes.
type past struct {
	Name      string // of the model
	List      []*episode
	More      int64 // episodes that are not listed
	OneColumn bool  // all are about the same column, which need not be said
}

// maxPast is how many episodes a table lists.
const maxPast = 25

// add lists an episode, or counts it where the table is full.
func (p *past) add(e *episode) {
	if len(p.List) < maxPast {
		p.List = append(p.List, e)
	} else {
		p.More++
	}
}
