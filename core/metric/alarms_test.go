package metric_test

import (
	"slices"
	"testing"

	"leeway/core/metric"
)

// TestAlarmsAndPanelsAreOfStandingSeries: a rule over a series or a label that is
// not there would never fire, and a panel would stay empty.
func TestAlarmsAndPanelsAreOfStandingSeries(t *testing.T) {
	for _, a := range metric.Alarms {
		s, known := metric.StandingByName(a.Series)
		if !known || s.Kind != "gauge" {
			t.Errorf("alarm %s is over %q, which is no gauge that is always there", a.Name, a.Series)
		}
		for label := range a.Labels {
			if !slices.Contains(s.Labels, label) {
				t.Errorf("alarm %s: %s has no label %s", a.Name, a.Series, label)
			}
		}
		if len(a.Labels) != len(s.Labels) {
			t.Errorf("alarm %s: %s has the labels %q, all must be given", a.Name, a.Series, s.Labels)
		}
		if (a.Setting != "") != (a.Limit == 0) {
			t.Errorf("alarm %s: the limit is a number or a setting, one of them", a.Name)
		}
	}
	for _, a := range metric.Alarms {
		if a.Needed < 1 || a.Needed > a.Periods || a.Period*a.Periods > 24*3600 {
			t.Errorf("alarm %s: %d of %d periods of %d s", a.Name, a.Needed, a.Periods, a.Period)
		}
	}
	for _, p := range metric.Panels {
		if (p.Series == "") == (p.Check == "") {
			t.Errorf("panel %q is of a series or of a check, one of them", p.Title)
		}
		if p.Series == "" {
			continue
		}
		if s, known := metric.StandingByName(p.Series); !known || len(p.Values) > 0 && len(s.Labels) == 0 || len(s.Labels) > 1 {
			t.Errorf("panel %q: %s, values %q", p.Title, p.Series, p.Values)
		}
	}
}
