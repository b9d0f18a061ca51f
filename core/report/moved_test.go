package report

import "testing"

// TestSettle: where no column drifted after all, what else moved is left.
func TestSettle(t *testing.T) {
	for verdict, left := range map[string]string{
		"data": "none", "data+concept": "concept", "data+prediction": "prediction", "data+prediction+concept": "prediction+concept",
		"prediction_or_data": "prediction_or_data", "label": "label",
	} {
		m := &Moved{Verdict: verdict}
		before := (&Performance{Moved: m}).Restated()
		if m.Settle("so"); m.Verdict != left || m.Message != "so" {
			t.Errorf("%s is %s, want %s", verdict, m.Verdict, left)
		}
		if (&Performance{Moved: m}).Restated() != before {
			t.Errorf("%s: whether the model is another one hangs on the drift", verdict)
		}
	}
}
