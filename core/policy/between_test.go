package policy

import (
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/stat"
)

// TestCalibrationBetween: windows that differ by so many standard deviations of
// sampling, of the reference and now, alarm no more often than those that
// differ by sampling alone; judged as if they were independent rows they do so
// up to hundreds of times as often.
func TestCalibrationBetween(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	runs := 20000
	if os.Getenv("LEEWAY_CALIBRATE") != "" {
		runs = 1000000
	}
	for _, k := range []int{metric.FewestWindows, 12, 30, 60} {
		for _, sd := range []float64{1, 1.5, 3, 10} {
			for _, level := range []float64{0.01, 0.001} {
				t.Run(strconv.Itoa(k)+" windows, sd "+strconv.FormatFloat(sd, 'g', -1, 64), func(t *testing.T) {
					alarms := 0
					for range runs {
						past := make([]metric.Deviate, k)
						for i := range past {
							past[i] = metric.Deviate{Z: math.Abs(sd * r.NormFloat64()), N: 100}
						}
						e := check.Evidence{P: 2 * stat.NormalTail(math.Abs(sd*r.NormFloat64())), NReference: 1e9, NCurrent: 100}
						if s, _ := allowed(&e, past, 1, 1); s.P <= level {
							alarms++
						}
					}
					expected := level * float64(runs)
					if limit := 2*expected + 4*math.Sqrt(expected); float64(alarms) > limit {
						t.Errorf("%d alarms in %d windows at level %g", alarms, runs, level)
					}
				})
			}
		}
	}
}

// TestCalibrationMoods: what is not independent from window to window, or has
// heavier tails than the normal, alarms more often than it should; this says how
// much more. Deviates are 4 times those of sampling.
func TestCalibrationMoods(t *testing.T) {
	const level, days = 0.001, 20
	runs := 1500
	if os.Getenv("LEEWAY_CALIBRATE") != "" {
		runs = 100000
	}
	after := func(r *rand.Rand, rho float64) func() float64 {
		e := r.NormFloat64()
		return func() float64 {
			e = float64(rho*e) + float64(math.Sqrt(1-rho*rho)*r.NormFloat64())
			return e
		}
	}
	student := func(r *rand.Rand) func() float64 {
		return func() float64 { return r.NormFloat64() / math.Sqrt(r.ExpFloat64()) }
	}
	for _, c := range []struct {
		name    string
		windows int
		next    func(r *rand.Rand) func() float64
		most    float64 // of the windows that alarm
	}{
		{"autocorrelation 0.5", 30, func(r *rand.Rand) func() float64 { return after(r, 0.5) }, 0.002},
		{"autocorrelation 0.5", 64, func(r *rand.Rand) func() float64 { return after(r, 0.5) }, 0.002},
		{"autocorrelation 0.8", 30, func(r *rand.Rand) func() float64 { return after(r, 0.8) }, 0.01},
		{"autocorrelation 0.8", 64, func(r *rand.Rand) func() float64 { return after(r, 0.8) }, 0.005},
		{"Student's t, 2", 30, student, 0.03},
		{"Student's t, 2", 64, student, 0.015},
		{"Student's t, 4", 64, func(r *rand.Rand) func() float64 {
			return func() float64 { return r.NormFloat64() / math.Sqrt((r.ExpFloat64()+r.ExpFloat64())/2) }
		}, 0.012},
	} {
		r := rand.New(rand.NewPCG(5, uint64(c.windows)))
		alarms := 0
		for range runs {
			next := c.next(r)
			one := func() float64 { return 4*next() + r.NormFloat64() }
			z, level0 := make([]float64, c.windows), 0.0
			for i := range z {
				z[i] = one()
				level0 += z[i] / float64(c.windows)
			}
			past := make([]metric.Deviate, c.windows)
			own := math.Sqrt(1 - 1/float64(c.windows)) // a window is part of the whole
			for i := range z {
				past[i] = metric.Deviate{Z: math.Abs(z[i]-level0) / own, N: 100}
			}
			for range days {
				e := check.Evidence{P: 2 * stat.NormalTail(math.Abs(one()-level0)/math.Sqrt(1+1/float64(c.windows))), NReference: 1e9, NCurrent: 100}
				if s, _ := allowed(&e, past, 1, 1); s.P <= level {
					alarms++
				}
			}
		}
		share := float64(alarms) / float64(runs*days)
		t.Logf("%s, %d windows: %.2g of the windows alarm at level %g", c.name, c.windows, share, level)
		if share > c.most {
			t.Errorf("%s, %d windows: %.2g of the windows alarm at level %g", c.name, c.windows, share, level)
		}
	}
}

