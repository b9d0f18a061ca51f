package report

import "testing"

// TestShown: an estimate that was off is concept drift, unless labels are not
// comparable; a concept that moved is, where it alarms.
func TestShown(t *testing.T) {
	off, chosen := Finding{Check: "confidence", Metric: "estimate_off", Severity: SeverityInfo}, Finding{Check: "performance", Metric: "not_comparable", Severity: SeverityUnknown}
	moved := func(s Severity) Finding { return Finding{Check: "performance", Metric: "concept_shift", Severity: s} }
	for i, one := range []struct {
		findings      []Finding
		drift, chosen bool
	}{
		{nil, false, false},
		{[]Finding{off}, true, false},
		{[]Finding{off, chosen}, false, true},
		{[]Finding{moved(SeverityInfo)}, false, false},
		{[]Finding{moved(SeverityWarn)}, true, false},
		{[]Finding{moved(SeverityAlert)}, true, false},
		{[]Finding{moved(SeverityAlert), off, chosen}, true, true},
		{[]Finding{{Check: "performance", Metric: "label_shift", Severity: SeverityAlert}}, false, false},
	} {
		if s := (&Report{Findings: one.findings}).Shown(); s.Drift() != one.drift || s.Chosen != one.chosen {
			t.Errorf("%d: %+v", i, s)
		}
	}
}
