package monitor

import (
	"testing"

	"leeway/core/metric"
	"leeway/core/state"
	"leeway/core/vary"
)

// TestVersionOf: a baseline's name is of its profile, its variation and its
// seasons, whichever of these there are, and of what these go by; one of a profile alone keeps the name
// that it has always had.
func TestVersionOf(t *testing.T) {
	variation := map[string][]metric.Deviate{"drift.js_distance.amount": {{Z: 1, N: 2}}}
	seasons := []state.Season{{Name: "day-of-week", Slots: []state.Slot{{Name: "monday", Rows: 7}}}}
	far := map[string][]metric.Deviate{"drift.js_distance.amount": {{Z: 37.05, N: 2}}}
	slots := []vary.Slot{{Season: "day-of-week", Name: "monday", Data: []byte("mondays")}}
	others := []vary.Slot{{Season: "day-of-week", Name: "monday", Data: []byte("other mondays")}}
	seen := map[string]string{}
	for name, c := range map[string]struct {
		b     state.Baseline
		slots []vary.Slot
	}{
		"profile alone":         {state.Baseline{Every: "day"}, nil},
		"variation":             {state.Baseline{Every: "day", Variation: variation}, nil},
		"far":                   {state.Baseline{Every: "day", Variation: far}, nil},
		"far, by size":          {state.Baseline{Every: "day", Variation: far, Sizes: true}, nil},
		"by the hour":           {state.Baseline{Every: "hour", Variation: variation}, nil},
		"seasons":               {state.Baseline{Every: "day", Seasons: seasons}, slots},
		"other profiles":        {state.Baseline{Every: "day", Seasons: seasons}, others},
		"seasons and variation": {state.Baseline{Every: "day", Variation: variation, Seasons: seasons}, slots},
		"both, other profiles":  {state.Baseline{Every: "day", Variation: variation, Seasons: seasons}, others},
	} {
		version, err := versionOf([]byte("profile"), &c.b, c.slots)
		if err != nil || len(version) != 12 {
			t.Errorf("%s: %q, %v", name, version, err)
		}
		if other, known := seen[version]; known {
			t.Errorf("%s and %s are both %s", name, other, version)
		}
		seen[version] = name
		if got := (&baseline{Baseline: c.b}).clipped(); got != (name == "far") {
			t.Errorf("%s: clipped %v", name, got)
		}
	}
	if bare, err := versionOf([]byte("abc"), &state.Baseline{Every: "day"}, nil); err != nil || bare != "ba7816bf8f01" { // FIPS 180's example
		t.Errorf("%q, %v", bare, err)
	}
}
