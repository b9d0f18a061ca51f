package report

import (
	"fmt"
	"strings"
	"testing"

	"leeway/core/report/plain"
)

// groupsTreated is how people of some groups are treated.
func groupsTreated() []Treated {
	level := func(x float64) *Level {
		return &Level{Value: &x, Interval: &[2]float64{x - 0.05, x + 0.05}, Rows: 300}
	}
	return []Treated{{
		Columns: []string{"race", "sex"}, Distinct: 4, Others: 3, Absent: 12,
		Metrics: []Measure{
			{Metric: "demographic_parity_difference", Reference: level(0.12), Current: level(0.25)},
			{Metric: "equal_opportunity_difference", Current: &Level{Reason: "fewer than two groups have labelled rows that came out positive"}},
		},
		Groups: []TreatedGroup{
			{Name: "African-American,Male", Reference: &Rated{Rows: 900, Selection: level(0.48)}, Current: &Rated{Rows: 700, Labelled: 20, Selection: level(0.55), TruePositive: level(0.61), FalsePositive: level(0.33), Precision: &Level{Reason: "none"}}},
			{Name: "Asian,Female", Reference: &Rated{Rows: 9, Selection: level(0.2)}},
			{Name: "Caucasian,Male", Reference: nil, Current: &Rated{Rows: 800, Selection: level(0.3)}},
		},
	}}
}

// TestFairness: groups, their rates and the gaps between them stand in every form
// of the report, and in none without sensitive columns.
func TestFairness(t *testing.T) {
	bare, r := fixture(), fixture()
	r.Fairness = groupsTreated()
	validate(t, r)
	for form, write := range map[string]func(*testing.T, *Report) string{
		"text":     func(t *testing.T, r *Report) string { return text(t, r, &TextOptions{Width: 120}) },
		"markdown": markdown, "html": render,
	} {
		got := strings.Join(strings.Fields(write(t, r)), " ")
		for _, want := range []string{"race,sex", "African-American,Male", "700", "48% → 55%", "61%", "33%", "Caucasian,Male", "3 rows of groups that are not told apart; 12 rows without a group", "demographic_parity_difference", "0.2 to 0.3", "fewer than two groups have labelled rows that came out posi"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s lacks %q", form, want)
			}
		}
		if strings.Contains(write(t, bare), "African-American") {
			t.Errorf("%s of a report without sensitive columns speaks of groups", form)
		}
	}
	why := "of several classes none is declared as the one to compare groups by: positive: CLASS in the configuration"
	none := *r
	none.Fairness = []Treated{{Columns: []string{"sex"}, Distinct: 1, Groups: []TreatedGroup{{Name: "f", Current: &Rated{Rows: 5}}}, Metrics: []Measure{
		{Metric: "demographic_parity_difference", Current: &Level{Reason: why}}, {Metric: "demographic_parity_ratio", Current: &Level{Reason: why}}}}}
	for form, got := range map[string]string{"text": text(t, &none, &TextOptions{Width: 80}), "markdown": markdown(t, &none), "html": render(t, &none)} {
		if got = strings.Join(strings.Fields(got), " "); strings.Count(strings.SplitN(got, "<script", 2)[0], why) != 1 {
			t.Errorf("%s does not say once why there are no metrics", form)
		}
	}
	for range 200 { // more than is shown
		g := r.Fairness[0].Groups[0]
		g.Name = fmt.Sprintf("group %d", len(r.Fairness[0].Groups))
		r.Fairness[0].Groups = append(r.Fairness[0].Groups, g)
	}
	if page := render(t, r); len(page) >= HTMLLimit || !strings.Contains(page, "162 smaller groups left out") {
		t.Errorf("a page of %d bytes", len(page))
	}
	for _, width := range []int{40, 60, 80, 120} {
		for line := range strings.SplitSeq(text(t, r, &TextOptions{Width: width}), "\n") {
			if plain.Width(line) > width {
				t.Errorf("width %d: %q", width, line)
			}
		}
	}
}
