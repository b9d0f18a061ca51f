package outcome_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"leeway/core/outcome"
	"leeway/core/schema"
)

// TestRespelt: which predictions and labels are in other words than the reference's, so that no
// label counts, and which are new classes, which do.
func TestRespelt(t *testing.T) {
	for name, one := range map[string]struct {
		task      schema.Task
		reference string
		current   string // labels; what was predicted after ":" where that is another
		labels    int64  // labels in the other words
		told      bool
		foreign   int64 // labels that are then foreign or fresh
	}{
		"as before":                       {schema.Binary, "1 0", "1 0:1 yes", 0, false, 0},
		"predictions alone":               {schema.Binary, "1 0", "1:a 0:b", 0, true, 0},
		"labels too":                      {schema.Binary, "1 0", "a b b:a", 3, true, 3},
		"some labels too":                 {schema.Binary, "1 0", "a b 1:a 0:b", 2, true, 2},
		"a third word on both sides":      {schema.Binary, "1 0", "2 2 0", 2, true, 2},
		"labels in words of their own":    {schema.Binary, "1 0", "p:a q:b", 0, false, 2},
		"a new class, another gone":       {schema.Multiclass, "cat dog bird", "cat fish fish dog", 2, false, 0},
		"nothing is left of the classes":  {schema.Multiclass, "cat dog bird", "a b c", 3, true, 3},
		"a new class that labels say not": {schema.Multiclass, "cat dog bird", "cat dog:fish dog:fish", 0, true, 0},
	} {
		shape, reference := labelled(one.task, "1", one.reference)
		var came, predicted []int64
		var all []float64
		for _, label := range strings.Fields(one.current) {
			actual, said, other := strings.Cut(label, ":")
			if !other {
				said = actual
			}
			all = append(all, float64(shape.Classes.Code(actual)))
			came = outcome.Counted(came, all[len(all)-1])
			predicted = outcome.Counted(predicted, float64(shape.Classes.Code(said)))
		}
		a := outcome.Admit(shape, reference, predicted)
		odd := a.Judge(came, reference)
		if told := odd.Respelt != nil; told != one.told || told && (odd.Respelt.Labels != one.labels || odd.Count[outcome.Foreign]+odd.Count[outcome.Fresh] != one.foreign) {
			t.Errorf("%s: %+v, told %+v", name, odd, odd.Respelt)
		}
		taken := slices.ContainsFunc(all, func(class float64) bool { return !math.IsNaN(a.Label(class)) })
		if want := name == "as before" || name == "a new class, another gone"; taken != want {
			t.Errorf("%s: labels are taken: %v", name, taken)
		}
	}
}
