package state_test

import (
	"slices"
	"testing"
	"time"

	"leeway/core/report"
	"leeway/core/state"
)

func TestNewest(t *testing.T) {
	at := func(hour int) time.Time { return time.Date(2026, 1, 1, hour, 0, 0, 0, time.UTC) }
	for name, test := range map[string]struct {
		batches []state.Batch
		arrived time.Time
		invalid bool
	}{
		"none":                           {},
		"the newest cannot be read":      {[]state.Batch{{Arrived: at(1)}, {Arrived: at(2), Verdict: report.Invalid}}, at(2), true},
		"an older one cannot be read":    {[]state.Batch{{Arrived: at(1), Verdict: report.Invalid}, {Arrived: at(2)}}, at(2), false},
		"one of two of the same instant": {[]state.Batch{{Arrived: at(2)}, {Arrived: at(2), Verdict: report.Invalid}}, at(2), false},
	} {
		for range 2 {
			arrived, _, invalid := state.Newest(test.batches)
			if !arrived.Equal(test.arrived) || invalid != test.invalid {
				t.Errorf("%s: %v, invalid %v", name, arrived, invalid)
			}
			slices.Reverse(test.batches) // the order says nothing
		}
	}
}
