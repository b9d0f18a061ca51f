package compare

import (
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"leeway/core/report"
	"leeway/core/stat"
)

// TestAlwaysSelective: where labels always come for the same kinds of rows, a model that gets
// worse is an alert, and one that does not is none. Where they come for others than
// they did, nothing alarms, and it is not known whether the model is as good as it was. LEEWAY_RUNS makes
// the table in docs/bucket.md.
func TestAlwaysSelective(t *testing.T) {
	n, rows := 2, 2000
	if s, err := strconv.Atoi(os.Getenv("LEEWAY_RUNS")); err == nil {
		n = s
	}
	if testing.Short() {
		n = 1
	}
	approved := func(a *applicant, _ bool) float64 { return map[bool]float64{true: 1}[a.score > 0.4] }
	late := func(a *applicant, _ bool) float64 { return map[bool]float64{true: 0.6}[a.score > 0.4] }
	easy := func(a *applicant, _ bool) float64 { return 0.2 + 0.75*math.Abs(2*a.score-1) }
	column := func(a *applicant, _ bool) float64 { return map[bool]float64{true: 0.9, false: 0.3}[a.x[1] > 0] }
	random := func(*applicant, bool) float64 { return 0.6 }
	for i, c := range []struct {
		name        string
		before, now func(a *applicant, is bool) float64
		grouped     bool
		alike       bool
	}{
		{"approved ones", approved, approved, false, true},
		{"approved ones, by groups", approved, approved, true, true},
		{"approved ones, late", approved, late, false, true},
		{"easy ones", easy, easy, false, true},
		{"by a column", column, column, true, true},
		{"approved ones, once all", every, approved, false, false},
		{"approved ones, once any", random, approved, true, false},
		{"easy ones, once approved ones", approved, easy, false, false},
		{"by a column, once easy ones", easy, column, true, false},
	} {
		wrong, unknown, found, silent := 0, 0, 0, 0
		for seed := range n {
			draw := func(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(uint64(seed), 100*uint64(i)+stream)) }
			before := beforehand(t, applicants(draw(0), rows, still, c.before), c.grouped)
			now := before.compare(t, applicants(draw(1), rows, still, c.now))
			if alarms(now) {
				wrong++
				t.Logf("%s, seed %d: %s %s", c.name, seed, strings.Join(alarmIDs(now), ", "), now.Summary)
			}
			if now.Checks["performance"].Verdict == report.Unknown {
				unknown++
			}
			now = before.compare(t, applicants(draw(2), rows, fallen, c.now))
			switch {
			case measuredWorse(now):
				found++
			case !alarms(now) && now.Checks["performance"].Verdict != report.Unknown:
				silent++
			}
		}
		t.Logf("%s: of %d unchanged %d alarm, %d are not known; ten points worse: %d alarm by what is measured, %d are silent", c.name, n, wrong, unknown, found, silent)
		if stat.BinomialTail(int64(wrong), int64(n), 0.01) < 1e-3 {
			t.Errorf("%s: %d of %d alarm", c.name, wrong, n)
		}
		switch {
		case !c.alike && silent > n/50:
			t.Errorf("%s: of %d that got worse %d are silently well", c.name, n, silent)
		case c.alike && (stat.BinomialTail(int64(unknown), int64(n), 0.03) < 1e-3 || stat.BinomialTail(int64(n-found), int64(n), 0.08) < 1e-2):
			t.Errorf("%s: of %d %d are not known, and %d that got worse found", c.name, n, unknown, found)
		case !c.alike && (n-unknown > n/50 || found > 0):
			t.Errorf("%s: of %d %d are not known, and %d that got worse are measured to have", c.name, n, unknown, found)
		}
	}
}

// measuredWorse tells whether a metric of labelled rows is an alert.
func measuredWorse(r *report.Report) bool {
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Check == "performance" && f.Severity == report.SeverityAlert && f.Metric != "concept_shift" && f.Metric != "label_shift" {
			return true
		}
	}
	return false
}
