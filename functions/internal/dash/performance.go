package dash

import (
	"context"
	"html/template"
	"net/http"
	"slices"

	"leeway/core/fault"
	"leeway/core/report"
	"leeway/core/report/plain"
	"leeway/core/state"
)

// performancePage is how good a model is: over time, and by the newest labels.
type performancePage struct {
	Name     string
	Filter   filter
	Shown    int // windows within the filter
	Main     *goodness
	Coverage template.HTML
	Labels   string // what the label files hold
	Others   []goodness
	Record   string // how good estimates were
	Last     *lastLabels
	Past     past
}

// lastLabels is what came true in the newest window with labels.
type lastLabels struct {
	Window   string
	Report   string
	Verdict  report.Verdict
	Coverage string
	Moved    string // which of data, labels and concept
	Rows     [][4]string
	Pictures []report.Picture
	Slices   []worstSlice
	Segments *bySegment // nil: there are none
}

// worstSlice is a part of the rows in which the model became worse.
type worstSlice struct {
	Cells    [5]string // where, rows, wrong there, elsewhere, there in the reference
	Severity report.Severity
}

func (d *Dash) performance(r *http.Request) (*view, error) {
	s, err := d.existing(r)
	if err != nil {
		return nil, err
	}
	if !s.pages().Performance {
		return nil, fault.New(fault.NotFound, "nothing is known of how good "+s.name+" is", "put what came true into labels/"+s.name+"/")
	}
	f := filterOf(r)
	history := f.windows(s.history)
	newest, err := d.newestReport(r.Context(), s)
	if err != nil {
		return nil, err
	}
	last, err := d.labelledReport(r.Context(), s, labelled(history), newest)
	if err != nil {
		return nil, err
	}
	return &view{
		template: "performance", tag: "performance" + s.tag(),
		frame:   s.frame("Performance", "performance"),
		content: func() any { return s.performance(f, history, newest, last) },
	}, nil
}

// labelledReport is the report of a window with labels, nil where there is none.
func (d *Dash) labelledReport(ctx context.Context, s *subject, one *state.Summary, newest *report.Report) (*report.Report, error) {
	if one == nil {
		return nil, nil
	}
	if newest != nil && newest.ID == one.Report {
		return newest, nil
	}
	r, err := d.DB.Report(ctx, s.name, one.Report)
	if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.Invalid {
		return nil, nil // replaced a moment ago, or damaged: the next look finds another
	}
	return r, err
}

func (s *subject) performance(f filter, history []state.Summary, newest, last *report.Report) *performancePage {
	page := &performancePage{Name: s.name, Filter: f, Shown: len(history), Past: past{Name: s.name, OneColumn: true}}
	if all := s.goodnesses(history, costsOf(newest, last)); len(all) > 0 {
		page.Main, page.Others = &all[0], all[1:]
	}
	page.Coverage = s.coverage(history)
	page.Labels = delivered(s.labels)
	if newest != nil {
		page.Record = newest.Recorded()
	}
	if last != nil && last.Performance != nil {
		page.Last = lastOf(labelled(history), last)
		if text := last.Recorded(); text != "" {
			page.Record = text
		}
	}
	for _, run := range episodes(history, s.judged, func(one *state.FindingSummary) bool { return slices.Contains(goodChecks, one.Check) }) {
		page.Past.add(run)
	}
	return page
}

// delivered says what the label files hold, over all windows; "" for nothing.
func delivered(c *state.LabelCounts) string {
	if c == nil || c.IDs == 0 {
		return ""
	}
	text := "Label files name " + plain.Plural(c.IDs, "id", "ids")
	for _, part := range []struct {
		n    int64
		what string
	}{
		{c.Unmatched, " that no row has so far"},
		{c.Late, " too late for their rows"},
		{c.Corrected, " corrected by a later label"},
		{c.Conflicting, " with labels that contradict each other"},
	} {
		if part.n > 0 {
			text += ", " + plain.Count(part.n) + part.what
		}
	}
	if c.Duplicate > 0 {
		text += "; " + plain.Plural(c.Duplicate, "row repeats another", "rows repeat others")
	}
	return text + "."
}

// costsOf is how amounts are written, by the newest report that says so.
func costsOf(newest, last *report.Report) *report.Costs {
	for _, r := range []*report.Report{newest, last} {
		if r != nil && r.Costs != nil {
			return r.Costs
		}
	}
	return nil
}

// goodChecks are the checks whose findings say how good a model is.
var goodChecks = []string{"performance", "confidence"}

func lastOf(one *state.Summary, r *report.Report) *lastLabels {
	last := &lastLabels{
		Window: windowText(one.Window), Report: r.ID, Verdict: one.Checks["performance"].Verdict,
		Coverage: r.Performance.Coverage(), Pictures: r.Performance.Pictures(), Segments: segmented(r),
	}
	if r.Performance.Moved != nil {
		last.Moved = r.Performance.Moved.Message
	}
	if r.Slices != nil {
		for i := range r.Slices.Found {
			one := worstSlice{Severity: r.Slices.Found[i].Severity}
			one.Cells[0], one.Cells[1], one.Cells[2], one.Cells[3], one.Cells[4] = r.Slices.Found[i].Cells()
			last.Slices = append(last.Slices, one)
		}
	}
	for i := range r.Performance.Metrics {
		m := &r.Performance.Metrics[i]
		reference, current, interval := m.Cells()
		last.Rows = append(last.Rows, [4]string{plain.Name(m.Metric, 40) + r.Costs.Unit(m.Metric), reference, current, interval})
	}
	return last
}
