package dash

import (
	"slices"

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
// first. Those of windows that are not judged yet are left out. A window without
// data ends no run; one without the finding does.
func episodes(history []state.Summary, judged func(*state.Summary) bool, wanted func(*state.FindingSummary) bool) []*episode {
	var all []*episode
	open := map[string]*episode{} // by report.Lasting: the run that reaches the window after this one
	for i := len(history) - 1; i >= 0; i-- {
		one := &history[i]
		if !judged(one) {
			continue
		}
		for k := range one.Findings {
			f := &one.Findings[k]
			if !wanted(f) {
				continue
			}
			lasting := f.Lasting()
			if run := open[lasting]; run != nil && run.oldest == i { // another slice by the same columns
				lasting = f.ID
			}
			if run := open[lasting]; run != nil && run.oldest == i+1 {
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
			open[lasting] = run
			all = append(all, run)
		}
	}
	return all
}

// wanted is the filter on findings as a function.
func (f filter) wanted(roles map[string]schema.Role) func(*state.FindingSummary) bool {
	return func(one *state.FindingSummary) bool { return f.finding(one, roles) }
}

// topic is what was found about one column in the same windows: often one
// cause, seen by several checks.
type topic struct {
	*episode // the first of Items
	Items    []*episode
}

// join adds a finding to the topic.
func (t *topic) join(run *episode) {
	t.Items = append(t.Items, run)
	if rankOf(run.Gravest) > rankOf(t.Gravest) {
		t.Gravest = run.Gravest
	}
}

// Messages are the sentences of the topic, each once.
func (t *topic) Messages() []string { return t.distinct(func(e *episode) string { return e.Message }) }

// Hints are what to do, each once.
func (t *topic) Hints() []string { return t.distinct(func(e *episode) string { return e.Hint }) }

// Causes are the faults that explain the topic, each once.
func (t *topic) Causes() []string { return t.distinct(func(e *episode) string { return e.Cause }) }

// Carried are the cells that carry most of the change.
func (t *topic) Carried() []string { return t.distinct(func(e *episode) string { return e.Carried }) }

func (t *topic) distinct(of func(*episode) string) []string {
	var all []string
	for _, one := range t.Items {
		if text := of(one); text != "" && !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}

// past is a table of topics.
type past struct {
	Name      string // of the model
	List      []*topic
	More      int64 // topics that are not listed
	OneColumn bool  // all are about the same column, which need not be said
	known     map[string]*topic
}

// maxPast is how many topics a table lists.
const maxPast = 25

// add lists an episode with others of its topic. What does not fit is counted.
func (p *past) add(run *episode) {
	key := run.Labels.Segment + "\x00" + run.Labels.Column + "\x00" + run.First.Key() + run.Last.Key()
	if run.Labels.Column == "" {
		key = run.ID + "\x00" + key
	}
	if t := p.known[key]; t != nil {
		t.join(run)
		return
	}
	if len(p.List) == maxPast {
		p.More++
		return
	}
	if p.known == nil {
		p.known = map[string]*topic{}
	}
	p.known[key] = &topic{run, []*episode{run}}
	p.List = append(p.List, p.known[key])
}
