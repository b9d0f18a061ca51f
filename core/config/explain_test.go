package config

import (
	"strings"
	"testing"
)

func TestExplain(t *testing.T) {
	for name, want := range map[string]string{
		"policy.false_alarms":   "key       policy.false_alarms\nvalue     a number above 0 to 0.5\ndefault   0.01",
		"false_alarms":          "key       policy.false_alarms",
		"columns.lead_time":     "", // a column of somebody's data
		"columns.lead_time.min": "key       columns.NAME.min",
		"columns.min":           "key       columns.NAME.min",
		"window":                "key       window\n",
		"policy":                "What deserves an alert.",
		"kind":                  "", // of a column, or of a baseline
		"policy.nonsense":       "",
		"policy.material.psi":   "key       policy.material\n",
		"labels.map.yes":        "key       labels.map\n",
		"sinks.0.kind":          "key       sinks[].kind\n",
		"drift.psi.age":         "",
		"":                      "",
		".":                     "",
	} {
		got := Explain(name)
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%q: %q", name, got)
		}
	}
}

// TestEveryKeyIsExplained by the way that leads to it.
func TestEveryKeyIsExplained(t *testing.T) {
	seen := 0
	each(root, "", func(f *field, path string) {
		seen++
		if got := Explain(strings.NewReplacer(".NAME", "", "[]", "").Replace(path)); f.help == "" || !strings.HasPrefix(got, unmarked(f.help)) || strings.ContainsAny(got, "`#") || !strings.Contains(got, "key       "+path+"\n") {
			t.Errorf("%s: %q", path, got)
		}
	})
	if seen < 30 || len(Keys()) > seen {
		t.Errorf("%d keys, %d names", seen, len(Keys()))
	}
}
