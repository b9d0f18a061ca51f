package outcome_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/outcome"
	"leeway/core/schema"
)

// labelled makes a shape and the summary of a reference with these labels, each
// predicted rightly; a label after ":" is what was predicted instead.
func labelled(task schema.Task, positive, labels string) (*outcome.Shape, *outcome.Summary) {
	shape := outcome.NewShape(&schema.Schema{Task: task, Positive: positive, Columns: []schema.Column{{Name: "p", Role: schema.Prediction, Kind: schema.Categorical}}}, 100)
	s := outcome.New(shape)
	for _, label := range strings.Fields(labels) {
		actual, predicted, is := strings.Cut(label, ":")
		if !is {
			predicted = actual
		}
		s.Add(&outcome.Row{Actual: float64(shape.Classes.Code(actual)), Predicted: float64(shape.Classes.Code(predicted)), Weight: math.NaN()})
	}
	return shape, s
}

// TestAdmission: which labels count, by what the reference has.
func TestAdmission(t *testing.T) {
	for name, one := range map[string]struct {
		task                schema.Task
		positive, reference string
		labels, want        string // each label, and what it is: known, fresh, blank, foreign; "none" at the end: none is taken
	}{
		"as before":              {schema.Binary, "yes", "yes no", "yes no 1 0", "kkkk"},
		"another pair":           {schema.Binary, "churned", "churned stayed", "1 0 1 0", "ffff none"},
		"another case":           {schema.Binary, "churned", "churned stayed", "Churned Stayed", "ff none"},
		"half of them":           {schema.Binary, "churned", "churned stayed", "churned stayed 1 0", "kkff none"},
		"one stray":              {schema.Binary, "churned", "churned stayed", "churned stayed 0.87", "kkf"},
		"missing":                {schema.Binary, "churned", "churned stayed", "churned n/a NULL", "kbb"},
		"only missing":           {schema.Binary, "churned", "churned stayed", "n/a NaN", "bb"},
		"one class before":       {schema.Binary, "1", "0 0", "1 0 2", "kkf"},
		"one class, wrong pair":  {schema.Binary, "churned", "churned", "1 1 0", "fff none"},
		"nothing before":         {schema.Binary, "churned", "", "churned stayed stayed n/a 7", "kkkbf"},
		"a new class":            {schema.Multiclass, "", "cat dog bird", "cat dog fish", "kkn"},
		"another form":           {schema.Multiclass, "", "cat dog bird", "0 1 2", "fff none"},
		"other words":            {schema.Multiclass, "", "cat dog bird", "un deux", "nn none"},
		"a number among words":   {schema.Multiclass, "", "cat dog bird", "cat dog 0.87", "kkf"},
		"a word among numbers":   {schema.Multiclass, "", "1 2 3", "1 cat", "kf"},
		"a fraction":             {schema.Multiclass, "", "1 2 3", "1 4 2.5", "knf"},
		"a class called none":    {schema.Multiclass, "", "none some all", "none n/a", "kb"},
		"a class only predicted": {schema.Multiclass, "", "cat dog:bird", "bird cat", "kk"},
		"several called missing": {schema.Multiclass, "", "cat dog n/a", "n/a cat", "kk"},
	} {
		shape, reference := labelled(one.task, one.positive, one.reference)
		a := outcome.Admit(shape, reference, nil)
		var codes []int32
		var came []int64
		for _, label := range strings.Fields(one.labels) {
			codes = append(codes, shape.Classes.Code(label))
			came = outcome.Counted(came, float64(codes[len(codes)-1]))
		}
		odd := a.Judge(came, reference)
		got := ""
		for _, code := range codes {
			got += string("knbf"[a.Standing(code)])
			taken := !math.IsNaN(a.Label(float64(code)))
			if want := !odd.Refused && (a.Standing(code) == outcome.Known || a.Standing(code) == outcome.Fresh); taken != want {
				t.Errorf("%s: label %q is taken: %v", name, shape.Classes.Name(code), taken)
			}
		}
		if odd.Refused {
			got += " none"
		}
		if got != one.want {
			t.Errorf("%s: %q of labels %q, want %q", name, got, one.labels, one.want)
		}
	}
}

// TestFewForeign: a few foreign labels are left out alone, more take all with them.
func TestFewForeign(t *testing.T) {
	for foreign, refused := range map[int]bool{0: false, 1: false, 5: false, 6: true} {
		shape, reference := labelled(schema.Binary, "a", "a b")
		came := []int64{int64(50 - foreign), 50}
		for range foreign {
			came = outcome.Counted(came, float64(shape.Classes.Code("odd")))
		}
		if odd := outcome.Admit(shape, reference, nil).Judge(came, reference); odd.Refused != refused || odd.Labels != 100 {
			t.Errorf("%d of 100 are foreign: %+v", foreign, odd)
		}
	}
}

// TestSecondClass: of a binary task whose reference knows one class the most frequent
// other label is the second, in whatever order labels came.
func TestSecondClass(t *testing.T) {
	var all []string
	for _, order := range []string{"0.87 stayed stayed churned", "churned stayed 0.87 stayed"} {
		shape := outcome.NewShape(&schema.Schema{Task: schema.Binary, Positive: "churned", Columns: []schema.Column{{Name: "s", Role: schema.Score, Kind: schema.Numeric}}}, 100)
		var came []int64
		for _, label := range strings.Fields(order) {
			came = outcome.Counted(came, float64(shape.Classes.Code(label)))
		}
		outcome.Admit(shape, nil, nil).Judge(came, nil)
		low, _ := shape.Predicted(&outcome.Row{Predicted: math.NaN(), Scores: []float64{0.2}})
		all = append(all, fmt.Sprint(shape.Classes.Name(low)))
	}
	if diff := cmp.Diff([]string{"stayed", "stayed"}, all); diff != "" {
		t.Error(diff)
	}
}
