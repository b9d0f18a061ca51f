package monitor_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"leeway/core/report"
)

// moods are days on which each group of people and each region has a mood of its own:
// how often a group is predicted positive, and how often the model is wrong in a region
// and about a group, differ by sd (on the logit scale) from day to day. So many more of
// the group c are predicted positive.
type moods struct {
	sd   float64
	rows int
	more float64
}

func (m *moods) log(r *rand.Rand, start time.Time, days int) string {
	var b strings.Builder
	b.WriteString("id,ts,x,region,sex,prediction,label\n")
	expit := func(z float64) float64 { return 1 / (1 + math.Exp(-z)) }
	for d := range days {
		var positive, wrong, odd [4]float64
		for i := range positive {
			positive[i], wrong[i], odd[i] = m.sd*r.NormFloat64(), m.sd*r.NormFloat64(), m.sd*r.NormFloat64()
		}
		at := start.AddDate(0, 0, d)
		for i := range m.rows {
			sex, region := r.IntN(3), r.IntN(4)
			label := r.Float64() < expit(-0.4+positive[sex])
			prediction := label != (r.Float64() < expit(-1.8+wrong[region]+odd[sex]))
			if sex == 2 && r.Float64() < m.more/0.57 {
				prediction = true
			}
			fmt.Fprintf(&b, "o%d-%d,%s,%.3f,%s,%s,%s,%s\n", at.Unix(), i, at.Add(time.Duration(i)*30*time.Second).Format(time.RFC3339), r.NormFloat64(),
				[]string{"north", "south", "east", "west"}[region], []string{"a", "b", "c"}[sex], bit(prediction), bit(label))
		}
	}
	return b.String()
}

// heard counts the days of a course on which something was told of groups of people, of
// segments' performance and of slices, at a budget.
type heard struct{ days, people, segments, slices, others int }

func (w *world) heard(days []string, budget float64) (n heard) {
	for _, day := range days {
		r := w.newest(day)
		n.days++
		is := func(of func(*report.Finding) bool) int {
			if slices.ContainsFunc(r.Findings, func(f report.Finding) bool {
				return (f.Severity == report.SeverityAlert || f.Severity == report.SeverityWarn) && f.Q != nil && *f.Q <= budget && of(&f)
			}) {
				return 1
			}
			return 0
		}
		people := func(f *report.Finding) bool { return f.Check == "fairness" }
		segments := func(f *report.Finding) bool { return f.Check == "performance" && f.Labels.Segment != "" }
		slice := func(f *report.Finding) bool { return f.Metric == "slice_error_ratio" }
		n.people, n.segments, n.slices = n.people+is(people), n.segments+is(segments), n.slices+is(slice)
		n.others += is(func(f *report.Finding) bool { return !people(f) && !segments(f) && !slice(f) })
	}
	return n
}

func (n *heard) add(o heard) {
	n.days, n.people, n.segments, n.slices, n.others = n.days+o.days, n.people+o.people, n.segments+o.segments, n.slices+o.slices, n.others+o.others
}

// TestGroupsThatDiffer: where groups of people and segments differ from day to day by
// more than their rows explain, and did in the reference, days that differ as much are no
// news; that one group is predicted positive more often by ten points is, where days
// differ by little.
func TestGroupsThatDiffer(t *testing.T) {
	ofNumbers(t)
	runs, moody := 1, []float64{0.2}
	if n, err := strconv.Atoi(os.Getenv("LEEWAY_RUNS")); err == nil && n > 0 {
		runs, moody = n, []float64{0, 0.05, 0.1, 0.15, 0.2, 0.3}
	}
	for _, sd := range moody {
		var at5, at1, more5, more1 heard
		for seed := range runs {
			r := rand.New(rand.NewPCG(uint64(seed), 41))
			w := newWorld(t)
			w.put("config/m.yaml", "version: 1\ntask: binary\npositive: \"1\"\nsegments: [region]\ncolumns: {sex: {role: sensitive}}\npolicy: {false_alarms: 0.05}\n")
			usual, more := moods{sd: sd, rows: 2000}, moods{sd: sd, rows: 2000, more: 0.1}
			w.put("reference/m/r.csv", usual.log(r, monday.AddDate(0, 0, -28), 28))
			w.put("logs/m/a.csv", usual.log(r, monday, 20))
			w.put("logs/m/b.csv", more.log(r, monday.AddDate(0, 0, 20), 5))
			w.run()
			days, _ := w.course()
			if len(days) != 25 {
				t.Fatalf("%d days", len(days))
			}
			at5.add(w.heard(days[:20], 0.05))
			at1.add(w.heard(days[:20], 0.01))
			more5.add(w.heard(days[20:], 0.05))
			more1.add(w.heard(days[20:], 0.01))
		}
		t.Logf("sd %g: unchanged at 5%% %+v, at 1%% %+v; ten points more at 5%% %+v, at 1%% %+v", sd, at5, at1, more5, more1)
		for what, n := range map[string]int{"people": at5.people, "segments": at5.segments, "slices": at5.slices} {
			if n > 1+at5.days/20 {
				t.Errorf("sd %g: %s: alarms on %d of %d unchanged days", sd, what, n, at5.days)
			}
		}
		if sd <= 0.2 && more5.people == 0 {
			t.Errorf("sd %g: ten points more are told on none of %d days", sd, more5.days)
		}
	}
}

// TestMoodsInAnyOrder: how groups, segments and columns differ between windows is the same
// whatever files the rows of a reference are in, and in which order.
func TestMoodsInAnyOrder(t *testing.T) {
	usual := moods{sd: 0.3, rows: 300}
	lines := strings.SplitAfter(usual.log(rand.New(rand.NewPCG(5, 41)), monday, 10), "\n")
	header, lines := lines[0], lines[1:len(lines)-1]
	config := "version: 1\ntask: binary\npositive: \"1\"\nsegments: [region]\ncolumns: {sex: {role: sensitive}}\n"
	one, other := newWorld(t), newWorld(t)
	one.put("config/m.yaml", config)
	one.put("reference/m/r.csv", header+strings.Join(lines, ""))
	one.run()
	rand.New(rand.NewPCG(6, 41)).Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	other.put("config/m.yaml", config)
	other.put("reference/m/a.csv", header+strings.Join(lines[:1000], ""))
	other.put("reference/m/b.csv", header+strings.Join(lines[1000:], ""))
	other.run()
	known := one.baseline().Variation
	if diff := cmp.Diff(known, other.baseline().Variation); diff != "" {
		t.Error(diff)
	}
	for _, key := range []string{"fairness moves selection sex a", "fairness moves precision sex c", "performance.accuracy.region%3Dnorth", "performance.moves 3 region"} {
		if len(known[key]) != 10 {
			t.Errorf("%s: %d windows", key, len(known[key]))
		}
	}
}