func TestSettled(t *testing.T) {
	of := func(k int, z float64) []metric.Deviate {
		past := make([]metric.Deviate, k)
		for i := range past {
			past[i] = metric.Deviate{Z: z, N: 100}
		}
		return past
	}
	e := check.Evidence{P: 1e-6, Value: 0.2, NoiseFloor: 0.02, Effect: 0.18, NReference: 1e9, NCurrent: 100}
	for name, past := range map[string][]metric.Deviate{"none": nil, "few": of(metric.LeastWindows-1, 9), "windows alike": of(20, 0.5)} {
		if s, scale := allowed(&e, past, 1, 1); s.P != e.P || s.Effect != e.Effect || s.NoiseFloor != e.NoiseFloor || !reflect.DeepEqual(scale, sampling) {
			t.Errorf("%s: %+v", name, s)
		}
	}
	s, n := allowed(&e, of(20, 3), 1, 1)
	if s.P < 0.01 || s.NoiseFloor < 0.05 || math.Abs(s.Effect-(0.2-s.NoiseFloor)) > 1e-12 || n.scale < 2 {
		t.Errorf("windows that differ: P %g, floor %g, effect %g", s.P, s.NoiseFloor, s.Effect)
	}
	// A bad week of the reference excuses nothing.
	if bad, _ := allowed(&e, append(of(20, 0.5), of(2, 30)...), 1, 1); bad.P != e.P {
		t.Errorf("a bad week: P %g", bad.P)
	}
	// A tenth of the rows shows a tenth of the excess.
	small := e
	small.NCurrent = 10
	if a, _ := allowed(&small, of(20, 3), 1, 1); a.P >= s.P {
		t.Errorf("P %g at ten rows, %g at a hundred", a.P, s.P)
	}
}

// TestWider: what is held against a reference of few windows scatters more.
func TestWider(t *testing.T) {
	past := make([]metric.Deviate, 30)
	for i := range past {
		past[i] = metric.Deviate{Z: 3, N: 100}
	}
	e := check.Evidence{P: 1e-12, NReference: 1e9, NCurrent: 100, Value: 1, NoiseFloor: 0.1}
	usual, as := allowed(&e, past, 1, 1)
	few, wide := allowed(&e, past, 1.5, 1)
	if few.P <= usual.P || few.NoiseFloor <= usual.NoiseFloor || math.Abs(wide.scale*wide.scale-1-1.5*(as.scale*as.scale-1)) > 1e-9 {
		t.Errorf("p %g after %g, scale %g after %g", few.P, usual.P, wide.scale, as.scale)
	}
}

// TestSettledShare: what windows scatter by is the noise about the share that the
// reference has, and not that share.
func TestSettledShare(t *testing.T) {
	past := make([]metric.Deviate, 30)
	for i := range past {
		past[i] = metric.Deviate{Z: 3, N: 100}
	}
	for _, c := range []struct{ value, floor, effect float64 }{{0.9, 0.52, 0.38}, {0.1, 0.48, 0.38}} {
		e := check.Evidence{P: 1e-12, NReference: 1e9, NCurrent: 100, Value: c.value, Base: 0.5, Bounds: &check.Bounds{High: 1}, NoiseFloor: c.floor, Effect: c.effect}
		s, n := allowed(&e, past, 1, 1)
		if noise := math.Abs(s.NoiseFloor - 0.5); math.Abs(noise-0.02*n.scale) > 1e-12 || math.Abs(s.Effect-(0.4-noise)) > 1e-12 {
			t.Errorf("%+v, scale %g", s, n.scale)
		}
	}
	// What windows scatter by reaches beyond what a share can be, whatever the
	// reference has: most often nothing. A distance without a bound has none.
	for i := range past {
		past[i].Z = 12
	}
	share := &check.Bounds{High: 1}
	for _, c := range []struct {
		base, floor float64
		bounds      *check.Bounds
		least, most float64
	}{{0.99, 0.92, share, 0, 0}, {0, 0.08, share, 1, 1}, {0.5, 0.58, share, 1, 1}, {0, 0.08, &check.Bounds{High: math.Inf(1)}, 1.1, 10}, {0, 0.08, nil, 1.1, 10}} {
		e := check.Evidence{P: 1e-12, NReference: 1e9, NCurrent: 100, Value: 1, Base: c.base, NoiseFloor: c.floor, Bounds: c.bounds}
		if s, n := allowed(&e, past, 1, 1); s.NoiseFloor < c.least || s.NoiseFloor > c.most || n.scale < 10 {
			t.Errorf("%+v: noise floor %g", c, s.NoiseFloor)
		}
	}
}

