package report

import (
	"fmt"
	"strings"
	"testing"

	"leeway/core/report/plain"
)

// compatible is the word of another tool on four columns.
func compatible() *Compat {
	yes, no, share := true, false, 0.25
	return &Compat{
		Tool: "evidently", Version: "0.7.23", Columns: 4, Drifted: 1, Undecided: 1, Share: &share, DriftShare: 0.5,
		Scores: []CompatColumn{
			{Column: "lead_time", Type: "num", Method: "wasserstein", Title: "Wasserstein distance (normed)", Score: number(0.5219), Threshold: number(0.1), Drifted: &yes},
			{Column: "meal", Type: "cat", Method: "jensenshannon", Title: "Jensen-Shannon distance", Score: number(0.0821), Threshold: number(0.1), Drifted: &no},
			{Column: "comment", Type: "text", Method: "abs_text_content_drift", Title: "Absolute text content drift", Threshold: number(0.55), Reason: "not reproduced: Evidently trains a text classifier here"},
			{Column: "score", Type: "num", Method: "ks", Title: "K-S p_value", Score: number(1e-12), Threshold: number(0.05), Drifted: &no},
		},
		Skipped: []CompatColumn{{Column: "timestamp", Type: "datetime", Reason: "Evidently compares no column of this type"}},
	}
}

// TestCompat: what another tool would say stands in every form of the report,
// and changes nothing else in it.
func TestCompat(t *testing.T) {
	bare, r := fixture(), fixture()
	r.Compat = compatible()
	validate(t, r)
	for form, render := range map[string]func(*testing.T, *Report) string{
		"text":     func(t *testing.T, r *Report) string { return text(t, r, &TextOptions{Width: 100}) },
		"markdown": markdown, "html": render,
	} {
		got := strings.Join(strings.Fields(render(t, r)), " ") // wherever lines are broken
		for _, want := range []string{"Evidently 0.7.23 would say", "1 of 4 columns drifted (25%; it takes 50%)", "1 not reproduced", "0.5219", "drifted", "Jensen-Shannon distance"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s lacks %q", form, want)
			}
		}
		if strings.Contains(render(t, bare), "would say") {
			t.Errorf("%s of a report without it speaks of another tool", form)
		}
	}
	for _, width := range []int{40, 60, 80, 120} {
		for line := range strings.SplitSeq(text(t, r, &TextOptions{Width: width}), "\n") {
			if plain.Width(line) > width {
				t.Errorf("width %d: %q", width, line)
			}
		}
	}
}

// TestCompatVerdicts: the table's verdict is told, or that it cannot be.
func TestCompatVerdicts(t *testing.T) {
	yes, no := true, false
	for want, change := range map[string]func(*Compat){
		"dataset drift: 1":  func(c *Compat) { c.Dataset = &yes },
		"no dataset drift:": func(c *Compat) { c.Dataset = &no },
		"dataset drift hangs on the columns that are not reproduced": func(c *Compat) {},
		"nothing: it compares none of these columns":                 func(c *Compat) { c.Share = nil },
	} {
		c := compatible()
		change(c)
		if got := c.summary(); !strings.HasPrefix(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestCompatWide: thousands of columns fit where they have to.
func TestCompatWide(t *testing.T) {
	r := wideReport(300, feature)
	r.Compat = compatible()
	for i := range 3000 {
		s := r.Compat.Scores[i%4]
		s.Column = fmt.Sprint("column_with_a_long_name_", i)
		r.Compat.Scores = append(r.Compat.Scores, s)
	}
	if n := len(render(t, r)); n >= HTMLLimit {
		t.Errorf("HTML has %d bytes", n)
	}
	if n := len(markdown(t, r)); n > 65_536 {
		t.Errorf("Markdown has %d bytes", n)
	}
}
