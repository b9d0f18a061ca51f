package vary

import (
	"maps"
	"slices"
	"time"

	"leeway/core/cases"
	"leeway/core/check"
	"leeway/core/frame"
	"leeway/core/internal/words"
	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/route"
	"leeway/core/schema"
	"leeway/core/state"
)

// A reference of few windows tells little of how its windows differ. The weeks of its months,
// or the days of its weeks, are more, and tell by how much windows would differ if such runs
// were independent. So each window is cut into runs too, until windows are known to be many.

// runs are a reference's windows cut into runs of the same length, from each window's
// start on; what is left at its end is of none. A nil receiver wants nothing.
type runs struct {
	every  string
	length time.Duration
	file   *route.Router // of the file that is being read
	read   *cameTrue     // what came true in it
	away   map[state.Window][][]byte
	came   *cameTrue
}

// runOptions is what is kept of a run: a quarter of what is kept of a window, since a hundred
// of them may be open at a time.
var runOptions = profile.Options{Cells: 1024, Categories: 1024, Distinct: 128, Rows: 256, Sample: 32, Coded: 256}

// runLength is how long runs of such windows are: weeks, which have every weekday once,
// where a window is four of them; else days; 0 for windows that are too short. What
// follows the hour of the day makes hours of days differ by more than any days do.
func runLength(every string) time.Duration {
	one, err := state.WindowOf(time.Unix(0, 0), every)
	if err != nil { // the configuration was linted: every is sound
		return 0
	}
	switch length := one.End.Sub(one.Start); {
	case length >= 4*7*day:
		return 7 * day
	case length >= 4*day:
		return day
	}
	return 0
}

// RunsIn is how many runs there are in a window of that length, given as the configuration
// has it; 1 where it has none.
func RunsIn(every string) float64 {
	one, err := state.WindowOf(time.Unix(0, 0), every)
	if length := runLength(every); err == nil && length > 0 {
		return float64(one.End.Sub(one.Start)) / float64(length)
	}
	return 1
}

// RunWords says what runs are: "20 weeks".
func RunWords(r *state.Runs) string {
	if time.Duration(r.Seconds)*time.Second == day {
		return words.Plural(int64(r.Count), "day")
	}
	return words.Plural(int64(r.Count), "week")
}

// newRuns gets ready for windows of that kind; nil where they have no runs.
func newRuns(every string) *runs {
	length := runLength(every)
	if length == 0 {
		return nil
	}
	return &runs{every: every, length: length, away: map[state.Window][][]byte{}}
}

// start begins a file.
func (r *runs) start(like *route.Router, came *cameTrue) {
	if r != nil {
		r.read, r.file = came, &route.Router{Every: r.every, Run: r.length, Columns: like.Columns, Options: runOptions.Keyed(like.Options.IDKey), Then: came.of}
	}
}

// add takes the rows of a block in.
func (r *runs) add(block *frame.Block) {
	if r != nil && r.file != nil {
		r.file.Add(block)
	}
}

// keep takes the file's runs in; false where it could not be cut.
func (r *runs) keep() bool {
	if r.file.Err() != nil || r.file.Undated() {
		return false
	}
	for run, pieces := range r.file.Encoded() {
		if run != r.file.Fallback {
			r.away[run] = append(r.away[run], pieces...)
		}
	}
	r.came = r.came.merge(r.read)
	r.file, r.read = nil, nil
	return true
}

// A company is runs that have all in common but what is to be known: the weeks of one month,
// or, since days follow the day of the week, all Mondays.

// companyOf names that of a run among windows; false if it is of none.
func (r *runs) companyOf(run state.Window, windows []route.Part) (int, bool) {
	at := slices.IndexFunc(windows, func(w route.Part) bool { return w.Window.Contains(run.Start) })
	if at >= 0 && r.length == day {
		return int(run.Start.Weekday()), true
	}
	return at, at >= 0
}

// companies are runs by company, of windows that are compared with the whole.
func (r *runs) companies(all, windows []route.Part) [][]route.Part {
	by := map[int][]route.Part{}
	for _, run := range all {
		if at, ok := r.companyOf(run.Window, windows); ok {
			by[at] = append(by[at], run)
		}
	}
	var companies [][]route.Part
	for _, at := range slices.Sorted(maps.Keys(by)) {
		if len(by[at]) > 1 {
			companies = append(companies, by[at])
		}
	}
	return companies
}

// ofRuns holds the runs of a reference's windows against their company; nil where windows are
// many, or have none.
func (w *Windows) ofRuns(contract *schema.Schema) (*state.Runs, error) {
	if w.failed || w.err != nil || w.runs == nil {
		return nil, w.err
	}
	windows, err := w.profiles()
	if err != nil || len(windows) < metric.LeastWindows || len(windows) >= metric.ManyWindows {
		return nil, err
	}
	all, err := route.Merged(w.runs.away)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(p route.Part) bool { return p.Profile.Rows < FewestRows })
	found := &state.Runs{Seconds: int64(w.runs.length / time.Second), Variation: map[string][]metric.Deviate{}}
	for _, company := range w.runs.companies(all, windows) {
		if err := w.compareRuns(found.Variation, contract, company); err != nil {
			return nil, err
		}
		found.Count, found.Companies = found.Count+len(company), found.Companies+1
	}
	if found.Count < metric.FewestWindows {
		return nil, nil
	}
	return found, w.runsOfLabels(found.Variation, contract)
}

// compareRuns adds what the tests say of each run of a company against all of it, segments
// aside.
func (w *Windows) compareRuns(to map[string][]metric.Deviate, contract *schema.Schema, company []route.Part) error {
	profiles := make([]*profile.Dataset, len(company))
	for i, run := range company {
		profiles[i] = run.Profile
	}
	whole, err := profile.Merge(profiles...)
	if err != nil {
		return err
	}
	for _, run := range company {
		outcome, err := w.evaluate(whole, contract, run, check.Tests)
		if err != nil {
			return err
		}
		outcome.Evidence = slices.DeleteFunc(outcome.Evidence, func(e check.Evidence) bool { return e.Labels.Segment != "" })
		rememberTests(to, &outcome, float64(run.Profile.Rows)/float64(whole.Rows))
	}
	return nil
}

// runsOfLabels adds what the tests of performance and of labels say of them.
func (w *Windows) runsOfLabels(to map[string][]metric.Deviate, contract *schema.Schema) error {
	c := w.runs.came
	if w.came == nil || c == nil {
		return nil
	}
	for _, company := range w.runs.companies(c.parts(nil), w.came.parts(w.cut())) {
		whole := c.together(company)
		for _, run := range company {
			if err := w.stop.now(); err != nil {
				return err
			}
			now := c.all[run.Window]
			tables := &check.Cases{}
			tables.Reference, _, tables.Current, _ = cases.Tables(&cases.Side{Sample: whole.cases, Label: cases.Own}, &cases.Side{Sample: now.cases, Label: cases.Own})
			said, err := performanceOf(contract, &check.Labelled{Reference: whole.summary, Current: now.summary, Cases: tables})
			if err != nil {
				return err
			}
			rememberTests(to, &said, float64(now.summary.Labelled)/float64(whole.summary.Labelled))
		}
	}
	return nil
}

// together is what came true in all windows of a company.
func (c *cameTrue) together(company []route.Part) *trueWindow {
	var all trueWindow
	all.summary, all.cases = c.empty()
	for _, one := range company {
		all.summary.Merge(c.all[one.Window].summary)
		all.cases.Merge(c.all[one.Window].cases)
	}
	return &all
}