// TestFree: of windows that were held against what they have in common one is not
// free, unless something else is known; of three or four none is taken for quiet.
func TestFree(t *testing.T) {
	of := func(k int, z float64) []metric.Deviate {
		past := make([]metric.Deviate, k)
		for i := range past {
			past[i] = metric.Deviate{Z: z, N: 100}
		}
		return past
	}
	e := check.Evidence{P: 1e-6, NReference: 1e9, NCurrent: 100}
	for _, k := range []int{3, 5, 7, 20} {
		own, n := allowed(&e, of(k, 3), 1, 0)
		same, _ := allowed(&e, of(k, 3), 1, 1-1/float64(k))
		all, m := allowed(&e, of(k, 3), 1, 1)
		if own.P != same.P || own.P <= all.P || n.degrees >= m.degrees {
			t.Errorf("%d windows: P %g, %g and %g", k, own.P, same.P, all.P)
		}
		if still, _ := allowed(&e, of(k, 0.1), 1, 0); (still.P > 1e-3) != (k < 5) || still.P < e.P {
			t.Errorf("%d windows that do not differ: P %g", k, still.P)
		}
	}
}

// TestOneDirection: a test that looks for what got worse alone alarms no more often
// than it may where windows differ, to the better as well as to the worse; by its own
// p-values, which see half of how they differ, it would. What got better has no effect.
func TestOneDirection(t *testing.T) {
	const windows, runs, level = 30, 20000, 0.01
	r := rand.New(rand.NewPCG(5, 6))
	of := func(z float64) (worse, either float64) {
		either = stat.NormalTail(math.Abs(z)) * 2
		if worse = either / 2; z < 0 {
			worse = 1 - worse
		}
		return worse, either
	}
	told, half := 0, 0
	for range runs {
		var past, seen []metric.Deviate
		for range windows {
			worse, either := of(4 * r.NormFloat64())
			past = append(past, NewDeviate(&check.Evidence{P: either, NReference: 1e6, NCurrent: 100}))
			seen = append(seen, NewDeviate(&check.Evidence{P: worse, NReference: 1e6, NCurrent: 100}))
		}
		worse, either := of(4 * r.NormFloat64())
		e := check.Evidence{P: worse, Either: either, NReference: 1e6, NCurrent: 100}
		if s, _ := allowed(&e, past, 1, 1); s.P <= level {
			told++
		}
		e.Either = 0
		if s, _ := allowed(&e, seen, 1, 1); s.P <= level {
			half++
		}
	}
	if rate := float64(told) / runs; rate > 1.3*level || rate < 0.4*level {
		t.Errorf("%g of unchanged windows alarm, want about %g", rate, level)
	}
	if rate := float64(half) / runs; rate < 1.5*level {
		t.Errorf("by half of how windows differ %g alarm: the test is about nothing", rate)
	}
	e := check.Evidence{P: 1e-9, Either: 2e-9, NReference: 1e6, NCurrent: 100, Value: 7, Base: 2, Unit: 4, NoiseFloor: 3, Effect: 1}
	past := make([]metric.Deviate, windows)
	for i := range past {
		past[i] = metric.Deviate{Z: 2, N: 100}
	}
	s, n := allowed(&e, past, 1, 1)
	if want := (5 - n.scale) / 4; n.scale <= 1 || math.Abs(s.Effect-want) > 1e-12 || math.Abs(s.NoiseFloor-2-n.scale) > 1e-12 {
		t.Errorf("effect %g over %g, want %g; scale %g", s.Effect, s.NoiseFloor, want, n.scale)
	}
	e.Effect = 0
	if s, _ := allowed(&e, past, 1, 1); s.Effect != 0 {
		t.Errorf("what got better has the effect %g", s.Effect)
	}
}

