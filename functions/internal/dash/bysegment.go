package dash

import (
	"html/template"
	"math"

	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/report/chart"
	"leeway/core/report/plain"
	"leeway/core/state"
)

// bySegment is the main metric in each segment.
type bySegment struct {
	Name  string // of the metric
	Chart template.HTML
	Few   []string // segments of which it is not known
	More  int64    // segments that are not drawn
}

// segmented draws the main metric of each segment, and of all rows first; nil
// where a report has none.
func segmented(r *report.Report) *bySegment {
	for _, name := range state.Main {
		if by := segmentedBy(r, name); by != nil {
			return by
		}
	}
	return nil
}

func segmentedBy(r *report.Report, name string) *bySegment {
	by := &bySegment{Name: metricName(name) + r.Costs.Unit(name)}
	w := &chart.Whiskers{Title: by.Name + " by segment", Low: math.Inf(1), High: math.Inf(-1), Limit: math.NaN()}
	segments := 0
	for i := range r.Samples {
		s := &r.Samples[i]
		if s.Check != "performance" || s.Metric != name || s.Labels != (metric.Labels{Segment: s.Labels.Segment}) {
			continue
		}
		if s.Labels.Segment != "" {
			segments++
		}
		switch {
		case s.Reason != "":
			by.Few = append(by.Few, plain.Name(s.Labels.Segment, 60))
		case len(w.Rows) == mostSegments:
			by.More++
		default:
			row := segmentWhisker(s)
			for _, x := range []float64{row.Value, row.Low, row.High} {
				if !math.IsNaN(x) {
					w.Low, w.High = min(w.Low, x), max(w.High, x)
				}
			}
			w.Rows = append(w.Rows, row)
		}
	}
	if segments == 0 || len(w.Rows) == 0 {
		return nil
	}
	if w.Low == w.High {
		w.Low, w.High = w.Low-1, w.High+1
	}
	margin := 0.04 * (w.High - w.Low)
	w.Low, w.High = w.Low-margin, w.High+margin
	by.Chart = chart.DrawWhiskers(w)
	return by
}

// mostSegments is how many segments are drawn.
const mostSegments = 30

func segmentWhisker(s *metric.Sample) chart.Whisker {
	row := chart.Whisker{Name: s.Labels.Segment, Note: plain.Plural(s.NCurrent, "row", "rows"), Value: s.Value, Low: math.NaN(), High: math.NaN(), Text: plain.Number(short(s.Value))}
	if row.Name == "" {
		row.Name = "all rows"
	}
	if s.Interval != nil {
		row.Low, row.High = s.Interval[0], s.Interval[1]
		row.Text += " (" + plain.Number(short(row.Low)) + " to " + plain.Number(short(row.High)) + ")"
	}
	return row
}
