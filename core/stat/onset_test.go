package stat

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// rising is a change of slope a day from day onset on, for so many days.
func rising(onset int, slope float64, days int) func(day int) float64 {
	return func(day int) float64 { return slope * float64(min(max(day-onset+1, 0), days)) }
}

const always = math.MaxInt

// dated is what became of one series: whether the interval holds the onset, how
// long it is, and whether it says no more than that the onset lies before what is
// remembered.
type dated struct {
	inside, before bool
	width          int
}

// askLater finds a change of one series of 500 rows a day, and dates it so many
// days after the first alarm.
func askLater(t *testing.T, reference, excess float64, days []Step, onset int, later []int) (delay int, all []dated) {
	t.Helper()
	look := func(day int) (Creep, int) {
		first := max(0, day-CreepWindows-1) // and this one
		c, err := Slow(reference, excess, days[first:day])
		if err != nil {
			t.Fatal(err)
		}
		return c, first
	}
	alarm := max(onset, 3)
	for ; alarm <= len(days); alarm++ {
		if c, _ := look(alarm); c.Lasts && c.LogE >= alarmAt {
			break
		}
	}
	for _, after := range later {
		if alarm+after > len(days) {
			break
		}
		c, first := look(alarm + after)
		if c.Onset == nil {
			t.Fatalf("%d days after the alarm there is no onset: %+v", after, c)
		}
		o, truth := c.Onset, onset-first
		if o.From > max(o.At, 0) || max(o.At, 0) > o.To || !(o.Total > 0) {
			t.Fatalf("%+v", o)
		}
		all = append(all, dated{(o.From < 0 || o.From <= truth) && truth <= o.To, o.At < 0, o.To - o.From})
	}
	return alarm - 1 - onset, all
}

// TestCalibrationOnset: whatever the shape of a change and whenever it is asked
// for, when it is found or long after, the interval holds the onset as often as
// it says. It is bounded from above by its length: it must become short.
func TestCalibrationOnset(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	wave := 0.0
	differ := func(int) float64 { return 0.1 * r.NormFloat64() }
	weather := func(int) float64 { wave = 0.6*wave + 0.05*r.NormFloat64(); return wave }
	bad := func(int) float64 {
		if r.Float64() < 0.02 {
			return 3
		}
		return 0
	}
	later := []int{0, 5, 30, 80, 150}
	runs := years(32)
	pooled, asked := 0, 0
	for _, c := range []struct {
		name      string
		change    func(day int) float64
		onset     int
		reference float64
		excess    float64
		wobble    func(day int) float64
		width     int // the median of it 80 days after the alarm
	}{
		{"ramp", rising(20, 0.02, always), 20, 10000, 1, flat, 4},
		{"ramp, small reference", rising(20, 0.02, always), 20, 1500, 1, flat, 4},
		{"ramp, slow", rising(20, 0.005, always), 20, 10000, 1, flat, 16},
		{"ramp, late", rising(50, 0.02, always), 50, 10000, 1, flat, 4},
		{"ramp, days differ", rising(20, 0.02, always), 20, 10000, 1, differ, 9},
		{"ramp, weather", rising(20, 0.02, always), 20, 10000, 3, weather, 14},
		{"ramp, bad days", rising(20, 0.02, always), 20, 10000, 1, bad, 8},
		{"ramp for 15 days", rising(20, 0.02, 15), 20, 10000, 1, flat, 8},
		{"step", rising(20, 0.2, 1), 20, 10000, 1, flat, 3},
		{"step, days differ", rising(20, 0.3, 1), 20, 10000, 1, differ, 9},
		{"from the first day on", rising(0, 0.2, 1), 0, 10000, 1, flat, always},
	} {
		t.Run(c.name, func(t *testing.T) {
			inside := make([]int, len(later))
			var widths []int
			for range runs {
				wave = 0
				days := stretch(r, 250, 500, c.reference, c.change, c.wobble)
				_, all := askLater(t, c.reference, c.excess, days, c.onset, later)
				if len(all) < len(later) {
					t.Fatalf("not found, or only 100 days after the onset: %v", all)
				}
				for i, d := range all {
					if d.inside {
						inside[i]++
					}
				}
				widths = append(widths, all[3].width)
				if last := all[4]; !last.before && c.onset < 50 {
					t.Errorf("150 days after the alarm, of 129 that are remembered: %+v", last)
				}
			}
			slices.Sort(widths)
			t.Logf("in its interval in %v of %d, %v days after the alarm; median length %d", inside, runs, later, widths[runs/2])
			for i, in := range inside {
				pooled, asked = pooled+in, asked+runs
				if BinomialTail(int64(runs-in), int64(runs), 1-Confidence) < 1e-4 {
					t.Errorf("%d days after the alarm, %d of %d intervals of %g hold the onset", later[i], in, runs, Confidence)
				}
			}
			if widths[runs/2] > c.width {
				t.Errorf("80 days after the alarm, half of the intervals are longer than %d", widths[runs/2])
			}
		})
	}
	if BinomialTail(int64(asked-pooled), int64(asked), 1-Confidence) < 1e-3 {
		t.Errorf("%d of %d intervals of %g hold the onset", pooled, asked, Confidence)
	}
}

// TestSlowFinds a creep of 0.02 standard deviations a day at 500 rows a day
// while no single day shows it.
func TestSlowFinds(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	const onset, runs = 29, 60
	var delays []int
	for range runs {
		days := stretch(r, 90, 500, 10000, rising(onset, 0.02, always), flat)
		delay, all := askLater(t, 10000, 1, days, onset, []int{0})
		if len(all) == 1 {
			delays = append(delays, delay)
		}
	}
	slices.Sort(delays)
	t.Logf("found after %v days", delays)
	if len(delays) < runs || delays[0] < 1 || delays[runs*9/10] > 13 {
		t.Errorf("found in %d of %d series, after %v days", len(delays), runs, delays)
	}
}

// TestBeganAndEnded: how far a column has moved is counted from the level before
// the onset, which is not that of the reference's own error.
func TestBeganAndEnded(t *testing.T) {
	var days []Step
	for day := range 60 {
		days = append(days, Step{Mean: 0.05 + rising(30, 0.5, 1)(day), Rows: 1e4})
	}
	c, err := Slow(1e3, 1, days)
	if err != nil {
		t.Fatal(err)
	}
	if o := c.Onset; o == nil || o.At != 30 || o.From != 30 || o.To != 30 || math.Abs(o.Total-0.5) > 0.01 || !o.Step {
		t.Errorf("%+v", o)
	}
	for day := range days {
		days[day].Mean = rising(30, 0.02, always)(day)
	}
	if c, err = Slow(1e3, 1, days); err != nil || c.Onset == nil || c.Onset.Step {
		t.Errorf("a creep: %+v, %v", c.Onset, err)
	}
}
