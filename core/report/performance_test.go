package report

import (
	"math"
	"strings"
	"testing"

	"leeway/core/metric"
	"leeway/core/report/plain"
)

func measured() *Performance {
	level := func(x, low, high float64) *Level {
		return &Level{Value: &x, Interval: &[2]float64{low, high}, Rows: 900}
	}
	return &Performance{
		Task: "binary", Rows: 1000, Labelled: 900,
		Labels: &Labels{Labels: 950, Unmatched: 12, Duplicate: 3, Conflicting: 2},
		Metrics: []Measure{
			{Metric: "accuracy", Reference: level(0.83, 0.82, 0.84), Current: level(0.727, 0.709, 0.744)},
			{Metric: "log_loss", Current: level(0.4456, 0.4273, 0.4638)},
			{Metric: "mcc", Current: &Level{Rows: 900, Reason: "all rows are predicted to be of one class"}},
		},
	}
}

// TestPerformance: metrics of both sides, intervals and the state of the labels
// stand in every form of the report, and in none without labels.
func TestPerformance(t *testing.T) {
	bare, r := fixture(), fixture()
	r.Performance = measured()
	r.Samples = append(r.Samples, metric.Sample{Check: "performance", Metric: "accuracy", Labels: metric.Labels{Segment: "channel=web"}, Value: 0.612, P: math.NaN(), NCurrent: 2710, Interval: &[2]float64{0.59, 0.634}})
	validate(t, r)
	for form, write := range map[string]func(*testing.T, *Report) string{
		"text":     func(t *testing.T, r *Report) string { return text(t, r, &TextOptions{Width: 100}) },
		"markdown": markdown, "html": render,
	} {
		got := strings.Join(strings.Fields(write(t, r)), " ") // wherever lines are broken
		for _, want := range []string{"900 of 1,000 rows have a label (90%); 950 labels came: 12 unmatched, 3 repeated, 2 contradictory", "accuracy", "0.83", "0.727", "0.709 to 0.744", "0.4456", "0.4273 to 0.4638", "all rows are predicted to be of one class", "–", "0.612 (0.59 to 0.634)"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s lacks %q", form, want)
			}
		}
		if strings.Contains(write(t, bare), "have a label") {
			t.Errorf("%s of a report without labels speaks of them", form)
		}
	}
	for _, width := range []int{40, 60, 80, 120} {
		for line := range strings.SplitSeq(text(t, r, &TextOptions{Width: width}), "\n") {
			if plain.Width(line) > width {
				t.Errorf("width %d: %q", width, line)
			}
		}
	}
}
