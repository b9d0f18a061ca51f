package outcome_test

import (
	"math"
	"strings"
	"testing"

	"leeway/core/outcome"
	"leeway/core/schema"
)

// times repeats words.
func times(n int, words string) string { return strings.Repeat(words+" ", n) }

// TestApart: labels that are other words than predictions, and a model that is merely
// wrong.
func TestApart(t *testing.T) {
	for name, one := range map[string]struct {
		task   schema.Task
		labels string // as in labelled
		want   bool
	}{
		"other words":           {schema.Binary, times(5, "1:churned 0:stayed"), true},
		"too few to tell":       {schema.Binary, times(4, "1:churned 0:stayed"), false},
		"one hit":               {schema.Binary, times(5, "1:churned 0:stayed") + "1", false},
		"always wrong":          {schema.Binary, times(20, "1:0 0:1"), false},
		"one class each":        {schema.Binary, times(20, "1:0"), false},
		"words of truth":        {schema.Binary, times(5, "1:yes 0:no"), false},
		"right, and a new word": {schema.Multiclass, times(5, "cat cat:dog bird:cat"), false},
		"several":               {schema.Multiclass, times(5, "0:cat 1:dog 2:bird"), true},
		"never right, of three": {schema.Multiclass, times(5, "cat:dog dog:bird bird:cat"), false},
	} {
		_, s := labelled(one.task, "churned", one.labels)
		if s.Apart() != one.want {
			t.Errorf("%s: %v", name, s.Apart())
		}
	}
}

// TestDisown: nothing is held against labels of a reference in other words, but what it
// predicted; labels in these words count.
func TestDisown(t *testing.T) {
	shape, s := labelled(schema.Binary, "churned", times(5, "1:churned 0:stayed"))
	bare := s.Disown()
	if bare.Labelled != 0 || bare.Rows != s.Rows || len(bare.Confusion) != 0 {
		t.Errorf("%+v", bare)
	}
	merged := outcome.New(shape)
	merged.Merge(bare)
	for _, test := range []struct {
		labels  string
		refused bool
	}{{"1 0 0 1", true}, {"churned stayed stayed", false}, {"", false}} {
		a := outcome.Admit(shape, merged, nil)
		var came []int64
		for _, label := range strings.Fields(test.labels) {
			came = outcome.Counted(came, float64(shape.Classes.Code(label)))
		}
		odd := a.Judge(came, merged)
		if odd.Refused != test.refused || strings.Join(odd.Strange, " ") != "0 1" || strings.Join(odd.Known, " ") != "churned stayed" {
			t.Errorf("%q: %+v", test.labels, odd)
		}
	}
	if x := outcome.Nothing(shape).Label(0); !math.IsNaN(x) {
		t.Errorf("a label counts: %v", x)
	}
}

// TestClassWords: other words are the class that they mean, by whatever spelling, and
// are called so.
func TestClassWords(t *testing.T) {
	c := outcome.NewClasses(schema.Binary, map[string]string{"1": "churned", "0": "stayed"})
	for _, order := range [][]string{{"churned", "1", "1.0", "yes", " TRUE"}, {"0", "stayed", "no"}} {
		for _, text := range order {
			if code := c.Code(text); c.Name(code) != map[bool]string{true: "churned", false: "stayed"}[order[0] == "churned"] {
				t.Errorf("%q is %q", text, c.Name(code))
			}
		}
	}
	if code, known := c.Find("1e0"); !known || c.Name(code) != "churned" || c.Len() != 2 {
		t.Errorf("1e0 is %d of %d", code, c.Len())
	}
	for positive, want := range map[string]string{"yes": "no", "Y": "n", "true": "false", "1": "0", "good": "not good"} {
		shape := outcome.NewShape(&schema.Schema{Task: schema.Binary, Positive: positive, Columns: []schema.Column{{Name: "score", Kind: schema.Numeric, Role: schema.Score}}}, outcome.Exact)
		code, ok := shape.Predicted(&outcome.Row{Predicted: math.NaN(), Scores: []float64{0.2}})
		if name := shape.Classes.Name(code); !ok || name != want {
			t.Errorf("what is not %s is %q, not %q", positive, name, want)
		}
	}
	for range 20 { // the same name each time, though two spellings of a word have two of a class
		if c := outcome.NewClasses(schema.Binary, map[string]string{"Yes": "1", "yes": "true"}); c.Name(c.Code("y")) != "true" {
			t.Fatalf("y is %q", c.Name(c.Code("y")))
		}
	}
	if c := outcome.NewClasses(schema.Multiclass, map[string]string{"katze": "cat"}); c.Code("katze") != c.Code("cat") || c.Code("yes") == c.Code("1") {
		t.Error("several classes")
	}
}
