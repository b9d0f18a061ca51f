package report

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestEveryFieldIsExplained: the JSON Schema says what each field means, and
// Explain finds it.
func TestEveryFieldIsExplained(t *testing.T) {
	all := maps.Clone(document().Defs)
	all["the report"] = document()
	for name, def := range all {
		in := strings.ReplaceAll(name, "_", " of ")
		for field := range def.Properties {
			if name == "labels" && field != "column" {
				continue // whose names are those of columns of data
			}
			if !slices.ContainsFunc(Explain(field), func(p Place) bool { return p.In == in }) {
				t.Errorf("nothing says what %s means in %s", field, in)
			}
		}
	}
	for i := range reflect.TypeFor[Finding]().NumField() {
		name, _, _ := strings.Cut(reflect.TypeFor[Finding]().Field(i).Tag.Get("json"), ",")
		if name != "" && name != "-" && !slices.Contains(Fields(), name) {
			t.Errorf("nothing says what %s means in a finding", name)
		}
	}
	if Explain("nonsense") != nil {
		t.Error("there is no such field")
	}
	want := []Place{
		{"finding", "Reference values that entered."}, {"moved of performance", "Labelled rows that were looked at."}, {"sample", "Reference values that entered."},
		{"segment", "Rows of the reference in it."}, {"found of slices", "The slice's rows in the reference."},
	}
	if got := Explain("n_reference"); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}
