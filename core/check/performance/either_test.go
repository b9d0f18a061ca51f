package performance

import (
	"math"
	"strings"
	"testing"

	"leeway/core/check/concept"
	"leeway/core/outcome"
	"leeway/core/schema"
)

// TestEither: where labels or the concept moved, it is said how many rows would tell which, of
// which side, and when no number of a window does.
func TestEither(t *testing.T) {
	c := &comparison{cur: &side{Summary: &outcome.Summary{Shape: &outcome.Shape{Task: schema.Binary}}}}
	for want, f := range map[string]concept.Finding{
		"It takes about 7,200 labelled rows.":                 {Needed: 7153, Bound: 20_000},
		"It takes about 12,000 labelled rows on each side.":   {Each: 11_001, Bound: 20_000},
		"more than are looked at of one window (4,096)":       {Needed: 7153, Bound: 4096},
		"more or less often.":                                 {Bound: 4096}, // nothing tells how many
		"positive cases went from 27% to 34%, and that there": {Each: 11_001},
	} {
		f.Verdict, f.Current, f.From, f.To, f.Mean = concept.LabelOrConcept, 5000, 0.27, 0.34, math.NaN()
		said := c.say(&f)
		if !strings.HasPrefix(said, "Either the labels moved or the concept did") || !strings.Contains(said, want) || f.Each+f.Needed == 0 && strings.Contains(said, "takes") {
			t.Errorf("%q lacks %q", said, want)
		}
	}
}

// TestExchanged: another model that came with drift is told before anything else, without drift where no column
// did after all, and where nothing tells of it that is said.
func TestExchanged(t *testing.T) {
	c := &comparison{cur: &side{Summary: &outcome.Summary{Shape: &outcome.Shape{Task: schema.Binary}}}}
	for verdict, want := range map[concept.Verdict][2]string{
		concept.DataAndPrediction:        {"Data and predictions moved: rows are other ones (most of all in `a`), and rows like those", "The predictions moved, and no column drifted: rows like those"},
		concept.DataPredictionAndConcept: {"Data, predictions and concept moved: rows are other ones (most of all in `a`)", "The predictions moved, and so did what comes true, and no column drifted"},
	} {
		f := &concept.Finding{Verdict: verdict, Data: concept.Part{Column: "a"}}
		if said, still := c.say(f), c.still(f); !strings.HasPrefix(said, want[0]) || !strings.HasPrefix(still, want[1]) || strings.Contains(said, "cannot be told") || !strings.Contains(said, served) {
			t.Errorf("%s: %q; %q", verdict, said, still)
		}
	}
	for verdict, doubtful := range map[concept.Verdict]bool{concept.Data: true, concept.None: false, concept.Prediction: false} {
		if said := c.say(&concept.Finding{Verdict: verdict, Prediction: concept.Part{P: 1e-9}}); strings.Contains(said, "somewhat other scores") != doubtful {
			t.Errorf("%s: %q", verdict, said)
		}
	}
	if said := c.say(&concept.Finding{Verdict: concept.Data, Prediction: concept.Part{P: math.NaN()}}); strings.Contains(said, "somewhat") {
		t.Errorf("%q", said)
	}
	if said := c.say(&concept.Finding{Verdict: concept.Data, Apart: true}); !strings.HasSuffix(said, "too few of them are like rows of the reference.") {
		t.Errorf("%q", said)
	}
}
