package performance

import (
	"strings"
	"testing"

	"leeway/core/check"
	"leeway/core/outcome"
	"leeway/core/schema"
)

// TestUnlabelledReference: labels of now alone do not tell whether the model became worse. That is said
// of the check, with why, and is no reason to doubt all the rest.
func TestUnlabelledReference(t *testing.T) {
	d := drawn{Task: schema.Binary, N: 200, Classes: 2, Seed: 3}
	sum := func(labelled int) *outcome.Summary {
		s := outcome.New(d.shape())
		for i, row := range d.rows() {
			if i < labelled {
				s.Add(&row)
			} else {
				s.Unlabelled(1)
			}
		}
		return s
	}
	for _, one := range []struct {
		what    string
		l       check.Labelled
		message string // "": nothing is said
	}{
		{"none", check.Labelled{Reference: sum(0), Current: sum(200)}, "not known: the reference has no labels."},
		{"no summary", check.Labelled{Current: sum(200)}, "not known: the reference has no labels."},
		{"few", check.Labelled{Reference: sum(9), Current: sum(200)}, "not known: of the reference only 9 rows have a label."},
		{"contradictory", check.Labelled{Reference: sum(0), Current: sum(200), Before: &check.Joined{Contradicted: 200}}, "all labels of the reference contradict each other (200 rows)"},
		{"unread", check.Labelled{Reference: sum(0), Current: sum(200), Before: &check.Joined{Unread: 5}}, "no label of the reference is a number"},
		{"enough", check.Labelled{Reference: sum(10), Current: sum(200)}, ""},
		{"nothing now", check.Labelled{Reference: sum(0), Current: sum(0)}, ""},
	} {
		out, err := Check{}.Evaluate(&check.Input{Schema: &schema.Schema{Task: schema.Binary}, Labelled: &one.l})
		if err != nil {
			t.Fatal(err)
		}
		said := ""
		for _, e := range out.Evidence {
			if e.Metric == check.UnlabelledReference && e.Unsure && e.Partly {
				said = e.Message
			}
		}
		if (said == "") != (one.message == "") || !strings.Contains(said, one.message) {
			t.Errorf("%s: %q", one.what, said)
		}
		for _, s := range out.Samples {
			if s.Metric == "accuracy" && s.NCurrent == 200 && s.Reason != "" {
				t.Errorf("%s: accuracy has no value: %s", one.what, s.Reason)
			}
		}
	}
}
