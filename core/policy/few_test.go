package policy

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/stat"
)

// reference is what the windows of a reference said of so many columns: windows
// differ by so many standard deviations of sampling.
func reference(r *rand.Rand, columns, k int, sd float64) map[string][]metric.Deviate {
	all := map[string][]metric.Deviate{}
	for column := range columns {
		z, mean := make([]float64, k), 0.0
		for i := range z {
			z[i] = sd * r.NormFloat64()
			mean += z[i] / float64(k)
		}
		key := Key("drift", "js_distance", metric.Labels{Column: fmt.Sprint("c", column)})
		for _, x := range z {
			all[key] = append(all[key], metric.Deviate{Z: math.Abs(x-mean) / math.Sqrt(1-1/float64(k)), N: 100})
		}
	}
	return all
}

func now(r *rand.Rand, columns int, sd, shift float64) []check.Evidence {
	var all []check.Evidence
	for column := range columns {
		e := tested(fmt.Sprint("c", column), 2*stat.NormalTail(math.Abs(shift+sd*r.NormFloat64())), 0.2)
		e.NReference, e.NCurrent = 1e9, 100
		all = append(all, e)
	}
	return all
}

// TestFewWindows: where few windows differ, ones that differ as much are no alarm;
// where they do not, as much is seen as if nothing were known of windows.
func TestFewWindows(t *testing.T) {
	const columns, runs = 8, 2000
	for _, k := range []int{metric.LeastWindows, 5, metric.FewestWindows - 1} {
		r := rand.New(rand.NewPCG(uint64(k), 1))
		alarms := func(sd, shift float64) (n int) {
			for range runs {
				if j := Judge(now(r, columns, sd, shift), &Options{Variation: reference(r, columns, k, sd)}); j.Verdict == report.Alert {
					n++
				}
			}
			return n
		}
		for _, sd := range []float64{2, 4, 10} { // by sampling alone half of them alarm, and all
			if n := alarms(sd, 0); n > runs*6/100 {
				t.Errorf("%d windows, sd %g: %d of %d alarm", k, sd, n, runs)
			}
		}
		if n := alarms(1, 0); n > runs*15/1000 {
			t.Errorf("%d windows of independent rows: %d of %d alarm", k, n, runs)
		}
		if n := alarms(1, 4); n < runs*9/10*9/10 { // all but a tenth are seen, in all but the tenth of references that seem to differ
			t.Errorf("%d windows of independent rows: %d of %d changes seen", k, n, runs)
		}
	}
}

// TestFewHide: that few windows differ too much to tell is unknown, and said so.
func TestFewHide(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	evidence := now(r, 3, 0, 0)
	for i := range evidence {
		evidence[i].Detectable = func(level float64) float64 { return 0.02 * stat.DetectableLevel(level) }
	}
	j := Judge(evidence, &Options{Variation: reference(r, 3, 5, 6)})
	if j.Verdict != report.Unknown || !strings.HasPrefix(j.Summary, "The reference's 5 windows differ by more than their rows explain") || !strings.Contains(j.Summary, "8 at the least") {
		t.Errorf("%s: %s", j.Verdict, j.Summary)
	}
	for name, windows := range map[string]map[string][]metric.Deviate{"alike": reference(r, 3, 5, 0.5), "enough": reference(r, 3, 20, 6), "none": nil} {
		if j := Judge(evidence, &Options{Variation: windows, Hides: "Days differ."}); j.Verdict != report.OK || strings.HasSuffix(j.Summary, " Days differ.") != (name == "enough") {
			t.Errorf("%s: %s: %s", name, j.Verdict, j.Summary)
		}
	}
	const many = " The reference's 20 windows differ by more than their rows explain, which hides smaller changes: of `c0` and 2 more only ones "
	if j := Judge(evidence, &Options{Variation: reference(r, 3, 20, 6)}); j.Verdict != report.OK || !strings.Contains(j.Summary, many) {
		t.Errorf("no season is known: %s: %s", j.Verdict, j.Summary)
	}
}

// TestCalibrationFew: how often windows alarm (warnings too) of which nothing
// changed, where those of a reference of few windows differ by twice or four times
// what sampling explains, at a budget of 1%. docs/design.md has these shares; those
// with one column are of references that seem alike.
func TestCalibrationFew(t *testing.T) {
	runs := 500
	if os.Getenv("LEEWAY_CALIBRATE") != "" {
		runs = 8000
	}
	for _, c := range []struct {
		columns, windows int
		twice, fourfold  float64
	}{
		{1, 3, 0.0848, 0.0699}, {1, 4, 0.0645, 0.0286}, {1, 5, 0.0525, 0.0136}, {1, 6, 0.0388, 0.006}, {1, 7, 0.0267, 0.0044},
		{8, 3, 0.011, 0}, {8, 4, 0.0018, 0}, {8, 5, 0.0177, 0.0088}, {8, 6, 0.0179, 0.0073}, {8, 7, 0.0126, 0.0049},
		{30, 3, 0, 0}, {30, 4, 0, 0}, {30, 5, 0.0351, 0.0212}, {30, 6, 0.0346, 0.0126}, {30, 7, 0.0243, 0.0086},
	} {
		for sd, share := range map[float64]float64{2: c.twice, 4: c.fourfold} {
			r := rand.New(rand.NewPCG(uint64(c.windows), uint64(c.columns)))
			alarms := 0
			for range runs {
				j := Judge(now(r, c.columns, sd, 0), &Options{Variation: reference(r, c.columns, c.windows, sd)})
				if j.Verdict == report.Alert || j.Verdict == report.Warn {
					alarms++
				}
			}
			got := float64(alarms) / float64(runs)
			t.Logf("%d columns, %d windows, sd %g: %.2f%% alarm", c.columns, c.windows, sd, 100*got)
			if off := 4*math.Sqrt(share*(1-share)/float64(runs)) + 2/float64(runs); math.Abs(got-share) > off {
				t.Errorf("%d columns, %d windows, sd %g: %.2f%% alarm, not %g%%", c.columns, c.windows, sd, 100*got, 100*share)
			}
		}
	}
}
