package all_test

import (
	"testing"

	"leeway/core/check/all"
)

// TestEveryNameIsDefined: whoever meets a name in a report can ask for what it
// is, how it comes about, what to do, and where it is from.
func TestEveryNameIsDefined(t *testing.T) {
	known := map[string]bool{}
	for _, d := range append(all.Metrics(), all.Events()...) {
		for what, text := range map[string]string{"check": d.Check, "help": d.Help, "formula": d.Formula, "use": d.Use, "source": d.Cite} {
			if text == "" {
				t.Errorf("%s has no %s", d.Name, what)
			}
		}
		if known[d.Name] {
			t.Errorf("%s is declared twice", d.Name)
		}
		known[d.Name] = true
	}
	for _, d := range all.Metrics() {
		if d.Low >= d.High {
			t.Errorf("%s has no range", d.Name)
		}
	}
}