// TestWorseCountsForMore: held against windows that differ, a model that is further
// from what it was has no larger p-value, though its test underflows or, its variance
// being estimated from stranger rows, grows less sure.
func TestWorseCountsForMore(t *testing.T) {
	windows := []metric.Deviate{{Z: 2.156, N: 2800}, {Z: 0.2253, N: 2800}, {Z: 0.9676, N: 2800}, {Z: 1.265, N: 2800}, {Z: 0.8243, N: 2800}}
	last := 1.0
	for _, one := range []struct{ value, p float64 }{{0.745, 2e-7}, {0.503, 1.1e-97}, {0.255, 4e-34}, {0.1, 0}} {
		e := check.Evidence{Check: "performance", Metric: "roc_auc", Value: one.value, Base: 0.816, Error: 0.009, P: one.p,
			Either: max(2*one.p, math.SmallestNonzeroFloat64), NReference: 16913, NCurrent: 2544, Effect: 0.816 - one.value, NoiseFloor: 0.809, Unit: 1}
		s, n := allowed(&e, windows, 1, 0)
		if n.scale <= 1 || !(s.P < last) {
			t.Errorf("at %g p is %g, after %g", one.value, s.P, last)
		}
		last = s.P
	}
	weak := check.Evidence{Value: 0.7, Base: 0.8, Error: 0.001, P: 0.02} // where there is little to see, the p-value holds
	if z := deviate(&weak, weak.P); z != stat.Deviate(weak.P) {
		t.Errorf("%g", z)
	}
}

// TestBeyondUnderflow: of windows whose p-values underflow the size of the change tells which
// are as usual and which are not, on both sides.
func TestBeyondUnderflow(t *testing.T) {
	far := func(far float64) *check.Evidence {
		return &check.Evidence{Check: "drift", Metric: "js_distance", Far: far, NReference: 1e6, NCurrent: 1e5}
	}
	var windows []metric.Deviate
	for i := range 30 {
		windows = append(windows, NewDeviate(far(float64(20+4*i)))) // up to 136
	}
	if windows[0].Z != stat.MostDeviate || windows[29].Z != 136 {
		t.Errorf("%+v", windows)
	}
	usual, _ := allowed(far(100), windows, 1, 0)
	off, _ := allowed(far(800), windows, 1, 0)
	if usual.P < 0.1 || off.P > 1e-6 {
		t.Errorf("p %g of a usual window, %g of one that is far off", usual.P, off.P)
	}
	past := map[string][]metric.Deviate{Key("drift", "js_distance", check.Evidence{}.Labels): {{Z: 37.05, N: 1e5}, {Z: 37.05, N: 1e5}, {Z: 38.2, N: 1e5}}}
	if !Clipped(past) {
		t.Error("windows at the end of what p-values tell")
	}
	key := Key("drift", "js_distance", check.Evidence{}.Labels)
	past[key] = slices.Repeat(past[key], 10)
	for _, clipped := range []bool{false, true} { // of a baseline of before a usual window is no news
		got := Judge([]check.Evidence{{Check: "drift", Metric: "js_distance", Value: 0.5, Effect: 0.4, Material: 0.1, Far: 800, NReference: 1e6, NCurrent: 1e5}}, &Options{Variation: past, Clipped: clipped})
		if (got.Verdict == report.Alert) == clipped {
			t.Errorf("clipped %v: %s", clipped, got.Verdict)
		}
	}
	told := check.Evidence{P: 1e-40, Far: 800, NReference: 1e6, NCurrent: 1e5} // p-values that do not underflow hold
	if z := NewDeviate(&told).Z; z != stat.Deviate(1e-40) {
		t.Errorf("%g", z)
	}
}
