package monitor

import (
	"testing"

	"leeway/core/config"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/state"
)

// TestHowLabels: what ends a key does not begin the name of a column.
func TestHowLabels(t *testing.T) {
	of := func(key, version string) string {
		c := &config.Config{}
		c.Labels.Version = version
		return (&model{Monitor: &Monitor{IDKey: []byte(key)}, name: "m", config: c, contract: &schema.Schema{Task: schema.Binary}}).howLabels()
	}
	seen := map[string]bool{of("", ""): true, of("ab", "c"): true, of("a", "bc"): true, of("abc", ""): true, of("", "abc"): true}
	if len(seen) != 5 {
		t.Errorf("%d of 5 ways to read labels differ", len(seen))
	}
}

// TestPastOfLabelled: whether labels came is told of a report as of its summary,
// whether it has estimates or not.
func TestPastOfLabelled(t *testing.T) {
	r := &report.Report{Performance: &report.Performance{Labelled: 3}}
	if !state.Performed(r).IsLabelled() || state.Performed(&report.Report{}).IsLabelled() {
		t.Error("a report's labels are not those of its performance")
	}
}
