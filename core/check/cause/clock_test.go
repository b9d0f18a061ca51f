package cause_test

import (
	"strings"
	"testing"

	"leeway/core/check"
	"leeway/core/check/cause"
	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
)

// TestClockMoved: times that moved have their cause, with what hours of the day
// say for it where they are known and do.
func TestClockMoved(t *testing.T) {
	busy := &profile.Hours{8: 500, 9: 200, 17: 400, 18: 700}
	even, nearly := new(profile.Hours), new(profile.Hours)
	for h := range even {
		even[h], nearly[h] = 28, 7
	}
	nearly[3]--
	for _, c := range []struct {
		what     string
		ref, cur *profile.Hours
		evidence string
		explains float64
	}{
		{"hours agree", busy, &profile.Hours{5: 500, 6: 200, 14: 400, 15: 700}, "by hour of the day", 1},
		{"hours nearly agree", busy, &profile.Hours{5: 500, 6: 200, 14: 400, 15: 500, 16: 200}, "by hour of the day", 0.8},
		{"hours stayed", busy, busy, "the first and the last time", 1},
		{"all hours are alike", even, even, "the first and the last time", 1},
		{"all hours but one row are alike", even, nearly, "the first and the last time", 1},
		{"hours are unknown", busy, nil, "the first and the last time", 1},
	} {
		hours := -3.0
		findings := []report.Finding{{Check: "quality", Metric: "shifted_time", Labels: metric.Labels{Column: "at"}, Severity: report.SeverityInfo, Value: &hours}}
		side := func(h *profile.Hours) *profile.Dataset {
			return &profile.Dataset{Columns: []*profile.Column{{Name: "at", Kind: schema.Time, Rows: 1800, Hours: h}}}
		}
		cause.Explain(&check.Input{
			Schema:    &schema.Schema{Columns: []schema.Column{{Name: "at", Kind: schema.Time}}},
			Reference: side(c.ref), Current: side(c.cur),
		}, findings)
		told := findings[0].Cause
		if told == nil || told.Kind != "time_shift" || *told.Hours != -3 || !strings.Contains(told.Evidence, c.evidence) || told.Explains < c.explains || told.Explains > 1 {
			t.Errorf("%s: %+v", c.what, told)
		}
	}
}
