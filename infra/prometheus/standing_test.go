package prometheus_test

import (
	"regexp"
	"slices"
	"testing"

	"leeway/core/metric"
	"leeway/infra/prometheus"
)

// TestStandingSeriesAreAllThere: the table of standing series and what a scrape
// gets do not come apart.
func TestStandingSeriesAreAllThere(t *testing.T) {
	var want []string
	for _, s := range metric.StandingSeries {
		if !s.Pushed {
			want = append(want, s.Name+" "+s.Kind)
		}
	}
	catalogued := map[string]bool{}
	for i := range catalogue {
		catalogued[catalogue[i].FullName()] = true
	}
	var got []string
	for _, family := range regexp.MustCompile(`(?m)^# TYPE (\S+) (\S+)$`).FindAllStringSubmatch(write(t, prometheus.Text), -1) {
		if !catalogued[family[1]] {
			got = append(got, family[1]+" "+family[2])
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("a scrape has\n%q\nthe table has\n%q", got, want)
	}
}
