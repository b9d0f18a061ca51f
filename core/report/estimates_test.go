package report

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"leeway/core/metric"
	"leeway/core/report/plain"
)

// foretelling is a report with estimates, and labels if they have come.
func foretelling(labels bool) *Report {
	r := fixture()
	add := func(check, name string, value, low, high float64) {
		r.Samples = append(r.Samples, metric.Sample{Check: check, Metric: name, Value: value, P: math.NaN(), Exact: true, NCurrent: 2544, Interval: &[2]float64{low, high}})
	}
	add("confidence", "estimated_accuracy", 0.7351, 0.7272, 0.7424)
	add("confidence", "estimated_roc_auc", 0.78640220, 0.7439, 0.82352)
	r.Samples = append(r.Samples, metric.Sample{Check: "confidence", Metric: "estimated_f1", Value: math.NaN(), P: math.NaN(), Reason: "no row has a score"},
		metric.Sample{Check: "confidence", Metric: "mean_confidence", Value: 0.8, P: math.NaN()})
	if labels {
		add("performance", "accuracy", 0.6512, 0.63, 0.67)
		add("performance", "roc_auc", 0.8, 0.76, 0.84)
		r.Samples = append(r.Samples, metric.Sample{Check: "performance", Metric: "roc_auc", Labels: metric.Labels{Class: "a"}, Value: 0.1, P: math.NaN()})
	}
	return r
}

// TestEstimates: each rendering shows the estimates, and beside them what came
// true and by how much they were off.
func TestEstimates(t *testing.T) {
	renderings := map[string]func(*Report) string{
		"text": func(r *Report) string { return text(t, r, &TextOptions{Width: 120}) },
		"markdown": func(r *Report) string {
			var b bytes.Buffer
			if err := Markdown(&b, r); err != nil {
				t.Fatal(err)
			}
			return b.String()
		},
		"html": func(r *Report) string {
			var b bytes.Buffer
			if err := HTML(&b, r); err != nil {
				t.Fatal(err)
			}
			page, _, _ := strings.Cut(b.String(), `<script type="application/json"`)
			return page
		},
	}
	came := []string{"0.651 (0.63 to 0.67)", "0.0839 too high, more than foretold", "0.0136 too low", "2,544 labelled rows"}
	for name, render := range renderings {
		before, after, without := render(foretelling(false)), render(foretelling(true)), render(fixture())
		for _, want := range []string{"Estimated performance", "accuracy", "0.735 (0.727 to 0.742)", "0.786 (0.744 to 0.824)"} {
			if !strings.Contains(before, want) || !strings.Contains(after, want) {
				t.Errorf("%s lacks %q", name, want)
			}
		}
		for _, want := range came {
			if strings.Contains(before, want) || !strings.Contains(after, want) {
				t.Errorf("%s: %q has to be there with labels, and only then", name, want)
			}
		}
		if strings.Contains(without, "Estimated performance") {
			t.Errorf("%s shows a table of no estimates", name)
		}
	}
}

func TestEstimatesFit(t *testing.T) {
	for _, width := range []int{40, 60, 80} {
		for _, line := range strings.Split(text(t, foretelling(true), &TextOptions{Width: width}), "\n") {
			if plain.Width(line) > width {
				t.Errorf("width %d: %d cells: %q", width, plain.Width(line), line)
			}
		}
	}
}
