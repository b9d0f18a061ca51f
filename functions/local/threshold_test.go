package main

import (
	"math"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/metric"
)

// TestThreshold: a configured threshold makes of scores what a column of
// predictions says, which scikit-learn's golden values hold (core/check/performance).
func TestThreshold(t *testing.T) {
	s := newScoring(t)
	without := func(name string) string {
		data, err := os.ReadFile(s.path(name))
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for line := range strings.Lines(string(data)) {
			cells := strings.Split(strings.TrimSpace(line), ",")
			b.WriteString(strings.Join(append(cells[:2:2], cells[3:]...), ",") + "\n")
		}
		path := s.path(name + "-without")
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	config := func(text string) string {
		path := s.path("config") + ".yaml"
		if err := os.WriteFile(path, []byte("task: binary\npositive: \"1\"\n"+text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	reference, current := without("reference"), without("labelled")
	plain := checked(t, "--config", config(""), "--reference", reference, "--current", current)
	got := checked(t, "--config", config("threshold: 0.6\n"), "--reference", reference, "--current", current)
	want := checked(t, "--config", config("threshold: 0.1\n"), "--reference", s.path("reference"), "--current", s.path("labelled"))
	for _, check := range []string{"performance", "confidence"} {
		if diff := cmp.Diff(sampled(want, check), sampled(got, check), cmp.Comparer(func(a, b metric.Sample) bool {
			// A regression over rows in the order of their hashes is the same but for rounding.
			return math.Abs(a.Value-b.Value) <= 1e-9*math.Abs(a.Value) && (a.Interval == nil) == (b.Interval == nil) && (a.Interval == nil || *a.Interval == *b.Interval)
		})); diff != "" {
			t.Errorf("%s by threshold is not that by predictions: %s", check, diff)
		}
	}
	if a, b := sampled(plain, "performance")["recall"].Value, sampled(got, "performance")["recall"].Value; !(a > b) {
		t.Errorf("recall at 0.5 is %v, at 0.6 %v", a, b)
	}
	if !strings.Contains(strings.Join(want.Notes, "\n"), "threshold has no effect: the column prediction says what was predicted") {
		t.Errorf("the note is missing: %q", want.Notes)
	}
}
